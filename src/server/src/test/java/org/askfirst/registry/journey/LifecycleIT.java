package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.testkit.Bodies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Starts, stops, crashes and wrong starts, on one folder from test to test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LifecycleIT {
    private static final String BOOK = "isbn:9788936434120";
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");

    private final Service service = Service.inEmptyFolder();
    private String operator = "";
    private String party = "";
    private String declared = "";

    @AfterAll
    void close() {
        service.close();
    }

    @Test
    @Order(1)
    void aKilledServiceLosesNothingAndStartsAgain() {
        service.start();
        operator = service.operatorKey();
        assertTrue(operator.startsWith("afo_"), "the file has the key");
        assertFalse(service.output().contains("afo_"), "standard output often ends in a log");
        assertPrivate();
        party = openParty(service);
        declared = lookUp(service, declareBook(service, party));
        assertTrue(declared.contains("\"verdict\":\"deny\""), declared);

        service.kill();
        ProcessHandle left = service.database().orElseThrow();
        assertTrue(left.isAlive(), "the case is that PostgreSQL still runs");

        service.start();
        assertFalse(left.isAlive(), "the PostgreSQL that was left is stopped first");
        assertEquals(declared, lookUp(service, BOOK));
        assertTrue(service.banner("operator").isEmpty(), "the operator's key is written once");
        assertEquals(422, operatorActs(service, operator));
        assertEquals("", service.errors());
    }

    /** Checks that other users can read nothing that the service wrote. */
    private void assertPrivate() {
        Path data = service.folder().resolve("data");
        try (Stream<Path> files = Files.list(data)) {
            assertEquals("rwx------", mode(data));
            for (Path file : (Iterable<Path>) files::iterator) {
                // The unpacked programs are no secret.
                if (!file.getFileName().toString().startsWith("postgresql-")) {
                    assertEquals(Files.isDirectory(file) ? "rwx------" : "rw-------", mode(file), file.toString());
                }
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    @Order(2)
    void aSecondInstanceOnTheFolderIsTurnedAwayAndHarmsNothing() {
        Service second = service.another();
        second.launch();
        assertEquals(1, second.awaitEnd());
        assertTrue(
                second.errors().startsWith("Ask First cannot start: another instance is using " + service.folder()),
                second.errors());
        assertEquals(1, second.errors().lines().count(), second.errors());
        assertEquals("", second.output());
        assertEquals(declared, lookUp(service, BOOK));
    }

    @Test
    @Order(3)
    void aBatchInFlightIsFinishedBeforeTheServiceEnds() throws Exception {
        // Read to its end by the client after the writer has closed it, so it is not closed here.
        PipedInputStream body = new PipedInputStream(1 << 16);
        PipedOutputStream lines = new PipedOutputStream(body);
        CompletableFuture<HttpResponse<String>> answer = service.http()
                .sendAsync(
                        HttpRequest.newBuilder(service.uri("/v1/declarations/batch"))
                                .header("Authorization", "Bearer " + party)
                                .header("Content-Type", "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        send(lines, 0, 500);
        TimeUnit.SECONDS.sleep(1);
        service.signalStop();
        TimeUnit.SECONDS.sleep(2);
        send(lines, 500, 1000);
        lines.close();
        HttpResponse<String> answered = answer.get(30, TimeUnit.SECONDS);
        assertEquals(200, answered.statusCode());
        assertEquals(1000, answered.body().lines().count());
        assertFalse(answered.body().contains("problem"), answered.body());
        assertStoppedCleanly(service);
    }

    private static void send(OutputStream lines, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            lines.write((reserved("ai-training").of("url:https://batch.example.com/" + i) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        lines.flush();
    }

    private static void assertStoppedCleanly(Service service) {
        assertEquals(Service.TERMINATED, service.awaitEnd());
        assertEquals("", service.errors());
        assertFalse(service.output().contains("Exception"), service.output());
        // Nobody has told who operates this registry, and each start says so.
        String output = service.output().replaceAll("(?m)^.* WARN .*The pages do not tell who operates.*$", "");
        assertFalse(output.contains("WARN"), output);
        assertTrue(service.database().isEmpty(), "PostgreSQL is down too");
        String last = service.databaseLog().lines().reduce("", (before, line) -> line);
        assertTrue(last.contains("database system is shut down"), last);
    }

    @Test
    @Order(4)
    void aPortInUseIsSaidInOneLine() throws IOException {
        assertPortInUseIsSaid(service.port(), "QUARKUS_HTTP_PORT");
        assertPortInUseIsSaid(service.managementPort(), "QUARKUS_MANAGEMENT_PORT");
    }

    private void assertPortInUseIsSaid(int port, String setting) throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            service.launch();
            assertEquals(1, service.awaitEnd());
            assertEquals(
                    "Ask First cannot start: port " + taken.getLocalPort()
                            + " is in use. Stop what uses it, or choose another one with " + setting + "\n",
                    service.errors());
            assertTrue(service.database().isEmpty(), "PostgreSQL is down too");
        }
    }

    @Test
    @Order(5)
    void aLostOperatorKeyIsRenewed() {
        service.with("ASKFIRST_OPERATOR_RENEW_KEY", "true").start();
        String renewed = service.operatorKey();
        assertNotEquals(operator, renewed);
        assertEquals(401, operatorActs(service, operator));
        assertEquals(422, operatorActs(service, renewed));
        assertEquals(declared, lookUp(service, BOOK));
        assertTrue(lookUp(service, "url:https://batch.example.com/999").contains("\"verdict\":\"deny\""));
        service.signalStop();
        assertStoppedCleanly(service);
    }

    @Test
    @Order(6)
    void anyFreePortIsTold() {
        service.without("ASKFIRST_OPERATOR_RENEW_KEY")
                .with("QUARKUS_HTTP_PORT", "0")
                .launch();
        for (int i = 0; i < 600 && service.banner("page").isEmpty(); i++) {
            Service.pause();
        }
        Matcher listening =
                Pattern.compile("Listening on: http://127\\.0\\.0\\.1:([0-9]+)").matcher(service.output());
        assertTrue(listening.find(), service.output());
        assertEquals(
                "http://localhost:" + listening.group(1) + "/",
                service.banner("page").orElseThrow());
        service.signalStop();
        assertStoppedCleanly(service);
    }

    @Test
    void anotherPostgreSqlIsUsedIfNamed() throws IOException {
        try (Service ours = Service.inEmptyFolder();
                DebianDatabase other = DebianDatabase.start()) {
            ours.with("QUARKUS_DATASOURCE_JDBC_URL", other.url())
                    .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                    .with("QUARKUS_DATASOURCE_PASSWORD", "not " + DebianDatabase.PASSWORD)
                    .launch();
            assertEquals(1, ours.awaitEnd());
            assertTrue(
                    ours.errors().startsWith("Ask First cannot start: the database cannot be used: "), ours.errors());
            assertEquals(1, ours.errors().lines().count(), ours.errors());

            ours.with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD).start();
            assertEquals(other.url(), ours.banner("data").orElseThrow());
            String found = lookUp(ours, declareBook(ours, openParty(ours)));
            assertTrue(found.contains("\"verdict\":\"deny\""), found);
            assertEquals(Service.TERMINATED, ours.stop());
            assertEquals("", ours.errors());
            assertFalse(Files.exists(ours.folder().resolve("data").resolve("database")));
            assertTrue(other.isRunning(), "it is not ours to stop");
        }
    }

    @Test
    void itRunsAsAnotherUser() throws IOException, InterruptedException {
        Loudly.assume(isRoot(), "running as another user needs root to become one");
        Loudly.assume(
                run(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "test",
                                "-r",
                                Service.packaged().toString())
                        == 0,
                "the packaged service lies where no other user can read it");
        try (Service theirs = Service.inEmptyFolder()) {
            Files.setAttribute(theirs.folder(), "unix:uid", 65534);
            theirs.by("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                    .start();
            String found = lookUp(theirs, declareBook(theirs, openParty(theirs)));
            assertTrue(found.contains("\"verdict\":\"deny\""), found);
            assertEquals(65534, Files.getAttribute(theirs.folder().resolve("data/database/PG_VERSION"), "unix:uid"));
            assertEquals(Service.TERMINATED, theirs.stop());
        }
    }

    @Test
    void rootNeedsNoNamespaces() throws IOException {
        Loudly.assume(isRoot(), "only root has to become somebody else");
        Path commands = Files.createTempDirectory("askfirst-journey-path");
        Files.createSymbolicLink(commands.resolve("setpriv"), Path.of("/usr/bin/setpriv"));
        try (Service ours = Service.inEmptyFolder()) {
            Files.setPosixFilePermissions(ours.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
            ours.with("PATH", commands.toString()).start();
            assertEquals("nobody", ours.database().orElseThrow().info().user().orElseThrow());
            String found = lookUp(ours, declareBook(ours, openParty(ours)));
            ours.kill();
            ours.start();
            assertEquals(found, lookUp(ours, BOOK));
            assertEquals(Service.TERMINATED, ours.stop());
        } finally {
            Service.delete(commands);
        }
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor();
    }

    private static String openParty(Service service) {
        HttpResponse<String> opened = service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Bodies.object("name", "Ada", "kind", "creator").toString())));
        Matcher key = KEY.matcher(opened.body());
        assertTrue(key.find(), opened.body());
        return key.group();
    }

    private static String declareBook(Service service, String key) {
        HttpResponse<String> answer = service.send(HttpRequest.newBuilder(service.uri("/v1/declarations"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        reserved("ai-training").of(BOOK).toString())));
        assertEquals(201, answer.statusCode(), answer.body());
        return BOOK;
    }

    private static String lookUp(Service service, String subject) {
        HttpResponse<String> answer =
                service.send(HttpRequest.newBuilder(service.uri("/v1/lookup?subject=" + subject)));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    /** An act that names no party: 422 if the key may act, 401 if it may not. */
    private static int operatorActs(Service service, String key) {
        return service.send(HttpRequest.newBuilder(service.uri("/v1/operator/controls"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}")))
                .statusCode();
    }
}
