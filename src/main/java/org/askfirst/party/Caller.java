package org.askfirst.party;

import org.askfirst.declaration.PartyId;
import org.askfirst.ledger.Authority;

/**
 * A party that calls, known by its key.
 *
 * @param authority by which it acts; checked once more under the ledger's lock
 */
public record Caller(PartyId party, Authority authority) {}
