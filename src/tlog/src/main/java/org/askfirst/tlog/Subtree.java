package org.askfirst.tlog;

/**
 * One complete subtree: the 2<sup>level</sup> leaves from {@link #start()} up to, and without, {@link #end()}.
 *
 * <p>Once all its leaves are in the tree, its hash never changes, however the tree grows. Therefore only the hashes of
 * complete subtrees are stored.
 *
 * @param level the height, 0 for a leaf, at most {@link #MAX_LEVEL}
 * @param index the number of subtrees of the same level to its left
 */
public record Subtree(int level, long index) {
    /** The height of the largest complete subtree in a tree of 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves. */
    public static final int MAX_LEVEL = 62;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if no tree has such a subtree
     */
    public Subtree {
        if (level < 0 || level > MAX_LEVEL || index < 0 || index >= Long.MAX_VALUE >>> level) {
            throw new IllegalArgumentException("no tree has a subtree of level " + level + " and index " + index);
        }
    }

    /** Returns the index of the first leaf under it. */
    public long start() {
        return index << level;
    }

    /** Returns the index after the last leaf under it, which is also the smallest size of a tree that contains it. */
    public long end() {
        return (index + 1) << level;
    }
}
