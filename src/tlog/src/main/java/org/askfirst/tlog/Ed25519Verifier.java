package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * An Ed25519 key that signs notes: signature type 0x01 of C2SP signed-note.
 *
 * <p>Its text form is the verifier key {@code name+keyid+base64(0x01 || public key)}, with the key id in eight
 * lower-case hexadecimal digits. A log publishes it so that others can verify its checkpoints.
 */
public final class Ed25519Verifier implements NoteVerifier {
    private static final byte TYPE = 1;

    private final String name;
    private final PublicKey key;
    private final byte[] typeAndKey;
    private final int keyId;

    private Ed25519Verifier(String name, PublicKey key) {
        this.name = name;
        this.key = key;
        this.typeAndKey = ByteBuffer.allocate(1 + Ed25519.PUBLIC_KEY_BYTES)
                .put(TYPE)
                .put(Ed25519.raw(key))
                .array();
        MessageDigest digest = MerkleTree.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(typeAndKey);
        this.keyId = ByteBuffer.wrap(digest.digest()).getInt();
    }

    /**
     * Returns the verifier for a key with this name.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    public static Ed25519Verifier of(String name, PublicKey key) {
        if (!KeyName.isValid(name)) {
            throw new IllegalArgumentException("a key cannot have the name '" + name + "'");
        }
        return new Ed25519Verifier(name, key);
    }

    /**
     * Reads a verifier key.
     *
     * @throws MalformedException if the text is not a verifier key, has another signature type, or has a key id that
     *     does not belong to its name and key
     */
    public static Ed25519Verifier parse(String verifierKey) throws MalformedException {
        // A base64 key may itself have plus signs: only the first two are separators.
        String[] parts = verifierKey.split("\\+", 3);
        if (parts.length < 3 || !KeyName.isValid(parts[0])) {
            throw new MalformedException("a verifier key must look like name+keyid+base64");
        }
        byte[] typeAndKey = StrictText.base64(parts[2], "verifier key");
        if (typeAndKey.length != 1 + Ed25519.PUBLIC_KEY_BYTES || typeAndKey[0] != TYPE) {
            throw new MalformedException("only verifier keys of type 1, Ed25519, can be read");
        }
        byte[] raw = Arrays.copyOfRange(typeAndKey, 1, typeAndKey.length);
        Ed25519Verifier verifier = new Ed25519Verifier(parts[0], Ed25519.publicKey(raw));
        if (!verifier.verifierKey().equals(verifierKey)) {
            throw new MalformedException("the key id does not belong to this name and key");
        }
        return verifier;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int keyId() {
        return keyId;
    }

    /** Returns the public key itself. */
    public PublicKey publicKey() {
        return key;
    }

    /** Returns the text form, which {@link #parse} reads. */
    public String verifierKey() {
        return String.format(
                Locale.ROOT, "%s+%08x+%s", name, keyId, Base64.getEncoder().encodeToString(typeAndKey));
    }

    @Override
    public boolean verifies(byte[] text, byte[] signature) {
        return Ed25519.verifies(key, text, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ed25519Verifier verifier && verifierKey().equals(verifier.verifierKey());
    }

    @Override
    public int hashCode() {
        return keyId;
    }

    /** Returns the same as {@link #verifierKey()}. */
    @Override
    public String toString() {
        return verifierKey();
    }
}
