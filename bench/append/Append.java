import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.entry.Terms;
import org.askfirst.verdict.Use;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.subject.Subject;

/**
 * How many declarations a second are made durable: one by one by many clients, in one batch, and in the naive way,
 * a transaction for each; and what a society does in bulk: recording its members, and listing a repertoire. See
 * README.md beside this file.
 */
public final class Append {
    private static final int CLIENTS = 32;
    private static final int WARM_UP_SECONDS = 40;
    private static final int NAIVE_WARM_UP_SECONDS = 15;
    private static final int SINGLE_SECONDS = 20;
    private static final int NAIVE_SECONDS = 15;
    private static final int WARM_UP_LINES = 200_000;
    private static final int LINES = 300_000;
    private static final int MEMBERS = 100_000;
    private static final int LISTED = 100_000;
    private static final int REMOVED = 10_000;
    private static final int PROBES = 200;
    private static final int AT_ONCE = 10_000;
    private static final int BLOCK = 1_000;
    private static final long TICKS = 100;

    /** As {@code LedgerStore.LOCK}. */
    private static final long LOCK = 0x4153_4b46_4952_5354L;

    private static final Pattern KEY = Pattern.compile("\"key\":\"(afk_[0-9a-z]+)\"");
    private static final Pattern PARTY = Pattern.compile("\"id\":\"(p_[0-9a-z]+)\"");
    private static final Pattern OPERATOR = Pattern.compile("  operator +(afo_[0-9a-z]+)");
    private static final Pattern DECLARATION = Pattern.compile("\"id\":\"(d_[0-9a-z]+)\"");
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

    /** {@code [RESULT-FILE [batch|single|naive|members|repertoire …]]}; the first three if none is named. */
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
            if (ways.contains("members")) {
                run.members();
            }
            if (ways.contains("repertoire")) {
                run.repertoire();
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
            return new String(answer(), StandardCharsets.UTF_8);
        }

        String get(String path) throws IOException {
            out.write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(answer(), StandardCharsets.UTF_8);
        }

        /** The whole body of an answer that says yes. */
        byte[] answer() throws IOException {
            String head = readHead();
            if (!head.startsWith("HTTP/1.1 20")) {
                throw new IOException(head);
            }
            Matcher length = LENGTH.matcher(head);
            if (length.find()) {
                return in.readNBytes(Integer.parseInt(length.group(1)));
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int chunk;
            do {
                chunk = Integer.parseInt(line(in), 16);
                body.write(in.readNBytes(chunk));
                line(in);
            } while (chunk > 0);
            return body.toByteArray();
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
            return first(KEY, client.post("/v1/parties", null, "{\"name\":\"Archive\",\"kind\":\"society\"}"));
        }
    }

    private static String first(Pattern pattern, String text) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException(text);
        }
        return found.group(1);
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
        byte[] answers = send(key, LINES);
        report(String.format(Locale.ROOT, "one batch over HTTP, %,d lines", LINES), before, LINES, null, "postgres");
        check(answers, LINES, "\\{\"line\":\\d+,\"id\":\"d_\\w+\",\"position\":\\d+}");
    }

    private byte[] send(String key, int lines) throws Exception {
        long first = next.getAndAdd(lines) + 1;
        return stream(
                "/v1/declarations/batch", "application/x-ndjson", key, "", lines, i -> declaration(first + i) + "\n");
    }

    /** All lines in one request, whose answers are read meanwhile; gives the answers. */
    private byte[] stream(String path, String type, String key, String opening, int lines, IntFunction<String> line)
            throws Exception {
        List<byte[]> blocks = new ArrayList<>(List.of(opening.getBytes(StandardCharsets.UTF_8)));
        for (int from = 0; from < lines; from += BLOCK) {
            StringBuilder text = new StringBuilder();
            for (int i = from; i < Math.min(lines, from + BLOCK); i++) {
                text.append(line.apply(i));
            }
            blocks.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        long length = blocks.stream().mapToLong(block -> block.length).sum();
        try (Client client = new Client()) {
            client.head(path, key, type, length);
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
            byte[] answers = client.answer();
            sender.join();
            return answers;
        }
    }

    /** That each line is answered, in order, with what is expected. */
    private static void check(byte[] answers, int lines, String expected) throws IOException {
        Pattern each = Pattern.compile(expected);
        String[] all = new String(answers, StandardCharsets.UTF_8).split("\r?\n");
        if (all.length != lines) {
            throw new IOException(all.length + " answers, not " + lines);
        }
        for (String one : all) {
            if (!each.matcher(one).matches()) {
                throw new IOException(one);
            }
        }
    }

    // ---- what a society does in bulk

    private String openSociety() throws IOException {
        String operator = first(OPERATOR, Files.readString(folder.resolve("out")));
        try (Client client = new Client()) {
            String opened = client.post("/v1/parties", null, "{\"name\":\"Society\",\"kind\":\"society\"}");
            client.post(
                    "/v1/operator/decisions",
                    operator,
                    "{\"party\":\"" + first(PARTY, opened)
                            + "\",\"decision\":\"vouching-granted\",\"schemes\":[\"isrc\",\"iswc\"],\"reason\":\"x\"}");
            return first(KEY, opened);
        }
    }

    /** A society's members without an account, a mandate each. */
    private void members() throws Exception {
        String key = openSociety();
        String fresh = "\\{\"line\":\\d+,\"memberNumber\":\"[^\"]+\",\"id\":\"m_\\w+\",\"code\":\"afm_\\w+\",\"position\":\\d+}";
        String again = "\\{\"line\":\\d+,\"memberNumber\":\"[^\"]+\",\"id\":\"m_\\w+\",\"position\":\\d+,\"alreadyDeclared\":true}";
        record(key, "members, NDJSON, just started", "A", false, true, fresh);
        record(key, "members, CSV", "B", true, true, "\\d+,[^,]+,m_\\w+,afm_\\w+,\\d+,,|line,memberNumber,.*");
        record(key, "members, NDJSON", "C", false, true, fresh);
        record(key, "members, the same NDJSON again", "C", false, false, again);
    }

    private void record(String key, String way, String series, boolean csv, boolean isNew, String expected)
            throws Exception {
        Snapshot before = new Snapshot("postgres");
        byte[] answers = stream(
                "/v1/mandates/batch",
                csv ? "text/csv" : "application/x-ndjson",
                key,
                csv ? "memberNumber,schemes,uses\r\n" : "",
                MEMBERS,
                i -> csv
                        ? series + "-" + i + ",isrc iswc,ai-training ai-index\r\n"
                        : "{\"memberNumber\":\"" + series + "-" + i
                                + "\",\"schemes\":[\"isrc\",\"iswc\"],\"uses\":[\"ai-training\",\"ai-index\"]}\n");
        report(way, before, MEMBERS, isNew ? MEMBERS : 0, null, "postgres");
        check(answers, csv ? MEMBERS + 1 : MEMBERS, expected);
    }

    /** A list of one repertoire, grown and shortened by lines in one call each. */
    private void repertoire() throws Exception {
        String key = openSociety();
        String path;
        try (Client client = new Client()) {
            String declared = client.post(
                    "/v1/declarations",
                    key,
                    "{\"repertoire\":{\"title\":\"r\"},\"stances\":{\"text-and-data-mining\":\"reserved\"}}");
            path = "/v1/declarations/" + first(DECLARATION, declared) + "/repertoire";
        }
        change(key, path, "listed, just started", "add", "A", LISTED, false);
        long answered = System.nanoTime();
        try (Client client = new Client()) {
            String answer = client.get("/v1/lookup?subject=" + recording("A", LISTED - 1));
            bounds.add(String.format(
                    Locale.ROOT,
                    "- the last one listed, asked for once all lines are answered: %s after %.1f ms, connecting included",
                    answer.contains("\"through\"") ? "found through its repertoire" : "NOT FOUND",
                    (System.nanoTime() - answered) / 1e6));
        }
        verdicts("A", LISTED, "deny");
        change(key, path, "listed", "add", "B", LISTED, false);
        change(key, path, "listed already, sent again", "add", "B", LISTED, true);
        change(key, path, "taken off", "remove", "B", REMOVED, false);
        verdicts("B", REMOVED, "unknown");
        probe(key, path);
    }

    private static String recording(String series, int number) {
        return String.format(Locale.ROOT, "isrc:KR%s%02d26%05d", series, number / 100_000, number % 100_000);
    }

    private void change(String key, String path, String way, String verb, String series, int lines, boolean again)
            throws Exception {
        Snapshot before = new Snapshot("postgres");
        byte[] answers = stream(
                path,
                "application/x-ndjson",
                key,
                "",
                lines,
                i -> "{\"" + verb + "\":\"" + recording(series, i) + "\"}\n");
        report(way, before, lines, again ? 0 : -1, null, "postgres");
        check(
                answers,
                lines,
                "\\{\"line\":\\d+,\"subject\":\"isrc:\\w+\",\"position\":\\d+" + (again ? ",\"alreadyDeclared\":true}" : "}"));
    }

    /** Asks for all of them at once: each must have that verdict. */
    private void verdicts(String series, int count, String verdict) throws IOException {
        for (int from = 0; from < count; from += AT_ONCE) {
            StringBuilder items = new StringBuilder("{\"detail\":\"verdict\",\"items\":[");
            for (int i = from; i < from + AT_ONCE; i++) {
                items.append(i == from ? "" : ",")
                        .append("{\"subjects\":[\"")
                        .append(recording(series, i))
                        .append("\"]}");
            }
            try (Client client = new Client()) {
                int found = client.post("/v1/lookups", null, items.append("]}").toString())
                                .split("\"verdict\":\"" + verdict + "\",\"verdicts\"", -1)
                                .length
                        - 1;
                if (found != AT_ONCE) {
                    throw new IOException(found + " are " + verdict + " from " + from);
                }
            }
        }
    }

    /** One subject a call, and at once a lookup of it. */
    private void probe(String key, String path) throws IOException {
        long[] changes = new long[PROBES];
        long[] lookups = new long[PROBES];
        int seen = 0;
        try (Client writer = new Client();
                Client reader = new Client()) {
            for (int i = 0; i < PROBES; i++) {
                String subject = recording("C", i);
                long start = System.nanoTime();
                writer.post(path, key, "{\"add\":[\"" + subject + "\"]}");
                changes[i] = System.nanoTime() - start;
                start = System.nanoTime();
                seen += reader.get("/v1/lookup?subject=" + subject).contains("\"through\"") ? 1 : 0;
                lookups[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(changes);
        Arrays.sort(lookups);
        bounds.add(String.format(
                Locale.ROOT,
                "- %d changes of one subject a call, each asked for once it was answered: %d seen by that first lookup;"
                        + " a change took %s ms (p99 %s), the lookup %s ms (p99 %s)",
                PROBES,
                seen,
                millis(changes, 0.5),
                millis(changes, 0.99),
                millis(lookups, 0.5),
                millis(lookups, 0.99)));
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
            DeclarationEntry.Stated entry = new DeclarationEntry.Stated(false, false, new DeclarationId(id), party, content, false, null);
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
        private final Map<String, Long> disk = new TreeMap<>();
        private final long peak = memory("VmHWM");
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
                try (ResultSet row = statement.executeQuery("select relname, pg_total_relation_size(oid) from pg_class"
                        + " where relkind = 'r' and relnamespace = 'public'::regnamespace")) {
                    while (row.next()) {
                        disk.put(row.getString(1), row.getLong(2));
                    }
                }
            }
            // The kernel forgets the peak, so that the next one is of what comes next.
            Files.writeString(Path.of("/proc", String.valueOf(service.pid()), "clear_refs"), "5");
        }
    }

    private long memory(String of) {
        String status = read(Path.of("/proc", String.valueOf(service.pid()), "status"));
        return Long.parseLong(find(of + ":\\s*([0-9]+)", status)) << 10;
    }

    /** Bytes of the heap that are used after a collection. */
    private long heap() throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        output(jcmd, String.valueOf(service.pid()), "GC.run");
        return Long.parseLong(find("used ([0-9]+)K", output(jcmd, String.valueOf(service.pid()), "GC.heap_info"))) << 10;
    }

    private void report(String way, Snapshot before, long declarations, long[] nanos, String name) throws Exception {
        report(way, before, declarations, declarations, nanos, name);
    }

    /**
     * Adds a row and what bounds it.
     *
     * @param recorded how many entries of the ledger it must have come to; negative if some subjects share one
     */
    private void report(String way, Snapshot before, long declarations, long recorded, long[] nanos, String name)
            throws Exception {
        double seconds = (System.nanoTime() - before.nanos) / 1e9;
        Snapshot after = new Snapshot(name);
        double entries = after.entries - before.entries;
        if (recorded >= 0 ? entries != recorded : entries < 1) {
            throw new IllegalStateException(recorded + " were acknowledged, " + entries + " are there");
        }
        table.add(String.format(
                Locale.ROOT,
                "| %s | %,d | %.1f | %,.0f | %s | %s | %,.0f |",
                way,
                declarations,
                seconds,
                declarations / seconds,
                nanos == null ? "" : millis(nanos, 0.5),
                nanos == null ? "" : millis(nanos, 0.99),
                entries / Math.max(1, after.groups - before.groups)));
        bounds.add(String.format(
                Locale.ROOT,
                "- %s, %.1f s:%n  - service %s%n  - PostgreSQL %s; %,d fsyncs of %.2f ms on average, which took %.0f %%"
                        + " of the time; %,.0f bytes of WAL and %.2f page images each%n  - the one that asks %.0f"
                        + "%n  - most memory of the service's process %.0f MB, of the heap in use after a collection %.0f MB"
                        + "%n  - on disk, bytes each: %s; %,.0f entries",
                way,
                seconds,
                cpu(before.threads, after.threads, declarations),
                cpu(before.database, after.database, declarations),
                after.fsyncs - before.fsyncs,
                (after.fsyncMillis - before.fsyncMillis) / Math.max(1, after.fsyncs - before.fsyncs),
                (after.fsyncMillis - before.fsyncMillis) / 10 / seconds,
                (after.walBytes - before.walBytes) / (double) declarations,
                (after.walImages - before.walImages) / (double) declarations,
                (after.client - before.client) * 1e6 / TICKS / declarations,
                after.peak / 1e6,
                heap() / 1e6,
                grown(before.disk, after.disk, declarations),
                entries));
    }

    /** By how many bytes for each declaration the tables grew, their indexes included, the greatest first. */
    private static String grown(Map<String, Long> before, Map<String, Long> after, long declarations) {
        Map<String, Long> more = new TreeMap<>();
        after.forEach((table, bytes) -> more.put(table, bytes - before.getOrDefault(table, 0L)));
        return String.join(
                ", ",
                more.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .filter(one -> one.getValue() >= declarations)
                        .map(one -> one.getKey() + " " + one.getValue() / declarations)
                        .toList());
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
        text.append("| way | acts | seconds | a second | p50 ms | p99 ms | entries a commit |\n|---|---:|---:|---:|---:|---:|---:|\n");
        table.forEach(row -> text.append(row).append('\n'));
        text.append("\nWhere the time goes, in microseconds of a processor for each act (there are two"
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
