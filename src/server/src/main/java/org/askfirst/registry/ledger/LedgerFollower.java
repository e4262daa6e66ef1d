package org.askfirst.registry.ledger;

/**
 * Something that reads the ledger after the fact and keeps its own position.
 *
 * <p>It is told that there is more to read, not what: it reads from its own position on, so a call that is lost or
 * comes twice does no harm. It can be dropped and rebuilt from position 0.
 */
public interface LedgerFollower {
    /**
     * The ledger has come to that position. Called from the thread that found out, which must not be kept waiting.
     */
    void reached(long position);

    /**
     * This node has appended those entries, and whoever proposed them has not been told yet: a follower that answers
     * from this node takes them in now, so that everybody sees what they were told was recorded. From the appender's
     * thread, after the commit; what is thrown is logged and changes nothing.
     */
    default void appended(LedgerGroup group) {}
}
