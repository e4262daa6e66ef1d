package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TileTest {
    private static final List<String> NO_PATHS = List.of(
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile//000",
            "/tile/0/000",
            "tile/0/000/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/1000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/x000/001",
            "tile/0/x001/x000",
            "tile/0/X001/000",
            "tile/0/x01/000",
            "tile/0/x001//000",
            "tile/0/-01",
            "tile/0/+01",
            "tile/0/٠٠١",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/-1",
            "tile/0/000.p/1/",
            "tile/0/000.p/1.p/1",
            "tile/0/000.P/1",
            "tile/00/000",
            "tile/-1/000",
            "tile/8/000",
            "tile/63/000",
            "tile/64/000",
            "tile/99999999999999999999/000",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/0/x036/x028/x797/x018/x963/968",
            "tile/7/001",
            "tile/7/000.p/128",
            "tile/entries/000",
            "tile/0/000?x",
            "tile/0/..",
            "tile/0/000\n",
            "entries/000");

    @Test
    void thePathsOfTheSpecification() throws MalformedException {
        Map<String, Tile> paths = Map.of(
                "tile/0/x001/x234/067", new Tile(0, 1_234_067, 256),
                "tile/0/000", new Tile(0, 0, 256),
                "tile/0/x273/x112/000.p/112", new Tile(0, 273_112_000, 112),
                "tile/1/001.p/17", new Tile(1, 1, 17),
                "tile/2/000.p/1", new Tile(2, 0, 1),
                "tile/3/999.p/255", new Tile(3, 999, 255),
                "tile/4/x001/000", new Tile(4, 1000, 256),
                "tile/0/x036/x028/x797/x018/x963/967.p/255", new Tile(0, (1L << 55) - 1, 255),
                "tile/7/000.p/127", new Tile(7, 0, 127));
        for (Map.Entry<String, Tile> path : paths.entrySet()) {
            assertEquals(path.getValue(), Tile.parse(path.getKey()));
            assertEquals(path.getKey(), path.getValue().path());
        }
        assertTrue(Tile.parse("tile/1/001.p/17").isPartial());
        assertFalse(Tile.parse("tile/1/001").isPartial());
        EntryBundle bundle = EntryBundle.parse("tile/entries/x001/x234/067.p/9");
        assertEquals(new EntryBundle(1_234_067, 9), bundle);
        assertEquals("tile/entries/x001/x234/067.p/9", bundle.path());
        assertEquals(1_234_067L * 256 + 9, bundle.end());
    }

    @Test
    void everyOtherSpellingIsRefused() {
        for (String path : NO_PATHS) {
            assertThrows(MalformedException.class, () -> Tile.parse(path), path);
            if (path.startsWith("tile/0")) {
                String entries = path.replace("tile/0", "tile/entries");
                assertThrows(MalformedException.class, () -> EntryBundle.parse(entries), entries);
            }
        }
        assertThrows(MalformedException.class, () -> EntryBundle.parse("tile/0/000"));
        assertThrows(MalformedException.class, () -> EntryBundle.parse("tile/entries/tile/entries/000"));
    }

    @Test
    void noTileIsMadeThatNoTreeHas() {
        long[][] bad = {
            {-1, 0, 1}, {8, 0, 1}, {0, -1, 1}, {0, 0, 0}, {0, 0, 257}, {7, 0, 128}, {7, 1, 1}, {0, 1L << 55, 1}
        };
        for (long[] parts : bad) {
            assertThrows(IllegalArgumentException.class, () -> new Tile((int) parts[0], parts[1], (int) parts[2]));
        }
        for (long[] parts : new long[][] {
            {0, 0, 0},
            {-5, 0, 0},
            {256, 0, 1},
            {256, 2, 0},
            {255, 1, 0},
            {9, -1, 0},
            {9, 0, 8},
            {9, 0, -1},
            {5, 0, (1L << 56) + 1},
            {Long.MAX_VALUE, 0, Long.MAX_VALUE}
        }) {
            assertThrows(IllegalArgumentException.class, () -> Tile.in(parts[0], (int) parts[1], parts[2]));
        }
        assertEquals(new Tile(0, 1, 3), Tile.in(259, 0, 1));
        assertEquals(new Tile(7, 0, 127), Tile.in(Long.MAX_VALUE, 7, 0));
    }

    /** The example of the specification. */
    @Test
    void theTilesOfSeventyThousandLeaves() {
        List<Tile> tiles = Tile.of(70_000);
        assertEquals(
                273,
                tiles.stream().filter(t -> t.level() == 0 && !t.isPartial()).count());
        List<String> others = tiles.stream()
                .filter(tile -> tile.level() > 0 || tile.isPartial())
                .map(Tile::path)
                .toList();
        assertEquals(List.of("tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"), others);
        assertEquals(List.of("tile/0/000", "tile/1/000.p/1"), paths(Tile.of(256)));
        assertEquals(List.of(), Tile.of(0));
    }

    @Test
    void growthIsWhatTheOneTreeHasAndTheOtherHasNot() {
        int[] sizes = {
            0, 1, 2, 100, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536, 65_537, 65_792, 131_072
        };
        for (int oldSize : sizes) {
            for (int newSize : sizes) {
                if (oldSize > newSize) {
                    assertThrows(IllegalArgumentException.class, () -> Tile.between(oldSize, newSize));
                    continue;
                }
                Set<Tile> expected = tilesByDefinition(newSize);
                assertEquals(expected, new HashSet<>(Tile.of(newSize)), "of " + newSize);
                expected.removeAll(tilesByDefinition(oldSize));
                List<Tile> found = Tile.between(oldSize, newSize);
                assertEquals(expected, new HashSet<>(found), oldSize + " to " + newSize);
                assertEquals(expected.size(), found.size(), "a tile twice");
                Set<String> entries = expected.stream()
                        .filter(tile -> tile.level() == 0)
                        .map(tile -> tile.path().replace("tile/0/", "tile/entries/"))
                        .collect(Collectors.toSet());
                assertEquals(
                        entries,
                        EntryBundle.between(oldSize, newSize).stream()
                                .map(EntryBundle::path)
                                .collect(Collectors.toSet()));
            }
        }
    }

    /** "The partial tile at level l for a tree of size s has floor(s / 256**l) mod 256 entries." */
    private static Set<Tile> tilesByDefinition(long size) {
        Set<Tile> tiles = new HashSet<>();
        int level = 0;
        for (long row = size; row > 0; row /= 256) {
            for (long index = 0; index < row / 256; index++) {
                tiles.add(new Tile(level, index, 256));
            }
            if (row % 256 > 0) {
                tiles.add(new Tile(level, row / 256, (int) (row % 256)));
            }
            level++;
        }
        return tiles;
    }

    private static List<String> paths(List<Tile> tiles) {
        return tiles.stream().map(Tile::path).toList();
    }

    @Test
    void aNarrowTileIsReadFromAWiderOne() throws MalformedException {
        List<Hash> hashes = RecursiveTree.leaves(256);
        byte[] full = new Tile(0, 3, 256).bytes(hashes);
        assertEquals(8192, full.length);
        assertEquals(hashes, new Tile(0, 3, 256).hashes(full));
        assertEquals(hashes.subList(0, 7), new Tile(0, 3, 7).hashes(full));
        byte[] narrow = new Tile(0, 3, 7).bytes(hashes.subList(0, 7));
        assertArrayEquals(Arrays.copyOf(full, 7 * 32), narrow);
        for (int length : new int[] {0, 1, 31, 33, 192, 223, 225, 8191, 8193, 8224}) {
            assertThrows(MalformedException.class, () -> new Tile(0, 3, 7).hashes(new byte[length]));
        }
        assertThrows(IllegalArgumentException.class, () -> new Tile(0, 3, 7).bytes(hashes));
    }

    @Test
    void aBundleGivesBackItsEntries() throws MalformedException {
        List<byte[]> entries = List.of(
                "first".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                new byte[EntryBundle.MAX_ENTRY_BYTES],
                new byte[] {1});
        EntryBundle bundle = new EntryBundle(5, 4);
        byte[] bytes = bundle.bytes(entries);
        assertArrayEquals(new byte[] {0, 5, 'f', 'i', 'r', 's', 't', 0, 0, -1, -1}, Arrays.copyOf(bytes, 11));
        List<byte[]> read = bundle.entries(bytes);
        assertEquals(4, read.size());
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(entries.get(i), read.get(i));
        }
        assertEquals(2, new EntryBundle(5, 2).entries(bytes).size());
        assertThrows(MalformedException.class, () -> new EntryBundle(5, 5).entries(bytes));
        for (int length : new int[] {0, 1, 2, 6, 8, 10, bytes.length - 1, bytes.length + 1}) {
            assertThrows(MalformedException.class, () -> bundle.entries(Arrays.copyOf(bytes, length)));
        }
        byte[] tooMany = new EntryBundle(0, 256).bytes(Collections.nCopies(256, new byte[0]));
        assertThrows(MalformedException.class, () -> bundle.entries(Arrays.copyOf(tooMany, tooMany.length + 2)));
        assertThrows(IllegalArgumentException.class, () -> bundle.bytes(entries.subList(0, 3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new EntryBundle(0, 1).bytes(List.of(new byte[EntryBundle.MAX_ENTRY_BYTES + 1])));
        assertThrows(IllegalArgumentException.class, () -> new EntryBundle(0, 257));
    }
}
