package org.askfirst.bench.append;

import static org.askfirst.bench.harness.Report.number;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Report;
import org.askfirst.bench.harness.Server;

/** The rates of a run, and what each act cost service, database and disk. */
final class Costs {
    private static final long[] NONE = {};

    private final Server service;
    private final List<List<String>> rates = new ArrayList<>(List.of(
            List.of("way", "acts", "seconds", "a second", "p50 ms", "p99 ms", "entries a commit")));
    private final List<String> costs = new ArrayList<>();

    Costs(Server service) {
        this.service = service;
    }

    /** Adds a way whose acts are an entry each. */
    void add(String way, Counters before, String database, long acts) throws IOException, InterruptedException, SQLException {
        add(way, before, database, acts, acts, NONE);
    }

    /**
     * Adds a way that has just ended.
     *
     * @param before the counters at its beginning
     * @param database the database that it wrote to
     * @param entries the entries that it must have recorded; negative if several acts share one
     * @param nanos the time of each act, sorted; empty if it was not measured
     */
    void add(String way, Counters before, String database, long acts, long entries, long[] nanos)
            throws IOException, InterruptedException, SQLException {
        double seconds = (System.nanoTime() - before.nanos()) / 1e9;
        Counters after = Counters.read(service, database);
        long recorded = after.entries() - before.entries();
        if (entries >= 0 ? recorded != entries : recorded < 1) {
            throw new IllegalStateException(entries + " were acknowledged, the ledger has " + recorded);
        }
        rates.add(List.of(
                way,
                number((double) acts),
                String.format(Locale.ROOT, "%.1f", seconds),
                number(acts / seconds),
                nanos.length == 0 ? "" : millis(nanos, 0.5),
                nanos.length == 0 ? "" : millis(nanos, 0.99),
                number(recorded / (double) Math.max(1, after.groups() - before.groups()))));
        double fsyncs = after.fsyncs() - before.fsyncs();
        double fsyncMillis = after.fsyncMillis() - before.fsyncMillis();
        costs.add(String.format(
                Locale.ROOT,
                "- %s, %.1f s:%n  - service %s%n  - PostgreSQL %s; %,.0f fsyncs of %.2f ms on average, which took %.0f %%"
                        + " of the time; %,.0f bytes of WAL and %.2f page images each%n  - client %.0f"
                        + "%n  - most memory of the service's process %.0f MB, heap in use after a collection %.0f MB"
                        + "%n  - on disk, bytes each: %s; %,d entries",
                way,
                seconds,
                spent(before.threads(), after.threads(), acts),
                spent(before.database(), after.database(), acts),
                fsyncs,
                fsyncMillis / Math.max(1, fsyncs),
                fsyncMillis / 10 / seconds,
                (after.walBytes() - before.walBytes()) / (double) acts,
                (after.walImages() - before.walImages()) / (double) acts,
                (after.client() - before.client()) * 1e6 / Machine.TICKS / acts,
                after.peak() / 1e6,
                service.heapAfterCollection() / 1e6,
                grown(before.disk(), after.disk(), acts),
                recorded));
    }

    /** Adds a line to the list of costs. */
    void note(String line) {
        costs.add("- " + line);
    }

    void write(Report report) throws IOException, SQLException {
        report.add(settings());
        report.table(rates);
        report.add("Where the time goes, in microseconds of a processor for each act. Two processors leave 2,000,000/r for"
                + " everything at a rate r.\n");
        report.add(String.join("\n", costs) + "\n");
    }

    /** The version of the database, and the settings that decide how durable and how fast it is. */
    private String settings() throws IOException, SQLException {
        Map<String, String> settings = new TreeMap<>();
        try (Connection connection = service.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select name, current_setting(name) from pg_settings where name"
                        + " in ('fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'max_wal_size',"
                        + " 'wal_compression', 'checkpoint_timeout', 'wal_buffers', 'server_version')")) {
            while (row.next()) {
                settings.put(row.getString(1), row.getString(2));
            }
        }
        return "PostgreSQL " + settings.remove("server_version") + " ("
                + String.join(
                        ", ",
                        settings.entrySet().stream()
                                .map(one -> one.getKey() + " " + one.getValue())
                                .toList())
                + ").\n";
    }

    /** The bytes for each act by which the tables grew, their indexes included, the greatest first. */
    private static String grown(Map<String, Long> before, Map<String, Long> after, long acts) {
        return String.join(
                ", ",
                differences(before, after).entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .filter(one -> one.getValue() >= acts)
                        .map(one -> one.getKey() + " " + one.getValue() / acts)
                        .toList());
    }

    /** Microseconds of a processor for each act, all and by name, the greatest first. */
    private static String spent(Map<String, Long> before, Map<String, Long> after, long acts) {
        Map<String, Long> ticks = differences(before, after);
        double each = 1e6 / Machine.TICKS / acts;
        List<String> parts = ticks.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .filter(one -> one.getValue() * each >= 0.5)
                .map(one -> String.format(Locale.ROOT, "%s %.0f", one.getKey(), one.getValue() * each))
                .toList();
        double all = ticks.values().stream().mapToLong(Long::longValue).sum() * each;
        return String.format(Locale.ROOT, "%.0f (%s)", all, String.join(", ", parts));
    }

    /** The growth of each name. A name that has gone, or counts less than before, has none. */
    private static Map<String, Long> differences(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> differences = new TreeMap<>();
        after.forEach((name, count) -> differences.put(name, Math.max(0, count - before.getOrDefault(name, 0L))));
        return differences;
    }

    /** A quantile of sorted nanoseconds, in milliseconds. */
    static String millis(long[] sorted, double part) {
        return String.format(Locale.ROOT, "%.1f", sorted[(int) (part * (sorted.length - 1))] / 1e6);
    }
}
