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
 * Erases the data of a party in the tables of one package.
 *
 * <p>It is called in the transaction that records the erasure, after all projections have folded the entry, and again
 * whenever projections are rebuilt. Erasing twice must therefore do no harm. Listeners change only tables of their own
 * package.
 */
public interface ErasureListener {
    /** Names the erased data in a few words. Listeners run in the order of these names. */
    String part();

    /**
     * Erases the data.
     *
     * @param at the time of the entry that records the erasure
     * @return the positions of the entries whose confidential part names the party; the ledger deletes those parts
     */
    List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException;

    /** Executes a statement, and returns the positions in its first column. */
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
