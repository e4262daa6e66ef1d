package org.askfirst.tlog;

import java.security.PublicKey;

/**
 * An Ed25519 key that signs notes: signature type 0x01 of C2SP signed-note.
 *
 * <p>Its text form is the verifier key {@code name+keyid+base64(0x01 || public key)}, with the key id in eight
 * lower-case hexadecimal digits. A log publishes it so that others can verify its checkpoints.
 */
public final class Ed25519Verifier implements NoteVerifier {
    private static final byte TYPE = 1;

    private final NoteKey key;

    private Ed25519Verifier(NoteKey key) {
        this.key = key;
    }

    /**
     * Returns the verifier for a key with this name.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    public static Ed25519Verifier of(String name, PublicKey key) {
        return new Ed25519Verifier(NoteKey.of(name, TYPE, key));
    }

    /**
     * Reads a verifier key.
     *
     * @throws MalformedException if the text is not a verifier key, has another signature type, or has a key id that
     *     does not belong to its name and key
     */
    public static Ed25519Verifier parse(String verifierKey) throws MalformedException {
        return new Ed25519Verifier(NoteKey.parse(verifierKey, TYPE));
    }

    @Override
    public String name() {
        return key.name();
    }

    @Override
    public int keyId() {
        return key.keyId();
    }

    /** Returns the public key itself. */
    public PublicKey publicKey() {
        return key.publicKey();
    }

    /** Returns the text form, which {@link #parse} reads. */
    public String verifierKey() {
        return key.toString();
    }

    @Override
    public boolean verifies(byte[] text, byte[] signature) {
        return Ed25519.verifies(key.publicKey(), text, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ed25519Verifier verifier && key.equals(verifier.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Returns the same as {@link #verifierKey()}. */
    @Override
    public String toString() {
        return verifierKey();
    }
}
