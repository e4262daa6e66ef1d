package org.askfirst.registry.ledger;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * By which key an act is submitted: the SHA-256 of the key, 32 bytes; or by the registry itself.
 *
 * <p>Checked under the ledger's lock, so that a key revoked before the append does not append.
 */
public final class Authority {
    /** The registry itself, which has no key: for what it has seen with its own eyes. */
    public static final Authority REGISTRY = new Authority(new byte[0]);

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
        return keyHash.length == 0 ? "the registry" : HexFormat.of().formatHex(keyHash, 0, 4) + "…";
    }
}
