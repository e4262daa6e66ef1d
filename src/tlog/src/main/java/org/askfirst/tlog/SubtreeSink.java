package org.askfirst.tlog;

/**
 * Receives every complete subtree when an append completes it. These are the hashes that a log has to store.
 *
 * <p>Each subtree is passed once, after the subtrees below it and after all subtrees that end before it.
 */
@FunctionalInterface
public interface SubtreeSink {
    /** Receives a complete subtree. Its hash never changes. */
    void completed(Subtree subtree, Hash hash);
}
