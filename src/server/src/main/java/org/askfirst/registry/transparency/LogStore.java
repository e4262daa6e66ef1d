package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.HashReader;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.Subtree;
import org.askfirst.tlog.Tile;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the log's tables: the last checkpoint, and the hashes of complete subtrees at every eighth level.
 * Leaf hashes are in the ledger's table.
 */
@ApplicationScoped
class LogStore implements HashReader {
    private final DataSource dataSource;

    LogStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The last checkpoint, with the tree that it signs.
     *
     * @param frontier the frontier of the checkpoint's tree
     * @param checkpoint the checkpoint as a signed note
     */
    record Signed(String origin, String verifierKey, Frontier frontier, String checkpoint) {
        long size() {
            return frontier.size();
        }
    }

    Optional<Signed> signed() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return signed(connection, "");
        }
    }

    /** Reads the last checkpoint, and locks it until the transaction ends. Empty if another node is publishing. */
    Optional<Signed> signedToReplace(Connection connection) throws SQLException {
        return signed(connection, " for update skip locked");
    }

    private static Optional<Signed> signed(Connection connection, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select origin, verifier_key, frontier, checkpoint from transparency_log" + lock);
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Signed(row.getString(1), row.getString(2), Frontier.parse(row.getBytes(3)), row.getString(4)));
        } catch (MalformedException damaged) {
            throw new IllegalStateException("the log's frontier is damaged", damaged);
        }
    }

    /**
     * A checkpoint for others to see.
     *
     * @param note the signed note, with the cosignatures that it has
     */
    record Published(long size, String note) {}

    /** Returns the size and the time of the newest checkpoint, cosigned or not. */
    Optional<NewestCheckpoint.Signed> newest() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select size, published_at from transparency_log");
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new NewestCheckpoint.Signed(row.getLong(1), SqlColumns.moment(row, 2)))
                    : Optional.empty();
        }
    }

    /**
     * Returns the newest checkpoint; empty if none has enough cosignatures.
     *
     * @param cosigned true for the newest that has enough cosignatures; false for the newest of all
     */
    Optional<Published> published(boolean cosigned) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select l.size, l.checkpoint, c.size, c.checkpoint"
                                + " from transparency_log l left join transparency_cosigned c on c.checkpoint is not null");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            String note = row.getString(4);
            if (note != null && (cosigned || row.getLong(3) == row.getLong(1))) {
                return Optional.of(new Published(row.getLong(3), note));
            }
            return cosigned ? Optional.empty() : Optional.of(new Published(row.getLong(1), row.getString(2)));
        }
    }

    /**
     * The state of the cosigning.
     *
     * @param size the size of the tree of the checkpoint; 0 if there is none
     * @param checkpoint the newest checkpoint with enough cosignatures; null if there is none
     * @param askedAt the time at which witnesses were last asked for it
     */
    record Cosigned(long size, @Nullable String checkpoint, Instant askedAt) {}

    /** Leases the cosigning for this node until a time. Returns its state; empty if another node has leased it. */
    Optional<Cosigned> leaseCosigning(UUID node, Instant now, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement("insert into transparency_cosigned as c"
                        + " (size, asked_at, leased_by, leased_until) values (0, 'epoch', ?, ?)"
                        + " on conflict (one) do update set leased_by = excluded.leased_by,"
                        + " leased_until = excluded.leased_until where c.leased_by = excluded.leased_by"
                        + " or c.leased_until < ? returning size, checkpoint, asked_at")) {
            take.setObject(1, node);
            take.setObject(2, until.atOffset(ZoneOffset.UTC));
            take.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = take.executeQuery()) {
                return row.next()
                        ? Optional.of(new Cosigned(row.getLong(1), row.getString(2), SqlColumns.moment(row, 3)))
                        : Optional.empty();
            }
        }
    }

    /** Stores a checkpoint with its cosignatures, unless a larger one is stored. */
    void storeCosigned(long size, String checkpoint, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update transparency_cosigned"
                        + " set size = ?, checkpoint = ?, asked_at = ? where size <= ?")) {
            update.setLong(1, size);
            update.setString(2, checkpoint);
            update.setObject(3, now.atOffset(ZoneOffset.UTC));
            update.setLong(4, size);
            update.executeUpdate();
        }
    }

    /** Creates the log, unless another node has created it first. */
    void create(Signed empty, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into transparency_log"
                        + " (origin, verifier_key, size, frontier, checkpoint, published_at)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")) {
            insert.setString(1, empty.origin());
            insert.setString(2, empty.verifierKey());
            insert.setLong(3, empty.size());
            insert.setBytes(4, empty.frontier().bytes());
            insert.setString(5, empty.checkpoint());
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    void replace(Connection connection, Signed signed, Map<Subtree, Hash> completed, Instant now) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into transparency_subtree (level, idx, hash) values (?, ?, ?)")) {
            for (Map.Entry<Subtree, Hash> one : completed.entrySet()) {
                insert.setInt(1, one.getKey().level());
                insert.setLong(2, one.getKey().index());
                insert.setBytes(3, one.getValue().bytes());
                insert.addBatch();
            }
            if (!completed.isEmpty()) {
                insert.executeBatch();
            }
        }
        try (PreparedStatement update = connection.prepareStatement(
                "update transparency_log set size = ?, frontier = ?, checkpoint = ?, published_at = ?")) {
            update.setLong(1, signed.size());
            update.setBytes(2, signed.frontier().bytes());
            update.setString(3, signed.checkpoint());
            update.setObject(4, now.atOffset(ZoneOffset.UTC));
            update.executeUpdate();
        }
    }

    /** Returns the leaf hashes from the index on, at most {@code limit}. */
    static List<Hash> leaves(Connection connection, long from, int limit) throws SQLException {
        List<Hash> leaves = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select leaf_hash from ledger_entry where position > ? order by position limit ?")) {
            select.setLong(1, from);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    leaves.add(Hash.of(row.getBytes(1)));
                }
            }
        }
        return leaves;
    }

    @Override
    public List<Hash> read(List<Subtree> subtrees) {
        try (Connection connection = dataSource.getConnection()) {
            // Each subtree is computed from 1 to 128 hashes of the nearest stored level, at or below its own level.
            List<List<Hash>> stored = new ArrayList<>();
            subtrees.forEach(subtree -> stored.add(new ArrayList<>()));
            readStored(connection, subtrees, stored, true);
            readStored(connection, subtrees, stored, false);
            List<Hash> hashes = new ArrayList<>();
            for (int i = 0; i < subtrees.size(); i++) {
                hashes.add(root(subtrees.get(i), stored.get(i)));
            }
            return hashes;
        } catch (SQLException failure) {
            throw new LogUnreadableException(failure);
        }
    }

    private static void readStored(
            Connection connection, List<Subtree> subtrees, List<List<Hash>> stored, boolean leaves)
            throws SQLException {
        List<Integer> ordinals = new ArrayList<>();
        List<Integer> levels = new ArrayList<>();
        List<Long> from = new ArrayList<>();
        List<Long> to = new ArrayList<>();
        for (int i = 0; i < subtrees.size(); i++) {
            Subtree subtree = subtrees.get(i);
            int above = subtree.level() % Tile.HEIGHT;
            if (subtree.level() < Tile.HEIGHT == leaves) {
                ordinals.add(i);
                levels.add(subtree.level() - above);
                from.add(subtree.index() << above);
                to.add((subtree.index() + 1) << above);
            }
        }
        if (ordinals.isEmpty()) {
            return;
        }
        String range = " from unnest(?::integer[], ?::integer[], ?::bigint[], ?::bigint[]) as n (ordinal, level, f, t)";
        String sql = leaves
                ? "select n.ordinal, e.leaf_hash" + range
                        + " join ledger_entry e on e.position > n.f and e.position <= n.t"
                        + " order by n.ordinal, e.position"
                : "select n.ordinal, s.hash" + range
                        + " join transparency_subtree s on s.level = n.level and s.idx >= n.f and s.idx < n.t"
                        + " order by n.ordinal, s.idx";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, SqlArray.of(connection, "integer", ordinals));
            select.setArray(2, SqlArray.of(connection, "integer", levels));
            select.setArray(3, SqlArray.of(connection, "bigint", from));
            select.setArray(4, SqlArray.of(connection, "bigint", to));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    stored.get(row.getInt(1)).add(Hash.of(row.getBytes(2)));
                }
            }
        }
    }

    private static Hash root(Subtree subtree, List<Hash> stored) {
        if (stored.size() != 1 << (subtree.level() % Tile.HEIGHT)) {
            throw new LogUnreadableException(subtree);
        }
        List<Hash> row = stored;
        while (row.size() > 1) {
            List<Hash> above = new ArrayList<>(row.size() / 2);
            for (int i = 0; i < row.size(); i += 2) {
                above.add(MerkleTree.nodeHash(row.get(i), row.get(i + 1)));
            }
            row = above;
        }
        return row.get(0);
    }

    /** Returns all public keys that have ever signed receipts, by key id, oldest first. */
    Map<String, byte[]> receiptKeys() throws SQLException {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select kid, public_key from transparency_receipt_key order by created_at, kid");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.put(row.getString(1), row.getBytes(2));
            }
        }
        return Collections.unmodifiableMap(keys);
    }

    void addReceiptKey(String kid, byte[] publicKey, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into transparency_receipt_key"
                        + " (kid, public_key, created_at) values (?, ?, ?) on conflict do nothing")) {
            insert.setString(1, kid);
            insert.setBytes(2, publicKey);
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }
}
