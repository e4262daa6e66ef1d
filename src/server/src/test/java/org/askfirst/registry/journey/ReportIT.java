package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A usage report of a million lines, in a heap that could not hold them: sent in two calls, filed, and downloaded;
 * {@code mvn verify -Plong}. Every line is of a work that has many lines, so that all of them may repeat each other.
 */
@Tag("long")
class ReportIT {
    private static final int LINES = Integer.getInteger("askfirst.lines", 1_000_000);
    private static final int FIRST_CALL = LINES / 4;
    private static final int BLOCK = 1_000;
    private static final int WORKS = 1_000;
    private static final int TOGETHER = 100;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");

    private record Caller(Service service, String id, String key) {
        static Caller open(Service service) {
            JsonNode party = Answers.tree(service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    Bodies.object("name", "Archive", "kind", "society")
                                            .toString())))
                    .body());
            return new Caller(
                    service, party.path("id").asText(), party.path("key").asText());
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(service.uri(path)).header("Authorization", "Bearer " + key);
        }

        JsonNode says(String method, String path, Object body) {
            HttpResponse<String> answer = service.send(request(path)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(Bodies.text(body))));
            assertTrue(answer.statusCode() < 300, answer::body);
            return Answers.tree(answer.body());
        }
    }

    private static String work(int number) {
        return String.format(Locale.ROOT, "sha256:%064x", 0xabcdef000L + number);
    }

    private static byte[] lines(int block) {
        StringBuilder lines = new StringBuilder();
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
            lines.append("{\"work\":\"")
                    .append(work(i % WORKS))
                    .append("\",\"ref\":\"")
                    .append(i / WORKS)
                    .append("\"}\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void send(Caller licensee, String report, int from, int to)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = licensee.service()
                .http()
                .send(
                        licensee.request(report + "/lines?after=" + from)
                                .header("Content-Type", "application/x-ndjson")
                                .method(
                                        "PATCH",
                                        HttpRequest.BodyPublishers.ofByteArrays(
                                                () -> IntStream.range(from / BLOCK, to / BLOCK)
                                                        .mapToObj(ReportIT::lines)
                                                        .iterator()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(to, Answers.tree(answer.body()).path("lines").asInt());
    }

    @Test
    void aMillionLinesInAHeapOfHalfAGigabyte() throws IOException, InterruptedException, NoSuchAlgorithmException {
        try (Service service =
                Service.inEmptyFolder().withJavaOption("-Xmx512m").start()) {
            Caller licensor = Caller.open(service);
            Caller licensee = Caller.open(service);
            for (int from = 0; from < WORKS; from += TOGETHER) {
                List<String> some = new ArrayList<>();
                IntStream.range(from, from + TOGETHER).forEach(i -> some.add(work(i)));
                licensor.says(
                        "POST",
                        "/v1/declarations",
                        Map.of("subjects", some, "stances", Map.of("text-and-data-mining", "reserved")));
            }
            Map<String, Object> terms = Map.of(
                    "uses",
                    List.of("generative-ai-training"),
                    "model",
                    Map.of("scope", "any"),
                    "validTo",
                    "2999-01-01T00:00:00Z",
                    "reporting",
                    "year",
                    "price",
                    Map.of("basis", "per-unit", "amount", "0.001", "currency", "EUR", "unit", "token"));
            String grant = licensor.says(
                            "POST",
                            "/v1/grants",
                            Map.of("licensee", licensee.id(), "works", Map.of("everything", true), "terms", terms))
                    .path("id")
                    .asText();
            String report = "/v1/grants/" + grant + "/reports/" + Year.now(ZoneOffset.UTC) + "/1";
            licensee.says("PUT", report, Map.of());

            long start = System.nanoTime();
            send(licensee, report, 0, FIRST_CALL);
            send(licensee, report, FIRST_CALL, LINES);
            long sent = System.nanoTime();
            JsonNode filed = licensee.says("PUT", report + "/filing", Map.of("lines", LINES));
            long done = System.nanoTime();
            assertEquals(LINES, filed.path("verdicts").path("accepted").asInt());
            // A unit is 0.1 cents, so each line has the quota 0.1. All remainders are equal: the first tenth of the
            // lines gets a cent each.
            String due = String.format(Locale.ROOT, "%d.00", LINES / 1_000);
            assertEquals(due, filed.path("due").asText());
            int last = LINES / 10;
            HttpResponse<String> page = service.send(licensor.request(report + "/lines?limit=2&after=" + (last - 1)));
            JsonNode two = Answers.tree(page.body()).path("lines");
            assertEquals("0.01", two.path(0).path("part").asText());
            assertEquals("0.00", two.path(1).path("part").asText());

            assertEquals(filed.path("linesSha256").asText(), downloaded(licensor, report));
            long read = System.nanoTime();
            Matcher peak = PEAK.matcher(Files.readString(
                    Path.of("/proc", String.valueOf(service.handle().pid()), "status")));
            System.out.printf(
                    Locale.ROOT,
                    "| lines | sent, s | filed, s | downloaded, s | peak memory of the process, heap of 512 MB |%n"
                            + "|---|---|---|---|---|%n| %,d | %.1f | %.1f | %.1f | %s kB |%n",
                    LINES,
                    (sent - start) / 1e9,
                    (done - sent) / 1e9,
                    (read - done) / 1e9,
                    peak.find() ? peak.group(1) : "?");
            assertEquals("", service.errors());
        }
    }

    /** Returns the SHA-256 of all lines, as the licensor downloads them. */
    private static String downloaded(Caller licensor, String report)
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        HttpResponse<InputStream> answer = licensor.service()
                .http()
                .send(
                        licensor.request(report + "/lines")
                                .header("Accept", "application/x-ndjson")
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = answer.body()) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
