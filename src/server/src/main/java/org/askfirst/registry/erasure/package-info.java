/**
 * Erasure: a party is closed, and all personal data in its acts is deleted.
 *
 * <p>Start reading at {@link org.askfirst.registry.erasure.Erasure}. Each package with such data has one {@link
 * org.askfirst.registry.erasure.ErasureListener}. The ledger runs all of them in the transaction that records the
 * erasure, and again when projections are rebuilt.
 */
@NullMarked
package org.askfirst.registry.erasure;

import org.jspecify.annotations.NullMarked;
