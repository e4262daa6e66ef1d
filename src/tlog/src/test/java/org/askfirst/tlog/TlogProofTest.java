package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlogProofTest {
    private static final int SIZE = 1000;
    private static final MemoryLog LOG = MemoryLog.grownTo(SIZE);

    private static TlogProof proof(int index) {
        return TlogProof.of(InclusionProof.from(LOG.reader(), index, SIZE), LOG.checkpoint());
    }

    @Test
    void aStrangerWithTheKeyVerifiesTheText() throws Exception {
        String key = LOG.signer().verifier().verifierKey();
        for (int index : new int[] {0, 1, 255, 256, 511, 768, 999}) {
            String text = proof(index).toString();
            TlogProof read = TlogProof.parse(text.getBytes(StandardCharsets.UTF_8));
            assertEquals(index, read.index());
            assertEquals(text, read.toString());
            Checkpoint checkpoint = read.verify(MerkleTree.leafHash(LOG.entry(index)), Ed25519Verifier.parse(key));
            assertEquals(SIZE, checkpoint.size());
            assertThrows(
                    NotProvenException.class,
                    () -> read.verify(LOG.leaf((index + 1) % SIZE), LOG.signer().verifier()));
            assertThrows(
                    NotProvenException.class,
                    () -> read.verify(LOG.leaf(index), new MemoryLog().signer().verifier()));
        }
    }

    @Test
    void theTextIsThatOfTheSpecification() {
        List<String> lines = proof(73).toString().lines().toList();
        assertEquals("c2sp.org/tlog-proof@v1", lines.get(0));
        assertEquals("index 73", lines.get(1));
        assertEquals(LOG.leaf(72).base64(), lines.get(2));
        assertEquals(List.of("", MemoryLog.ORIGIN, "1000", LOG.root().base64(), ""), lines.subList(12, 17));
        assertTrue(lines.get(17).startsWith("— " + MemoryLog.ORIGIN + " "));
        assertEquals(18, lines.size());
    }

    @Test
    void extraDataIsCarried() throws Exception {
        InclusionProof inclusion = InclusionProof.from(LOG.reader(), 5, SIZE);
        for (byte[] extra : new byte[][] {{}, {0}, "덧붙임".getBytes(StandardCharsets.UTF_8), new byte[5000]}) {
            TlogProof read = TlogProof.parse(
                    TlogProof.of(inclusion, LOG.checkpoint(), extra).toString());
            assertArrayEquals(extra, read.extra().orElseThrow());
            assertEquals(SIZE, read.verify(LOG.leaf(5), LOG.signer().verifier()).size());
        }
        assertTrue(TlogProof.parse(proof(5).toString()).extra().isEmpty());
    }

    @Test
    void theOnlyLeafNeedsNoHashes() throws Exception {
        MemoryLog log = MemoryLog.grownTo(1);
        TlogProof proof = TlogProof.of(InclusionProof.from(log.reader(), 0, 1), log.checkpoint());
        assertTrue(proof.toString().startsWith("c2sp.org/tlog-proof@v1\nindex 0\n\n" + MemoryLog.ORIGIN + "\n1\n"));
        assertEquals(proof, TlogProof.parse(proof.toString()));
        assertEquals(1, proof.verify(log.leaf(0), log.signer().verifier()).size());
    }

    @Test
    void whatIsNoProofIsRefused() {
        String good = proof(73).toString();
        String hash = LOG.leaf(72).base64() + "\n";
        for (String bad : List.of(
                "",
                "c2sp.org/tlog-proof@v1",
                "c2sp.org/tlog-proof@v1\n",
                "c2sp.org/tlog-proof@v1\n\n",
                "c2sp.org/tlog-proof@v1\nindex 73\n\n",
                good.replace("@v1", "@v2"),
                "\n" + good,
                good.replace("index 73\n", ""),
                good.replace("index 73", "index 073"),
                good.replace("index 73", "index -1"),
                good.replace("index 73", "index  73"),
                good.replace("index 73", "Index 73"),
                good.replace("index 73", "index 1000"),
                good.replace("index 73", "index 73\nextra AAAA"),
                good.replace("index 73", "extra AAA\nindex 73"),
                good.replace("index 73", "extra AAAA\nextra AAAA\nindex 73"),
                good.replace("index 73", "extra\nindex 73"),
                good.replace(hash, "\n" + hash),
                good.replace(hash, hash.substring(1)),
                good.replace(hash, hash.repeat(60)),
                good.replace(MemoryLog.ORIGIN + "\n1000", MemoryLog.ORIGIN + "\n01000"),
                good.replace(MemoryLog.ORIGIN + "\n1000", MemoryLog.ORIGIN + "\n73"),
                good.substring(0, good.length() - 1),
                good + "\n")) {
            assertThrows(MalformedException.class, () -> TlogProof.parse(bad), bad);
        }
    }

    @Test
    void aChangedProofIsRefused() throws Exception {
        String good = proof(73).toString();
        String hash = LOG.leaf(72).base64() + "\n";
        for (String bad : List.of(
                good.replace("index 73", "index 72"),
                good.replace(hash, ""),
                good.replace(hash, hash + hash),
                good.replace(hash, LOG.leaf(71).base64() + "\n"),
                good.replace(MemoryLog.ORIGIN + "\n1000", MemoryLog.ORIGIN + "\n1001"),
                good.replace(LOG.root().base64(), LOG.leaf(0).base64()))) {
            TlogProof read = TlogProof.parse(bad);
            assertThrows(
                    NotProvenException.class,
                    () -> read.verify(LOG.leaf(73), LOG.signer().verifier()),
                    bad);
        }
    }

    @Test
    void aProofIsMadeOnlyOfPartsThatFit() {
        InclusionProof inclusion = InclusionProof.from(LOG.reader(), 5, SIZE - 1);
        assertThrows(IllegalArgumentException.class, () -> TlogProof.of(inclusion, LOG.checkpoint()));
        InclusionProof beyond = new InclusionProof(SIZE, SIZE, List.of());
        assertThrows(IllegalArgumentException.class, () -> TlogProof.of(beyond, LOG.checkpoint()));
        SignedNote noCheckpoint = SignedNote.sign("hello\n", List.of(LOG.signer()));
        assertThrows(IllegalArgumentException.class, () -> TlogProof.of(inclusion, noCheckpoint));
    }
}
