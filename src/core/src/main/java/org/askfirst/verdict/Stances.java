package org.askfirst.verdict;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The stances of one declaration, one for each stated use; never empty.
 *
 * <p>They are stored as two bits for each use. Tables and index files have the same form: bits {@code 2u} and {@code
 * 2u+1} hold the number of the stance on the use with number {@code u}, and 0 if that use is unstated.
 */
public final class Stances {
    private static final int BITS = 2;
    private static final int MASK = 3;

    private final int packed;

    private Stances(int packed) {
        this.packed = packed;
    }

    /**
     * Returns the stances from a map.
     *
     * @throws IllegalArgumentException if the map is empty
     */
    public static Stances of(Map<Use, Stance> stated) {
        int packed = 0;
        for (Map.Entry<Use, Stance> one : stated.entrySet()) {
            packed |= one.getValue().number() << (BITS * one.getKey().number());
        }
        return fromPacked(packed);
    }

    /**
     * Returns the stances from their form in tables and index files.
     *
     * @throws IllegalArgumentException if no use has a stance
     */
    public static Stances fromPacked(int packed) {
        if (packed == 0) {
            throw new IllegalArgumentException("the declaration states no stance");
        }
        return new Stances(packed);
    }

    /** Returns the form in tables and index files. */
    public int packed() {
        return packed;
    }

    /** Returns the stance on exactly this use, without the stances on its umbrellas. */
    public Optional<Stance> stated(Use use) {
        return Stance.numbered((packed >>> (BITS * use.number())) & MASK);
    }

    /** Returns the stance that applies to the use: its own stance, or that of the nearest umbrella that has one. */
    public Optional<Stance> on(Use use) {
        for (Use current = use; current != null; current = current.umbrella()) {
            Optional<Stance> stated = stated(current);
            if (stated.isPresent()) {
                return stated;
            }
        }
        return Optional.empty();
    }

    /** Returns true if at least one use has that stance. */
    public boolean include(Stance stance) {
        return stated().containsValue(stance);
    }

    /** Returns the stance of each stated use, in the order of the contract. */
    public Map<Use, Stance> stated() {
        Map<Use, Stance> stated = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            stated(use).ifPresent(stance -> stated.put(use, stance));
        }
        return stated;
    }

    /** Returns the stances by the names of the contract, sorted by the name of the use. */
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
