package org.askfirst.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text and the signatures under it (C2SP signed-note).
 *
 * <p>The text means nothing until {@link #verify} has shown that a key one trusts has signed it. Parsed notes keep
 * every signature, of unknown keys too, and render to the very characters they came from.
 */
public final class SignedNote {
    /** More signature lines than this are refused, so that nobody can make a reader work for long. */
    public static final int MAX_SIGNATURES = 100;

    private static final String BLANK_LINE = "\n\n";

    private final String text;
    private final List<NoteSignature> signatures;

    private SignedNote(String text, List<NoteSignature> signatures) {
        this.text = text;
        this.signatures = List.copyOf(signatures);
    }

    /**
     * Signs a text.
     *
     * @param text ends in a newline and has no other control characters
     * @param signers at least one; their lines come in this order
     * @throws IllegalArgumentException if the text cannot be a note's, or nobody or too many sign
     */
    public static SignedNote sign(String text, List<? extends NoteSigner> signers) {
        if (!text.endsWith("\n") || !isNoteText(text)) {
            throw new IllegalArgumentException("a note's text ends in a newline and has no other control characters");
        }
        if (signers.isEmpty() || signers.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException("a note has 1 to " + MAX_SIGNATURES + " signatures");
        }
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<NoteSignature> signatures = new ArrayList<>();
        for (NoteSigner signer : signers) {
            NoteVerifier verifier = signer.verifier();
            signatures.add(new NoteSignature(verifier.name(), verifier.keyId(), signer.sign(signed)));
        }
        return new SignedNote(text, signatures);
    }

    /** Reads a note from its UTF-8 bytes. */
    public static SignedNote parse(byte[] utf8) throws MalformedException {
        return parse(StrictText.utf8(utf8));
    }

    /** Reads a note; no signature is verified yet. */
    public static SignedNote parse(String note) throws MalformedException {
        if (!isNoteText(note)) {
            throw new MalformedException("a signed note has no control characters but newlines");
        }
        // The last blank line divides: a text may have blank lines of its own, signature lines none.
        int blank = note.lastIndexOf(BLANK_LINE);
        if (blank < 0 || !note.endsWith("\n") || blank + BLANK_LINE.length() == note.length()) {
            throw new MalformedException("a signed note is a text, a blank line, and signature lines");
        }
        String[] lines =
                note.substring(blank + BLANK_LINE.length(), note.length() - 1).split("\n", MAX_SIGNATURES + 1);
        if (lines.length > MAX_SIGNATURES) {
            throw new MalformedException("a signed note has at most " + MAX_SIGNATURES + " signatures");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : lines) {
            signatures.add(NoteSignature.parse(line));
        }
        return new SignedNote(note.substring(0, blank + 1), signatures);
    }

    /** Says if a string can be encoded and has no ASCII control characters but newlines. */
    private static boolean isNoteText(String text) {
        return text.codePoints().noneMatch(c -> (c < ' ' && c != '\n') || Character.getType(c) == Character.SURROGATE);
    }

    /**
     * Returns the keys among {@code known} that have signed the text. Signatures of other keys are ignored, even
     * where they share a name or a key id with a known one.
     *
     * @return at least one, in the order given
     * @throws NotProvenException if a signature in the name of a known key is not that key's, or no known key signed
     */
    public <V extends NoteVerifier> List<V> verify(List<V> known) throws NotProvenException {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<V> verified = new ArrayList<>();
        for (V verifier : known) {
            boolean found = false;
            for (NoteSignature signature : signatures) {
                if (signature.isMeantFor(verifier)) {
                    if (!verifier.verifies(signed, signature.signature())) {
                        throw new NotProvenException("the signature of " + verifier.name() + " is not its own");
                    }
                    found = true;
                }
            }
            if (found) {
                verified.add(verifier);
            }
        }
        if (verified.isEmpty()) {
            throw new NotProvenException("no known key has signed the note");
        }
        return verified;
    }

    /** The text with its last newline: to be believed only after {@link #verify}. */
    public String text() {
        return text;
    }

    /** Every signature, verified or not, in the order of the note. */
    public List<NoteSignature> signatures() {
        return signatures;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedNote note && toString().equals(note.toString());
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The note as it is served and as {@link #parse(String)} reads it, to be encoded in UTF-8. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature).append('\n'));
        return note.toString();
    }
}
