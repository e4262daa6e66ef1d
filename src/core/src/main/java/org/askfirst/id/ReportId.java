package org.askfirst.id;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a revision of a usage report.
 *
 * @param number the 128 bits of the id
 */
public record ReportId(UUID number) {
    private static final String PREFIX = "u_";

    /** Returns the id, if the text is {@code u_} and 26 characters; otherwise empty. */
    public static Optional<ReportId> parse(String text) {
        return text.startsWith(PREFIX)
                ? Crockford.parse(text.substring(PREFIX.length())).map(ReportId::new)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return PREFIX + Crockford.write(number);
    }
}
