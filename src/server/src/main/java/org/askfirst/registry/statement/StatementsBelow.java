package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Finds the statements in force about what a site, a path or a prefix contains, page by page.
 *
 * <p>Keys are hashes, so they do not tell what is below a site. The place of a subject does: the index of places has the
 * addresses of a site together ({@code V51__statement_place.sql}).
 */
@ApplicationScoped
public class StatementsBelow {
    /** Number of rows that one page reads at most, those of the excluded party included. */
    static final int WINDOW = 5_000;

    /** Number of statements that one page returns at most. */
    static final int MOST = 1_000;

    private static final int PATH = 100;
    private static final int BLOCK = 200;

    /** A character that is greater than each one in a canonical subject. */
    private static final String LAST = "\u007f";

    /** The expression of the two indexes. */
    private static final String PLACE = "((case when subject like 'url:%' or subject like 'under:%' then"
            + " reverse(split_part(subject, '/', 3)) || left(substr(subject, strpos(subject, '://') + 3"
            + " + length(split_part(subject, '/', 3))), 100)"
            + " when subject like 'domain:%' then reverse(substr(subject, 8)) || '/'"
            + " else left(subject, 100) end) collate \"C\")";

    private static final String RANGE = " where until_position = " + Positions.NO_END + " and " + PLACE + " >= ? and "
            + PLACE + " < ? and (" + PLACE + ", position) > (? collate \"C\", ?) order by " + PLACE
            + ", position limit "
            + WINDOW;

    static final String STATED = "select w.place, w.position, w.declaration, w.party, w.mandate,"
            + " case when w.party = ? then null else w.subject end from (select " + PLACE + " as place, position,"
            + " declaration, party, mandate, subject from standing_statement" + RANGE + ") w order by 1, 2";

    /** Lets PostgreSQL read the index in its order. Otherwise it may read and sort everything below a large site. */
    static final String IN_ORDER =
            "select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)";

    private static final String LISTED = "select w.place, w.position, w.declaration, d.party, d.mandate,"
            + " case when d.party = ? or d.withdrawn then null else w.subject end from (select " + PLACE
            + " as place, position, declaration, subject from standing_listing"
            + RANGE.replace(" where ", " where own and ")
            + ") w join standing_declaration d on d.id = w.declaration order by 1, 2";

    private static final Pattern CURSOR = Pattern.compile("([sl])([0-9]{1,18})-([A-Za-z0-9_-]{0,700})");

    private final DataSource dataSource;

    StatementsBelow(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A statement about a subject.
     *
     * @param subject canonical
     * @param mandate under which the party speaks for a member; null if it speaks for itself
     */
    public record Below(
            DeclarationId declaration,
            PartyId party,
            String subject,
            @Nullable MandateId mandate,
            Cursor cursor) {}

    /**
     * A place in the search.
     *
     * @param listed true among the works of repertoires, which come after the statements about named subjects
     */
    public record Cursor(boolean listed, long position, String place) {
        /** The beginning of the search. */
        public static final Cursor START = new Cursor(false, 0, "");

        /** Reads a cursor as {@link #toString} writes it; empty for any other text. */
        public static Optional<Cursor> parse(String text) {
            Matcher cursor = CURSOR.matcher(text);
            if (!cursor.matches()) {
                return Optional.empty();
            }
            try {
                String place = new String(Base64.getUrlDecoder().decode(cursor.group(3)), StandardCharsets.UTF_8);
                return place.indexOf('\0') >= 0
                        ? Optional.empty()
                        : Optional.of(new Cursor(cursor.group(1).equals("l"), Long.parseLong(cursor.group(2)), place));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return (listed ? "l" : "s") + position + "-"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A page of the search.
     *
     * @param statements those of other parties than the excluded one. A few may not be contained in the subject.
     * @param read number of rows that were read
     * @param next the place to continue from; null if all was searched
     */
    public record Page(
            List<Below> statements, int read, @Nullable Cursor next) {}

    /** Returns true if subjects below this one can be found: if it is a site, a path or a prefix. */
    public static boolean canSearch(Subject subject) {
        return range(subject) != null;
    }

    /**
     * Returns the statements about what the subject contains, in the order of their places.
     *
     * @param subject one for which {@link #canSearch} returns true
     * @param except the party whose statements are left out
     */
    public Page find(Subject subject, PartyId except, Cursor after) throws SQLException {
        Range range = range(subject);
        if (range == null) {
            throw new IllegalArgumentException("nothing can be found below " + subject);
        }
        List<Below> found = new ArrayList<>();
        Cursor last = after;
        int read = 0;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement inOrder = connection.prepareStatement(IN_ORDER)) {
                inOrder.execute();
            }
            try (PreparedStatement select = connection.prepareStatement(after.listed() ? LISTED : STATED)) {
                select.setFetchSize(BLOCK);
                select.setObject(1, except.number());
                select.setString(2, range.from());
                select.setString(3, range.to());
                select.setString(4, after.place());
                select.setLong(5, after.position());
                try (ResultSet row = select.executeQuery()) {
                    while (found.size() < MOST && row.next()) {
                        read++;
                        last = new Cursor(after.listed(), row.getLong(2), row.getString(1));
                        String stated = row.getString(6);
                        if (stated != null) {
                            UUID mandate = row.getObject(5, UUID.class);
                            found.add(new Below(
                                    new DeclarationId(row.getObject(3, UUID.class)),
                                    new PartyId(row.getObject(4, UUID.class)),
                                    stated,
                                    mandate == null ? null : new MandateId(mandate),
                                    last));
                        }
                    }
                }
            } finally {
                connection.rollback();
            }
        }
        boolean isDone = found.size() < MOST && read < WINDOW;
        return new Page(found, read, isDone ? (after.listed() ? null : new Cursor(true, 0, "")) : last);
    }

    /** Places from {@code from} on and before {@code to}. */
    private record Range(String from, String to) {}

    private static @Nullable Range range(Subject subject) {
        String value = subject.canonical().substring(subject.canonical().indexOf(':') + 1);
        return switch (subject.scheme()) {
            // A dot, a slash and a zero follow one another in ASCII: subdomains, then the host itself.
            case DOMAIN -> new Range(reversed(value) + ".", reversed(value) + "0");
            case UNDER -> under(value);
            case ISBN_PREFIX -> startingWith("isbn:" + value);
            case ISRC_REGISTRANT -> startingWith("isrc:" + value);
            case DOI_PREFIX -> new Range("doi:" + value + ".", "doi:" + value + "0");
            case UCI_PREFIX -> startingWith("uci:" + value);
            default -> null;
        };
    }

    private static Range under(String address) {
        String text = address.substring("https://".length());
        int slash = text.indexOf('/');
        String host = reversed(text.substring(0, slash));
        String path = text.substring(slash, text.length() - 1);
        if (path.isEmpty()) {
            return new Range(host + "/", host + "0");
        }
        return startingWith(host + (path.length() > PATH ? path.substring(0, PATH) : path));
    }

    private static Range startingWith(String start) {
        return new Range(start, start + LAST);
    }

    private static String reversed(String host) {
        return new StringBuilder(host).reverse().toString();
    }
}
