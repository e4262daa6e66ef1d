package org.askfirst.tlog;

import java.util.List;

/**
 * Where the hashes of complete subtrees are read from.
 *
 * <p>Promises of an implementation: the answer has one hash for each asked subtree, in the same order; the same
 * subtree always has the same hash. It is only asked for subtrees that are complete in the tree size given to
 * whoever asks. It need not be trustworthy: a proof built from wrong hashes verifies against no true root.
 *
 * <p>A proof is built from a single call, so that a store can answer with one query or with parallel fetches. What
 * cannot be read is an unchecked exception of the implementation's own, and passes through unchanged.
 */
@FunctionalInterface
public interface HashReader {
    /**
     * The hashes of these subtrees.
     *
     * @param subtrees at most 256: a whole tile; a proof asks for fewer than 130
     */
    List<Hash> read(List<Subtree> subtrees);
}
