/**
 * Parties: their accounts, API keys and notices.
 *
 * <p>Start reading at {@link org.askfirst.registry.party.Parties}. Names and contacts of parties are only in this
 * package's tables, so that they can be erased. The ledger has only ids.
 */
@NullMarked
package org.askfirst.registry.party;

import org.jspecify.annotations.NullMarked;
