/**
 * Text as people write it: spellings undone, percent-escapes, and the reasons for which a text is no subject.
 *
 * <p>Shared by the rules of all schemes; nothing outside {@code org.askfirst.subject} sees it.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject.internal.text;
