package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.MerkleTree;

/** Tells how far the log is signed, and signs again what it has signed. */
@ApplicationScoped
public class NewestCheckpoint {
    private final LogStore store;
    private final LogKeys keys;

    NewestCheckpoint(LogStore store, LogKeys keys) {
        this.store = store;
        this.keys = keys;
    }

    /**
     * The newest checkpoint that the log's key has signed.
     *
     * @param size the number of entries that it covers
     */
    public record Signed(long size, Instant publishedAt) {}

    /** Returns the newest checkpoint; empty if there is none yet. */
    public Optional<Signed> read() throws SQLException {
        return store.newest();
    }

    /**
     * Returns a checkpoint of the tree of that size with one extension line, as a signed note.
     *
     * @return empty if no checkpoint covers that size yet
     */
    public Optional<String> noteAbout(long size, String line) throws SQLException {
        if (store.newest().filter(newest -> newest.size() >= size).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(keys.sign(new Checkpoint(keys.origin(), size, MerkleTree.root(store, size), List.of(line))));
    }
}
