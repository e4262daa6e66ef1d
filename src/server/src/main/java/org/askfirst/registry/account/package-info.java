/**
 * Who declares and who asks: parties, their keys, and what they have proved control of; and the operator.
 *
 * <p>Names and contacts stand in this package's tables alone, so that they can be erased. Proofs of control are
 * entries of the ledger, folded here; what parties claim to control, and every look for their tokens, is kept here and
 * comes to count only as such an entry.
 */
@NullMarked
package org.askfirst.registry.account;

import org.jspecify.annotations.NullMarked;
