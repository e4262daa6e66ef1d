package org.askfirst.registry.grant;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.askfirst.id.GrantId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants over HTTP: given, followed by lookups of the licensee alone, ended, and proved. */
@QuarkusTest
class GrantTest extends RegistryTest {
    private static final String LATER = "2999-01-01T00:00:00Z";

    @Inject
    GrantIndex index;

    @Inject
    GrantRecords records;

    @Inject
    DataSource dataSource;

    private final List<Party> parties = new ArrayList<>();
    private String work = "";
    private String declaration = "";

    @BeforeEach
    void aNovelistReserves() {
        parties.clear();
        parties.addAll(List.of(Party.openReachable(), Party.open(), Party.open()));
        work = Names.file();
        licensor().controls(work);
        declaration =
                licensor().declares(reserved("text-and-data-mining").of(work)).id();
    }

    private Party licensor() {
        return parties.get(0);
    }

    private Party licensee() {
        return parties.get(1);
    }

    private Party stranger() {
        return parties.get(2);
    }

    private static Map<String, Object> terms(String use) {
        return Map.of(
                "uses",
                List.of(use),
                "model",
                Map.of("scope", "model-version", "name", "lm", "version", "3"),
                "territory",
                List.of("KR"),
                "validTo",
                LATER,
                "price",
                Map.of("basis", "per-work", "amount", "500", "currency", "KRW"));
    }

    private static Map<String, Object> ofWorks(String... subjects) {
        return Map.of("subjects", List.of(subjects));
    }

    private static ValidatableResponse granting(Party licensor, Party licensee, Object works, Object terms) {
        return licensor.says(Map.of("licensee", licensee.id(), "works", works, "terms", terms))
                .post("/v1/grants")
                .then();
    }

    private String granted() {
        return Answers.id(granting(licensor(), licensee(), ofWorks(work), terms("ai-training"))
                .statusCode(201));
    }

    private static String verdict(Party asker, String subject, String... more) {
        Map<String, Object> parameters = new HashMap<>(Map.of("subject", subject, "use", "ai-training"));
        if (more.length > 0) {
            parameters.put("asOf", more[0]);
        }
        return asker.asks()
                .queryParams(parameters)
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .extract()
                .path("verdict");
    }

    private String anybodys() {
        return anybody().asks(work).of("ai-training").verdict();
    }

    private static String id(Response response) {
        return response.then().statusCode(201).extract().path("id");
    }

    @Test
    void onlyTheLicenseesLookupsFollowTheGrant() {
        assertEquals("ask", verdict(licensee(), work));
        String id = granted();
        assertEquals("allow", verdict(licensee(), work));
        assertEquals("ask", verdict(stranger(), work));
        assertEquals("ask", verdict(licensor(), work));
        assertEquals("ask", anybodys());
        licensee()
                .asks()
                .queryParam("subject", work)
                .queryParam("use", "ai-training")
                .get("/v1/lookup")
                .then()
                .body("statements[0].stance", equalTo("reserved"))
                .body("statements[0].grants[0].id", equalTo(id))
                .body("statements[0].grants[0].applied", equalTo(true))
                .body("statements[0].grants[0].model.version", equalTo("3"))
                .body("statements[0].grants[0].transfer", equalTo("none"))
                .body("statements[0].grants[0].territory", equalTo(List.of("KR")))
                .body("statements[0].grants[0].validTo", notNullValue());
        licensee()
                .asks()
                .queryParam("subject", work)
                .queryParam("use", "ai-input")
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("ask"))
                .body("statements[0].grants", nullValue());
        stranger()
                .asks()
                .queryParam("subject", work)
                .queryParam("use", "ai-training")
                .get("/v1/lookup")
                .then()
                .body("statements[0].grants", nullValue());
    }

    @Test
    void bulkLinesAndReceiptsFollowTheGrant() {
        granted();
        Map<String, Object> call = Map.of(
                "items",
                List.of(Map.of("id", "1", "subjects", List.of(work))),
                "uses",
                List.of("ai-training"),
                "receipt",
                true);
        JsonPath bulk = licensee()
                .says(call)
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertEquals("allow", bulk.getString("answers[0].verdict"));
        assertEquals(1, bulk.getList("answers[0].statements[0].grants").size());
        assertFalse(bulk.getString("receipt").isEmpty());
        String lines = given().header("Authorization", "Bearer " + licensee().key())
                .contentType("application/x-ndjson")
                .accept("application/x-ndjson")
                .body("{\"subjects\":[\"" + work + "\"]}\n")
                .post("/v1/lookups?use=ai-training&detail=verdict")
                .asString();
        assertTrue(lines.contains("\"verdict\":\"allow\""), lines);
        stranger().says(call).post("/v1/lookups").then().body("answers[0].verdict", equalTo("ask"));
    }

    @Test
    void theCallOfTheOtherClientFollowsTheGrant() {
        String url = Names.url();
        licensor().controls(url);
        licensor().declares(reserved("text-and-data-mining").of(url));
        granting(licensor(), licensee(), ofWorks(url), terms("text-and-data-mining"))
                .statusCode(201);
        String line = url.substring("url:".length());
        for (Party asker : List.of(licensee(), stranger())) {
            boolean isLicensee = asker.equals(licensee());
            given().header("Authorization", "Bearer " + asker.key())
                    .contentType("text/plain")
                    .body(line)
                    .post("/api/v2/query/urls/")
                    .then()
                    .body("urls[0].optOut", equalTo(!isLicensee))
                    .body("urls[0].optIn", equalTo(isLicensee));
        }
    }

    @Test
    void eachMomentIsReplayed() {
        long before = position();
        String id = granted();
        long during = position();
        licensor()
                .says(Map.of())
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(201);
        long after = position();
        for (int round = 0; round < 2; round++) {
            assertEquals("ask", verdict(licensee(), work, String.valueOf(before)));
            assertEquals("allow", verdict(licensee(), work, String.valueOf(during)));
            assertEquals("ask", verdict(licensee(), work, String.valueOf(after)));
            assertEquals("ask", verdict(licensee(), work));
            assertEquals("ask", verdict(stranger(), work, String.valueOf(during)));
            // The same after a restart.
            index.forget();
        }
    }

    private long position() {
        return Long.parseLong(
                given().queryParam("subject", work).get("/v1/lookup").header("Askfirst-Position"));
    }

    @Test
    void aRevocationForLaterEndsItThen() {
        String id = granted();
        Instant later = Instant.now().plus(Duration.ofDays(1));
        licensor()
                .says(Map.of("from", later.toString()))
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(201)
                .body("status", equalTo("in-force"));
        assertEquals("allow", verdict(licensee(), work));
        licensor()
                .says(Map.of("from", later.plusSeconds(1).toString()))
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(409);
        licensor()
                .says(Map.of("from", "2020-01-01T00:00:00Z"))
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(422);
        licensor()
                .says(Map.of())
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .body("status", equalTo("revoked"));
        assertEquals("ask", verdict(licensee(), work));
    }

    @Test
    void anotherGrantTakesItsPlace() {
        String id = granted();
        String next = id(licensor()
                .says(Map.of("works", ofWorks(work), "terms", terms("ai-index")))
                .post("/v1/grants/" + id + "/supersession"));
        licensee()
                .asks()
                .get("/v1/grants/" + id)
                .then()
                .body("status", equalTo("superseded"))
                .body("supersededBy", equalTo(next));
        assertEquals("ask", verdict(licensee(), work));
        licensor()
                .says(Map.of("works", ofWorks(work), "terms", terms("ai-index")))
                .post("/v1/grants/" + id + "/supersession")
                .then()
                .statusCode(409);
    }

    @Test
    void onlyTheTwoSidesSeeIt() {
        String id = granted();
        for (Party side : List.of(licensor(), licensee())) {
            side.asks()
                    .get("/v1/grants/" + id)
                    .then()
                    .statusCode(200)
                    .body("works.count", equalTo(1))
                    .body("licensorName", equalTo(nameOf(licensor())))
                    .body("licenseeName", equalTo(nameOf(licensee())));
            side.asks().get("/v1/grants/" + id + "/works").then().body("subjects", equalTo(List.of(work)));
        }
        for (String path : List.of("", "/works", "/statement")) {
            stranger().asks().get("/v1/grants/" + id + path).then().statusCode(404);
            given().get("/v1/grants/" + id + path).then().statusCode(401);
        }
        stranger()
                .says(Map.of())
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(404);
        licensee()
                .says(Map.of())
                .post("/v1/grants/" + id + "/revocation")
                .then()
                .statusCode(403);
        licensee().asks().get("/v1/grants").then().body("grants.id", equalTo(List.of(id)));
        licensor().asks().get("/v1/grants?role=licensor").then().body("grants.id", equalTo(List.of(id)));
        stranger().asks().get("/v1/grants").then().body("grants", hasSize(0));
        licensor().asks().get("/v1/grants/g_%00").then().statusCode(404);
        String feed =
                given().get("/v1/changes?limit=1000&after=" + (position() - 3)).asString();
        assertTrue(feed.contains(id), feed);
        assertFalse(feed.contains(licensee().id()), "the feed names the licensee");
    }

    private static String nameOf(Party party) {
        return party.asks().get("/v1/parties/me").then().extract().path("name");
    }

    @Test
    void aListBeginsWithTheOldestOrTheNewest() {
        String first = granted();
        String second = granted();
        int next = licensee()
                .asks()
                .get("/v1/grants?order=newest&limit=1")
                .then()
                .statusCode(200)
                .body("grants.id", equalTo(List.of(second)))
                .body("grants[0].licensorName", equalTo(nameOf(licensor())))
                .extract()
                .path("next");
        licensee()
                .asks()
                .get("/v1/grants?order=newest&limit=1&after=" + next)
                .then()
                .body("grants.id", equalTo(List.of(first)));
        licensor()
                .asks()
                .get("/v1/grants?role=licensor&order=oldest")
                .then()
                .body("grants.id", equalTo(List.of(first, second)));
        licensee().asks().get("/v1/grants?order=up").then().statusCode(422);
    }

    @Test
    void onlyWhoseStatementCountsMayGrant() {
        granting(stranger(), licensee(), ofWorks(work), terms("ai-training"))
                .statusCode(422)
                .body("errors[0].reason", equalTo("no-statement"))
                .body("errors[0].pointer", equalTo("#/works/subjects/0"));
        granting(licensor(), licensor(), ofWorks(work), terms("ai-training")).statusCode(422);
        granting(licensor(), licensee(), Map.of(), terms("ai-training")).statusCode(422);
        Map<String, Object> forEver = new HashMap<>(terms("ai-training"));
        forEver.remove("validTo");
        granting(licensor(), licensee(), ofWorks(work), forEver)
                .statusCode(422)
                .body("errors[0].detail", containsString("ever"));
    }

    @Test
    void aStrangerCannotGrantItselfWhatNobodyDeclared() {
        String unclaimed = Names.file();
        stranger().reserves(unclaimed);
        granting(stranger(), licensee(), ofWorks(unclaimed), terms("ai-training"))
                .statusCode(201);
        licensee()
                .asks()
                .queryParam("subject", unclaimed)
                .queryParam("use", "ai-training")
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("deny"))
                .body("statements[0].grants[0].applied", equalTo(false))
                .body("statements[0].grants[0].notAppliedReason", equalTo("no-standing"));
    }

    @Test
    void declarationsAndEverythingAreWorks() {
        granting(licensor(), licensee(), Map.of("declarations", List.of(declaration)), terms("ai-training"))
                .statusCode(201)
                .body("works.count", equalTo(1));
        assertEquals("allow", verdict(licensee(), work));
        String second = Names.file();
        licensor().controls(second);
        licensor().declares(reserved("ai-training").of(second));
        assertEquals("ask", verdict(licensee(), second));
        granting(licensor(), licensee(), Map.of("everything", true), terms("ai-training"))
                .statusCode(201);
        assertEquals("allow", verdict(licensee(), second));
    }

    @Test
    void theEndOfAMandateEndsWhatRestsOnIt() {
        Party member = Party.open();
        Party society = Party.openReachable();
        String song = Names.file();
        society.controls(song);
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        member.acceptsMandate(mandate);
        society.declares(reserved("text-and-data-mining").of(song).under(mandate));
        granting(society, licensee(), ofWorks(song), terms("ai-training")).statusCode(201);
        assertEquals("allow", verdict(licensee(), song));
        long before = position();
        member.endsMandate(mandate);
        assertNotEquals("allow", verdict(licensee(), song));
        assertEquals("allow", verdict(licensee(), song, String.valueOf(before)));
    }

    @Test
    void theMembersOwnWordEndsWhatRestsOnIt() {
        Party member = Party.openReachable();
        Party society = Party.openReachable();
        String song = Names.file();
        society.controls(song);
        String mandate = society.offersMandate(Offer.toMember(member)).id();
        member.acceptsMandate(mandate);
        society.declares(reserved("text-and-data-mining").of(song).under(mandate));
        granting(society, licensee(), ofWorks(song), terms("ai-training")).statusCode(201);
        assertEquals("allow", verdict(licensee(), song));
        long before = position();
        member.reserves(song);
        assertEquals("ask", verdict(licensee(), song));
        assertEquals("allow", verdict(licensee(), song, String.valueOf(before)));
    }

    @Test
    void theSameRequestGivesOneGrant() {
        Map<String, Object> request =
                Map.of("licensee", licensee().id(), "works", ofWorks(work), "terms", terms("ai-training"));
        String key = "k-" + work.hashCode();
        String first =
                id(licensor().says(request).header("Idempotency-Key", key).post("/v1/grants"));
        assertEquals(
                first,
                id(licensor().says(request).header("Idempotency-Key", key).post("/v1/grants")));
        licensee().asks().get("/v1/grants").then().body("grants", hasSize(1));
    }

    @Test
    void aChangedRecordDiffersFromItsEntry() throws SQLException {
        String id = granted();
        GrantId grant = GrantId.parse(id).orElseThrow();
        assertFalse(differing().contains(grant));
        String row = "grant_record set ";
        for (String change : List.of(
                row + "licensee = gen_random_uuid()",
                row + "licensor = gen_random_uuid()",
                row + "everything = true",
                row + "works = 2",
                row + "schemes = schemes | 1",
                row + "terms = replace(terms, '500', '5')",
                row + "erased = true",
                row + "salts = set_byte(salts, 20, 255 - get_byte(salts, 20))",
                "grant_work set subjects = replace(subjects, 'sha256:', 'sha256:0')",
                "grant_work set subjects = 'x' || subjects",
                "grant_work set keys = set_byte(keys, 3, 255 - get_byte(keys, 3))",
                "grant_work set part = 1")) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                String where = " where " + (change.startsWith(row) ? "id" : "grant_id") + " = '" + grant.number() + "'";
                statement.execute(
                        "create table saved_record as select * from grant_record where id = '" + grant.number() + "'");
                statement.execute("create table saved_work as select * from grant_work where grant_id = '"
                        + grant.number() + "'");
                try {
                    assertEquals(1, statement.executeUpdate("update " + change + where), change);
                    assertTrue(differing().contains(grant), change);
                } finally {
                    statement.execute("delete from grant_record where id = '" + grant.number() + "'");
                    statement.execute("insert into grant_record select * from saved_record");
                    statement.execute("insert into grant_work select * from saved_work");
                    statement.execute("drop table saved_record, saved_work");
                }
            }
        }
        assertFalse(differing().contains(grant));
    }

    private List<GrantId> differing() throws SQLException {
        GrantRecords.Compared compared = records.compare();
        assertTrue(compared.compared() > 0);
        return compared.differing();
    }

    @Test
    void aSuspendedLicensorsGrantIsRefused() {
        OperatorClient.ofService().decides(licensor(), "suspended");
        granting(licensor(), licensee(), ofWorks(work), terms("ai-training")).statusCode(403);
    }

    @Test
    void noSharedCacheMixesTheAnswers() throws IOException, InterruptedException {
        granted();
        String target = "/v1/lookup?detail=verdict&use=ai-training&subject=" + work;
        URI origin = URI.create("http://localhost:" + io.restassured.RestAssured.port);
        try (CachingProxy proxy = CachingProxy.before(origin)) {
            HttpClient client = HttpClient.newHttpClient();
            for (int round = 0; round < 2; round++) {
                assertTrue(through(proxy, client, target, null).body().contains("\"verdict\":\"ask\""));
                HttpResponse<String> own =
                        through(proxy, client, target, licensee().key());
                assertTrue(own.body().contains("\"verdict\":\"allow\""), own::body);
                assertTrue(own.headers().firstValue("Cache-Control").orElse("").contains("private"));
                assertTrue(own.headers().firstValue("Vary").orElse("").contains("Authorization"));
                assertTrue(
                        through(proxy, client, target, stranger().key()).body().contains("\"verdict\":\"ask\""));
                assertTrue(through(proxy, client, target, null).body().contains("\"verdict\":\"ask\""));
            }
            assertEquals(3, proxy.hits(), "the answers to askers without a key were cached");
            assertNotEquals(
                    through(proxy, client, target, null).headers().firstValue("ETag"),
                    through(proxy, client, target, licensee().key()).headers().firstValue("ETag"));
        }
    }

    private static HttpResponse<String> through(
            CachingProxy proxy, HttpClient client, String target, @org.jspecify.annotations.Nullable String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(proxy.address() + target));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aStatementIsCheckedOffline(@TempDir Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                runs("python3", "--version") && runs("openssl", "version"), "this needs python3 and openssl");
        String id = granted();
        String statement = licensee()
                .asks()
                .get("/v1/grants/" + id + "/statement")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        Path file = Files.writeString(folder.resolve("statement.json"), statement);
        Path keys = Files.writeString(
                folder.resolve("keys.json"),
                given().get("/.well-known/jwks.json").asString());
        Path log = Files.writeString(
                folder.resolve("log.key"), given().get("/log/verifier-key").asString());
        Path works = Files.writeString(folder.resolve("works.txt"), work + "\n");
        String valid = check(file, keys, log, works);
        assertTrue(valid.startsWith("VALID: " + licensor().id()), valid);
        assertTrue(valid.contains("Works: checked"), valid);
        Files.writeString(works, Names.file() + "\n");
        assertTrue(check(file, keys, log, works).contains("worksCommitment"));
        Files.writeString(file, statement.replaceFirst("\"jws\":\"([^.]+\\.)(..)", "\"jws\":\"$1AA"));
        assertFalse(check(file, keys, log).contains("VALID: p_"), "a changed statement is accepted");
        given().contentType("application/json")
                .body(Map.of("receipt", JsonPath.from(statement).getString("jws")))
                .post("/v1/receipts/verify")
                .then()
                .body("kind", equalTo("grant"));
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException | InterruptedException absent) {
            return false;
        }
    }

    private static String check(Path... files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "python3", Checkout.at("docs", "tools", "check-grant.py").toString()));
        for (Path one : files) {
            command.add(one.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return output;
    }
}
