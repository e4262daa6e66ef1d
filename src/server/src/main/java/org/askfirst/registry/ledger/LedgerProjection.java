package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * State that is true the moment an entry is: folded in the transaction that appends.
 *
 * <p>All calls come from the one appender thread, with the ledger's lock held and inside its transaction, so
 * what they read cannot change before it commits. They must neither commit nor roll back. A projection holds
 * nothing that {@link #fold} over all entries would not give again: recovery is to empty its tables and fold.
 */
public interface LedgerProjection {
    /**
     * First of all: refuses proposals whose key may not do what they propose, or does not work any more.
     *
     * @param open proposals nobody has decided yet
     */
    default void authorise(Connection connection, List<Proposal> open) throws SQLException {}

    /**
     * Before anything is appended: refuses proposals, or answers them with what stands.
     *
     * @param open proposals nobody has decided yet, no two of which change the same thing
     */
    default void admit(Connection connection, List<Proposal> open) throws SQLException {}

    /** Takes in entries, in order. */
    void fold(Connection connection, List<LedgerEntry> entries) throws SQLException;

    /** The tables it is kept in; all that it inserts, updates or deletes otherwise can be done again without harm. */
    List<String> tables();
}
