package org.askfirst.problem;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time from which a refused request can succeed.
 *
 * @param at the time, in whole seconds
 * @param seconds the number of seconds until then; at least 1
 */
public record Retry(Instant at, long seconds) {
    /** Returns the first whole second that is not before {@code at}. */
    public static Retry at(Instant at, Instant now) {
        Instant whole = at.truncatedTo(ChronoUnit.SECONDS);
        Instant from = whole.equals(at) ? at : whole.plusSeconds(1);
        return new Retry(
                from,
                Math.max(1, Duration.between(now, from).plusNanos(999_999_999L).toSeconds()));
    }
}
