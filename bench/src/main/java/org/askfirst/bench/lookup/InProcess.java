package org.askfirst.bench.lookup;

import static org.askfirst.bench.harness.Report.decimal;
import static org.askfirst.bench.harness.Report.number;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.lookup.Lookup.Plan;

/** The index alone, in a Java of its own for each contender, at several sizes. */
final class InProcess {
    private static final List<String> OF_LMDB =
            List.of("--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
    private static final long MOST_ON_HEAP = 10_000_000;
    private static final double EXACT = 5e6;
    private static final double STRINGS = 0.5e6;
    private static final double FLAT = 0.25;
    private static final double BYTES_A_KEY = 64;
    private static final double GRANTED = 10;

    private final Plan plan;
    private final Report report;
    private final List<List<String>> exact = new ArrayList<>();
    private final List<List<String>> strings = new ArrayList<>();
    private final List<List<String>> making = new ArrayList<>();
    private final List<List<String>> merging = new ArrayList<>();
    private final List<List<String>> waiting = new ArrayList<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    InProcess(Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    void run() throws Exception {
        exact.add(List.of("keys", "contender", "hits/s", "misses/s", "bytes a key", "heap MB", "to load s"));
        strings.add(List.of("keys", "addresses → verdict/s", "mixed works → verdict/s", "heap MB"));
        making.add(List.of(
                "keys",
                "bytes mapped a key",
                "parse, hash, sort apart s",
                "sort, write, check s",
                "peak heap MB",
                "open, cached s",
                "open, from disk s",
                "stayed cached",
                "heap once open MB"));
        merging.add(List.of(
                "keys",
                "merges of 200,000 changes, s each",
                "changes taken in/s",
                "files after",
                "addresses → verdict/s after"));
        waiting.add(List.of("keys", "beside", "answers", "p99 µs", "p99.99 µs", "longer than 2 ms", "longest ms"));
        for (long size : plan.sizes()) {
            size(size);
        }
        report.section("In process");
        report.add("Exact keys, one thread, by seconds of its processor; median of five rounds.\n");
        report.table(exact);
        report.add("From texts, a tenth of them about declared works, one thread.\n");
        report.table(strings);
        report.add("Making and opening.\n");
        report.table(making);
        report.add("Changing. The heap is that of the service: 512 MB, at 100 M keys too.\n");
        report.table(merging);
        report.add("What a reader waits for an answer, beside a thread that only keeps a core busy, and beside one that"
                + " takes changes in and merges.\n");
        report.table(waiting);
        goals();
    }

    /** Measures what the grants of an asker cost, at the size of the service. */
    void grants() throws Exception {
        long size = plan.served();
        Path folder = plan.folder().resolve("index-of-grants");
        Machine.delete(folder);
        Machine.java(Build.class, List.of("-Xmx512m"), folder, size, plan.urls());
        Machine.Values found = Machine.java(Granted.class, List.of("-Xmx512m"), folder, size, plan.urls());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "texts to verdicts", "without grants, ns", "with grants, ns", "more", "least and most of each"));
        for (String asked : List.of("tenth", "all")) {
            double without = found.number(asked + ".without");
            double with = found.number(asked + ".with");
            double more = 100 * (with / without - 1);
            rows.add(List.of(
                    asked.equals("all") ? "all declared" : "a tenth declared",
                    number(without),
                    number(with),
                    decimal(more) + " %",
                    found.text(asked + ".spread")));
            report.goal(
                    "grants, " + (asked.equals("all") ? "all declared" : "a tenth declared"),
                    "≤ 10 % more",
                    decimal(more) + " %",
                    more <= GRANTED);
        }
        report.section("Grants, in process");
        report.add(String.format(
                Locale.ROOT,
                "%,d declared works; one asker with %,.0f grants that name %,.0f of them, and one without, in turn; one"
                        + " thread, by nanoseconds of its processor for a work; medians of nine rounds.%n",
                size,
                found.number("grants"),
                found.number("keys")));
        report.table(rows);
        Machine.delete(folder);
    }

    private void size(long size) throws Exception {
        Machine.say(String.format(Locale.ROOT, "%,d keys", size));
        Path folder = plan.folder().resolve("index-" + size);
        Path peer = plan.folder().resolve("peer-" + size);
        Machine.delete(folder);
        Machine.Values built = Machine.java(Build.class, List.of("-Xmx512m"), folder, size, plan.urls());
        long keys = (long) built.number("keys");
        // A work whose address is not its plain spelling has two keys.
        if (keys < size) {
            throw new IllegalStateException(keys + " keys of " + size + " works");
        }
        Machine.Values cached = Machine.java(Start.class, List.of("-Xmx512m"), folder);
        String stayed = Machine.removeFromCache(SegmentFile.in(folder));
        Machine.Values cold = Machine.java(Start.class, List.of("-Xmx512m"), folder);
        double bytesAKey = built.number("bytes") / keys;
        rate("bytes", bytesAKey);
        making.add(List.of(
                number(size),
                decimal(bytesAKey),
                decimal(built.number("adding")),
                decimal(built.number("finishing")),
                megabytes(built.number("peak")),
                decimal(cached.number("seconds")),
                decimal(cold.number("seconds")),
                stayed.equals("0B") ? "nothing" : stayed,
                megabytes(cached.number("heap"))));

        exact(size, "segment, one by one", "segment", List.of("-Xmx512m"), folder, peer, built.number("bytes"));
        exact(size, "segment, several in stages", "stages", List.of("-Xmx512m"), folder, peer, built.number("bytes"));
        exact(size, "LMDB", "lmdb", lmdb(), folder, peer, 0);
        Machine.delete(peer);
        if (size <= MOST_ON_HEAP) {
            exact(size, "HashMap", "hashmap", List.of("-Xmx5g"), folder, peer, 0);
            exact(size, "open addressing on the heap", "table", List.of("-Xmx5g", "-XX:+UseSerialGC"), folder, peer, 0);
        }

        Machine.Values texts = Machine.java(Strings.class, List.of("-Xmx512m"), folder, size, plan.urls());
        rate("strings", texts.number("urls"));
        strings.add(List.of(
                number(size),
                number(texts.number("urls")),
                number(texts.number("mixed")),
                megabytes(texts.number("heap"))));
        merge(size, folder);
        Machine.delete(folder);
    }

    private static List<String> lmdb() {
        List<String> options = new ArrayList<>(List.of("-Xmx512m"));
        options.addAll(OF_LMDB);
        return options;
    }

    /**
     * Measures one contender.
     *
     * @param bytes that it has mapped; 0 if it prints them itself, or has mapped none
     */
    private void exact(
            long size, String name, String contender, List<String> options, Path folder, Path peer, double bytes)
            throws Exception {
        Machine.say(" " + name);
        Machine.Values found = Machine.java(Exact.class, options, contender, folder, peer);
        double hits = found.number("hits");
        double misses = found.number("misses");
        rate(contender + " hits", hits);
        rate(contender + " misses", misses);
        double mapped = found.has("bytes") ? found.number("bytes") : bytes;
        exact.add(List.of(
                number(size),
                name,
                number(hits),
                number(misses),
                mapped == 0 ? "" : decimal(mapped / size),
                megabytes(found.number("heap")),
                decimal(found.number("load"))));
    }

    /** So many that the file that was there is rewritten too, where that does not take too long. */
    private void merge(long size, Path folder) throws Exception {
        int merges = size <= 1_000_000 ? 3 : size <= MOST_ON_HEAP ? 14 : 3;
        Machine.Values merged = Machine.java(Merges.class, List.of("-Xmx512m"), folder, size, plan.urls(), merges);
        merging.add(List.of(
                number(size),
                merged.text("times"),
                number(merged.number("applied")),
                merged.text("files"),
                number(merged.number("urls"))));
        for (String beside : List.of("quiet", "merging")) {
            waiting.add(List.of(
                    number(size),
                    beside.equals("quiet") ? "a busy thread" : "changes and merges",
                    number(merged.number(beside + ".asked")),
                    merged.text(beside + ".p99"),
                    merged.text(beside + ".p9999"),
                    merged.text(beside + ".longer"),
                    decimal(merged.number(beside + ".longest"))));
        }
    }

    private void rate(String name, double value) {
        rates.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
    }

    private void goals() {
        for (String name : List.of("segment hits", "segment misses", "stages hits", "stages misses")) {
            double least = least(name);
            report.goal(
                    "exact keys/s on a core, "
                            + name.replace("stages", "in stages,").replace("segment", "one by one,")
                            + ", least of all sizes",
                    "≥ " + number(EXACT),
                    number(least),
                    least >= EXACT);
            flat(name);
        }
        double least = least("strings");
        report.goal(
                "addresses → verdict/s on a core, least of all sizes",
                "≥ " + number(STRINGS),
                number(least),
                least >= STRINGS);
        flat("strings");
        double most =
                rates("bytes").stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        report.goal("bytes mapped a key", "≤ " + number(BYTES_A_KEY), decimal(most), most <= BYTES_A_KEY);
    }

    private List<Double> rates(String name) {
        return rates.getOrDefault(name, List.of());
    }

    private double least(String name) {
        return rates(name).stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    private void flat(String name) {
        List<Double> all = rates(name);
        double fall = 1 - all.get(all.size() - 1) / all.get(0);
        report.goal(
                name.replace("stages", "in stages,").replace("segment", "one by one,")
                        + ": slower at the largest than at the smallest size",
                "≤ 25 %",
                number(100 * fall) + " %",
                fall <= FLAT);
    }

    private static String megabytes(double bytes) {
        return number(bytes / 1e6);
    }
}
