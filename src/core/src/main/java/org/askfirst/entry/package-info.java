/**
 * The entries of the ledger: what each act records, and its canonical bytes.
 *
 * <p>Start reading at {@link org.askfirst.entry.Entry}. This package is plain Java without I/O, so an offline client
 * loads it as it is.
 */
@NullMarked
package org.askfirst.entry;

import org.jspecify.annotations.NullMarked;
