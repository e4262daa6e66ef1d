/**
 * Takes a declaration, checks it, makes it canonical, and proposes it to the ledger.
 *
 * <p>Start reading at {@link org.askfirst.registry.declaration.Declarations}. This package checks only the submission
 * itself. Rules that depend on the state of the ledger are decided under its lock: what a party may change, and which
 * declarations exist.
 */
@NullMarked
package org.askfirst.registry.declaration;

import org.jspecify.annotations.NullMarked;
