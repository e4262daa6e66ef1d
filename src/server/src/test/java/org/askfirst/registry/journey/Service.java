package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged service in a process of its own and, at first, an empty folder.
 *
 * <p>It is made to start in haste ({@link #QUICK}): most journeys are starts, which take two thirds of the time so and
 * half of the processors'. Where an option is given, which is where memory is looked at, it runs as it does for anybody.
 *
 * <p>It knows of the service only what is printed and answered. {@link #close} ends whatever still runs, the
 * PostgreSQL that a killed service leaves included, and empties the folder.
 */
final class Service implements AutoCloseable {
    /** Exit status of a process that ended itself on SIGTERM, by the convention 128 + 15. */
    static final int TERMINATED = 143;

    /** The simpler compiler and collector, and what the Java compiler wrote is believed. */
    private static final List<String> QUICK = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern BANNER_LINE = Pattern.compile("(?m)^  (page|API|data|operator) +(\\S+)");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Path folder;
    private final Path jar;
    private final int port = freePort();
    private final int managementPort = freePort();
    private final List<String> before = new ArrayList<>();
    private final List<String> javaOptions = new ArrayList<>();
    private List<String> arguments = List.of();
    private final Map<String, String> environment = new java.util.TreeMap<>();
    private String java = String.valueOf(System.getProperty("java.home"));
    private int starts;
    private @Nullable Process process;

    private Service(Path folder, Path jar) {
        this.folder = folder;
        this.jar = jar;
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(managementPort));
        // Journeys do more from one address than anybody may.
        environment.put("ASKFIRST_BUDGET_PARTIES", "1000000");
        environment.put("ASKFIRST_BUDGET_WORKS_OF_FIRST_DAY", "1000000000");
        environment.put("ASKFIRST_BUDGET_WORKS_OF_AN_ADDRESS", "1000000000");
        environment.put("ASKFIRST_BUDGET_CLAIMS", "1000000");
        environment.put("ASKFIRST_BUDGET_CLAIMS_OF_AN_ADDRESS", "1000000");
        environment.put("ASKFIRST_BUDGET_OFFERS", "1000000");
        environment.put("ASKFIRST_BUDGET_GRANTS", "1000000");
        environment.put("ASKFIRST_BUDGET_GRANTS_OF_AN_ADDRESS", "1000000");
        environment.put("ASKFIRST_BUDGET_OFFERS_OF_AN_ADDRESS", "1000000");
        environment.put("ASKFIRST_BUDGET_FILES", "1000000");
        environment.put("ASKFIRST_BUDGET_FILES_OF_AN_ADDRESS", "1000000");
        // No proxy has to notice that it stops.
        environment.put("QUARKUS_SHUTDOWN_DELAY", "0S");
    }

    /** The service in that folder, not started yet. */
    static Service inFolder(Path folder) {
        return new Service(folder, packaged());
    }

    /** The service in an empty folder, not started yet. */
    static Service inEmptyFolder() {
        try {
            return new Service(Files.createTempDirectory("askfirst-journey"), packaged());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Another one in the same folder, on another port. */
    Service another() {
        Service other = new Service(folder, jar);
        other.java = java;
        return other;
    }

    /** The packaged service, as the build left it. */
    static Path packaged() {
        Path jar = Path.of(System.getProperty("askfirst.jar", "target/quarkus-app/quarkus-run.jar"))
                .toAbsolutePath();
        assertTrue(Files.exists(jar), () -> jar + " is missing: package the service first");
        return jar;
    }

    /** Run by the newest Java that the build names, so that journeys are made on both; else by that of the tests. */
    Service onNewestJava() {
        String home = System.getProperty("askfirst.newest.java", "");
        if (!home.isEmpty()) {
            java = home;
        }
        return this;
    }

    /** With that in its environment. */
    Service with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** With that gone from its environment. */
    Service without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** With all variables gone that begin so. */
    Service withoutAny(String prefix) {
        environment.keySet().removeIf(name -> name.startsWith(prefix));
        return this;
    }

    /** With that option of the Java virtual machine, and without those that make journeys quick. */
    Service withJavaOption(String option) {
        javaOptions.add(option);
        return this;
    }

    /** Started with those arguments, which are not a command. */
    Service as(String... words) {
        arguments = List.of(words);
        return this;
    }

    /** Started by way of another command. */
    Service by(String... command) {
        before.addAll(List.of(command));
        return this;
    }

    /** Starts it and waits until it says that it is ready. */
    Service start() {
        launch();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady() || !output().contains("Ask First is ready.")) {
            if (!running().isAlive()) {
                throw new AssertionError("The service ended with " + running().exitValue() + ":\n" + everything());
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("The service is not ready after " + PATIENCE + ":\n" + everything());
            }
            pause();
        }
        return this;
    }

    /** Runs it with those arguments, which is not to serve, to its end; gives its exit status. */
    int run(String... command) {
        List<String> usual = arguments;
        arguments = List.of(command);
        try {
            launch();
            return awaitEnd();
        } finally {
            arguments = usual;
        }
    }

    /** Starts it without waiting. */
    void launch() {
        if (process != null && process.isAlive()) {
            // A test failed before it stopped it; the next ones have their own to say.
            stop();
        }
        starts++;
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(java, "bin", "java").toString());
        command.addAll(javaOptions.isEmpty() ? QUICK : javaOptions);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(written("out").toFile())
                .redirectError(written("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("ASKFIRST_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path written(String stream) {
        return folder.resolve("start-" + port + "-" + starts + "." + stream);
    }

    private Process running() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /** Waits until it is ready again. */
    void awaitReady() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            assertTrue(System.nanoTime() < end, () -> "The service is not ready again:\n" + everything());
            pause();
        }
    }

    /** Returns the answer of the readiness check, which must come within two seconds. */
    HttpResponse<String> readiness() {
        try {
            return http.send(
                    HttpRequest.newBuilder(health("/ready"))
                            .timeout(Duration.ofSeconds(2))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private boolean isReady() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(health("/ready"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Asks it to end (SIGTERM), waits, and gives its exit status. */
    int stop() {
        running().destroy();
        return awaitEnd();
    }

    /** Asks it to end (SIGTERM) and does not wait. */
    void signalStop() {
        running().destroy();
    }

    /** Kills it (SIGKILL): it can do nothing about it. */
    void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    /** Waits until it has ended and gives its exit status. */
    int awaitEnd() {
        try {
            assertTrue(
                    running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    () -> "The service does not end:\n" + everything());
            return running().exitValue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Where it runs. */
    Path folder() {
        return folder;
    }

    /** The process, to be measured. */
    ProcessHandle handle() {
        return running().toHandle();
    }

    int port() {
        return port;
    }

    /** An address of it. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int managementPort() {
        return managementPort;
    }

    /** An address of a health check. */
    URI health(String check) {
        return URI.create("http://127.0.0.1:" + managementPort + "/q/health" + check);
    }

    /** Returns the output since the last start. */
    String output() {
        return read(written("out"));
    }

    /** Returns the warnings and errors since the last start. */
    String errors() {
        return read(written("err"));
    }

    /** The log of its own PostgreSQL. */
    String databaseLog() {
        return read(folder.resolve("data").resolve("postgresql.log"));
    }

    private String everything() {
        return output() + errors() + databaseLog();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            return "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns the line of the banner about the page, the API, the data or the operator. */
    Optional<String> banner(String name) {
        Matcher line = BANNER_LINE.matcher(output());
        while (line.find()) {
            if (line.group(1).equals(name)) {
                return Optional.of(line.group(2));
            }
        }
        return Optional.empty();
    }

    /** The operator's key, from the file that this start must have named. */
    String operatorKey() {
        Path file = Path.of(banner("operator")
                .orElseThrow(() -> new AssertionError("no file of the operator key in:\n" + output())));
        return read(file).strip();
    }

    /** Its PostgreSQL, if one runs, whoever left it. */
    Optional<ProcessHandle> database() {
        String pid = read(folder.resolve("data/database/postmaster.pid"))
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    }

    /** Where its PostgreSQL is to be reached. */
    String databaseUrl() {
        String port = read(folder.resolve("data/database/postmaster.pid"))
                .lines()
                .skip(3)
                .findFirst()
                .orElseThrow();
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** The password of its PostgreSQL's user {@code askfirst}. */
    String databasePassword() {
        return read(folder.resolve("data/database.password")).strip();
    }

    /** Sends a request and reads the whole answer. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** For requests of one's own. */
    HttpClient http() {
        return http;
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(40, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        database().ifPresent(Service::end);
        delete(folder);
    }

    private static void end(ProcessHandle left) {
        left.destroy();
        try {
            left.onExit().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException unwilling) {
            left.destroyForcibly();
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
