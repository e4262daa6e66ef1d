package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final int LARGEST = 130;
    private static final List<Hash> LEAVES = RecursiveTree.leaves(LARGEST);
    private static final HashReader READER = RecursiveTree.reader(LEAVES);

    @Test
    void anySplitOfAnAppendGivesTheSameTree() throws MalformedException {
        for (int size = 0; size <= LARGEST; size++) {
            Frontier whole = Frontier.empty().append(LEAVES.subList(0, size));
            assertEquals(size, whole.size());
            assertEquals(Long.bitCount(size), whole.hashes().size());
            assertEquals(RecursiveTree.root(LEAVES.subList(0, size)), whole.root());
            assertEquals(whole, Frontier.from(READER, size));
            for (int first = 0; first <= size; first++) {
                // Writes and reads the frontier between the two appends, as an appender does at a restart.
                Frontier restarted = Frontier.parse(
                        Frontier.empty().append(LEAVES.subList(0, first)).bytes());
                assertEquals(whole, restarted.append(LEAVES.subList(first, size)));
            }
        }
    }

    @Test
    void anAppendLeavesTheOldFrontierAlone() {
        Frontier old = Frontier.empty().append(LEAVES.subList(0, 7));
        Hash root = old.root();
        Frontier grown = old.append(LEAVES.subList(7, 20));
        assertEquals(20, grown.size());
        assertEquals(7, old.size());
        assertEquals(root, old.root());
    }

    @Test
    void theSinkReceivesEachSubtreeOnceChildrenFirst() {
        Map<Subtree, Hash> received = new HashMap<>();
        Frontier frontier = Frontier.empty();
        for (int size = 0; size < LARGEST; size += 13) {
            frontier = frontier.append(LEAVES.subList(size, Math.min(size + 13, LARGEST)), (subtree, hash) -> {
                assertTrue(received.put(subtree, hash) == null, subtree + " twice");
                assertEquals(READER.read(List.of(subtree)), List.of(hash));
                if (subtree.level() > 0) {
                    assertTrue(received.containsKey(new Subtree(subtree.level() - 1, subtree.index() * 2)));
                    assertTrue(received.containsKey(new Subtree(subtree.level() - 1, subtree.index() * 2 + 1)));
                }
            });
        }
        int all = 0;
        for (int level = 0; 1 << level <= LARGEST; level++) {
            all += LARGEST >>> level;
        }
        assertEquals(all, received.size());
    }

    @Test
    void theLongestFrontierIsReadButCannotGrow() throws MalformedException {
        byte[] bytes = new byte[2024];
        bytes[0] = 0x7F;
        for (int i = 1; i < 8; i++) {
            bytes[i] = (byte) 0xFF;
        }
        Frontier full = Frontier.parse(bytes);
        assertEquals(Long.MAX_VALUE, full.size());
        assertThrows(ArithmeticException.class, () -> full.append(LEAVES));
    }

    @Test
    void bytesThatFitNoSizeAreRefused() {
        byte[] good = Frontier.empty().append(LEAVES.subList(0, 5)).bytes();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(MalformedException.class, () -> Frontier.parse(cut));
        }
        assertThrows(MalformedException.class, () -> Frontier.parse(Arrays.copyOf(good, good.length + 1)));
        byte[] negative = Arrays.copyOf(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}, 8 + 64 * Hash.BYTES);
        assertThrows(MalformedException.class, () -> Frontier.parse(negative));
    }
}
