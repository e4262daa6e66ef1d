package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of a tile: up to 256 neighbouring hashes of one row of the tree, stored and served as one resource (C2SP
 * tlog-tiles, "Merkle Tree").
 *
 * <p>Only every eighth row is stored; the rows between are computed from the row below. A full tile never changes. A
 * partial one is at the right edge of a tree and is a prefix of its wider successors, so a server that keeps the widest
 * one can serve all of them.
 *
 * @param level the level of the tile, from 0 to {@link #MAX_LEVEL}; its hashes are of subtrees of level 8 × {@code
 *     level}
 * @param index the number of tiles of the level to its left
 * @param width the number of hashes, from 1 to {@link #FULL_WIDTH}
 */
public record Tile(int level, long index, int width) {
    /** The number of rows of the tree for each row of tiles. */
    public static final int HEIGHT = 8;

    /** The number of hashes of a full tile: 2<sup>{@link #HEIGHT}</sup>. */
    public static final int FULL_WIDTH = 1 << HEIGHT;

    /** The level of the topmost tile in a tree of 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves. */
    public static final int MAX_LEVEL = Subtree.MAX_LEVEL / HEIGHT;

    private static final String PREFIX = "tile/";

    /**
     * Checks the parts.
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

    /** Returns the number of hashes in the row of a level in a tree of {@code size} leaves. */
    private static long rowLength(int level, long size) {
        return size >>> (level * HEIGHT);
    }

    /**
     * Reads a path below a log's prefix, such as {@code tile/0/x001/x234/067} or {@code tile/1/003.p/17}.
     *
     * @throws MalformedException if the path is not the only valid spelling of a tile's address, or if no supported
     *     tree has such a tile: levels 8 to 63 are valid in the format and need more than 2<sup>63</sup> leaves
     */
    public static Tile parse(String path) throws MalformedException {
        int slash = path.indexOf('/', PREFIX.length());
        if (!path.startsWith(PREFIX) || slash < 0) {
            throw new MalformedException("a tile's path must look like tile/0/x001/x234/067 or tile/1/003.p/17");
        }
        long level = StrictText.decimal(path.substring(PREFIX.length(), slash), "level of a tile");
        TilePosition position = TilePosition.parse(path.substring(slash + 1), "tile");
        if (level > MAX_LEVEL || !exists((int) level, position.index(), position.width())) {
            throw new MalformedException("no tree is large enough to have this tile");
        }
        return new Tile((int) level, position.index(), position.width());
    }

    /** Returns the path below the log's prefix, which {@link #parse} reads. */
    public String path() {
        return PREFIX + level + "/" + new TilePosition(index, width).path();
    }

    /** Returns true if the tile is not full. */
    public boolean isPartial() {
        return width < FULL_WIDTH;
    }

    /** Returns every tile that a log of this size serves, by level and index. */
    public static List<Tile> of(long size) {
        return between(0, size);
    }

    /**
     * Returns, by level and index, every tile that a tree of {@code newSize} leaves has and a tree of {@code oldSize}
     * leaves does not have: the tiles that an append adds. A tile that became wider is another tile. There is one tile
     * for each 255 further leaves and up to two for each level, so a reader that does not trust the sizes should
     * proceed in steps.
     *
     * @throws IllegalArgumentException unless 0 ≤ oldSize ≤ newSize
     */
    public static List<Tile> between(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("a tree cannot grow from size " + oldSize + " to size " + newSize);
        }
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; level <= MAX_LEVEL; level++) {
            long oldLength = rowLength(level, oldSize);
            long newLength = rowLength(level, newSize);
            if (oldLength == newLength) {
                // The rows above are shorter and did not grow either.
                break;
            }
            for (long index = oldLength / FULL_WIDTH; index * FULL_WIDTH < newLength; index++) {
                tiles.add(widest(level, index, newLength));
            }
        }
        return tiles;
    }

    /**
     * Returns the widest tile of this level and index in a tree of {@code size} leaves.
     *
     * @throws IllegalArgumentException if the tree has none there
     */
    public static Tile in(long size, int level, long index) {
        boolean isInRange = size > 0 && level >= 0 && level <= MAX_LEVEL && index >= 0;
        // Divides to find the last index, because index * FULL_WIDTH could overflow.
        if (!isInRange || rowLength(level, size) == 0 || index > (rowLength(level, size) - 1) / FULL_WIDTH) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " leaves has no tile of level " + level + " and index " + index);
        }
        return widest(level, index, rowLength(level, size));
    }

    private static Tile widest(int level, long index, long rowLength) {
        return new Tile(level, index, (int) Math.min(FULL_WIDTH, rowLength - index * FULL_WIDTH));
    }

    /** Returns the subtrees whose hashes the tile has, from left to right. */
    public List<Subtree> subtrees() {
        List<Subtree> subtrees = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            subtrees.add(new Subtree(level * HEIGHT, index * FULL_WIDTH + i));
        }
        return subtrees;
    }

    /** Returns the bytes of the tile, from one read of all its hashes. */
    public byte[] bytes(HashReader reader) {
        return bytes(reader.read(subtrees()));
    }

    /**
     * Returns the bytes of a tile: its hashes one after the other, 32 bytes each.
     *
     * @throws IllegalArgumentException if the number of hashes is not the width
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
     * Returns the hashes from the bytes of this tile or of a wider one with the same level and index. Hashes beyond the
     * width are left out. The hashes are not checked; only a proof against a root shows whether they are the right
     * ones.
     *
     * @throws MalformedException if the bytes are not complete hashes, or if there are fewer hashes than the width or
     *     more than a tile can have
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
