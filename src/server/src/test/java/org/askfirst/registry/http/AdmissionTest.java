package org.askfirst.registry.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No client can take what others need: each kind of request is limited, of an address and in all. */
@QuarkusTest
@SuppressWarnings("StringConcatToTextBlock")
class AdmissionTest extends RegistryTest {
    private static final String BEGUN = "{\"items\":";
    private final List<Socket> sockets = new ArrayList<>();

    @TestHTTPResource(value = "health/ready", management = true)
    String ready = "";

    /** A connection from a loopback address of its own, so that limits of addresses can be told apart. */
    private Socket connect(int host) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.1." + host, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
        socket.setSoTimeout(60_000);
        sockets.add(socket);
        return socket;
    }

    private Socket send(int host, String text) throws IOException {
        Socket socket = connect(host);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String post(String path, String type, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n";
    }

    /** Returns what the server sends until it closes the connection. */
    private static String rest(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .collect(Collectors.joining("\n"));
    }

    private static String statusLine(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static int lookUp() {
        return given().queryParam("subject", "isbn:9788936434120")
                .queryParam("detail", "verdict")
                .get("/v1/lookup")
                .statusCode();
    }

    private static void askByPost() {
        given().contentType("application/json")
                .body("{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]}")
                .post("/v1/lookups")
                .then()
                .statusCode(200);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        Eventually.get(AdmissionTest::lookUp, status -> status == 200);
    }

    /** The oldest sockets of an address give way, and everybody else is served meanwhile. */
    @Test
    void socketsThatSendOneByteOfABodyHarmNobody() throws IOException {
        for (int i = 0; i < 420; i++) {
            send(1 + i % 4, post("/v1/lookups", "application/json", 1_000) + "{");
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(200, lookUp());
            askByPost();
        }
    }

    @Test
    void theOldestOfTooManyUnfinishedBodiesIsBrokenOff() throws IOException {
        Socket oldest = send(9, post("/v1/lookups", "application/json", 1_000) + BEGUN);
        for (int i = 0; i < 200; i++) {
            send(9, post("/v1/lookups", "application/json", 1_000) + BEGUN);
        }
        String answer = rest(oldest);
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertTrue(answer.contains("problems/unavailable"), answer);
    }

    @Test
    void aBodyThatComesTooSlowlyIsBrokenOff() throws IOException {
        Socket slow = send(10, post("/v1/lookups", "application/json", 1_000) + BEGUN);
        String answer = rest(slow);
        assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
        assertTrue(answer.contains("problems/too-slow"), answer);
    }

    /** Streams of one address cannot take the places of its own short requests, nor those of others. */
    @Test
    void streamsOfAnAddressAreLimited() throws IOException {
        for (int i = 0; i < 16; i++) {
            sendUnfinished(20);
        }
        double refused = refusals("address");
        // On a busy machine the registry may have broken off one of them by now, so each try adds another.
        Eventually.get(
                () -> {
                    String status = statusOfOneMore(20);
                    sendUnfinished(20);
                    return status;
                },
                status -> status.startsWith("HTTP/1.1 429 "));
        assertTrue(refusals("address") > refused);
        assertTrue(statusOfOneMore(21).startsWith("HTTP/1.1 200 "));
        Socket ordinary = send(
                20,
                "GET /v1/lookup?subject=isbn:9788936434120 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(statusLine(ordinary).startsWith("HTTP/1.1 200 "));
    }

    private void sendUnfinished(int host) {
        try {
            send(host, post("/v1/lookups", "application/x-ndjson", 1_000) + "{");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double refusals(String limit) {
        return Metrics.counter("askfirst.admission.refusals", "requests", "stream", "limit", limit)
                .count();
    }

    private String statusOfOneMore(int host) {
        String line = "{\"subjects\":[\"isbn:9788936434120\"]}\n";
        try {
            return statusLine(send(host, post("/v1/lookups", "application/x-ndjson", line.length()) + line));
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    @Test
    void streamsInAllAreLimitedAndHealthIsNot() throws IOException {
        for (int host = 30; host < 42; host++) {
            for (int i = 0; i < 16; i++) {
                sendUnfinished(host);
            }
        }
        double refused = refusals("node");
        Eventually.get(() -> statusOfOneMore(50), status -> status.startsWith("HTTP/1.1 503 "));
        assertTrue(refusals("node") > refused);
        String refusal = rest(send(50, post("/v1/lookups", "application/x-ndjson", 5) + "{}\n{}"));
        assertTrue(refusal.contains("\nRetry-After: 1"), refusal);
        assertTrue(refusal.contains("problems/unavailable"), refusal);
        assertEquals(200, lookUp());
        askByPost();
        given().noFilters().get(ready).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void aLongBodyWithoutAKeyIsRefusedBeforeItIsSent() throws IOException {
        String answer = rest(send(60, post("/v1/lookups", "application/json", 5 << 20)));
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("without a key"), answer);
    }

    @Test
    void aBodyIsReadUpToTheLimit() {
        given().contentType("application/json")
                .body(" ".repeat(4 << 20) + "{}")
                .post("/v1/lookups")
                .then()
                .statusCode(413)
                .body("detail", containsString("4194304 bytes without a key"));
        given().contentType("application/json")
                .body(" ".repeat((4 << 20) - 60) + "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]}")
                .post("/v1/lookups")
                .then()
                .statusCode(200);
    }

    @Test
    void aClientThatWaitsForContinueIsTold() throws IOException {
        String body = "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]}";
        Socket socket = send(
                61,
                "POST /v1/lookups HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\nExpect: 100-continue\r\n\r\n");
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        assertTrue(answer.readLine().startsWith("HTTP/1.1 100 "));
        assertEquals("", answer.readLine());
        socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
        assertTrue(answer.readLine().startsWith("HTTP/1.1 200 "));
    }

    /** A list of the feed holds a worker, so it counts as a stream; a live reader does not. */
    @Test
    void readersOfTheFeedAreLimited() throws IOException {
        for (int i = 0; i < 32; i++) {
            Socket live = send(70, "GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            assertTrue(statusLine(live).startsWith("HTTP/1.1 200 "));
        }
        Socket refused = send(70, "GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        assertTrue(statusLine(refused).startsWith("HTTP/1.1 429 "));
        Socket list = send(
                70,
                "GET /v1/changes?limit=1 HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n"
                        + "Connection: close\r\n\r\n");
        assertTrue(statusLine(list).startsWith("HTTP/1.1 200 "));
    }

    /** Idle connections give way to new ones, so that they keep nobody out. */
    @Test
    void idleConnectionsGiveWay() throws IOException {
        Socket oldest = connect(80);
        for (int i = 0; i < 256; i++) {
            connect(80);
        }
        assertEquals(-1, oldest.getInputStream().read());
        assertTrue(statusOfOneMore(80).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aHeadThatIsNeverCompleteIsBrokenOff() throws IOException {
        long begin = System.nanoTime();
        Socket slow = send(81, "GET /v1/lookup?subject=isbn:9788936434120 HTTP/1.1\r\nHost: loc");
        assertEquals(-1, slow.getInputStream().read());
        assertTrue(System.nanoTime() - begin < 45_000_000_000L);
    }
}
