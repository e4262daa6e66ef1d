package org.askfirst.problem;

import java.util.List;

/**
 * The only exception that refuses a caller's request.
 *
 * <p>It has no stack trace: it describes the caller's input and not a fault in our code, and a batch may throw a
 * million of them.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient List<Violation> violations;

    ProblemException(Problem problem, String detail, List<Violation> violations) {
        super(detail, null, false, false);
        this.problem = problem;
        this.violations = List.copyOf(violations);
    }

    /** Returns the problem of the catalogue. */
    public Problem problem() {
        return problem;
    }

    /** Returns a description of the fault in this request; never empty, and without names of our classes. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Returns the members at fault; empty if the request as a whole is at fault. */
    public List<Violation> violations() {
        return violations;
    }

    /** Returns the same problem for a part of a document: every violation's pointer gets {@code pointer} as prefix. */
    public ProblemException at(String pointer) {
        return violations.isEmpty()
                ? this
                : problem.at(violations.stream()
                        .map(violation -> violation.below(pointer))
                        .toList());
    }
}
