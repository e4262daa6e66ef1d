package org.askfirst.problem;

import java.util.List;

/**
 * The one exception that says no to a caller.
 *
 * <p>It carries no stack trace: it tells of the caller's input, not of a fault in our code, and a batch may
 * throw a million of them.
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

    /** Which entry of the catalogue this is. */
    public Problem problem() {
        return problem;
    }

    /** What is wrong with this very request; never empty, never a class name. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The members at fault; empty where the request as a whole is. */
    public List<Violation> violations() {
        return violations;
    }

    /** The same problem of a part of a document: {@code pointer} is put before every violation's own. */
    public ProblemException at(String pointer) {
        return violations.isEmpty()
                ? this
                : problem.at(violations.stream()
                        .map(violation -> violation.below(pointer))
                        .toList());
    }
}
