package org.askfirst.verdict;

import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * A party's statement as declared, before trust, control and mandates are applied.
 *
 * @param party the party that makes the statement
 * @param position the position of the entry that states it
 * @param stances the stances on uses
 * @param contact the address at which somebody can be asked
 * @param period the time in which the statement is in force
 * @param mandate the mandate under which the party speaks for another; null if it speaks for itself
 */
public record StatementTerms(
        PartyId party,
        long position,
        Stances stances,
        Contact contact,
        Period period,
        @Nullable MandateId mandate) {
    /**
     * Returns these terms as they apply to a subject that a repertoire lists: from the later of the two positions on.
     *
     * @param listedAt the position of the entry that lists the subject
     */
    public StatementTerms ofListed(long listedAt) {
        return listedAt <= position ? this : new StatementTerms(party, listedAt, stances, contact, period, mandate);
    }
}
