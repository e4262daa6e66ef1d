package org.askfirst.registry.budget;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import org.askfirst.id.PartyId;

/** Knows a kind of evidence about parties. A party with any evidence needs no budget. */
public interface ProvedParties {
    /** Returns those of the parties that have this evidence now, as the transaction of {@code connection} sees it. */
    Set<PartyId> among(Connection connection, Collection<PartyId> parties) throws SQLException;
}
