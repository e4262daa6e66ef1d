package org.askfirst.bench.append;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.bench.harness.Machine;
import org.askfirst.bench.harness.Server;

/**
 * The counters of service, database and bench at one moment. The difference of two says what the acts between them cost.
 *
 * @param client ticks of the bench's own process
 * @param threads ticks of the service's threads, by name
 * @param database ticks of PostgreSQL's processes, by kind
 * @param disk bytes of each table, its indexes included
 * @param peak most bytes of memory of the service's process since the counters before
 * @param groups commits that recorded entries
 */
record Counters(
        long nanos,
        long client,
        Map<String, Long> threads,
        Map<String, Long> database,
        Map<String, Long> disk,
        long peak,
        long entries,
        long groups,
        long walBytes,
        long walImages,
        long fsyncs,
        double fsyncMillis) {

    /** Reads all counters, and resets the peak of memory. */
    static Counters read(Server service, String database) throws IOException, SQLException {
        long nanos = System.nanoTime();
        long client = Machine.ticks(ProcessHandle.current().pid());
        long peak = Machine.peak(service.pid());
        Map<String, Long> threads = Machine.ticksOfThreads(service.pid());
        Map<String, Long> processes = Machine.ticksOfDatabase(service.database());
        Map<String, Long> disk = new TreeMap<>();
        try (Connection connection = service.connect(database);
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("select relname, pg_total_relation_size(oid) from pg_class"
                    + " where relkind = 'r' and relnamespace = 'public'::regnamespace")) {
                while (row.next()) {
                    disk.put(row.getString(1), row.getLong(2));
                }
            }
            try (ResultSet row = statement.executeQuery("select w.wal_bytes, w.wal_fpi, io.fsyncs, io.fsync_time,"
                    + " e.entries, e.groups from pg_stat_wal w,"
                    + " (select sum(fsyncs) as fsyncs, sum(fsync_time) as fsync_time from pg_stat_io"
                    + "  where object = 'wal') io,"
                    + " (select count(*) as entries, count(distinct recorded_at) as groups from ledger_entry) e")) {
                row.next();
                Machine.resetPeak(service.pid());
                return new Counters(
                        nanos,
                        client,
                        threads,
                        processes,
                        disk,
                        peak,
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getDouble(4));
            }
        }
    }
}
