package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that the HTTP server itself cannot read are answered with a problem, and log no error. */
@QuarkusTest
@Timeout(180)
class UnreadableRequestsTest extends RegistryTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String END = "Connection: close\r\n\r\n";

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<String> logged = new ArrayList<>();
    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                logged.add(entry.getLoggerName() + ": " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private record Reply(int status, String head, String body) {}

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(log);
    }

    @AfterEach
    void nothingWasLogged() {
        Logger.getLogger("").removeHandler(log);
        assertEquals(List.of(), logged);
    }

    private static Reply send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int body = answer.indexOf("\r\n\r\n");
            assertTrue(body > 0, "no answer to " + request.substring(0, Math.min(200, request.length())));
            return new Reply(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, body), answer.substring(body + 4));
        }
    }

    private void assertProblem(int status, String type, String request) throws IOException {
        Reply reply = send(request);
        String told = request.substring(0, Math.min(200, request.length())) + "\nanswered " + reply;
        assertEquals(status, reply.status(), told);
        assertTrue(reply.head().contains("application/problem+json"), told);
        assertTrue(reply.head().toLowerCase(Locale.ROOT).contains("\r\ndate: "), told);
        assertTrue(reply.head().contains("nosniff"), told);
        JsonNode problem = mapper.readTree(reply.body());
        assertEquals(status, problem.path("status").asInt(), told);
        assertTrue(problem.path("type").asText().endsWith("/" + type), told);
        assertTrue(problem.path("detail").asText().length() > 10, told);
    }

    private void assertMalformed(String request) throws IOException {
        assertProblem(400, "malformed-request", request);
    }

    @Test
    void hostsThatAreNone() throws Exception {
        assertMalformed("GET /v1/statistics HTTP/1.1\r\n" + END);
        assertMalformed("GET /v1/statistics HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n" + END);
        for (String host :
                List.of("", "a b", "a/b", "a.example@b.example", "<script>", "a:b", "[::1", "a:123456", "-a")) {
            assertMalformed("GET /v1/statistics HTTP/1.1\r\nHost: " + host + "\r\n" + END);
        }
        for (String host : List.of("a.example", "A.example:80", "127.0.0.1:8080", "[::1]:8080", "a_b.example")) {
            assertEquals(
                    200,
                    send("GET /v1/statistics HTTP/1.1\r\nHost: " + host + "\r\n" + END)
                            .status(),
                    host);
        }
        assertEquals(200, send("GET /v1/statistics HTTP/1.0\r\n\r\n").status());
    }

    @Test
    void otherSpellingsOfAPath() throws Exception {
        for (String path : List.of(
                "/v1/parties/me/keys/..",
                "/v1/parties/me/keys/%2e%2e",
                "/q/../v1/statistics",
                "//v1/statistics",
                "/./v1/statistics",
                "/v1/%73tatistics",
                "http://localhost/v1/../v1/statistics")) {
            assertMalformed("GET " + path + " HTTP/1.1\r\n" + HOST + END);
        }
        assertEquals(
                200,
                send("GET http://localhost/v1/statistics HTTP/1.1\r\n" + HOST + END)
                        .status());
    }

    @Test
    void aDotSegmentNeverClosesAnAccount() throws Exception {
        Party party = Party.open();
        for (String id : List.of("..", "%2e%2e", "%2E%2e", ".%2e", "..;", "..%2f", "x/..", "./")) {
            Reply reply = send("DELETE /v1/parties/me/keys/" + id + " HTTP/1.1\r\n" + HOST + "Authorization: Bearer "
                    + party.key() + "\r\n" + END);
            assertEquals(400, reply.status(), id + " " + reply);
        }
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void theMethodsOfTheServer() throws Exception {
        Reply reply = send("OPTIONS * HTTP/1.1\r\n" + HOST + END);
        assertEquals(204, reply.status(), reply.toString());
        assertTrue(reply.head().toLowerCase(Locale.ROOT).contains("allow: delete, get"), reply.head());
        assertMalformed("GET * HTTP/1.1\r\n" + HOST + END);
    }

    @Test
    void answersKeepTheOrderOfTheirRequests() throws Exception {
        String good = "GET /v1/statistics HTTP/1.1\r\n" + HOST + "\r\n";
        Reply reply = send(good + good + "garbage\r\n\r\n");
        assertEquals(200, reply.status());
        assertTrue(reply.body().indexOf("HTTP/1.1 200") < reply.body().indexOf("400 Bad Request"), reply.body());
    }
}
