package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * A party, by a number that says nothing of who it is.
 *
 * @param number the 128 bits of it
 */
public record PartyId(UUID number) {
    private static final String PREFIX = "p_";

    /** The id, if the text is one: {@code p_} and 26 characters. */
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
