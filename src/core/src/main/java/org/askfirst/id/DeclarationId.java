package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a declaration, which stays the same through every amendment.
 *
 * @param number the 128 bits of the id
 */
public record DeclarationId(UUID number) {
    private static final String PREFIX = "d_";

    /** Returns the id, if the text is {@code d_} and 26 characters; otherwise empty. */
    public static Optional<DeclarationId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(DeclarationId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
