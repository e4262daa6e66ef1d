package org.askfirst.registry.search;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;

/**
 * A place in the order of all results: by match, then the most similar first, then the oldest first. A result never
 * changes its place while others arrive, so pages neither repeat nor skip one.
 *
 * @param since the position of the first entry about the work or the party
 */
@SuppressWarnings("EnumOrdinal") // A cursor of before an upgrade may lead elsewhere, but harms nothing.
record Cursor(Match match, int score, long since) implements Comparable<Cursor> {
    static final int BEST = 1_000;
    private static final Pattern WRITTEN = Pattern.compile("([0-3])-([0-9]{1,4})-([0-9]{1,18})");
    private static final Comparator<Cursor> ORDER = Comparator.comparing(Cursor::match)
            .thenComparing(Cursor::score, Comparator.reverseOrder())
            .thenComparing(Cursor::since);

    /** The place before all results of a match. */
    static Cursor before(Match match) {
        return new Cursor(match, BEST, 0);
    }

    /** Reads a cursor that {@link #toString} wrote. */
    static Cursor parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            throw Parameters.refused(
                    "cursor", Reason.MALFORMED, "give the \"next\" of the page before, not " + Members.shown(text));
        }
        return new Cursor(
                Match.values()[Integer.parseInt(parts.group(1))],
                Integer.parseInt(parts.group(2)),
                Long.parseLong(parts.group(3)));
    }

    @Override
    public int compareTo(Cursor other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return match.ordinal() + "-" + score + "-" + since;
    }
}
