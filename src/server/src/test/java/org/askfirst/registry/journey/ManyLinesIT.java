package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Any number of lines is a normal batch, and needs no more memory than a thousand; {@code mvn verify -Plong}.
 *
 * <p>So many that they, kept until the end, would not fit in the heap; {@code bench/run million} sends more.
 */
@Tag("long")
class ManyLinesIT {
    private static final int LINES = Integer.getInteger("askfirst.rows", 300_000);
    private static final int BLOCK = 1_000;
    private static final int WIDE = 4_100;
    private static final int WORKS = 100;
    private static final Pattern OPEN = Pattern.compile("The lookup index is open: ([0-9]+) keys, ([0-9]+) bytes");
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");

    @Test
    void inAHeapOfAQuarterOfAGigabyte() throws IOException, InterruptedException {
        try (Service service =
                Service.inEmptyFolder().withJavaOption("-Xmx256m").start()) {
            Matcher key = KEY.matcher(service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    Bodies.object("name", "Archive", "kind", "society")
                                            .toString())))
                    .body());
            assertTrue(key.find());
            HttpRequest batch = HttpRequest.newBuilder(service.uri("/v1/declarations/batch"))
                    .header("Authorization", "Bearer " + key.group())
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofByteArrays(() -> IntStream.range(0, LINES / BLOCK)
                            .mapToObj(ManyLinesIT::block)
                            .iterator()))
                    .build();

            long start = System.nanoTime();
            HttpResponse<Stream<String>> answer = service.http().send(batch, HttpResponse.BodyHandlers.ofLines());
            assertEquals(200, answer.statusCode());
            long expected = 1;
            try (Stream<String> answers = answer.body()) {
                Iterator<String> each = answers.iterator();
                while (each.hasNext()) {
                    String line = each.next();
                    // The party is the only one that declares, so position and line go together. Its name came first.
                    assertTrue(
                            line.startsWith("{\"line\":" + expected + ",\"id\":\"d_")
                                    && line.endsWith(",\"position\":" + (expected + 1) + "}"),
                            line);
                    expected++;
                }
            }
            assertEquals(LINES, expected - 1);
            double seconds = (System.nanoTime() - start) / 1e9;

            Matcher peak = PEAK.matcher(Files.readString(
                    Path.of("/proc", String.valueOf(service.handle().pid()), "status")));
            System.out.printf(
                    Locale.ROOT,
                    "| lines | s | lines a second | peak memory of the process, heap of 256 MB |%n|---|---|---|---|%n"
                            + "| %,d | %.1f | %,.0f | %s kB |%n",
                    LINES,
                    seconds,
                    LINES / seconds,
                    peak.find() ? peak.group(1) : "?");
            assertEquals("", service.errors());
        }
    }

    /** Nobody who asks without a key is refused a line: the registry reads as fast as the quota allows. */
    @Test
    void aMillionWorksWithoutAKeyAreAllAnswered() throws IOException, InterruptedException {
        int works = Integer.getInteger("askfirst.works", 1_000_000);
        try (Service service =
                Service.inEmptyFolder().withJavaOption("-Xmx256m").start()) {
            HttpRequest request = HttpRequest.newBuilder(
                            service.uri("/v1/lookups?detail=verdict&use=ai-training&receipt=true"))
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofByteArrays(() -> IntStream.range(0, works / BLOCK)
                            .mapToObj(ManyLinesIT::questions)
                            .iterator()))
                    .build();
            long start = System.nanoTime();
            HttpResponse<Stream<String>> answer = service.http().send(request, HttpResponse.BodyHandlers.ofLines());
            assertEquals(200, answer.statusCode());
            long expected = 1;
            try (Stream<String> answers = answer.body()) {
                Iterator<String> each = answers.iterator();
                while (each.hasNext() && expected <= works) {
                    String line = each.next();
                    assertTrue(line.startsWith("{\"line\":" + expected + ",\"verdict\":\"unknown\""), line);
                    expected++;
                }
                assertTrue(each.hasNext() && each.next().startsWith("{\"receipt\":"), "no receipt");
                assertTrue(!each.hasNext(), "something follows the receipt");
            }
            assertEquals(works, expected - 1);
            System.out.printf(
                    Locale.ROOT, "%,d works without a key: %.1f s%n", works, (System.nanoTime() - start) / 1e9);
            assertEquals("", service.errors());
        }
    }

    private static byte[] questions(int number) {
        return Bodies.lines(IntStream.range(number * BLOCK, (number + 1) * BLOCK)
                        .mapToObj(i -> Bodies.object("subjects", List.of("url:https://works.example.com/" + i)))
                        .toList())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Few entries name many works: while they are followed the changes must go to files, not pile up on the heap. */
    @Test
    void anIndexThatIsGoneIsMadeAgainFromFewEntriesOfManyWorks() throws IOException, InterruptedException {
        Service first = Service.inEmptyFolder().withJavaOption("-Xmx256m").start();
        try (first) {
            Matcher key = KEY.matcher(first.send(HttpRequest.newBuilder(first.uri("/v1/parties"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    Bodies.object("name", "Archive", "kind", "society")
                                            .toString())))
                    .body());
            assertTrue(key.find());
            HttpResponse<String> answer = first.send(HttpRequest.newBuilder(first.uri("/v1/declarations/batch"))
                    .header("Authorization", "Bearer " + key.group())
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofByteArrays(() ->
                            IntStream.range(0, WIDE).mapToObj(ManyLinesIT::wide).iterator())));
            assertEquals(
                    WIDE,
                    answer.body()
                            .lines()
                            .filter(line -> line.contains("\"position\""))
                            .count());
            first.stop();
            Service.delete(first.folder().resolve("data/index"));
            first.start();
            Matcher open = OPEN.matcher(first.output());
            assertTrue(open.find(), first.output());
            assertEquals(WIDE * WORKS, Integer.parseInt(open.group(1)));
            assertTrue(Long.parseLong(open.group(2)) > 0, "all of it is on the heap: " + open.group());
        }
    }

    /** Made as it is sent: the sender's memory must not grow either. */
    private static byte[] block(int number) {
        return Bodies.lines(IntStream.range(number * BLOCK, (number + 1) * BLOCK)
                        .mapToObj(i -> reserved("ai-training").of("url:https://works.example.com/" + i))
                        .toList())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] wide(int number) {
        List<String> works = IntStream.range(number * WORKS, (number + 1) * WORKS)
                .mapToObj(i -> "url:https://works.example.com/" + i)
                .toList();
        return Bodies.lines(List.of(reserved("ai-training").of(works))).getBytes(StandardCharsets.UTF_8);
    }
}
