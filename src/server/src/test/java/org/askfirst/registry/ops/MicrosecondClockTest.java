package org.askfirst.registry.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MicrosecondClockTest {
    @Test
    void momentsAreTruncatedToMicroseconds() {
        Clock clock =
                new MicrosecondClock(Clock.fixed(Instant.parse("2026-11-22T09:00:00.123456789Z"), ZoneOffset.UTC));
        assertEquals(Instant.parse("2026-11-22T09:00:00.123456Z"), clock.instant());
        assertEquals(Instant.parse("2026-11-22T09:00:00.123Z").toEpochMilli(), clock.millis());
        assertEquals(clock.instant(), clock.withZone(ZoneOffset.ofHours(9)).instant());
    }
}
