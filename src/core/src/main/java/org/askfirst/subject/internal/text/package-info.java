/**
 * Text as people write it: spellings that are normalised, percent-escapes, and the reasons for refusing a text.
 *
 * <p>The rules of all schemes share this package; nothing outside {@code org.askfirst.subject} sees it.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject.internal.text;
