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
    private static final int NANOS_OF_A_MICROSECOND = 1_000;
    private static final int MICROSECONDS = 1_000_000;

    /** Each lookup writes its moment, and formatting a date is slow, so the text of the last second is kept. */
    private static volatile Second last = new Second(0, "1970-01-01T00:00:00");

    /** A second, as ISO 8601 writes it without the zone. */
    private record Second(long number, String text) {}

    /** Returns the text with which the same answer can be asked for again. */
    @Override
    public String toString() {
        long number = moment.getEpochSecond();
        Second second = last;
        if (second.number() != number) {
            String text = Instant.ofEpochSecond(number).toString();
            second = new Second(number, text.substring(0, text.length() - 1));
            last = second;
        }
        int micros = moment.getNano() / NANOS_OF_A_MICROSECOND;
        // Exactly as Instant writes it: no digits, three or six.
        if (micros == 0) {
            return position + "@" + second.text() + "Z";
        }
        String digits = String.valueOf(MICROSECONDS + micros).substring(1);
        return position + "@" + second.text() + "." + (digits.endsWith("000") ? digits.substring(0, 3) : digits) + "Z";
    }
}
