package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of an offer of licenses.
 *
 * @param number the 128 bits of the id
 */
public record OfferId(UUID number) {
    private static final String PREFIX = "o_";

    /** Returns the id, if the text is {@code o_} and 26 characters; otherwise empty. */
    public static Optional<OfferId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(OfferId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
