package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Decides whether acts may be recorded.
 *
 * <p>All calls come from the one appender thread, with the ledger's lock held and inside its transaction, so
 * what a rule reads cannot change before it commits. A rule must neither commit nor roll back, and writes nothing.
 */
public interface ActRule {
    /** When a rule is asked. Rules of one stage decide different acts, so their order does not matter. */
    enum Stage {
        /**
         * Which key may do what. Rules of this stage permit acts ({@link Proposal#permit}); the ledger refuses those
         * that no rule permits.
         */
        KEYS,
        /** Who may act for whom. A forbidden act is refused before anybody learns what is recorded already. */
        PERMISSIONS,
        /** Tells acts that change something from those that an earlier entry answers. */
        STATE
    }

    /** When this rule is asked. */
    Stage stage();

    /**
     * Refuses proposals, permits them, or answers them with an entry recorded before.
     *
     * @param open proposals nobody has decided yet, no two of which change the same thing
     */
    void admit(Connection connection, List<Proposal> open) throws SQLException;
}
