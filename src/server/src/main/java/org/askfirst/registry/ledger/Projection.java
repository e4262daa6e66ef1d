package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * State that is true the moment an entry is: folded in the transaction that appends.
 *
 * <p>All calls to {@link #fold} come from the one appender thread, with the ledger's lock held and inside its
 * transaction. They must neither commit nor roll back. A projection holds nothing that {@link #fold} over all entries
 * would not give again: recovery is to empty its tables and fold. Projections are independent: their order does not
 * matter, and none reads what another writes.
 */
public interface Projection {
    /**
     * Takes in entries, in order.
     *
     * @return what these entries changed, where the entries themselves do not say it
     */
    List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException;

    /**
     * Reads again what {@link #fold} returned for those entries, however long ago they were folded.
     *
     * @param connection of any transaction that sees the entries
     */
    List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException;

    /** The tables it is kept in; all that it inserts, updates or deletes otherwise can be done again without harm. */
    List<String> tables();
}
