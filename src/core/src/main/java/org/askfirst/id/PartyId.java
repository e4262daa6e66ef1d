package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a party. It does not reveal who the party is.
 *
 * @param number the 128 bits of the id
 */
public record PartyId(UUID number) {
    private static final String PREFIX = "p_";

    /** Returns the id, if the text is {@code p_} and 26 characters; otherwise empty. */
    public static Optional<PartyId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(PartyId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
