package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * A mandate, by a number.
 *
 * @param number the 128 bits of it
 */
public record MandateId(UUID number) {
    private static final String PREFIX = "m_";

    /** The id, if the text is one: {@code m_} and 26 characters. */
    public static Optional<MandateId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(MandateId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
