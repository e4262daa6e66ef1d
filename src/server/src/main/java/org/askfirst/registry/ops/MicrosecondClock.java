package org.askfirst.registry.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Gives whole microseconds, which is what the database stores and what entries show.
 *
 * <p>{@link Clock#tick} would do the same, but in Java 17 its {@code millis()} divides by zero for so short a tick.
 */
public final class MicrosecondClock extends Clock {
    private final Clock base;

    /** Cuts the moments of that clock. */
    public MicrosecondClock(Clock base) {
        this.base = base;
    }

    @Override
    public Instant instant() {
        return base.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public ZoneId getZone() {
        return base.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new MicrosecondClock(base.withZone(zone));
    }
}
