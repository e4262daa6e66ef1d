package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a mandate.
 *
 * @param number the 128 bits of the id
 */
public record MandateId(UUID number) {
    private static final String PREFIX = "m_";

    /** Returns the id, if the text is {@code m_} and 26 characters; otherwise empty. */
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
