package org.askfirst.tlog;

/**
 * A key that is known to sign notes under a name (C2SP signed-note, "Signatures").
 *
 * <p>Name and key id together say which signature lines are meant for this key. The key id is only an identifier:
 * anybody can make a key with the same one, but not a signature that this key verifies.
 */
public interface NoteVerifier {
    /** The name that the key signs under: not empty, without spaces and plus signs. */
    String name();

    /** The key id, from SHA-256 over name, signature type and public key; all 32 bits are used. */
    int keyId();

    /**
     * Says if {@code signature} is this key's over {@code text}. Any bytes whatever get an answer.
     *
     * @param text of the note in UTF-8, with its last newline
     * @param signature without the key id in front
     */
    boolean verifies(byte[] text, byte[] signature);
}
