package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.junit.jupiter.api.Test;

/** The lookup index of the packaged service: over restarts, when its files are damaged, and on two nodes. */
class IndexIT {
    private static final int DECLARATIONS = 300;
    private static final int SUBJECTS = 100;
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern ID = Pattern.compile("\"id\":\"(d_[0-9a-z]{26})\"");

    private static String openParty(Service service) {
        HttpResponse<String> opened = service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Bodies.object("name", "Ada", "kind", "creator").toString())));
        Matcher key = KEY.matcher(opened.body());
        assertTrue(key.find(), opened.body());
        return key.group();
    }

    private static HttpRequest.Builder as(Service service, String key, String path) {
        return HttpRequest.newBuilder(service.uri(path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    private static String declare(Service service, String key, String subject) {
        HttpResponse<String> answer = service.send(as(service, key, "/v1/declarations")
                .POST(HttpRequest.BodyPublishers.ofString(
                        reserved("ai-training").of(subject).toString())));
        assertEquals(201, answer.statusCode(), answer.body());
        Matcher id = ID.matcher(answer.body());
        assertTrue(id.find());
        return id.group(1);
    }

    private static String subject(int declaration, int number) {
        return "url:https://host" + declaration + ".example/" + number;
    }

    private static void declareMany(Service service, String key) {
        List<Draft> lines = IntStream.range(0, DECLARATIONS)
                .mapToObj(i -> reserved("ai-training")
                        .of(IntStream.range(0, SUBJECTS)
                                .mapToObj(j -> subject(i, j))
                                .toList()))
                .toList();
        HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri("/v1/declarations/batch"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(Bodies.lines(lines))));
        assertEquals(200, answer.statusCode());
        assertFalse(answer.body().contains("problem"), answer.body());
    }

    private static String verdict(Service service, String subject) {
        HttpResponse<String> answer = service.send(
                HttpRequest.newBuilder(service.uri("/v1/lookup?use=ai-training&detail=verdict&subject=" + subject)));
        return answer.statusCode() == 200
                ? answer.body().replaceFirst("^\\{\"verdict\":\"([a-z]+)\".*", "$1")
                : String.valueOf(answer.statusCode());
    }

    private static void answersAll(Service service) {
        for (int i = 0; i < DECLARATIONS; i += 7) {
            assertEquals("deny", verdict(service, subject(i, i % SUBJECTS)));
        }
        assertEquals("unknown", verdict(service, subject(0, SUBJECTS)));
        assertEquals("unknown", verdict(service, "url:https://host-of-nobody.example/"));
    }

    private static List<Path> segments(Service service) throws IOException {
        try (Stream<Path> files = Files.list(service.folder().resolve("data/index"))) {
            return files.filter(file -> file.toString().endsWith(".segment")).toList();
        }
    }

    @Test
    void whatIsDamagedIsMadeAgainAndNeverBelieved() throws IOException {
        try (Service service = Service.inEmptyFolder().onNewestJava()) {
            service.start();
            String key = openParty(service);
            declareMany(service, key);
            answersAll(service);
            assertEquals(Service.TERMINATED, service.stop());
            assertEquals(1, segments(service).size(), "what was in memory is written at a stop");

            service.start();
            assertFalse(service.output().contains("is rebuilt"), service.output());
            answersAll(service);
            String extra = "isbn:9788936434120";
            declare(service, key, extra);
            assertEquals("deny", verdict(service, extra));

            service.kill();
            Path file = segments(service).get(0);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 3] ^= 4;
            Files.write(file, bytes);
            service.start();
            assertTrue(service.output().contains("The lookup index is rebuilt"), service.output());
            answersAll(service);
            assertEquals("deny", verdict(service, extra));

            service.kill();
            for (Path left : segments(service)) {
                Files.write(left, java.util.Arrays.copyOf(Files.readAllBytes(left), 5000));
            }
            service.start();
            answersAll(service);
            assertEquals("deny", verdict(service, extra));
        }
    }

    /** Somebody cuts, changes or removes the files while lookups are answered. */
    @Test
    void whatIsDamagedWhileItServesIsMadeAgainAndNeverBelieved() throws IOException {
        try (Service service = Service.inEmptyFolder().onNewestJava()) {
            service.start();
            String key = openParty(service);
            declareMany(service, key);
            assertEquals(Service.TERMINATED, service.stop());
            service.start();
            answersAll(service);
            int declared = 0;
            for (Damage damage : List.<Damage>of(IndexIT::cut, IndexIT::overwrite, Files::delete)) {
                Path file = segments(service).get(0);
                damage.to(file);
                long end = System.nanoTime() + 60_000_000_000L;
                // The files are compared four times a second; what is asked in between may meet the damage.
                for (int i = 0; i < 15; i++) {
                    Service.pause();
                }
                boolean repaired = false;
                for (int i = 0; !repaired; i++) {
                    String verdict = verdict(service, subject(i % DECLARATIONS, i % SUBJECTS));
                    assertTrue(verdict.equals("deny") || verdict.equals("503"), verdict);
                    assertTrue(System.nanoTime() < end, () -> "it is not repaired\n" + service.output());
                    repaired = verdict.equals("deny") && !segments(service).contains(file);
                }
                service.awaitReady();
                answersAll(service);
                String subject = subject(5000 + declared++, 1);
                declare(service, key, subject);
                assertEquals("deny", verdict(service, subject));
            }
            assertEquals(
                    3,
                    service.output()
                            .lines()
                            .filter(line -> line.contains("the index is rebuilt"))
                            .count(),
                    service.output());
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    /** Something that happens to a file. */
    private interface Damage {
        void to(Path file) throws IOException;
    }

    private static void cut(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(5000);
        }
    }

    private static void overwrite(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1 << 16), 1 << 14);
        }
    }

    @Test
    void anotherNodeSeesWithinASecondWhatOneNodeRecorded() throws Exception {
        try (DebianDatabase database = DebianDatabase.start();
                Service one = node(database);
                Service other = node(database)) {
            one.start();
            other.with(
                            "ASKFIRST_LOG_KEY_FILE",
                            one.folder().resolve("data/log.key").toString())
                    .with(
                            "ASKFIRST_LOG_RECEIPT_KEY_FILE",
                            one.folder().resolve("data/receipt.key").toString())
                    .start();
            String key = openParty(one);
            long slowest = 0;
            for (int i = 0; i < 20; i++) {
                Service writer = i % 2 == 0 ? one : other;
                Service reader = i % 2 == 0 ? other : one;
                String subject = subject(1000 + i, 1);
                assertEquals("unknown", verdict(reader, subject));
                String id = declare(writer, key, subject);
                assertEquals("deny", verdict(writer, subject), "its own node sees it at once");
                slowest = Math.max(slowest, millisUntil("deny", reader, subject));
                assertEquals(
                        200,
                        writer.send(as(writer, key, "/v1/declarations/" + id).DELETE())
                                .statusCode());
                assertEquals("unknown", verdict(writer, subject), "its own node sees it at once");
                slowest = Math.max(slowest, millisUntil("unknown", reader, subject));
            }
            System.out.println("The other node saw each act within " + slowest + " ms");
            assertTrue(slowest < 1000, () -> "one act was not seen for long");
        }
    }

    private static long millisUntil(String expected, Service reader, String subject) {
        long start = System.nanoTime();
        long millis = 0;
        while (!verdict(reader, subject).equals(expected)) {
            millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 10_000, "never seen");
        }
        return millis;
    }

    private static Service node(DebianDatabase database) {
        return Service.inEmptyFolder()
                .onNewestJava()
                .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD);
    }

    /** Lookups are refused, and no answer is "unknown", once the node cannot know what others have recorded. */
    @Test
    void aNodeThatCannotKnowSaysNothing() throws Exception {
        try (DebianDatabase database = DebianDatabase.start();
                Service service = node(database)) {
            service.start();
            declare(service, openParty(service), subject(1, 1));
            assertEquals("deny", verdict(service, subject(1, 1)));
            database.kill();
            long end = System.nanoTime() + 30_000_000_000L;
            String verdict = verdict(service, subject(1, 2));
            while (!verdict.equals("503")) {
                assertEquals("unknown", verdict);
                assertTrue(System.nanoTime() < end, "it goes on answering without its database");
                Service.pause();
                verdict = verdict(service, subject(1, 2));
            }
            database.startAgain();
            end = System.nanoTime() + 30_000_000_000L;
            while (!verdict(service, subject(1, 1)).equals("deny")) {
                assertTrue(System.nanoTime() < end, "it does not recover");
                Service.pause();
            }
        }
    }
}
