package org.askfirst.registry.party;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.askfirst.id.PartyId;

/** Is called for each new notice, in the transaction that adds it. If it fails, the notice is not added. */
public interface NoticeListener {
    /**
     * Takes note of a notice.
     *
     * @param id the id of the notice; greater than those of earlier notices of the node
     */
    void added(Connection connection, PartyId party, long id, Instant at) throws SQLException;
}
