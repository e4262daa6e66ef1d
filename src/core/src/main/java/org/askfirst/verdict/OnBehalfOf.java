package org.askfirst.verdict;

import java.time.Instant;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The party in whose name a statement is made, and the conditions under which its permissions apply.
 *
 * @param of the number of the party in whose name the statement is made; if that is a member without an account, the
 *     number of its mandate
 * @param suspended true if the operator suspended the party that makes the statement, or the party in whose name it is
 *     made
 * @param mandate the period of the mandate under which a party speaks for another; null if the party speaks for itself
 */
public record OnBehalfOf(UUID of, boolean suspended, @Nullable Period mandate) {
    /** Returns the value for a party that speaks for itself. */
    public static OnBehalfOf of(PartyId party) {
        return new OnBehalfOf(party.number(), false, null);
    }

    /** Returns true if the party speaks for itself. */
    public boolean isOwn() {
        return mandate == null;
    }

    /** Returns true if the statement is made under a mandate that is not in force at that moment. */
    public boolean isOutOfMandate(Instant moment) {
        return mandate != null && !mandate.contains(moment);
    }
}
