package org.askfirst.ledger;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * By which key an act is submitted: the SHA-256 of the key, 32 bytes.
 *
 * <p>Checked under the ledger's lock, so that a key revoked before the append does not append.
 */
public final class Authority {
    private final byte[] keyHash;

    private Authority(byte[] keyHash) {
        this.keyHash = keyHash;
    }

    /** The authority of the key with that SHA-256. */
    public static Authority of(byte[] keyHash) {
        return new Authority(keyHash.clone());
    }

    /** The SHA-256 of the key, in a new array. */
    public byte[] keyHash() {
        return keyHash.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Authority authority && Arrays.equals(authority.keyHash, keyHash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(keyHash);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(keyHash, 0, 4) + "…";
    }
}
