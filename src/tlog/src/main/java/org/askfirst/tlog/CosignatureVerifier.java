package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;

/**
 * An Ed25519 key with which a witness cosigns checkpoints: signature type 0x04 of C2SP tlog-cosignature.
 *
 * <p>A cosignature states that, at its time, the checkpoint had the largest tree of the log that the witness had seen,
 * and that this tree is consistent with all smaller ones that it had seen.
 *
 * <p>Its text form is the verifier key {@code name+keyid+base64(0x04 || public key)}, with the key id in eight
 * lower-case hexadecimal digits.
 */
public final class CosignatureVerifier implements NoteVerifier {
    private static final byte TYPE = 4;
    private static final String HEADER = "cosignature/v1\ntime ";

    private final NoteKey key;

    private CosignatureVerifier(NoteKey key) {
        this.key = key;
    }

    /**
     * Returns the verifier for a key with this name.
     *
     * @throws IllegalArgumentException if the name is empty or has spaces or plus signs, or if the key is not an
     *     Ed25519 key
     */
    public static CosignatureVerifier of(String name, PublicKey key) {
        return new CosignatureVerifier(NoteKey.of(name, TYPE, key));
    }

    /**
     * Reads a verifier key.
     *
     * @throws MalformedException if the text is not a verifier key, has another signature type, or has a key id that
     *     does not belong to its name and key
     */
    public static CosignatureVerifier parse(String verifierKey) throws MalformedException {
        return new CosignatureVerifier(NoteKey.parse(verifierKey, TYPE));
    }

    @Override
    public String name() {
        return key.name();
    }

    @Override
    public int keyId() {
        return key.keyId();
    }

    /** Returns the text form, which {@link #parse} reads. */
    public String verifierKey() {
        return key.toString();
    }

    /**
     * Returns true if {@code signature} is a timestamp and this key's signature over it and the text.
     *
     * @param text the text of the checkpoint in UTF-8, with its last newline
     * @param signature the timestamp in 8 bytes, big-endian, and the Ed25519 signature in 64 bytes
     */
    @Override
    public boolean verifies(byte[] text, byte[] signature) {
        if (signature.length != Long.BYTES + Ed25519.SIGNATURE_BYTES) {
            return false;
        }
        long seconds = ByteBuffer.wrap(signature).getLong();
        // A timestamp of 0 is no statement about a time, and a negative one exceeds the limit of 2^63 - 1.
        return seconds > 0
                && Ed25519.verifies(
                        key.publicKey(),
                        message(seconds, text),
                        Arrays.copyOfRange(signature, Long.BYTES, signature.length));
    }

    /** Returns the bytes that a cosignature signs. */
    static byte[] message(long seconds, byte[] text) {
        byte[] header = (HEADER + seconds + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(header.length + text.length)
                .put(header)
                .put(text)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CosignatureVerifier verifier && key.equals(verifier.key);
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
