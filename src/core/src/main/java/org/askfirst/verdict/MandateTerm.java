package org.askfirst.verdict;

import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The parties and the period of a mandate as of one position of the ledger.
 *
 * @param society the party that speaks for the member
 * @param member the member; null while it has no account
 * @param period the time in which the mandate is in force
 */
public record MandateTerm(PartyId society, @Nullable PartyId member, Period period) {}
