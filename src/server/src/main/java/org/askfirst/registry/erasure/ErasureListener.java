package org.askfirst.registry.erasure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.id.PartyId;

/**
 * Erases the data of a party that one package keeps.
 *
 * <p>It is called in the transaction that records the erasure, after all projections have folded the entry, and again
 * whenever projections are rebuilt: to erase twice must do no harm. Listeners touch only tables of their own package.
 */
public interface ErasureListener {
    /** The data that it erases, in a few words. Listeners run in the order of these names. */
    String part();

    /**
     * Erases the data.
     *
     * @param at when the erasure was recorded
     * @return the positions of the entries whose confidential part names the party; the ledger deletes those parts
     */
    List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException;

    /** Executes a statement that returns positions, in its first column. */
    static List<Long> positions(PreparedStatement statement) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                positions.add(row.getLong(1));
            }
        }
        return positions;
    }
}
