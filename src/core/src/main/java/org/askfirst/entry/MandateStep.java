package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;

/** A step of a mandate after it was made. */
public enum MandateStep {
    /** The other side accepts it. */
    ACCEPTED("mandate-accepted"),
    /** The other side declines it. */
    DECLINED("mandate-declined"),
    /** The member ends it. */
    WITHDRAWN("mandate-withdrawn"),
    /** The member opened an account and claims the mandate with its code. */
    CLAIMED("mandate-claimed");

    private final String type;

    MandateStep(String type) {
        this.type = type;
    }

    /** Returns the type of the entry. */
    String type() {
        return type;
    }

    static Optional<MandateStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
