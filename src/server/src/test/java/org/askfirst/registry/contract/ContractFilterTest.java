package org.askfirst.registry.contract;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import io.restassured.RestAssured;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.askfirst.testkit.contract.ContractFilter;
import org.askfirst.testkit.contract.ContractInEveryTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Proves, over a server that answers whatever a case scripts, that the filter sees every kind of breach. */
class ContractFilterTest {
    private static final String DECLARATION = """
            {"id":"d_01jd8v4n2c7e5g9j1k3m6p8r0t","status":"in-force","party":"p_01jd8v3f6y4w1r9k2m7q5t8x0a",
             "position":42,"firstPosition":42,"recordedAt":"2026-11-22T09:10:00.000Z",
             "subjects":["isbn:9788936434120"],"pending":[],"stances":{"ai-training":"reserved"},
             "receipt":{"position":42,"recordedAt":"2026-11-22T09:10:00.000Z",
              "leafHash":"3c9683017f9e4bf33d0fbedd26bf143fd72de9b9dd145441b75f0604047ea28e"}}""";
    private static final String REQUEST = """
            {"subjects":["isbn:9788936434120"],"stances":{"ai-training":"reserved"}}""";
    private static final String VERDICTS = "{\"verdict\":\"unknown\",\"verdicts\":{\"ai-input\":\"unknown\"}}";

    private record Script(int status, Map<String, String> headers, String body) {
        Script without(String header) {
            Map<String, String> fewer = new TreeMap<>(headers);
            fewer.remove(header);
            return new Script(status, fewer, body);
        }

        Script andBody(String text, String instead) {
            assertTrue(body.contains(text), () -> "A case that changes nothing proves nothing: " + text);
            return new Script(status, headers, body.replace(text, instead));
        }

        Script with(String header, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(header, value);
            return new Script(status, more, body);
        }
    }

    private static final Script DECLARED =
            json(201, DECLARATION).with("Location", "/v1/declarations/d_01jd8v4n2c7e5g9j1k3m6p8r0t");
    private static final Script LOOKED_UP = answered(VERDICTS)
            .with("ETag", "\"a\"")
            .with("Cache-Control", "max-age=60")
            .with("Askfirst-Position", "42");

    private static HttpServer server;
    private static volatile Script script = json(200, "");
    private static volatile Map<String, List<String>> arrived = Map.of();
    private static volatile String arrivedBody = "";
    private static volatile String arrivedUri = "";

    @BeforeAll
    static void answerWhatIsScripted() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                arrivedUri = exchange.getRequestURI().toString();
                arrived = Map.copyOf(exchange.getRequestHeaders());
                arrivedBody = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                script.headers.forEach(exchange.getResponseHeaders()::add);
                byte[] body = script.body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(script.status, body.length == 0 ? -1 : body.length);
                if (body.length > 0) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void anExchangeThatKeepsTheContractPassesAndCanStillBeRead() {
        Response response = pass(DECLARED, ContractFilterTest::declare);

        assertEquals("in-force", response.path("status"));
        assertEquals(DECLARATION, response.asString());
        assertEquals(REQUEST, arrivedBody);
    }

    @Test
    void everyKindOfExchangeThatKeepsTheContractPasses() {
        pass(LOOKED_UP, ask -> ask.queryParam("subject", "isbn:1", "isbn:2").get("/v1/lookup"));
        pass(LOOKED_UP, ask -> ask.get("/v1/lookup?subject=isbn:1&use=ai-input&use=ai-index&asOf=42&detail=full"));
        pass(LOOKED_UP, ask -> ask.get("/v1/lookup?subject=isbn:1&asOf=2026-11-22T09:15:00Z"));
        pass(
                new Script(304, Map.of("ETag", "\"a\"", "Cache-Control", "max-age=60"), ""),
                ask -> ask.header("If-None-Match", "\"a\"").get("/v1/lookup?subject=isbn:1"));
        pass(
                new Script(204, Map.of(), ""),
                ask -> ask.header("Authorization", "Bearer k").delete("/v1/parties/me/keys/k_1"));
        pass(
                new Script(204, Map.of(), ""),
                ask -> ask.auth().preemptive().oauth2("k").delete("/v1/parties/me/keys/k_1"));
        pass(
                answered("{\"urls\":[{\"url\":\"https://example.com/\",\"optOut\":true,\"optIn\":false}]}"),
                ask -> ask.contentType("text/plain")
                        .body("https://example.com/")
                        .post("/api/v2/query/urls/"));
        pass(
                new Script(
                        200,
                        Map.of("Content-Type", "application/yaml", "ETag", "\"a\"", "Cache-Control", "max-age=60"),
                        "openapi: 3.1.0"),
                ask -> ask.get("/openapi.yaml"));
        pass(problem(404, "not-found"), ask -> ask.get("/v1/nothing"));
        pass(problem(405, "method-not-allowed").with("Allow", "GET"), ask -> ask.patch("/v1/statistics"));
    }

    @Test
    void queryIsTheTwinOfPostOnLookupsOnly() {
        Script answers = answered(
                        "{\"position\":0,\"asOf\":\"0@2026-11-22T09:15:00Z\",\"answeredAt\":\"2026-11-22T09:15:00Z\",\"answers\":[]}")
                .with("Askfirst-Position", "0")
                .with("Accept-Query", "application/json");
        Function<String, Function<RequestSpecification, Response>> query =
                path -> ask -> ask.contentType("application/json")
                        .body("{\"items\":[{\"subjects\":[\"isbn:1\"]}]}")
                        .request("QUERY", path);

        pass(answers, query.apply("/v1/lookups"));
        fail(answers.without("Askfirst-Position"), query.apply("/v1/lookups"), "POST /v1/lookups", "Askfirst-Position");
        fail(answers, query.apply("/v1/declarations"), "QUERY /v1/declarations (not in the contract)");
    }

    @Test
    void anUnknownPathOrMethodMayOnlyBeRefusedByAProblem() {
        fail(json(200, "{}"), ask -> ask.get("/v1/nothing"), "GET /v1/nothing", "404 or 405, not 200");
        fail(json(404, "{}"), ask -> ask.get("/v1/nothing"), "is no application/problem+json");
        fail(problem(404, "not-found").with("Content-Type", "text/html"), ask -> ask.get("/v1/nothing"), "text/html");
        fail(problem(405, "method-not-allowed"), ask -> ask.patch("/v1/statistics"), "header Allow");
        fail(problem(400, "malformed-request"), ask -> ask.get("/v1/nothing"), "404 or 405, not 400");
    }

    @Test
    void aStatusThatIsNotInTheContractFails() {
        fail(json(202, DECLARATION), ContractFilterTest::declare, "POST /v1/declarations (declare)", "202 is not in");
        fail(problem(500, "internal-error"), ContractFilterTest::declare, "no input may give a 500");
        fail(problem(504, "unavailable"), ask -> ask.get("/v1/nothing"), "404 or 405, not 504");
        pass(problem(503, "unavailable").with("Retry-After", "5"), ContractFilterTest::declare);
    }

    @Test
    void anAnswerOfAnotherMediaTypeFails() {
        fail(
                DECLARED.with("Content-Type", "text/plain"),
                ContractFilterTest::declare,
                "header Content-Type",
                "text/plain");
        fail(DECLARED.without("Content-Type"), ContractFilterTest::declare, "header Content-Type");
        fail(
                problem(422, "malformed-subject").with("Content-Type", "application/json"),
                ContractFilterTest::declare,
                "problem+json");
    }

    @Test
    void anAnswerWithoutAPromisedHeaderFails() {
        fail(DECLARED.without("Location"), ContractFilterTest::declare, "answer header Location: is missing");
        fail(LOOKED_UP.without("ETag"), ask -> ask.get("/v1/lookup?subject=isbn:1"), "answer header ETag: is missing");
        fail(
                LOOKED_UP.with("Askfirst-Position", "latest"),
                ask -> ask.get("/v1/lookup?subject=isbn:1"),
                "Askfirst-Position",
                "integer");
        fail(problem(401, "unauthenticated"), ask -> ask.get("/v1/parties/me"), "WWW-Authenticate: is missing");
    }

    @Test
    void anAnswerThatDoesNotFitItsSchemaFails() {
        fail(
                declaredAs("\"position\":42,\"firstPosition\"", "\"position\":0,\"firstPosition\""),
                ContractFilterTest::declare,
                "answer body /position");
        fail(declaredAs("\"pending\":[],", ""), ContractFilterTest::declare, "'pending'");
        fail(declaredAs("\"pending\":[],", "\"pending\":[],\"secret\":1,"), ContractFilterTest::declare, "'secret'");
        fail(
                declaredAs("\"reserved\"", "\"forbidden\""),
                ContractFilterTest::declare,
                "answer body /stances/ai-training");
        fail(
                declaredAs("2026-11-22T09:10:00.000Z", "22.11.2026"),
                ContractFilterTest::declare,
                "answer body /receipt/recordedAt",
                "date-time");
        fail(
                declaredAs("\"leafHash\":\"3", "\"leafHash\":\"X"),
                ContractFilterTest::declare,
                "answer body /receipt/leafHash");
        fail(declaredAs("{\"id\"", "{\"id\":1,\"id\""), ContractFilterTest::declare, "Duplicate");
        fail(declaredAs("}}", "}"), ContractFilterTest::declare, "answer body: is not JSON");
        fail(
                problem(422, "x")
                        .with("Content-Type", "application/problem+json; charset=utf-8")
                        .andBody("\"type\":\"https:", "\"type\":\"no uri: "),
                ContractFilterTest::declare,
                "answer body /type",
                "uri");
        fail(
                problem(422, "malformed-subject").andBody("422", "400"),
                ContractFilterTest::declare,
                "answer body /status",
                "422");
        fail(
                new Script(204, Map.of("Content-Type", "application/json"), ""),
                ask -> ask.delete("/v1/parties/me/keys/k_1"),
                "Authorization");
    }

    @Test
    void eachLineOfAnAnswerIsJudged() {
        String good = "{\"line\":1,\"id\":\"d_01jd8v4n2c7e5g9j1k3m6p8r0t\",\"position\":42}\n";
        String lines = good + "{\"line\":2,\"id\":\"d_01jd8v4n2c7e5g9j1k3m6p8r0t\"}\n";

        pass(lines(good), ask -> declareBatch(ask, REQUEST + "\nnot JSON\n"));
        pass(lines(""), ask -> declareBatch(ask, "\n"));
        fail(lines(lines), ask -> declareBatch(ask, REQUEST), "answer body line 2");
        fail(lines(good + "\n"), ask -> declareBatch(ask, REQUEST), "answer body line 2: is empty");
        fail(lines(good.strip()), ask -> declareBatch(ask, REQUEST), "the last line has no end");
    }

    @Test
    void anItemThatIsAnsweredForItselfIsNotJudged() {
        Script answers = answered(
                        "{\"position\":0,\"asOf\":\"0@2026-11-22T09:15:00Z\",\"answeredAt\":\"2026-11-22T09:15:00Z\",\"answers\":[]}")
                .with("Askfirst-Position", "0")
                .with("Accept-Query", "application/json");

        pass(answers, ask -> lookUp(ask, "{\"items\":[{\"subjects\":[\"\"]}]}"));
        fail(answers, ask -> lookUp(ask, "{\"items\":[]}"), "request body /items");
        fail(
                answers,
                ask -> lookUp(ask, "{\"items\":[{\"subjects\":[\"isbn:1\"]}],\"uses\":[\"x\"]}"),
                "request body /uses/0");
    }

    @Test
    void anInvalidRequestMayNotSucceed() {
        fail(
                DECLARED,
                ask -> declare(ask, "{\"subjects\":[\"isbn:1\"],\"stanses\":{}}"),
                "request body",
                "stanses",
                "must be refused");
        fail(
                DECLARED,
                ask -> declare(ask, "{\"stances\":{\"ai-training\":\"no\"}}"),
                "request body /stances/ai-training");
        fail(DECLARED, ask -> declare(ask, "{\"stances\":"), "request body: is not JSON");
        fail(DECLARED, ask -> declare(ask, ""), "request body: is required");
        fail(DECLARED, ask -> declare(ask.queryParam("rehearse", true), REQUEST), "request query rehearse");
        fail(
                DECLARED,
                ask -> declare(ask.header("Idempotency-Key", "x".repeat(256)), REQUEST),
                "request header Idempotency-Key");
        fail(
                DECLARED,
                ask -> ask.contentType("application/json").body(REQUEST).post("/v1/declarations"),
                "header Authorization");
        fail(
                DECLARED,
                ask -> ask.header("Authorization", "Bearer k")
                        .contentType("text/csv")
                        .body(REQUEST)
                        .post("/v1/declarations"),
                "'text/csv'");
        fail(LOOKED_UP, ask -> ask.get("/v1/lookup"), "request query subject: is required");
        fail(LOOKED_UP, ask -> ask.get("/v1/lookup?subject=isbn:1&use=reading"), "request query use /0");
        fail(LOOKED_UP, ask -> ask.get("/v1/lookup?subject=isbn:1&asOf=yesterday"), "request query asOf");
        fail(
                LOOKED_UP,
                ask -> ask.queryParam("subject", "isbn:1")
                        .queryParam("asOf", 1, 2)
                        .get("/v1/lookup"),
                "given 2 times");
        fail(
                json(200, DECLARATION),
                ask -> ask.get("/v1/declarations/" + "d".repeat(65)),
                "GET /v1/declarations/{id} (getDeclaration)",
                "request path id");
    }

    @Test
    void anInvalidRequestMayBeRefusedAndSoMayAValidOne() {
        pass(problem(422, "invalid-request"), ask -> declare(ask, "{\"stanses\":{}}"));
        pass(problem(422, "malformed-subject"), ContractFilterTest::declare);
        pass(
                problem(415, "unsupported-media-type"),
                ask -> ask.contentType("text/csv").body("a,b").post("/v1/declarations"));
        pass(problem(401, "unauthenticated").with("WWW-Authenticate", "Bearer"), ask -> ask.get("/v1/parties/me"));
    }

    @Test
    void whatIsJudgedIsWhatWasSent() {
        fail(
                DECLARED,
                ask -> ask.header("Authorization", "Bearer k").body(REQUEST).post("/v1/declarations"),
                "'text/plain'");
        assertTrue(String.valueOf(arrived.get("Content-type")).contains("text/plain"), arrived::toString);

        pass(LOOKED_UP, ask -> ask.queryParam("subject", "a:b", "x:1 +").get("/v1/lookup?asOf=3"));
        assertEquals("/v1/lookup?subject=a%3Ab&subject=x%3A1%20%2B&asOf=3", arrivedUri);

        byte[] bytes = REQUEST.getBytes(StandardCharsets.UTF_8);
        pass(
                DECLARED,
                ask -> ask.auth()
                        .preemptive()
                        .oauth2("k")
                        .contentType("application/json")
                        .body(bytes)
                        .post("/v1/declarations"));
        assertEquals(REQUEST, arrivedBody);
        pass(
                DECLARED,
                ask -> ask.auth()
                        .preemptive()
                        .oauth2("k")
                        .contentType("application/json")
                        .body(new ByteArrayInputStream(bytes))
                        .post("/v1/declarations"));
        assertEquals(REQUEST, arrivedBody);
        pass(
                DECLARED,
                ask -> ask.auth()
                        .preemptive()
                        .oauth2("k")
                        .contentType("application/json")
                        .body(Map.of("stances", Map.of("ai-index", "reserved")))
                        .post("/v1/declarations"));
        assertEquals("{\"stances\":{\"ai-index\":\"reserved\"}}", arrivedBody);
    }

    @Test
    void everyQuarkusTestIsJudgedWithoutAskingForIt() {
        ServiceLoader<QuarkusTestBeforeClassCallback> callbacks =
                ServiceLoader.load(QuarkusTestBeforeClassCallback.class);
        try {
            for (QuarkusTestBeforeClassCallback callback : callbacks) {
                if (callback instanceof ContractInEveryTest) {
                    callback.beforeClass(getClass());
                    callback.beforeClass(getClass());
                }
            }
            assertEquals(
                    1,
                    RestAssured.filters().stream()
                            .filter(ContractFilter.class::isInstance)
                            .count());
        } finally {
            RestAssured.reset();
        }
    }

    private static Response declare(RequestSpecification ask) {
        return declare(ask, REQUEST);
    }

    private static Response declare(RequestSpecification ask, String body) {
        return ask.header("Authorization", "Bearer k")
                .contentType("application/json")
                .body(body)
                .post("/v1/declarations");
    }

    private static Response lookUp(RequestSpecification ask, String body) {
        return ask.contentType("application/json").body(body).post("/v1/lookups");
    }

    private static Response declareBatch(RequestSpecification ask, String body) {
        return ask.header("Authorization", "Bearer k")
                .contentType("application/x-ndjson")
                .body(body)
                .post("/v1/declarations/batch");
    }

    private static Response pass(Script answer, Function<RequestSpecification, Response> act) {
        script = answer;
        return act.apply(given().config(ContractFilter.configured(RestAssuredConfig.config()))
                .baseUri("http://127.0.0.1")
                .port(server.getAddress().getPort())
                .filter(new ContractFilter()));
    }

    private static void fail(Script answer, Function<RequestSpecification, Response> act, String... says) {
        String message = String.valueOf(
                assertThrows(AssertionError.class, () -> pass(answer, act)).getMessage());
        for (String one : says) {
            assertTrue(message.contains(one), () -> "Does not say " + one + ":\n" + message);
        }
    }

    private static Script declaredAs(String text, String instead) {
        return DECLARED.andBody(text, instead);
    }

    private static Script json(int status, String body) {
        return new Script(status, Map.of("Content-Type", "application/json"), body);
    }

    /** An answer to who asks about works: it says what it holds for, and what is left of the quota. */
    private static Script answered(String body) {
        return json(200, body)
                .with("Askfirst-As-Of", "42@2026-11-22T09:15:00Z")
                .with("RateLimit-Policy", "\"works\";q=600000;w=60")
                .with("RateLimit", "\"works\";r=599999;t=1");
    }

    private static Script lines(String body) {
        return new Script(200, Map.of("Content-Type", "application/x-ndjson"), body);
    }

    private static Script problem(int status, String slug) {
        return new Script(
                status,
                Map.of("Content-Type", "application/problem+json"),
                "{\"type\":\"https://askfirst.org/problems/" + slug + "\",\"title\":\"t\",\"status\":" + status
                        + ",\"detail\":\"d\"}");
    }
}
