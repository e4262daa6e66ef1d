/**
 * Declarations and statements in force, now and at earlier positions, folded from the ledger.
 *
 * <p>Start reading at {@link org.askfirst.registry.statement.StatementProjection}. Declarations are stored by id and by
 * party, statements by the key of their subject. The transaction that appends the entries also writes these tables.
 * They can be dropped and computed again from the ledger.
 */
@NullMarked
package org.askfirst.registry.statement;

import org.jspecify.annotations.NullMarked;
