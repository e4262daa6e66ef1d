package org.askfirst.registry.embedded;

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
import org.askfirst.registry.files.PrivateFiles;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that the service starts itself, with a data folder that outlives the process.
 *
 * <p>It is durable ({@code fsync} stays on). It can be reached only from this machine and only by password. Only one
 * instance uses a folder at a time. The next run starts however the last run ended: if a killed run left its server
 * running, the next run stops that server before it starts its own, and PostgreSQL recovers as usual. A server that
 * ends on its own, or is killed, is restarted at the same port, so that only connections are lost. If the restart
 * fails, the reason is logged and the restart is tried again, with growing pauses, for as long as it takes.
 *
 * <p>In the folder, {@code lock} is locked while an instance runs; {@code postgresql-…} are the unpacked binaries;
 * {@code database} is PostgreSQL's data folder; {@code database.password} has the password, readable by the service
 * only; {@code postgresql.log} is the server's log.
 *
 * <p>PostgreSQL refuses to run as root. If the service runs as root, it starts PostgreSQL in a user namespace where it
 * is not root. If the kernel forbids that, PostgreSQL runs as the user {@code nobody}, who becomes the owner of
 * {@code database}.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    /**
     * This reference keeps the logger, and so its level, from garbage collection. At each start the resolver logs which
     * archive it found, which is noise.
     */
    private static final java.util.logging.Logger RESOLVER =
            java.util.logging.Logger.getLogger(DefaultPostgresBinaryResolver.class.getName());

    private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);

    private static final String USER = "askfirst";
    private static final int NOBODY = 65534;
    private static final int PASSWORD_BYTES = 24;
    private static final int TIMEOUT_SECONDS = 120;
    private static final int PORT_TRIES = 5;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_PAUSE_MILLIS = 30_000;
    private static final int LOG_TAIL = 2000;
    private static final String PASSWORD_FILE = "database.password";

    /** The line of postmaster.pid that has the port, from 0. */
    private static final int PORT_LINE = 3;

    /** Null if another process started the server and this object only uses it. */
    private final @Nullable FileChannel lock;

    private final Path binaries;
    private final Path database;
    private final List<String> userPrefix;
    private final int port;
    private final String password;
    private volatile boolean closed;

    /** Thrown if the database cannot be started. The message is for the person who started the service. */
    public static final class StartException extends Exception {
        private static final long serialVersionUID = 1L;

        StartException(String message) {
            super(message);
        }

        StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private EmbeddedDatabase(
            @Nullable FileChannel lock,
            Path binaries,
            Path database,
            List<String> userPrefix,
            int port,
            String password) {
        this.lock = lock;
        this.binaries = binaries;
        this.database = database;
        this.userPrefix = userPrefix;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts PostgreSQL with a data folder, which is created if it does not exist.
     *
     * @throws StartException with a message for a person, if the database cannot be started
     */
    public static EmbeddedDatabase start(Path folder) throws StartException {
        Path data = folder.toAbsolutePath().normalize();
        try {
            PrivateFiles.createFolder(data);
            FileChannel lock = tryLock(data);
            if (lock == null) {
                throw new StartException("another instance is using " + data
                        + ". Stop it first, or start this one in another folder, or give this one its own PostgreSQL"
                        + " with QUARKUS_DATASOURCE_JDBC_URL");
            }
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

    /**
     * Starts PostgreSQL, or uses the server that a running instance has started in the folder. Closing the result leaves
     * that server running.
     *
     * @throws StartException with a message for a person, if there is no database to use
     */
    public static EmbeddedDatabase startOrJoin(Path folder) throws StartException {
        Path data = folder.toAbsolutePath().normalize();
        try {
            PrivateFiles.createFolder(data);
            FileChannel lock = tryLock(data);
            if (lock == null) {
                return join(data);
            }
            lock.close();
        } catch (IOException failure) {
            throw new StartException("the folder " + data + " cannot be used: " + failure, failure);
        }
        return start(folder);
    }

    private static EmbeddedDatabase join(Path data) throws IOException, StartException {
        Path database = data.resolve("database");
        Path process = database.resolve("postmaster.pid");
        List<String> lines = Files.exists(process) ? Files.readAllLines(process) : List.of();
        if (lines.size() <= PORT_LINE) {
            throw new StartException(
                    "the instance that is using " + data + " is starting or stopping; try again in some seconds");
        }
        int port = Integer.parseInt(lines.get(PORT_LINE).strip());
        String password = Files.readString(data.resolve(PASSWORD_FILE)).strip();
        return new EmbeddedDatabase(null, data, database, List.of(), port, password);
    }

    /** Locks the folder; null if another instance has locked it. */
    private static @Nullable FileChannel tryLock(Path data) throws IOException {
        PrivateFiles.createFile(data.resolve("lock"));
        FileChannel channel = new RandomAccessFile(data.resolve("lock").toFile(), "rw").getChannel();
        FileLock exclusive = null;
        try {
            exclusive = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // The caller reports it like another process.
        }
        if (exclusive == null) {
            channel.close();
            return null;
        }
        return channel;
    }

    private static EmbeddedDatabase start(Path data, FileChannel lock) throws IOException, StartException {
        Path binaries = unpack(data);
        Path database = data.resolve("database");
        Path log = data.resolve("postgresql.log");
        PrivateFiles.createFile(log);
        String password = password(data);
        List<String> userPrefix = userPrefix(data);
        requireSameMajor(binaries, database, userPrefix);
        if (!Files.exists(database.resolve("PG_VERSION"))) {
            initialise(data, binaries, database, userPrefix);
        }
        giveToNobody(userPrefix, database);
        if (run(command(userPrefix, binaries, "pg_ctl", "-D", database.toString(), "status"), null) == 0) {
            // An instance that was killed left it running. The lock proves that nobody uses it.
            run(command(userPrefix, binaries, "pg_ctl", "-D", database.toString(), "-m", "fast", "-w", "stop"), null);
        }
        for (int tries = 1; ; tries++) {
            int port = freePort();
            if (run(startCommand(userPrefix, binaries, database, port), log) == 0) {
                EmbeddedDatabase started = new EmbeddedDatabase(lock, binaries, database, userPrefix, port, password);
                started.watch();
                return started;
            }
            if (tries == PORT_TRIES) {
                throw new StartException("PostgreSQL does not start; its log, " + log + ", ends:\n" + tail(log));
            }
        }
    }

    private static List<String> startCommand(List<String> userPrefix, Path binaries, Path database, int port) {
        return command(
                userPrefix,
                binaries,
                "pg_ctl",
                "-D",
                database.toString(),
                "-w",
                "-t",
                String.valueOf(TIMEOUT_SECONDS),
                "-o",
                options(port),
                "start");
    }

    /**
     * Returns the settings that differ from PostgreSQL's defaults, which are durable. They give room for bursts of
     * writing, and reduce checkpoints, because each page is written whole after a checkpoint.
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
                        + "; set QUARKUS_DATASOURCE_JDBC_URL to a PostgreSQL server");
            }
            byte[] bytes = archive.readAllBytes();
            Path folder = data.resolve("postgresql-" + Integer.toHexString(Arrays.hashCode(bytes)));
            if (Files.exists(folder)) {
                return folder;
            }
            // The archive is unpacked to a temporary folder, which is renamed at the end, so that a killed run leaves
            // no partial folder.
            Path part = data.resolve("postgresql.part");
            delete(part);
            unpack(new ByteArrayInputStream(bytes), part);
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            return folder;
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

    private static void requireSameMajor(Path binaries, Path database, List<String> userPrefix)
            throws IOException, StartException {
        Path version = database.resolve("PG_VERSION");
        if (!Files.exists(version)) {
            return;
        }
        String written = Files.readString(version).strip();
        String ours =
                output(command(userPrefix, binaries, "postgres", "--version")).replaceFirst("\\D*(\\d+).*", "$1");
        if (!written.equals(ours)) {
            throw new StartException("the data was written by PostgreSQL " + written + ", and this is " + ours
                    + "; docs/operations.md describes how to move it");
        }
    }

    private static void initialise(Path data, Path binaries, Path database, List<String> userPrefix)
            throws IOException, StartException {
        // The database is created in a temporary folder, which is renamed at the end, so that a killed run leaves no
        // partial database.
        Path part = data.resolve("database.part");
        delete(part);
        Files.createDirectory(part);
        giveToNobody(userPrefix, part);
        Path log = data.resolve("postgresql.log");
        int code = run(
                command(
                        userPrefix,
                        binaries,
                        "initdb",
                        "-D",
                        part.toString(),
                        "-U",
                        USER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + data.resolve(PASSWORD_FILE),
                        "--encoding=UTF8",
                        "--locale=C",
                        "--data-checksums"),
                log);
        if (code != 0) {
            throw new StartException("PostgreSQL cannot create its folder; its log, " + log + ", ends:\n" + tail(log));
        }
        Files.move(part, database, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String password(Path data) throws IOException {
        Path file = data.resolve(PASSWORD_FILE);
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Path part = data.resolve("database.password.part");
            Files.deleteIfExists(part);
            PrivateFiles.createFile(part);
            Files.writeString(part, HexFormat.of().formatHex(random));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    /**
     * Returns the prefix of a command that must not run as root; empty if this process is not root. The user of the
     * command can then read the password, which the new database needs.
     */
    private static List<String> userPrefix(Path data) throws IOException {
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
            // The namespace is not available; setpriv is used.
        }
        // That user must reach its database through the folder, and cannot list the folder.
        setMode(data, "rwx--x--x");
        Path secret = data.resolve(PASSWORD_FILE);
        Files.setAttribute(secret, "unix:gid", NOBODY);
        setMode(secret, "rw-r-----");
        return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all");
    }

    private static void giveToNobody(List<String> userPrefix, Path folder) throws IOException {
        if (userPrefix.isEmpty() || !userPrefix.get(0).equals("setpriv") || !Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:uid", NOBODY);
                Files.setAttribute(path, "unix:gid", NOBODY);
            }
        }
    }

    private static List<String> command(List<String> userPrefix, Path binaries, String program, String... arguments) {
        List<String> command = new ArrayList<>(userPrefix);
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
            if (process.waitFor(TIMEOUT_SECONDS + 10L, TimeUnit.SECONDS)) {
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

    /** Returns the server's process; empty if there is none. */
    private Optional<ProcessHandle> server() throws IOException {
        Path file = database.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String pid = Files.readString(file).lines().findFirst().orElse("").strip();
        return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    }

    private void watch() {
        Thread watch = new Thread(this::keepRunning, "database-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Starts the server again each time that it ends. It tries for as long as it takes: a full disk, missing file
     * descriptors or memory are problems that a person or time solves, and an exit would lose what still works.
     */
    private void keepRunning() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (!closed) {
                if (awaitEnd()) {
                    pause = FIRST_PAUSE_MILLIS;
                    continue;
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
                tryToStart();
            }
        } catch (InterruptedException interrupted) {
            // Nobody interrupts this thread but the end of the virtual machine.
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the server ends. Returns false at once if it does not run, or if that cannot be found out. */
    private boolean awaitEnd() {
        try {
            Optional<ProcessHandle> running = server().filter(ProcessHandle::isAlive);
            running.ifPresent(process -> process.onExit().join());
            return running.isPresent();
        } catch (IOException | RuntimeException unreadable) {
            LOG.debug("The process of PostgreSQL cannot be found", unreadable);
            return false;
        }
    }

    private synchronized void tryToStart() {
        if (closed) {
            return;
        }
        Path log = folder().resolve("postgresql.log");
        LOG.warn("PostgreSQL has ended unexpectedly; restarting it");
        try {
            // Child processes of the old server end too, but with a delay; until then no new server can start.
            if (run(startCommand(userPrefix, binaries, database, port), log) == 0) {
                LOG.info("PostgreSQL is running again");
                return;
            }
            LOG.errorf("PostgreSQL does not restart, trying again; its log, %s, ends:%n%s", log, tail(log));
        } catch (IOException | OutOfMemoryError failure) {
            LOG.errorf("PostgreSQL cannot be restarted, trying again: %s", failure);
        }
    }

    /** Returns the settings with which the framework uses this database. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "quarkus.datasource.username",
                USER,
                "quarkus.datasource.password",
                password);
    }

    /** Returns the folder of the data. */
    public Path folder() {
        return database.resolveSibling(".").normalize();
    }

    /** Shuts PostgreSQL down cleanly and unlocks the folder. Further calls do nothing. */
    @Override
    public void close() {
        FileChannel held = lock;
        synchronized (this) {
            if (closed || held == null) {
                return;
            }
            closed = true;
        }
        try {
            run(command(userPrefix, binaries, "pg_ctl", "-D", database.toString(), "-m", "fast", "-w", "stop"), null);
            held.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
