package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;

/** A step of the vouching of a body for a member. */
public enum VouchingStep {
    /** The body offers to vouch. The offer has no effect until the member accepts it. */
    OFFERED("vouching-offered", true),
    /** The member accepts. From then on the body vouches for it. */
    ACCEPTED("vouching-accepted", false),
    /** The member declines the offer. */
    DECLINED("vouching-declined", false),
    /** The member ends the vouching. */
    LEFT("vouching-left", false),
    /** The body vouches, without an offer. Only earlier releases recorded this. */
    VOUCHED("vouched", true),
    /** The body stops vouching, or takes its offer back. */
    UNVOUCHED("unvouched", true);

    private final String type;
    private final boolean ofBody;

    VouchingStep(String type, boolean ofBody) {
        this.type = type;
        this.ofBody = ofBody;
    }

    /** Returns the type of the entry. */
    String type() {
        return type;
    }

    /** Returns true if the body acts, and false if the member does. */
    boolean isOfBody() {
        return ofBody;
    }

    static Optional<VouchingStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
