/**
 * Usage reports and statements: the licensee of a grant reports what it used, and both sides see what is due.
 *
 * <p>Start reading at {@link org.askfirst.registry.report.Reports}, which receives the lines of a report and files it.
 * {@link org.askfirst.registry.report.LineJudge} gives each line its verdict, and {@link
 * org.askfirst.registry.report.Sealing} computes the statement of a million lines with constant memory. Only the two
 * sides of the grant see anything; entries of the ledger name neither. ADR 48 has the reasons.
 */
@NullMarked
package org.askfirst.registry.report;

import org.jspecify.annotations.NullMarked;
