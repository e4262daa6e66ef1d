/**
 * The append-only ledger: all acts, at gapless positions, in the order of commit.
 *
 * <p>Start reading at {@link org.askfirst.registry.ledger.Ledger}. Everything else that holds state is a projection of the
 * ledger: those that must be true at once implement {@link org.askfirst.registry.ledger.Projection} and are folded in
 * the transaction that appends.
 */
@NullMarked
package org.askfirst.registry.ledger;

import org.jspecify.annotations.NullMarked;
