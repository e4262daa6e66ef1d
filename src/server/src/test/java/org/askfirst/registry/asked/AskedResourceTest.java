package org.askfirst.registry.asked;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asked: each path of a lookup is counted once, and only those see it who may. */
@QuarkusTest
class AskedResourceTest extends RegistryTest {
    @Inject
    TallyWriter writer;

    @Inject
    TallyFold fold;

    @Inject
    LookupTally tally;

    @Inject
    ChunkStore chunks;

    @Inject
    DataSource dataSource;

    /** Stores and adds up everything that was counted. The thread of the service may add at the same time. */
    private void settle() {
        writer.store(true);
        Eventually.get(
                () -> {
                    try {
                        fold.fold();
                        return number("select count(*) from asked_chunk where done_at is null");
                    } catch (SQLException failure) {
                        throw new AssertionError(failure);
                    }
                },
                open -> open == 0);
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private ValidatableResponse lookups(Party party, String declaration, String by) {
        settle();
        return party.asks()
                .queryParam("by", by)
                .get("/v1/declarations/" + declaration + "/lookups")
                .then()
                .statusCode(200);
    }

    private static void ask(Party asker, String url, int times) {
        for (int i = 0; i < times; i++) {
            asker.asks().queryParam("subject", url).get("/v1/lookup").then().statusCode(200);
        }
    }

    private static void askWithoutName(String url, int times) {
        for (int i = 0; i < times; i++) {
            anybody().asks(url).answer();
        }
    }

    @Test
    void everyPathOfALookupIsCountedOnce() {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        String position = String.valueOf(party.asks()
                .get("/v1/declarations/" + id)
                .then()
                .extract()
                .jsonPath()
                .getLong("position"));
        crawler.asks().queryParam("subject", url).get("/v1/lookup").then().statusCode(200);
        crawler.asks()
                .queryParam("subject", url)
                .queryParam("detail", "verdict")
                .get("/v1/lookup")
                .then()
                .statusCode(200);
        crawler.asks()
                .queryParam("subject", url)
                .queryParam("asOf", position)
                .get("/v1/lookup")
                .then()
                .statusCode(200);
        crawler.says(items(item("a", url), item("b", url), item("c", Names.url())))
                .post("/v1/lookups")
                .then()
                .statusCode(200);
        crawler.says(items(item("a", url)))
                .request("QUERY", "/v1/lookups")
                .then()
                .statusCode(200);
        String line = Bodies.object("id", "a", "subjects", List.of(url)) + "\n";
        crawler.asks()
                .contentType("application/x-ndjson")
                .body(line + line)
                .post("/v1/lookups")
                .then()
                .statusCode(200);
        crawler.asks()
                .contentType("text/plain")
                .body(url.substring("url:".length()) + "\n")
                .post("/api/v2/query/urls/")
                .then()
                .statusCode(200);
        lookups(party, id, "asker")
                .body("total.identified", equalTo(9))
                .body("total.anonymous", equalTo(0))
                .body("rows", hasSize(1))
                .body("rows[0].asker", equalTo(crawler.id()))
                .body("rows[0].askerName", equalTo(name(crawler)))
                .body("rows[0].identified", equalTo(9));
        String today = LocalDate.ofInstant(TestClock.ofService().instant(), ZoneOffset.UTC)
                .toString();
        lookups(party, id, "day")
                .body("rows", hasSize(1))
                .body("rows[0].day", equalTo(today))
                .body("rows[0].identified", equalTo(9))
                .body("uncounted", nullValue());
        lookups(party, id, "work")
                .body("rows", hasSize(1))
                .body("rows[0].subject", equalTo(url))
                .body("rows[0].declaration", equalTo(id))
                .body("rows[0].identified", equalTo(9))
                .body("sketchError", nullValue());
    }

    private static String name(Party party) {
        return party.asks().get("/v1/parties/me").then().extract().path("name");
    }

    @Test
    void aRangeIsPrivate() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        Party crawler = Party.open();
        crawler.asks().get("/v1/range/abcd").then().statusCode(200);
        lookups(party, id, "day").body("rows", empty());
    }

    @Test
    void lookupsWithoutANameAreShownInTens() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        askWithoutName(url, 9);
        lookups(party, id, "day").body("rows", empty()).body("total.anonymous", equalTo(0));
        lookups(party, id, "work").body("rows", empty());
        askWithoutName(url, 2);
        lookups(party, id, "day")
                .body("rows[0].anonymous", equalTo(10))
                .body("total.anonymous", equalTo(10))
                .body("anonymousInStepsOf", equalTo(10));
        lookups(party, id, "work").body("rows[0].anonymous", equalTo(10));
        lookups(party, id, "asker").body("rows", empty());
    }

    @Test
    void theDaysAddUpToTheTensOfAllDays() throws SQLException {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        UUID declaration = DeclarationId.parse(id).orElseThrow().number();
        LocalDate today = LocalDate.ofInstant(TestClock.ofService().instant(), ZoneOffset.UTC);
        int[] lookups = {7, 7, 1, 14};
        for (int i = 0; i < lookups.length; i++) {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "insert into asked_declaration values (?, ?, ?, ?, now(), now())")) {
                insert.setObject(1, declaration);
                insert.setObject(2, today.minusDays(lookups.length - i));
                insert.setObject(3, Asker.NOBODY);
                insert.setLong(4, lookups[i]);
                insert.executeUpdate();
            }
        }
        lookups(party, id, "day")
                .body("total.anonymous", equalTo(20))
                .body(
                        "rows.day",
                        equalTo(List.of(
                                today.minusDays(3).toString(),
                                today.minusDays(1).toString())))
                .body("rows.anonymous", equalTo(List.of(10, 10)));
        party.asks()
                .queryParam("to", today.minusDays(3).toString())
                .get("/v1/declarations/" + id + "/lookups")
                .then()
                .body("total.anonymous", equalTo(10));
    }

    @Test
    void ownLookupsAreApart() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        ask(party, url, 3);
        lookups(party, id, "day")
                .body("total.own", equalTo(3))
                .body("total.identified", equalTo(0))
                .body("rows[0].own", equalTo(3));
        party.asks()
                .get("/v1/declarations/" + id + "/retrievability")
                .then()
                .statusCode(200)
                .body("firstDay", nullValue())
                .body("retrievals.own", equalTo(3));
    }

    @Test
    void otherSpellingsAreTheSameWork() {
        Party party = Party.open();
        Party crawler = Party.open();
        String host = Names.domain();
        String declared = "url:https://www." + host + "/a/";
        String id = party.reserves(declared);
        ask(crawler, declared, 1);
        ask(crawler, "url:http://" + host + "/a", 1);
        ask(crawler, "url:https://m." + host + "/a/?utm_source=x", 1);
        lookups(party, id, "work").body("rows", hasSize(1)).body("rows[0].identified", equalTo(3));
    }

    @Test
    void anAmendmentAndARepertoireAreTheSameDeclaration() {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        ask(crawler, url, 1);
        party.amends(id, reserved("ai-training", "ai-input").of(url));
        ask(crawler, url, 1);
        lookups(party, id, "day").body("total.identified", equalTo(2));
        String list =
                party.declares(reserved("ai-training").ofRepertoire("list")).id();
        String one = Names.url();
        String other = Names.url();
        party.lists(list, one, other).statusCode(200);
        ask(crawler, one, 2);
        ask(crawler, other, 1);
        lookups(party, list, "work")
                .body("total.identified", equalTo(3))
                .body("rows.subject", equalTo(List.of(one, other)))
                .body("rows.identified", equalTo(List.of(2, 1)));
        party.asks()
                .queryParam("by", "work")
                .queryParam("limit", 2)
                .get("/v1/parties/me/lookups")
                .then()
                .statusCode(200)
                .body("total.identified", equalTo(5))
                .body("rows", hasSize(2))
                .body("next", equalTo(2));
        party.asks()
                .queryParam("by", "work")
                .queryParam("limit", 2)
                .queryParam("after", 2)
                .get("/v1/parties/me/lookups")
                .then()
                .body("rows", hasSize(1))
                .body("next", nullValue());
    }

    @Test
    void whatWaitsForAProofIsNotCounted() {
        Party party = Party.open();
        Party crawler = Party.open();
        String host = Names.domain();
        String id = party.reserves("domain:" + host);
        ask(crawler, "url:https://" + host + "/", 1);
        lookups(party, id, "day").body("rows", empty());
    }

    @Test
    void onlyTheirOwnPartiesSeeThem() {
        Party member = Party.open();
        Party society = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = member.reserves(url);
        ask(crawler, url, 1);
        for (String what : List.of("lookups", "retrievability")) {
            String path = "/v1/declarations/" + id + "/" + what;
            given().get(path).then().statusCode(401);
            crawler.asks().get(path).then().statusCode(403);
            society.asks().get(path).then().statusCode(403);
        }
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        society.asks().get("/v1/declarations/" + id + "/lookups").then().statusCode(403);
        member.acceptsMandate(mandate);
        lookups(society, id, "day").body("total.identified", equalTo(1));
        String forMember = society.declares(
                        reserved("ai-training").of(Names.url()).under(mandate))
                .id();
        lookups(member, forMember, "day").body("total.identified", equalTo(0));
        member.endsMandate(mandate);
        society.asks().get("/v1/declarations/" + id + "/lookups").then().statusCode(403);
        member.asks().get("/v1/declarations/" + forMember + "/lookups").then().statusCode(200);
        member.asks().get("/v1/declarations/d_\0/lookups").then().statusCode(404);
    }

    @Test
    void aTableIsForSpreadsheets() {
        Party party = Party.open();
        Party crawler = Party.open();
        crawler.says(Map.of("name", "=cmd(),\"x\""))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        String url = Names.url();
        String id = party.reserves(url);
        ask(crawler, url, 1);
        settle();
        String table = party.asks()
                .accept("text/csv")
                .queryParam("by", "asker")
                .get("/v1/declarations/" + id + "/lookups")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .asString();
        assertTrue(table.startsWith("\uFEFFday,asker,"), table);
        assertTrue(table.contains(crawler.id() + ",\"'=cmd(),\"\"x\"\"\",,,1,0,0,\r\n"), table);
        party.asks().accept("text/csv").get("/v1/parties/me/lookups").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "by,hour,unknown-value",
        "from,2026-02-30,malformed",
        "from,9999-01-01,conflict",
        "to,-999999999-01-01,malformed",
        "month,2026-11,conflict",
        "limit,0,out-of-range",
        "after,-1,out-of-range",
    })
    void wrongParametersAreNamed(String name, String value, String reason) {
        Party party = Party.open();
        party.asks()
                .queryParam(name, value)
                .get("/v1/parties/me/lookups")
                .then()
                .statusCode(422)
                .body("errors[0].reason", equalTo(reason));
    }

    @Test
    void worksAreCountedByMonths() {
        Party party = Party.open();
        for (String[] wrong : new String[][] {{"from", "2026-11-01"}, {"month", "2026-13"}, {"month", "99999-01"}}) {
            party.asks()
                    .queryParam("by", "work")
                    .queryParam(wrong[0], wrong[1])
                    .get("/v1/parties/me/lookups")
                    .then()
                    .statusCode(422);
        }
        party.asks()
                .queryParam("by", "work")
                .queryParam("month", "2026-02")
                .get("/v1/parties/me/lookups")
                .then()
                .body("from", equalTo("2026-02-01"))
                .body("to", equalTo("2026-02-28"))
                .body("rows", empty());
    }

    @Test
    void anErasedAskerHasNoName() {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        ask(crawler, url, 12);
        lookups(party, id, "asker").body("rows[0].identified", equalTo(12));
        ask(crawler, url, 1);
        writer.store(true);
        closes(crawler);
        lookups(party, id, "day").body("total.identified", equalTo(0)).body("total.anonymous", equalTo(10));
        lookups(party, id, "work").body("rows[0].anonymous", equalTo(10));
        closes(party);
        party.asks().get("/v1/parties/me/lookups").then().statusCode(401);
    }

    @Test
    void anErasedPartyHasNoCounts() throws SQLException {
        Party party = Party.open();
        String url = Names.url();
        party.reserves(url);
        askWithoutName(url, 3);
        settle();
        UUID number = PartyId.parse(party.id()).orElseThrow().number();
        String counts = "select (select count(*) from asked_party where party = '" + number
                + "') + (select count(*) from asked_work where party = '" + number + "')";
        assertTrue(number(counts) > 0);
        closes(party);
        assertEquals(0, number(counts));
    }

    @Test
    void aChunkThatIsSentTwiceCountsOnce() throws SQLException {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        settle();
        ask(crawler, url, 1);
        Instant now = TestClock.ofService().instant();
        Chunk chunk = Chunk.of(UUID.randomUUID(), 1, tally.take(), now, now);
        chunks.store(chunk);
        chunks.store(chunk);
        settle();
        chunks.store(chunk);
        lookups(party, id, "day").body("total.identified", equalTo(1));
    }

    @Test
    void countsOfTwoNodesAreAddedUp() throws SQLException {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        settle();
        for (int node = 0; node < 2; node++) {
            ask(crawler, url, 2);
            Instant now = TestClock.ofService().instant();
            chunks.store(Chunk.of(UUID.randomUUID(), 1, tally.take(), now, now));
        }
        lookups(party, id, "asker").body("rows[0].identified", equalTo(4));
    }

    @Test
    void countsWaitForADatabaseThatIsAway() {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        settle();
        AwayDataSource away = new AwayDataSource(dataSource);
        TallyWriter own = new TallyWriter(tally, new ChunkStore(away), new Settings(), TestClock.ofService());
        ask(crawler, url, 2);
        away.isAway(true);
        own.store(true);
        ask(crawler, url, 1);
        own.store(true);
        lookups(party, id, "day").body("total.identified", equalTo(0));
        away.isAway(false);
        own.store(true);
        lookups(party, id, "day").body("total.identified", equalTo(3));
    }

    @Test
    void aLargeChunkIsAddedInParts() throws SQLException {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        long position = party.asks()
                .get("/v1/declarations/" + id)
                .then()
                .extract()
                .jsonPath()
                .getLong("position");
        CellTable table =
                new CellTable(LocalDate.ofInstant(TestClock.ofService().instant(), ZoneOffset.UTC));
        int works = 7_000;
        for (int i = 1; i <= works; i++) {
            table.next();
            table.add(position, 2L * i, Asker.NOBODY, true);
        }
        Instant now = TestClock.ofService().instant();
        chunks.store(Chunk.of(UUID.randomUUID(), 1, List.of(table), now, now));
        lookups(party, id, "day").body("total.anonymous", equalTo(works));
        assertEquals(
                works,
                number("select count(*) from asked_work where declaration = '"
                        + DeclarationId.parse(id).orElseThrow().number() + "'"));
    }

    @Test
    void aSketchStatesItsError() throws IOException, SQLException {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        long position = party.asks()
                .get("/v1/declarations/" + id)
                .then()
                .extract()
                .jsonPath()
                .getLong("position");
        LocalDate month = LocalDate.of(2001, 2, 3);
        long work = Match.work(Subject.parse(url).expand(), 0, false);
        CellTable table = new CellTable(month);
        for (int i = 0; i < 30_000; i++) {
            table.next();
            table.add(position, i % 3 == 0 ? work : 2L * i, Asker.NOBODY, i < 30);
        }
        Instant now = TestClock.ofService().instant();
        chunks.store(Chunk.of(UUID.randomUUID(), 1, List.of(table), now, now));
        settle();
        JsonNode answer = new ObjectMapper()
                .readTree(party.asks()
                        .queryParam("by", "work")
                        .queryParam("month", "2001-02")
                        .get("/v1/declarations/" + id + "/lookups")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());
        long error = answer.path("sketchError").asLong();
        JsonNode row = answer.path("rows").path(0);
        assertTrue(error > 0, answer.toString());
        assertEquals(30_000, answer.path("total").path("anonymous").asLong(), "the total is exact");
        assertTrue(row.path("anonymous").asLong() <= 10_000, row.toString());
        long atMost = row.path("atMost").asLong();
        assertTrue(atMost >= 10_000 && atMost <= 10_000 + error, row + ", error " + error);
    }

    @Test
    void theCertificateStatesFirstAndLast() {
        Party party = Party.open();
        Party crawler = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        ask(crawler, url, 2);
        settle();
        party.asks()
                .get("/v1/declarations/" + id + "/retrievability")
                .then()
                .statusCode(200)
                .body("declaration", equalTo(id))
                .body("askers[0].askerName", equalTo(name(crawler)))
                .body("askers[0].lookups", equalTo(2))
                .body("omittedAskers", equalTo(0))
                .body("text.en[1]", containsString("at least 2 times"))
                .body("text.ko[1]", containsString("2회 이상"));
        party.withdraws(id);
        party.asks()
                .get("/v1/declarations/" + id + "/retrievability")
                .then()
                .body("status", equalTo("withdrawn"))
                .body("text.en[0]", containsString("It was withdrawn at"));
    }

    @Test
    void anybodyChecksTheCertificateOffline() throws Exception {
        assumeTrue(hasPython(), "python3 is not installed");
        Party party = Party.open();
        Party crawler = Party.open();
        crawler.says(Map.of("name", "검색 😀 \"C\""))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        String url = Names.url();
        String id = party.reserves(url);
        ask(crawler, url, 2);
        settle();
        String certificate = party.asks()
                .get("/v1/declarations/" + id + "/retrievability")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        String keys = given().get("/.well-known/jwks.json").asString();
        String verifier = given().get("/log/verifier-key").asString();
        String said = checked(certificate, keys, verifier, 0);
        assertTrue(said.contains("at least 2 times"), said);
        assertTrue(said.contains("2회 이상"), said);
        for (String[] change : new String[][] {
            {"\"lookups\":2", "\"lookups\":3", "changed after it was signed"},
            {"\"identified\":2", "\"identified\":20", "changed after it was signed"},
            {"\"index\":", "\"index\":1", "another leaf"},
            {"\"type\":\"declared\"", "\"type\":\"amended\"", "another hash"},
            {"\"hashes\":[", "\"hashes\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",", "WRONG"},
        }) {
            String changed = certificate.replace(change[0], change[1]);
            assertNotEquals(certificate, changed, change[0]);
            String fault = checked(changed, keys, verifier, 1);
            assertTrue(fault.contains(change[2]), fault);
        }
        JsonNode other = new ObjectMapper().readTree(certificate);
        ((ObjectNode) other.path("proof"))
                .put(
                        "checkpoint",
                        other.path("proof").path("checkpoint").asText().replaceFirst("\n[0-9]+\n", "\n9\n"));
        assertTrue(checked(other.toString(), keys, verifier, 1).contains("signature of the checkpoint"));
        given().contentType("application/json")
                .body(Bodies.object("receipt", other.path("jws").asText()).toString())
                .post("/v1/receipts/verify")
                .then()
                .body("valid", equalTo(true))
                .body("kind", equalTo("retrievability"));
    }

    private static boolean hasPython() {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException | InterruptedException missing) {
            return false;
        }
    }

    /** Runs the script as the documentation says, and returns what it prints. */
    private static String checked(String certificate, String keys, String verifier, int ends) throws Exception {
        Path folder = Files.createTempDirectory("askfirst-certificate");
        ProcessBuilder script = new ProcessBuilder(
                "python3",
                Checkout.at("docs", "tools", "check-retrievability.py").toString(),
                Files.writeString(folder.resolve("certificate.json"), certificate)
                        .toString(),
                Files.writeString(folder.resolve("jwks.json"), keys).toString(),
                Files.writeString(folder.resolve("verifier-key"), verifier).toString());
        script.environment().put("PYTHONIOENCODING", "utf-8");
        Process running = script.redirectErrorStream(true).start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(ends, running.waitFor(), said);
        return said;
    }

    /** The defaults. */
    private static final class Settings implements AskedConfig {
        @Override
        public boolean count() {
            return true;
        }

        @Override
        public Duration store() {
            return Duration.ofSeconds(5);
        }

        @Override
        public long backlog() {
            return 1 << 28;
        }
    }
}
