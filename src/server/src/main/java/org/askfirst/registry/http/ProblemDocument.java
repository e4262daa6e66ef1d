package org.askfirst.registry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.jspecify.annotations.Nullable;

/**
 * A problem as callers see it (RFC 9457).
 *
 * @param errors the members at fault, by JSON Pointer as a URI fragment
 */
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Pointed> errors) {
    /** One member at fault. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pointed(
            String pointer,
            String reason,
            String detail,
            @Nullable String suggestion) {
        private static Pointed of(Violation violation) {
            String suggestion = violation.suggestion();
            return new Pointed(
                    fragment(violation.pointer()),
                    violation.reason().word(),
                    Members.answerable(violation.detail()),
                    suggestion == null ? null : Members.answerable(suggestion));
        }
    }

    /** The document of that problem. */
    public static ProblemDocument of(ProblemException exception) {
        Problem problem = exception.problem();
        return new ProblemDocument(
                problem.type(),
                problem.title(),
                problem.status(),
                Members.answerable(exception.detail()),
                exception.violations().stream().map(Pointed::of).toList());
    }

    /** Parameters are named as they are; members by a fragment. */
    private static String fragment(String pointer) {
        // It may hold a member's name, which is the caller's and may be anything.
        return Members.answerable(pointer.isEmpty() || pointer.startsWith("/") ? "#" + pointer : pointer);
    }
}
