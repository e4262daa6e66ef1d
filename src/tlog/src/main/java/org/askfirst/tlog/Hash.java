package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** The SHA-256 hash of a leaf or of a node: 32 bytes, equal when the bytes are. */
public final class Hash {
    /** How many bytes a hash has. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The hash of these bytes; they are copied.
     *
     * @throws IllegalArgumentException unless there are {@link #BYTES}
     */
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /** What {@code digest} comes to; it is reset by that, ready for the next. */
    static Hash of(MessageDigest digest) {
        return new Hash(digest.digest());
    }

    /** The next {@link #BYTES} of {@code buffer}, which must hold as many. */
    static Hash next(ByteBuffer buffer) {
        byte[] bytes = new byte[BYTES];
        buffer.get(bytes);
        return new Hash(bytes);
    }

    /** Reads the form that checkpoints and proofs carry: padded standard base64 (RFC 4648, section 4). */
    public static Hash parse(String base64) throws MalformedException {
        byte[] bytes = StrictText.base64(base64, "hash");
        if (bytes.length != BYTES) {
            throw new MalformedException("a hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new Hash(bytes);
    }

    /** A fresh array of {@link #BYTES}. */
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

    /** Padded standard base64, the form that {@link #parse} reads: 44 characters. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Lower-case hexadecimal: 64 characters. */
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

    /** Same as {@link #base64()}. */
    @Override
    public String toString() {
        return base64();
    }
}
