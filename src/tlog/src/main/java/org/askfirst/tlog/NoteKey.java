package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** The name, the type and the Ed25519 key of a verifier, with its key id and text form (C2SP signed-note). */
final class NoteKey {
    private final String name;
    private final PublicKey key;
    private final byte[] typeAndKey;
    private final int keyId;

    private NoteKey(String name, byte type, PublicKey key) {
        this.name = name;
        this.key = key;
        this.typeAndKey = ByteBuffer.allocate(1 + Ed25519.PUBLIC_KEY_BYTES)
                .put(type)
                .put(Ed25519.raw(key))
                .array();
        MessageDigest digest = MerkleTree.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(typeAndKey);
        this.keyId = ByteBuffer.wrap(digest.digest()).getInt();
    }

    /**
     * Returns the key with this name.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    static NoteKey of(String name, byte type, PublicKey key) {
        if (!KeyName.isValid(name)) {
            throw new IllegalArgumentException("a key cannot have the name '" + name + "'");
        }
        return new NoteKey(name, type, key);
    }

    /**
     * Reads a verifier key.
     *
     * @throws MalformedException if the text is not a verifier key, has another signature type, or has a key id that
     *     does not belong to its name and key
     */
    static NoteKey parse(String verifierKey, byte type) throws MalformedException {
        // A base64 key may itself have plus signs: only the first two are separators.
        String[] parts = verifierKey.split("\\+", 3);
        if (parts.length < 3 || !KeyName.isValid(parts[0])) {
            throw new MalformedException("a verifier key must look like name+keyid+base64");
        }
        byte[] typeAndKey = StrictText.base64(parts[2], "verifier key");
        if (typeAndKey.length != 1 + Ed25519.PUBLIC_KEY_BYTES || typeAndKey[0] != type) {
            throw new MalformedException("only verifier keys of type " + type + " with an Ed25519 key can be read");
        }
        byte[] raw = Arrays.copyOfRange(typeAndKey, 1, typeAndKey.length);
        NoteKey key = new NoteKey(parts[0], type, Ed25519.publicKey(raw));
        if (!key.toString().equals(verifierKey)) {
            throw new MalformedException("the key id does not belong to this name and key");
        }
        return key;
    }

    String name() {
        return name;
    }

    int keyId() {
        return keyId;
    }

    PublicKey publicKey() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey one && toString().equals(one.toString());
    }

    @Override
    public int hashCode() {
        return keyId;
    }

    /** Returns the text form, which {@link #parse} reads. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%s+%08x+%s", name, keyId, Base64.getEncoder().encodeToString(typeAndKey));
    }
}
