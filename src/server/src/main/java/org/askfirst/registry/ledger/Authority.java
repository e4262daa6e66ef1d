package org.askfirst.registry.ledger;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key with which an act is submitted, as its SHA-256 of 32 bytes; or the registry itself.
 *
 * <p>It is checked under the ledger's lock: a key that is revoked before the append appends nothing.
 */
public final class Authority {
    /** The registry itself, which has no key: for facts that it has checked itself, such as control of a site. */
    public static final Authority REGISTRY = new Authority(new byte[0]);

    private final byte[] keyHash;

    private Authority(byte[] keyHash) {
        this.keyHash = keyHash;
    }

    /** Returns the authority of the key with this SHA-256, 32 bytes. */
    public static Authority of(byte[] keyHash) {
        return new Authority(keyHash.clone());
    }

    /** Returns the SHA-256 of the key in a new array; an empty array for the registry. */
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
