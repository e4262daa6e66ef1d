/**
 * Every failure, in one catalogue.
 *
 * <p>Whoever refuses something throws {@code Problem.SLUG.because("what a caller can act on")}. The
 * catalogue knows nothing of HTTP beyond the status it is rendered with, so offline clients load it too.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.problem;
