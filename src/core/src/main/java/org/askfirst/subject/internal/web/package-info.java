/**
 * Addresses on the web: URLs and hosts made canonical, IP addresses, international names and the public suffix list.
 *
 * <p>Text in, canonical text out; these classes know nothing of subjects. Nothing outside {@code org.askfirst.subject}
 * sees them.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject.internal.web;
