package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of a party's wish to have a new key in place of those it lost. */
public enum RecoveryStep {
    /** It was shown that the wish is the party's; those who still hold a key may object. */
    BEGUN("recovery-begun"),
    /** Somebody who holds a key objected. */
    STOPPED("recovery-stopped"),
    /** Nobody objected in time: the new key works, the old ones do not. */
    DONE("recovered");

    private final String type;

    RecoveryStep(String type) {
        this.type = type;
    }

    /** The type of its entry. */
    String type() {
        return type;
    }

    static Optional<RecoveryStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
