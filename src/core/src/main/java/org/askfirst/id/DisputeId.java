package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a dispute, or of a rejection, which is a short dispute.
 *
 * @param number the 128 bits of the id
 */
public record DisputeId(UUID number) {
    private static final String PREFIX = "x_";

    /** Returns the id, if the text is {@code x_} and 26 characters; otherwise empty. */
    public static Optional<DisputeId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(DisputeId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
