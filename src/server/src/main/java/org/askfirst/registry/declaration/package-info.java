/**
 * Takes a submission, checks it, makes it canonical, and has it appended.
 *
 * <p>Start reading at {@link org.askfirst.registry.declaration.Declarations}. What a party may change, and what stands already, is
 * decided further down, under the ledger's lock; here only what can be known from the submission itself.
 */
@NullMarked
package org.askfirst.registry.declaration;

import org.jspecify.annotations.NullMarked;
