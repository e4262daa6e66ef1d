package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;

/** What can become of a mandate once it is made. */
public enum MandateStep {
    /** The other side takes it on. */
    ACCEPTED("mandate-accepted"),
    /** The other side does not. */
    DECLINED("mandate-declined"),
    /** The member ends it. */
    WITHDRAWN("mandate-withdrawn"),
    /** A party shows that it is the member who was not known. */
    CLAIMED("mandate-claimed");

    private final String type;

    MandateStep(String type) {
        this.type = type;
    }

    /** The type of its entry. */
    String type() {
        return type;
    }

    static Optional<MandateStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
