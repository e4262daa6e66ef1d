package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The SHA-256 hash of a leaf or a node: 32 bytes. Two hashes are equal if their bytes are. */
public final class Hash {
    /** The number of bytes of a hash. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the hash with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not exactly {@link #BYTES}
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /** Returns the result of {@code digest}, which this resets. */
    static Hash of(MessageDigest digest) {
        return new Hash(digest.digest());
    }

    /** Reads the next {@link #BYTES} of {@code buffer}, which must have as many. */
    static Hash next(ByteBuffer buffer) {
        byte[] bytes = new byte[BYTES];
        buffer.get(bytes);
        return new Hash(bytes);
    }

    /**
     * Reads the form in checkpoints and proofs: padded standard base64 (RFC 4648, section 4).
     *
     * @throws MalformedException if the text is not that, or has not {@link #BYTES}
     */
    public static Hash parse(String base64) throws MalformedException {
        byte[] bytes = StrictText.base64(base64, "hash");
        if (bytes.length != BYTES) {
            throw new MalformedException("a hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Hash(bytes);
    }

    /** Returns the bytes in a new array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Writes {@link #BYTES} into {@code buffer}. */
    void put(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    /** Feeds {@link #BYTES} to {@code digest}. */
    void feed(MessageDigest digest) {
        digest.update(bytes);
    }

    /** Returns padded standard base64, which {@link #parse} reads: 44 characters. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns lower-case hexadecimal: 64 characters. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the same as {@link #base64()}. */
    @Override
    public String toString() {
        return base64();
    }
}
