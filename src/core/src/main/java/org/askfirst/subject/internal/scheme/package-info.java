/**
 * The rules of each scheme: one class for each, behind {@link org.askfirst.subject.internal.scheme.SchemeRules}.
 *
 * <p>To add a scheme, write its rules here, and add a constant that names them to {@code SubjectScheme}. Parsing,
 * expansion, recognition and the columns of imported tables then use them. Only the rules of ISCC are elsewhere, beside
 * the public class {@code Iscc}. Nothing outside {@code org.askfirst.subject} sees these classes.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject.internal.scheme;
