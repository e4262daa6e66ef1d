package org.askfirst.registry.fetch;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Limits the visits to each host to a number per minute, for all parties together. Safe for use by several threads. */
final class VisitLimit {
    private static final int MAX_KNOWN = 10_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final int perMinute;
    private final Clock clock;
    private final Map<Object, Integer> visits = new HashMap<>();
    private long minute;

    VisitLimit(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /** Counts a visit. Returns false if the limit is reached. */
    synchronized boolean mayVisit(Object host) {
        long now = clock.millis() / MINUTE_MILLIS;
        if (now != minute) {
            minute = now;
            visits.clear();
        }
        if (!visits.containsKey(host) && visits.size() >= MAX_KNOWN) {
            return false;
        }
        return visits.merge(host, 1, Integer::sum) <= perMinute;
    }
}
