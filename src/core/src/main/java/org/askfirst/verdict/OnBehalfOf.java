package org.askfirst.verdict;

import java.time.Instant;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * In whose name something is said, and whether permissions so given still count.
 *
 * @param of the number of the party that is spoken for; of a member who is not known yet, that of its mandate
 * @param suspended whether the operator suspended whoever says it, or whoever it is said for
 * @param mandate when the mandate holds under which somebody else says it; null if the party says it itself
 */
public record OnBehalfOf(
        UUID of, boolean suspended, @Nullable Period mandate) {
    /** The party speaks for itself. */
    public static OnBehalfOf of(PartyId party) {
        return new OnBehalfOf(party.number(), false, null);
    }

    /** Whether the party speaks for itself. */
    public boolean isOwn() {
        return mandate == null;
    }

    /** Whether the mandate under which this is said does not hold at that moment. */
    public boolean isOutOfMandate(Instant moment) {
        return mandate != null && !mandate.contains(moment);
    }
}
