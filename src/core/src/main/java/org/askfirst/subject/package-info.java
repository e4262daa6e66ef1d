/**
 * Canonical subjects: every identifier and every URL, each with one spelling and one key.
 *
 * <p>Start reading at {@link org.askfirst.subject.Subject}. Its {@code parse} turns untrusted text into a value that
 * cannot be wrong, its {@code key} is the key in tables and the index, and its {@code expand} lists the subjects that
 * reach it, most specific first. {@link org.askfirst.subject.SubjectScheme} names the rules of each scheme. The rules,
 * and the code that URLs need, are in packages below {@code internal}, which no other package uses.
 *
 * <p>Two spellings of one work must never get two keys, because a creator's reservation would be lost between them. A
 * rule that could either merge two works or split one merges them. {@code docs/formats/subjects.md} is the
 * specification, for implementations in other languages.
 *
 * <p>Plain Java without I/O (the public suffix list is read once, from the class path), so an offline client and a bulk
 * job load this package as it is. Every type is immutable and safe for any number of threads.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.subject;
