package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Somebody's own PostgreSQL 15, as Debian ships it: what an operator has already. */
final class DebianDatabase implements AutoCloseable {
    static final String USER = "registry";
    static final String PASSWORD = "secret";

    private static final Path BINARIES = Path.of("/usr/lib/postgresql/15/bin");

    private final Path folder;
    private final int port;

    private DebianDatabase(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts one on an empty folder; leaves the test out if there is none. */
    static DebianDatabase start() throws IOException {
        Loudly.assume(Files.exists(BINARIES), "there is no PostgreSQL 15 at " + BINARIES);
        Path folder = Files.createTempDirectory("askfirst-journey-postgresql");
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        DebianDatabase database = new DebianDatabase(folder, port);
        String data = database.data();
        assertEquals(
                0,
                database.run(
                        "initdb", "-D", data, "-U", USER, "--auth=scram-sha-256", "--pwfile=" + password, "--no-sync"));
        database.startAgain();
        return database;
    }

    /** Starts it where it was. */
    void startAgain() throws IOException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=";
        assertEquals(
                0,
                run("pg_ctl", "-D", data(), "-w", "-o", options, "start"),
                () -> "PostgreSQL does not start; its log is " + folder.resolve("log"));
    }

    /** Kills it (SIGKILL), with everything it has forked. */
    void kill() throws IOException {
        String pid =
                Files.readAllLines(Path.of(data(), "postmaster.pid")).get(0).strip();
        kill(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
    }

    /** Kills that server, with everything it has forked; waits until all are gone. */
    static void kill(ProcessHandle server) {
        List<ProcessHandle> all = new ArrayList<>();
        all.add(server);
        // First, or it would fork others in their place.
        server.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    boolean isRunning() throws IOException {
        return run("pg_ctl", "-D", data(), "status") == 0;
    }

    private int run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            // PostgreSQL refuses root; in a user namespace root is somebody else.
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(BINARIES.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        run("pg_ctl", "-D", data(), "-m", "fast", "-w", "stop");
        Service.delete(folder);
    }
}
