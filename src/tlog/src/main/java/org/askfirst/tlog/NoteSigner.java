package org.askfirst.tlog;

/** A key that can sign notes under a name (C2SP signed-note, "Signatures"). */
public interface NoteSigner {
    /** What knows the signatures of this signer. */
    NoteVerifier verifier();

    /**
     * Signs, so that {@link #verifier()} verifies.
     *
     * @param text of the note in UTF-8, with its last newline
     * @return the signature without the key id in front
     */
    byte[] sign(byte[] text);
}
