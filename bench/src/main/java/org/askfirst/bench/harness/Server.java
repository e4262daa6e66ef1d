package org.askfirst.bench.harness;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A server that the bench started, on a free port of this machine alone. It ends it by its process id. */
public final class Server implements AutoCloseable {
    private static final Path SERVICE = Path.of("src/server/target/quarkus-app/quarkus-run.jar");
    private static final Path CEILING = Path.of("bench/target/quarkus-app/quarkus-run.jar");

    /** A bench declares more from one address, without evidence, than anybody may. */
    private static final Map<String, String> LARGE_BUDGETS = Map.of(
            "ASKFIRST_BUDGET_PARTIES", "1000000000",
            "ASKFIRST_BUDGET_WORKS", "1000000000",
            "ASKFIRST_BUDGET_WORKS_OF_FIRST_DAY", "1000000000",
            "ASKFIRST_BUDGET_WORKS_OF_AN_ADDRESS", "1000000000",
            "ASKFIRST_BUDGET_FILES", "1000000",
            "ASKFIRST_BUDGET_FILES_OF_AN_ADDRESS", "1000000");

    private final Process process;
    private final Path folder;
    private final int port;
    private final double startSeconds;

    private Server(Process process, Path folder, int port, double startSeconds) {
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    /**
     * Starts the packaged service with its own PostgreSQL.
     *
     * @param folder keeps its data; a new one is an empty registry
     * @param options of Java
     * @param settings beside host and port
     */
    public static Server service(Path folder, List<String> options, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(settings);
        // Its files would be written while something is measured.
        all.putIfAbsent("ASKFIRST_SNAPSHOT_PUBLISH", "false");
        return java(folder, SERVICE, options, all, "Ask First is ready.");
    }

    /** Starts the two endpoints of the package {@code ceiling}; one of them queries the service's database. */
    public static Server ceiling(Path folder, List<String> options, Server service)
            throws IOException, InterruptedException {
        return java(
                folder,
                CEILING,
                options,
                Map.of(
                        "QUARKUS_DATASOURCE_JDBC_URL", service.databaseUrl("postgres"),
                        "QUARKUS_DATASOURCE_USERNAME", "askfirst",
                        "QUARKUS_DATASOURCE_PASSWORD", service.databasePassword()),
                "Listening on");
    }

    /** Starts a Redis that keeps everything in memory. */
    public static Server redis(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        return start(
                folder,
                port,
                List.of(
                        "redis-server",
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        folder.toString()),
                Map.of(),
                "Ready to accept connections");
    }

    private static Server java(Path folder, Path jar, List<String> options, Map<String, String> settings, String ready)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(Machine.tool("java")));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        Map<String, String> environment = new HashMap<>(LARGE_BUDGETS);
        environment.putAll(settings);
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(freePort()));
        return start(folder, port, command, environment, ready);
    }

    private static Server start(
            Path folder, int port, List<String> command, Map<String, String> environment, String ready)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("ASKFIRST_"));
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        // If somebody ends the bench, its servers end too.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        while (!Files.readString(out).contains(ready)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended:\n" + Files.readString(out));
            }
            Thread.sleep(20);
        }
        return new Server(process, folder, port, (System.nanoTime() - start) / 1e9);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public Path folder() {
        return folder;
    }

    /** The time from the start of the process until the server was ready. */
    public double startSeconds() {
        return startSeconds;
    }

    /** Everything that the server has printed. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    /** The operator's key, which the service writes to a file at its first start. */
    public String operatorKey() throws IOException {
        return Files.readString(folder.resolve("data/operator.key")).strip();
    }

    // ---- the service's own database

    private List<String> postmaster() throws IOException {
        return Files.readAllLines(folder.resolve("data/database/postmaster.pid"));
    }

    /** The process id of the database. */
    public long database() throws IOException {
        return Long.parseLong(postmaster().get(0).strip());
    }

    private String databaseUrl(String database) throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + postmaster().get(3).strip() + "/" + database;
    }

    private String databasePassword() throws IOException {
        return Files.readString(folder.resolve("data/database.password")).strip();
    }

    /** Connects to the service's database. */
    public Connection connect() throws IOException, SQLException {
        return connect("postgres");
    }

    /** Connects to a database of the service's PostgreSQL. */
    public Connection connect(String database) throws IOException, SQLException {
        Properties properties = new Properties();
        properties.put("user", "askfirst");
        properties.put("password", databasePassword());
        properties.put("prepareThreshold", "1");
        return DriverManager.getConnection(databaseUrl(database), properties);
    }

    /** Bytes of heap that are still used after a collection. */
    public long heapAfterCollection() throws IOException, InterruptedException {
        String pid = String.valueOf(pid());
        Machine.output(Machine.tool("jcmd"), pid, "GC.run");
        return Long.parseLong(Machine.find("used ([0-9]+)K", Machine.output(Machine.tool("jcmd"), pid, "GC.heap_info")))
                << 10;
    }

    /** Ends the server, and waits until it has ended. */
    @Override
    public void close() throws IOException {
        long database = Files.exists(folder.resolve("data/database/postmaster.pid")) ? database() : 0;
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                // The database is left by a service that could not stop it.
                ProcessHandle.of(database).ifPresent(ProcessHandle::destroy);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
