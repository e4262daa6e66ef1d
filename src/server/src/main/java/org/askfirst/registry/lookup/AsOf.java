package org.askfirst.registry.lookup;

import java.time.Instant;
import org.askfirst.index.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * The position and the moment for which an answer is true.
 *
 * @param position of the ledger; entries up to and including this position apply
 * @param moment at which periods are evaluated, in microseconds; never before the entry at {@code position} was
 *     recorded
 * @param view of the index at {@code position}; null for a past that the index does not have
 */
record AsOf(long position, Instant moment, @Nullable IndexView view) {
    /** Returns the text with which the same answer can be asked for again. */
    @Override
    public String toString() {
        return position + "@" + moment;
    }
}
