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

/** The tables of imports: their files in pieces, where they stand, and their reports. */
@ApplicationScoped
class ImportStore {
    private static final String COLUMNS = "id, party, name, size, received, status, created_at, found, plan, authority,"
            + " rows_read, declared, repeated, noted, refused, problem";

    private final DataSource dataSource;

    ImportStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Where an import stands in its life. */
    enum Status {
        RECEIVING,
        READY,
        RUNNING,
        CANCELLED,
        STOPPED,
        DONE;

        String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** How many rows were read, and what became of them. */
    record Counts(long read, long declared, long alreadyDeclared, long declaredWithWarnings, long refused) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    read + more.read,
                    declared + more.declared,
                    alreadyDeclared + more.alreadyDeclared,
                    declaredWithWarnings + more.declaredWithWarnings,
                    refused + more.refused);
        }
    }

    /**
     * An import as it stands.
     *
     * @param found JSON of what was found in the file; null until it has arrived whole
     * @param plan JSON of what is to be done with it; null until somebody said
     * @param authority by which key it was started; null until then
     * @param problem JSON of why it stopped
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
    record Import(
            UUID id,
            PartyId party,
            String name,
            long size,
            long received,
            Status status,
            Instant createdAt,
            @Nullable String found,
            @Nullable String plan,
            byte @Nullable [] authority,
            Counts counts,
            @Nullable String problem) {}

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

    /** The party's, newest first. */
    List<Import> of(PartyId party, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from intake_import where party = ? order by created_at desc, id desc limit ?")) {
            select.setObject(1, party.number());
            select.setInt(2, limit);
            return read(select);
        }
    }

    /** How many the party has that are not done. */
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
                imports.add(new Import(
                        row.getObject(1, UUID.class),
                        new PartyId(row.getObject(2, UUID.class)),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        Status.valueOf(row.getString(6).toUpperCase(java.util.Locale.ROOT)),
                        SqlColumns.moment(row, 7),
                        row.getString(8),
                        row.getString(9),
                        row.getBytes(10),
                        new Counts(row.getLong(11), row.getLong(12), row.getLong(13), row.getLong(14), row.getLong(15)),
                        row.getString(16)));
            }
        }
        return imports;
    }

    /** Keeps a piece of the file, durably; false if the file has not come to just that position. */
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

    /** Writes the file, as far as it has come, piece by piece. */
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

    /** The file has arrived whole, and that is in it. */
    void found(UUID id, long size, String found, Instant now) throws SQLException {
        update(
                "update intake_import set size = ?, found = ?, status = 'ready', touched_at = ?"
                        + " where id = ? and status = 'receiving'",
                size,
                found,
                now,
                id);
    }

    /** What is to be done; false if it is running or over. */
    boolean plan(UUID id, String found, String plan, Instant now) throws SQLException {
        return update(
                "update intake_import set found = ?, plan = ?, touched_at = ? where id = ? and status = 'ready'",
                found,
                plan,
                now,
                id);
    }

    /** Lets it run, by that key; false if it runs already or is over. */
    boolean start(UUID id, byte[] authority, Instant now) throws SQLException {
        return update(
                "update intake_import set status = 'running', authority = ?, problem = null, leased_until = null,"
                        + " touched_at = ? where id = ? and status in ('ready', 'cancelled', 'stopped')",
                authority,
                now,
                id);
    }

    /** Halts it where it is; false if it does not run. */
    boolean cancel(UUID id, Instant now) throws SQLException {
        return update(
                "update intake_import set status = 'cancelled', touched_at = ? where id = ? and status = 'running'",
                now,
                id);
    }

    /** Ends it for a reason. */
    void stop(UUID id, String problem, Instant now) throws SQLException {
        update(
                "update intake_import set status = 'stopped', problem = ?, touched_at = ?"
                        + " where id = ? and status = 'running'",
                problem,
                now,
                id);
    }

    /** Every row is answered: the file is not needed any more. */
    void done(UUID id, Instant now) throws SQLException {
        update("update intake_import set status = 'done', touched_at = ? where id = ? and status = 'running'", now, id);
        update("delete from intake_import_part where import = ?", id);
    }

    void delete(UUID id) throws SQLException {
        update("delete from intake_import where id = ?", id);
    }

    /** What nobody touched since then. */
    void forget(Instant untouchedSince) throws SQLException {
        update("delete from intake_import where touched_at < ? and status <> 'running'", untouchedSince);
    }

    /** All of that party, in the transaction that erases it. */
    void erase(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from intake_import where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
    }

    /** One that should run and that nobody has in hand, now in the caller's until then. */
    Optional<Import> lease(Instant now, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement("update intake_import set leased_until = ?"
                        + " where id = (select id from intake_import where status = 'running'"
                        + " and (leased_until is null or leased_until < ?)"
                        + " order by created_at limit 1 for update skip locked) returning " + COLUMNS)) {
            take.setObject(1, until.atOffset(ZoneOffset.UTC));
            take.setObject(2, now.atOffset(ZoneOffset.UTC));
            return read(take).stream().findFirst();
        }
    }

    /**
     * Keeps what became of some rows, and how far the import has come, at once.
     *
     * @param before how many rows were read before these; two workers cannot both go on from there
     * @return false if it was cancelled meanwhile, or somebody else has it in hand; the rows are kept all the same
     *     where it was only cancelled
     */
    boolean checkpoint(UUID id, long before, Counts more, byte[] lines, Instant now, Instant leasedUntil)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update intake_import set"
                        + " rows_read = rows_read + ?, declared = declared + ?, repeated = repeated + ?,"
                        + " noted = noted + ?, refused = refused + ?, touched_at = ?, leased_until = ?"
                        + " where id = ? and rows_read = ? returning status");
                PreparedStatement insert = connection.prepareStatement(
                        "insert into intake_import_report (import, first_row, lines) values (?, ?, ?)")) {
            connection.setAutoCommit(false);
            update.setLong(1, more.read());
            update.setLong(2, more.declared());
            update.setLong(3, more.alreadyDeclared());
            update.setLong(4, more.declaredWithWarnings());
            update.setLong(5, more.refused());
            update.setObject(6, now.atOffset(ZoneOffset.UTC));
            update.setObject(7, leasedUntil.atOffset(ZoneOffset.UTC));
            update.setObject(8, id);
            update.setLong(9, before);
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
            return status.equals(Status.RUNNING.wireName());
        }
    }

    /** Takes the report's lines in order, some thousand at a time. */
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
            // A connection for each: a slow reader must not keep one.
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
