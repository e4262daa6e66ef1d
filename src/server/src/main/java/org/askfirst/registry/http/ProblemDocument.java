package org.askfirst.registry.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.askfirst.problem.Violation;
import org.jspecify.annotations.Nullable;

/**
 * The body of an error response (RFC 9457).
 *
 * @param errors one for each violation
 * @param retryAt when the same request can succeed; null if that is not known
 */
public record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ErrorView> errors,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant retryAt) {
    /**
     * One violation.
     *
     * @param pointer JSON Pointer of the member as a URI fragment, or the name of the parameter
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ErrorView(
            String pointer,
            String reason,
            String detail,
            @Nullable String suggestion) {
        private static ErrorView of(Violation violation) {
            String suggestion = violation.suggestion();
            return new ErrorView(
                    fragment(violation.pointer()),
                    violation.reason().word(),
                    Members.answerable(violation.detail()),
                    suggestion == null ? null : Members.answerable(suggestion));
        }
    }

    /** Returns the document of a problem. */
    public static ProblemDocument of(ProblemException exception) {
        Problem problem = exception.problem();
        Retry retry = exception.retry();
        return new ProblemDocument(
                problem.type(),
                problem.title(),
                problem.status(),
                Members.answerable(exception.detail()),
                exception.violations().stream().map(ErrorView::of).toList(),
                retry == null ? null : retry.at());
    }

    /** Returns the name of a parameter unchanged, and the pointer of a member as a URI fragment. */
    private static String fragment(String pointer) {
        // The pointer may have the name of an unknown member, which is an arbitrary text of the caller.
        return Members.answerable(pointer.isEmpty() || pointer.startsWith("/") ? "#" + pointer : pointer);
    }
}
