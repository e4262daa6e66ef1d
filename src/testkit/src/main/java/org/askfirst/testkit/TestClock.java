package org.askfirst.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that a test moves forward instead of waiting. */
public final class TestClock extends Clock {
    private static final TestClock OF_SERVICE = new TestClock(Clock.systemUTC());

    private final Clock base;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    /** Starts at the time of that clock, and goes at its rate. */
    public TestClock(Clock base) {
        this.base = base;
    }

    /** The clock of the service under test. All tests of a run share it, so it is moved by seconds at most. */
    public static TestClock ofService() {
        return OF_SERVICE;
    }

    /** Moves this clock forward. */
    public void forward(Duration time) {
        ahead.accumulateAndGet(time, Duration::plus);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead.get());
    }

    @Override
    public ZoneId getZone() {
        return base.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it has one zone only");
    }
}
