package org.askfirst.registry.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The contacts that one asker has seen within 24 hours, on this node. Beyond the limit it sees no further ones, and
 * still those that it has seen: nobody should collect the addresses of all parties.
 *
 * <p>A contact is one of 16,384 bits, so that an asker needs 2 KiB. Two contacts with the same bit count as one, in favour
 * of the asker. Thread-safe.
 */
public final class SeenContacts {
    private static final int BITS = 1 << 14;
    private static final int WORD_SHIFT = 6;
    private static final Duration WINDOW = Duration.ofDays(1);

    private final int limit;
    private final Clock clock;
    private long[] seen = new long[0];
    private int count;
    private Instant startedAt;

    SeenContacts(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** Returns true if the asker may see the contact. A web address is a page for everybody, and is not counted. */
    public boolean show(String contact) {
        if (contact.startsWith("http")) {
            return true;
        }
        int hash = contact.hashCode();
        return show((hash ^ hash >>> 16) & BITS - 1);
    }

    /** Returns the number of contacts that were seen, and the time at which they are forgotten. */
    synchronized QuotaResource.QuotaUse use(Instant now) {
        forgetOld(now);
        return new QuotaResource.QuotaUse(
                limit, count, limit - count, WINDOW.toSeconds(), count == 0 ? now : startedAt.plus(WINDOW));
    }

    private void forgetOld(Instant now) {
        if (!now.isBefore(startedAt.plus(WINDOW))) {
            seen = new long[0];
            count = 0;
            startedAt = now;
        }
    }

    private synchronized boolean show(int bit) {
        forgetOld(clock.instant());
        if (seen.length == 0) {
            // Most askers see none.
            seen = new long[BITS >> WORD_SHIFT];
        }
        long mask = 1L << bit;
        if ((seen[bit >> WORD_SHIFT] & mask) != 0) {
            return true;
        }
        if (count >= limit) {
            return false;
        }
        seen[bit >> WORD_SHIFT] |= mask;
        count++;
        return true;
    }
}
