package org.askfirst.declaration;

import org.jspecify.annotations.Nullable;

/**
 * How a mandate stands at one position of the ledger.
 *
 * @param member null while the member is not known to the registry
 * @param period for which it holds
 */
public record MandateTerm(PartyId society, @Nullable PartyId member, Period period) {
    /**
     * In whose name something is said under it.
     *
     * @param suspended whether the society or the member is suspended
     */
    public Voice voice(MandateId id, boolean suspended) {
        return new Voice(member == null ? id.number() : member.number(), suspended, period);
    }
}
