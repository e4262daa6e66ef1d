package org.askfirst.registry.embedded;

import io.quarkus.runtime.Quarkus;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL of our own, in a data folder that outlives us.
 *
 * <p>What it promises: it is durable ({@code fsync} stays on), reachable from this machine alone and by password
 * alone; one instance at a time uses a folder; and however the last run ended, the next one starts. A run that was
 * killed may leave its server running; the next one stops that server before it starts its own, and PostgreSQL
 * recovers as it always does. A server that ends by itself, or is killed, is started again at the same port, so that
 * connections are all that is lost; if that fails, the process ends and says so.
 *
 * <p>The folder: {@code lock} is held while an instance runs; {@code postgresql-…} are the unpacked binaries;
 * {@code database} is PostgreSQL's own; {@code database.password} is for us alone; {@code postgresql.log}.
 *
 * <p>PostgreSQL refuses to run as root. There, it is started in a user namespace in which it is not, or, where
 * the kernel forbids that, as the user {@code nobody}, who is given the folder {@code database}.
 */
final class EmbeddedDatabase implements AutoCloseable {
    /** Kept, so that its level is: it tells at each start what it found, which is nobody's business. */
    private static final java.util.logging.Logger RESOLVER =
            java.util.logging.Logger.getLogger(DefaultPostgresBinaryResolver.class.getName());

    private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);

    private static final String USER = "askfirst";
    private static final int NOBODY = 65534;
    private static final int PASSWORD_BYTES = 24;
    private static final int PATIENCE_SECONDS = 120;
    private static final int PORT_TRIES = 5;
    private static final int RESTART_TRIES = 10;
    private static final int LOG_TAIL = 2000;

    private final FileChannel lock;
    private final Path binaries;
    private final Path database;
    private final List<String> asAnother;
    private final int port;
    private final String password;
    private volatile boolean closed;

    /** Why there is no database, for whoever started us to read. */
    static final class StartException extends Exception {
        private static final long serialVersionUID = 1L;

        StartException(String message) {
            super(message);
        }

        StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private EmbeddedDatabase(
            FileChannel lock, Path binaries, Path database, List<String> asAnother, int port, String password) {
        this.lock = lock;
        this.binaries = binaries;
        this.database = database;
        this.asAnother = asAnother;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts PostgreSQL on that folder, made if it is not there.
     *
     * @throws StartException saying what is in the way, for a person
     */
    static EmbeddedDatabase start(Path folder) throws StartException {
        Path data = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(data);
            FileChannel lock = lock(data);
            try {
                return start(data, lock);
            } catch (IOException | StartException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new StartException("the folder " + data + " cannot be used: " + failure, failure);
        }
    }

    private static FileChannel lock(Path data) throws IOException, StartException {
        FileChannel channel = new RandomAccessFile(data.resolve("lock").toFile(), "rw").getChannel();
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // Reported like any other instance, below.
        }
        if (held == null) {
            channel.close();
            throw new StartException("another instance is using " + data
                    + ". Stop it first, or start this one in another folder, or give it a PostgreSQL of its own with"
                    + " QUARKUS_DATASOURCE_JDBC_URL");
        }
        return channel;
    }

    private static EmbeddedDatabase start(Path data, FileChannel lock) throws IOException, StartException {
        Path binaries = unpack(data);
        Path database = data.resolve("database");
        Path log = data.resolve("postgresql.log");
        String password = password(data);
        List<String> asAnother = asAnother(data);
        requireSameMajor(binaries, database, asAnother);
        if (!Files.exists(database.resolve("PG_VERSION"))) {
            initialise(data, binaries, database, asAnother);
        }
        giveToNobody(asAnother, database);
        if (run(command(asAnother, binaries, "pg_ctl", "-D", database.toString(), "status"), null) == 0) {
            // Left running by an instance that was killed; the lock proves that nobody uses it.
            run(command(asAnother, binaries, "pg_ctl", "-D", database.toString(), "-m", "fast", "-w", "stop"), null);
        }
        for (int tries = 1; ; tries++) {
            int port = freePort();
            if (run(startCommand(asAnother, binaries, database, port), log) == 0) {
                EmbeddedDatabase started = new EmbeddedDatabase(lock, binaries, database, asAnother, port, password);
                started.watch();
                return started;
            }
            if (tries == PORT_TRIES) {
                throw new StartException("PostgreSQL does not start; its log, " + log + ", ends:\n" + tail(log));
            }
        }
    }

    private static List<String> startCommand(List<String> asAnother, Path binaries, Path database, int port) {
        return command(
                asAnother,
                binaries,
                "pg_ctl",
                "-D",
                database.toString(),
                "-w",
                "-t",
                String.valueOf(PATIENCE_SECONDS),
                "-o",
                options(port),
                "start");
    }

    /**
     * All that differs from PostgreSQL's defaults, which are durable: room for bursts of writing, and fewer
     * checkpoints, after each of which every page is written whole once more.
     */
    private static String options(int port) {
        return String.join(
                " ",
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c timezone=UTC",
                "-c log_timezone=UTC",
                "-c shared_buffers=256MB",
                "-c wal_buffers=16MB",
                "-c max_wal_size=2GB",
                "-c checkpoint_timeout=15min",
                "-c jit=off");
    }

    private static Path unpack(Path data) throws IOException, StartException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
                ? "Darwin"
                : System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        RESOLVER.setLevel(Level.WARNING);
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
            if (archive == null) {
                throw new StartException("there is no embedded PostgreSQL for " + system + " on " + machine
                        + "; set QUARKUS_DATASOURCE_JDBC_URL to a PostgreSQL of yours");
            }
            byte[] bytes = archive.readAllBytes();
            Path whole = data.resolve("postgresql-" + Integer.toHexString(Arrays.hashCode(bytes)));
            if (Files.exists(whole)) {
                return whole;
            }
            // Unpacked beside and renamed when whole, so that a run killed in the middle leaves nothing half.
            Path part = data.resolve("postgresql.part");
            delete(part);
            unpack(new ByteArrayInputStream(bytes), part);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            return whole;
        }
    }

    private static void unpack(InputStream archive, Path into) throws IOException, StartException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new StartException("the archive of PostgreSQL reaches outside its folder");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.resolveSibling("."));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    setMode(target, (entry.getMode() & 0111) == 0 ? "rw-r--r--" : "rwxr-xr-x");
                }
            }
        }
    }

    private static void requireSameMajor(Path binaries, Path database, List<String> asAnother)
            throws IOException, StartException {
        Path version = database.resolve("PG_VERSION");
        if (!Files.exists(version)) {
            return;
        }
        String there = Files.readString(version).strip();
        String ours =
                output(command(asAnother, binaries, "postgres", "--version")).replaceFirst("\\D*(\\d+).*", "$1");
        if (!there.equals(ours)) {
            throw new StartException("the data was written by PostgreSQL " + there + ", and this is " + ours
                    + "; docs/operations.md tells how to move it");
        }
    }

    private static void initialise(Path data, Path binaries, Path database, List<String> asAnother)
            throws IOException, StartException {
        // Made beside and renamed when whole, so that a run killed in the middle leaves nothing half.
        Path part = data.resolve("database.part");
        delete(part);
        Files.createDirectory(part);
        giveToNobody(asAnother, part);
        Path log = data.resolve("postgresql.log");
        int code = run(
                command(
                        asAnother,
                        binaries,
                        "initdb",
                        "-D",
                        part.toString(),
                        "-U",
                        USER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + data.resolve("database.password"),
                        "--encoding=UTF8",
                        "--locale=C",
                        "--data-checksums"),
                log);
        if (code != 0) {
            throw new StartException("PostgreSQL cannot make its folder; its log, " + log + ", ends:\n" + tail(log));
        }
        Files.move(part, database, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String password(Path data) throws IOException {
        Path file = data.resolve("database.password");
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Path part = data.resolve("database.password.part");
            Files.deleteIfExists(part);
            Files.createFile(part);
            setMode(part, "rw-------");
            Files.writeString(part, HexFormat.of().formatHex(random));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    /**
     * What to put before a command so that it does not run as root; nothing if we are not root. Whoever it runs as
     * then may read the password, of which the folder is made.
     */
    private static List<String> asAnother(Path data) throws IOException {
        boolean root = FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
                && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (!root) {
            return List.of();
        }
        List<String> namespace = List.of("unshare", "--user");
        List<String> probe = new ArrayList<>(namespace);
        probe.add("true");
        try {
            if (run(probe, null) == 0) {
                return namespace;
            }
        } catch (IOException notInstalled) {
            // Then the other way.
        }
        Path secret = data.resolve("database.password");
        Files.setAttribute(secret, "unix:gid", NOBODY);
        setMode(secret, "rw-r-----");
        return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");
    }

    private static void giveToNobody(List<String> asAnother, Path folder) throws IOException {
        if (asAnother.isEmpty() || !asAnother.get(0).equals("setpriv") || !Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:uid", NOBODY);
                Files.setAttribute(path, "unix:gid", NOBODY);
            }
        }
    }

    private static List<String> command(List<String> asAnother, Path binaries, String program, String... arguments) {
        List<String> command = new ArrayList<>(asAnother);
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static int run(List<String> command, @Nullable Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(
                log == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        try {
            if (process.waitFor(PATIENCE_SECONDS + 10L, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroy();
        return -1;
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "(empty)";
        }
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - LOG_TAIL));
    }

    private static void setMode(Path path, String mode) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    /** The server's process, if there is one. */
    private Optional<ProcessHandle> server() throws IOException {
        Path file = database.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String pid = Files.readString(file).lines().findFirst().orElse("").strip();
        return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    }

    private void watch() throws IOException {
        Optional<ProcessHandle> server = server();
        Thread watch = new Thread(
                () -> {
                    server.ifPresent(one -> one.onExit().join());
                    startAgain();
                },
                "database-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private synchronized void startAgain() {
        if (closed) {
            return;
        }
        LOG.warn("PostgreSQL has ended by itself; starting it again");
        Path log = folder().resolve("postgresql.log");
        try {
            // What it had forked ends by itself too, but only once it notices; until then nothing new may start.
            for (int tries = 1; tries <= RESTART_TRIES; tries++) {
                if (run(startCommand(asAnother, binaries, database, port), log) == 0) {
                    LOG.info("PostgreSQL runs again");
                    watch();
                    return;
                }
                TimeUnit.SECONDS.sleep(1);
            }
            LOG.fatalf(
                    "Ask First stops: PostgreSQL ended and does not start again; its log, %s, ends:%n%s",
                    log, tail(log));
        } catch (IOException failure) {
            LOG.fatal("Ask First stops: PostgreSQL ended and cannot be started again", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        }
        Quarkus.asyncExit(1);
    }

    /** What the framework must be told to use this database. */
    Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "quarkus.datasource.username",
                USER,
                "quarkus.datasource.password",
                password);
    }

    /** The folder it keeps its data in. */
    Path folder() {
        return database.resolveSibling(".").normalize();
    }

    /** Shuts PostgreSQL down cleanly and lets go of the folder; once. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            run(command(asAnother, binaries, "pg_ctl", "-D", database.toString(), "-m", "fast", "-w", "stop"), null);
            lock.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
