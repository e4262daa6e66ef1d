/**
 * Answers what crawlers ask, one work or many.
 *
 * <p>Start reading at {@link org.askfirst.lookup.Lookup}. Statements come from an
 * {@link org.askfirst.index.IndexView} about now and from {@link org.askfirst.lookup.DatabaseSource} about the past;
 * what they mean is {@link org.askfirst.declaration.Verdicts}.
 */
@NullMarked
package org.askfirst.lookup;

import org.jspecify.annotations.NullMarked;
