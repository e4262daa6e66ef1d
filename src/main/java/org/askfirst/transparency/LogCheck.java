package org.askfirst.transparency;

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
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.merkle.Checkpoint;
import org.askfirst.merkle.Ed25519Verifier;
import org.askfirst.merkle.Frontier;
import org.askfirst.merkle.Hash;
import org.askfirst.merkle.MalformedException;
import org.askfirst.merkle.MerkleTree;
import org.askfirst.merkle.NotProvenException;
import org.askfirst.merkle.SignedNote;
import org.jboss.logging.Logger;

/**
 * Checks at every start that the ledger is still the one that was signed.
 *
 * <p>Everything up to {@link #AT_ONCE} entries is recomputed from the entries' own text before the node answers
 * anybody; of a longer ledger the right edge is, and the whole in the background. What does not match stops the
 * node: an answer from a ledger that was tampered with is worth less than none.
 */
@ApplicationScoped
class LogCheck {
    private static final Logger LOG = Logger.getLogger(LogCheck.class);
    private static final long AT_ONCE = 200_000;
    private static final int CHUNK = 10_000;

    private final DataSource dataSource;
    private final LogStore store;
    private final LedgerStore ledger;
    private volatile boolean stopping;

    LogCheck(DataSource dataSource, LogStore store, LedgerStore ledger) {
        this.dataSource = dataSource;
        this.store = store;
        this.ledger = ledger;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /**
     * The check at start.
     *
     * @throws IllegalStateException saying what does not match
     */
    void beforeStart(Ed25519Verifier verifier) throws SQLException {
        LogStore.Signed signed = store.signed().orElseThrow();
        Hash root = signedRoot(signed, verifier);
        long end = ledger.head().position();
        if (end < signed.size()) {
            throw mismatch("a checkpoint over " + signed.size() + " entries was signed, and the ledger has " + end
                    + ": entries are lost, or an older copy of the database was restored");
        }
        if (!Frontier.from(store, signed.size()).root().equals(root)) {
            throw mismatch("the stored hashes do not lead to the root that was signed");
        }
        if (signed.size() <= AT_ONCE) {
            recompute(signed.size(), root);
            return;
        }
        Thread background = new Thread(() -> recomputeOrStop(signed.size(), root), "log-check");
        background.setDaemon(true);
        background.start();
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
        } catch (IllegalStateException mismatch) {
            LOG.fatal("Ask First stops", mismatch);
            Quarkus.asyncExit(1);
        } catch (SQLException unreadable) {
            LOG.warn("The check of the whole log was broken off", unreadable);
        }
    }

    /** From the text of every entry to the root. */
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
            throw mismatch("the entries do not lead to the root that was signed");
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
                        throw mismatch("the entry at position " + position + " is not what was hashed");
                    }
                    leaves.add(hash);
                }
            }
        }
        return leaves;
    }

    private static IllegalStateException mismatch(String what) {
        return new IllegalStateException("the ledger does not match the log: " + what
                + ". Nothing is answered from it; docs/operations.md tells what to do");
    }
}
