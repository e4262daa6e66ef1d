package org.askfirst.tlog;

/**
 * One complete subtree: the 2<sup>level</sup> leaves from {@link #start()} to before {@link #end()}.
 *
 * <p>Once all its leaves are in the tree its hash never changes, however the tree grows; that is why these hashes,
 * and only these, are stored.
 *
 * @param level its height, 0 for a leaf, at most {@link #MAX_LEVEL}
 * @param index how many subtrees of the same level stand to its left
 */
public record Subtree(int level, long index) {
    /** The height of the largest complete subtree that a tree of 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves has. */
    public static final int MAX_LEVEL = 62;

    /**
     * The parts, checked.
     *
     * @throws IllegalArgumentException if no tree has such a subtree
     */
    public Subtree {
        if (level < 0 || level > MAX_LEVEL || index < 0 || index >= Long.MAX_VALUE >>> level) {
            throw new IllegalArgumentException("no tree has a subtree of level " + level + " and index " + index);
        }
    }

    /** The first leaf under it. */
    public long start() {
        return index << level;
    }

    /** The leaf after the last under it; the size from which a tree contains it. */
    public long end() {
        return (index + 1) << level;
    }
}
