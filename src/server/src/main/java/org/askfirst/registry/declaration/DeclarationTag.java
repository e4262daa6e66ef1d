package org.askfirst.registry.declaration;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.registry.http.Conditional;
import org.jspecify.annotations.Nullable;

/**
 * The ETag of a declaration: the position of its last entry, a hyphen, and a hash of the whole answer.
 *
 * <p>The answer also shows what no entry of the declaration changes, such as its status at this moment, so
 * {@code If-None-Match} compares the whole tag. {@code If-Match} protects entries from each other, so it compares only
 * the position. A tag of the position alone is therefore valid there too.
 */
final class DeclarationTag {
    private static final String ANY = "*";
    private static final Pattern TAG =
            Pattern.compile("\"([0-9]{1,18})(?:-[0-9a-f]+)?(?:-(?:gzip|br|zstd|deflate))?\"");

    private DeclarationTag() {}

    /** Returns the strong ETag of an answer. */
    static String of(long position, byte[] body) {
        return "\"" + position + "-" + Conditional.etag(body).substring(1);
    }

    /**
     * Returns the positions of which the last entry must have one. A weak tag, and one of another resource, names no
     * position.
     *
     * @param ifMatch the values of the header {@code If-Match}; empty if it was not sent
     * @return null if any position will do
     */
    static @Nullable Set<Long> expected(List<String> ifMatch) {
        if (ifMatch.isEmpty()) {
            return null;
        }
        Set<Long> positions = new HashSet<>();
        for (String tag : String.join(",", ifMatch).split(",", -1)) {
            if (tag.strip().equals(ANY)) {
                return null;
            }
            Matcher strong = TAG.matcher(tag.strip());
            if (strong.matches()) {
                positions.add(Long.parseLong(strong.group(1)));
            }
        }
        return positions;
    }
}
