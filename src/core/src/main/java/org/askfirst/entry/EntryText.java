package org.askfirst.entry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The canonical text of an entry, all but the moment at which it is recorded: written before that is known, and
 * finished with {@link #at} while everybody waits.
 */
public final class EntryText {
    /** Always six digits of a second, so that equal moments have equal texts. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String before;
    private final String after;

    EntryText(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** {@link Entry#canonical}. */
    public String at(Instant recordedAt) {
        return before + moment(recordedAt) + after;
    }

    /** A moment, as entries write it. */
    static String moment(Instant moment) {
        return MOMENT.format(moment);
    }
}
