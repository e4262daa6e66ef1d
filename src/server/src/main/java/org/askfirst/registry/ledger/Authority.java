package org.askfirst.registry.ledger;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key with which an act is submitted, as its SHA-256 of 32 bytes; or the registry itself. It may also name the
 * sender, for limits, and the operator's keys that agreed to the act. Two authorities with the same key are equal.
 *
 * <p>It is checked under the ledger's lock: a key that is revoked before the append appends nothing.
 */
public final class Authority {
    /** The registry itself, which has no key: for facts that it has checked itself, such as control of a site. */
    public static final Authority REGISTRY = new Authority(new byte[0], null, List.of());

    private final byte[] keyHash;
    private final @Nullable Sender sender;
    private final List<String> operators;

    private Authority(byte[] keyHash, @Nullable Sender sender, List<String> operators) {
        this.keyHash = keyHash;
        this.sender = sender;
        this.operators = List.copyOf(operators);
    }

    /** Returns the authority of the key with this SHA-256, 32 bytes. */
    public static Authority of(byte[] keyHash) {
        return new Authority(keyHash.clone(), null, List.of());
    }

    /** Returns the same authority with the sender. */
    public Authority from(Sender newSender) {
        return new Authority(keyHash, newSender, operators);
    }

    /** Returns the same authority with the names of the operator's keys that agreed to the act. */
    public Authority by(List<String> names) {
        return new Authority(keyHash, sender, names);
    }

    /** Returns the names of the operator's keys that agreed to the act; empty if a party acts. */
    public List<String> operators() {
        return operators;
    }

    /** Returns the sender; null if it is not known. */
    public @Nullable Sender sender() {
        return sender;
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
