package org.askfirst.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A server that was started here, on a free port of this machine alone, and is ended by its own process id. */
final class Server implements AutoCloseable {
    private final Process process;
    private final Path folder;
    final int port;
    final double startSeconds;

    private Server(Process process, Path folder, int port, double startSeconds) {
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** The packaged service, in that folder, with the heap that it is to make do with. */
    static Server service(Path folder) throws Exception {
        int port = freePort();
        return start(
                folder,
                port,
                java(Path.of("target/quarkus-app/quarkus-run.jar"), "-Xmx512m"),
                Map.of(
                        "QUARKUS_HTTP_PORT", String.valueOf(port),
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "ASKFIRST_QUOTA_ANONYMOUS", "2000000000",
                        "ASKFIRST_QUOTA_KEYED", "2000000000"),
                "Ask First is ready.");
    }

    /** The empty endpoint, and the one that asks the service's database. */
    static Server ceiling(Path folder, Server service) throws Exception {
        int port = freePort();
        return start(
                folder,
                port,
                java(Path.of("bench/lookup/ceiling/target/quarkus-app/quarkus-run.jar"), "-Xmx512m"),
                Map.of(
                        "QUARKUS_HTTP_PORT", String.valueOf(port),
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "QUARKUS_DATASOURCE_JDBC_URL", service.databaseUrl(),
                        "QUARKUS_DATASOURCE_USERNAME", "askfirst",
                        "QUARKUS_DATASOURCE_PASSWORD", service.databasePassword()),
                "Listening on");
    }

    static Server redis(Path folder) throws Exception {
        int port = freePort();
        return start(
                folder,
                port,
                List.of(
                        "redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "",
                        "--appendonly", "no", "--dir", folder.toString()),
                Map.of(),
                "Ready to accept connections");
    }

    private static List<String> java(Path jar, String heap) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(heap);
        String more = System.getProperty("service.options", "");
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split(" ")));
        }
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        return command;
    }

    private static Server start(
            Path folder, int port, List<String> command, Map<String, String> environment, String ready)
            throws Exception {
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
        // Should the bench be ended from outside, nothing of it goes on.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        while (!Files.readString(out).contains(ready)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("it ended:\n" + Files.readString(out));
            }
            Thread.sleep(20);
        }
        return new Server(process, folder, port, (System.nanoTime() - start) / 1e9);
    }

    long pid() {
        return process.pid();
    }

    /** What it has logged. */
    String log() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    Path folder() {
        return folder;
    }

    private List<String> postmaster() throws IOException {
        return Files.readAllLines(folder.resolve("data/database/postmaster.pid"));
    }

    /** The process of the service's own database. */
    long database() throws IOException {
        return Long.parseLong(postmaster().get(0).strip());
    }

    private String databaseUrl() throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + postmaster().get(3).strip() + "/postgres";
    }

    private String databasePassword() throws IOException {
        return Files.readString(folder.resolve("data/database.password")).strip();
    }

    Connection connect() throws Exception {
        Properties properties = new Properties();
        properties.put("user", "askfirst");
        properties.put("password", databasePassword());
        properties.put("prepareThreshold", "1");
        return DriverManager.getConnection(databaseUrl(), properties);
    }

    /** Bytes of heap that are still used after a collection. */
    long heapAfterCollection() throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = String.valueOf(pid());
        Machine.output(jcmd, pid, "GC.run");
        return 1024 * Long.parseLong(Machine.find("heap\\s+total [0-9]+K, used ([0-9]+)K", Machine.output(jcmd, pid, "GC.heap_info")));
    }

    @Override
    public void close() throws Exception {
        long database = Files.exists(folder.resolve("data/database/postmaster.pid")) ? database() : 0;
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            // Left by a service that could not stop it.
            ProcessHandle.of(database).ifPresent(ProcessHandle::destroy);
        }
    }
}
