package org.askfirst.registry.lookup;

import java.time.Instant;
import org.askfirst.index.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * What an answer holds for.
 *
 * @param position of the ledger: entries up to and including it count
 * @param moment by which periods are judged, in microseconds; never before the entry at that position was recorded
 * @param view of the index at that position; null for a past that the index does not keep
 */
record AsOf(long position, Instant moment, @Nullable IndexView view) {
    /** As it can be asked for, to get the very same answer. */
    @Override
    public String toString() {
        return position + "@" + moment;
    }
}
