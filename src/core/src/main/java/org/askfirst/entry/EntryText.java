package org.askfirst.entry;

import java.time.Instant;

/**
 * The canonical text of an entry, all but the moment at which it is recorded: written before that is known, and
 * finished with {@link #at} while everybody waits.
 */
public final class EntryText {
    private final String before;
    private final String after;

    EntryText(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** {@link Entry#canonical}. */
    public String at(Instant recordedAt) {
        return before + EntryForm.moment(recordedAt) + after;
    }
}
