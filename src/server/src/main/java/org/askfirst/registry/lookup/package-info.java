/**
 * Answers what crawlers ask, one work or many.
 *
 * <p>Start reading at {@link org.askfirst.registry.lookup.Lookup}. Statements come from an
 * {@link org.askfirst.index.IndexView} about now and from {@link org.askfirst.registry.lookup.DatabaseSource} about the past;
 * what they mean is {@link org.askfirst.verdict.Verdicts}.
 */
@NullMarked
package org.askfirst.registry.lookup;

import org.jspecify.annotations.NullMarked;
