package org.askfirst.registry.ledger;

/**
 * A reader of the ledger that runs after the commit and keeps its own position.
 *
 * <p>The ledger signals only that there is more to read. A follower reads on from its own position, so a lost or
 * repeated call does no harm. Its state can be dropped and rebuilt from position 0.
 */
public interface LedgerFollower {
    /**
     * Signals that the ledger has reached this position. It is called on the appender's or the listener's thread and
     * must not block.
     */
    void reached(long position);

    /**
     * Passes on the entries that this node has just appended, before their callers receive an answer. Followers that
     * serve reads on this node apply them now, which gives read-your-writes. It is called on the appender's thread,
     * after the commit. An exception is logged and has no other effect.
     */
    default void appended(LedgerGroup group) {}
}
