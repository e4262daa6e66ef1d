package org.askfirst.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Entry;
import org.askfirst.entry.EntrySummary;
import org.askfirst.id.DeclarationId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.postgres.RowCopy;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the ledger's tables.
 *
 * <p>It uses plain JDBC and writes a group with one {@code COPY} for each table.
 */
@ApplicationScoped
public class LedgerStore {
    /** The number of the advisory lock, "ASKFIRST" in ASCII: the same on every node and used for nothing else. */
    private static final long LOCK = 0x4153_4b46_4952_5354L;

    private static final String COLUMNS = "e.position, e.recorded_at, e.canonical, e.leaf_hash, c.content";
    private static final String TABLES = "ledger_entry e left join ledger_confidential c using (position)";

    /** Number of rows that the driver reads at once, if the entries may be long. */
    private static final int ROWS_AT_ONCE = 32;

    private final DataSource dataSource;

    LedgerStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The end of the ledger: the position and time of its last entry.
     *
     * @param position 0 if the ledger is empty
     * @param recordedAt the epoch if the ledger is empty
     */
    public record Head(long position, Instant recordedAt) {}

    /** Returns the current end of the ledger. */
    public Head head() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return head(connection);
        }
    }

    /** Returns the approximate size of the entries on disk, in bytes. */
    public long bytes() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select pg_table_size('ledger_entry')");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Returns the last entry recorded at or before the moment. It is a binary search, because times never decrease. */
    public Head headAt(Instant moment) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("with recursive search (low, high) as ("
                        + "select 0::bigint, coalesce((select max(position) from ledger_entry), 0)"
                        + " union all select case when early then middle else low end,"
                        + " case when early then high else middle - 1 end from ("
                        + "select low, high, (low + high + 1) / 2 as middle,"
                        + " (select recorded_at <= ? from ledger_entry where position = (low + high + 1) / 2) as early"
                        + " from search where low < high) halved)"
                        + " select position, recorded_at from search join ledger_entry on position = low"
                        + " where low = high")) {
            select.setObject(1, moment.atOffset(ZoneOffset.UTC));
            return headOf(select);
        }
    }

    /** Returns the time at which the entry at the position was recorded; empty if there is no such entry. */
    public Optional<Instant> recordedAt(long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select recorded_at from ledger_entry where position = ?")) {
            select.setLong(1, position);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(SqlColumns.moment(row, 1)) : Optional.empty();
            }
        }
    }

    /** Returns the entries at the positions, in order. */
    public List<LedgerEntry> at(Collection<Long> positions) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return at(connection, positions);
        }
    }

    /** Returns the entries at the positions, in order, as the connection's transaction sees them. */
    public List<LedgerEntry> at(Connection connection, Collection<Long> positions) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from " + TABLES + " where e.position = any(?) order by e.position")) {
            select.setArray(1, SqlArray.longs(connection, positions.stream()));
            return entries(select);
        }
    }

    /**
     * Returns the summaries of statements, by position.
     *
     * @param positions only positions of statements
     */
    public Map<Long, EntrySummary> summaries(Collection<Long> positions) throws SQLException {
        Map<Long, EntrySummary> summaries = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select e.position, e.canonical, c.content from " + TABLES + " where e.position = any(?)")) {
            select.setArray(1, SqlArray.longs(connection, positions.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    summaries.put(row.getLong(1), EntrySummary.parse(row.getString(2), confidential(row.getString(3))));
                }
            }
        }
        return summaries;
    }

    /**
     * Returns the ids of the declarations that entries state, by position, as the connection's transaction sees them.
     * Only these ids are read. Entries that are not about a declaration are left out.
     */
    public static Map<Long, DeclarationId> declarations(Connection connection, Collection<Long> positions)
            throws SQLException {
        Map<Long, DeclarationId> declarations = new HashMap<>();
        // In canonical JSON a quotation mark inside of a string is escaped, so this text is a whole member.
        try (PreparedStatement select = connection.prepareStatement(
                "select position, substring(canonical from '\"declaration\":\"([^\"]*)\"') from ledger_entry"
                        + " where position = any(?)")) {
            select.setArray(1, SqlArray.longs(connection, positions.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Optional<DeclarationId> declaration =
                            Optional.ofNullable(row.getString(2)).flatMap(DeclarationId::parse);
                    if (declaration.isPresent()) {
                        declarations.put(row.getLong(1), declaration.get());
                    }
                }
            }
        }
        return declarations;
    }

    /** Returns the entries after the position, in order, at most {@code limit}. */
    public List<LedgerEntry> after(long position, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return read(connection, position, limit);
        }
    }

    /**
     * Returns the positions of entries in a part of the ledger, in order. It reads every entry of that part.
     *
     * @param after the entries have greater positions
     * @param until the last position of the part
     * @param named the entries name one of these ids, in any member; empty for all entries
     * @param types the entries have one of these types; empty for all types
     * @param limit the number of positions, at most
     */
    public List<Long> positions(long after, long until, Collection<String> named, Collection<String> types, int limit)
            throws SQLException {
        // In canonical JSON a quotation mark inside of a string is escaped, so these texts are whole members or values.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select position from ledger_entry"
                        + " where position > ? and position <= ?"
                        + " and (? or exists (select from unnest(?::text[]) as n (id)"
                        + " where strpos(canonical, '\"' || id || '\"') > 0))"
                        + " and (? or exists (select from unnest(?::text[]) as t (type)"
                        + " where strpos(canonical, '\"type\":\"' || type || '\"') > 0))"
                        + " order by position limit ?")) {
            select.setLong(1, after);
            select.setLong(2, until);
            select.setBoolean(3, named.isEmpty());
            select.setArray(4, SqlArray.texts(connection, named.stream()));
            select.setBoolean(5, types.isEmpty());
            select.setArray(6, SqlArray.texts(connection, types.stream()));
            select.setInt(7, limit);
            List<Long> positions = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
            return positions;
        }
    }

    /**
     * Returns the entries after the position, in order, at most {@code limit}, and so many that their texts have about
     * {@code mostBytes}; at least one if there is one.
     */
    public List<LedgerEntry> after(long position, int limit, int mostBytes) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from " + TABLES
                        + " where e.position > ? order by e.position limit ?")) {
            // Without a transaction, the driver would read all rows at once.
            connection.setAutoCommit(false);
            select.setFetchSize(ROWS_AT_ONCE);
            select.setLong(1, position);
            select.setInt(2, limit);
            List<LedgerEntry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                for (int bytes = 0; bytes < mostBytes && row.next(); ) {
                    LedgerEntry entry = entry(row);
                    entries.add(entry);
                    bytes += entry.canonical().length();
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return entries;
        }
    }

    /**
     * The text to which an entry commits.
     *
     * @param salt the salt, in hexadecimal
     * @param text the confidential part in its canonical form
     */
    public record Opening(String salt, String text) {}

    /** Returns the openings of the commitments at the positions. Those that were erased are left out. */
    public Map<Long, Opening> openings(Collection<Long> positions) throws SQLException {
        Map<Long, Opening> openings = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select position, salt, content from ledger_confidential where position = any(?)")) {
            select.setArray(1, SqlArray.longs(connection, positions.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    openings.put(
                            row.getLong(1), new Opening(HexFormat.of().formatHex(row.getBytes(2)), row.getString(3)));
                }
            }
        }
        return openings;
    }

    /**
     * Deletes the confidential parts of entries. The commitments stay in the entries; without the salts they reveal
     * nothing.
     *
     * @param connection the connection of the transaction that records the erasure
     */
    void erase(Connection connection, Collection<Long> positions) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from ledger_confidential where position = any(?)")) {
            delete.setArray(1, SqlArray.longs(connection, positions.stream()));
            delete.executeUpdate();
        }
    }

    /** Deletes the submissions of a party, because their hashes cover personal data. */
    void forgetSubmissions(Connection connection, UUID party) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from ledger_submission where party = ?")) {
            delete.setObject(1, party);
            delete.executeUpdate();
        }
    }

    List<LedgerEntry> read(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from " + TABLES + " where e.position > ? order by e.position limit ?")) {
            select.setLong(1, after);
            select.setInt(2, limit);
            return entries(select);
        }
    }

    /** Takes the ledger's lock until the end of the transaction. */
    void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            lock.setLong(1, LOCK);
            lock.execute();
        }
    }

    /**
     * Makes PostgreSQL plan with indexes only, until the end of the transaction.
     *
     * <p>Appends read a few rows of tables that may be huge and may have no statistics yet. Without statistics,
     * PostgreSQL would read a whole table for each group instead of looking up a thousand rows. Generic plans avoid
     * planning for each group, because each query has only one sensible plan.
     */
    void forceIndexPlans(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select"
                + " set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),"
                + " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
                + " set_config('plan_cache_mode', 'force_generic_plan', true)")) {
            set.execute();
        }
    }

    /** Returns the end of the ledger as the connection's transaction sees it. */
    public Head head(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select position, recorded_at from ledger_entry order by position desc limit 1")) {
            return headOf(select);
        }
    }

    /** Returns the proposal as an entry at this position and time. */
    static LedgerEntry entry(long position, Instant recordedAt, Proposal proposal) {
        String canonical = proposal.text().at(recordedAt);
        return new LedgerEntry(
                position,
                recordedAt,
                proposal.entry(),
                canonical,
                leafHash(canonical),
                proposal.confidential(),
                proposal.fingerprint());
    }

    /** Returns the RFC 6962 leaf hash of an entry's canonical text. */
    public static Hash leafHash(String canonical) {
        return MerkleTree.leafHash(canonical.getBytes(StandardCharsets.UTF_8));
    }

    void insert(Connection connection, List<LedgerEntry> entries, List<Proposal> proposals) throws SQLException {
        RowCopy rows = new RowCopy("ledger_entry", "position", "recorded_at", "canonical", "leaf_hash");
        RowCopy confidentialRows = new RowCopy("ledger_confidential", "position", "salt", "content");
        for (int i = 0; i < entries.size(); i++) {
            LedgerEntry entry = entries.get(i);
            rows.row()
                    .add(entry.position())
                    .add(entry.recordedAt())
                    .add(entry.canonical())
                    .add(entry.leafHash().bytes());
            String content = proposals.get(i).confidentialJson();
            if (content != null) {
                confidentialRows
                        .row()
                        .add(entry.position())
                        .add(proposals.get(i).salt())
                        .add(content);
            }
        }
        rows.into(connection);
        confidentialRows.into(connection);
        try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
            notify.setString(1, LedgerHead.CHANNEL);
            notify.setString(2, String.valueOf(entries.get(entries.size() - 1).position()));
            notify.execute();
        }
    }

    /** Answers proposals whose idempotency key was used before. */
    void admitRepeated(Connection connection, List<Proposal> open) throws SQLException {
        record Submission(UUID party, String key) {}
        Map<Submission, Proposal> bySubmission = new LinkedHashMap<>();
        for (Proposal proposal : open) {
            proposal.idempotency()
                    .ifPresent(idempotency -> bySubmission.put(
                            new Submission(proposal.entry().party().number(), idempotency.key()), proposal));
        }
        if (bySubmission.isEmpty()) {
            return;
        }
        // If submission and entry have the same time, then that submission recorded the entry.
        try (PreparedStatement select = connection.prepareStatement(
                "select s.party, s.key, s.request, s.position, s.submitted_at = e.recorded_at"
                        + " from unnest(?::uuid[], ?::text[]) as n (party, key)"
                        + " join ledger_submission s using (party, key) join ledger_entry e using (position)")) {
            select.setArray(
                    1, SqlArray.ids(connection, bySubmission.keySet().stream().map(Submission::party)));
            select.setArray(
                    2, SqlArray.texts(connection, bySubmission.keySet().stream().map(Submission::key)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Proposal proposal =
                            bySubmission.get(new Submission(row.getObject(1, UUID.class), row.getString(2)));
                    if (proposal == null) {
                        continue;
                    }
                    byte[] request = proposal.idempotency()
                            .map(Proposal.Idempotency::request)
                            .orElseThrow();
                    if (Arrays.equals(request, row.getBytes(3))) {
                        proposal.repeatAnswer(row.getLong(4), row.getBoolean(5));
                    } else {
                        proposal.refuse(Problem.IDEMPOTENCY_KEY_REUSED.because(
                                "This Idempotency-Key was used with another request; use a new key"));
                    }
                }
            }
        }
    }

    /** Stores the idempotency keys of proposals that were appended or answered with an existing entry. */
    void remember(Connection connection, List<Proposal> group, Map<Proposal, LedgerEntry> recorded, Instant now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into ledger_submission"
                + " (party, key, request, position, submitted_at) values (?, ?, ?, ?, ?)"
                + " on conflict do nothing")) {
            boolean any = false;
            for (Proposal proposal : group) {
                Proposal.Idempotency idempotency = proposal.idempotency().orElse(null);
                LedgerEntry entry = recorded.get(proposal);
                long position = entry == null ? proposal.existingPosition() : entry.position();
                if (idempotency != null && position > 0 && !proposal.isRehearsal()) {
                    insert.setObject(1, proposal.entry().party().number());
                    insert.setString(2, idempotency.key());
                    insert.setBytes(3, idempotency.request());
                    insert.setLong(4, position);
                    insert.setObject(5, now.atOffset(ZoneOffset.UTC));
                    insert.addBatch();
                    any = true;
                }
            }
            if (any) {
                insert.executeBatch();
            }
        }
    }

    void forgetSubmissions(Connection connection, Instant before) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from ledger_submission where submitted_at < ?")) {
            delete.setObject(1, before.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    private static Head headOf(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? new Head(row.getLong(1), SqlColumns.moment(row, 2)) : new Head(0, Instant.EPOCH);
        }
    }

    private static List<LedgerEntry> entries(PreparedStatement select) throws SQLException {
        List<LedgerEntry> entries = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                entries.add(entry(row));
            }
        }
        return entries;
    }

    private static LedgerEntry entry(ResultSet row) throws SQLException {
        String canonical = row.getString(3);
        return new LedgerEntry(
                row.getLong(1),
                SqlColumns.moment(row, 2),
                Entry.parse(canonical),
                canonical,
                Hash.of(row.getBytes(4)),
                confidential(row.getString(5)),
                null);
    }

    private static @Nullable Confidential confidential(@Nullable String content) {
        return content == null ? null : Confidential.parse(content);
    }
}
