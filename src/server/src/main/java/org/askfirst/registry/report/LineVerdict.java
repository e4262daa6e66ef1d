package org.askfirst.registry.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The verdict on a line of a usage report. */
enum LineVerdict {
    /** The line counts. */
    ACCEPTED(0, "accepted"),
    /** The line cannot be read, or the registry knows no statement about the work. */
    UNKNOWN(1, "unknown"),
    /** The grant does not cover the work. */
    OUTSIDE_GRANT(2, "outside-grant"),
    /** The shares of the work add up to more than 100 %. */
    OVER_CLAIMED(3, "over-claimed"),
    /** An earlier line of the report says the same. */
    DUPLICATE(4, "duplicate");

    private final int number;
    private final String wireName;

    LineVerdict(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** Returns the name in the contract. */
    String wireName() {
        return wireName;
    }

    static List<String> names() {
        return Stream.of(values()).map(LineVerdict::wireName).toList();
    }

    static Optional<LineVerdict> named(String wireName) {
        return Stream.of(values())
                .filter(verdict -> verdict.wireName.equals(wireName))
                .findFirst();
    }

    /** Returns the number in {@code report_line}. */
    short number() {
        return (short) number;
    }

    /** Returns the verdict with that number in {@code report_line}. */
    static LineVerdict of(int number) {
        return Stream.of(values())
                .filter(verdict -> verdict.number == number)
                .findFirst()
                .orElseThrow();
    }
}
