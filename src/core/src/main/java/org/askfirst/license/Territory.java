package org.askfirst.license;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The countries in which a license applies.
 *
 * @param countries ISO 3166-1 alpha-2 codes, sorted, without repetitions; empty for the whole world
 */
public record Territory(List<String> countries) {
    /** Before {@link #WORLD}, whose construction reads it. */
    private static final Set<String> CODES = Set.of(Locale.getISOCountries());

    /** The name of the whole world in the contract. */
    public static final String WORLD_NAME = "world";

    /** The whole world. */
    public static final Territory WORLD = new Territory(List.of());

    public Territory {
        countries = countries.stream().distinct().sorted().toList();
        if (!CODES.containsAll(countries)) {
            throw new IllegalArgumentException("a country is not one of ISO 3166-1");
        }
    }

    /** Returns true if the code is one of ISO 3166-1 alpha-2. */
    public static boolean isCountry(String code) {
        return CODES.contains(code);
    }

    /**
     * Reads the list that {@link #toWire} writes.
     *
     * @throws IllegalArgumentException if the list is empty, has {@code world} and a country, or has an unknown code
     */
    public static Territory parse(Collection<String> names) {
        if (names.size() == 1 && names.contains(WORLD_NAME)) {
            return WORLD;
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("the territory has no country");
        }
        return new Territory(List.copyOf(names));
    }

    /** Returns the codes, or {@code world} alone. */
    public List<String> toWire() {
        return isWorld() ? List.of(WORLD_NAME) : countries;
    }

    /** Returns true if this is the whole world. */
    public boolean isWorld() {
        return countries.isEmpty();
    }

    /** Returns true if every country of the other territory is in this one. */
    public boolean covers(Territory other) {
        return isWorld() || (!other.isWorld() && countries.containsAll(other.countries));
    }
}
