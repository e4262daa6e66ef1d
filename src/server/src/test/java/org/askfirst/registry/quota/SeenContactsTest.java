package org.askfirst.registry.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

class SeenContactsTest {
    private final TestClock clock = new TestClock(Clock.fixed(Instant.parse("2026-11-29T12:00:00Z"), ZoneOffset.UTC));
    private final SeenContacts seen = new SeenContacts(3, clock);

    @Test
    void anAskerSeesSoManyAndTheseAgain() {
        for (String one : new String[] {"mailto:a@x.kr", "mailto:b@x.kr", "tel:+82-2-1"}) {
            assertTrue(seen.show(one));
        }
        assertFalse(seen.show("mailto:c@x.kr"));
        assertFalse(seen.show("mailto:d@x.kr"));
        assertTrue(seen.show("mailto:a@x.kr"));
        assertTrue(seen.show("https://x.kr/licenses"), "a page is no address");
    }

    @Test
    void aDayLaterItSeesOthers() {
        seen.show("mailto:a@x.kr");
        seen.show("mailto:b@x.kr");
        seen.show("mailto:c@x.kr");
        clock.forward(Duration.ofHours(24).minusMillis(1));
        assertFalse(seen.show("mailto:d@x.kr"));
        clock.forward(Duration.ofMillis(1));
        assertTrue(seen.show("mailto:d@x.kr"));
    }

    @Test
    void anAskerSeesHowManyItSaw() {
        Instant now = clock.instant();
        assertEquals(new QuotaResource.QuotaUse(3, 0, 3, 86_400, now), seen.use(now));
        seen.show("mailto:a@x.kr");
        seen.show("mailto:a@x.kr");
        seen.show("mailto:b@x.kr");
        clock.forward(Duration.ofHours(1));
        assertEquals(
                new QuotaResource.QuotaUse(3, 2, 1, 86_400, now.plus(Duration.ofDays(1))), seen.use(clock.instant()));
        clock.forward(Duration.ofHours(23));
        assertEquals(0, seen.use(clock.instant()).used());
    }

    @Test
    void contactsThatLookAlikeCount() {
        SeenContacts many = new SeenContacts(500, clock);
        long shown = IntStream.range(0, 10_000)
                .filter(i -> many.show("mailto:author" + i + "@example.com"))
                .count();
        // 500 of 16,384 bits are taken, so some of the others have one of them.
        assertTrue(shown >= 500 && shown < 1_000, shown + " were shown");
        assertEquals(true, many.show("mailto:author0@example.com"));
    }
}
