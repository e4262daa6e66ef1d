/**
 * Rejections, disputes, and decisions of the operator about statements.
 *
 * <p>Start reading at {@link org.askfirst.registry.dispute.Rejections} and {@link
 * org.askfirst.registry.dispute.Filings}. {@link
 * org.askfirst.registry.dispute.DisputeProjection} folds the entries into tables, and {@link
 * org.askfirst.registry.dispute.ContestStore} reads them for lookups and for the index. {@link
 * org.askfirst.verdict.Contests} decides the effect of a contest on a verdict.
 */
@NullMarked
package org.askfirst.registry.dispute;

import org.jspecify.annotations.NullMarked;
