package org.askfirst.registry.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The pace of one stream: it takes works from the quota as fast as the quota refills, and waits in between. While it
 * waits, nothing is read from the connection, so the sender slows down.
 *
 * <p>A stream that waits holds a worker. So only some streams of one asker, and of all askers, may wait at a time, and
 * each only for so long in all. After that the stream ends, and its answer says where to continue. Not safe for use by
 * several threads.
 */
public final class Pace {
    /** A stream that waits looks this often if its client is still there. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long RETRY_BUSY_SECONDS = 5;

    private final WorkQuota quota;
    private final Semaphore places;
    private final Duration patience;
    private final Clock clock;
    private final BooleanSupplier isGone;
    private final Consumer<QuotaMeters.Limit> ended;
    private Duration waited = Duration.ZERO;
    private boolean isBusy;

    /** @param ended counts the limit that ends the stream */
    Pace(
            WorkQuota quota,
            Semaphore places,
            Duration patience,
            Clock clock,
            BooleanSupplier isGone,
            Consumer<QuotaMeters.Limit> ended) {
        this.quota = quota;
        this.places = places;
        this.patience = patience;
        this.clock = clock;
        this.isGone = isGone;
        this.ended = ended;
    }

    /**
     * Takes at most {@code works} from the quota, and waits until there are some.
     *
     * @param works at least 1
     * @return the number that was taken; 0 if the stream must end now
     * @throws UncheckedIOException if the client has disconnected
     */
    public int take(int works) {
        int some = quota.takeSome(1, works);
        if (some > 0) {
            return some;
        }
        int awaited = await(works);
        if (awaited == 0) {
            ended.accept(isBusy ? QuotaMeters.Limit.WAITING : QuotaMeters.Limit.PATIENCE);
        }
        return awaited;
    }

    /** Returns true if the stream must end because too many others wait, and not because it has waited long enough. */
    public boolean isBusy() {
        return isBusy;
    }

    /** Returns the seconds after which the next call may continue a stream that had to end. */
    public long retryAfter() {
        long nanos = quota.nanosUntil(quota.worthWaiting(Integer.MAX_VALUE));
        return isBusy ? RETRY_BUSY_SECONDS : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999L));
    }

    private int await(int works) {
        if (!quota.waiting().tryAcquire()) {
            isBusy = true;
            return 0;
        }
        try {
            if (!places.tryAcquire()) {
                isBusy = true;
                return 0;
            }
            try {
                return awaitInPlace(works);
            } finally {
                places.release();
            }
        } finally {
            quota.waiting().release();
        }
    }

    private int awaitInPlace(int works) {
        int least = quota.worthWaiting(works);
        Instant from = clock.instant();
        Duration before = waited;
        while (true) {
            waited = before.plus(Duration.between(from, clock.instant()));
            int some = quota.takeSome(least, works);
            if (some > 0 || waited.compareTo(patience) >= 0) {
                return some;
            }
            if (isGone.getAsBoolean()) {
                throw new UncheckedIOException(new IOException("the client has disconnected"));
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(LOOK_NANOS, Math.max(1, quota.nanosUntil(least))));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                isBusy = true;
                return 0;
            }
        }
    }
}
