package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.askfirst.tlog.Witness.Outcome;
import org.junit.jupiter.api.Test;

/** A witness cosigns one history of a log, and never a second one. */
class WitnessTest {
    private static final String NAME = "witness.example/w1";
    private static final Instant NOW = Instant.parse("2026-11-29T08:12:07.9Z");

    private final MemoryLog log = MemoryLog.grownTo(10);
    private final PrivateKey key = key();
    private final Map<String, SignedNote> notes = new HashMap<>();
    private final Witness witness = witness();

    private static PrivateKey key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Witness witness() {
        Witness.Memory memory = new Witness.Memory() {
            @Override
            public Optional<SignedNote> last(String origin) {
                return Optional.ofNullable(notes.get(origin));
            }

            @Override
            public void replace(String origin, SignedNote cosigned) {
                notes.put(origin, cosigned);
            }
        };
        return new Witness(
                CosignatureSigner.of(NAME, key, InstantSource.fixed(NOW)),
                List.of(log.signer().verifier()),
                memory);
    }

    private static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static AddCheckpoint request(MemoryLog log, long from) {
        List<Hash> proof = from == 0
                ? List.of()
                : ConsistencyProof.from(log.reader(), from, log.size()).hashes();
        return new AddCheckpoint(from, proof, log.checkpoint());
    }

    private Witness.Answer add(Object request) {
        try {
            return witness.add(bytes(request));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void itCosignsALogThatGrows() throws Exception {
        Witness.Answer first = add(request(log, 0));
        assertEquals(Outcome.COSIGNED, first.outcome());
        assertEquals(10, first.size());
        List<NoteSignature> signatures = log.checkpoint().signaturesOf(witness.verifier(), bytes(first.signature()));
        assertEquals(1, signatures.size());
        assertEquals(
                NOW.getEpochSecond(),
                ByteBuffer.wrap(signatures.get(0).signature()).getLong());

        log.append(300);
        assertEquals(Outcome.COSIGNED, add(request(log, 10)).outcome());
        assertEquals(Outcome.COSIGNED, add(request(log, 310)).outcome(), "the same again, at a later time");
        SignedNote last = witness.last(MemoryLog.ORIGIN).orElseThrow();
        assertEquals(log.checkpoint().text(), last.text());
        assertEquals(1, last.verify(List.of(log.signer().verifier())).size());
        assertEquals(1, last.verify(List.of(witness.verifier())).size());
    }

    @Test
    void itRefusesASplitView() throws Exception {
        assertEquals(Outcome.COSIGNED, add(request(log, 0)).outcome());
        // The same key signs another history, which has the same first nine entries or none of them.
        Hash other = MerkleTree.leafHash(bytes("another entry"));
        Frontier forked = Frontier.empty();
        forked = forked.append(log.leaves().subList(0, 9), (subtree, hash) -> {});
        forked = forked.append(List.of(other), (subtree, hash) -> {});
        SignedNote sameSize = Checkpoint.of(MemoryLog.ORIGIN, 10, forked.root()).sign(List.of(log.signer()));
        assertEquals(
                Outcome.NOT_CONSISTENT,
                add(new AddCheckpoint(10, List.of(), sameSize)).outcome());
        forked = forked.append(Collections.nCopies(20, other), (subtree, hash) -> {});
        SignedNote larger = Checkpoint.of(MemoryLog.ORIGIN, 30, forked.root()).sign(List.of(log.signer()));
        log.append(20);
        for (List<Hash> proof :
                List.of(List.<Hash>of(), List.of(other), request(log, 10).proof())) {
            Witness.Answer refused = add(new AddCheckpoint(10, proof, larger));
            assertEquals(Outcome.NOT_CONSISTENT, refused.outcome());
            assertEquals("", refused.signature());
        }
        // It cannot be told that it has seen nothing, or less.
        Witness.Answer forgotten = add(new AddCheckpoint(0, List.of(), larger));
        assertEquals(Outcome.OTHER_SIZE, forgotten.outcome());
        assertEquals(10, forgotten.size());
        assertEquals(Outcome.COSIGNED, add(request(log, 10)).outcome(), "the true history continues");
    }

    @Test
    void itNeverGoesBack() {
        SignedNote old = log.checkpoint();
        log.append(5);
        assertEquals(Outcome.COSIGNED, add(request(log, 0)).outcome());
        assertEquals(
                Outcome.MALFORMED, add(new AddCheckpoint(15, List.of(), old)).outcome());
        assertEquals(15, add(new AddCheckpoint(10, List.of(), old)).size());
        assertEquals(
                Outcome.OTHER_SIZE, add(new AddCheckpoint(0, List.of(), old)).outcome());
    }

    @Test
    void itKnowsOnlyItsLogsAndTheirKeys() {
        MemoryLog stranger = MemoryLog.grownTo(3);
        assertEquals(Outcome.NOT_SIGNED, add(request(stranger, 0)).outcome());
        SignedNote other =
                Checkpoint.of("other.example/log", 3, stranger.root()).sign(List.of(log.signer()));
        assertEquals(
                Outcome.UNKNOWN_LOG, add(new AddCheckpoint(0, List.of(), other)).outcome());
        assertTrue(notes.isEmpty());
    }

    @Test
    void theEmptyTreeHasOneRoot() {
        SignedNote right =
                Checkpoint.of(MemoryLog.ORIGIN, 0, MerkleTree.emptyRoot()).sign(List.of(log.signer()));
        SignedNote wrong = Checkpoint.of(MemoryLog.ORIGIN, 0, log.root()).sign(List.of(log.signer()));
        assertEquals(
                Outcome.NOT_CONSISTENT,
                add(new AddCheckpoint(0, List.of(), wrong)).outcome());
        assertEquals(
                Outcome.COSIGNED, add(new AddCheckpoint(0, List.of(), right)).outcome());
        assertEquals(
                Outcome.NOT_CONSISTENT,
                add(new AddCheckpoint(0, List.of(log.root()), log.checkpoint())).outcome());
        assertEquals(Outcome.COSIGNED, add(request(log, 0)).outcome());
    }

    @Test
    void aDamagedMemoryIsNotTrusted() throws Exception {
        assertEquals(Outcome.COSIGNED, add(request(log, 0)).outcome());
        SignedNote cosigned = notes.get(MemoryLog.ORIGIN);
        notes.put(MemoryLog.ORIGIN, log.checkpoint());
        assertThrows(IOException.class, () -> witness.add(bytes(request(log, 10))));
        notes.put(MemoryLog.ORIGIN, cosigned);
        assertEquals(Outcome.COSIGNED, add(request(log, 10)).outcome());
    }

    @Test
    void aRequestHasOneSpelling() throws Exception {
        log.append(300);
        AddCheckpoint request = request(log, 7);
        assertEquals(request.toString(), AddCheckpoint.parse(bytes(request)).toString());
        String text = request.toString();
        for (String bad : List.of(
                "",
                "old",
                text.replace("old 7", "old 07"),
                text.replace("old 7", "old -7"),
                text.replace("old 7", "new 7"),
                text.replaceFirst("\n", "\n\n"),
                text.replaceFirst("\n", "\n" + "A".repeat(44) + "\n"),
                text.replaceFirst("\n", "\n" + (log.root() + "\n").repeat(64)),
                text.substring(0, text.length() - 1))) {
            assertEquals(Outcome.MALFORMED, add(bad).outcome(), bad);
        }
    }

    @Test
    void otherProgramsComputeTheSameKeyId() throws Exception {
        // From the tests of github.com/transparency-dev/formats, note_cosigv1_test.go.
        String others = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        CosignatureVerifier verifier = CosignatureVerifier.parse(others);
        assertEquals(0xda77ade7, verifier.keyId());
        assertEquals(others, verifier.verifierKey());
        String ours = witness.verifier().verifierKey();
        assertEquals(witness.verifier(), CosignatureVerifier.parse(ours));
        assertThrows(MalformedException.class, () -> Ed25519Verifier.parse(ours));
        assertThrows(
                MalformedException.class,
                () -> CosignatureVerifier.parse(log.signer().verifier().verifierKey()));
    }

    @Test
    void aCosignatureIsNoSignatureOfALogAndCoversItsTime() {
        byte[] text = bytes(log.checkpoint().text());
        CosignatureSigner signer = CosignatureSigner.of(NAME, key, InstantSource.fixed(NOW));
        byte[] signature = signer.sign(text);
        assertTrue(signer.verifier().verifies(text, signature));
        assertFalse(Ed25519Signer.of(NAME, key).verifier().verifies(text, signature));
        for (int i = 0; i < signature.length; i++) {
            byte[] damaged = signature.clone();
            damaged[i] ^= 1;
            assertFalse(signer.verifier().verifies(text, damaged), "byte " + i);
        }
        byte[] timeless = signature.clone();
        ByteBuffer.wrap(timeless).putLong(0);
        assertFalse(signer.verifier().verifies(text, timeless));
    }
}
