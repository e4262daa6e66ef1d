/**
 * The append-only ledger: all acts, at gapless positions, in the order of commit.
 *
 * <p>Start reading at {@link org.askfirst.registry.ledger.Ledger}. State that must be current as soon as an entry is
 * recorded implements {@link org.askfirst.registry.ledger.Projection} and is folded in the transaction that appends.
 * All other readers implement {@link org.askfirst.registry.ledger.LedgerFollower}.
 */
@NullMarked
package org.askfirst.registry.ledger;

import org.jspecify.annotations.NullMarked;
