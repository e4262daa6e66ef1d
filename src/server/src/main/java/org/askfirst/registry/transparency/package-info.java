/**
 * The transparency log, which proves that the ledger is never rewritten: an RFC 6962 tree over the ledger, checkpoints,
 * proofs and receipts.
 *
 * <p>Start reading at {@link org.askfirst.registry.transparency.LogPublisher}. The mathematics and the formats are in
 * {@code org.askfirst.tlog}; this package stores and signs. {@code docs/formats/log.md} and
 * {@code docs/formats/receipts.md} specify what outsiders verify.
 */
@NullMarked
package org.askfirst.registry.transparency;

import org.jspecify.annotations.NullMarked;
