package org.askfirst.entry;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** A step of a dispute after it was filed, other than a decision. */
public enum DisputeStep {
    /** The operator finds a defect that the challenger must mend. */
    DEFECTIVE("dispute-defective", Submitter.OPERATOR),
    /** The challenger mends the defect. */
    CURED("dispute-cured", Submitter.OWN_KEY),
    /** The respondent answers. */
    ANSWERED("dispute-answered", Submitter.OWN_KEY),
    /** The challenger continues after the answer. */
    CONTINUED("dispute-continued", Submitter.OWN_KEY),
    /** One side asks for another decision. */
    APPEALED("dispute-appealed", Submitter.OWN_KEY),
    /** The challenger withdraws the dispute. */
    WITHDRAWN("dispute-withdrawn", Submitter.OWN_KEY),
    /** The operator names the party of the entry as the arbiter, who decides next. */
    ARBITER_NAMED("dispute-arbiter-named", Submitter.OPERATOR);

    private final String type;
    private final Submitter submitter;

    DisputeStep(String type, Submitter submitter) {
        this.type = type;
        this.submitter = submitter;
    }

    /** Returns the type of the entry. */
    String type() {
        return type;
    }

    Set<Submitter> submitters() {
        return Set.of(submitter);
    }

    static Optional<DisputeStep> ofType(String type) {
        return Arrays.stream(values()).filter(step -> step.type.equals(type)).findFirst();
    }
}
