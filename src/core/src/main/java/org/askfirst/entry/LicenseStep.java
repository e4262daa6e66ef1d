package org.askfirst.entry;

import java.util.Arrays;

/** A step after a license request was sent. */
public enum LicenseStep {
    /** The side whose turn it is proposes other terms; then it is the turn of the other side. */
    COUNTERED("license-countered"),
    /** The side whose turn it is accepts the terms that the other side proposed last. */
    ACCEPTED("license-accepted"),
    /** The side whose turn it is refuses. */
    REFUSED("license-refused"),
    /** The asker withdraws its request. */
    WITHDRAWN("license-withdrawn");

    private final String type;

    LicenseStep(String type) {
        this.type = type;
    }

    /** Returns the type of its entry. */
    public String type() {
        return type;
    }

    static LicenseStep of(String type) {
        return Arrays.stream(values())
                .filter(step -> step.type.equals(type))
                .findFirst()
                .orElseThrow(() -> EntryReader.unknown("type"));
    }
}
