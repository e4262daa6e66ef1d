/**
 * A party's own view of its account: its keys, trust, proofs of control, successor and notices.
 *
 * <p>Start reading at {@link org.askfirst.registry.account.PartyResource}.
 */
@NullMarked
package org.askfirst.registry.account;

import org.jspecify.annotations.NullMarked;
