package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a license request to one licensor.
 *
 * @param number the 128 bits of the id
 */
public record LicenseRequestId(UUID number) {
    private static final String PREFIX = "q_";

    /** Returns the id, if the text is {@code q_} and 26 characters; otherwise empty. */
    public static Optional<LicenseRequestId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(LicenseRequestId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
