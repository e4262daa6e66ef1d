/**
 * What holds now, and what held at any position before: the ledger folded.
 *
 * <p>Declarations by id and by party, and statements by the key of their subject. All of it is written in the
 * transaction that appends, and none of it is truth: it can be dropped and folded again.
 */
@NullMarked
package org.askfirst.registry.statement;

import org.jspecify.annotations.NullMarked;
