package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.LedgerChecker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A backup that is made while parties declare is restored elsewhere, and answers as the original did. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupIT {
    private static final int LINES = 2000;
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]+");
    private static final Pattern POSITION = Pattern.compile("all entries up to position (\\d+)");

    private final Service service = Service.inEmptyFolder();
    private final Path file = service.folder().resolve("askfirst.backup");
    private String key = "";
    private String before = "";
    private String operator = "";

    @AfterAll
    void close() {
        service.close();
    }

    private static HttpRequest.Builder as(Service where, String key, String path, String type) {
        return HttpRequest.newBuilder(where.uri(path))
                .header("Content-Type", type)
                .header("Authorization", "Bearer " + key);
    }

    private static String declare(Service where, String key, int number) {
        return where.send(as(where, key, "/v1/declarations", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(reserved("ai-training")
                                .of("url:https://backup.example.com/live/" + number)
                                .toString())))
                .body();
    }

    private static String lookUp(Service where) {
        HttpResponse<String> answer = where.send(HttpRequest.newBuilder(
                where.uri("/v1/lookup?subject=isbn:9788936434120&subject=url:https://backup.example.com/17")));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static String verdict(Service where, int number) {
        return where.send(HttpRequest.newBuilder(where.uri("/v1/lookup?use=ai-training&detail=verdict"
                        + "&subject=url:https://backup.example.com/live/" + number)))
                .body();
    }

    @Test
    @Order(1)
    void aBackupIsMadeWhilePartiesDeclare() throws Exception {
        service.start();
        operator = service.operatorKey();
        Matcher opened = KEY.matcher(service.send(as(service, "none", "/v1/parties", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Bodies.text(
                                Map.of("name", "김하늘", "kind", "society", "contact", "mailto:h@example.com")))))
                .body());
        assertTrue(opened.find());
        key = opened.group();
        String lines = Bodies.lines(IntStream.range(0, LINES)
                .mapToObj(i -> reserved("ai-training")
                        .of("url:https://backup.example.com/" + i)
                        .with(terms().contact("mailto:줄\\t" + i + "@example.com")))
                .toList());
        HttpResponse<String> batch = service.send(as(service, key, "/v1/declarations/batch", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines)));
        assertEquals(LINES, batch.body().lines().count());
        before = lookUp(service);

        AtomicInteger acknowledged = new AtomicInteger(-1);
        AtomicInteger running = new AtomicInteger(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; running.get() == 1; i++) {
                String answer = declare(service, key, i);
                assertTrue(answer.contains("\"position\""), answer);
                acknowledged.set(i);
            }
        });
        while (acknowledged.get() < 10) {
            Service.pause();
        }
        int atLeast = acknowledged.get();
        Service beside = service.another();
        assertEquals(0, beside.run("backup", file.toString()), beside.output() + beside.errors());
        running.set(0);
        writer.get();
        assertEquals("", beside.errors());
        assertTrue(beside.output().contains("ledger_entry: "), beside.output());
        Matcher position = POSITION.matcher(beside.output());
        assertTrue(position.find(), beside.output());
        assertTrue(Long.parseLong(position.group(1)) > LINES + atLeast, beside.output());
        assertTrue(acknowledged.get() > atLeast, "the service went on declaring meanwhile");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(before, lookUp(service));

        assertEquals(1, beside.run("backup", file.toString()));
        assertTrue(beside.errors().contains("exists already"), beside.errors());
        assertEquals(1, beside.run("restore", file.toString()));
        assertTrue(beside.errors().contains("another instance is using"), beside.errors());
        assertEquals(0, beside.run("verify"), beside.output() + beside.errors());
        LedgerChecker.check(service.databaseUrl(), "askfirst", service.databasePassword());
        assertTrue(verdict(service, atLeast).contains("\"ask\""));
        assertEquals(Service.TERMINATED, service.stop());
    }

    private void putKeys(Service restored) throws IOException {
        for (String name : new String[] {"log.key", "receipt.key"}) {
            Files.createDirectories(restored.folder().resolve("data"));
            Files.copy(
                    service.folder().resolve("data").resolve(name),
                    restored.folder().resolve("data").resolve(name));
        }
    }

    private void answersAsBefore(Service restored) {
        restored.start();
        assertTrue(restored.banner("operator").isEmpty(), "the operator's key is the same");
        assertEquals(before, lookUp(restored));
        for (int i = 0; i <= 10; i++) {
            assertTrue(verdict(restored, i).contains("\"ask\""), "what was acknowledged before the backup is in it");
        }
        assertTrue(declare(restored, key, 1_000_000).contains("\"position\""), "the party's key is still valid");
        assertTrue(verdict(restored, 1_000_000).contains("\"ask\""));
        assertEquals(
                422,
                restored.send(as(restored, operator, "/v1/operator/controls", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode());
        assertEquals(Service.TERMINATED, restored.stop());
    }

    @Test
    @Order(2)
    void itIsRestoredIntoAnEmptyFolder() throws IOException {
        try (Service restored = Service.inEmptyFolder()) {
            assertEquals(0, restored.run("restore", file.toString()), restored.output() + restored.errors());
            assertEquals(1, restored.run("verify"), "the key is not in the backup");
            assertTrue(restored.errors().contains("log.key"), restored.errors());
            putKeys(restored);
            assertEquals(0, restored.run("verify"), restored.output() + restored.errors());
            assertTrue(restored.output().endsWith("Everything matches.\n"), restored.output());
            assertEquals(1, restored.run("restore", file.toString()));
            assertTrue(restored.errors().contains("the database is not empty"), restored.errors());
            answersAsBefore(restored);
        }
    }

    @Test
    @Order(3)
    void itIsRestoredIntoAnotherPostgreSql() throws Exception {
        try (DebianDatabase other = DebianDatabase.start();
                Service restored = Service.inEmptyFolder()
                        .with("QUARKUS_DATASOURCE_JDBC_URL", other.url())
                        .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                        .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD)) {
            assertEquals(0, restored.run("restore", file.toString()), restored.output() + restored.errors());
            putKeys(restored);
            answersAsBefore(restored);
            LedgerChecker.check(other.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
            Path second = restored.folder().resolve("second.backup");
            assertEquals(0, restored.run("backup", second.toString()), restored.output() + restored.errors());
            assertFalse(Files.exists(restored.folder().resolve("data/database")));
        }
    }

    @Test
    @Order(4)
    void aDamagedBackupRestoresNothing() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        try (Service restored = Service.inEmptyFolder()) {
            Path damaged = Files.write(restored.folder().resolve("damaged"), bytes);
            assertEquals(1, restored.run("restore", damaged.toString()), restored.output());
            assertTrue(restored.errors().startsWith("Ask First cannot restore: "), restored.errors());
            assertEquals(1, restored.errors().lines().count(), restored.errors());
            Path half = Files.write(restored.folder().resolve("half"), java.util.Arrays.copyOf(bytes, 5000));
            assertEquals(1, restored.run("restore", half.toString()));
            assertEquals(1, restored.errors().lines().count(), restored.errors());
            assertEquals(0, restored.run("restore", file.toString()), restored.errors());
        }
    }
}
