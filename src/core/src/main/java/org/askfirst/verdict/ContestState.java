package org.askfirst.verdict;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The effect of the contests of one statement on it, by moment.
 *
 * @param contestedUntil the moment before which the statement is contested; null if it is not, {@link Instant#MAX} if no
 *     end is set
 * @param permissionsEndAt the moment from which its plain permissions do not count; null if none is set
 * @param setAsideAt the moment from which it does not count at all; null if none is set
 */
public record ContestState(
        @Nullable Instant contestedUntil,
        @Nullable Instant permissionsEndAt,
        @Nullable Instant setAsideAt) {
    /** The state of a statement that nobody contests. */
    public static final ContestState NONE = new ContestState(null, null, null);

    /** Returns true if the statement is contested at that moment, and counts nevertheless. */
    public boolean isContestedAt(Instant moment) {
        return contestedUntil != null && moment.isBefore(contestedUntil) && !isReached(setAsideAt, moment);
    }

    /** Returns true if a stance of the statement does not count at that moment. */
    public boolean isSetAside(Stance stance, Instant moment) {
        return isReached(setAsideAt, moment) || (stance == Stance.PERMITTED && isReached(permissionsEndAt, moment));
    }

    private static boolean isReached(@Nullable Instant at, Instant moment) {
        return at != null && !moment.isBefore(at);
    }

    /** Returns this state together with another contest of the same statement. */
    ContestState and(ContestState other) {
        return new ContestState(
                later(contestedUntil, other.contestedUntil),
                earlier(permissionsEndAt, other.permissionsEndAt),
                earlier(setAsideAt, other.setAsideAt));
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
