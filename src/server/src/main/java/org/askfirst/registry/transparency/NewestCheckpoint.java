package org.askfirst.registry.transparency;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Tells how far the log is signed. */
@ApplicationScoped
public class NewestCheckpoint {
    private final LogStore store;

    NewestCheckpoint(LogStore store) {
        this.store = store;
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
}
