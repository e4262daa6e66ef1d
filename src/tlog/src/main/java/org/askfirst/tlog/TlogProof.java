package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to check offline that an entry is in a log, in one text: its index, the inclusion proof and
 * the signed checkpoint (C2SP tlog-proof, version 1). The name of its file usually ends in {@code .tlog-proof}.
 *
 * <p>It proves nothing until {@link #verify} succeeds. It does not contain the entry, whose hash is proven; the
 * verifier needs the entry itself.
 */
public final class TlogProof {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";
    private static final String BLANK_LINE = "\n\n";

    /** The greatest number of hashes: no path in a tree of fewer than 2^63 leaves is longer. */
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
     * Returns a proof without extra data.
     *
     * @param inclusion the inclusion proof
     * @param checkpoint the signed checkpoint of the size for which the inclusion proof is
     * @throws IllegalArgumentException if the note is not a checkpoint, or has another size
     */
    public static TlogProof of(InclusionProof inclusion, SignedNote checkpoint) {
        return create(inclusion, checkpoint, null);
    }

    /**
     * Returns a proof with extra data, which only the application interprets and no signature covers.
     *
     * @param inclusion the inclusion proof
     * @param checkpoint the signed checkpoint of the size for which the inclusion proof is
     * @param extra the extra data
     * @throws IllegalArgumentException if the note is not a checkpoint, or has another size
     */
    public static TlogProof of(InclusionProof inclusion, SignedNote checkpoint, byte[] extra) {
        return create(inclusion, checkpoint, extra.clone());
    }

    private static TlogProof create(InclusionProof inclusion, SignedNote note, byte @Nullable [] extra) {
        Checkpoint claimed;
        try {
            claimed = Checkpoint.parse(note.text());
        } catch (MalformedException notACheckpoint) {
            throw new IllegalArgumentException("the note is not a checkpoint", notACheckpoint);
        }
        boolean fits = claimed.size() == inclusion.size()
                && inclusion.index() >= 0
                && inclusion.index() < inclusion.size()
                && inclusion.hashes().size() <= MAX_HASHES;
        if (!fits) {
            throw new IllegalArgumentException("the inclusion proof and the checkpoint are for different trees");
        }
        return new TlogProof(inclusion, claimed, note, extra);
    }

    /**
     * Reads a proof from its UTF-8 bytes and verifies nothing.
     *
     * @throws MalformedException if the bytes are not a proof
     */
    public static TlogProof parse(byte[] utf8) throws MalformedException {
        return parse(StrictText.utf8(utf8));
    }

    /**
     * Reads a proof and verifies nothing.
     *
     * @throws MalformedException if the text is not a proof, if its note is not a checkpoint, or if the index is not
     *     below the checkpoint's size
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
            throw new MalformedException("the proof has no index line before its hashes");
        }
        long index = StrictText.decimal(lines.get(next).substring(INDEX.length()), "index of a proof");
        next++;
        if (lines.size() - next > MAX_HASHES) {
            throw new MalformedException("the inclusion proof has too many hashes for any tree");
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
     * Returns the checkpoint after it has verified that {@code log} signed it and that {@code leaf} is at {@link
     * #index()} of its tree. The caller may then check cosignatures of {@link #checkpoint()}.
     *
     * @param leaf the {@linkplain MerkleTree#leafHash leaf hash}, computed from the entry itself
     * @throws NotProvenException if the proof does not show that, for any reason
     */
    public Checkpoint verify(Hash leaf, NoteVerifier log) throws NotProvenException {
        claimed.verify(note, log);
        inclusion.verify(leaf, claimed.root());
        return claimed;
    }

    /** Returns the claimed index of the entry. */
    public long index() {
        return inclusion.index();
    }

    /** Returns the inclusion proof for the size of the checkpoint. */
    public InclusionProof inclusion() {
        return inclusion;
    }

    /** Returns the signed checkpoint. Trust it only after it is verified. */
    public SignedNote checkpoint() {
        return note;
    }

    /** Returns the extra data in a new array, or empty. No signature covers them, so never trust them. */
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

    /** Returns the proof that {@link #parse(String)} reads, to be encoded in UTF-8. */
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
