package org.askfirst.bench.append;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.askfirst.bench.harness.Arguments;
import org.askfirst.bench.harness.Exchange;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Server;

/**
 * The part {@code society}: the bulk work of a society, which records its members and lists a repertoire.
 *
 * <p>The answer to each line is checked once the clock has stopped, and everything that was listed or removed is looked
 * up. There is no warm-up, because a society does this once.
 */
public final class Society {
    private static final int PROBES = 200;
    private static final int ITEMS_A_CALL = 10_000;

    private final Arguments run;
    private final Server service;
    private final Costs costs;

    private Society(Arguments run, Server service, Costs costs) {
        this.run = run;
        this.service = service;
        this.costs = costs;
    }

    public static void main(String[] arguments) throws Exception {
        Arguments run = Arguments.parse(
                "society",
                Set.of("members", "repertoire"),
                Set.of(),
                List.of("members", "100000", "listed", "100000", "removed", "10000", "options", "-Xmx256m"),
                arguments);
        Append.onFreshService("A society's bulk work", run, (service, costs) -> {
            Society society = new Society(run, service, costs);
            if (run.includes("members")) {
                society.members();
            }
            if (run.includes("repertoire")) {
                society.repertoire();
            }
        });
    }

    /** Opens a society that may record members of two schemes. */
    private String openSociety() throws IOException {
        try (Exchange client = new Exchange(service.port())) {
            String opened = client.post("/v1/parties", null, "{\"name\":\"Society\",\"kind\":\"society\"}");
            client.post(
                    "/v1/operator/decisions",
                    service.operatorKey(),
                    "{\"party\":\"" + Machine.find("\"id\":\"(p_[0-9a-z]+)\"", opened)
                            + "\",\"decision\":\"vouching-granted\",\"schemes\":[\"isrc\",\"iswc\"],\"reason\":\"bench\"}");
            return Machine.find("\"key\":\"(afk_[0-9a-z]+)\"", opened);
        }
    }

    // ---- members without an account, a mandate each

    private void members() throws IOException, InterruptedException, SQLException {
        String key = openSociety();
        String fresh = "\\{\"line\":\\d+,\"memberNumber\":\"[^\"]+\",\"id\":\"m_\\w+\",\"code\":\"afm_\\w+\",\"position\":\\d+}";
        String again = "\\{\"line\":\\d+,\"memberNumber\":\"[^\"]+\",\"id\":\"m_\\w+\",\"position\":\\d+,\"alreadyDeclared\":true}";
        record(key, "members, NDJSON, just started", "A", true, fresh);
        recordCsv(key, "members, CSV", "B", "\\d+,[^,]+,m_\\w+,afm_\\w+,\\d+,,|line,memberNumber,.*");
        record(key, "members, NDJSON", "C", true, fresh);
        record(key, "members, the same NDJSON again", "C", false, again);
    }

    private void record(String key, String way, String series, boolean isNew, String expected)
            throws IOException, InterruptedException, SQLException {
        int members = run.count("members");
        Counters before = Counters.read(service, "postgres");
        String answers = Lines.send(
                service,
                "/v1/mandates/batch",
                Lines.JSON,
                key,
                "",
                members,
                i -> "{\"memberNumber\":\"" + series + "-" + i
                        + "\",\"schemes\":[\"isrc\",\"iswc\"],\"uses\":[\"ai-training\",\"ai-index\"]}\n");
        costs.add(way, before, "postgres", members, isNew ? members : 0, new long[0]);
        Lines.check(answers, members, expected);
    }

    private void recordCsv(String key, String way, String series, String expected)
            throws IOException, InterruptedException, SQLException {
        int members = run.count("members");
        Counters before = Counters.read(service, "postgres");
        String answers = Lines.send(
                service,
                "/v1/mandates/batch",
                Lines.CSV,
                key,
                "memberNumber,schemes,uses\r\n",
                members,
                i -> series + "-" + i + ",isrc iswc,ai-training ai-index\r\n");
        costs.add(way, before, "postgres", members);
        Lines.check(answers, members + 1, expected);
    }

    // ---- a list of one repertoire, changed by lines in one call each

    private void repertoire() throws IOException, InterruptedException, SQLException {
        String key = openSociety();
        int listed = run.count("listed");
        int removed = run.count("removed");
        String path;
        try (Exchange client = new Exchange(service.port())) {
            String declared = client.post(
                    "/v1/declarations",
                    key,
                    "{\"repertoire\":{\"title\":\"r\"},\"stances\":{\"text-and-data-mining\":\"reserved\"}}");
            path = "/v1/declarations/" + Machine.find("\"id\":\"(d_[0-9a-z]+)\"", declared) + "/repertoire";
        }
        change(key, path, "listed, just started", "add", "A", listed, false);
        lookUpLast("A", listed);
        requireVerdicts("A", listed, "deny");
        change(key, path, "listed", "add", "B", listed, false);
        change(key, path, "listed already, sent again", "add", "B", listed, true);
        change(key, path, "removed", "remove", "B", removed, false);
        requireVerdicts("B", removed, "unknown");
        probe(key, path);
    }

    private static String recording(String series, int number) {
        return String.format(Locale.ROOT, "isrc:KR%s%02d26%05d", series, number / 100_000, number % 100_000);
    }

    private void change(String key, String path, String way, String verb, String series, int lines, boolean again)
            throws IOException, InterruptedException, SQLException {
        Counters before = Counters.read(service, "postgres");
        String answers = Lines.send(
                service,
                path,
                Lines.JSON,
                key,
                "",
                lines,
                i -> "{\"" + verb + "\":\"" + recording(series, i) + "\"}\n");
        costs.add(way, before, "postgres", lines, again ? 0 : -1, new long[0]);
        Lines.check(
                answers,
                lines,
                "\\{\"line\":\\d+,\"subject\":\"isrc:\\w+\",\"position\":\\d+"
                        + (again ? ",\"alreadyDeclared\":true}" : "}"));
    }

    private void lookUpLast(String series, int count) throws IOException {
        long start = System.nanoTime();
        try (Exchange client = new Exchange(service.port())) {
            if (!client.get("/v1/lookup?subject=" + recording(series, count - 1)).contains("\"through\"")) {
                throw new IOException("the lookup after the last answer does not find the last identifier");
            }
        }
        costs.note(String.format(
                Locale.ROOT,
                "a lookup of the last identifier after the last answer finds it through its repertoire, in %.1f ms,"
                        + " connecting included",
                (System.nanoTime() - start) / 1e6));
    }

    /** Looks all of them up, many a call: each must have that verdict. */
    private void requireVerdicts(String series, int count, String verdict) throws IOException {
        for (int from = 0; from < count; from += ITEMS_A_CALL) {
            int to = Math.min(count, from + ITEMS_A_CALL);
            StringBuilder items = new StringBuilder("{\"detail\":\"verdict\",\"items\":[");
            for (int i = from; i < to; i++) {
                items.append(i == from ? "" : ",")
                        .append("{\"subjects\":[\"")
                        .append(recording(series, i))
                        .append("\"]}");
            }
            try (Exchange client = new Exchange(service.port())) {
                int found = client.post("/v1/lookups", null, items.append("]}").toString())
                                .split("\"verdict\":\"" + verdict + "\",\"verdicts\"", -1)
                                .length
                        - 1;
                if (found != to - from) {
                    throw new IOException(found + " of " + (to - from) + " from " + from + " are " + verdict);
                }
            }
        }
    }

    /** Changes one identifier a call, and looks each up after its answer, on another connection. */
    private void probe(String key, String path) throws IOException {
        long[] changes = new long[PROBES];
        long[] lookups = new long[PROBES];
        int seen = 0;
        try (Exchange writer = new Exchange(service.port());
                Exchange reader = new Exchange(service.port())) {
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
        if (seen != PROBES) {
            throw new IOException("only " + seen + " of " + PROBES + " changes are visible to the next lookup");
        }
        Arrays.sort(changes);
        Arrays.sort(lookups);
        costs.note(String.format(
                Locale.ROOT,
                "%d changes of one identifier a call, each looked up after its answer: all are visible to that first"
                        + " lookup; a change took %s ms (p99 %s), the lookup %s ms (p99 %s)",
                PROBES,
                Costs.millis(changes, 0.5),
                Costs.millis(changes, 0.99),
                Costs.millis(lookups, 0.5),
                Costs.millis(lookups, 0.99)));
    }
}
