package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two mirrors follow a registry. The registry is killed: they answer until their copy expires, and then refuse. When it
 * is back, they answer again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MirrorIT {
    private static final int WORKS = 300;

    /** Long enough for a mirror to start on a slow machine. */
    private static final String VALID_FOR = "60S";

    private static final int MISDIRECTED = 421;
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final String ASKED = "?detail=verdict&subject=";

    private final ObjectMapper json = new ObjectMapper();
    private final Service origin = Service.inEmptyFolder()
            .onNewestJava()
            .with("ASKFIRST_SNAPSHOT_EVERY", "1S")
            .with("ASKFIRST_SNAPSHOT_VALID_FOR", VALID_FOR);
    private final Service first = Service.inEmptyFolder();
    private final Service second = Service.inEmptyFolder().onNewestJava();
    private String party = "";

    @BeforeAll
    void start() {
        origin.start();
        Matcher key = KEY.matcher(
                post(origin, "/v1/parties", "application/json", Bodies.text(Map.of("name", "하늘", "kind", "creator")))
                        .body());
        assertTrue(key.find());
        party = key.group();
        List<Draft> lines = new ArrayList<>();
        for (int work = 0; work < WORKS; work++) {
            Draft draft = work % 2 == 0
                    ? Draft.reserved("ai-training")
                    : Draft.permittedWithTerms("ai-training")
                            .with(Draft.terms().contact("mailto:rights@haneul.example"));
            lines.add(draft.of(subject(work)));
        }
        HttpResponse<String> declared =
                post(origin, "/v1/declarations/batch", "application/x-ndjson", Bodies.lines(lines));
        assertEquals(200, declared.statusCode(), declared.body());
        assertFalse(declared.body().contains("problem"), declared.body());
        String logKey = origin.send(HttpRequest.newBuilder(origin.uri("/log/verifier-key")))
                .body()
                .strip();
        String source = origin.uri("/snapshot/").toString();
        first.with("ASKFIRST_MIRROR_KEY", logKey)
                .with("ASKFIRST_MIRROR_EVERY", "1S")
                .as("--mirror=" + source);
        second.with("ASKFIRST_MIRROR_KEY", logKey)
                .with("ASKFIRST_MIRROR_EVERY", "1S")
                .with("ASKFIRST_MIRROR_SOURCE", source);
        first.start();
        second.start();
    }

    @AfterAll
    void close() {
        first.close();
        second.close();
        origin.close();
    }

    private static String subject(int work) {
        return work % 3 == 0
                ? "url:https://gallery" + work % 7 + ".example.com/art/" + work
                : "doi:10.5555/work." + work;
    }

    private HttpResponse<String> post(Service to, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(to.uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!party.isEmpty() && to == origin) {
            request.header("Authorization", "Bearer " + party);
        }
        return to.send(request);
    }

    private static HttpResponse<String> get(Service from, String path) {
        return from.send(HttpRequest.newBuilder(from.uri(path)));
    }

    private static HttpResponse<String> lookUp(Service from, String subject) {
        return get(from, "/v1/lookup" + ASKED + URLEncoder.encode(subject, StandardCharsets.UTF_8));
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(120);
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), what);
            Service.pause();
        }
    }

    private static long position(HttpResponse<String> answer) {
        Optional<String> position = answer.headers().firstValue("Askfirst-Position");
        return position.map(Long::parseLong).orElse(-1L);
    }

    /** Waits until the mirror is where the registry is. */
    private void awaitCurrent(Service mirror) {
        long end = position(lookUp(origin, subject(0)));
        await("the mirror follows", () -> position(lookUp(mirror, subject(0))) == end);
    }

    @Test
    @Order(1)
    void mirrorsAnswerAsTheRegistryDoes() throws IOException {
        for (Service mirror : List.of(first, second)) {
            awaitCurrent(mirror);
            List<Map<String, Object>> items = new ArrayList<>();
            for (int work = 0; work < 2 * WORKS; work++) {
                items.add(Map.of("id", String.valueOf(work), "subjects", List.of(subject(work))));
                if (work % 50 == 0) {
                    HttpResponse<String> expected = lookUp(origin, subject(work));
                    HttpResponse<String> answered = lookUp(mirror, subject(work));
                    assertEquals(200, answered.statusCode());
                    assertEquals(expected.body(), answered.body());
                    assertEquals(
                            expected.headers().firstValue("ETag"),
                            answered.headers().firstValue("ETag"));
                }
            }
            String asked = Bodies.text(Map.of("items", items, "detail", "verdict"));
            JsonNode expected = json.readTree(
                    post(origin, "/v1/lookups", "application/json", asked).body());
            JsonNode answered = json.readTree(
                    post(mirror, "/v1/lookups", "application/json", asked).body());
            assertEquals(2 * WORKS, answered.path("answers").size());
            assertEquals(expected.path("answers"), answered.path("answers"));
            assertEquals(expected.path("position"), answered.path("position"));
            assertEquals(
                    get(origin, "/v1/range/7f").body(),
                    get(mirror, "/v1/range/7f").body());
            assertTrue(get(mirror, "/v1/range/7f").body().contains("\"prefix\":\"7f\""));
        }
    }

    @Test
    @Order(2)
    void whatIsDeclaredReachesThem() {
        String work = "url:https://new.example.com/1";
        HttpResponse<String> declared = post(
                origin,
                "/v1/declarations",
                "application/json",
                Draft.reserved("ai-training").of(work).toString());
        assertEquals(201, declared.statusCode(), declared.body());
        for (Service mirror : List.of(first, second)) {
            await("it is found", () -> lookUp(mirror, work).body().contains("\"verdict\":\"deny\""));
        }
    }

    @Test
    @Order(3)
    void whatOnlyTheRegistryHasIsRefused() {
        String one = ASKED + "doi:10.5555/work.1";
        for (String path : List.of(
                "/v1/lookup?subject=doi:10.5555/work.1",
                "/v1/lookup" + one + "&asOf=1",
                "/",
                "/log/checkpoint",
                "/v1/changes",
                "/snapshot/catalog.json")) {
            assertMisdirected(get(first, path));
        }
        assertMisdirected(
                first.send(HttpRequest.newBuilder(first.uri("/v1/lookup" + one)).header("Authorization", "Bearer x")));
        String items = "{\"items\":[{\"subjects\":[\"doi:10.5555/work.1\"]}],\"detail\":\"verdict\"";
        assertMisdirected(post(first, "/v1/lookups", "application/json", items + ",\"receipt\":true}"));
        assertMisdirected(post(first, "/v1/lookups?receipt=true", "application/json", items + "}"));
        assertMisdirected(post(
                first,
                "/v1/lookups?receipt=true&detail=verdict",
                "application/x-ndjson",
                "{\"subjects\":[\"doi:10.5555/work.1\"]}"));
        assertMisdirected(post(first, "/v1/declarations", "application/json", "{}"));
        assertMisdirected(post(first, "/api/v2/query/urls", "text/plain", "https://example.com/"));
        assertMisdirected(post(first, "/v1/parties", "application/json", "{}"));
        assertEquals(
                422,
                get(first, "/v1/lookup" + ASKED + "isbn:1").statusCode(),
                "nonsense is refused as it is elsewhere");
    }

    private static void assertMisdirected(HttpResponse<String> answer) {
        assertEquals(MISDIRECTED, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("https://askfirst.org/problems/misdirected"), answer.body());
        assertFalse(answer.body().contains("\"verdict\""), answer.body());
    }

    @Test
    @Order(4)
    void aCopyThatSomebodyChangedIsFetchedAgain() throws IOException {
        awaitCurrent(first);
        Path release;
        try (Stream<Path> files = Files.list(first.folder().resolve("data/mirror/releases"))) {
            release = files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel file = FileChannel.open(release, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[4096]), 4096);
        }
        await("the damage is noticed", () -> first.output().contains("was changed, cut short or removed"));
        await("the file is fetched again", () -> lookUp(first, subject(0)).statusCode() == 200);
        assertEquals(
                lookUp(origin, subject(0)).body(), lookUp(first, subject(0)).body());
        assertEquals(
                "no-cache",
                lookUp(first, subject(0)).headers().firstValue("Cache-Control").orElse(""));
    }

    @Test
    @Order(5)
    void withoutTheRegistryTheyAnswerUntilTheCopyExpires() throws IOException {
        awaitCurrent(first);
        awaitCurrent(second);
        origin.kill();
        Instant killed = Instant.now();
        second.stop();
        second.start();
        for (Service mirror : List.of(first, second)) {
            HttpResponse<String> answer = lookUp(mirror, subject(0));
            assertTrue(
                    answer.statusCode() == 200 || Instant.now().isAfter(killed.plusSeconds(55)),
                    "they need no registry for an answer: " + answer.body());
        }
        for (Service mirror : List.of(first, second)) {
            await("the copy expires", () -> lookUp(mirror, subject(0)).statusCode() != 200);
            assertTrue(Instant.now().isAfter(killed.plusSeconds(50)), "not before its time");
            HttpResponse<String> refused = lookUp(mirror, subject(0));
            assertEquals(503, refused.statusCode());
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertFalse(refused.body().contains("\"verdict\""), refused.body());
            assertEquals(503, get(mirror, "/v1/range/7f").statusCode());
            assertEquals(
                    503,
                    post(
                                    mirror,
                                    "/v1/lookups?detail=verdict",
                                    "application/json",
                                    "{\"items\":[{\"subjects\":[\"doi:10.5555/work.1\"]}]}")
                            .statusCode());
            assertEquals(503, mirror.readiness().statusCode());
        }
    }

    @Test
    @Order(6)
    void whenTheRegistryIsBackTheyAnswerAgain() throws IOException {
        origin.start();
        for (Service mirror : List.of(first, second)) {
            await("it answers again", () -> lookUp(mirror, subject(0)).statusCode() == 200);
            assertEquals(200, mirror.readiness().statusCode());
            assertEquals(Service.TERMINATED, mirror.stop());
            assertEquals("", mirror.errors());
            assertFalse(mirror.output().contains("Exception"), mirror.output());
            assertFalse(Files.exists(mirror.folder().resolve("data/database")), "no database was made");
        }
    }

    @Test
    @Order(7)
    void aMirrorWithoutAKeyDoesNotStart() {
        first.without("ASKFIRST_MIRROR_KEY").launch();
        assertEquals(2, first.awaitEnd());
        assertTrue(first.errors().startsWith("Ask First cannot start: a mirror needs"), first.errors());
        assertEquals(1, first.errors().lines().count(), first.errors());
        for (String source : List.of("registry.example/snapshot", "https://user:password@registry.example/", "")) {
            first.with("ASKFIRST_MIRROR_KEY", "x").as("--mirror=" + source).launch();
            assertEquals(2, first.awaitEnd(), source);
        }
        first.as("--mirror=https://registry.invalid/snapshot/").launch();
        assertEquals(1, first.awaitEnd());
        assertTrue(first.errors().startsWith("Ask First cannot start: the copy"), first.errors());
        assertEquals(1, first.errors().lines().count(), first.errors());
    }
}
