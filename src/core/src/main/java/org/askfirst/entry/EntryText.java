package org.askfirst.entry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The canonical text of an entry without the time of the record. It is prepared before that time is known, because
 * {@link #at} runs while other writers wait for the ledger's lock.
 */
public final class EntryText {
    /** Always writes six digits of a second, so that equal times have equal texts. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String before;
    private final String after;

    EntryText(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** Returns the text that {@link Entry#canonical} describes. */
    public String at(Instant recordedAt) {
        return before + moment(recordedAt) + after;
    }

    /** Returns a time in the form that entries use. */
    static String moment(Instant moment) {
        return MOMENT.format(moment);
    }
}
