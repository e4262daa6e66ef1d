package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.List;

/**
 * The request of a log to a witness to cosign a checkpoint: the body of {@code add-checkpoint} in C2SP tlog-witness.
 *
 * @param oldSize the size of the last tree that the witness has cosigned, as the log believes; 0 if there is none
 * @param proof the hashes of the consistency proof from that tree to that of the checkpoint; empty from size 0
 * @param checkpoint the checkpoint with the signature of the log
 */
public record AddCheckpoint(long oldSize, List<Hash> proof, SignedNote checkpoint) {
    /** The greatest number of hashes in a proof. */
    public static final int MAX_HASHES = 63;

    private static final String OLD = "old ";

    /** Copies the list. */
    public AddCheckpoint {
        proof = List.copyOf(proof);
        if (oldSize < 0 || proof.size() > MAX_HASHES) {
            throw new IllegalArgumentException("no such request exists");
        }
    }

    /**
     * Reads a request and verifies nothing.
     *
     * @throws MalformedException if the bytes are not such a request
     */
    public static AddCheckpoint parse(byte[] utf8) throws MalformedException {
        String text = StrictText.utf8(utf8);
        int blank = text.indexOf("\n\n");
        if (blank < 0 || !text.startsWith(OLD)) {
            throw new MalformedException(
                    "a request has a line with the old size, hashes, an empty line and a checkpoint");
        }
        String[] lines = text.substring(OLD.length(), blank).split("\n", MAX_HASHES + 2);
        if (lines.length > MAX_HASHES + 1) {
            throw new MalformedException("a request has at most " + MAX_HASHES + " hashes");
        }
        List<Hash> proof = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            proof.add(Hash.parse(lines[i]));
        }
        return new AddCheckpoint(
                StrictText.decimal(lines[0], "old size"), proof, SignedNote.parse(text.substring(blank + 2)));
    }

    /**
     * Reads the answer to a request with another size than the last one that the witness cosigned: this size.
     *
     * @throws MalformedException if it is not a size and a newline
     */
    public static long size(byte[] answer) throws MalformedException {
        String text = StrictText.utf8(answer);
        if (!text.endsWith("\n")) {
            throw new MalformedException("the size ends in a newline");
        }
        return StrictText.decimal(text.substring(0, text.length() - 1), "size");
    }

    /** Returns the text that {@link #parse} reads, to be encoded in UTF-8. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(OLD).append(oldSize).append('\n');
        proof.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
