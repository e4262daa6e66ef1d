package org.askfirst.tlog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A witness of logs (C2SP tlog-witness): it cosigns a checkpoint only if its tree begins with every tree that it has
 * cosigned before. Whoever shows different trees to different people cannot get cosignatures for both.
 *
 * <p>It needs no entries, and remembers one checkpoint for each log. Safe for use by several threads.
 */
public final class Witness {
    private final CosignatureSigner signer;
    private final Map<String, Ed25519Verifier> logs = new LinkedHashMap<>();
    private final Memory memory;

    /**
     * Creates a witness.
     *
     * @param logs the keys of the logs that it knows; the name of a key is the origin of its log
     */
    public Witness(CosignatureSigner signer, List<Ed25519Verifier> logs, Memory memory) {
        this.signer = signer;
        this.memory = memory;
        logs.forEach(log -> this.logs.put(log.name(), log));
    }

    /** The last checkpoint of each log that was cosigned. */
    public interface Memory {
        /** Returns the note, with the signatures of the log and of the witness; empty if there is none. */
        Optional<SignedNote> last(String origin) throws IOException;

        /** Replaces the note. It is durable when this returns; otherwise the old one remains. */
        void replace(String origin, SignedNote cosigned) throws IOException;
    }

    /** The ways in which a request ends. */
    public enum Outcome {
        /** The checkpoint is cosigned, and this is durable. */
        COSIGNED,
        /** The request is not one, or its old size is larger than the checkpoint's. */
        MALFORMED,
        /** The witness does not know the log. */
        UNKNOWN_LOG,
        /** The log has not signed the checkpoint. */
        NOT_SIGNED,
        /** The witness has last cosigned another size than the request says. */
        OTHER_SIZE,
        /** It is not proved that the tree begins with the last one that was cosigned: the log may be forked. */
        NOT_CONSISTENT
    }

    /**
     * The answer to a request.
     *
     * @param size the size of the last tree of the log that was cosigned; 0 if there is none
     * @param signature the signature line of the witness with its newline; empty if it has not cosigned
     */
    public record Answer(Outcome outcome, long size, String signature) {
        private static Answer refused(Outcome outcome, long size) {
            return new Answer(outcome, size, "");
        }
    }

    /** Returns the key that verifies the cosignatures. */
    public CosignatureVerifier verifier() {
        return signer.verifier();
    }

    /** Returns the last checkpoint of the log that was cosigned; empty if there is none. */
    public Optional<SignedNote> last(String origin) throws IOException {
        return logs.containsKey(origin) ? memory.last(origin) : Optional.empty();
    }

    /**
     * Cosigns a checkpoint, or refuses it.
     *
     * @throws IOException if the memory fails; then nothing is cosigned
     */
    public synchronized Answer add(byte[] body) throws IOException {
        AddCheckpoint request;
        Checkpoint checkpoint;
        try {
            request = AddCheckpoint.parse(body);
            checkpoint = Checkpoint.parse(request.checkpoint().text());
        } catch (MalformedException malformed) {
            return Answer.refused(Outcome.MALFORMED, 0);
        }
        Ed25519Verifier log = logs.get(checkpoint.origin());
        if (log == null) {
            return Answer.refused(Outcome.UNKNOWN_LOG, 0);
        }
        try {
            checkpoint.verify(request.checkpoint(), log);
        } catch (NotProvenException notSigned) {
            return Answer.refused(Outcome.NOT_SIGNED, 0);
        }
        if (request.oldSize() > checkpoint.size()) {
            return Answer.refused(Outcome.MALFORMED, 0);
        }
        Optional<Checkpoint> last = lastOf(log);
        long lastSize = last.map(Checkpoint::size).orElse(0L);
        if (request.oldSize() != lastSize) {
            return Answer.refused(Outcome.OTHER_SIZE, lastSize);
        }
        if (!isConsistent(request, checkpoint, last)) {
            return Answer.refused(Outcome.NOT_CONSISTENT, lastSize);
        }
        SignedNote own = SignedNote.sign(request.checkpoint().text(), List.of(signer));
        List<NoteSignature> signatures = new ArrayList<>(request.checkpoint().signatures().stream()
                .filter(signature -> signature.isMeantFor(log))
                .toList());
        signatures.addAll(own.signatures());
        memory.replace(checkpoint.origin(), own.withSignatures(signatures));
        return new Answer(Outcome.COSIGNED, checkpoint.size(), own.signatures().get(0) + "\n");
    }

    /** Returns the last cosigned checkpoint. Its own signature is verified, because a damaged memory must not be used. */
    private Optional<Checkpoint> lastOf(Ed25519Verifier log) throws IOException {
        Optional<SignedNote> note = memory.last(log.name());
        if (note.isEmpty()) {
            return Optional.empty();
        }
        try {
            Checkpoint checkpoint = Checkpoint.open(note.get(), log);
            note.get().verify(List.of(signer.verifier()));
            return Optional.of(checkpoint);
        } catch (MalformedException | NotProvenException damaged) {
            throw new IOException("the last checkpoint of " + log.name() + " is damaged", damaged);
        }
    }

    private static boolean isConsistent(AddCheckpoint request, Checkpoint checkpoint, Optional<Checkpoint> last) {
        if (checkpoint.size() == 0 && !checkpoint.root().equals(MerkleTree.emptyRoot())) {
            return false;
        }
        if (last.isEmpty() || last.get().size() == 0) {
            return request.proof().isEmpty();
        }
        try {
            new ConsistencyProof(request.oldSize(), checkpoint.size(), request.proof())
                    .verify(last.get().root(), checkpoint.root());
            return true;
        } catch (NotProvenException fork) {
            return false;
        }
    }
}
