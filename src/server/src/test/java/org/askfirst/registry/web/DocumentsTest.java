package org.askfirst.registry.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.problem.Problem;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** The registry serves the documents that it names, and those that programs look for. */
@QuarkusTest
class DocumentsTest extends RegistryTest {
    private static final String KOREAN = "ko-KR,ko;q=0.9,en;q=0.8";
    private static final String ENGLISH = "en-GB,en;q=0.9,ko;q=0.2";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();

    private HttpResponse<String> get(String path, String accept, String language)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                        .header("Accept", accept)
                        .header("Accept-Language", language)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String type(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    }

    @Test
    void everyProblemHasAPageInBothLanguages() throws Exception {
        for (Problem problem : Problem.values()) {
            String path = "/problems/" + problem.slug();
            HttpResponse<String> english = get(path, "text/html", ENGLISH);
            HttpResponse<String> korean = get(path, "text/html", KOREAN);
            for (HttpResponse<String> page : List.of(english, korean)) {
                assertEquals(200, page.statusCode(), path);
                assertEquals("text/html", type(page));
                assertTrue(page.body().contains("<code>" + problem.status() + " " + problem.slug()), page.body());
                assertFalse(page.body().contains("style="), "an inline style would be refused");
                assertTrue(page.headers().firstValue("Vary").orElse("").contains("Accept-Language"));
                assertTrue(page.headers()
                        .firstValue("Content-Security-Policy")
                        .orElse("")
                        .startsWith("default-src 'none'"));
            }
            assertTrue(english.body().contains("<html lang=\"en\">"), path);
            assertTrue(english.body().contains(">" + Markdown.escape(problem.title()) + "</h1>"), path);
            assertTrue(korean.body().contains("<html lang=\"ko\">"), path);
            assertFalse(korean.body().contains(problem.title()), path);
            assertTrue(get(path + "?lang=ko", "text/html", ENGLISH).body().contains("lang=\"ko\""), path);

            JsonNode json =
                    mapper.readTree(get(path, "application/json", ENGLISH).body());
            assertEquals(problem.type(), json.path("type").asText());
            assertEquals(problem.title(), json.path("title").asText());
            assertEquals(problem.status(), json.path("status").asInt());
            assertEquals("text/markdown", type(get(path, "*/*", "*")));
        }
        HttpResponse<String> all = get("/problems", "text/html", ENGLISH);
        for (Problem problem : Problem.values()) {
            assertTrue(all.body().contains("/problems/" + problem.slug() + "\""), problem.slug());
        }
        assertEquals(404, get("/problems/none-such", "*/*", "*").statusCode());
    }

    @Test
    void bothLanguagesHaveTheSameProblemsInTheSameOrder() {
        List<String> english =
                List.copyOf(ProblemPages.sections("/docs/problems.md").keySet());
        assertEquals(Stream.of(Problem.values()).map(Problem::slug).toList(), english);
        assertEquals(
                english,
                List.copyOf(ProblemPages.sections("/docs/problems.ko.md").keySet()));
    }

    @Test
    void everyDocumentThatTheContractNamesIsServed() throws Exception {
        int named = 0;
        for (Matcher document = Pattern.compile("`(/docs/[a-z/]+(?:\\.md)?)`")
                        .matcher(Files.readString(Checkout.at("openapi.yaml")));
                document.find(); ) {
            if (document.group(1).endsWith(".md")) {
                HttpResponse<String> answer = get(document.group(1), "*/*", "*");
                assertEquals(200, answer.statusCode(), document.group(1));
                assertEquals("text/markdown", type(answer));
                named++;
            }
        }
        assertTrue(named >= 5);
        try (Stream<Path> formats = Files.list(Checkout.at("docs", "formats"))) {
            for (Path file : formats.toList()) {
                HttpResponse<String> answer = get("/docs/formats/" + file.getFileName(), "text/html,*/*", "*");
                assertEquals(Files.readString(file), answer.body());
            }
        }
        assertEquals(404, get("/docs/operations.md", "*/*", "*").statusCode());
    }

    @Test
    void robotsAndModelsFindTheirWay() throws Exception {
        HttpResponse<String> robots = get("/robots.txt", "*/*", "*");
        assertEquals("text/plain", type(robots));
        assertTrue(robots.body().contains("\nUser-agent: *\nAllow: /\n"), robots.body());

        String guide = get("/llms.txt", "*/*", "*").body();
        assertTrue(guide.startsWith("# Ask First\n\n> "), guide);
        int links = 0;
        for (Matcher link = Pattern.compile("]\\((http://localhost:\\d+)(/[^)]+)\\)")
                        .matcher(guide);
                link.find(); ) {
            assertEquals(200, get(link.group(2), "text/html,*/*", "*").statusCode(), link.group(2));
            links++;
        }
        assertTrue(links >= 8, guide);

        HttpResponse<String> catalog = get("/.well-known/api-catalog", "*/*", "*");
        assertEquals("application/linkset+json", type(catalog));
        JsonNode linkset = mapper.readTree(catalog.body()).path("linkset").path(0);
        for (String relation : List.of("service-desc", "service-doc")) {
            for (JsonNode target : linkset.path(relation)) {
                String path = URI.create(target.path("href").asText()).getPath();
                HttpResponse<String> answer = get(path, target.path("type").asText(), "*");
                assertEquals(200, answer.statusCode(), path);
                assertEquals(target.path("type").asText(), type(answer));
            }
        }
    }

    @Test
    void securityTxtHasAContactAndIsNotExpired() throws Exception {
        HttpResponse<String> answer = get("/.well-known/security.txt", "*/*", "*");
        assertEquals(
                "text/plain;charset=UTF-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        Matcher contact =
                Pattern.compile("(?m)^Contact: (https://\\S+|mailto:\\S+)$").matcher(answer.body());
        assertTrue(contact.find(), answer.body());
        Matcher expires = Pattern.compile("(?m)^Expires: (\\S+)$").matcher(answer.body());
        assertTrue(expires.find(), answer.body());
        Instant end = Instant.parse(expires.group(1));
        Instant now = TestClock.ofService().instant();
        assertTrue(
                end.isAfter(now.plus(Duration.ofDays(30))) && end.isBefore(now.plus(Duration.ofDays(365))),
                answer.body());
    }

    @Test
    void aKnownDocumentIsNotSentAgain() throws Exception {
        HttpResponse<String> first = get("/docs/problems.md", "*/*", "*");
        String tag = first.headers().firstValue("ETag").orElse("");
        HttpResponse<String> second = client.send(
                HttpRequest.newBuilder(first.uri()).header("If-None-Match", tag).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(304, second.statusCode());
        assertEquals(tag, second.headers().firstValue("ETag").orElse(""));
    }
}
