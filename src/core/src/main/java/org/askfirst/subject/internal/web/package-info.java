/**
 * Addresses on the web: canonical URLs and hosts, IP addresses, international names and the public suffix list.
 *
 * <p>The classes take text and return canonical text; they do not know subjects. Nothing outside {@code
 * org.askfirst.subject} sees them.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject.internal.web;
