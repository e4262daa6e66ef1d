package org.askfirst.registry.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.askfirst.registry.quota.WorkQuota.Taken;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** The amounts of a quota, its steady refill, and the values of its headers. */
class WorkQuotaTest {
    private static final int QUOTA = 600;

    private final TestClock clock = new TestClock(Clock.fixed(Instant.parse("2026-11-29T00:00:00Z"), ZoneOffset.UTC));
    private final WorkQuota quota = new WorkQuota(QUOTA, clock);

    @Test
    void whatIsLeftIsCounted() {
        assertEquals(new Taken(QUOTA, true, 599, 0), quota.take(1));
        assertEquals(new Taken(QUOTA, true, 499, 0), quota.take(100));
        assertEquals(new Taken(QUOTA, true, 0, 0), quota.take(499));
    }

    @Test
    void anExchangeAboutNoWorkCountsAsOne() {
        assertEquals(599, quota.take(0).left());
    }

    @Test
    void whatIsTooMuchIsRefusedWholeAndTakesNothing() {
        quota.take(400);
        assertEquals(new Taken(QUOTA, false, 200, 1), quota.take(201));
        assertEquals(new Taken(QUOTA, true, 0, 0), quota.take(200));
    }

    @Test
    void theWaitIsToldInWholeSecondsRoundedUp() {
        quota.take(QUOTA);
        assertEquals(1, quota.take(1).waitSeconds());
        assertEquals(1, quota.take(10).waitSeconds());
        assertEquals(2, quota.take(11).waitSeconds());
        assertEquals(60, quota.take(QUOTA).waitSeconds());
    }

    @Test
    void afterTheWaitAsManyAreThere() {
        quota.take(QUOTA);
        long wait = quota.take(25).waitSeconds();
        assertEquals(3, wait);
        clock.forward(Duration.ofSeconds(wait).minusMillis(501));
        assertEquals(false, quota.take(25).granted());
        clock.forward(Duration.ofMillis(501));
        assertEquals(new Taken(QUOTA, true, 5, 0), quota.take(25));
    }

    @Test
    void itRefillsSteadilyAndNeverBeyondTheQuota() {
        quota.take(QUOTA);
        clock.forward(Duration.ofMillis(100));
        assertEquals(new Taken(QUOTA, true, 0, 0), quota.take(1));
        clock.forward(Duration.ofSeconds(30));
        assertEquals(new Taken(QUOTA, true, 299, 0), quota.take(1));
        clock.forward(Duration.ofHours(1));
        assertEquals(new Taken(QUOTA, true, 599, 0), quota.take(1));
    }

    @Test
    void theHeadersTellQuotaRestAndTimeUntilItIsFull() {
        Taken taken = quota.take(150);
        assertEquals("\"works\";q=600;w=60", taken.policy());
        assertEquals("\"works\";r=450;t=15", taken.rateLimit());
        assertEquals("\"works\";r=450;t=15", quota.take(451).rateLimit());
        quota.take(450);
        assertEquals("\"works\";r=0;t=60", quota.take(1).rateLimit());
    }
}
