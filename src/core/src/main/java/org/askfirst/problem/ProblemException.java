package org.askfirst.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only exception that refuses a caller's request.
 *
 * <p>It has no stack trace: it describes the caller's input and not a fault in our code, and a batch may throw a
 * million of them.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final boolean withoutEffect;
    private final transient List<Violation> violations;

    private final transient @Nullable Retry retry;

    ProblemException(
            Problem problem, String detail, boolean withoutEffect, List<Violation> violations, @Nullable Retry retry) {
        super(detail, null, false, false);
        this.problem = problem;
        this.withoutEffect = withoutEffect;
        this.violations = List.copyOf(violations);
        this.retry = retry;
    }

    /** Returns the problem of the catalogue. */
    public Problem problem() {
        return problem;
    }

    /** Returns a description of the fault in this request; never empty, and without names of our classes. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /**
     * Returns true if it is certain that nothing was recorded, although the registry failed ({@link
     * Problem#withoutEffect}). A refusal of the request needs no such mark.
     */
    public boolean isWithoutEffect() {
        return withoutEffect;
    }

    /** Returns the members at fault; empty if the request as a whole is at fault. */
    public List<Violation> violations() {
        return violations;
    }

    /** Returns when the same request can succeed; null if that is not known. */
    public @Nullable Retry retry() {
        return retry;
    }

    /** Returns the same problem for a part of a document: every violation's pointer gets {@code pointer} as prefix. */
    public ProblemException at(String pointer) {
        return violations.isEmpty()
                ? this
                : problem.at(violations.stream()
                        .map(violation -> violation.below(pointer))
                        .toList());
    }

    /** Returns the same problem with its first violation only. */
    public ProblemException first() {
        return violations.size() > 1 ? problem.at(violations.subList(0, 1)) : this;
    }
}
