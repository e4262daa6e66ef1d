/**
 * Answers lookups of one work or of many.
 *
 * <p>Start reading at {@link org.askfirst.registry.lookup.Lookup}. Statements come from an
 * {@link org.askfirst.index.IndexView} for the present, and from {@link org.askfirst.registry.lookup.DatabaseSource}
 * for the past. {@link org.askfirst.verdict.Verdicts} decides what they mean.
 */
@NullMarked
package org.askfirst.registry.lookup;

import org.jspecify.annotations.NullMarked;
