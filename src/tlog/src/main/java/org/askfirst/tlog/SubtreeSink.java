package org.askfirst.tlog;

/**
 * Is told of every complete subtree as an append completes it: what a log has to store.
 *
 * <p>Each subtree is told once, after the subtrees below it and after all that end before it.
 */
@FunctionalInterface
public interface SubtreeSink {
    /** This subtree is complete and has this hash for ever. */
    void completed(Subtree subtree, Hash hash);
}
