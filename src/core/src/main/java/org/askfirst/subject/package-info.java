/**
 * Canonical subjects: every identifier and every URL, each with one spelling and one key.
 *
 * <p>Start reading at {@link org.askfirst.subject.Subject}: {@code parse} turns untrusted text into a value that
 * cannot be wrong, {@code key} is what every table, index and filter is keyed by, and {@code expand} lists what an
 * asked subject reaches, most specific first. The rest is one class for each family of schemes, and the three that
 * URLs need: {@code UrlCanonicalizer}, {@code Hosts} and {@link org.askfirst.subject.PublicSuffixes}.
 *
 * <p>Two spellings of one work must never get two keys: a creator's "no" would be lost between them. Where a rule
 * could merge two works or part one, it merges. {@code docs/formats/subjects.md} is the specification, for
 * implementations in other languages.
 *
 * <p>Plain Java without I/O (the public suffix list is read once, from the class path): an offline client and a bulk
 * job load this package as it is. Every type is immutable and safe for any number of threads.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject;
