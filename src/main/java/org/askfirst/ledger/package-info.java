/**
 * The append-only truth: what was declared, in gapless positions, in the order of commit.
 *
 * <p>Start reading at {@link org.askfirst.ledger.Ledger}. Everything else that holds state is a projection of the
 * ledger: those that must be true at once implement {@link org.askfirst.ledger.Projection} and are folded in
 * the transaction that appends.
 */
@NullMarked
package org.askfirst.ledger;

import org.jspecify.annotations.NullMarked;
