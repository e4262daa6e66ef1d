package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * A declaration, by a number that it keeps through every amendment.
 *
 * @param number the 128 bits of it
 */
public record DeclarationId(UUID number) {
    private static final String PREFIX = "d_";

    /** The id, if the text is one: {@code d_} and 26 characters. */
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
