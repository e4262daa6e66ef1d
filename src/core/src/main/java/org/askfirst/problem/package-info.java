/**
 * Every failure, in one catalogue.
 *
 * <p>Whoever refuses a member throws {@code Problem.SLUG.at(pointer, Reason.WORD, "what a caller can act on")};
 * whoever refuses a whole request throws {@code Problem.SLUG.because("what a caller can act on")}. The catalogue
 * knows nothing of HTTP beyond the status it is rendered with, so offline clients load it too.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.problem;
