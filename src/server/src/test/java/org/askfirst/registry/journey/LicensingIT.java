package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way from a question to an agreement and back: a crawler asks for 10,000 works of two societies and a novelist.
 * The first society accepts by its offer, the second makes a counter-offer, and the novelist never answers. The crawler
 * uses its grants and reports what it used, and one is revoked. Then every day is replayed, and checked with public keys
 * alone.
 */
class LicensingIT {
    private static final int SONGS = 6_000;
    private static final int POEMS = 3_990;
    private static final int NOVELS = 10;
    private static final int WORKS = SONGS + POEMS + NOVELS;
    private static final int MISMATCH = 3;
    private static final String USE = "generative-ai-training";
    private static final String SONG = "https://songs.licensing.example.com/1";

    private static final Map<String, Object> WANTED = Map.of(
            "uses",
            List.of(USE),
            "model",
            Map.of("scope", "model-version", "name", "Hangang", "version", "2"),
            "validTo",
            "2999-01-01T00:00:00Z");

    private final Service service = Service.inEmptyFolder();
    private String operator = "";
    private final Registry registry = Registry.at(service::port, () -> operator);
    private final List<Day> days = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    /**
     * A day of the journey.
     *
     * @param asOf position and moment of a lookup on that day
     * @param allowed the works that the crawler could use
     */
    private record Day(String asOf, long allowed) {}

    private static List<String> works() {
        List<String> works = new ArrayList<>();
        IntStream.rangeClosed(1, SONGS)
                .forEach(number -> works.add("url:https://songs.licensing.example.com/" + number));
        IntStream.rangeClosed(1, POEMS)
                .forEach(number -> works.add("url:https://poems.licensing.example.net/" + number));
        IntStream.rangeClosed(1, NOVELS).forEach(number -> works.add("doi:10.1000/novel-" + number));
        return works;
    }

    private static List<Object> items() {
        List<Object> items = new ArrayList<>();
        works().forEach(work -> items.add(Map.of("id", String.valueOf(items.size()), "subjects", List.of(work))));
        return items;
    }

    private Party opens(String name, String kind) {
        return registry.opens(Map.of("name", name, "kind", kind, "contact", "mailto:licenses@example.com"));
    }

    @Test
    void theWholeWayInBothDirections() throws Exception {
        try (service) {
            service.start();
            operator = service.operatorKey();
            Party composers = opens("한국음악협회", "society");
            Party poets = opens("한국문예협회", "society");
            Party novelist = opens("김하늘", "creator");
            Party crawler = registry.opens(Map.of("name", "Example Crawler", "kind", "crawler"));
            Party stranger = registry.opens(Map.of("name", "Another Crawler", "kind", "crawler"));
            declare(composers, poets, novelist);
            String offer = offer(composers);
            passes(crawler, stranger, 0);

            JsonPath one = crawler.asks()
                    .queryParam("subject", "url:" + SONG)
                    .queryParam("use", USE)
                    .get("/v1/lookup")
                    .jsonPath();
            assertEquals("ask", one.getString("verdict"));
            assertEquals(offer, one.getString("offers[0].id"));
            assertEquals("automatic", one.getString("offers[0].acceptance"));

            JsonPath made = crawler.says(Map.of(
                            "items",
                            items(),
                            "terms",
                            WANTED,
                            "offers",
                            List.of(offer),
                            "purpose",
                            "A language model."))
                    .post("/v1/license-requests")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            assertEquals(3, made.getList("requests").size());
            assertEquals(0, made.getList("skipped").size());
            String fromComposers = request(made, composers);
            String fromPoets = request(made, poets);
            String fromNovelist = request(made, novelist);
            String ofSongs = grant(crawler, fromComposers);
            passes(crawler, stranger, SONGS);

            Map<String, Object> terms = new TreeMap<>(WANTED);
            terms.put(
                    "price", Map.of("basis", "revenue-share", "percent", "3", "amount", "5000000", "currency", "KRW"));
            steps(poets, fromPoets, Map.of("step", "counter", "terms", terms, "message", "우리의 조건입니다."));
            passes(crawler, stranger, SONGS);
            assertEquals(
                    "3",
                    crawler.asks()
                            .get("/v1/license-requests/" + fromPoets)
                            .jsonPath()
                            .getString("terms.price.percent"));
            steps(crawler, fromPoets, Map.of("step", "accept"));
            String ofPoems = grant(crawler, fromPoets);
            passes(crawler, stranger, SONGS + POEMS);

            // The thirty days of the novelist pass.
            change("update license_state set ends_at = ends_at - interval '31 days' where state = 'waiting'");
            assertEquals(
                    "unanswered",
                    crawler.asks()
                            .get("/v1/license-requests/" + fromNovelist)
                            .jsonPath()
                            .getString("status"));
            String silence = crawler.asks()
                    .get("/v1/license-requests/" + fromNovelist + "/unanswered")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("jws");
            passes(crawler, stranger, SONGS + POEMS);
            change("update license_state set ends_at = ends_at + interval '31 days' where state = 'waiting'");

            String report = reports(crawler, composers, ofSongs);
            String token = token(crawler, ofSongs);
            assertTrue(introspected(composers, token).getBoolean("permitted"));
            composers
                    .says(Map.of())
                    .post("/v1/grants/" + ofSongs + "/revocation")
                    .then()
                    .statusCode(201);
            assertFalse(introspected(composers, token).getBoolean("active"));
            passes(crawler, stranger, POEMS);

            service.kill();
            service.start();
            replay(crawler, stranger);
            checkOffline(crawler, List.of(ofSongs, ofPoems), report, silence);
            verify(ofPoems);
        }
    }

    private void declare(Party composers, Party poets, Party novelist) {
        registry.operator()
                .recordingControl(composers, "domain:songs.licensing.example.com")
                .statusCode(201);
        registry.operator()
                .recordingControl(poets, "domain:poems.licensing.example.net")
                .statusCode(201);
        composers.declares(reserved("text-and-data-mining").of("domain:songs.licensing.example.com"));
        poets.declares(reserved("text-and-data-mining").of("domain:poems.licensing.example.net"));
        novelist.declares(reserved("text-and-data-mining")
                .of(works().subList(SONGS + POEMS, WORKS).toArray(String[]::new)));
    }

    private static String offer(Party composers) {
        return Answers.id(composers
                .says(Map.of(
                        "terms",
                        Map.of(
                                "uses",
                                List.of("ai-training"),
                                "model",
                                Map.of("scope", "model-version"),
                                "price",
                                Map.of("basis", "per-work", "amount", "100", "currency", "KRW"),
                                "reporting",
                                "quarter"),
                        "acceptance",
                        "automatic"))
                .post("/v1/offers")
                .then()
                .statusCode(201));
    }

    private static String request(JsonPath made, Party licensor) {
        return made.param("licensor", licensor.id()).getString("requests.find { it.licensor == licensor }.id");
    }

    private static String grant(Party crawler, String request) {
        JsonPath granted = crawler.asks().get("/v1/license-requests/" + request).jsonPath();
        assertEquals("granted", granted.getString("status"));
        return granted.getString("grant");
    }

    private static void steps(Party party, String request, Map<String, ?> step) {
        party.says(step)
                .post("/v1/license-requests/" + request + "/steps")
                .then()
                .statusCode(200);
    }

    /** A day passes: the crawler looks up everything, and so does a stranger. */
    private void passes(Party crawler, Party stranger, long allowed) {
        Response answer = looksUp(crawler, Map.of());
        assertEquals(allowed, allowed(answer));
        assertEquals(0, allowed(looksUp(stranger, Map.of())));
        days.add(new Day(answer.header("Askfirst-As-Of"), allowed));
    }

    private static Map<String, Object> call(Map<String, ?> more) {
        Map<String, Object> call = new TreeMap<>(Map.of("items", items(), "uses", List.of(USE), "detail", "verdict"));
        call.putAll(more);
        return call;
    }

    private static Response looksUp(Party asker, Map<String, ?> more) {
        return asker.says(call(more))
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    private static long allowed(Response answer) {
        List<String> verdicts = answer.jsonPath().getList("answers.verdict");
        assertEquals(WORKS, verdicts.size());
        long allowed = verdicts.stream().filter("allow"::equals).count();
        assertEquals(WORKS - allowed, verdicts.stream().filter("ask"::equals).count());
        return allowed;
    }

    private void replay(Party crawler, Party stranger) {
        assertEquals(6, days.size());
        for (Day day : days) {
            assertEquals(day.allowed(), allowed(looksUp(crawler, Map.of("asOf", day.asOf()))), day.asOf());
            assertEquals(0, allowed(looksUp(stranger, Map.of("asOf", day.asOf()))));
        }
    }

    /** The crawler reports each song, one of them twice, and a novel that nobody granted. Returns the report's path. */
    private static String reports(Party crawler, Party composers, String grant) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String report = "/v1/grants/" + grant + "/reports/" + today.getYear() + "-Q"
                + today.get(IsoFields.QUARTER_OF_YEAR) + "/1";
        List<String> works = new ArrayList<>(works().subList(0, SONGS));
        works.add(works.get(0));
        works.add(works().get(WORKS - 1));
        String lines =
                works.stream().map(work -> "{\"work\":\"" + work + "\"}\n").collect(Collectors.joining());
        crawler.says(Map.of()).put(report).then().statusCode(200);
        crawler.asks()
                .contentType("application/x-ndjson")
                .queryParam("after", 0)
                .body(lines.getBytes(StandardCharsets.UTF_8))
                .patch(report + "/lines")
                .then()
                .statusCode(200);
        JsonPath filed = crawler.says(Map.of("lines", works.size()))
                .put(report + "/filing")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertEquals(SONGS, filed.getInt("verdicts.accepted"));
        assertEquals(1, filed.getInt("verdicts.duplicate"));
        assertEquals(1, filed.getInt("verdicts.outside-grant"));
        // 6,000 works at 100 won.
        assertEquals("600000", filed.getString("due"));
        assertEquals(
                crawler.asks().get(report + "/statement").asString(),
                composers.asks().get(report + "/statement").asString());
        return report;
    }

    private String token(Party crawler, String grant) {
        String license = "<license xmlns:af=\"https://askfirst.org/ns/rsl\"><permits type=\"usage\">af:" + USE
                + "</permits><payment type=\"purchase\"><standard>" + service.uri("/v1/grants/" + grant)
                + "</standard></payment></license>";
        return olp(
                        crawler,
                        "/olp/token",
                        Map.of("grant_type", "client_credentials", "resource", SONG, "license", license))
                .getString("access_token");
    }

    private JsonPath introspected(Party reader, String token) {
        return olp(reader, "/olp/introspect", Map.of("token", token, "resource", SONG));
    }

    private JsonPath olp(Party client, String path, Map<String, String> parameters) {
        List<String> form = new ArrayList<>();
        parameters.forEach((name, value) -> form.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String credentials =
                Base64.getEncoder().encodeToString((client.id() + ":" + client.key()).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", form))));
        assertEquals(200, answer.statusCode(), answer::body);
        return JsonPath.from(answer.body());
    }

    /** Checks the grants, each day and the silence with public keys alone. */
    private void checkOffline(Party crawler, List<String> grants, String report, String silence) throws Exception {
        Loudly.assume(
                runs("python3", "--version") && runs("openssl", "version"),
                "the offline checks: install python3 and openssl");
        Path keys = write(
                "keys.json", registry.anybody().get("/.well-known/jwks.json").asString());
        Path log = write("log.key", registry.anybody().get("/log/verifier-key").asString());
        for (String grant : grants) {
            Path statement = write(
                    "statement.json",
                    crawler.asks().get("/v1/grants/" + grant + "/statement").asString());
            List<String> lines = crawler.asks()
                    .queryParam("limit", 10_000)
                    .get("/v1/grants/" + grant + "/works")
                    .jsonPath()
                    .getList("subjects");
            Path list = write("works.txt", String.join("\n", lines) + "\n");
            String checked = check("check-grant.py", statement, keys, log, list);
            assertTrue(checked.startsWith("VALID: ") && checked.contains("Works: checked"), checked);
        }
        Path due = write(
                "due.json", crawler.asks().get(report + "/statement/signed").asString());
        String stated = check("check-grant.py", due, keys, log);
        assertTrue(stated.startsWith("VALID: ") && stated.contains("600000"), stated);
        for (Day day : days) {
            Map<String, Object> call = call(Map.of("asOf", day.asOf(), "receipt", true));
            Response answer = crawler.says(call).post("/v1/lookups");
            assertEquals(day.allowed(), allowed(answer));
            Path receipt = write("receipt", answer.jsonPath().getString("receipt"));
            Path asked = write("request.json", Bodies.text(call));
            Path answered = write("answer.json", answer.asString());
            String checked = check("check-receipt.py", receipt, keys, asked, answered);
            assertTrue(checked.startsWith("VALID: "), checked);
            write("answer.json", answer.asString().replaceFirst("\"verdict\":\"ask\"", "\"verdict\":\"allow\""));
            String forged = check("check-receipt.py", receipt, keys, asked, answered);
            assertTrue(forged.contains("NOT VALID: the receipt is for another answer"), forged);
        }
        String checked = check("check-receipt.py", write("receipt", silence), keys);
        assertTrue(checked.startsWith("VALID: ") && checked.contains("licensor did not answer"), checked);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static boolean runs(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException | InterruptedException absent) {
            return false;
        }
    }

    private static String check(String tool, Path... files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("python3", Checkout.at("docs", "tools", tool).toString()));
        for (Path file : files) {
            command.add(file.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return output;
    }

    /** The command verify finds a work that somebody wrote into a grant. */
    private void verify(String grant) throws SQLException {
        assertEquals(Service.TERMINATED, service.stop());
        assertEquals(0, service.run("verify"), service.output() + service.errors());
        assertTrue(service.output().contains("  grants       2, each equals"), service.output());
        service.start();
        change("update grant_work set subjects = replace(subjects, 'net/1' || chr(10), 'net/0' || chr(10))");
        assertEquals(Service.TERMINATED, service.stop());
        assertEquals(MISMATCH, service.run("verify"), service.output());
        assertTrue(
                service.errors().contains("differ from the commitments of their entries: [" + grant), service::errors);
    }

    private void change(String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(service.databaseUrl(), "askfirst", service.databasePassword());
                Statement changing = connection.createStatement()) {
            assertTrue(changing.executeUpdate(statement) > 0, statement);
        }
    }
}
