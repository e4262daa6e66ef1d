/**
 * Proof of control: which party controls which site, prefix or name, and how that was checked.
 *
 * <p>Start reading at {@link org.askfirst.registry.control.ControlChallenges}. A check is stored here.
 * It has legal effect only after the ledger has an entry for it.
 */
@NullMarked
package org.askfirst.registry.control;

import org.jspecify.annotations.NullMarked;
