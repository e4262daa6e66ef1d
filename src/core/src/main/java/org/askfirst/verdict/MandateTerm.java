package org.askfirst.verdict;

import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * How a mandate stands at one position of the ledger.
 *
 * @param member null while the member is not known to the registry
 * @param period for which it holds
 */
public record MandateTerm(PartyId society, @Nullable PartyId member, Period period) {}
