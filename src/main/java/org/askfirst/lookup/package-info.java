/**
 * Answers what crawlers ask, one work or many.
 *
 * <p>Start reading at {@link org.askfirst.lookup.Lookup}. Where statements come from is behind
 * {@link org.askfirst.lookup.StatementSource}; what they mean is {@link org.askfirst.declaration.Verdicts}.
 */
@NullMarked
package org.askfirst.lookup;

import org.jspecify.annotations.NullMarked;
