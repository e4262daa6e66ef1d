package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file of many works goes through, whatever happens meanwhile. */
class ImportIT {
    /** So many that they, kept until the end, would not fit in the heap; {@code bench/run million} has more. */
    private static final int ROWS = Integer.getInteger("askfirst.rows", 200_000);

    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern ID = Pattern.compile("i_[0-9a-f]{32}");
    private static final Pattern READ = Pattern.compile("\"counts\":\\{\"read\":(\\d+)");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");
    private static final String PLAN = Bodies.object(
                    "kind",
                    "book",
                    "stances",
                    Map.of("text-and-data-mining", "reserved"),
                    "terms",
                    Map.of("contact", "mailto:licence@books.example"))
            .toString();

    private static String key(Service service) {
        Matcher key = KEY.matcher(service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Bodies.object("name", "Society", "kind", "society")
                                .toString())))
                .body());
        assertTrue(key.find());
        return key.group();
    }

    private static HttpRequest.Builder request(Service service, String key, String path) {
        return HttpRequest.newBuilder(service.uri(path)).header("Authorization", "Bearer " + key);
    }

    private static String receive(Service service, String key, Path file) throws IOException {
        Matcher id = ID.matcher(service.send(request(service, key, "/v1/imports?name=list.csv")
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofFile(file)))
                .body());
        assertTrue(id.find());
        service.send(request(service, key, "/v1/imports/" + id.group() + "/plan")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(PLAN)));
        service.send(request(service, key, "/v1/imports/" + id.group() + "/start")
                .POST(HttpRequest.BodyPublishers.noBody()));
        return id.group();
    }

    private static String look(Service service, String key, String id) {
        return service.send(request(service, key, "/v1/imports/" + id)).body();
    }

    private static long read(String one) {
        Matcher read = READ.matcher(one);
        assertTrue(read.find(), one);
        return Long.parseLong(read.group(1));
    }

    private static String awaitDone(Service service, String key, String id) throws InterruptedException {
        long end = System.nanoTime() + 1_200_000_000_000L;
        String one = look(service, key, id);
        while (one.contains("\"status\":\"running\"")) {
            assertTrue(System.nanoTime() < end, one);
            Thread.sleep(200);
            one = look(service, key, id);
        }
        return one;
    }

    @Test
    void everyBookOfARealListIsDeclared() throws Exception {
        String data = System.getProperty("askfirst.data", "");
        Loudly.assume(!data.isEmpty() && Files.isDirectory(Path.of(data)), "no real input; -Daskfirst.data names it");
        try (Service service = Service.inEmptyFolder().start()) {
            String key = key(service);
            String id = receive(service, key, Path.of(data, "books.csv"));
            String done = awaitDone(service, key, id);
            assertTrue(
                    done.contains(
                            "\"counts\":{\"read\":10000,\"declared\":10000,\"alreadyDeclared\":0,\"declaredWithWarnings\":23,\"refused\":0,\"skipped\":0,\"repaired\":0,\"placeholders\":0}"),
                    done);
            assertEquals("", service.errors());
        }
    }

    @Test
    void aCrashInTheMiddleLosesNoRowAndDeclaresNoneTwice() throws Exception {
        int rows = 40_000;
        Path file = Files.createTempFile("askfirst-import", ".csv");
        try (Service service = Service.inEmptyFolder().start()) {
            Files.writeString(file, list(rows));
            String key = key(service);
            String id = receive(service, key, file);
            long before = 0;
            while (before < 3_000) {
                Thread.sleep(20);
                before = read(look(service, key, id));
            }
            service.kill();
            assertTrue(before < rows, "it was over before the crash");
            service.start();
            String done = awaitDone(service, key, id);
            assertTrue(done.contains("\"status\":\"done\"") && done.contains("\"refused\":0"), done);
            assertEquals(rows, read(done));
            String report = service.send(request(service, key, "/v1/imports/" + id + "/report")
                            .header("Accept", "application/x-ndjson"))
                    .body();
            Set<String> declarations = new HashSet<>();
            long row = 1;
            for (String line : report.lines().toList()) {
                row++;
                assertTrue(line.startsWith("{\"row\":" + row + ",\"id\":\"d_"), line);
                declarations.add(line.replaceFirst(".*\"id\":\"(d_[0-9a-z]+)\".*", "$1"));
            }
            assertEquals(rows, row - 1);
            assertEquals(rows, declarations.size());
            String figures = service.send(HttpRequest.newBuilder(service.uri("/v1/statistics")))
                    .body();
            assertTrue(figures.startsWith("{\"declarations\":" + rows + ","), figures);
        } finally {
            Files.delete(file);
        }
    }

    @Tag("long")
    @Test
    void manyRowsInAHeapOfAQuarterOfAGigabyte() throws Exception {
        Path file = Files.createTempFile("askfirst-import", ".csv");
        try (Service service =
                Service.inEmptyFolder().withJavaOption("-Xmx256m").start()) {
            Files.writeString(file, list(ROWS));
            String key = key(service);
            long start = System.nanoTime();
            String id = receive(service, key, file);
            double received = (System.nanoTime() - start) / 1e9;
            String done = awaitDone(service, key, id);
            double all = (System.nanoTime() - start) / 1e9;
            assertTrue(done.contains("\"declared\":" + ROWS), done);
            Matcher peak = PEAK.matcher(Files.readString(
                    Path.of("/proc", String.valueOf(service.handle().pid()), "status")));
            System.out.printf(
                    Locale.ROOT,
                    "| rows | MB | s to receive, check, plan | s to declare | rows a second | peak memory, heap of 256 MB |%n"
                            + "|---|---|---|---|---|---|%n| %,d | %.1f | %.1f | %.1f | %,.0f | %s kB |%n",
                    ROWS,
                    Files.size(file) / 1e6,
                    received,
                    all - received,
                    ROWS / (all - received),
                    peak.find() ? peak.group(1) : "?");
            assertEquals("", service.errors());
        } finally {
            Files.delete(file);
        }
    }

    private static String list(int rows) {
        StringBuilder list = new StringBuilder(rows * 70).append("제목,저자,링크\n");
        for (int i = 0; i < rows; i++) {
            list.append("작품 ")
                    .append(i)
                    .append(",\"김하늘, 이서연\",https://works.example.com/")
                    .append(i)
                    .append('\n');
        }
        return list.toString();
    }
}
