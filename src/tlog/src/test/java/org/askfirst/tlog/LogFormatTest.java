package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example of {@code docs/formats/log.md}, which was made with OpenSSL, equals our output and verifies. */
class LogFormatTest {
    private static final Path FORMATS = Path.of("..", "..", "docs", "formats");
    private static final String ORIGIN = "registry.example/log";

    private final byte[] declared = block("entry.md", "declared").getBytes(StandardCharsets.UTF_8);
    private final byte[] withdrawn = block("entry.md", "withdrawn").getBytes(StandardCharsets.UTF_8);
    private final List<Hash> leaves = List.of(MerkleTree.leafHash(declared), MerkleTree.leafHash(withdrawn));

    @Test
    void whatWeSignIsWhatThePageShows() throws GeneralSecurityException {
        Ed25519Signer signer = Ed25519Signer.of(ORIGIN, key());
        assertEquals(block("verifier-key"), signer.verifier().verifierKey());
        for (int size = 1; size <= 2; size++) {
            Hash root = Frontier.empty().append(leaves.subList(0, size)).root();
            assertEquals(
                    block(size == 1 ? "older-checkpoint" : "checkpoint") + "\n",
                    Checkpoint.of(ORIGIN, size, root).sign(List.of(signer)).toString());
        }
    }

    /** The private key of the example, which is public. */
    private static PrivateKey key() throws GeneralSecurityException {
        byte[] seed = sha256("Ask First, the worked example of log.md".getBytes(StandardCharsets.US_ASCII));
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    }

    private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void aReaderOfThePageVerifiesIt() throws Exception {
        Ed25519Verifier log = Ed25519Verifier.parse(block("verifier-key"));
        Checkpoint older = Checkpoint.open(SignedNote.parse(block("older-checkpoint") + "\n"), log);
        Checkpoint newer = Checkpoint.open(SignedNote.parse(block("checkpoint") + "\n"), log);
        assertEquals(1, older.size());
        assertEquals(leaves.get(0), older.root());
        assertEquals(2, newer.size());
        new ConsistencyProof(1, 2, List.of(Hash.parse(block("consistency")))).verify(older.root(), newer.root());
        TlogProof proof = TlogProof.parse(block("tlog-proof") + "\n");
        assertEquals(newer, proof.verify(leaves.get(0), log));
        assertThrows(NotProvenException.class, () -> proof.verify(leaves.get(1), log));

        byte[] tile = HexFormat.of().parseHex(block("tile"));
        assertArrayEquals(new Tile(0, 0, 2).bytes(subtrees -> leaves), tile);
        byte[] prefixed = new byte[1 + tile.length];
        prefixed[0] = 1;
        System.arraycopy(tile, 0, prefixed, 1, tile.length);
        assertEquals(newer.root(), Hash.of(sha256(prefixed)));
    }

    @Test
    void aBundleIsLengthsAndEntries() throws IOException {
        String page = Files.readString(FORMATS.resolve("log.md"));
        byte[] bundle = new EntryBundle(0, 2).bytes(List.of(declared, withdrawn));
        HexFormat hex = HexFormat.of();
        assertTrue(page.contains("`" + hex.formatHex(bundle, 0, 2) + "` in two bytes"));
        int second = 2 + declared.length;
        assertTrue(page.contains("`" + hex.formatHex(bundle, second, second + 2) + "`, the second"));
        assertEquals("tile/0/x001/x234/067", new Tile(0, 1_234_067, 256).path(), "the page's example of a path");
    }

    private static String block(String word) {
        return block("log.md", word);
    }

    /** Returns the only block of the page that is fenced with this word, without its last newline. */
    private static String block(String name, String word) {
        try {
            String page = Files.readString(FORMATS.resolve(name));
            String fence = "```" + word + "\n";
            assertEquals(2, page.split(fence, -1).length, "blocks of " + word);
            String block = page.substring(page.indexOf(fence) + fence.length());
            return block.substring(0, block.indexOf("\n```"));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
