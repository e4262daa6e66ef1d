package org.askfirst.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text with its signatures (C2SP signed-note).
 *
 * <p>The text must not be trusted until {@link #verify} has shown that a trusted key signed it. Parsed notes keep every
 * signature, also those of unknown keys, and are written with exactly the characters that were read.
 */
public final class SignedNote {
    /** The greatest number of signature lines. It bounds the work of a reader. */
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
     * @param text a text that ends in a newline and has no control characters except newlines
     * @param signers at least one; their lines come in this order
     * @throws IllegalArgumentException if the text cannot be a note's, or if there are no signers or too many
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

    /**
     * Reads a note from its UTF-8 bytes and verifies no signature.
     *
     * @throws MalformedException if the bytes are not a signed note
     */
    public static SignedNote parse(byte[] utf8) throws MalformedException {
        return parse(StrictText.utf8(utf8));
    }

    /**
     * Reads a note and verifies no signature.
     *
     * @throws MalformedException if the text is not a signed note
     */
    public static SignedNote parse(String note) throws MalformedException {
        if (!isNoteText(note)) {
            throw new MalformedException("a signed note has no control characters except newlines");
        }
        // The last blank line is the separator: the text may have blank lines, signature lines cannot.
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

    /** Returns true if a string can be encoded and has no ASCII control characters except newlines. */
    private static boolean isNoteText(String text) {
        return text.codePoints().noneMatch(c -> (c < ' ' && c != '\n') || Character.getType(c) == Character.SURROGATE);
    }

    /**
     * Returns the keys among {@code knownKeys} that have signed the text. Signatures of other keys are ignored, even if
     * their name or key id is that of a known key.
     *
     * @return at least one key, in the given order
     * @throws NotProvenException if a signature with the name and key id of a known key is not that key's, or if no
     *     known key signed
     */
    public <V extends NoteVerifier> List<V> verify(List<V> knownKeys) throws NotProvenException {
        byte[] signed = text.getBytes(StandardCharsets.UTF_8);
        List<V> verified = new ArrayList<>();
        for (V verifier : knownKeys) {
            boolean hasSigned = false;
            for (NoteSignature signature : signatures) {
                if (signature.isMeantFor(verifier)) {
                    if (!verifier.verifies(signed, signature.signature())) {
                        throw new NotProvenException(
                                "the signature in the name of " + verifier.name() + " is not that key's");
                    }
                    hasSigned = true;
                }
            }
            if (hasSigned) {
                verified.add(verifier);
            }
        }
        if (verified.isEmpty()) {
            throw new NotProvenException("no known key has signed the note");
        }
        return verified;
    }

    /**
     * Returns the same text with these signatures, which are not verified.
     *
     * @throws IllegalArgumentException if there are none or too many
     */
    public SignedNote withSignatures(List<NoteSignature> others) {
        if (others.isEmpty() || others.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException("a note has 1 to " + MAX_SIGNATURES + " signatures");
        }
        return new SignedNote(text, others);
    }

    /**
     * Reads signature lines that somebody returned for this text, such as a witness, and returns those of the key.
     *
     * @param lines signature lines, each with its newline
     * @return the valid signatures of the key; lines of other keys are ignored
     * @throws MalformedException if the text is not signature lines
     * @throws NotProvenException if the key has not signed, or a signature in its name is not its own
     */
    public List<NoteSignature> signaturesOf(NoteVerifier verifier, byte[] lines)
            throws MalformedException, NotProvenException {
        SignedNote note = parse(text + "\n" + StrictText.utf8(lines));
        if (!note.text.equals(text)) {
            throw new MalformedException("there are more than signature lines");
        }
        note.verify(List.of(verifier));
        return note.signatures.stream()
                .filter(signature -> signature.isMeantFor(verifier))
                .toList();
    }

    /** Returns the text with its last newline. Trust it only after {@link #verify}. */
    public String text() {
        return text;
    }

    /** Returns every signature, verified or not, in the order of the note. */
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

    /** Returns the note that {@link #parse(String)} reads, to be encoded in UTF-8. */
    @Override
    public String toString() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature).append('\n'));
        return note.toString();
    }
}
