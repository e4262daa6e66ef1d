/**
 * Proof that the ledger is never rewritten: an RFC 6962 log over it, checkpoints, proofs and receipts.
 *
 * <p>Start reading at {@link org.askfirst.registry.transparency.LogPublisher}. The mathematics and the formats are in
 * {@code merkle}; here is what they are kept in and signed with. {@code docs/formats/log.md} and
 * {@code docs/formats/receipts.md} specify what outsiders verify.
 */
@NullMarked
package org.askfirst.registry.transparency;

import org.jspecify.annotations.NullMarked;
