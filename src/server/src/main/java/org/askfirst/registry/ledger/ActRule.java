package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Decides whether acts may be recorded.
 *
 * <p>All calls come from the one appender thread, inside its transaction and under the ledger's lock. Rows that a rule
 * reads therefore cannot change before the commit. A rule must not commit or roll back, and may write only in {@link
 * #recorded}.
 */
public interface ActRule {
    /** The order in which rules run. Rules of one stage decide different acts, so their order does not matter. */
    enum Stage {
        /**
         * Decides which key may do what. Rules of this stage permit acts ({@link Proposal#permit}); the ledger refuses
         * acts that no rule permits.
         */
        KEYS,
        /** Decides who may act for whom. A forbidden act is refused before the caller can learn what is recorded. */
        PERMISSIONS,
        /** Decides whether the act changes anything, or is answered with an entry that was recorded before. */
        STATE,
        /** Decides whether there is room for the act. It is the last stage: what it leaves open is recorded. */
        BUDGETS
    }

    /** The stage in which this rule runs. */
    Stage stage();

    /**
     * Refuses proposals, permits them, or answers them with an entry that was recorded before.
     *
     * @param open proposals that no rule has decided yet; no two of them change the same thing
     */
    void admit(Connection connection, List<Proposal> open) throws SQLException;

    /**
     * Called in the same transaction after all rules, with the acts that it records. Rehearsals are not among them.
     */
    default void recorded(Connection connection, List<Proposal> accepted) throws SQLException {}
}
