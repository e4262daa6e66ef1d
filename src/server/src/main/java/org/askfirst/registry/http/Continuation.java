package org.askfirst.registry.http;

import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.jspecify.annotations.Nullable;

/**
 * {@code Continuation}: the place at which the answer to a stream ended before the request did.
 *
 * @param line number of the first line without an answer, from 1
 * @param retryAfter seconds to wait before the next call
 * @param reason a word of the contract
 */
public record Continuation(long line, long retryAfter, String reason) {
    /** The stream has waited for its quota for as long as it may. */
    public static final String QUOTA = "quota";

    /** Too many streams wait for their quota. */
    public static final String BUSY = "busy";

    /** The budget of the day is spent. */
    public static final String BUDGET = "budget";

    /**
     * Returns the end of a stream at a line that exceeds a budget; null if the line was not refused for that.
     *
     * @param refused null if the line was not refused
     */
    public static @Nullable Continuation ofBudget(long line, @Nullable ProblemException refused) {
        Retry retry = refused == null || refused.problem() != Problem.BUDGET_SPENT ? null : refused.retry();
        return retry == null ? null : new Continuation(line, retry.seconds(), BUDGET);
    }

    /** Returns the last line of an answer, line end included. */
    public byte[] asLine() {
        String text = "{\"continue\":{\"line\":" + line + ",\"retryAfter\":" + retryAfter + ",\"reason\":\"" + reason
                + "\"}}\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
