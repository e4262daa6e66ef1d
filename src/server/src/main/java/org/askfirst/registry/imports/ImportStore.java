package org.askfirst.registry.imports;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** The tables of imports: their files in pieces, their states, and their reports. */
@ApplicationScoped
class ImportStore {
    private static final String COLUMNS = "id, party, name, size, received, status, created_at, found, plan, authority,"
            + " rows_read, declared, repeated, noted, refused, problem, paused_until, address, placeholders, repaired";

    private static final String ENDED = ", paused_until = null, address = null";

    private final DataSource dataSource;
    private final ImportMeters meters;

    ImportStore(DataSource dataSource, ImportMeters meters) {
        this.dataSource = dataSource;
        this.meters = meters;
    }

    /** Statuses of an import. */
    enum Status {
        RECEIVING,
        READY,
        RUNNING,
        /** It waits for the budget of the next day. Its row says "running", with the time until which it waits. */
        PAUSED,
        CANCELLED,
        STOPPED,
        DONE;

        String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Numbers of rows, in total and by result. Each row that was read was declared, declared before, refused or skipped.
     *
     * @param repaired number of rows with a repaired identifier
     * @param placeholders number of words in the place of identifiers
     */
    record Counts(
            long read,
            long declared,
            long alreadyDeclared,
            long declaredWithWarnings,
            long refused,
            long skipped,
            long repaired,
            long placeholders) {
        static Counts of(long read, long declared, long alreadyDeclared, long declaredWithWarnings, long refused) {
            return new Counts(
                    read,
                    declared,
                    alreadyDeclared,
                    declaredWithWarnings,
                    refused,
                    read - declared - alreadyDeclared - refused,
                    0,
                    0);
        }

        /** Returns the numbers with more skipped rows. */
        Counts withSkipped(long more) {
            return new Counts(
                    read + more,
                    declared,
                    alreadyDeclared,
                    declaredWithWarnings,
                    refused,
                    skipped + more,
                    repaired,
                    placeholders);
        }

        /** Returns the numbers with those of repairs and placeholders. */
        Counts with(long repairedRows, long words) {
            return new Counts(
                    read, declared, alreadyDeclared, declaredWithWarnings, refused, skipped, repairedRows, words);
        }
    }

    /**
     * An import.
     *
     * @param size of the file in bytes
     * @param received number of bytes that are stored
     * @param table JSON of the detected table; null until the file is complete
     * @param plan JSON of the plan; null until there is one
     * @param authority hash of the key with which it was started; null until then
     * @param problem JSON of the reason why it stopped; null if it did not
     * @param pausedUntil the time at which it continues; null if it does not wait
     * @param address the address from which it was started, for budgets; null if it does not run
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Import(
            UUID id,
            PartyId party,
            String name,
            long size,
            long received,
            Status status,
            Instant createdAt,
            @Nullable String table,
            @Nullable String plan,
            byte @Nullable [] authority,
            Counts counts,
            @Nullable String problem,
            @Nullable Instant pausedUntil,
            @Nullable String address) {}

    void create(UUID id, PartyId party, String name, long size, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into intake_import"
                        + " (id, party, name, size, status, created_at, touched_at) values (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, id);
            insert.setObject(2, party.number());
            insert.setString(3, name);
            insert.setLong(4, size);
            insert.setString(5, Status.RECEIVING.wireName());
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.setObject(7, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        meters.entered(Status.RECEIVING);
    }

    Optional<Import> find(PartyId party, UUID id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select " + COLUMNS + " from intake_import where party = ? and id = ?")) {
            select.setObject(1, party.number());
            select.setObject(2, id);
            return read(select).stream().findFirst();
        }
    }

    /** Returns the imports of a party, newest first. */
    List<Import> of(PartyId party, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from intake_import where party = ? order by created_at desc, id desc limit ?")) {
            select.setObject(1, party.number());
            select.setInt(2, limit);
            return read(select);
        }
    }

    /** Returns the number of the party's imports that are not done. */
    int countOpen(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select count(*) from intake_import where party = ? and status <> 'done'")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static List<Import> read(PreparedStatement select) throws SQLException {
        List<Import> imports = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Instant pausedUntil = SqlColumns.momentOrNull(row, 17);
                imports.add(new Import(
                        row.getObject(1, UUID.class),
                        new PartyId(row.getObject(2, UUID.class)),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        pausedUntil == null
                                ? Status.valueOf(row.getString(6).toUpperCase(java.util.Locale.ROOT))
                                : Status.PAUSED,
                        SqlColumns.moment(row, 7),
                        row.getString(8),
                        row.getString(9),
                        row.getBytes(10),
                        Counts.of(row.getLong(11), row.getLong(12), row.getLong(13), row.getLong(14), row.getLong(15))
                                .with(row.getLong(20), row.getLong(19)),
                        row.getString(16),
                        pausedUntil,
                        row.getString(18)));
            }
        }
        return imports;
    }

    /** Stores a piece of the file, durably. Returns false if the file does not end at {@code position}. */
    boolean append(UUID id, long position, byte[] bytes, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update intake_import"
                        + " set received = received + ?, touched_at = ?"
                        + " where id = ? and received = ? and status = 'receiving'");
                PreparedStatement insert = connection.prepareStatement(
                        "insert into intake_import_part (import, position, bytes) values (?, ?, ?)")) {
            connection.setAutoCommit(false);
            update.setInt(1, bytes.length);
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            update.setObject(3, id);
            update.setLong(4, position);
            if (update.executeUpdate() == 0) {
                connection.rollback();
                return false;
            }
            insert.setObject(1, id);
            insert.setLong(2, position);
            insert.setBytes(3, bytes);
            insert.executeUpdate();
            connection.commit();
            return true;
        }
    }

    /** Writes the bytes of the file that are stored, piece by piece. */
    void copyFile(UUID id, OutputStream out) throws SQLException, IOException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement positions = connection.prepareStatement(
                        "select position from intake_import_part where import = ? order by position");
                PreparedStatement select = connection.prepareStatement(
                        "select bytes from intake_import_part where import = ? and position = ?")) {
            positions.setObject(1, id);
            List<Long> starts = new ArrayList<>();
            try (ResultSet row = positions.executeQuery()) {
                while (row.next()) {
                    starts.add(row.getLong(1));
                }
            }
            for (long start : starts) {
                select.setObject(1, id);
                select.setLong(2, start);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        out.write(row.getBytes(1));
                    }
                }
            }
        }
    }

    /** Stores the detected table after the file is complete. */
    void storeTable(UUID id, long size, String table, Instant now) throws SQLException {
        enter(
                Status.READY,
                "update intake_import set size = ?, found = ?, status = 'ready', touched_at = ?"
                        + " where id = ? and status = 'receiving'",
                size,
                table,
                now,
                id);
    }

    /** Stores the plan. Returns false if the import has been started. */
    boolean plan(UUID id, String table, String plan, Instant now) throws SQLException {
        return update(
                "update intake_import set found = ?, plan = ?, touched_at = ? where id = ? and status = 'ready'",
                table,
                plan,
                now,
                id);
    }

    /**
     * Starts the import with a key, from an address. An import that is paused continues. Returns false if it is running
     * or done.
     */
    boolean start(UUID id, byte[] authority, String address, Instant now) throws SQLException {
        return enter(
                Status.RUNNING,
                "update intake_import set status = 'running', authority = ?, address = ?, problem = null,"
                        + " leased_until = null, paused_until = null, touched_at = ? where id = ?"
                        + " and (status in ('ready', 'cancelled', 'stopped') or paused_until is not null)",
                authority,
                address,
                now,
                id);
    }

    /** Pauses the import. A worker of any node continues it at that time. */
    void pause(UUID id, Instant until, Instant now) throws SQLException {
        enter(
                Status.PAUSED,
                "update intake_import set paused_until = ?, leased_until = ?, touched_at = ?"
                        + " where id = ? and status = 'running'",
                until,
                until,
                now,
                id);
    }

    /** Cancels the import. Returns false if it is not running. */
    boolean cancel(UUID id, Instant now) throws SQLException {
        return enter(
                Status.CANCELLED,
                "update intake_import set status = 'cancelled'" + ENDED
                        + ", touched_at = ? where id = ? and status = 'running'",
                now,
                id);
    }

    /** Stops the import because of a problem. */
    void stop(UUID id, String problem, Instant now) throws SQLException {
        enter(
                Status.STOPPED,
                "update intake_import set status = 'stopped'" + ENDED + ", problem = ?, touched_at = ?"
                        + " where id = ? and status = 'running'",
                problem,
                now,
                id);
    }

    /** Marks the import as done and deletes its file, which is no longer needed. */
    void done(UUID id, Instant now) throws SQLException {
        enter(
                Status.DONE,
                "update intake_import set status = 'done'" + ENDED
                        + ", touched_at = ? where id = ? and status = 'running'",
                now,
                id);
        update("delete from intake_import_part where import = ?", id);
    }

    void delete(UUID id) throws SQLException {
        update("delete from intake_import where id = ?", id);
    }

    /** Deletes imports that have not been used since a time, and are not running. */
    void deleteUntouched(Instant untouchedSince) throws SQLException {
        update("delete from intake_import where touched_at < ? and status <> 'running'", untouchedSince);
    }

    /** Deletes all imports of a party, in the transaction that erases the party. */
    void erase(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from intake_import where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
    }

    /** Leases a running import that no worker has leased. Returns it; empty if there is none. */
    Optional<Import> lease(Instant now, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement("update intake_import set leased_until = ?,"
                        + " paused_until = null where id = (select id from intake_import where status = 'running'"
                        + " and (leased_until is null or leased_until < ?)"
                        + " order by created_at limit 1 for update skip locked) returning " + COLUMNS)) {
            take.setObject(1, until.atOffset(ZoneOffset.UTC));
            take.setObject(2, now.atOffset(ZoneOffset.UTC));
            return read(take).stream().findFirst();
        }
    }

    /**
     * Stores the results of some rows and the progress of the import, in one transaction.
     *
     * @param before number of rows that were read before these; of two workers that continue from there, only one
     *     succeeds
     * @param lines the report of the rows, compressed
     * @return false if the import was cancelled meanwhile, or another worker continued it; if it was cancelled, the
     *     results are stored nevertheless
     */
    boolean checkpoint(UUID id, long before, Counts more, byte[] lines, Instant now, Instant leasedUntil)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update intake_import set"
                        + " rows_read = rows_read + ?, declared = declared + ?, repeated = repeated + ?,"
                        + " noted = noted + ?, refused = refused + ?, placeholders = placeholders + ?,"
                        + " repaired = repaired + ?, touched_at = ?, leased_until = ?"
                        + " where id = ? and rows_read = ? returning status");
                PreparedStatement insert = connection.prepareStatement(
                        "insert into intake_import_report (import, first_row, lines) values (?, ?, ?)"
                                + " on conflict do nothing")) {
            connection.setAutoCommit(false);
            update.setLong(1, more.read());
            update.setLong(2, more.declared());
            update.setLong(3, more.alreadyDeclared());
            update.setLong(4, more.declaredWithWarnings());
            update.setLong(5, more.refused());
            update.setLong(6, more.placeholders());
            update.setLong(7, more.repaired());
            update.setObject(8, now.atOffset(ZoneOffset.UTC));
            update.setObject(9, leasedUntil.atOffset(ZoneOffset.UTC));
            update.setObject(10, id);
            update.setLong(11, before);
            String status;
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    connection.rollback();
                    return false;
                }
                status = row.getString(1);
            }
            insert.setObject(1, id);
            insert.setLong(2, before);
            insert.setBytes(3, lines);
            insert.executeUpdate();
            connection.commit();
            meters.rows(more);
            return status.equals(Status.RUNNING.wireName());
        }
    }

    /** Receives the lines of a report in order, about 1,000 at a time. */
    interface LinesSink {
        void take(InputStream lines) throws IOException;
    }

    void report(UUID id, LinesSink sink) throws SQLException, IOException {
        List<Long> starts = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select first_row from intake_import_report where import = ? order by first_row")) {
            select.setObject(1, id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    starts.add(row.getLong(1));
                }
            }
        }
        for (long start : starts) {
            // Each block uses a connection of its own, so that a slow reader does not hold one.
            byte[] lines = new byte[0];
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement select = connection.prepareStatement(
                            "select lines from intake_import_report where import = ? and first_row = ?")) {
                select.setObject(1, id);
                select.setLong(2, start);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        lines = row.getBytes(1);
                    }
                }
            }
            if (lines.length > 0) {
                try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(lines))) {
                    sink.take(unpacked);
                }
            }
        }
    }

    /** Changes the state, and counts the import if it has changed. */
    private boolean enter(Status status, String sql, Object... values) throws SQLException {
        boolean entered = update(sql, values);
        if (entered) {
            meters.entered(status);
        }
        return entered;
    }

    private boolean update(String sql, Object... values) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                update.setObject(i + 1, value instanceof Instant moment ? moment.atOffset(ZoneOffset.UTC) : value);
            }
            return update.executeUpdate() > 0;
        }
    }
}
