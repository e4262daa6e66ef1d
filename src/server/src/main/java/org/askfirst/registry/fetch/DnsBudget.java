package org.askfirst.registry.fetch;

import java.time.Duration;

/**
 * The time that one check may wait for name servers, over all its questions. Only one thread uses a budget.
 *
 * <p>A host whose name servers never answer would otherwise hold a check for as long as each of its questions may last.
 */
public final class DnsBudget {
    static final Duration WHOLE = Duration.ofSeconds(3);

    private long leftNanos = WHOLE.toNanos();

    /** Returns the time that the next question may wait: at most {@code most}, and zero if nothing is left. */
    Duration next(Duration most) {
        return Duration.ofNanos(Math.max(0, Math.min(leftNanos, most.toNanos())));
    }

    void spend(long nanos) {
        leftNanos -= nanos;
    }
}
