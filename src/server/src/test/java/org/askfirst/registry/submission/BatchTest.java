package org.askfirst.registry.submission;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Wire;
import org.junit.jupiter.api.Test;

/** A batch answers each line, in order, whatever the order in which a client sends and reads. */
@QuarkusTest
class BatchTest extends RegistryTest {
    private static final String LINES = "application/x-ndjson";
    private static final java.util.regex.Pattern POSITION = java.util.regex.Pattern.compile("\"position\":(\\d+)");

    @Inject
    LedgerStore ledger;

    private static String line(String subject) {
        return reserved("ai-training").of(subject).toString();
    }

    private static List<io.restassured.path.json.JsonPath> send(Party party, String body) {
        Response response = party.asks().contentType(LINES).body(body).post("/v1/declarations/batch");
        assertEquals(200, response.statusCode());
        return response.asString()
                .lines()
                .map(io.restassured.path.json.JsonPath::from)
                .toList();
    }

    private static long position(String answer) {
        java.util.regex.Matcher position = POSITION.matcher(answer);
        assertTrue(position.find(), answer);
        return Long.parseLong(position.group(1));
    }

    @Test
    void linesAreAnsweredInOrder() {
        String one = Names.url();
        String two = Names.url();
        var answers = send(
                Party.open(),
                String.join(
                        "\n",
                        line(one),
                        "",
                        line("isbn:9788936434121"),
                        "not json",
                        " \t ",
                        Bodies.text(Map.of("subjects", List.of(two), "stanses", Map.of())),
                        "[]",
                        line(one),
                        line(two)));
        assertEquals(
                List.of(1, 3, 4, 6, 7, 8, 9),
                answers.stream().map(answer -> answer.getInt("line")).toList());
        assertNotNull(answers.get(0).getString("id"));
        assertTrue(answers.get(1).getString("problem.type").endsWith("malformed-subject"));
        assertEquals("#/subjects/0", answers.get(1).getString("problem.errors[0].pointer"));
        assertEquals("wrong-check-digit", answers.get(1).getString("problem.errors[0].reason"));
        assertEquals("isbn:9788936434120", answers.get(1).getString("problem.errors[0].suggestion"));
        assertTrue(answers.get(2).getString("problem.type").endsWith("malformed-json"));
        assertEquals("syntax-error", answers.get(2).getString("problem.errors[0].reason"));
        assertTrue(answers.get(2).getString("problem.detail").contains(" at line 4, column "));
        assertEquals("#/stanses", answers.get(3).getString("problem.errors[0].pointer"));
        assertTrue(answers.get(4).getString("problem.type").endsWith("invalid-request"));
        assertEquals(answers.get(0).getString("id"), answers.get(5).getString("id"));
        assertTrue(answers.get(5).getBoolean("alreadyDeclared"));
        assertNotNull(answers.get(6).getString("id"));
    }

    @Test
    void linesMayHaveAByteOrderMarkAndCrLf() {
        var answers = send(Party.open(), "\ufeff" + line(Names.url()) + "\r\n\r\n" + line(Names.url()) + "\r\n");
        assertEquals(
                List.of(1, 3),
                answers.stream().map(answer -> answer.getInt("line")).toList());
        assertTrue(answers.stream().allMatch(answer -> answer.getString("id") != null));
    }

    @Test
    void anEmptyBatchIsAnEmptyAnswer() {
        assertEquals(List.of(), send(Party.open(), "\n\n"));
    }

    @Test
    void aLineTooLongIsRefusedAndTheNextIsRead() {
        String tooLong = Bodies.object("subjects", List.of("x".repeat(1 << 16))).toString();
        var answers = send(Party.open(), tooLong + "\n" + line(Names.url()));
        assertTrue(answers.get(0).getString("problem.type").endsWith("too-large"));
        assertNotNull(answers.get(1).getString("id"));
    }

    @Test
    void aBatchSentAgainIsAnsweredWithTheFirstIds() {
        Party party = Party.open();
        String body =
                Bodies.lines(List.of(line(Names.url()), reserved("ai-training").ofWork(Map.of("title", Names.host()))));
        var first = send(party, body);
        var again = send(party, body);
        for (int i = 0; i < 2; i++) {
            assertEquals(first.get(i).getString("id"), again.get(i).getString("id"));
            assertEquals(first.get(i).getLong("position"), again.get(i).getLong("position"));
            assertTrue(again.get(i).getBoolean("alreadyDeclared"));
        }
    }

    @Test
    void anInvalidKeyIsRefusedBeforeTheFirstLine() {
        given().contentType(LINES)
                .body(line(Names.url()))
                .post("/v1/declarations/batch")
                .then()
                .statusCode(401);
        given().header("Authorization", "Bearer afk_" + "0".repeat(52))
                .contentType(LINES)
                .body(line(Names.url()))
                .post("/v1/declarations/batch")
                .then()
                .statusCode(401)
                .body("type", containsString("unauthenticated"));
        Party.open()
                .asks()
                .contentType("application/json")
                .body(line(Names.url()))
                .post("/v1/declarations/batch")
                .then()
                .statusCode(415);
    }

    @Test
    void aClientMaySendALineAndReadItsAnswerBeforeTheNext() throws IOException {
        Party party = Party.open();
        try (Wire wire = new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key())) {
            long position = 0;
            for (int i = 1; i <= 20; i++) {
                wire.send(line(Names.url()) + "\n");
                var answer = io.restassured.path.json.JsonPath.from(Objects.requireNonNull(wire.line()));
                assertEquals(i, answer.getInt("line"));
                assertTrue(answer.getLong("position") > position);
                position = answer.getLong("position");
                assertTrue(ledger.head().position() >= position, "answered, but not recorded");
            }
            wire.end();
            assertEquals(List.of(), wire.lines());
        } catch (java.sql.SQLException failure) {
            throw new IOException(failure);
        }
    }

    @Test
    void aLineInPiecesIsOneLine() throws IOException {
        Party party = Party.open();
        try (Wire wire = new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key())) {
            for (char c : (line(Names.url()) + "\n" + line(Names.url())).toCharArray()) {
                wire.send(String.valueOf(c));
            }
            wire.end();
            assertEquals(2, wire.lines().size());
        }
    }

    @Test
    void twentyThousandLinesFromAClientThatReadsOnlyOnceAllIsSent() throws IOException {
        Party party = Party.open();
        int lines = 20_000;
        Set<Long> positions = new HashSet<>();
        try (Wire wire = new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key())) {
            StringBuilder block = new StringBuilder();
            for (int i = 1; i <= lines; i++) {
                block.append(i % 1000 == 0 ? "{}" : line(Names.file())).append('\n');
                if (i % 500 == 0) {
                    wire.send(block.toString());
                    block.setLength(0);
                }
            }
            wire.end();
            assertEquals(200, wire.status());
            int number = 0;
            for (String answer : wire.lines()) {
                number++;
                assertTrue(answer.startsWith("{\"line\":" + number + ","), answer);
                assertEquals(number % 1000 == 0, answer.contains("\"problem\""), answer);
                if (!answer.contains("\"problem\"")) {
                    positions.add(position(answer));
                }
            }
            assertEquals(lines, number);
        }
        assertEquals(lines - lines / 1000, positions.size());
    }

    @Test
    void aBatchAsLargeAsAFewHundredMegabytesDoesNotStayInMemory() throws IOException {
        // Refused lines need no commit, so the test is fast. If the lines stayed in memory, they would exceed the heap.
        Party party = Party.open();
        String line = Bodies.object("subjects", List.of("x".repeat(60_000))) + "\n";
        int lines = 4_000;
        try (Wire wire = new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key())) {
            for (int i = 0; i < lines; i++) {
                wire.send(line);
            }
            wire.end();
            int answers = 0;
            for (String answer = wire.line(); answer != null; answer = wire.line()) {
                assertFalse(answer.contains("internal-error"), answer);
                answers++;
            }
            assertEquals(lines, answers);
        }
    }

    @Test
    void completeLinesOfADisconnectedClientAreRecorded() throws IOException {
        Party party = Party.open();
        String last = Names.url();
        try (Wire wire = new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key())) {
            for (int i = 0; i < 50; i++) {
                wire.send(line(Names.url()) + "\n");
            }
            wire.send(line(last) + "\n{\"subjects\":[");
            for (int i = 0; i < 51; i++) {
                assertNotNull(wire.line());
            }
        }
        party.asks()
                .get("/v1/parties/me/declarations")
                .then()
                .body("declarations.size()", equalTo(51))
                .body("declarations[50].subjects", equalTo(List.of(last)));
        assertEquals(1, send(party, line(Names.url())).size(), "and the service lives");
    }

    @Test
    void manyBatchesAtOnceKeepTheirOwnOrder() throws Exception {
        List<Wire> wires = new ArrayList<>();
        try {
            for (int w = 0; w < 6; w++) {
                Party party = Party.open();
                wires.add(new Wire("POST", "/v1/declarations/batch", LINES, "Authorization: Bearer " + party.key()));
            }
            for (int i = 0; i < 200; i++) {
                for (Wire wire : wires) {
                    wire.send(line(Names.file()) + "\n");
                }
            }
            for (Wire wire : wires) {
                wire.end();
            }
            for (Wire wire : wires) {
                long before = 0;
                int number = 0;
                for (String answer : wire.lines()) {
                    long position = position(answer);
                    assertTrue(position > before);
                    before = position;
                    number++;
                }
                assertEquals(200, number);
            }
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
    }
}
