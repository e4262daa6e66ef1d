package org.askfirst.registry.transparency;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.askfirst.entry.Entry;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.subject.Sha256;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.tlog.Subtree;
import org.askfirst.tlog.Tile;
import org.jboss.logging.Logger;

/**
 * Checks at every start that the ledger matches the signed log.
 *
 * <p>If the ledger has at most {@link #AT_ONCE} bytes, all hashes are computed again from the entries' text before the
 * node answers requests. If it is larger, only the right edge of the tree is checked before; the rest is checked in the
 * background. A mismatch stops the node, because an answer from a changed ledger is worse than no answer.
 */
@ApplicationScoped
public class LogCheck {
    private static final Logger LOG = Logger.getLogger(LogCheck.class);

    /** 128 MB: the size that can be read and hashed in about two seconds, about 200,000 entries of usual size. */
    private static final long AT_ONCE = 128 << 20;

    private static final int CHUNK = 10_000;

    private final DataSource dataSource;
    private final LogStore store;
    private final LedgerStore ledger;
    private final LogKeys keys;
    private volatile boolean stopping;

    LogCheck(DataSource dataSource, LogStore store, LedgerStore ledger, LogKeys keys) {
        this.dataSource = dataSource;
        this.store = store;
        this.ledger = ledger;
        this.keys = keys;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /**
     * Runs the check at start.
     *
     * @throws LogMismatchException if ledger and log do not match; its message states the mismatch
     */
    void beforeStart(Ed25519Verifier verifier) throws SQLException {
        LogStore.Signed signed = store.signed().orElseThrow();
        Hash root = signedRoot(signed, verifier);
        requireAll(signed);
        if (!Frontier.from(store, signed.size()).root().equals(root)) {
            throw mismatch("the stored hashes do not give the signed root");
        }
        if (ledger.bytes() <= AT_ONCE) {
            recompute(signed.size(), root);
            return;
        }
        Thread background = new Thread(() -> recomputeOrStop(signed.size(), root), "log-check");
        background.setDaemon(true);
        background.start();
    }

    private void requireAll(LogStore.Signed signed) throws SQLException {
        long end = ledger.head().position();
        if (end < signed.size()) {
            throw mismatch("a checkpoint over " + signed.size() + " entries was signed, and the ledger has " + end
                    + ": entries were lost, or an older copy of the database was restored");
        }
    }

    /**
     * The result of a successful check of everything.
     *
     * @param entries the number of entries: none is missing, and each matches its leaf hash
     * @param signed the number of entries in the tree of the checkpoint; they give its root
     * @param root the root of the checkpoint, in base64
     * @param hashes the number of stored hashes that match the entries below them
     * @param commitments the number of confidential parts that match the commitments in their entries
     */
    public record Checked(String origin, long entries, long signed, String root, long hashes, long commitments) {}

    /**
     * Checks everything: entries, stored hashes, commitments, and the checkpoint against the log's key.
     *
     * @param progress receives the position after each block of 10,000 entries
     * @throws LogMismatchException if something does not match; its message states the mismatch
     */
    public Checked whole(LongConsumer progress) throws SQLException {
        LogStore.Signed signed = store.signed().orElseThrow();
        Hash root = signedRoot(signed, keys.verifier());
        requireAll(signed);
        Frontier frontier = Frontier.empty();
        long hashes = 0;
        long commitments = 0;
        boolean more = true;
        while (more) {
            boolean inTree = frontier.size() < signed.size();
            int limit = inTree ? (int) Math.min(CHUNK, signed.size() - frontier.size()) : CHUNK;
            List<Hash> leaves = hashedLeaves(frontier.size(), limit);
            requireAsWritten(frontier.size(), limit);
            commitments += requireCommitments(frontier.size(), limit);
            Map<Subtree, Hash> completed = new LinkedHashMap<>();
            frontier = frontier.append(leaves, (subtree, hash) -> {
                if (subtree.level() > 0 && subtree.level() % Tile.HEIGHT == 0) {
                    completed.put(subtree, hash);
                }
            });
            if (inTree) {
                requireStored(completed);
                hashes += completed.size();
            }
            if (frontier.size() == signed.size() && !frontier.root().equals(root)) {
                throw mismatch("the entries do not give the signed root");
            }
            more = leaves.size() == limit;
            progress.accept(frontier.size());
            if (inTree && !more) {
                throw mismatch("an entry after position " + frontier.size() + " is missing");
            }
        }
        return new Checked(signed.origin(), frontier.size(), signed.size(), root.base64(), hashes, commitments);
    }

    private void requireStored(Map<Subtree, Hash> completed) {
        List<Subtree> subtrees = List.copyOf(completed.keySet());
        try {
            List<Hash> expected = List.copyOf(completed.values());
            List<Hash> stored = store.read(subtrees);
            for (int i = 0; i < subtrees.size(); i++) {
                if (!stored.get(i).equals(expected.get(i))) {
                    throw mismatch("the stored hash of " + subtrees.get(i) + " does not match the entries below it");
                }
            }
        } catch (LogUnreadableException missing) {
            throw mismatch(String.valueOf(missing.getMessage()));
        }
    }

    private void requireAsWritten(long from, int limit) throws SQLException {
        for (LedgerEntry entry : ledger.after(from, limit)) {
            if (!entry.entry().canonical(entry.recordedAt()).equals(entry.canonical())) {
                throw mismatch("the time of the entry at position " + entry.position() + " differs from its text");
            }
        }
    }

    /** Checks the commitments of a block of entries, and returns their number. */
    private long requireCommitments(long from, int limit) throws SQLException {
        long commitments = 0;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select position, canonical, salt,"
                        + " convert_to(content, 'UTF8') from ledger_entry join ledger_confidential using (position)"
                        + " where position > ? and position <= ? order by position")) {
            select.setLong(1, from);
            select.setLong(2, from + limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte[] salt = row.getBytes(3);
                    byte[] content = row.getBytes(4);
                    byte[] both = Arrays.copyOf(salt, salt.length + content.length);
                    System.arraycopy(content, 0, both, salt.length, content.length);
                    String commitment = HexFormat.of().formatHex(Sha256.of(both));
                    if (!commitment.equals(Entry.parse(row.getString(2)).commitment())) {
                        throw mismatch("the confidential part of the entry at position " + row.getLong(1)
                                + " does not match the entry's commitment");
                    }
                    commitments++;
                }
            }
        }
        return commitments;
    }

    private static Hash signedRoot(LogStore.Signed signed, Ed25519Verifier verifier) {
        try {
            Checkpoint checkpoint = Checkpoint.open(SignedNote.parse(signed.checkpoint()), verifier);
            if (checkpoint.size() != signed.size()) {
                throw mismatch(
                        "the checkpoint is for " + checkpoint.size() + " entries and should be for " + signed.size());
            }
            return checkpoint.root();
        } catch (MalformedException | NotProvenException forged) {
            throw mismatch("the checkpoint is not signed with the log's key: " + forged.getMessage());
        }
    }

    private void recomputeOrStop(long size, Hash root) {
        try {
            recompute(size, root);
            LOG.infof("All %d entries match the log", size);
        } catch (LogMismatchException mismatch) {
            LOG.fatalf("Ask First stops: %s", mismatch.getMessage());
            Quarkus.asyncExit(1);
        } catch (SQLException unreadable) {
            LOG.warn("The check of the whole log was aborted", unreadable);
        }
    }

    /** Computes the root from the text of all entries, and compares it with the signed root. */
    private void recompute(long size, Hash root) throws SQLException {
        Frontier frontier = Frontier.empty();
        while (frontier.size() < size && !stopping) {
            int limit = (int) Math.min(CHUNK, size - frontier.size());
            List<Hash> leaves = hashedLeaves(frontier.size(), limit);
            if (leaves.size() < limit) {
                throw mismatch("an entry after position " + (frontier.size() + leaves.size()) + " is missing");
            }
            frontier = frontier.append(leaves);
        }
        if (!stopping && !frontier.root().equals(root)) {
            throw mismatch("the entries do not give the signed root");
        }
    }

    private List<Hash> hashedLeaves(long from, int limit) throws SQLException {
        List<Hash> leaves = new ArrayList<>(limit);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select position, canonical, leaf_hash"
                        + " from ledger_entry where position > ? order by position limit ?")) {
            select.setLong(1, from);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long position = row.getLong(1);
                    Hash hash = MerkleTree.leafHash(row.getString(2).getBytes(StandardCharsets.UTF_8));
                    if (position != from + leaves.size() + 1) {
                        throw mismatch("the entry at position " + (from + leaves.size() + 1) + " is missing");
                    }
                    if (!hash.equals(Hash.of(row.getBytes(3)))) {
                        throw mismatch("the entry at position " + position + " does not match its leaf hash");
                    }
                    leaves.add(hash);
                }
            }
        }
        return leaves;
    }

    private static LogMismatchException mismatch(String detail) {
        return new LogMismatchException("the ledger does not match the log: " + detail
                + ". The node stops; docs/operations.md describes what to do");
    }
}
