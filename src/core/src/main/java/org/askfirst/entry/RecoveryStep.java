package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;

/** A step in the recovery of a party's lost keys. */
public enum RecoveryStep {
    /** The request was proved to be the party's. Parties that still have a key may object. */
    BEGUN("recovery-begun"),
    /** The holder of a key objected, or used it. */
    STOPPED("recovery-stopped"),
    /** Nobody objected in time. The new key is valid, and the old ones are not. */
    DONE("recovered");

    private final String type;

    RecoveryStep(String type) {
        this.type = type;
    }

    /** Returns the type of the entry. */
    String type() {
        return type;
    }

    static Optional<RecoveryStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
