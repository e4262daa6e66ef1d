package org.askfirst.registry.ops;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * A clock of whole microseconds, which is the resolution of the database and of entries.
 *
 * <p>{@link Clock#tick} would do the same, but in Java 17 its {@code millis()} divides by zero for such a short tick.
 */
public final class MicrosecondClock extends Clock {
    private final Clock base;

    /** Creates a clock that truncates the moments of {@code base}. */
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
