package org.askfirst.bench.lookup;

import static org.askfirst.bench.harness.Report.decimal;
import static org.askfirst.bench.harness.Report.number;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;
import org.askfirst.bench.lookup.Lookup.Plan;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;

/** The packaged service with its own database, loaded through its public API, beside its peers. */
final class OverHttp {
    static final int ITEMS = 10_000;
    static final String LINES = "application/x-ndjson";
    static final String JSON = "application/json";

    private static final int BODIES = 20;
    private static final int PATHS = 20_000;
    private static final int DECLARATIONS_A_CALL = 2_500;
    private static final int SINGLE_ROUNDS = 3;
    private static final int WARM_ROUNDS = 1;
    /** Seconds of every kind of call before the first is measured, so that everything is compiled for all of them. */
    private static final int WARM_SECONDS = 12;

    /** Starts with counting, and as many without. */
    private static final int COUNTING_ROUNDS = 3;

    private static final double COUNTING = 1.03;
    private static final double CEILING = 0.8;
    private static final double QUERY = 5;
    private static final double URLS_A_CORE = 200_000;
    private static final double P99_MILLIS = 250;

    private final Plan plan;
    private final Report report;
    private final Works works;
    private final Path folder;
    private final long start = System.nanoTime();
    private Server service;
    private long served;
    private final int singleSeconds;
    private final int batchSeconds;

    private OverHttp(Plan plan, Report report) throws Exception {
        this.plan = plan;
        this.report = report;
        this.works = Works.of(plan.urls());
        this.folder = plan.folder().resolve("service-" + plan.served());
        this.served = plan.served();
        this.batchSeconds = plan.pace();
        this.singleSeconds = Math.max(2, plan.pace() / 2);
        this.service = start();
    }

    /** Starts the service on the data of this run, without limits for those who ask. */
    private Server start() throws Exception {
        return start(true);
    }

    private Server start(boolean counting) throws Exception {
        return Server.service(
                folder,
                plan.options(),
                Map.of(
                        "ASKFIRST_QUOTA_ANONYMOUS",
                        "2000000000",
                        "ASKFIRST_QUOTA_KEYED",
                        "2000000000",
                        "ASKFIRST_ASKED_COUNT",
                        String.valueOf(counting)));
    }

    static void run(Plan plan, Arguments run, Report report) throws Exception {
        OverHttp http = new OverHttp(plan, report);
        try {
            report.section("Over HTTP, the service with " + String.join(" ", plan.options()));
            http.load();
            if (run.includes("http")) {
                http.batches();
            }
            if (run.includes("counting")) {
                http.counting();
            }
            if (run.includes("profile")) {
                http.profile();
            }
            if (run.includes("http")) {
                http.single();
                http.peers();
                http.starts();
            }
            if (run.includes("soak")) {
                new Soak(http.service, http.works, http.served, plan.seconds(), report).run();
            }
        } finally {
            http.service.close();
        }
    }

    /** Says whether a peer's program is installed. If not, the report says what is left out. */
    private boolean has(String command, String work) throws Exception {
        boolean found = Machine.has(command);
        if (!found) {
            report.add("Left out, because " + command + " is not installed: " + work + ".\n");
        }
        return found;
    }

    /** Says whether there is time for work of about so many seconds. If not, the report says what is left out. */
    private boolean hasTime(String what, int seconds) throws Exception {
        double left = plan.limit() - (System.nanoTime() - start) / 1e9;
        if (left < seconds) {
            report.add("Left out, because the time does not suffice: " + what + ".\n");
        }
        return left >= seconds;
    }

    // ---- loading

    static String declaration(Works works, long number) {
        StringBuilder line = new StringBuilder("{\"subjects\":[");
        for (int i = 0; i < Build.WORKS; i++) {
            line.append(i == 0 ? "\"" : ",\"")
                    .append(works.declared(number * Build.WORKS + i))
                    .append('"');
        }
        line.append("],\"stances\":{\"text-and-data-mining\":\"reserved\"}");
        if (number % 4 == 0) {
            line.append(",\"terms\":{\"contact\":\"mailto:rights@publisher-")
                    .append(number)
                    .append(".example\"}");
        }
        return line.append('}').toString();
    }

    static String openParty(Exchange exchange) throws Exception {
        return Machine.find(
                "\"key\":\"(afk_[0-9a-z]+)\"",
                exchange.post("/v1/parties", null, "{\"name\":\"Archive\",\"kind\":\"society\"}"));
    }

    private void load() throws Exception {
        Path mark = folder.resolve("loaded");
        if (Files.exists(mark)) {
            served = Long.parseLong(Files.readString(mark));
            report.add(number(served) + " keys, declared before.\n");
            return;
        }
        long begin = System.nanoTime();
        long declarations = plan.served() / Build.WORKS;
        try (Exchange exchange = new Exchange(service.port())) {
            String key = openParty(exchange);
            served = 0;
            for (long from = 0;
                    from < declarations && System.nanoTime() - begin < plan.loading() * 1e9;
                    from += DECLARATIONS_A_CALL) {
                StringBuilder lines = new StringBuilder();
                long to = Math.min(declarations, from + DECLARATIONS_A_CALL);
                for (long number = from; number < to; number++) {
                    lines.append(declaration(works, number)).append('\n');
                }
                Exchange.Answer answer = exchange.ask("POST", "/v1/declarations/batch", key, LINES, lines.toString());
                if (answer.status() != 200 || answer.text().contains("\"problem\"")) {
                    throw new IllegalStateException(
                            answer.head() + answer.text().substring(0, 500));
                }
                served = to * Build.WORKS;
                Machine.say(String.format(
                        Locale.ROOT, "  %,d keys declared in %.0f s", served, (System.nanoTime() - begin) / 1e9));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        report.add(String.format(
                Locale.ROOT,
                "%,d keys, declared through `POST /v1/declarations/batch`, %d works a declaration: %.0f s, %,.0f works"
                        + " a second, in the index at once.%n",
                served,
                Build.WORKS,
                seconds,
                served / seconds));
        report.add(sizes());
        try (Connection connection = service.connect();
                Statement statement = connection.createStatement()) {
            // So that a peer's queries are planned by what is there.
            statement.execute("analyze standing_statement");
        }
        Files.writeString(mark, String.valueOf(served));
    }

    /** Bytes on disk for each work, in the database and in the index. */
    private String sizes() throws Exception {
        StringBuilder text = new StringBuilder("On disk, bytes a work: ");
        try (Connection connection = service.connect();
                PreparedStatement select = connection.prepareStatement("select relname,"
                        + " pg_total_relation_size(oid) from pg_class where relkind = 'r'"
                        + " and relnamespace = 'public'::regnamespace order by 2 desc limit 5");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                text.append(
                        String.format(Locale.ROOT, "`%s` %.0f, ", row.getString(1), row.getLong(2) / (double) served));
            }
        }
        long index = 0;
        try (Stream<Path> files = Files.list(folder.resolve("data/index"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                index += Files.size(file);
            }
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "the index %.0f (what is not merged yet is in memory).%n",
                        index / (double) served))
                .toString();
    }

    private void starts() throws Exception {
        if (!hasTime("starts", 40 + (int) (served / 80_000))) {
            return;
        }
        long heap = service.heapAfterCollection();
        service.close();
        service = start();
        double again = service.startSeconds();
        service.close();
        Machine.delete(folder.resolve("data/index"));
        service = start();
        report.add(String.format(
                Locale.ROOT,
                "Heap after a collection, once loaded: %.0f MB. Start with the index there: %.1f s; without: %.1f s"
                        + " (%s).%n",
                heap / 1e6,
                again,
                service.startSeconds(),
                Machine.find("(The lookup index is open.*)", service.log())));
        report.goal("start with an index", "< 5 s", decimal(again) + " s", again < 5);
        report.goal("heap at " + number(served) + " keys", "≤ 512 MB", number(heap / 1e6) + " MB", heap <= 512e6);
    }

    // ---- one work

    private record Hits(double perSecond, double micros, double cpu, long p50, long p99) {}

    private Hits wrk(Server server, String base, Path paths, boolean withDatabase) throws Exception {
        return wrk(server, base, paths, withDatabase, singleSeconds);
    }

    private Hits wrk(Server server, String base, Path paths, boolean withDatabase, int seconds) throws Exception {
        double cpu = Machine.cpu(server.pid()) + (withDatabase ? Machine.cpuOfTree(service.database()) : 0);
        String out = Machine.output(
                "wrk",
                "-t1",
                "-c32",
                "-d" + seconds + "s",
                "--timeout",
                "30s",
                "--latency",
                "-s",
                Path.of("bench/src/main/lua/single.lua").toString(),
                "http://127.0.0.1:" + server.port() + base,
                "--",
                paths.toString());
        cpu = Machine.cpu(server.pid()) + (withDatabase ? Machine.cpuOfTree(service.database()) : 0) - cpu;
        double requests = Double.parseDouble(Machine.find("requests=([0-9]+)", out));
        if (requests == 0 || !Machine.find("failed=([0-9]+)", out).equals("0")) {
            throw new IllegalStateException(out);
        }
        double micros = Double.parseDouble(Machine.find("micros=([0-9]+)", out));
        return new Hits(
                requests * 1e6 / micros,
                micros,
                cpu * 1e6 / requests,
                Long.parseLong(Machine.find("p50=([0-9]+)", out)),
                Long.parseLong(Machine.find("p99=([0-9]+)", out)));
    }

    private List<String> texts(boolean hits, int count) {
        List<String> texts = new ArrayList<>(count);
        for (long i = 0; texts.size() < count; i++) {
            if (Works.isHit(i) == hits) {
                texts.add(works.asked(i, served, false));
            }
        }
        return texts;
    }

    private Path paths(String base, List<String> texts, String more) throws Exception {
        Path file = Files.createTempFile(plan.folder(), "paths", ".txt");
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            lines.append(base)
                    .append("?subject=")
                    .append(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"))
                    .append(more)
                    .append('\n');
        }
        return Files.writeString(file, lines);
    }

    private void single() throws Exception {
        if (!has("wrk", "one work a request")) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "one lookup a request",
                "ours/s",
                "p50 µs",
                "p99 µs",
                "CPU µs",
                "empty endpoint/s",
                "CPU µs",
                "ratio",
                "ratio by CPU",
                "query/s",
                "CPU µs with database",
                "ours to query"));
        try (Server ceiling = Server.ceiling(plan.folder().resolve("ceiling"), plan.options(), service)) {
            for (boolean full : new boolean[] {false, true}) {
                for (boolean hits : new boolean[] {false, true}) {
                    Path asked = paths("/v1/lookup", texts(hits, PATHS), full ? "" : "&detail=verdict");
                    wrk(service, "/", asked, false, WARM_SECONDS);
                    wrk(ceiling, "/", asked, false, WARM_SECONDS);
                }
            }
            for (boolean full : new boolean[] {false, true}) {
                for (boolean hits : new boolean[] {false, true}) {
                    single(ceiling, hits, full, rows);
                }
            }
        }
        report.add("One work a request, 32 connections, " + PATHS + " different works in turn, in turns of "
                + singleSeconds + " s with the peers; medians of " + SINGLE_ROUNDS
                + ". The empty endpoint answers as many bytes. The query answers verdicts alone. CPU is of the server,"
                + " in microseconds a request.\n");
        report.table(rows);
    }

    private void single(Server ceiling, boolean hits, boolean full, List<List<String>> rows) throws Exception {
        String name = (hits ? "declared" : "not declared") + ", " + (full ? "full" : "verdict");
        if (!hasTime("one work, " + name, (SINGLE_ROUNDS + WARM_ROUNDS) * (full ? 2 : 3) * (singleSeconds + 1))) {
            return;
        }
        Machine.say(" " + name);
        List<String> texts = texts(hits, PATHS);
        Path asked = paths("/v1/lookup", texts, full ? "" : "&detail=verdict");
        Path query = paths("/sql", texts, "");
        fill(ceiling, texts, full);
        List<Hits> ours = new ArrayList<>();
        List<Hits> empty = new ArrayList<>();
        List<Hits> queries = new ArrayList<>();
        for (int round = -WARM_ROUNDS; round < SINGLE_ROUNDS; round++) {
            Hits one = wrk(service, "/", asked, false);
            Hits other = wrk(ceiling, "/", asked, false);
            Hits third = full ? other : wrk(ceiling, "/", query, true);
            if (round >= 0) {
                ours.add(one);
                empty.add(other);
                queries.add(third);
            }
        }
        Hits our = median(ours);
        Hits top = median(empty);
        Hits sql = median(queries);
        double ratio = our.perSecond() / top.perSecond();
        double times = our.perSecond() / sql.perSecond();
        rows.add(List.of(
                name,
                number(our.perSecond()),
                number(our.p50()),
                number(our.p99()),
                decimal(our.cpu()),
                number(top.perSecond()),
                decimal(top.cpu()),
                decimal(ratio),
                decimal(top.cpu() / our.cpu()),
                full ? "" : number(sql.perSecond()),
                full ? "" : decimal(sql.cpu()),
                full ? "" : decimal(times)));
        report.goal("one lookup, " + name + ", to the empty endpoint", "≥ 0.8", decimal(ratio), ratio >= CEILING);
        if (!full) {
            report.goal("one lookup, " + name + ", to one query", "≥ 5", decimal(times), times >= QUERY);
        }
    }

    private static Hits median(List<Hits> rounds) {
        return rounds.stream()
                .sorted((one, other) -> Double.compare(one.perSecond(), other.perSecond()))
                .toList()
                .get(rounds.size() / 2);
    }

    /** The empty endpoint is to answer as many bytes, head and all, as the service does on average. */
    private void fill(Server ceiling, List<String> texts, boolean full) throws Exception {
        try (Exchange ours = new Exchange(service.port());
                Exchange theirs = new Exchange(ceiling.port())) {
            long bytes = 0;
            int sample = 200;
            for (int i = 0; i < sample; i++) {
                String path = "/v1/lookup?subject=" + URLEncoder.encode(texts.get(i), StandardCharsets.UTF_8)
                        + (full ? "" : "&detail=verdict");
                Exchange.Answer answer = ours.ask("GET", path.replace("+", "%20"), null, null, "");
                if (answer.status() != 200) {
                    throw new IllegalStateException(answer.head() + answer.text());
                }
                bytes += answer.bytes() + ours.headBytes();
            }
            theirs.ask("PUT", "/v1/lookup", null, JSON, "x");
            theirs.ask("GET", "/v1/lookup", null, null, "");
            long head = theirs.headBytes();
            theirs.ask("PUT", "/v1/lookup", null, JSON, "x".repeat((int) (bytes / sample - head)));
        }
    }

    // ---- ten thousand works

    private String body(int number, int items, boolean lines, boolean urlsAlone) {
        return body(works, served, (long) number * items, items, lines, urlsAlone);
    }

    static String body(Works works, long declared, long from, int items, boolean lines, boolean urlsAlone) {
        StringBuilder body = new StringBuilder(lines ? "" : "{\"items\":[");
        for (int i = 0; i < items; i++) {
            body.append(i == 0 || lines ? "" : ",")
                    .append("{\"id\":\"row-")
                    .append(i)
                    .append("\",\"subjects\":[\"")
                    .append(works.asked(from + i, declared, urlsAlone))
                    .append("\"]}")
                    .append(lines ? "\n" : "");
        }
        return body.append(lines ? "" : "]}").toString();
    }

    private byte[][] requests(boolean lines, boolean full, boolean urlsAlone) {
        byte[][] requests = new byte[BODIES][];
        for (int i = 0; i < BODIES; i++) {
            requests[i] = Exchange.request(
                    "POST",
                    "/v1/lookups" + (full ? "" : "?detail=verdict"),
                    null,
                    lines ? LINES : JSON,
                    body(i, ITEMS, lines, urlsAlone).getBytes(StandardCharsets.UTF_8));
        }
        return requests;
    }

    private void requireRight(byte[] request, int number) throws Exception {
        try (Exchange exchange = new Exchange(service.port())) {
            String[] answers = exchange.ask(request, true).text().split("\\{(?:\"line\":[0-9]+,)?\"id\":\"", -1);
            int known = 0;
            int declared = 0;
            for (int i = 1; i < answers.length; i++) {
                known += answers[i].contains("\"verdict\":\"deny\"") || answers[i].contains("\"verdict\":\"ask\"")
                        ? 1
                        : 0;
                declared += Works.isHit((long) number * ITEMS + i - 1) ? 1 : 0;
            }
            if (answers.length != ITEMS + 1 || known != declared) {
                throw new IllegalStateException(
                        answers.length - 1 + " answers, " + known + " known, " + declared + " declared");
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Calls(long[] nanos, double seconds, double cpu, double database, long bytes) {
        double millis(double part) {
            return nanos[(int) (part * (nanos.length - 1))] / 1e6;
        }
    }

    private Calls call(byte[][] requests, int clients, int seconds) throws Exception {
        double cpu = Machine.cpu(service.pid());
        double database = Machine.cpuOfTree(service.database());
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        List<Callable<long[]>> tasks = new ArrayList<>();
        long[] bytes = new long[clients];
        for (int client = 0; client < clients; client++) {
            int first = client;
            tasks.add(() -> {
                List<Long> nanos = new ArrayList<>();
                try (Exchange exchange = new Exchange(service.port())) {
                    for (int i = first; System.nanoTime() < end; i++) {
                        long sent = System.nanoTime();
                        Exchange.Answer answer = exchange.ask(requests[i % BODIES], false);
                        nanos.add(System.nanoTime() - sent);
                        if (answer.status() != 200) {
                            throw new IllegalStateException(answer.head());
                        }
                        bytes[first] = answer.bytes();
                    }
                }
                return nanos.stream().mapToLong(Long::longValue).toArray();
            });
        }
        List<Future<long[]>> done = pool.invokeAll(tasks);
        double spent = (System.nanoTime() - start) / 1e9;
        pool.shutdown();
        List<long[]> all = new ArrayList<>();
        for (Future<long[]> one : done) {
            all.add(one.get());
        }
        return new Calls(
                all.stream().flatMapToLong(Arrays::stream).sorted().toArray(),
                spent,
                Machine.cpu(service.pid()) - cpu,
                Machine.cpuOfTree(service.database()) - database,
                bytes[0]);
    }

    private void batches() throws Exception {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "10,000 works a call",
                "clients",
                "works/s",
                "p50 ms",
                "p99 ms",
                "CPU µs a work",
                "works/s a core",
                "database CPU µs a work",
                "MB an answer"));
        for (boolean full : new boolean[] {false, true}) {
            for (boolean lines : new boolean[] {false, true}) {
                call(requests(lines, full, false), 2, WARM_SECONDS);
            }
        }
        for (boolean full : new boolean[] {false, true}) {
            for (boolean lines : new boolean[] {false, true}) {
                batch(full, lines, false, rows);
            }
        }
        batch(false, false, true, rows);
        report.add(
                "Ten thousand works a call, mixed, a tenth of them declared; " + BODIES
                        + " different calls in turn. A core's rate is that of the service's own process, by its processor time.\n");
        report.table(rows);
        report.add("Heap after a collection: " + number(service.heapAfterCollection() / 1e6) + " MB; "
                + Machine.memory(service.pid()) + ".\n");
    }

    private void batch(boolean full, boolean lines, boolean urlsAlone, List<List<String>> rows) throws Exception {
        String name = (lines ? "NDJSON" : "JSON") + ", " + (full ? "full" : "verdict")
                + (urlsAlone ? ", addresses alone" : "");
        if (!hasTime("10,000 works, " + name, 3 * batchSeconds)) {
            return;
        }
        Machine.say(" " + name);
        byte[][] requests = requests(lines, full, urlsAlone);
        requireRight(requests[0], 0);
        call(requests, 2, batchSeconds / 2);
        for (int clients : new int[] {1, 4}) {
            Calls calls = call(requests, clients, batchSeconds);
            double works = (double) calls.nanos().length * ITEMS;
            double aCore = works / calls.cpu();
            rows.add(List.of(
                    name,
                    String.valueOf(clients),
                    number(works / calls.seconds()),
                    number(calls.millis(0.5)),
                    number(calls.millis(0.99)),
                    decimal(calls.cpu() * 1e6 / works),
                    number(aCore),
                    decimal(calls.database() * 1e6 / works),
                    decimal(calls.bytes() / 1e6)));
            if (clients == 1 && full) {
                double p99 = calls.millis(0.99);
                report.goal("10,000 works, " + name + ", p99", "< 250 ms", number(p99) + " ms", p99 < P99_MILLIS);
            }
            if (clients == 4 && !full) {
                report.goal("works/s a core, " + name, "≥ 200,000", number(aCore), aCore >= URLS_A_CORE);
            }
        }
    }

    // ---- with and without counting who asked

    /** The processor time of one work in microseconds: of the service, and with that of the database. */
    private record Cost(double service, double whole) {
        static Cost of(Calls calls) {
            double works = (double) calls.nanos().length * ITEMS;
            return new Cost(calls.cpu() * 1e6 / works, (calls.cpu() + calls.database()) * 1e6 / works);
        }
    }

    /** Starts the service in turn with and without counting, and compares the processor time of a work. */
    private void counting() throws Exception {
        Map<String, byte[][]> kinds = new LinkedHashMap<>();
        kinds.put("a tenth declared, verdict", requests(false, false, false));
        kinds.put("a tenth declared, full", requests(false, true, false));
        kinds.put("all declared, verdict", declaredRequests());
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = 0; round < COUNTING_ROUNDS; round++) {
            for (boolean counting : new boolean[] {round % 2 == 1, round % 2 == 0}) {
                service.close();
                service = start(counting);
                for (byte[][] requests : kinds.values()) {
                    call(requests, 2, WARM_SECONDS);
                }
                for (Map.Entry<String, byte[][]> kind : kinds.entrySet()) {
                    costs.computeIfAbsent(kind.getKey() + counting, name -> new ArrayList<>())
                            .add(Cost.of(call(kind.getValue(), 2, batchSeconds)));
                }
            }
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "10,000 works a call",
                "CPU µs a work, not counted",
                "counted",
                "more",
                "with database, not counted",
                "counted",
                "more"));
        for (String kind : kinds.keySet()) {
            List<Cost> without = Objects.requireNonNull(costs.get(kind + false));
            List<Cost> with = Objects.requireNonNull(costs.get(kind + true));
            double[] service = {
                median(without.stream().mapToDouble(Cost::service).toArray()),
                median(with.stream().mapToDouble(Cost::service).toArray())
            };
            double[] whole = {
                median(without.stream().mapToDouble(Cost::whole).toArray()),
                median(with.stream().mapToDouble(Cost::whole).toArray())
            };
            rows.add(List.of(
                    kind,
                    decimal(service[0]),
                    decimal(service[1]),
                    percent(service),
                    decimal(whole[0]),
                    decimal(whole[1]),
                    percent(whole)));
            report.goal("counting, " + kind, "≤ 3 % more", percent(service), service[1] <= service[0] * COUNTING);
        }
        report.add("Two clients, JSON, medians of " + COUNTING_ROUNDS + " starts each with and without counting, in"
                + " turn; " + BODIES + " different calls in turn. The time of the database includes the adding up.\n");
        report.table(rows);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String percent(double[] withoutAndWith) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * (withoutAndWith[1] / withoutAndWith[0] - 1));
    }

    /** Calls in which each work is declared. */
    private byte[][] declaredRequests() {
        byte[][] requests = new byte[BODIES][];
        long number = 0;
        for (int i = 0; i < BODIES; i++) {
            StringBuilder body = new StringBuilder("{\"items\":[");
            for (int item = 0; item < ITEMS; number++) {
                if (Works.isHit(number)) {
                    body.append(item == 0 ? "" : ",")
                            .append("{\"id\":\"")
                            .append(item)
                            .append("\",\"subjects\":[\"")
                            .append(works.asked(number, served, false))
                            .append("\"]}");
                    item++;
                }
            }
            requests[i] = Exchange.request(
                    "POST",
                    "/v1/lookups?detail=verdict",
                    null,
                    JSON,
                    body.append("]}").toString().getBytes(StandardCharsets.UTF_8));
        }
        return requests;
    }

    // ---- peers, with the same keys

    private List<byte[][]> keys() {
        List<byte[][]> calls = new ArrayList<>();
        for (int number = 0; number < BODIES; number++) {
            List<byte[]> keys = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                Expansion expansion = Subject.parse(works.asked((long) number * ITEMS + i, served, false))
                        .expand();
                for (int at = 0; at < expansion.size(); at++) {
                    keys.add(expansion.key(at).toBytes());
                }
            }
            calls.add(keys.toArray(byte[][]::new));
        }
        return calls;
    }

    private interface Peer {
        /** Returns the number of keys that it found. */
        long ask(byte[][] keys) throws Exception;
    }

    private void peers() throws Exception {
        if (!has("redis-server", "Redis and PostgreSQL")
                || !hasTime("Redis and PostgreSQL", 60 + (int) (served / 150_000))) {
            return;
        }
        List<byte[][]> calls = keys();
        double keysAWork = calls.stream().mapToInt(keys -> keys.length).sum() / (double) BODIES / ITEMS;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("peer", "works/s", "p50 ms", "p99 ms", "CPU µs a work", "works/s a core"));
        Machine.say(" PostgreSQL");
        try (Connection connection = service.connect();
                PreparedStatement select = connection.prepareStatement("select key, position, party, stances, address"
                        + " from standing_statement where key = any(?) and until_position = 9223372036854775807")) {
            rows.add(peer("PostgreSQL, `= any`, one query a call", calls, service.database(), keys -> {
                select.setArray(1, connection.createArrayOf("bytea", keys));
                long found = 0;
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found++;
                    }
                }
                return found;
            }));
        }
        Machine.say(" Redis");
        try (Server redis = Server.redis(plan.folder().resolve("redis"));
                Redis client = new Redis(redis.port())) {
            for (long number = 0; number < served; number++) {
                client.set(Subject.parse(works.declared(number)).key().toBytes(), new byte[48]);
            }
            client.finish();
            rows.add(peer("Redis, GET, pipelined", calls, redis.pid(), client::get));
            rows.add(peer("Redis, MGET of 1,000", calls, redis.pid(), client::getMany));
            report.add("Redis holds " + number(served) + " keys of 32 bytes with values of 48 in "
                    + Machine.memory(redis.pid()) + ".\n");
        }
        report.add(String.format(
                Locale.ROOT,
                "Peers with the keys of the same works, expanded before (%.1f keys a work), one client: no HTTP, no JSON,"
                        + " no expanding, no verdict is in their time.%n",
                keysAWork));
        report.table(rows);
    }

    private List<String> peer(String name, List<byte[][]> calls, long process, Peer peer) throws Exception {
        long found = 0;
        for (byte[][] keys : calls) {
            found += peer.ask(keys);
        }
        double cpu = Machine.cpuOfTree(process);
        List<Long> nanos = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; System.nanoTime() - start < TimeUnit.SECONDS.toNanos(batchSeconds); i++) {
            long sent = System.nanoTime();
            peer.ask(calls.get(i % BODIES));
            nanos.add(System.nanoTime() - sent);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu = Machine.cpuOfTree(process) - cpu;
        long expected = 0;
        for (long i = 0; i < (long) BODIES * ITEMS; i++) {
            expected += Works.isHit(i) ? 1 : 0;
        }
        // A work that a call asks about twice is one row of an answer.
        if (found > expected || found < 0.98 * expected) {
            throw new IllegalStateException(name + " found " + found + " of " + expected);
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        double asked = (double) sorted.length * ITEMS;
        return List.of(
                name,
                number(asked / seconds),
                number(sorted[sorted.length / 2] / 1e6),
                number(sorted[(int) (0.99 * (sorted.length - 1))] / 1e6),
                decimal(cpu * 1e6 / asked),
                number(asked / cpu));
    }

    // ---- where the time goes

    private void profile() throws Exception {
        if (!has("wrk", "the profile") || !hasTime("the profile", 6 * batchSeconds)) {
            return;
        }
        report.section("Where the service's time goes");
        // A first recording has classes changed, and so compiled again, before the others are made.
        Profile.start(service, "warm");
        for (boolean full : new boolean[] {false, true}) {
            byte[][] requests = requests(false, full, false);
            call(requests, 2, WARM_SECONDS + batchSeconds);
            Profile profile = Profile.start(service, full ? "batch-full" : "batch-verdict");
            call(requests, 2, batchSeconds);
            report.add("10,000 works a call, JSON, " + (full ? "full" : "verdict") + ".\n\n" + profile.end());
        }
        for (boolean full : new boolean[] {false, true}) {
            Path asked = paths("/v1/lookup", texts(full, PATHS), full ? "" : "&detail=verdict");
            wrk(service, "/", asked, false, WARM_SECONDS);
            Profile profile = Profile.start(service, full ? "one-full" : "one-verdict");
            wrk(service, "/", asked, false);
            report.add("One work a request, " + (full ? "declared, full" : "not declared, verdict") + ".\n\n"
                    + profile.end());
        }
    }
}
