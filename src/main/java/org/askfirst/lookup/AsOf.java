package org.askfirst.lookup;

import java.time.Instant;

/**
 * What an answer holds for.
 *
 * @param position of the ledger: entries up to and including it count
 * @param moment by which periods are judged, in microseconds; never before the entry at that position was recorded
 */
record AsOf(long position, Instant moment) {
    /** As it can be asked for, to get the very same answer. */
    @Override
    public String toString() {
        return position + "@" + moment;
    }
}
