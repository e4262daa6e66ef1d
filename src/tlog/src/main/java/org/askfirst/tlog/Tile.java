package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of a tile: up to 256 neighbouring hashes of one row of the tree, stored and served as one resource
 * (C2SP tlog-tiles, "Merkle Tree").
 *
 * <p>Only every eighth row is kept; the rows between are hashed again from the one below. A tile that is full never
 * changes. A partial one stands at the right edge of a tree and is a prefix of its wider successors, so whoever
 * keeps the widest can serve all of them.
 *
 * @param level of the tile: its hashes are of subtrees of level 8 × {@code level}; from 0 to {@link #MAX_LEVEL}
 * @param index how many tiles of the level stand to its left
 * @param width how many hashes it has, from 1 to {@link #FULL_WIDTH}
 */
public record Tile(int level, long index, int width) {
    /** How many rows of the tree one row of tiles stands for. */
    public static final int HEIGHT = 8;

    /** How many hashes a full tile has: 2<sup>{@link #HEIGHT}</sup>. */
    public static final int FULL_WIDTH = 1 << HEIGHT;

    /** The level of the topmost tile of a tree of 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves. */
    public static final int MAX_LEVEL = Subtree.MAX_LEVEL / HEIGHT;

    private static final String ROOM = "tile/";

    /**
     * The parts, checked.
     *
     * @throws IllegalArgumentException if no tree has such a tile
     */
    public Tile {
        if (!exists(level, index, width)) {
            throw new IllegalArgumentException(
                    "no tree has a tile of level " + level + ", index " + index + " and width " + width);
        }
    }

    private static boolean exists(int level, long index, int width) {
        if (level < 0 || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL_WIDTH) {
            return false;
        }
        long longestRow = rowLength(level, Long.MAX_VALUE);
        return index <= longestRow / FULL_WIDTH && width <= longestRow - index * FULL_WIDTH;
    }

    /** How many hashes the row of a level has in a tree of {@code size} leaves. */
    private static long rowLength(int level, long size) {
        return size >>> (level * HEIGHT);
    }

    /**
     * Reads a path below a log's prefix, such as {@code tile/0/x001/x234/067} or {@code tile/1/003.p/17}.
     *
     * @throws MalformedException if it is not the one spelling of a tile's address, or no tree that this library
     *     knows has such a tile: levels 8 to 63, which the format has room for, take more than 2<sup>63</sup> leaves
     */
    public static Tile parse(String path) throws MalformedException {
        int slash = path.indexOf('/', ROOM.length());
        if (!path.startsWith(ROOM) || slash < 0) {
            throw new MalformedException("a tile's path must look like tile/0/x001/x234/067 or tile/1/003.p/17");
        }
        long level = StrictText.decimal(path.substring(ROOM.length(), slash), "level of a tile");
        TilePosition position = TilePosition.parse(path.substring(slash + 1), "tile");
        if (level > MAX_LEVEL || !exists((int) level, position.index(), position.width())) {
            throw new MalformedException("no tree is so large that it has this tile");
        }
        return new Tile((int) level, position.index(), position.width());
    }

    /** The path below the log's prefix, as {@link #parse} reads it. */
    public String path() {
        return ROOM + level + "/" + new TilePosition(index, width).path();
    }

    /** Says if it has fewer hashes than it can come to have. */
    public boolean isPartial() {
        return width < FULL_WIDTH;
    }

    /** Every tile of a tree, by level and index: what a log of this size serves. */
    public static List<Tile> of(long size) {
        return between(0, size);
    }

    /**
     * Every tile that a tree of {@code newSize} leaves has and one of {@code oldSize} has not, by level and index:
     * what an append adds. A tile that became wider is another tile. There is one for each 255 further leaves and up
     * to two a level, so a reader that trusts no size walks in steps.
     *
     * @throws IllegalArgumentException unless 0 ≤ oldSize ≤ newSize
     */
    public static List<Tile> between(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("no growth from size " + oldSize + " to size " + newSize);
        }
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; level <= MAX_LEVEL; level++) {
            long oldLength = rowLength(level, oldSize);
            long newLength = rowLength(level, newSize);
            if (oldLength == newLength) {
                // The rows above are shorter still, and did not grow either.
                break;
            }
            for (long index = oldLength / FULL_WIDTH; index * FULL_WIDTH < newLength; index++) {
                tiles.add(widest(level, index, newLength));
            }
        }
        return tiles;
    }

    /**
     * The widest tile of this level and index in a tree of {@code size} leaves.
     *
     * @throws IllegalArgumentException if the tree has none there
     */
    public static Tile in(long size, int level, long index) {
        boolean thinkable = size > 0 && level >= 0 && level <= MAX_LEVEL && index >= 0;
        // The last index is found by division, because index * FULL_WIDTH could overflow.
        if (!thinkable || rowLength(level, size) == 0 || index > (rowLength(level, size) - 1) / FULL_WIDTH) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " leaves has no tile of level " + level + " and index " + index);
        }
        return widest(level, index, rowLength(level, size));
    }

    private static Tile widest(int level, long index, long rowLength) {
        return new Tile(level, index, (int) Math.min(FULL_WIDTH, rowLength - index * FULL_WIDTH));
    }

    /** The subtrees whose hashes it has, from left to right. */
    public List<Subtree> subtrees() {
        List<Subtree> subtrees = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            subtrees.add(new Subtree(level * HEIGHT, index * FULL_WIDTH + i));
        }
        return subtrees;
    }

    /** Its bytes, from one read of all its hashes. */
    public byte[] bytes(HashReader reader) {
        return bytes(reader.read(subtrees()));
    }

    /**
     * The bytes of a tile of these hashes: one after the other, 32 bytes each.
     *
     * @throws IllegalArgumentException unless there are as many hashes as the tile is wide
     */
    public byte[] bytes(List<Hash> hashes) {
        if (hashes.size() != width) {
            throw new IllegalArgumentException(path() + " has " + width + " hashes, not " + hashes.size());
        }
        ByteBuffer buffer = ByteBuffer.allocate(width * Hash.BYTES);
        hashes.forEach(hash -> hash.put(buffer));
        return buffer.array();
    }

    /**
     * The hashes in the bytes of this tile or of a wider one of the same level and index; what is wider is left out.
     *
     * @throws MalformedException if these are not whole hashes, as many as the tile is wide or more, and not more
     *     than a tile can have; whether they are the right hashes only a proof against a root can tell
     */
    public List<Hash> hashes(byte[] bytes) throws MalformedException {
        if (bytes.length % Hash.BYTES != 0
                || bytes.length < width * Hash.BYTES
                || bytes.length > FULL_WIDTH * Hash.BYTES) {
            throw new MalformedException(path() + " cannot have " + bytes.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<Hash> hashes = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            hashes.add(Hash.next(buffer));
        }
        return hashes;
    }
}
