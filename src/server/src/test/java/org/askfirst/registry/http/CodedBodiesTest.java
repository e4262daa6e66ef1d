package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Request bodies in gzip and zstd mean what they mean as plain text, and other codings are refused. */
@QuarkusTest
@Timeout(180)
class CodedBodiesTest extends RegistryTest {
    private static final String LINE = "{\"subjects\":[\"isbn:9788936434120\"]}\n";
    private static final String CALL = "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(plain);
        }
        return coded.toByteArray();
    }

    private static byte[] coded(String coding, byte[] plain) throws IOException {
        return coding.equals("gzip") ? gzip(plain) : Zstd.compress(plain);
    }

    private static HttpRequest.Builder post(String path, String type, String coding) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Content-Type", type)
                .header("Content-Encoding", coding);
    }

    private HttpResponse<String> send(String path, String type, String coding, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                post(path, type, coding)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void codedBodiesAreRead() throws Exception {
        for (String coding : List.of("gzip", "zstd")) {
            HttpResponse<String> json = send("/v1/lookups", "application/json", coding, coded(coding, utf8(CALL)));
            assertEquals(200, json.statusCode(), json.body());
            HttpResponse<String> lines = send(
                    "/v1/lookups?detail=verdict",
                    "application/x-ndjson",
                    coding,
                    coded(coding, utf8(LINE.repeat(20_000))));
            assertEquals(200, lines.statusCode());
            assertEquals(20_000, lines.body().lines().count());
            HttpResponse<String> party = send(
                    "/v1/parties",
                    "application/json",
                    coding,
                    coded(coding, utf8("{\"name\":\"n\",\"kind\":\"creator\"}")));
            assertEquals(201, party.statusCode(), party.body());
        }
        assertEquals(
                200,
                send("/v1/lookups", "application/json", "identity", utf8(CALL)).statusCode());
        assertEquals(
                200,
                send("/v1/lookups", "application/json", "GZIP", gzip(utf8(CALL)))
                        .statusCode());
    }

    @Test
    void otherCodingsAreRefusedWithTheListOfThoseThatAreRead() throws Exception {
        for (String coding : List.of("br", "deflate", "compress", "gzip, gzip", "gzip, zstd", "x")) {
            HttpResponse<String> refused = send("/v1/lookups", "application/json", coding, utf8(CALL));
            assertEquals(415, refused.statusCode(), coding);
            assertEquals(
                    "gzip, zstd, identity",
                    refused.headers().firstValue("Accept-Encoding").orElse(""),
                    coding);
        }
    }

    @Test
    void brokenBodiesAreTheClientsFault() throws Exception {
        for (String coding : List.of("gzip", "zstd")) {
            byte[] whole = coded(coding, utf8(CALL));
            for (byte[] body : List.of(utf8(CALL), Arrays.copyOf(whole, whole.length - 3), utf8("x"))) {
                HttpResponse<String> refused = send("/v1/lookups", "application/json", coding, body);
                assertEquals(400, refused.statusCode(), refused.body());
                assertTrue(refused.body().contains("no valid " + coding), refused.body());
            }
        }
    }

    /** The limit of an operation counts decoded bytes, and a small bomb is refused before it grows. */
    @Test
    void aBombIsRefused() throws Exception {
        Party party = Party.open();
        for (String coding : List.of("gzip", "zstd")) {
            byte[] bomb = coded(coding, new byte[200 << 20]);
            for (String path : List.of("/v1/lookups", "/v1/parties", "/v1/declarations", "/v1/subjects/parse")) {
                HttpResponse<String> refused = client.send(
                        post(path, "application/json", coding)
                                .header("Authorization", "Bearer " + party.key())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertEquals(413, refused.statusCode(), path + " " + refused.body());
            }
        }
    }

    /** A chunked request by hand, because clients collect what they send. */
    private static final class Stream implements AutoCloseable {
        private final Socket socket = new Socket("localhost", RestAssured.port);

        Stream(String... headers) throws IOException {
            socket.setSoTimeout(20_000);
            send("POST /v1/lookups?detail=verdict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n"
                    + String.join("\r\n", headers)
                    + "\r\n\r\n");
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        void chunk(byte[] bytes) throws IOException {
            send(Integer.toHexString(bytes.length) + "\r\n");
            socket.getOutputStream().write(bytes);
            send("\r\n");
        }

        /** Reads until the answer has the text. */
        String awaits(String text) throws IOException {
            StringBuilder read = new StringBuilder();
            while (read.indexOf(text) < 0) {
                int next = socket.getInputStream().read();
                assertTrue(next >= 0, "the answer ended after: " + read);
                read.append((char) next);
            }
            return read.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Whoever flushes after each line gets each answer before the next line is sent. */
    @Test
    void aStreamIsAnsweredLineByLine() throws Exception {
        try (Stream stream = new Stream("Content-Encoding: gzip")) {
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            OutputStream gzip = new GZIPOutputStream(pieces, 512, true);
            for (int i = 0; i < 5; i++) {
                gzip.write(utf8("{\"id\":\"line-" + i + "\",\"subjects\":[\"isbn:9788936434120\"]}\n"));
                gzip.flush();
                stream.chunk(pieces.toByteArray());
                pieces.reset();
                stream.awaits("line-" + i);
            }
        }
    }

    /** The answers of a stream that are coded arrive line by line too. */
    @Test
    void aCodedAnswerIsFlushedLineByLine() throws Exception {
        for (String coding : List.of("gzip", "br", "zstd")) {
            try (Stream stream = new Stream("Accept-Encoding: " + coding)) {
                stream.chunk(utf8(LINE));
                String head = stream.awaits("\r\n\r\n");
                assertTrue(head.toLowerCase(Locale.ROOT).contains("content-encoding: " + coding), head);
                for (int i = 0; i < 3; i++) {
                    // A chunk of the answer begins with its length, and ends with a line end.
                    String length = stream.awaits("\r\n").strip();
                    int left = Integer.parseInt(length, 16);
                    assertTrue(left > 0, coding);
                    assertEquals(left, stream.socket.getInputStream().readNBytes(left).length);
                    stream.awaits("\r\n");
                    stream.chunk(utf8(LINE));
                }
            }
        }
    }
}
