/**
 * What a party says about works, its canonical bytes, and how statements combine into a verdict.
 *
 * <p>Start reading at {@link org.askfirst.verdict.Verdicts}: it is the whole of the registry's judgement,
 * a pure function. {@link org.askfirst.entry.Entry} is what the ledger records of each act. Plain Java
 * without I/O: an offline client loads this package as it is.
 */
@NullMarked
package org.askfirst.entry;

import org.jspecify.annotations.NullMarked;
