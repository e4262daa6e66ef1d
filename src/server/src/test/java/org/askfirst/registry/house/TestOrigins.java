package org.askfirst.registry.house;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import org.askfirst.registry.ops.MicrosecondClock;
import org.askfirst.testkit.TestClock;

/** Gives the service under test a clock that tests can move. */
class TestOrigins {
    @Produces
    @Alternative
    @Priority(1)
    @ApplicationScoped
    Clock clock() {
        return new MicrosecondClock(TestClock.ofService());
    }
}
