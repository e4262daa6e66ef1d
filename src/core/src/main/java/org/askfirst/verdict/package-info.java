/**
 * The judgement: how the statements in force combine into a verdict for a use.
 *
 * <p>Start reading at {@link org.askfirst.verdict.Verdicts}. It is a pure function without I/O; an offline client
 * loads it as it is. A {@link org.askfirst.verdict.Statement} is one party's stance on one subject, together with
 * the evidence and the mandate that decide whether it applies.
 */
@NullMarked
package org.askfirst.verdict;

import org.jspecify.annotations.NullMarked;
