package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything needed to check offline that an entry is in a log, in one text: its index, the inclusion proof, and the
 * signed checkpoint it leads to (C2SP tlog-proof, version 1). By convention in a file that ends in
 * {@code .tlog-proof}.
 *
 * <p>It proves nothing until {@link #verify} says so. It does not carry the entry: whoever verifies has that from
 * elsewhere, and its hash is what is proven.
 */
public final class TlogProof {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final String BLANK_LINE = "\n\n";

    /** No path in a tree of fewer than 2^63 leaves is longer. */
    private static final int MAX_HASHES = Long.SIZE - 1;

    private final InclusionProof inclusion;
    private final Checkpoint claimed;
    private final SignedNote note;
    private final byte @Nullable [] extra;

    private TlogProof(InclusionProof inclusion, Checkpoint claimed, SignedNote note, byte @Nullable [] extra) {
        this.inclusion = inclusion;
        this.claimed = claimed;
        this.note = note;
        this.extra = extra;
    }

    /**
     * The proof without extra data.
     *
     * @param checkpoint signed, of the size that the inclusion proof is for
     * @throws IllegalArgumentException if it is no checkpoint or is of another size
     */
    public static TlogProof of(InclusionProof inclusion, SignedNote checkpoint) {
        return make(inclusion, checkpoint, null);
    }

    /**
     * The proof with extra data, which means something to the application only and is covered by no signature.
     *
     * @param checkpoint signed, of the size that the inclusion proof is for
     * @throws IllegalArgumentException if it is no checkpoint or is of another size
     */
    public static TlogProof of(InclusionProof inclusion, SignedNote checkpoint, byte[] extra) {
        return make(inclusion, checkpoint, extra.clone());
    }

    private static TlogProof make(InclusionProof inclusion, SignedNote note, byte @Nullable [] extra) {
        Checkpoint claimed;
        try {
            claimed = Checkpoint.parse(note.text());
        } catch (MalformedException another) {
            throw new IllegalArgumentException("the note is no checkpoint", another);
        }
        boolean fits = claimed.size() == inclusion.size()
                && inclusion.index() >= 0
                && inclusion.index() < inclusion.size()
                && inclusion.hashes().size() <= MAX_HASHES;
        if (!fits) {
            throw new IllegalArgumentException("the inclusion proof is for another tree than the checkpoint");
        }
        return new TlogProof(inclusion, claimed, note, extra);
    }

    /** Reads a proof from its UTF-8 bytes. */
    public static TlogProof parse(byte[] utf8) throws MalformedException {
        return parse(StrictText.utf8(utf8));
    }

    /**
     * Reads a proof; nothing is verified yet.
     *
     * @throws MalformedException if it is not one, or its checkpoint is none, or the index is beyond its size
     */
    public static TlogProof parse(String proof) throws MalformedException {
        int blank = proof.indexOf(BLANK_LINE);
        if (!proof.startsWith(HEADER + "\n") || blank < 0) {
            throw new MalformedException(
                    "a proof begins with the line " + HEADER + " and has a blank line before its checkpoint");
        }
        List<String> lines = List.of(proof.substring(0, blank).split("\n", -1));
        int next = 1;
        byte[] extra = null;
        if (next < lines.size() && lines.get(next).startsWith(EXTRA)) {
            extra = StrictText.base64(lines.get(next).substring(EXTRA.length()), "extra data");
            next++;
        }
        if (next == lines.size() || !lines.get(next).startsWith(INDEX)) {
            throw new MalformedException("the proof has no index line where one must be");
        }
        long index = StrictText.decimal(lines.get(next).substring(INDEX.length()), "index of a proof");
        next++;
        if (lines.size() - next > MAX_HASHES) {
            throw new MalformedException("no inclusion proof has so many hashes");
        }
        List<Hash> hashes = new ArrayList<>();
        for (String line : lines.subList(next, lines.size())) {
            hashes.add(Hash.parse(line));
        }
        SignedNote note = SignedNote.parse(proof.substring(blank + BLANK_LINE.length()));
        Checkpoint claimed = Checkpoint.parse(note.text());
        if (index >= claimed.size()) {
            throw new MalformedException("the checkpoint's tree has no leaf " + index);
        }
        return new TlogProof(new InclusionProof(index, claimed.size(), hashes), claimed, note, extra);
    }

    /**
     * Returns the checkpoint if {@code log} signed it and {@code leaf} stands at {@link #index()} of its tree.
     * Cosignatures are the caller's to ask of {@link #checkpoint()}.
     *
     * @param leaf the {@linkplain MerkleTree#leafHash leaf hash} of the entry, made from the entry itself
     * @throws NotProvenException if the proof does not show that, for whatever reason
     */
    public Checkpoint verify(Hash leaf, NoteVerifier log) throws NotProvenException {
        claimed.verify(note, log);
        inclusion.verify(leaf, claimed.root());
        return claimed;
    }

    /** The index that the entry is said to stand at. */
    public long index() {
        return inclusion.index();
    }

    /** The inclusion proof, for the size that the checkpoint claims. */
    public InclusionProof inclusion() {
        return inclusion;
    }

    /** The checkpoint, signed as it came: to be believed only after it is verified. */
    public SignedNote checkpoint() {
        return note;
    }

    /** The extra data, if any, in a fresh array: covered by no signature, so never to be believed. */
    public Optional<byte[]> extra() {
        return Optional.ofNullable(extra).map(byte[]::clone);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlogProof proof && toString().equals(proof.toString());
    }

    @Override
    public int hashCode() {
        return inclusion.hashCode();
    }

    /** The proof as it is handed out and as {@link #parse(String)} reads it, to be encoded in UTF-8. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        if (extra != null) {
            text.append(EXTRA).append(Base64.getEncoder().encodeToString(extra)).append('\n');
        }
        text.append(INDEX).append(inclusion.index()).append('\n');
        inclusion.hashes().forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(note).toString();
    }
}
