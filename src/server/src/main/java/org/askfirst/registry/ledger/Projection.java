package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * State that is computed from the ledger in the transaction that appends.
 *
 * <p>All calls to {@link #fold} come from the one appender thread, inside its transaction and under the ledger's lock.
 * They must not commit or roll back. A projection has no state except the result of {@link #fold} over all entries: to
 * recover, empty its tables and fold again. Projections are independent: their order does not matter, and none reads
 * the tables of another.
 */
public interface Projection {
    /**
     * Applies entries, in order.
     *
     * @return the effects of these entries
     */
    List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException;

    /**
     * Reads the effects that {@link #fold} returned for these entries, which may have been folded long ago.
     *
     * @param connection a connection whose transaction sees the entries
     */
    List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException;

    /** The tables of this projection. Its changes to other tables can be repeated without harm. */
    List<String> tables();
}
