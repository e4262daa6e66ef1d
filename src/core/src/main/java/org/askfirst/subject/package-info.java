/**
 * Canonical subjects: every identifier and every URL, each with one spelling and one key.
 *
 * <p>Start reading at {@link org.askfirst.subject.Subject}: {@code parse} turns untrusted text into a value that
 * cannot be wrong, {@code key} is what every table, index and filter is keyed by, and {@code expand} lists what an
 * asked subject reaches, most specific first. {@link org.askfirst.subject.SubjectScheme}
 * names the rules of each scheme. These, and what URLs need, are in packages below {@code internal}, which nobody
 * else uses.
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
