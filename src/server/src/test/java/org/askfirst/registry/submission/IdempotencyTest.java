package org.askfirst.registry.submission;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.askfirst.testkit.contract.Place;
import org.junit.jupiter.api.Test;

/** The Idempotency-Key of all operations but those that store it with their entry. */
@QuarkusTest
class IdempotencyTest extends RegistryTest {
    private static final int CREATED = 201;

    @Inject
    DataSource dataSource;

    @Inject
    Clock clock;

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static RequestSpecification keyed(RequestSpecification request, String key) {
        return request.header("Idempotency-Key", key);
    }

    private static Response opening(String key, String name) {
        return keyed(given(), key)
                .contentType("application/json")
                .body(Bodies.object("name", name, "kind", "creator").toString())
                .post("/v1/parties");
    }

    private long parties() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select count(*) from party");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aSignUpThatIsSentAgainOpensOnePartyAndShowsItsKeyAgain() throws SQLException {
        String key = key();
        Response first = opening(key, "하늘");
        long parties = parties();
        Response again = opening(key, "하늘");
        assertEquals(CREATED, first.statusCode());
        assertEquals(CREATED, again.statusCode());
        assertEquals(first.asString(), again.asString());
        assertEquals("no-store", again.header("Cache-Control"));
        assertEquals(first.header("Location"), again.header("Location"));
        assertEquals(parties, parties());
        new Party(again.path("id"), again.path("key"), again.path("keyId"))
                .asks()
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(first.path("id")));
        opening(key, "바다").then().statusCode(422).body("type", endsWith("idempotency-key-reused"));
        assertEquals(parties, parties());
    }

    @Test
    void theKeyOfAPartyIsStoredNowhere() throws SQLException {
        String key = key();
        String secret = opening(key, "하늘").path("key");
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select answer from submission_answer where answer is not null");
                ResultSet row = select.executeQuery()) {
            int rows = 0;
            while (row.next()) {
                String text = new String(row.getBytes(1), StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(secret) || text.contains(key) || text.contains("afk_"), text);
                rows++;
            }
            assertTrue(rows > 0);
        }
    }

    @Test
    void withoutAnApiKeyTheIdempotencyKeyMustBeHardToGuess() {
        opening("1", "하늘")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("Idempotency-Key"))
                .body("errors[0].reason", equalTo("malformed"));
        List<String> known = new ArrayList<>(List.of(
                "12121212-1212-1212-1212-121212121212",
                "8e03978e-40d5-43dd-bc93-6894a57f9324",
                "8E03978E-40D5-43DD-BC93-6894A57F9324"));
        for (Operation operation : Contract.ofRepository().operations()) {
            for (Place parameter : operation.parameters()) {
                if (parameter.at("name").text().equals("Idempotency-Key")) {
                    known.add(parameter.at("example").text());
                }
            }
        }
        assertTrue(known.size() > 10);
        for (String key : known) {
            opening(key, "하늘").then().statusCode(422).body("errors[0].reason", equalTo("malformed"));
        }
        opening(" ", "하늘").then().statusCode(422).body("errors[0].reason", equalTo("empty"));
        opening("k".repeat(256), "하늘").then().statusCode(422).body("errors[0].reason", equalTo("too-long"));
    }

    @Test
    void aRefusalIsNotKept() {
        String key = key();
        opening(key, "").then().statusCode(422);
        opening(key, "하늘").then().statusCode(CREATED);
    }

    private static Response confirming(Party society, Party member, String recovery) {
        return keyed(society.says(Bodies.object("recovery", recovery)).noFilters(), "r")
                .post("/v1/parties/me/members/" + member.id() + "/recovery");
    }

    /** While the action runs, no row about the party can be inserted into the table. */
    private void withoutRows(String table, Party party, Runnable action) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create function refuse_row() returns trigger language plpgsql as"
                    + " 'begin raise exception ''no row for this test''; end'");
            statement.execute(
                    "create trigger refuse_row before insert on " + table + " for each row when (new.party = '"
                            + PartyId.parse(party.id()).orElseThrow().number() + "') execute function refuse_row()");
            try {
                action.run();
            } finally {
                statement.execute("drop function refuse_row() cascade");
            }
        }
    }

    @Test
    void afterAFailureOfTheRegistryOnlyWhatCertainlyHadNoEffectIsCarriedOutAgain() throws SQLException {
        Party society = Party.open();
        Party member = Party.open();
        OperatorClient.ofService().letsVouch(society, "isbn");
        society.vouchesFor(member);
        makeMembershipsOlder(member, Duration.ofDays(31));
        String recovery =
                member.startingRecovery(society).statusCode(201).extract().path("id");
        withoutRows(
                "party_recovery_state",
                member,
                () -> confirming(society, member, recovery)
                        .then()
                        .statusCode(500)
                        .body("detail", containsString("not recorded")));
        // The entry is recorded, and then its notice fails.
        withoutRows(
                "party_notice",
                member,
                () -> confirming(society, member, recovery)
                        .then()
                        .statusCode(500)
                        .body("detail", not(containsString("not recorded"))));
        confirming(society, member, recovery).then().statusCode(409).body("type", endsWith("idempotency-key-in-use"));
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select count(*) from party_recovery_state where party = ?")) {
            select.setObject(1, PartyId.parse(member.id()).orElseThrow().number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                assertEquals(1, row.getInt(1));
            }
        }
    }

    @Test
    void signUpsAtTheSameTimeOpenOneParty() throws Exception {
        String key = key();
        int threads = 6;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Set<String> ids = new TreeSet<>();
        try {
            List<Future<Response>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(() -> {
                    together.await();
                    return opening(key, "함께");
                }));
            }
            for (Future<Response> one : running) {
                Response answer = one.get();
                if (answer.statusCode() == CREATED) {
                    ids.add(answer.path("id"));
                } else {
                    answer.then().statusCode(409).body("type", endsWith("idempotency-key-in-use"));
                }
            }
        } finally {
            pool.shutdown();
        }
        assertEquals(1, ids.size());
        assertEquals(ids.iterator().next(), opening(key, "함께").path("id"));
    }

    @Test
    void aKeyIsMadeOnceForEachCaller() {
        Party party = Party.open();
        String key = "1";
        Response first = keyed(party.says(Bodies.object("label", "a")), key).post("/v1/parties/me/keys");
        Response again = keyed(party.says(Bodies.object("label", "a")), key).post("/v1/parties/me/keys");
        assertEquals(CREATED, again.statusCode());
        assertEquals(first.asString(), again.asString());
        party.asks().get("/v1/parties/me").then().body("keys.size()", equalTo(2));
        Party other = Party.open();
        String another = keyed(other.says(Bodies.object("label", "a")), key)
                .post("/v1/parties/me/keys")
                .path("id");
        assertFalse(another.equals(first.path("id")));
        keyed(party.says(Bodies.object("subject", "domain:" + Names.domain())), key)
                .post("/v1/parties/me/controls")
                .then()
                .statusCode(422)
                .body("type", endsWith("idempotency-key-reused"));
    }

    @Test
    void aRevokedKeyReadsNoAnswerAgain() {
        Party party = Party.open();
        String second = keyed(party.says(Bodies.object()), "a")
                .post("/v1/parties/me/keys")
                .path("key");
        given().header("Authorization", "Bearer " + second)
                .delete("/v1/parties/me/keys/" + party.keyId())
                .then()
                .statusCode(204);
        keyed(party.says(Bodies.object()), "a")
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(401);
    }

    @Test
    void anOfferAndAnActOfTheOperatorAreRecordedOnce() {
        Party society = Party.open();
        Party member = Party.open();
        OperatorClient.ofService().letsVouch(society, "url");
        Response offer = keyed(society.says(Offer.toMember(member)), "o").post("/v1/mandates");
        Response offerAgain = keyed(society.says(Offer.toMember(member)), "o").post("/v1/mandates");
        assertEquals(CREATED, offerAgain.statusCode());
        assertEquals(offer.<String>path("id"), offerAgain.path("id"));
        society.asks().get("/v1/parties/me/mandates").then().body("mandates.size()", equalTo(1));
        String key = key();
        Object decision = OperatorClient.decision(member, "verified");
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            positions.add(keyed(given().header("Authorization", "Bearer " + Party.operatorKey()), key)
                    .contentType("application/json")
                    .body(decision.toString())
                    .post("/v1/operator/decisions")
                    .then()
                    .statusCode(CREATED)
                    .extract()
                    .path("position"));
        }
        assertEquals(positions.get(0), positions.get(1));
    }

    @Test
    void linesAndFilesRefuseTheHeader() {
        Party party = Party.open();
        String list = party.declares(reserved("ai-training").ofRepertoire("t")).id();
        for (String path :
                List.of("/v1/declarations/batch", "/v1/mandates/batch", "/v1/declarations/" + list + "/repertoire")) {
            keyed(party.asks().contentType("application/x-ndjson").body("{}\n"), key())
                    .post(path)
                    .then()
                    .statusCode(400)
                    .body("errors[0].pointer", equalTo("Idempotency-Key"))
                    .body("errors[0].reason", equalTo("not-honoured"));
        }
        keyed(party.asks().contentType("text/csv").body("isbn\n"), key())
                .post("/v1/imports")
                .then()
                .statusCode(400)
                .body("errors[0].reason", equalTo("not-honoured"));
        party.asks().get("/v1/imports").then().body("imports.size()", equalTo(0));
    }

    @Test
    void theContractNamesTheHeaderWhereItIsHonoured() {
        Set<String> without = new TreeSet<>();
        for (Operation operation : Contract.ofRepository().operations()) {
            boolean named = false;
            for (Place parameter : operation.parameters()) {
                named |= parameter.at("name").text().equals("Idempotency-Key");
            }
            if (operation.method().equals("POST") && !named) {
                without.add(operation.template());
            }
        }
        assertEquals(
                new TreeSet<>(Set.of(
                        // lines and files
                        "/v1/declarations/batch",
                        "/v1/mandates/batch",
                        "/v1/imports",
                        "/v1/imports/form",
                        // reads
                        "/v1/lookups",
                        "/v1/declarations/statuses",
                        "/v1/receipts/verify",
                        "/v1/subjects/parse",
                        "/v1/parties/me/webhook/test",
                        "/v1/tables",
                        "/api/v2/query/urls/",
                        "/olp/introspect",
                        // sign-ins and tokens: each gives another secret
                        "/olp/token",
                        "/v1/parties/me/passkeys/challenges",
                        "/v1/sessions",
                        "/v1/sessions/challenges",
                        "/v1/sessions/links",
                        "/v1/sessions/mails")),
                without);
    }

    @Test
    void aRequestThatBrokeOffIsNeverCarriedOutAgain() throws SQLException {
        TestClock later = new TestClock(clock);
        IdempotentAnswers answers = new IdempotentAnswers(dataSource, later);
        IdempotentAnswers.Request request = IdempotentAnswers.Request.of("", new IdempotencyKey(key()), new byte[] {1});
        assertNull(answers.begin(request));
        assertEquals("still being carried out", reason(answers, request, "still being carried out"));
        later.forward(Duration.ofMinutes(3));
        assertEquals("broke off", reason(answers, request, "broke off"));
        byte[] answer = {1, 2, 3};
        answers.finish(request, answer);
        assertArrayEquals(answer, answers.begin(request));
        later.forward(Duration.ofHours(24));
        assertNull(answers.begin(request), "after a day it is a new request");
        answers.forget(request);
        assertNull(answers.begin(request));
    }

    private static String reason(IdempotentAnswers answers, IdempotentAnswers.Request request, String part) {
        ProblemException refused = assertThrows(ProblemException.class, () -> answers.begin(request));
        assertEquals(Problem.IDEMPOTENCY_KEY_IN_USE, refused.problem());
        return refused.detail().contains(part) ? part : refused.detail();
    }

    @Test
    void aLookupTakesAnyKey() {
        for (int i = 0; i < 2; i++) {
            keyed(given(), "x")
                    .contentType("application/json")
                    .body("{\"items\":[{\"subjects\":[\"isbn:978893643412" + i + "\"]}]}")
                    .post("/v1/lookups")
                    .then()
                    .statusCode(200)
                    .body(containsString("answers"));
        }
    }
}
