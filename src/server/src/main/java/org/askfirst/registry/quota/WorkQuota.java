package org.askfirst.registry.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The quota of one asker: so many works a minute, which refill steadily. Any thread may take from it. */
final class WorkQuota {
    static final int WINDOW_SECONDS = 60;
    private static final String NAME = "works";

    private final Bucket bucket;
    private final int quota;

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
    }

    /** Takes so many works, at least one, or none at all. */
    Taken take(int works) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.max(1, works));
        long wait = probe.isConsumed()
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() + 999_999_999L));
        return new Taken(quota, probe.isConsumed(), probe.getRemainingTokens(), wait);
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
