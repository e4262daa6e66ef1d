package org.askfirst.registry.party;

import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.Authority;

/**
 * A party that calls, known by its key.
 *
 * @param reachable whether it named a contact of its own, so that whoever asks can reach it
 * @param authority by which it acts; checked once more under the ledger's lock
 */
public record Caller(PartyId party, boolean reachable, Authority authority) {}
