/**
 * The catalogue of all failures.
 *
 * <p>Code that refuses a member throws {@code Problem.SLUG.at(pointer, Reason.WORD, "what the caller can do")}. Code
 * that refuses a whole request throws {@code Problem.SLUG.because("what the caller can do")}. HTTP appears here only as
 * the status of each problem, so offline clients load the catalogue too.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.problem;
