package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A log of 70,000 entries, read only through its published tiles. */
class TiledLogTest {
    private static final int SIZE = 70_000;
    private static final MemoryLog LOG = MemoryLog.grownTo(SIZE);

    @Test
    void inclusionProofsBuiltFromTilesVerify() throws NotProvenException {
        TileHashReader reader = LOG.reader();
        // Tests every leaf at a boundary of a tile and a sample of the others. All of them also verify, in twelve
        // seconds.
        TreeSet<Integer> indexes = new TreeSet<>();
        for (int tile = 0; tile <= SIZE / Tile.FULL_WIDTH; tile++) {
            int first = tile * Tile.FULL_WIDTH;
            indexes.addAll(List.of(first, Math.min(first + 255, SIZE - 1), Math.min(first + tile % 256, SIZE - 1)));
        }
        for (int index = 0; index < SIZE; index += 7) {
            indexes.add(index);
        }
        for (int index : indexes) {
            InclusionProof.from(reader, index, SIZE).verify(LOG.leaf(index), LOG.root());
        }
    }

    @Test
    void proofsOfEveryOlderTreeAreBuiltFromTodaysTiles() throws NotProvenException {
        TileHashReader reader = LOG.reader();
        Random random = new Random(70_000);
        Map<Integer, Hash> roots = new HashMap<>(Map.of(SIZE, LOG.root()));
        Frontier frontier = Frontier.empty();
        TreeSet<Integer> sizes = new TreeSet<>(
                List.of(1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, SIZE - 1, SIZE));
        while (sizes.size() < 60) {
            sizes.add(1 + random.nextInt(SIZE));
        }
        for (int size : sizes) {
            frontier = frontier.append(LOG.leaves().subList((int) frontier.size(), size));
            roots.put(size, frontier.root());
            assertEquals(frontier.root(), MerkleTree.root(reader, size));
            assertEquals(frontier, Frontier.from(reader, size));
        }
        for (int newSize : sizes) {
            Hash newRoot = Objects.requireNonNull(roots.get(newSize));
            for (int oldSize : sizes.headSet(newSize, true)) {
                ConsistencyProof.from(reader, oldSize, newSize)
                        .verify(Objects.requireNonNull(roots.get(oldSize)), newRoot);
            }
            int index = random.nextInt(newSize);
            InclusionProof.from(reader, index, newSize).verify(LOG.leaf(index), newRoot);
        }
    }

    @Test
    void everyBundleHashesToItsTile() throws MalformedException {
        int seen = 0;
        for (EntryBundle bundle : EntryBundle.between(0, SIZE)) {
            List<byte[]> entries = bundle.entries(published(bundle.path()));
            Tile tile = Tile.in(SIZE, 0, bundle.index());
            assertEquals(
                    tile.hashes(published(tile.path())),
                    entries.stream().map(MerkleTree::leafHash).toList());
            for (byte[] entry : entries) {
                assertArrayEquals(LOG.entry(seen), entry);
                seen++;
            }
        }
        assertEquals(SIZE, seen);
    }

    /** A store that keeps only the widest tile of each place can serve every older tree. */
    @Test
    void aWiderTileServesForANarrowerOne() throws NotProvenException {
        MemoryLog log = MemoryLog.grownTo(1000);
        TileHashReader small = new TileHashReader(
                tiles -> tiles.stream()
                        .map(tile -> published(
                                Tile.in(SIZE, tile.level(), tile.index()).path()))
                        .toList(),
                log.size());
        for (int index = 0; index < log.size(); index++) {
            InclusionProof.from(small, index, log.size()).verify(log.leaf(index), log.root());
        }
    }

    @Test
    void aDamagedTileProvesNothing() {
        List<String> read = new ArrayList<>();
        TileHashReader damaged = new TileHashReader(
                tiles -> tiles.stream()
                        .map(tile -> {
                            read.add(tile.path());
                            byte[] bytes = published(tile.path()).clone();
                            if (tile.path().equals("tile/1/000")) {
                                bytes[100 * Hash.BYTES] ^= 1;
                            }
                            return bytes;
                        })
                        .toList(),
                SIZE);
        InclusionProof proof = InclusionProof.from(damaged, 5, SIZE);
        assertThrows(NotProvenException.class, () -> proof.verify(LOG.leaf(5), LOG.root()));
        assertEquals(List.of("tile/0/000", "tile/1/000", "tile/1/001.p/17", "tile/0/273.p/112"), read);
    }

    @Test
    void aReaderRefusesWhatItsTreeHasNot() {
        TileHashReader reader = LOG.reader();
        assertThrows(IllegalArgumentException.class, () -> reader.read(List.of(new Subtree(0, SIZE))));
        assertThrows(IllegalArgumentException.class, () -> reader.read(List.of(new Subtree(17, 0))));
        assertThrows(IllegalArgumentException.class, () -> new TileHashReader(tiles -> List.of(), -1));
        assertThrows(
                IllegalStateException.class,
                () -> new TileHashReader(tiles -> List.of(), SIZE).read(List.of(new Subtree(0, 0))));
        assertThrows(
                IllegalStateException.class,
                () -> new TileHashReader(tiles -> List.of(new byte[31]), SIZE).read(List.of(new Subtree(0, 0))));
        for (long[] bad : new long[][] {{-1, 0}, {63, 0}, {62, 1}, {0, -1}, {0, Long.MAX_VALUE}}) {
            assertThrows(IllegalArgumentException.class, () -> new Subtree((int) bad[0], bad[1]));
        }
    }

    private static byte[] published(String path) {
        return Objects.requireNonNull(LOG.resources().get(path), path);
    }
}
