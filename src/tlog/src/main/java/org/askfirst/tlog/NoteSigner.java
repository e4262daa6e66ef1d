package org.askfirst.tlog;

/** A key that can sign notes under a name (C2SP signed-note, "Signatures"). */
public interface NoteSigner {
    /** Returns the verifier of this signer's signatures. */
    NoteVerifier verifier();

    /**
     * Signs a text, so that {@link #verifier()} verifies the signature.
     *
     * @param text the text of the note in UTF-8, with its last newline
     * @return the signature without the key id
     */
    byte[] sign(byte[] text);
}
