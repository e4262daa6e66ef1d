package org.askfirst.verdict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one declaration says of each use; never empty.
 *
 * <p>Kept as two bits a use, which is also the form in tables and index files: bits {@code 2u} and {@code 2u+1}
 * for the use with number {@code u}; 0 unstated, else the stance's number.
 */
public final class Stances {
    private static final int BITS = 2;
    private static final int MASK = 3;

    private final int packed;

    private Stances(int packed) {
        this.packed = packed;
    }

    /**
     * What is said of each use.
     *
     * @throws IllegalArgumentException if nothing is said
     */
    public static Stances of(Map<Use, Stance> stated) {
        int packed = 0;
        for (Map.Entry<Use, Stance> one : stated.entrySet()) {
            packed |= one.getValue().number() << (BITS * one.getKey().number());
        }
        return fromPacked(packed);
    }

    /**
     * Out of a table or index file.
     *
     * @throws IllegalArgumentException if nothing is said
     */
    public static Stances fromPacked(int packed) {
        if (packed == 0) {
            throw new IllegalArgumentException("a declaration that says nothing");
        }
        return new Stances(packed);
    }

    /** The form kept in tables and index files. */
    public int packed() {
        return packed;
    }

    /** What is said of exactly this use, umbrellas left aside. */
    public Optional<Stance> stated(Use use) {
        return Stance.numbered((packed >>> (BITS * use.number())) & MASK);
    }

    /** What this says of the use: its own stance, else that of the nearest stated umbrella. */
    public Optional<Stance> on(Use use) {
        for (Use at = use; at != null; at = at.umbrella()) {
            Optional<Stance> stated = stated(at);
            if (stated.isPresent()) {
                return stated;
            }
        }
        return Optional.empty();
    }

    /** Whether any use is given that stance. */
    public boolean take(Stance stance) {
        return stated().containsValue(stance);
    }

    /** What is said, use by use, in the order of the contract. */
    public Map<Use, Stance> stated() {
        Map<Use, Stance> stated = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            stated(use).ifPresent(stance -> stated.put(use, stance));
        }
        return stated;
    }

    /** By the names of the contract, sorted. */
    public Map<String, String> toWire() {
        Map<String, String> wire = new TreeMap<>();
        stated().forEach((use, stance) -> wire.put(use.wireName(), stance.wireName()));
        return wire;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stances stances && stances.packed == packed;
    }

    @Override
    public int hashCode() {
        return packed;
    }

    @Override
    public String toString() {
        return toWire().toString();
    }
}
