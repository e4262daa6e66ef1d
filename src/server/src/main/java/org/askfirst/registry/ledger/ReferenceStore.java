package org.askfirst.registry.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Stores the references that parties give to their things. A reference is no part of an entry.
 *
 * <p>All calls come from the one appender thread, inside its transaction, after all projections have folded the entries.
 * So an act and its reference are durable together.
 */
public interface ReferenceStore {
    /**
     * Stores references, in place of earlier ones.
     *
     * @param references by the position of an entry about the thing
     */
    void store(Connection connection, Map<Long, String> references) throws SQLException;
}
