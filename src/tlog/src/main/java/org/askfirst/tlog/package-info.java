/**
 * The mathematics and the text formats of a transparency log, as values: no log, no I/O.
 *
 * <p>The tree is that of RFC 6962, section 2.1, over SHA-256. The formats are those of C2SP: tlog-tiles, signed-note,
 * tlog-checkpoint, tlog-proof, tlog-cosignature and tlog-witness. Start reading at {@link org.askfirst.tlog.MerkleTree} for hashing, {@link
 * org.askfirst.tlog.Frontier} for appending, {@link org.askfirst.tlog.Tile} for storing and serving, and {@link
 * org.askfirst.tlog.TlogProof} for the proofs that outsiders receive.
 *
 * <p>Terms: a <em>leaf</em> is an entry's hash, numbered from 0. A tree's <em>size</em> is its number of leaves. A
 * <em>subtree</em> is always complete and has 2<sup>level</sup> leaves. Indexes and sizes are {@code long}s from 0 to
 * 2<sup>63</sup>&nbsp;&minus;&nbsp;1; the upper half of RFC 6962's range is refused.
 *
 * <p>There are three kinds of failure. If text or bytes from outside are malformed, {@code parse} throws the checked
 * {@link org.askfirst.tlog.MalformedException}; every {@code parse} is total, so any input gives a value or that
 * exception. If a well-formed proof or signature does not prove its claim, {@code verify} throws the checked {@link
 * org.askfirst.tlog.NotProvenException}. An {@link java.lang.IllegalArgumentException} is a bug in the caller. This
 * module does not depend on the catalogue of problems; the package that serves callers translates these exceptions.
 *
 * <p>Everything here is immutable or static and may be used by any thread, except where a type states otherwise.
 */
@org.jspecify.annotations.NullMarked
package org.askfirst.tlog;
