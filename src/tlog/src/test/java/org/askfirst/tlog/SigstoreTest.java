package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sigstore.encryption.signers.Verifier;
import dev.sigstore.encryption.signers.Verifiers;
import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorEntry;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sigstore's client, which others trust with their software, verifies our checkpoint and inclusion proofs. */
class SigstoreTest {
    private static final int SIZE = 3000;
    private static final MemoryLog LOG = MemoryLog.grownTo(SIZE);

    @Test
    void sigstoreReadsAndVerifiesOurCheckpoint() throws Exception {
        RekorEntry.Checkpoint checkpoint = Checkpoints.from(LOG.checkpoint().toString());
        assertEquals(MemoryLog.ORIGIN, checkpoint.getOrigin());
        assertEquals(SIZE, checkpoint.getSize());
        assertEquals(LOG.root().base64(), checkpoint.getBase64Hash());

        Ed25519Verifier ours = LOG.signer().verifier();
        RekorEntry.CheckpointSignature signature = checkpoint.getSignatures().get(0);
        assertEquals(1, checkpoint.getSignatures().size());
        assertEquals(ours.name(), signature.getIdentity());
        // Its key hint is our key id, the four bytes before the signature.
        assertArrayEquals(LOG.checkpoint().signatures().get(0).signature(), signature.getSignature());
        assertEquals(
                String.format(Locale.ROOT, "%08x", ours.keyId()), HexFormat.of().formatHex(signature.getKeyHint()));

        // The key is read from the text of the verifier key, as an outsider reads it.
        byte[] typeAndKey = Base64.getDecoder().decode(ours.verifierKey().split("\\+", 3)[2]);
        PublicKey key = Ed25519.publicKey(Arrays.copyOfRange(typeAndKey, 1, 33));
        Verifier verifier = Verifiers.newVerifier(key);
        byte[] text = checkpoint.getSignedData().getBytes(StandardCharsets.UTF_8);
        assertTrue(verifier.verify(text, signature.getSignature()));
        text[0] ^= 1;
        assertFalse(verifier.verify(text, signature.getSignature()));
    }

    @Test
    void sigstoreReadsACheckpointWithCosignatures() throws Exception {
        RekorEntry.Checkpoint checkpoint = Checkpoints.from(
                LOG.cosigned("witness.example/w1", "witness.example/w2").toString());
        assertEquals(LOG.root().base64(), checkpoint.getBase64Hash());
        assertEquals(LOG.checkpoint().text(), checkpoint.getSignedData());
        assertEquals(
                List.of(MemoryLog.ORIGIN, "witness.example/w1", "witness.example/w2"),
                checkpoint.getSignatures().stream()
                        .map(RekorEntry.CheckpointSignature::getIdentity)
                        .toList());
    }

    @Test
    void sigstoreVerifiesOurInclusionProofs() throws Exception {
        for (int index = 0; index < SIZE; index += 11) {
            List<byte[]> hashes = InclusionProof.from(LOG.reader(), index, SIZE).hashes().stream()
                    .map(Hash::bytes)
                    .toList();
            byte[] leaf = LOG.leaf(index).bytes();
            byte[] root = LOG.root().bytes();
            InclusionProofVerifier.verify(leaf, index, SIZE, hashes, root);
            root[7] ^= 1;
            long at = index;
            assertThrows(
                    InclusionProofVerificationException.class,
                    () -> InclusionProofVerifier.verify(leaf, at, SIZE, hashes, root));
        }
    }
}
