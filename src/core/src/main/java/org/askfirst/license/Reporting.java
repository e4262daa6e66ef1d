package org.askfirst.license;

import java.util.Optional;

/** The duty of the licensee to report what it used: none, or a report for each calendar period. */
public enum Reporting {
    NONE("none"),
    MONTH("month"),
    QUARTER("quarter"),
    YEAR("year");

    private final String wireName;

    Reporting(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the duty with that name in the contract; empty if there is none. */
    public static Optional<Reporting> named(String wireName) {
        for (Reporting reporting : values()) {
            if (reporting.wireName.equals(wireName)) {
                return Optional.of(reporting);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }
}
