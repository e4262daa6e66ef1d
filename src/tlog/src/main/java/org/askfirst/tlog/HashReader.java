package org.askfirst.tlog;

import java.util.List;

/**
 * Reads the hashes of complete subtrees.
 *
 * <p>An implementation promises one hash for each asked subtree, in the same order, and always the same hash for the
 * same subtree. Callers ask only for subtrees that are complete in the tree of their size. The implementation need not
 * be trusted: a proof from wrong hashes does not verify against a true root.
 *
 * <p>A proof is built from a single call, so that a store can answer with one query or with parallel reads. If a hash
 * cannot be read, the implementation throws an unchecked exception of its own, which reaches the caller unchanged.
 */
@FunctionalInterface
public interface HashReader {
    /**
     * Returns the hashes of these subtrees.
     *
     * @param subtrees at most 256, a whole tile; a proof asks for fewer than 130
     */
    List<Hash> read(List<Subtree> subtrees);
}
