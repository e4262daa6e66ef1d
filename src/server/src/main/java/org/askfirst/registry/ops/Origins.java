package org.askfirst.registry.ops;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.security.SecureRandom;
import java.time.Clock;
import org.askfirst.id.IdSource;
import org.askfirst.id.TimeOrderedIds;

/** Provides the clock and the source of ids, so that a test can replace both in one place. */
class Origins {
    @Produces
    @ApplicationScoped
    Clock clock() {
        return new MicrosecondClock(Clock.systemUTC());
    }

    @Produces
    @ApplicationScoped
    IdSource ids(Clock clock) {
        return new TimeOrderedIds(clock, new SecureRandom());
    }
}
