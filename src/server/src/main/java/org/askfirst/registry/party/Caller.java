package org.askfirst.registry.party;

import org.askfirst.id.PartyId;
import org.askfirst.registry.ledger.Authority;

/**
 * The party that makes a request, authenticated by its key.
 *
 * @param reachable true if the party has a contact, so that an asker can reach it
 * @param authority the authority of its key; checked again under the ledger's lock
 */
public record Caller(PartyId party, boolean reachable, Authority authority) {}
