package org.askfirst.verdict;

import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * What a party says of a subject, by itself: before it is known who may speak, and of what.
 *
 * @param position of the entry that says so
 * @param address whether it names somebody who can be asked
 * @param lastingAddress whether it does even once the party's contacts are erased
 * @param mandate under which it is said for somebody else; null if the party says it for itself
 */
public record StatementTerms(
        PartyId party,
        long position,
        Stances stances,
        boolean address,
        boolean lastingAddress,
        Period period,
        @Nullable MandateId mandate) {
    /**
     * The same, as it is said of what a repertoire lists: since it was said, or since that was listed.
     *
     * @param listedAt position of the entry that lists it
     */
    public StatementTerms ofListed(long listedAt) {
        return listedAt <= position
                ? this
                : new StatementTerms(party, listedAt, stances, address, lastingAddress, period, mandate);
    }
}
