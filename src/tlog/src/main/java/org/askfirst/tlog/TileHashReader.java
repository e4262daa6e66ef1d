package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the hashes of subtrees out of tiles, hashing again the rows that tiles leave out.
 *
 * <p>The tiles are not checked against a root: whatever is built from them proves itself, or does not, when it is
 * verified.
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
     * @throws IllegalArgumentException if a subtree is not complete in a tree of the size given
     * @throws IllegalStateException if the tile reader breaks its promise
     */
    @Override
    public List<Hash> read(List<Subtree> subtrees) {
        Set<Tile> wanted = new LinkedHashSet<>();
        for (Subtree subtree : subtrees) {
            if (subtree.end() > size) {
                throw new IllegalArgumentException(subtree + " is not complete in a tree of " + size + " leaves");
            }
            wanted.add(tileOf(subtree));
        }
        Map<Tile, List<Hash>> loaded = load(List.copyOf(wanted));
        List<Hash> hashes = new ArrayList<>(subtrees.size());
        for (Subtree subtree : subtrees) {
            int first = (int) (firstInRow(subtree) % Tile.FULL_WIDTH);
            List<Hash> tile = loaded.getOrDefault(tileOf(subtree), List.of());
            hashes.add(root(tile.subList(first, first + (1 << heightInTile(subtree)))));
        }
        return hashes;
    }

    private Map<Tile, List<Hash>> load(List<Tile> wanted) {
        List<byte[]> read = wanted.isEmpty() ? List.of() : tiles.read(wanted);
        if (read.size() != wanted.size()) {
            throw new IllegalStateException(
                    "the reader was asked for " + wanted.size() + " tiles and gave " + read.size());
        }
        Map<Tile, List<Hash>> loaded = new HashMap<>();
        for (int i = 0; i < read.size(); i++) {
            Tile tile = wanted.get(i);
            try {
                loaded.put(tile, tile.hashes(read.get(i)));
            } catch (MalformedException wrongLength) {
                throw new IllegalStateException("the reader broke its promise: " + wrongLength.getMessage());
            }
        }
        return loaded;
    }

    /** The tile whose hashes are those of the subtree or of the parts it is hashed from; they are all in one. */
    private Tile tileOf(Subtree subtree) {
        // A subtree of 2^h hashes of a row, h < 8, starts at a multiple of 2^h and so never spans two tiles.
        return Tile.in(size, subtree.level() / Tile.HEIGHT, firstInRow(subtree) / Tile.FULL_WIDTH);
    }

    private static int heightInTile(Subtree subtree) {
        return subtree.level() % Tile.HEIGHT;
    }

    /** The place of the subtree's leftmost hash in the row of its tile. */
    private static long firstInRow(Subtree subtree) {
        return subtree.index() << heightInTile(subtree);
    }

    /** The root over a power of two of neighbouring hashes. */
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
