package org.askfirst.registry.budget;

import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** Budgets over HTTP. The settings of the tests are generous, so the operator sets the budgets of these parties. */
@QuarkusTest
class BudgetTest extends RegistryTest {
    private static final String BATCH = "/v1/declarations/batch";

    @Inject
    DataSource dataSource;

    private static Party partyWith(int works) {
        Party party = Party.open();
        OperatorClient.ofService().allows(party, works);
        return party;
    }

    private static Draft draft(int works) {
        return reserved("ai-training")
                .of(IntStream.range(0, works).mapToObj(i -> Names.url()).toArray(String[]::new));
    }

    private static void assertSpent(ValidatableResponse refused) {
        long wait = Long.parseLong(refused.statusCode(429)
                .body("type", endsWith("/budget-spent"))
                .body("detail", containsString("prove control"))
                .extract()
                .header("Retry-After"));
        assertTrue(wait > 0 && wait <= 86_401, "wait " + wait);
        Instant at = Instant.parse(refused.extract().path("retryAt"));
        assertFalse(at.isBefore(TestClock.ofService().instant()));
    }

    private static JsonNode last(List<JsonNode> lines) {
        return lines.get(lines.size() - 1);
    }

    @Test
    void aPartyDeclaresAsMuchAsItMay() {
        Party party = partyWith(3);
        Draft first = draft(2);
        String id = party.declares(first).id();
        party.declaring(first).statusCode(200);
        assertSpent(party.declaring(draft(2)));
        assertSpent(party.says(draft(2))
                .queryParam("dryRun", true)
                .post("/v1/declarations")
                .then());
        party.declares(draft(1));
        assertSpent(party.declaring(draft(1)));
        assertSpent(party.amending(id, reserved("text-and-data-mining")));
        party.declaring(first).statusCode(200);
        party.withdraws(id);
    }

    @Test
    void anAmendmentCountsAsTheWorksThatItAdds() {
        Party party = partyWith(10);
        List<String> works = Stream.generate(Names::file).limit(7).toList();
        String id =
                party.declares(reserved("ai-training").of(works.subList(0, 4))).id();
        party.amends(id, reserved("ai-training").of(works));
        party.amends(id, reserved("text-and-data-mining"));
        party.amends(id, reserved("ai-training").of(works.subList(0, 2)));
        assertSpent(party.declaring(draft(2)));
        // Other works in place of those that it has are added, too.
        assertSpent(party.amending(id, draft(2)));
        party.declares(draft(1));
    }

    @Test
    void whoProvesSomethingHasWhatItNeeds() {
        Party party = partyWith(1);
        party.declares(draft(1));
        assertSpent(party.declaring(draft(1)));
        party.controls("domain:" + Names.domain());
        party.declares(draft(50));

        Party verified = partyWith(0);
        assertSpent(verified.declaring(draft(1)));
        OperatorClient.ofService().decides(verified, "verified");
        verified.declares(draft(50));

        Party body = Party.open();
        OperatorClient.ofService().letsVouch(body, "isbn");
        Party member = partyWith(0);
        assertSpent(member.declaring(draft(1)));
        body.vouchesFor(member);
        member.declares(draft(50));
    }

    @Test
    void aBatchEndsWithTheLineAtWhichItContinues() {
        Party party = partyWith(5);
        List<Object> lines = new ArrayList<>(List.of(draft(2), draft(2), draft(2), draft(1), "{}"));
        List<JsonNode> answers = party.sendsLines(BATCH, lines);
        assertEquals(3, answers.size(), answers::toString);
        assertEquals(2, answers.get(1).get("line").asInt());
        JsonNode end = last(answers).get("continue");
        assertEquals(3, end.get("line").asInt());
        assertEquals("budget", end.get("reason").asText());
        assertTrue(end.get("retryAfter").asLong() > 0);
        // No later line was recorded, although one would have fitted.
        party.declares(draft(1));

        OperatorClient.ofService().allows(party, 100);
        List<JsonNode> rest = party.sendsLines(BATCH, lines.subList(2, lines.size()));
        assertEquals(3, rest.size(), rest::toString);
        assertTrue(rest.get(0).has("position") && rest.get(1).has("position"), rest::toString);
        assertTrue(last(rest).has("problem"), rest::toString);
    }

    @Test
    void aLongBatchStopsExactlyAtTheBudget() {
        Party party = partyWith(4_321);
        List<Object> lines = new ArrayList<>();
        IntStream.range(0, 9_000).forEach(i -> lines.add(draft(1)));
        List<JsonNode> answers = party.sendsLines(BATCH, lines);
        assertEquals(4_322, answers.size());
        assertEquals(4_322, last(answers).at("/continue/line").asInt());
        assertTrue(answers.subList(0, 4_321).stream().allMatch(line -> line.has("position")));
        assertSpent(party.declaring(draft(1)));
    }

    @Test
    void listsOfRepertoiresCountTheirWorks() {
        Party party = partyWith(4);
        String repertoire = party.declares(reserved("ai-training").member("repertoire", Bodies.object("title", "목록")))
                .id();
        party.lists(repertoire, Names.url(), Names.url());
        assertSpent(party.changingList(repertoire, Bodies.object("add", List.of(Names.url(), Names.url()))));
        List<JsonNode> answers = party.sendsLines(
                "/v1/declarations/" + repertoire + "/repertoire",
                List.of(Bodies.object("add", Names.url()), Bodies.object("add", Names.url())));
        assertEquals(1, answers.size(), answers::toString);
        assertEquals(1, last(answers).at("/continue/line").asInt());
        String listed = Names.url();
        party.lists(repertoire, listed);
        assertSpent(party.changingList(repertoire, Bodies.object("add", List.of(Names.url()))));
        party.unlists(repertoire, listed);
    }

    @Test
    void anImportPausesAndContinues() throws SQLException {
        Party party = partyWith(1_500);
        String rows = IntStream.range(0, 3_000)
                .mapToObj(i -> Names.url().substring("url:".length()))
                .collect(Collectors.joining("\n"));
        String id = party.asks()
                .contentType("text/csv")
                .body(("link\n" + rows + "\n").getBytes(StandardCharsets.UTF_8))
                .post("/v1/imports?name=list.csv")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        party.says(reserved("ai-training"))
                .put("/v1/imports/" + id + "/plan")
                .then()
                .statusCode(200);
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        JsonNode paused = await(party, id, "paused");
        assertEquals(1_500, paused.at("/counts/declared").asInt(), paused::toString);
        assertEquals(0, paused.at("/counts/refused").asInt(), paused::toString);
        Instant until = Instant.parse(paused.get("pausedUntil").asText());
        assertTrue(until.isAfter(TestClock.ofService().instant()));

        // The next day: it continues by itself.
        OperatorClient.ofService().allows(party, 2_200);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update intake_import"
                        + " set paused_until = now(), leased_until = now() where party ="
                        + " (select party from party_key where id = ?)")) {
            update.setString(1, party.asks().get("/v1/parties/me").jsonPath().getString("keys[0].id"));
            assertEquals(1, update.executeUpdate());
        }
        await(party, id, "paused", 2_200);

        // A proof comes: it continues at once.
        party.controls("domain:" + Names.domain());
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        JsonNode done = await(party, id, "done");
        assertEquals(3_000, done.at("/counts/declared").asInt(), done::toString);
        assertFalse(done.has("pausedUntil"));
        List<JsonNode> report = Answers.lines(party.asks()
                .accept("application/x-ndjson")
                .get("/v1/imports/" + id + "/report")
                .then()
                .statusCode(200));
        assertEquals(3_000, report.stream().filter(line -> line.has("position")).count());
    }

    private static JsonNode await(Party party, String id, String status) {
        return await(party, id, status, 0);
    }

    private static JsonNode await(Party party, String id, String status, int declared) {
        return Answers.tree(Eventually.get(
                () -> party.asks().get("/v1/imports/" + id).then().statusCode(200),
                one -> Answers.tree(one).get("status").asText().equals(status)
                        && Answers.tree(one).at("/counts/declared").asInt() >= declared));
    }

    @Test
    void onlyTheOperatorSetsBudgets() {
        Party party = Party.open();
        party.says(Bodies.object("party", party.id(), "works", 7, "reason", "mine"))
                .post("/v1/operator/budgets")
                .then()
                .statusCode(403);
        OperatorClient operator = OperatorClient.ofService();
        operator.says(Bodies.object("party", "p_01jd8v3f6y4w1r9k2m7q5t8x0a", "works", 7, "reason", "x"))
                .post("/v1/operator/budgets")
                .then()
                .statusCode(422)
                .body("errors.reason", equalTo(List.of("unknown-party")));
        operator.says(Bodies.object("party", party.id(), "works", -1, "reason", "x"))
                .post("/v1/operator/budgets")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("#/works")));
        operator.allows(party, 0);
        assertSpent(party.declaring(draft(1)));
        operator.says(Bodies.object("party", party.id(), "reason", "as everybody"))
                .post("/v1/operator/budgets")
                .then()
                .statusCode(201);
        party.declares(draft(1));
    }

    @Test
    void theNameOfTheKeyThatSetTheBudgetIsKept() throws SQLException {
        Party party = partyWith(5);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select operator from budget_grant where party = ?")) {
            select.setObject(1, PartyId.parse(party.id()).orElseThrow().number());
            try (var row = select.executeQuery()) {
                row.next();
                assertEquals("first", row.getString(1));
            }
        }
    }

    @Test
    void anErasedPartyLeavesNoReason() throws SQLException {
        Party party = partyWith(5);
        party.declares(draft(1));
        closes(party);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select count(*) from budget_grant where reason = 'Asked by telephone' and party in"
                                + " (select party from party_erasure)");
                var row = select.executeQuery()) {
            row.next();
            assertEquals(0, row.getInt(1));
        }
    }
}
