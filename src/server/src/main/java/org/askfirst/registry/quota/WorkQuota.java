package org.askfirst.registry.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The quota of one asker: so many works a minute, which refill steadily. Any thread may take from it. */
final class WorkQuota {
    static final int WINDOW_SECONDS = 60;
    private static final String NAME = "works";

    /** A stream leaves this part of the quota to other calls of the same asker. */
    private static final int PART_FOR_OTHERS = 20;

    private static final int MOST_WAITING = 8;

    private final Bucket bucket;
    private final int quota;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    WorkQuota(int quota, Clock clock) {
        this.quota = quota;
        this.bucket = Bucket.builder()
                .withCustomTimePrecision(new ClockMeter(clock))
                .addLimit(limit -> limit.capacity(quota).refillGreedy(quota, Duration.ofSeconds(WINDOW_SECONDS)))
                .build();
    }

    /**
     * The result of an attempt to take works.
     *
     * @param granted false if too few were left; then none is taken
     * @param left after it
     * @param waitSeconds until so many are there; 0 if it was granted
     */
    record Taken(int quota, boolean granted, long left, long waitSeconds) {
        /** The value of the header {@code RateLimit-Policy}. */
        String policy() {
            return "\"" + NAME + "\";q=" + quota + ";w=" + WINDOW_SECONDS;
        }

        /** The value of the header {@code RateLimit}. */
        String rateLimit() {
            return "\"" + NAME + "\";r=" + left + ";t=" + (quota - left) * WINDOW_SECONDS / Math.max(1, quota);
        }

        /** Returns the same for people. The quota refills steadily, so that it is whole again after a part of a window. */
        QuotaResource.QuotaUse use(Instant now) {
            long used = quota - left;
            long seconds = (used * WINDOW_SECONDS + quota - 1) / Math.max(1, quota);
            return new QuotaResource.QuotaUse(quota, used, left, WINDOW_SECONDS, now.plusSeconds(seconds));
        }
    }

    /** Takes so many works, at least one, or none at all. */
    Taken take(int works) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.max(1, works));
        long wait = probe.isConsumed()
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() + 999_999_999L));
        return new Taken(quota, probe.isConsumed(), probe.getRemainingTokens(), wait);
    }

    /** Returns the state of the quota, and takes nothing. */
    Taken look() {
        return new Taken(quota, true, bucket.getAvailableTokens(), 0);
    }

    /**
     * Takes as many works as a stream may have now, from {@code least} to {@code most}; takes none if there are fewer
     * than {@code least}.
     *
     * @return the number that was taken
     */
    int takeSome(int least, int most) {
        int some = (int) Math.min(most, bucket.getAvailableTokens() - forOthers());
        return some >= least && bucket.tryConsume(some) ? some : 0;
    }

    /** Returns the time after which a stream may have so many works, in nanoseconds. */
    long nanosUntil(int works) {
        return bucket.estimateAbilityToConsume(Math.min(quota, works + forOthers()))
                .getNanosToWaitForRefill();
    }

    /** Returns the number of works that are worth waiting for: those of half a second. */
    int worthWaiting(int works) {
        return Math.max(1, Math.min(works, quota / WINDOW_SECONDS / 2));
    }

    /** Returns the places for streams of this asker that wait. */
    Semaphore waiting() {
        return waiting;
    }

    private long forOthers() {
        return quota / PART_FOR_OTHERS;
    }

    /** Measures time by the service's clock. */
    private record ClockMeter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
