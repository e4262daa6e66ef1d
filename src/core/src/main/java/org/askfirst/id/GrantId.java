package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a grant.
 *
 * @param number the 128 bits of the id
 */
public record GrantId(UUID number) {
    private static final String PREFIX = "g_";

    /** Returns the id, if the text is {@code g_} and 26 characters; otherwise empty. */
    public static Optional<GrantId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(GrantId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
