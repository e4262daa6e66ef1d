package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.Test;

/**
 * The service without a database that answers, without file descriptors, without disk space, and while it stops. It stays
 * alive, its readiness tells the truth, and it continues once it has again what it needs.
 */
@SuppressWarnings("AddressSelection")
class ScarceIT {
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]+");
    private static final String SITE = "url:https://scarce.example.com/";

    private static String openParty(Service service) {
        HttpResponse<String> opened = service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Bodies.object("name", "Ada", "kind", "creator").toString())));
        Matcher key = KEY.matcher(opened.body());
        assertTrue(key.find(), opened.body());
        return key.group();
    }

    private static void verify(Service service, String key) {
        HttpResponse<String> own = service.send(
                HttpRequest.newBuilder(service.uri("/v1/parties/me")).header("Authorization", "Bearer " + key));
        HttpResponse<String> decided = service.send(HttpRequest.newBuilder(service.uri("/v1/operator/decisions"))
                .header("Authorization", "Bearer " + service.operatorKey())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Bodies.object(
                                "party", Answers.tree(own.body()).get("id"), "decision", "verified", "reason", "seen")
                        .toString())));
        assertEquals(201, decided.statusCode(), decided.body());
    }

    private static HttpResponse<String> declare(Service service, String key, int number) {
        return service.send(HttpRequest.newBuilder(service.uri("/v1/declarations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        reserved("ai-training").of(SITE + number).toString())));
    }

    private static HttpResponse<String> lookUp(Service service, String more) {
        return service.send(HttpRequest.newBuilder(service.uri("/v1/lookup?subject=" + SITE + "1" + more)));
    }

    private static void await(String what, Service service, Predicate<Service> condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.test(service)) {
            assertTrue(System.nanoTime() < end, () -> what + "\n" + service.output());
            Service.pause();
        }
    }

    private static void assertAlive(Service service) {
        assertEquals(
                200,
                service.send(HttpRequest.newBuilder(service.health("/live"))).statusCode());
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    @Test
    void aFrozenDatabaseIsNoticedAtOnce() throws Exception {
        try (Service service = Service.inEmptyFolder()) {
            service.start();
            String key = openParty(service);
            assertEquals(201, declare(service, key, 1).statusCode());
            assertEquals(200, service.readiness().statusCode());
            List<ProcessHandle> database = new ArrayList<>();
            ProcessHandle server = service.database().orElseThrow();
            database.add(server);
            server.descendants().forEach(database::add);
            signal("STOP", database);
            try {
                CompletableFuture<HttpResponse<String>> caught = service.http()
                        .sendAsync(
                                HttpRequest.newBuilder(service.uri("/v1/lookup?asOf=1&subject=" + SITE + "1"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                Thread.sleep(2000);
                long before = System.nanoTime();
                HttpResponse<String> ready = service.readiness();
                assertEquals(503, ready.statusCode(), ready.body());
                assertTrue(ready.body().contains("the database does not answer"), ready.body());
                assertEquals(503, lookUp(service, "&asOf=1").statusCode());
                long millis = (System.nanoTime() - before) / 1_000_000;
                assertTrue(millis < 1000, "both answers took " + millis + " ms");
                assertAlive(service);
                assertEquals(200, lookUp(service, "&detail=verdict").statusCode(), "the index needs no database");
                assertEquals(
                        503, caught.get(20, TimeUnit.SECONDS).statusCode(), "a query that was under way is aborted");
            } finally {
                signal("CONT", database);
            }
            service.awaitReady();
            assertTrue(lookUp(service, "&asOf=2").body().contains("deny"));
            assertEquals(201, declare(service, key, 2).statusCode());
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    @Test
    void withoutFileDescriptorsTheServiceStaysUp() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (Service service = Service.inEmptyFolder().by("bash", "-c", "ulimit -n 300; exec \"$@\"", "service")) {
            service.start();
            String key = openParty(service);
            assertEquals(201, declare(service, key, 1).statusCode());
            for (int i = 0; i < 400; i++) {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress("127.0.0.1", service.port()), 2000);
                sockets.add(socket);
            }
            await(
                    "no descriptor is missing",
                    service,
                    one -> one.output().contains("Too many open files")
                            || one.errors().contains("Too many open files"));
            DebianDatabase.kill(service.database().orElseThrow());
            Thread.sleep(3000);
            assertTrue(service.handle().isAlive(), service.output());
            for (Socket socket : sockets) {
                socket.close();
            }
            service.awaitReady();
            await(
                    "it does not declare again",
                    service,
                    one -> declare(one, key, 2).statusCode() < 300);
            assertTrue(lookUp(service, "").body().contains("deny"));
            assertEquals(Service.TERMINATED, service.stop());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aFullDiskRefusesWritesAndNothingElse() throws Exception {
        Path disk = Files.createTempDirectory("askfirst-journey-disk");
        Loudly.assume(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", disk.toString())
                                .start()
                                .waitFor()
                        == 0,
                "no small disk can be mounted here");
        try (Service service = Service.inFolder(Files.createDirectory(disk.resolve("service")))) {
            service.with("ASKFIRST_STORAGE_LOW_WATER", "100M")
                    .with("ASKFIRST_STORAGE_LOW_WATER_OF_UNPROVED", "150M")
                    .start();
            String stranger = openParty(service);
            assertEquals(201, declare(service, stranger, 0).statusCode());
            String key = openParty(service);
            verify(service, key);
            assertEquals(201, declare(service, key, 1).statusCode());
            Path filler = disk.resolve("filler");
            // Strangers are refused first.
            fill(filler, 130L << 20);
            await(
                    "a stranger still declares",
                    service,
                    one -> declare(one, stranger, 2).statusCode() == 503);
            assertEquals(200, service.readiness().statusCode());
            assertEquals(201, declare(service, key, 3).statusCode());
            fill(filler, 50L << 20);
            await("it is still ready", service, one -> one.readiness().statusCode() == 503);
            assertTrue(
                    service.readiness().body().contains("low-water"),
                    service.readiness().body());
            HttpResponse<String> refused = declare(service, key, 4);
            assertEquals(503, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("nothing was recorded"), refused.body());
            assertAlive(service);
            assertTrue(lookUp(service, "").body().contains("deny"));
            Files.delete(filler);
            service.awaitReady();
            assertEquals(201, declare(service, key, 4).statusCode());

            // Without the low-water mark, PostgreSQL itself runs out of space.
            service.stop();
            service.with("ASKFIRST_STORAGE_LOW_WATER", "0")
                    .with("ASKFIRST_STORAGE_LOW_WATER_OF_UNPROVED", "0")
                    .start();
            fill(filler, 0);
            int last = 5;
            HttpResponse<String> answer = declare(service, key, last);
            for (; answer.statusCode() == 201 && last < 20_000; last++) {
                answer = declare(service, key, last + 1);
            }
            assertEquals(503, answer.statusCode(), answer.body());
            assertTrue(service.handle().isAlive(), service.output());
            assertAlive(service);
            Files.delete(filler);
            service.awaitReady();
            await(
                    "it does not declare again",
                    service,
                    one -> declare(one, key, 30_000).statusCode() < 300);
            assertEquals(Service.TERMINATED, service.stop());
            assertEquals(0, service.run("verify"), service.output() + service.errors());
        } finally {
            new ProcessBuilder("umount", disk.toString()).start().waitFor();
            Service.delete(disk);
        }
    }

    /** Writes a file until that many bytes are free. */
    private static void fill(Path filler, long left) throws IOException {
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(filler).getUsableSpace() > left) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(left == 0, "the disk is full too early");
        }
    }

    @Test
    void aServiceThatStopsIsNotReadyAndServesOnForTheDelay() throws Exception {
        try (Service service = Service.inEmptyFolder().with("QUARKUS_SHUTDOWN_DELAY", "4S")) {
            service.start();
            String key = openParty(service);
            assertEquals(200, service.readiness().statusCode());
            service.signalStop();
            await("it is still ready", service, one -> one.readiness().statusCode() == 503);
            assertEquals(201, declare(service, key, 1).statusCode(), "requests are still served");
            assertAlive(service);
            assertEquals(Service.TERMINATED, service.awaitEnd());
        }
    }
}
