package org.askfirst.id;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** Creates UUIDs of version 7 (RFC 9562): sorted by the millisecond of their creation, and random otherwise. */
public final class TimeOrderedIds implements IdSource {
    private static final long VERSION_7 = 0x7000L;
    private static final long RANDOM_12 = 0xfffL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_62 = 0x3fff_ffff_ffff_ffffL;

    private final Clock clock;
    private final SecureRandom random;

    /** Takes the time from that clock and the random bits from that generator. */
    public TimeOrderedIds(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public UUID next() {
        long high = (clock.millis() << 16) | VERSION_7 | (random.nextLong() & RANDOM_12);
        return new UUID(high, VARIANT | (random.nextLong() & RANDOM_62));
    }
}
