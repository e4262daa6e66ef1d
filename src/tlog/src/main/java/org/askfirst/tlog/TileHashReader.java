package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the hashes of subtrees from tiles, and computes the rows that tiles leave out.
 *
 * <p>The tiles are not checked against a root. A wrong tile shows when a proof from it is verified.
 */
public final class TileHashReader implements HashReader {
    private final TileReader tiles;
    private final long size;

    /**
     * Reads from the tiles of a tree of {@code size} leaves.
     *
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public TileHashReader(TileReader tiles, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("no tree has " + size + " leaves");
        }
        this.tiles = tiles;
        this.size = size;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a subtree is not complete in a tree of the given size
     * @throws IllegalStateException if the tile reader breaks its promise
     */
    @Override
    public List<Hash> read(List<Subtree> subtrees) {
        Set<Tile> needed = new LinkedHashSet<>();
        for (Subtree subtree : subtrees) {
            if (subtree.end() > size) {
                throw new IllegalArgumentException(subtree + " is not complete in a tree of " + size + " leaves");
            }
            needed.add(tileOf(subtree));
        }
        Map<Tile, List<Hash>> loaded = load(List.copyOf(needed));
        List<Hash> hashes = new ArrayList<>(subtrees.size());
        for (Subtree subtree : subtrees) {
            int first = (int) (firstInRow(subtree) % Tile.FULL_WIDTH);
            List<Hash> tile = loaded.getOrDefault(tileOf(subtree), List.of());
            hashes.add(root(tile.subList(first, first + (1 << heightInTile(subtree)))));
        }
        return hashes;
    }

    private Map<Tile, List<Hash>> load(List<Tile> needed) {
        List<byte[]> read = needed.isEmpty() ? List.of() : tiles.read(needed);
        if (read.size() != needed.size()) {
            throw new IllegalStateException(
                    "the reader was asked for " + needed.size() + " tiles and returned " + read.size());
        }
        Map<Tile, List<Hash>> loaded = new HashMap<>();
        for (int i = 0; i < read.size(); i++) {
            Tile tile = needed.get(i);
            try {
                loaded.put(tile, tile.hashes(read.get(i)));
            } catch (MalformedException wrongLength) {
                throw new IllegalStateException("the reader broke its promise: " + wrongLength.getMessage());
            }
        }
        return loaded;
    }

    /** Returns the tile that has the hash of the subtree, or all hashes from which it is computed. */
    private Tile tileOf(Subtree subtree) {
        // A subtree of 2^h hashes of a row, h < 8, starts at a multiple of 2^h and so never spans two tiles.
        return Tile.in(size, subtree.level() / Tile.HEIGHT, firstInRow(subtree) / Tile.FULL_WIDTH);
    }

    private static int heightInTile(Subtree subtree) {
        return subtree.level() % Tile.HEIGHT;
    }

    /** Returns the place of the subtree's leftmost hash in the row of its tile. */
    private static long firstInRow(Subtree subtree) {
        return subtree.index() << heightInTile(subtree);
    }

    /** Returns the root over neighbouring hashes, whose number is a power of two. */
    private static Hash root(List<Hash> row) {
        List<Hash> hashes = row;
        while (hashes.size() > 1) {
            List<Hash> above = new ArrayList<>(hashes.size() / 2);
            for (int i = 0; i < hashes.size(); i += 2) {
                above.add(MerkleTree.nodeHash(hashes.get(i), hashes.get(i + 1)));
            }
            hashes = above;
        }
        return hashes.get(0);
    }
}
