import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.declaration.Content;
import org.askfirst.declaration.DeclarationId;
import org.askfirst.declaration.Entry;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Period;
import org.askfirst.declaration.Stance;
import org.askfirst.declaration.Stances;
import org.askfirst.declaration.Terms;
import org.askfirst.declaration.Use;
import org.askfirst.merkle.MerkleTree;
import org.askfirst.subject.Subject;

/**
 * How many declarations a second are made durable: one by one by many clients, in one batch, and in the naive way,
 * a transaction for each. See README.md beside this file.
 */
public final class Append {
    private static final int CLIENTS = 32;
    private static final int WARM_UP_SECONDS = 40;
    private static final int NAIVE_WARM_UP_SECONDS = 15;
    private static final int SINGLE_SECONDS = 20;
    private static final int NAIVE_SECONDS = 15;
    private static final int WARM_UP_LINES = 200_000;
    private static final int LINES = 300_000;
    private static final int BLOCK = 1_000;
    private static final long TICKS = 100;

    /** As {@code Ledger.LOCK}. */
    private static final long LOCK = 0x4153_4b46_4952_5354L;

    private static final Pattern KEY = Pattern.compile("\"key\":\"(afk_[0-9a-z]+)\"");
    private static final Pattern PARTY = Pattern.compile("\"id\":\"(p_[0-9a-z]+)\"");
    private static final Pattern LENGTH = Pattern.compile("(?i)\ncontent-length: *([0-9]+)");

    private final AtomicLong next = new AtomicLong();
    private final List<String> table = new ArrayList<>();
    private final List<String> bounds = new ArrayList<>();
    private final Path folder;
    private final int port;
    private Process service;

    private Append(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /** {@code [RESULT-FILE [batch|single|naive …]]}; all three if none is named. */
    public static void main(String[] arguments) throws Exception {
        List<String> ways = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("batch", "single", "naive");
        Path folder = Files.createTempDirectory("askfirst-append");
        Append run = new Append(folder);
        try {
            run.start();
            if (ways.contains("batch")) {
                run.batch();
            }
            if (ways.contains("single")) {
                run.single();
            }
            if (ways.contains("naive")) {
                run.naive();
            }
            String result = run.result();
            System.out.println(result);
            if (arguments.length > 0 && !arguments[0].equals("-")) {
                Files.writeString(Path.of(arguments[0]), result);
            }
        } finally {
            run.stop();
        }
    }

    // ---- the service

    private void start() throws Exception {
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String more = System.getProperty("service.options", "");
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split(" ")));
        }
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("QUARKUS_") || name.startsWith("ASKFIRST_"));
        builder.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        service = builder.start();
        while (!Files.readString(folder.resolve("out")).contains("Ask First is ready.")) {
            if (!service.isAlive()) {
                throw new IllegalStateException("it ended:\n" + Files.readString(folder.resolve("out")));
            }
            Thread.sleep(100);
        }
        try (Connection database = connect("postgres");
                Statement statement = database.createStatement()) {
            statement.execute("alter system set track_wal_io_timing = on");
            statement.execute("select pg_reload_conf()");
        }
    }

    private void stop() throws Exception {
        if (service != null) {
            service.destroy();
            if (!service.waitFor(60, TimeUnit.SECONDS)) {
                long database = Long.parseLong(postmaster().get(0).strip());
                service.destroyForcibly().waitFor();
                // Left by a service that could not stop it.
                ProcessHandle.of(database).ifPresent(ProcessHandle::destroy);
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    private List<String> postmaster() throws IOException {
        return Files.readAllLines(folder.resolve("data/database/postmaster.pid"));
    }

    private Connection connect(String database) throws Exception {
        Properties properties = new Properties();
        properties.put("user", "askfirst");
        properties.put("password", Files.readString(folder.resolve("data/database.password")).strip());
        properties.put("prepareThreshold", "1");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postmaster().get(3).strip() + "/" + database, properties);
    }

    // ---- a client that costs next to nothing

    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Client() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        }

        String post(String path, String key, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(path, key, "application/json", bytes.length);
            out.write(bytes);
            out.flush();
            String head = readHead();
            Matcher length = LENGTH.matcher(head);
            if (!head.startsWith("HTTP/1.1 201") || !length.find()) {
                throw new IOException(head);
            }
            return new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
        }

        void head(String path, String key, String type, long length) throws IOException {
            out.write(("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            + (key == null ? "" : "Authorization: Bearer " + key + "\r\n") + "Content-Type: " + type
                            + "\r\nContent-Length: " + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException(head.toString());
                }
                head.append((char) c);
            }
            return head.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private String openParty() throws IOException {
        try (Client client = new Client()) {
            String opened = client.post("/v1/parties", null, "{\"name\":\"Archive\",\"kind\":\"society\"}");
            Matcher key = KEY.matcher(opened);
            if (!key.find()) {
                throw new IOException(opened);
            }
            return key.group(1);
        }
    }

    private static String url(long number) {
        return "https://works.example.com/catalogue/2026/item-" + number;
    }

    private static String declaration(long number) {
        return "{\"subjects\":[\"url:" + url(number) + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}";
    }

    // ---- the three ways

    private void single() throws Exception {
        String key = openParty();
        many(WARM_UP_SECONDS, () -> singles(key));
        Snapshot before = new Snapshot("postgres");
        long[] nanos = many(SINGLE_SECONDS, () -> singles(key));
        report("one by one over HTTP, " + CLIENTS + " clients", before, nanos.length, nanos, "postgres");
    }

    private Once singles(String key) throws IOException {
        Client client = new Client();
        return new Once() {
            @Override
            public void once() throws IOException {
                client.post("/v1/declarations", key, declaration(next.incrementAndGet()));
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    private void batch() throws Exception {
        String key = openParty();
        send(key, WARM_UP_LINES);
        Snapshot before = new Snapshot("postgres");
        send(key, LINES);
        report(String.format(Locale.ROOT, "one batch over HTTP, %,d lines", LINES), before, LINES, null, "postgres");
    }

    private void send(String key, int lines) throws Exception {
        long first = next.getAndAdd(lines) + 1;
        byte[][] blocks = new byte[lines / BLOCK][];
        long length = 0;
        for (int block = 0; block < blocks.length; block++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < BLOCK; i++) {
                text.append(declaration(first + (long) block * BLOCK + i)).append('\n');
            }
            blocks[block] = text.toString().getBytes(StandardCharsets.UTF_8);
            length += blocks[block].length;
        }
        try (Client client = new Client()) {
            client.head("/v1/declarations/batch", key, "application/x-ndjson", length);
            Thread sender = new Thread(() -> {
                try {
                    for (byte[] block : blocks) {
                        client.out.write(block);
                    }
                    client.out.flush();
                } catch (IOException broken) {
                    throw new IllegalStateException(broken);
                }
            });
            sender.start();
            String head = client.readHead();
            if (!head.startsWith("HTTP/1.1 200")) {
                throw new IOException(head);
            }
            long answers = 0;
            StringBuilder wrong = new StringBuilder();
            while (true) {
                String size = line(client.in);
                int chunk = Integer.parseInt(size, 16);
                byte[] bytes = client.in.readNBytes(chunk);
                line(client.in);
                if (chunk == 0) {
                    break;
                }
                for (byte b : bytes) {
                    answers += b == '\n' ? 1 : 0;
                }
                String text = new String(bytes, StandardCharsets.UTF_8);
                if (text.contains("\"problem\"") || text.contains("\"repeated\"")) {
                    wrong.append(text);
                }
            }
            sender.join();
            if (answers != lines || wrong.length() > 0) {
                throw new IOException(answers + " answers, " + wrong);
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Of {@code V12__name.sql}, 12. */
    private static int version(Path migration) {
        return Integer.parseInt(migration.getFileName().toString().replaceFirst("^V([0-9]+)__.*", "$1"));
    }

    /** The same tables in a database beside, the same rows, and no HTTP: straight by JDBC. */
    private void naive() throws Exception {
        try (Connection any = connect("postgres");
                Statement statement = any.createStatement()) {
            statement.execute("create database naive");
        }
        PartyId party = new PartyId(UUID.randomUUID());
        byte[] keyHash = sha256("a key");
        try (Connection database = connect("naive");
                Statement statement = database.createStatement();
                Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            for (Path file : files.sorted(Comparator.comparingInt(Append::version)).toList()) {
                statement.execute(Files.readString(file));
            }
            statement.execute("insert into party (id, kind, opened_at) values ('" + party.number()
                    + "', 'society', now())");
            statement.execute("insert into party_key (id, party, hash, created_at) values ('k', '" + party.number()
                    + "', '\\x" + HexFormat.of().formatHex(keyHash) + "', now())");
        }
        many(NAIVE_WARM_UP_SECONDS, () -> new Naive(party, keyHash));
        Snapshot before = new Snapshot("naive");
        long[] nanos = many(NAIVE_SECONDS, () -> new Naive(party, keyHash));
        report("naive: a transaction each by JDBC, " + CLIENTS + " connections", before, nanos.length, nanos, "naive");
    }

    /**
     * A transaction for each declaration, with as few round trips as it can: take the lock, read all that decides,
     * write all rows, commit. What does not hang on the lock is computed before.
     */
    private final class Naive implements Once {
        private final Connection connection;
        private final PreparedStatement lock;
        private final PreparedStatement read;
        private final PreparedStatement write;
        private final PartyId party;
        private final byte[] keyHash;

        Naive(PartyId party, byte[] keyHash) throws Exception {
            this.party = party;
            this.keyHash = keyHash;
            connection = connect("naive");
            try (Statement statement = connection.createStatement()) {
                // As the service: no table is to be read as a whole because there are no statistics of it yet.
                statement.execute("set enable_seqscan = off; set enable_bitmapscan = off;"
                        + " set plan_cache_mode = force_generic_plan");
            }
            connection.setAutoCommit(false);
            lock = connection.prepareStatement("select pg_advisory_xact_lock(" + LOCK + ")");
            read = connection.prepareStatement("select"
                    + " (select party from party_key where hash = ? and revoked_at is null),"
                    + " (select position from standing_declaration"
                    + "  where party = ? and fingerprint = ? and not withdrawn),"
                    + " e.position, e.recorded_at"
                    + " from (select 1) as one left join"
                    + " (select position, recorded_at from ledger_entry order by position desc limit 1) e on true");
            write = connection.prepareStatement("with p as (select ?::bigint as position),"
                    + " entry as (insert into ledger_entry (position, recorded_at, canonical, leaf_hash)"
                    + " select position, ?, ?, ? from p),"
                    + " declaration as (insert into standing_declaration"
                    + " (id, party, declared_at, position, withdrawn, fingerprint)"
                    + " select ?, ?, position, position, false, ? from p)"
                    + " insert into standing_statement (key, position, declaration, party, subject, stances, address)"
                    + " select ?, position, ?, ?, ?, ?, false from p");
        }

        @Override
        public void once() throws Exception {
            Subject subject = Subject.parse("url:" + url(next.incrementAndGet()));
            Content content = new Content(
                    List.of(subject),
                    Stances.of(Map.of(Use.named("text-and-data-mining").orElseThrow(), Stance.RESERVED)),
                    Terms.NONE,
                    Period.ALWAYS,
                    null);
            UUID id = new UUID((System.currentTimeMillis() << 16) | 0x7000, UUID.randomUUID().getLeastSignificantBits());
            Entry.Stated entry = new Entry.Stated(false, false, new DeclarationId(id), party, content, false, null);
            byte[] fingerprint = entry.fingerprint(null);
            byte[] key = subject.key().toBytes();

            lock.execute();
            read.setBytes(1, keyHash);
            read.setObject(2, party.number());
            read.setBytes(3, fingerprint);
            long position = 1;
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                if (row.getObject(1) == null || row.getObject(2) != null) {
                    throw new IllegalStateException("not to be declared");
                }
                if (row.getObject(3) != null) {
                    position = row.getLong(3) + 1;
                    Instant last = row.getObject(4, OffsetDateTime.class).toInstant();
                    now = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
                }
            }
            String canonical = entry.canonical(now);
            write.setLong(1, position);
            write.setObject(2, now.atOffset(ZoneOffset.UTC));
            write.setString(3, canonical);
            write.setBytes(4, MerkleTree.leafHash(canonical.getBytes(StandardCharsets.UTF_8)).bytes());
            write.setObject(5, id);
            write.setObject(6, party.number());
            write.setBytes(7, fingerprint);
            write.setBytes(8, key);
            write.setObject(9, id);
            write.setObject(10, party.number());
            write.setString(11, subject.canonical());
            write.setInt(12, content.stances().packed());
            write.executeUpdate();
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    // ---- measuring

    private interface Once extends AutoCloseable {
        void once() throws Exception;
    }

    /** Many at once for some seconds; how long each call took, in nanoseconds. */
    private static long[] many(int seconds, Callable<Once> made) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
        List<Future<long[]>> running = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; i < CLIENTS; i++) {
            running.add(pool.submit(() -> {
                long[] nanos = new long[1 << 10];
                int count = 0;
                try (Once client = made.call()) {
                    for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                        client.once();
                        nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
                        nanos[count++] = System.nanoTime() - start;
                    }
                }
                return Arrays.copyOf(nanos, count);
            }));
        }
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> one : running) {
            all.add(one.get());
        }
        pool.shutdown();
        return all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    /** What the machine has done so far. */
    private final class Snapshot {
        private final long nanos = System.nanoTime();
        private final long client = ticks(Path.of("/proc/self/stat"));
        private final Map<String, Long> threads = new TreeMap<>();
        private final Map<String, Long> database = new TreeMap<>();
        private long entries;
        private long groups;
        private long walBytes;
        private long walImages;
        private long fsyncs;
        private double fsyncMillis;

        Snapshot(String name) throws Exception {
            try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(service.pid()), "task"))) {
                tasks.forEach(task -> threads.merge(
                        read(task.resolve("comm")).strip().replaceAll("[ #_-]?[0-9]+.*$", ""),
                        ticks(task.resolve("stat")),
                        Long::sum));
            }
            String postmaster = postmaster().get(0).strip();
            database.put("ended", ended(Path.of("/proc", postmaster, "stat")));
            try (Stream<Path> all = Files.list(Path.of("/proc"))) {
                all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
                        .filter(process -> after(read(process.resolve("stat")), 1).equals(postmaster))
                        .forEach(process -> database.merge(
                                read(process.resolve("cmdline"))
                                        .replace('\0', ' ')
                                        .replaceAll("^postgres: (.*?)(\\(|\\[|[0-9]|$).*$", "$1")
                                        .strip(),
                                ticks(process.resolve("stat")),
                                Long::sum));
            }
            try (Connection connection = connect(name);
                    Statement statement = connection.createStatement()) {
                try (ResultSet row = statement.executeQuery("select wal_bytes, wal_fpi from pg_stat_wal")) {
                    row.next();
                    walBytes = row.getLong(1);
                    walImages = row.getLong(2);
                }
                try (ResultSet row = statement.executeQuery(
                        "select sum(fsyncs), sum(fsync_time) from pg_stat_io where object = 'wal'")) {
                    row.next();
                    fsyncs = row.getLong(1);
                    fsyncMillis = row.getDouble(2);
                }
                try (ResultSet row =
                        statement.executeQuery("select count(*), count(distinct recorded_at) from ledger_entry")) {
                    row.next();
                    entries = row.getLong(1);
                    groups = row.getLong(2);
                }
            }
        }
    }

    private void report(String way, Snapshot before, long declarations, long[] nanos, String name) throws Exception {
        double seconds = (System.nanoTime() - before.nanos) / 1e9;
        Snapshot after = new Snapshot(name);
        double entries = after.entries - before.entries;
        if (entries != declarations) {
            throw new IllegalStateException(declarations + " were acknowledged, " + entries + " are there");
        }
        table.add(String.format(
                Locale.ROOT,
                "| %s | %,d | %,.0f | %s | %s | %,.0f |",
                way,
                declarations,
                declarations / seconds,
                nanos == null ? "" : millis(nanos, 0.5),
                nanos == null ? "" : millis(nanos, 0.99),
                entries / (after.groups - before.groups)));
        bounds.add(String.format(
                Locale.ROOT,
                "- %s, %.1f s:%n  - service %s%n  - PostgreSQL %s; %,d fsyncs of %.2f ms on average, which took %.0f %%"
                        + " of the time; %,.0f bytes of WAL and %.2f page images an entry%n  - the one that asks %.0f",
                way,
                seconds,
                cpu(before.threads, after.threads, declarations),
                cpu(before.database, after.database, declarations),
                after.fsyncs - before.fsyncs,
                (after.fsyncMillis - before.fsyncMillis) / Math.max(1, after.fsyncs - before.fsyncs),
                (after.fsyncMillis - before.fsyncMillis) / 10 / seconds,
                (after.walBytes - before.walBytes) / entries,
                (after.walImages - before.walImages) / entries,
                (after.client - before.client) * 1e6 / TICKS / declarations));
    }

    /** Microseconds of a processor for each declaration, all and by name, the greatest first. */
    private static String cpu(Map<String, Long> before, Map<String, Long> after, long declarations) {
        Map<String, Long> spent = new TreeMap<>();
        after.forEach((name, ticks) -> spent.put(name, Math.max(0, ticks - before.getOrDefault(name, 0L))));
        double each = 1e6 / TICKS / declarations;
        List<String> parts = spent.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .filter(one -> one.getValue() * each >= 0.5)
                .map(one -> String.format(Locale.ROOT, "%s %.0f", one.getKey(), one.getValue() * each))
                .toList();
        double all = spent.values().stream().mapToLong(Long::longValue).sum() * each;
        return String.format(Locale.ROOT, "%.0f (%s)", all, String.join(", ", parts));
    }

    private static String millis(long[] sorted, double part) {
        return String.format(Locale.ROOT, "%.1f", sorted[(int) (part * (sorted.length - 1))] / 1e6);
    }

    /** Ticks of a processor that a process or thread has used. */
    private static long ticks(Path stat) {
        String text = read(stat);
        return text.isEmpty() ? 0 : Long.parseLong(after(text, 11)) + Long.parseLong(after(text, 12));
    }

    /** Ticks that a process's children had used when they ended. */
    private static long ended(Path stat) {
        String text = read(stat);
        return Long.parseLong(after(text, 13)) + Long.parseLong(after(text, 14));
    }

    /** The nth field of a stat file after the name in parentheses. */
    private static String after(String stat, int number) {
        int end = stat.lastIndexOf(')');
        return end < 0 ? "" : stat.substring(end + 2).split(" ")[number];
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    // ---- the result

    private String result() throws Exception {
        Map<String, String> settings = new TreeMap<>();
        String version;
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select name, current_setting(name) from pg_settings where name"
                        + " in ('fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'max_wal_size',"
                        + " 'wal_compression', 'checkpoint_timeout', 'wal_buffers', 'server_version')")) {
            while (row.next()) {
                settings.put(row.getString(1), row.getString(2));
            }
            version = settings.remove("server_version");
        }
        String changed = output("git", "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : " and changes";
        StringBuilder text = new StringBuilder();
        text.append("# Appending, ").append(LocalDate.now(ZoneOffset.UTC)).append("\n\n");
        text.append("Commit ").append(output("git", "rev-parse", "--short", "HEAD")).append(changed);
        text.append(String.format(
                Locale.ROOT,
                ". Machine: %d cores of %s, %.0f GB, Linux %s; client, service and database all on it; load before %s."
                        + " OpenJDK %s, PostgreSQL %s (%s).%n%n",
                Runtime.getRuntime().availableProcessors(),
                find("model name\\s*: (.*)", read(Path.of("/proc/cpuinfo"))),
                Long.parseLong(find("MemTotal:\\s*([0-9]+)", read(Path.of("/proc/meminfo")))) / 1e6,
                System.getProperty("os.version"),
                load,
                System.getProperty("java.version"),
                version,
                String.join(
                        ", ",
                        settings.entrySet().stream()
                                .map(one -> one.getKey() + " " + one.getValue())
                                .toList())));
        text.append("| way | declarations | a second | p50 ms | p99 ms | entries a commit |\n|---|---:|---:|---:|---:|---:|\n");
        table.forEach(row -> text.append(row).append('\n'));
        text.append("\nWhere the time goes, in microseconds of a processor for each declaration (there are two"
                + " processors: a rate r leaves 2,000,000/r for all):\n\n");
        bounds.forEach(one -> text.append(one).append('\n'));
        return text.toString();
    }

    private final String load = read(Path.of("/proc/loadavg")).split(" ")[0];

    private static String find(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        return found.find() ? found.group(1).strip() : "?";
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return text;
    }
}
