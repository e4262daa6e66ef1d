package org.askfirst.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a registry that fails in every way. The journeys ask a real one. */
class OnlineRegistryTest {
    private static final Set<Use> TRAINING = Set.of(Use.AI_TRAINING);
    private static final String RIGHT = "{\"position\":7,\"asOf\":\"7@2026-11-30T12:00:00Z\","
            + "\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"0\",\"verdict\":\"allow\","
            + "\"verdicts\":{\"ai-training\":\"allow\"}}]}";

    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private HttpServer server;

    private record Answer(int status, String body, List<String> headers) {
        Answer(int status, String body, String... headers) {
            this(status, body, List.of(headers));
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Answer answer = answers.size() > 1 ? answers.remove(0) : answers.get(0);
            Headers headers = exchange.getResponseHeaders();
            for (int i = 0; i < answer.headers.size(); i += 2) {
                headers.add(answer.headers.get(i), answer.headers.get(i + 1));
            }
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Decision ask() {
        URI address = URI.create("http://localhost:" + server.getAddress().getPort());
        return new OnlineRegistry(address, null, Clock.systemUTC(), pauses::add)
                .decideAll(List.of(List.of("https://art.example/1.png")), TRAINING)
                .get(0);
    }

    @Test
    void aCompleteAnswerIsRead() {
        answers.add(new Answer(200, RIGHT));
        Decision decision = ask();
        assertTrue(decision.allowed());
        assertEquals(7, decision.position());
        assertEquals(
                List.of("{\"items\":[{\"id\":\"0\",\"subjects\":[\"url:https://art.example/1.png\"]}],"
                        + "\"uses\":[\"ai-training\"]}"),
                bodies);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "allow",
                "[]",
                "{\"position\":7}",
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[]}",
                "{\"position\":7,\"answeredAt\":\"now\",\"answers\":[{\"id\":\"0\",\"verdict\":\"allow\"}]}",
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"1\",\"verdict\":\"allow\"}]}",
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"0\",\"verdict\":\"yes\"}]}",
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"0\"}]}",
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"0\",\"verdict\":\"allow\""
            })
    void nonsenseIsNoPermission(String body) {
        answers.add(new Answer(200, body));
        Decision decision = ask();
        assertFalse(decision.allowed());
        assertEquals(Decision.Reason.UNREACHABLE, decision.reason());
        assertEquals(6, bodies.size(), "it tries again");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void aFailureThatPassesIsTriedAgain(int status) {
        answers.add(new Answer(status, "{}", "Retry-After", "3"));
        answers.add(new Answer(200, RIGHT));
        assertTrue(ask().allowed());
        assertEquals(List.of(Duration.ofSeconds(3)), pauses);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void aFailureThatStaysIsNoPermission(int status) {
        answers.add(new Answer(status, RIGHT));
        Decision decision = ask();
        assertEquals(Decision.Reason.UNREACHABLE, decision.reason());
        assertEquals(Verdict.UNKNOWN, decision.verdict());
        assertEquals(6, pauses.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 413})
    void aRefusalIsNoPermissionAndIsNotRepeated(int status) {
        answers.add(new Answer(status, RIGHT));
        assertEquals(Decision.Reason.UNREACHABLE, ask().reason());
        assertEquals(1, bodies.size());
    }

    @Test
    void nobodyThereIsNoPermission() {
        answers.add(new Answer(200, RIGHT));
        server.stop(0);
        assertEquals(Decision.Reason.UNREACHABLE, ask().reason());
    }

    @Test
    void itWaitsUntilTheQuotaHasRefilled() {
        answers.add(new Answer(200, RIGHT, "RateLimit", "\"works\";r=0;t=12"));
        assertTrue(ask().allowed());
        assertEquals(List.of(Duration.ofSeconds(12)), pauses);
    }

    @Test
    void aProblemOfOneItemIsNoPermission() {
        answers.add(new Answer(
                200,
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\","
                        + "\"answers\":[{\"id\":\"0\",\"problem\":{\"status\":422},\"verdict\":\"allow\"}]}"));
        assertEquals(Decision.Reason.UNREADABLE, ask().reason());
        assertFalse(ask().allowed());
    }

    @ParameterizedTest
    @CsvSource({
        "{\"status\":400}, UNREADABLE",
        "{\"status\":429}, UNREACHABLE",
        "{\"status\":503}, UNREACHABLE",
        "{\"status\":\"422\"}, UNREACHABLE",
        "{}, UNREACHABLE",
        "true, UNREACHABLE"
    })
    void onlyAProblemOfTheNamesMakesAWorkUnreadable(String problem, Decision.Reason reason) {
        answers.add(new Answer(
                200,
                "{\"position\":7,\"answeredAt\":\"2026-11-30T12:00:00Z\",\"answers\":[{\"id\":\"0\",\"problem\":"
                        + problem + "}]}"));
        assertEquals(reason, ask().reason());
    }
}
