package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;

/** Dry runs, batches that amend and withdraw, and the statuses of many declarations. */
@QuarkusTest
class BulkTest extends RegistryTest {
    private static final String BATCH = "/v1/declarations/batch";
    private static final String STATUSES = "/v1/declarations/statuses";

    private static Draft draft() {
        return reserved("ai-training").of(Names.url());
    }

    private static ValidatableResponse rehearsing(Party party, Object draft) {
        return party.says(draft)
                .queryParam("dryRun", true)
                .post("/v1/declarations")
                .then();
    }

    private static String slug(JsonNode line) {
        return line.at("/problem/type").asText().replaceFirst(".*/", "");
    }

    private static int declaredBy(Party party) {
        return party.asks()
                .get("/v1/parties/me/declarations")
                .jsonPath()
                .getList("declarations")
                .size();
    }

    private static ValidatableResponse asking(Object ids) {
        return given().contentType("application/json")
                .body(Bodies.object("declarations", ids).toString())
                .post(STATUSES)
                .then();
    }

    @Test
    void aDryRunAnswersAsTheDeclarationWouldAndRecordsNothing() {
        Party party = Party.open();
        Draft draft = draft().member("reference", "one");
        int position = Registry.underTest().position();
        rehearsing(party, draft)
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("alreadyDeclared", nullValue())
                .body("status", equalTo("in-force"))
                .body("party", equalTo(party.id()))
                .body("subjects", hasSize(1))
                .body("reference", equalTo("one"))
                .body("id", nullValue())
                .body("position", nullValue())
                .body("receipt", nullValue())
                .header("Location", nullValue());
        rehearsing(party, reserved("ai-training").ofWork(Map.of("title", "봄의 끝")))
                .statusCode(200)
                .body("subjects", hasSize(0))
                .body("work.title", equalTo("봄의 끝"));
        rehearsing(party, reserved("ai-training").of("domain:" + Names.domain()))
                .statusCode(200)
                .body("pending", hasSize(1));
        assertEquals(position, Registry.underTest().position());
        assertEquals(0, declaredBy(party));
        String id = party.declaring(draft).statusCode(201).extract().path("id");
        rehearsing(
                        party,
                        reserved("ai-training")
                                .of(draft.toString().replaceFirst("(?s).*\"(url:[^\"]+)\".*", "$1"))
                                .member("reference", "two"))
                .statusCode(200)
                .body("alreadyDeclared", equalTo(true));
        party.asks().get("/v1/declarations/" + id).then().body("reference", equalTo("one"));
    }

    @Test
    void aDryRunIsRefusedAsTheDeclarationWouldBe() {
        Party party = Party.open();
        rehearsing(party, reserved("ai-training").of("isbn:9788936434121"))
                .statusCode(422)
                .body("type", endsWith("malformed-subject"));
        rehearsing(party, permittedWithTerms("ai-training").of(Names.url()))
                .statusCode(422)
                .body("errors[0].reason", equalTo("no-contact"));
        rehearsing(party, draft().member("mandate", "m_01jd8v5a7b9c1d3e5f7g9h1j3k"))
                .statusCode(422)
                .body("errors[0].reason", equalTo("unknown-mandate"));
        given().queryParam("dryRun", true)
                .contentType("application/json")
                .body(draft().toString())
                .post("/v1/declarations")
                .then()
                .statusCode(401);
        party.says(draft())
                .queryParam("dryRun", "yes")
                .post("/v1/declarations")
                .then()
                .statusCode(422);
        party.closes();
        rehearsing(party, draft()).statusCode(403);
    }

    @Test
    void aDryRunDoesNotUseUpAnIdempotencyKey() {
        Party party = Party.open();
        Draft draft = draft();
        party.says(draft)
                .queryParam("dryRun", true)
                .header("Idempotency-Key", "k")
                .post("/v1/declarations")
                .then()
                .statusCode(200);
        party.says(draft)
                .header("Idempotency-Key", "k")
                .post("/v1/declarations")
                .then()
                .statusCode(201);
        party.says(draft())
                .queryParam("dryRun", true)
                .header("Idempotency-Key", "k")
                .post("/v1/declarations")
                .then()
                .statusCode(422)
                .body("type", endsWith("idempotency-key-reused"));
    }

    @Test
    void aDryBatchRecordsNothing() {
        Party party = Party.open();
        Draft known = draft();
        String id = party.declares(known).id();
        List<JsonNode> answers = Answers.lines(party.asks()
                .queryParam("dryRun", true)
                .contentType("application/x-ndjson")
                .body(Bodies.lines(List.of(
                        draft(),
                        known,
                        Map.of("amend", id, "stances", Map.of("ai-input", "reserved")),
                        Map.of("withdraw", id),
                        Map.of("withdraw", "d_01jd8v4n2c7e5g9j1k3m6p8r0t"),
                        Map.of("stances", Map.of()))))
                .post(BATCH)
                .then()
                .statusCode(200));
        assertEquals("{\"line\":1,\"dryRun\":true}", answers.get(0).toString());
        assertEquals(
                "{\"line\":2,\"alreadyDeclared\":true,\"dryRun\":true}",
                answers.get(1).toString());
        assertEquals("{\"line\":3,\"dryRun\":true}", answers.get(2).toString());
        assertEquals("{\"line\":4,\"dryRun\":true}", answers.get(3).toString());
        assertEquals("not-found", slug(answers.get(4)));
        assertEquals("invalid-request", slug(answers.get(5)));
        assertEquals(1, declaredBy(party));
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(1));
    }

    @Test
    void oneBatchDeclaresAmendsAndWithdraws() {
        Party party = Party.open();
        String amended = party.reserves(Names.url());
        String withdrawn = party.reserves(Names.url());
        String strangers = Party.open().reserves(Names.url());
        int position = given().get("/v1/declarations/" + amended).path("position");
        List<JsonNode> answers = party.sendsLines(
                BATCH,
                List.of(
                        draft(),
                        Map.of("amend", amended, "stances", Map.of("ai-input", "reserved"), "ifPosition", position),
                        Map.of("withdraw", withdrawn),
                        Map.of("withdraw", withdrawn),
                        Map.of("amend", amended, "stances", Map.of("ai-index", "reserved"), "ifPosition", position),
                        Map.of("withdraw", amended, "ifPosition", position),
                        Map.of("withdraw", strangers),
                        Map.of("amend", strangers, "stances", Map.of("ai-index", "reserved")),
                        Map.of("withdraw", "d_x"),
                        Map.of("withdraw", 5),
                        Map.of("withdraw", amended, "stances", Map.of()),
                        Map.of("amend", amended, "withdraw", amended),
                        Map.of("ifPosition", 5, "stances", Map.of("ai-index", "reserved")),
                        Map.of("withdraw", amended, "ifPosition", "x")));
        assertEquals(
                IntStream.rangeClosed(1, 14).boxed().toList(),
                answers.stream().map(line -> line.path("line").asInt()).toList());
        assertTrue(answers.get(0).path("id").asText().startsWith("d_"));
        assertEquals(amended, answers.get(1).path("id").asText());
        assertTrue(answers.get(1).path("position").asInt() > position);
        assertEquals(withdrawn, answers.get(2).path("id").asText());
        assertFalse(answers.get(2).has("alreadyDeclared"));
        assertTrue(answers.get(3).path("alreadyDeclared").asBoolean());
        assertEquals(answers.get(2).path("position"), answers.get(3).path("position"));
        assertEquals(
                List.of(
                        "precondition-failed",
                        "precondition-failed",
                        "forbidden",
                        "forbidden",
                        "not-found",
                        "invalid-request",
                        "invalid-request",
                        "invalid-request",
                        "invalid-request",
                        "invalid-request"),
                answers.subList(4, 14).stream().map(BulkTest::slug).toList());
        given().get("/v1/declarations/" + amended)
                .then()
                .body("status", equalTo("in-force"))
                .body("stances.ai-input", equalTo("reserved"))
                .body("stances.ai-training", nullValue());
        given().get("/v1/declarations/" + withdrawn).then().body("status", equalTo("withdrawn"));
    }

    @Test
    void linesAboutOneDeclarationAreCarriedOutInTheirOrder() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        String url = Names.url();
        List<JsonNode> answers = party.sendsLines(
                BATCH,
                List.of(
                        Map.of("amend", id, "subjects", List.of(url), "stances", Map.of("ai-input", "reserved")),
                        // It keeps the subjects of the line before.
                        Map.of("amend", id, "stances", Map.of("ai-index", "reserved")),
                        Map.of("withdraw", id),
                        Map.of("amend", id, "stances", Map.of("ai-input", "reserved"))));
        assertEquals("already-withdrawn", slug(answers.get(3)));
        given().get("/v1/declarations/" + id)
                .then()
                .body("status", equalTo("withdrawn"))
                .body("subjects", equalTo(List.of(url)))
                .body("stances", equalTo(Map.of("ai-index", "reserved")));
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(4));
    }

    @Test
    void repeatedLinesAreAnsweredAlike() {
        Party party = Party.open();
        Draft same = draft().member("reference", "x");
        List<JsonNode> rehearsed = Answers.lines(party.asks()
                .queryParam("dryRun", true)
                .contentType("application/x-ndjson")
                .body(Bodies.lines(Collections.nCopies(3_000, same)))
                .post(BATCH)
                .then()
                .statusCode(200));
        assertTrue(rehearsed.stream().noneMatch(line -> line.has("alreadyDeclared")));
        assertEquals(0, declaredBy(party));
        List<JsonNode> declared = party.sendsLines(BATCH, Collections.nCopies(3_000, same));
        String id = declared.get(0).path("id").asText();
        assertTrue(declared.stream().allMatch(line -> line.path("id").asText().equals(id)));
        assertEquals(
                2_999,
                declared.stream()
                        .filter(line -> line.path("alreadyDeclared").asBoolean())
                        .count());
        List<JsonNode> withdrawn = party.sendsLines(BATCH, Collections.nCopies(50, Map.of("withdraw", id)));
        assertEquals(
                49,
                withdrawn.stream()
                        .filter(line -> line.path("alreadyDeclared").asBoolean())
                        .count());
    }

    @Test
    void manyDeclarationsAreWithdrawnInOneBatch() {
        Party party = Party.open();
        List<Object> drafts = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            drafts.add(draft());
        }
        List<Object> withdrawals = new ArrayList<>();
        for (JsonNode declared : party.sendsLines(BATCH, drafts)) {
            withdrawals.add(Map.of("withdraw", declared.path("id").asText()));
        }
        List<JsonNode> answers = party.sendsLines(BATCH, withdrawals);
        assertEquals(3_000, answers.size());
        assertTrue(answers.stream().allMatch(line -> line.has("position")));
    }

    @Test
    void statusesOfManyDeclarations() {
        Party party = Party.open();
        String open = party.reserves(Names.url());
        String later = party.declares(draft().from("2999-01-01T00:00:00Z")).id();
        String gone = party.reserves(Names.url());
        party.withdraws(gone);
        ValidatableResponse shown = given().get("/v1/declarations/" + gone).then();
        asking(List.of(gone, open, later, "d_01jd8v4n2c7e5g9j1k3m6p8r0t", "x", open))
                .statusCode(200)
                .body("declarations.id", equalTo(List.of(gone, open, later, "d_01jd8v4n2c7e5g9j1k3m6p8r0t", "x", open)))
                .body("declarations[0].status", equalTo("withdrawn"))
                .body("declarations[0].position", equalTo(shown.extract().<Object>path("position")))
                .body("declarations[0].updatedAt", equalTo(shown.extract().<Object>path("recordedAt")))
                .body("declarations[1].status", equalTo("in-force"))
                .body("declarations[2].status", equalTo("scheduled"))
                .body("declarations[3].problem.status", equalTo(404))
                .body("declarations[4].problem.status", equalTo(404))
                .body("declarations[5].status", equalTo("in-force"));
    }

    @Test
    void statusesHaveALimit() {
        asking(List.of()).statusCode(422).body("errors[0].reason", equalTo("empty"));
        asking(List.of(1)).statusCode(422).body("errors[0].reason", equalTo("not-a-string"));
        given().contentType("application/json").body("{}").post(STATUSES).then().statusCode(422);
        List<String> most = IntStream.range(0, 10_000)
                .mapToObj(i -> "d_01jd8v4n2c7e5g9j1k3m6p8r0t")
                .toList();
        asking(most).statusCode(200).body("declarations", hasSize(10_000));
        List<String> more = new ArrayList<>(most);
        more.add("d_01jd8v4n2c7e5g9j1k3m6p8r0t");
        asking(more).statusCode(422).body("errors[0].reason", equalTo("too-many"));
    }

    @Test
    void termsOfAnAmendmentInABatchAreThoseOfTheLine() {
        Party party = Party.open();
        String id = party.declares(draft().with(terms().contact("mailto:a@example.com")))
                .id();
        party.sendsLines(BATCH, List.of(Map.of("amend", id, "stances", Map.of("ai-input", "reserved"))));
        given().get("/v1/declarations/" + id).then().body("terms", nullValue());
    }
}
