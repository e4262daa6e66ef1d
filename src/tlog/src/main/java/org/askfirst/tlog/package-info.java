/**
 * The mathematics and the text formats of a transparency log, without a log: values in, values out, no I/O.
 *
 * <p>The tree is that of RFC 6962, section 2.1, over SHA-256. The formats are those of C2SP: tlog-tiles,
 * signed-note, tlog-checkpoint and tlog-proof. Start reading at {@link org.askfirst.tlog.MerkleTree}
 * for the hashing, {@link org.askfirst.tlog.Frontier} for appending, {@link org.askfirst.tlog.Tile} for
 * what is stored and served, and {@link org.askfirst.tlog.TlogProof} for what a stranger is given.
 *
 * <p>Words: a <em>leaf</em> is an entry's hash, numbered from 0; a tree's <em>size</em> is its number of leaves;
 * a <em>subtree</em> is always a complete one, of 2<sup>level</sup> leaves. Indexes and sizes are {@code long}s
 * from 0 to 2<sup>63</sup>&nbsp;&minus;&nbsp;1: the half of RFC 6962's range that nobody will need is refused.
 *
 * <p>Failures are of three kinds. Text and bytes from outside that are not what they should be are refused with
 * the checked {@link org.askfirst.tlog.MalformedException}; every {@code parse} here is total: any input gives
 * a value or that refusal. A well-formed proof or signature that does not show what it claims is refused with the
 * checked {@link org.askfirst.tlog.NotProvenException}. {@link java.lang.IllegalArgumentException} means a bug
 * in the caller. The catalogue of problems is a neighbour on this floor and so is not used here; the package that
 * faces a caller translates.
 *
 * <p>Everything here is immutable or static and may be used by any thread, except where a type says otherwise.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.tlog;
