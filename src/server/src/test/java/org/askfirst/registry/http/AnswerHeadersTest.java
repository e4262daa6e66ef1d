package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The headers that every answer has, whatever the operation and its outcome. */
@QuarkusTest
@Timeout(180)
class AnswerHeadersTest extends RegistryTest {
    private static final String LOOKUP = "/v1/lookup?subject=url:https://headers.example/&use=ai-training";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        List<String> values = answer.headers().allValues(name);
        assertTrue(values.size() <= 1, name + " has several values: " + values + " of " + answer);
        return values.isEmpty() ? "" : values.get(0);
    }

    private static String path(Operation operation) {
        return operation.template().replaceAll("\\{[^}]+\\}", "00");
    }

    private static HttpRequest.Builder call(Operation operation) {
        HttpRequest.BodyPublisher body = operation.method().equals("GET")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString("{}");
        // Without the last, the feed would be a stream without an end.
        HttpRequest.Builder request = to(path(operation))
                .method(operation.method(), body)
                .header("Accept", "application/json, application/x-ndjson, */*;q=0.1");
        operation.consumes().stream().findFirst().ifPresent(type -> request.header("Content-Type", type));
        return request;
    }

    private static void assertCommonHeaders(HttpResponse<?> answer) {
        String told = answer + " " + answer.headers().map();
        ZonedDateTime.parse(header(answer, "Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"), told);
        assertTrue(header(answer, "Content-Security-Policy").contains("frame-ancestors 'none'"), told);
        assertTrue(header(answer, "Vary").contains("Accept-Encoding"), told);
        assertNotEquals("", header(answer, "Cache-Control"), told);
        assertEquals("", header(answer, "Access-Control-Allow-Credentials"), told);
        if (!answer.uri().getPath().startsWith("/v1/sessions")) {
            assertEquals("", header(answer, "Set-Cookie"), told);
        }
        assertEquals("", header(answer, "Strict-Transport-Security"), "the address is http");
        assertNotEquals("identity", header(answer, "Content-Encoding"), told);
        if (answer.statusCode() == 429 || answer.statusCode() == 503) {
            assertTrue(header(answer, "Retry-After").matches("[0-9]+"), told);
        } else {
            assertEquals("", header(answer, "Retry-After"), told);
        }
    }

    private static void assertOpenToOtherSites(HttpResponse<?> answer) {
        assertEquals("*", header(answer, "Access-Control-Allow-Origin"));
        assertEquals("*", header(answer, "Access-Control-Expose-Headers"));
        assertEquals("cross-origin", header(answer, "Cross-Origin-Resource-Policy"));
    }

    @Test
    void everyOperationAnswersWithThem() throws Exception {
        Party party = Party.open();
        for (Operation operation : Contract.ofRepository().operations()) {
            HttpResponse<byte[]> answer = send(call(operation));
            assertCommonHeaders(answer);
            assertOpenToOtherSites(answer);
            boolean closes =
                    operation.method().equals("DELETE") && operation.template().equals("/v1/parties/me");
            if (!closes) {
                HttpResponse<byte[]> keyed = send(call(operation).header("Authorization", "Bearer " + party.key()));
                assertCommonHeaders(keyed);
                assertOpenToOtherSites(keyed);
                assertFalse(header(keyed, "Cache-Control").contains("public"), keyed + " " + keyed.headers());
            }
        }
    }

    @Test
    void pagesAndTheirPartsAreClosedToOtherSites() throws Exception {
        for (String path :
                List.of("/", "/docs/api", "/docs/api/lookups", "/index.html", "/nothing/here", "/app/main.js")) {
            HttpResponse<byte[]> page = send(to(path).header("Accept", "text/html"));
            assertCommonHeaders(page);
            assertEquals("same-origin", header(page, "Cross-Origin-Resource-Policy"), path);
            assertEquals("", header(page, "Access-Control-Allow-Origin"), path);
        }
        HttpResponse<byte[]> api = send(to("/docs/api/lookups").header("Accept", "*/*"));
        assertFalse(header(api, "Content-Security-Policy").contains("script-src"));
        assertEquals("no-cache", header(api, "Cache-Control"));
        assertCommonHeaders(send(to("/d/d_01jd8v4n2c7e5g9j1k3m6p8r0t/qr.svg")));
        HttpResponse<byte[]> posted = send(to("/declare").POST(HttpRequest.BodyPublishers.ofString("x")));
        assertEquals(405, posted.statusCode());
        assertEquals("GET, HEAD, OPTIONS", header(posted, "Allow"));
    }

    @Test
    void aMissingFileIsNotCached() throws Exception {
        for (String path : List.of("/_static/lit/9.9.9/index.js", "/webjars/x/1/y.js", "/app/none.js")) {
            HttpResponse<byte[]> answer = send(to(path));
            assertEquals(404, answer.statusCode(), path);
            assertEquals("no-store", header(answer, "Cache-Control"), path);
            assertEquals(
                    "application/problem+json", header(answer, "Content-Type").replaceFirst(";.*", ""), path);
        }
    }

    @Test
    void eachContentCodingHasItsOwnTag() throws Exception {
        HttpResponse<byte[]> plain = send(to("/openapi.yaml"));
        String tag = header(plain, "ETag");
        for (String coding : List.of("gzip", "br", "zstd")) {
            HttpResponse<byte[]> coded = send(to("/openapi.yaml").header("Accept-Encoding", coding));
            assertEquals(coding, header(coded, "Content-Encoding"));
            assertEquals(tag.replaceFirst("\"$", "-" + coding + "\""), header(coded, "ETag"));
            assertTrue(coded.body().length < plain.body().length / 3, coding);
            if (!coding.equals("br")) {
                assertEquals(
                        new String(plain.body(), StandardCharsets.UTF_8),
                        new String(decoded(coding, coded.body()), StandardCharsets.UTF_8));
            }
            for (String known : List.of(tag, header(coded, "ETag"), "W/" + tag, "\"x\", " + header(coded, "ETag"))) {
                HttpResponse<byte[]> unchanged = send(
                        to("/openapi.yaml").header("Accept-Encoding", coding).header("If-None-Match", known));
                assertEquals(304, unchanged.statusCode(), known);
                assertTrue(known.contains(header(unchanged, "ETag")), known + " " + header(unchanged, "ETag"));
                assertCommonHeaders(unchanged);
            }
        }
        assertEquals(tag, header(send(to("/openapi.yaml").header("Accept-Encoding", "gzip;q=0")), "ETag"));
    }

    private static byte[] decoded(String coding, byte[] body) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        return coding.equals("gzip") ? new GZIPInputStream(in).readAllBytes() : new ZstdInputStream(in).readAllBytes();
    }

    @Test
    void shortAnswersAreNotCoded() throws Exception {
        HttpResponse<byte[]> plain = send(to(LOOKUP));
        HttpResponse<byte[]> offered = send(to(LOOKUP).header("Accept-Encoding", "gzip, br, zstd"));
        assertEquals("", header(offered, "Content-Encoding"));
        assertEquals(header(plain, "ETag"), header(offered, "ETag"));
    }

    @Test
    void onlyAnswersWithoutAKeyArePublic() throws Exception {
        Party party = Party.open();
        assertEquals("public, max-age=30", header(send(to(LOOKUP)), "Cache-Control"));
        HttpResponse<byte[]> keyed = send(to(LOOKUP).header("Authorization", "Bearer " + party.key()));
        assertEquals("private, max-age=30", header(keyed, "Cache-Control"));
    }

    @Test
    void aHeadHasTheHeadersOfTheGet() throws Exception {
        HttpResponse<byte[]> get = send(to("/openapi.yaml"));
        HttpResponse<byte[]> head = send(to("/openapi.yaml").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertCommonHeaders(head);
        for (String name : List.of("ETag", "Content-Type", "Cache-Control", "Vary")) {
            assertEquals(header(get, name), header(head, name), name);
        }
    }

    @Test
    void anAnswerForAnotherMediaTypeIsRefusedWithTheListOfThoseOffered() throws Exception {
        for (String accept : List.of(
                "image/png", "application/json;q=0", "*/*;q=0", "application/json;q=0, */*", "text/*;q=1, */*;q=0.0")) {
            HttpResponse<byte[]> refused = send(to(LOOKUP).header("Accept", accept));
            assertEquals(406, refused.statusCode(), accept);
            assertTrue(new String(refused.body(), StandardCharsets.UTF_8).contains("offers application/json"), accept);
        }
        for (String accept :
                List.of("", "*/*", "application/*", "image/png, application/json;q=0.1", "*/*;q=0, application/json")) {
            assertEquals(200, send(to(LOOKUP).header("Accept", accept)).statusCode(), accept);
        }
        for (String accept :
                List.of("text/yaml", "application/vnd.oai.openapi;version=3.1", "application/yaml", "*/*")) {
            HttpResponse<byte[]> contract = send(to("/openapi.yaml").header("Accept", accept));
            assertEquals("application/yaml", header(contract, "Content-Type").replaceFirst(";.*", ""), accept);
        }
        HttpResponse<byte[]> json = send(to("/openapi.yaml").header("Accept", "application/json"));
        assertEquals("application/json", header(json, "Content-Type").replaceFirst(";.*", ""));
        assertTrue(new String(json.body(), StandardCharsets.UTF_8).startsWith("{\"openapi\":\"3.1"));
        assertTrue(header(json, "Vary").contains("Accept,"));
    }

    @Test
    void otherNamesOfLinesMeanTheSame() throws Exception {
        for (String type : List.of("application/ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8")) {
            HttpResponse<byte[]> answer = send(to("/v1/lookups")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"subjects\":[\"isbn:9788936434120\"]}\n"))
                    .header("Content-Type", type)
                    .header("Accept", type));
            assertEquals(200, answer.statusCode(), type);
            assertEquals("application/x-ndjson", header(answer, "Content-Type").replaceFirst(";.*", ""));
        }
        HttpResponse<byte[]> refused = send(
                to("/v1/lookups").POST(HttpRequest.BodyPublishers.ofString("x")).header("Content-Type", "text/plain"));
        assertEquals(415, refused.statusCode());
        String body = new String(refused.body(), StandardCharsets.UTF_8);
        assertTrue(body.contains("application/json") && body.contains("application/x-ndjson"), body);
        for (String type :
                List.of("application/json, application/json", "application/json, text/plain", "a", "a/b/c")) {
            assertEquals(
                    415,
                    send(to("/v1/lookups")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .header("Content-Type", type))
                            .statusCode(),
                    type);
        }
    }

    @Test
    void theQuotaTellsOneTimeToWait() throws Exception {
        Party party = Party.open();
        String items = "{\"subjects\":[\"isbn:9788936434120\"]},".repeat(9_999);
        String body = "{\"detail\":\"verdict\",\"items\":[" + items + "{\"subjects\":[\"isbn:9788936434120\"]}]}";
        HttpRequest.Builder lookup = to("/v1/lookups")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + party.key());
        HttpResponse<byte[]> answer = send(lookup);
        for (int i = 0; i < 10 && answer.statusCode() != 429; i++) {
            answer = send(lookup);
        }
        assertEquals(429, answer.statusCode());
        assertTrue(Integer.parseInt(header(answer, "Retry-After")) >= 1);
        assertFalse(header(answer, "RateLimit").isEmpty());
    }
}
