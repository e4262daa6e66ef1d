package org.askfirst.tlog;

/**
 * A known key that signs notes under a name (C2SP signed-note, "Signatures").
 *
 * <p>Name and key id together identify the signature lines of this key. The key id is only an identifier. Anybody can
 * create a key with the same id, but not a signature that this key verifies.
 */
public interface NoteVerifier {
    /** Returns the name of the key: not empty, without spaces and plus signs. */
    String name();

    /** Returns the key id, from SHA-256 over name, signature type and public key; all 32 bits are used. */
    int keyId();

    /**
     * Returns true if {@code signature} is this key's signature of {@code text}; false for all other bytes.
     *
     * @param text the text of the note in UTF-8, with its last newline
     * @param signature the signature without the key id
     */
    boolean verifies(byte[] text, byte[] signature);
}
