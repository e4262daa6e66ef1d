package org.askfirst.registry.asked;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.datasketches.frequencies.LongsSketch;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.statement.DeclaredWorks;
import org.jspecify.annotations.Nullable;

/** Reads the tables of counts, and erases parties from them. */
@ApplicationScoped
class CountStore implements ErasureListener {
    private static final String ANONYMOUS = "asker = '" + Asker.NOBODY + "'";
    private static final String OWN = "asker = '" + Asker.SELF + "'";
    private static final String IDENTIFIED = "asker > '" + Asker.SELF + "'";
    private static final String SUMS = "coalesce(sum(lookups) filter (where " + IDENTIFIED + "), 0)::bigint,"
            + " coalesce(sum(lookups) filter (where " + ANONYMOUS + "), 0)::bigint,"
            + " coalesce(sum(lookups) filter (where " + OWN + "), 0)::bigint";

    private final DataSource dataSource;

    CountStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The declarations that are counted together.
     *
     * @param declaration null for all declarations of the party
     */
    record Scope(PartyId party, @Nullable DeclarationId declaration) {
        private String condition() {
            return declaration == null ? "party = ?" : "declaration = ?";
        }

        private String table() {
            return declaration == null ? "asked_party" : "asked_declaration";
        }

        private UUID number() {
            return declaration == null ? party.number() : declaration.number();
        }
    }

    /** Returns the shown counts of each day from the first one to {@code to}. Days without any are left out. */
    SortedMap<LocalDate, ShownCounts> days(Scope scope, LocalDate to) throws SQLException {
        SortedMap<LocalDate, ShownCounts> days = new TreeMap<>();
        long before = 0;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select day, " + SUMS + " from " + scope.table()
                        + " where " + scope.condition() + " and day <= ? group by day order by day")) {
            select.setObject(1, scope.number());
            select.setObject(2, to);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long after = before + row.getLong(3);
                    ShownCounts shown = new ShownCounts(
                            row.getLong(2), ShownCounts.tens(after) - ShownCounts.tens(before), row.getLong(4));
                    before = after;
                    if (!shown.isEmpty()) {
                        days.put(row.getObject(1, LocalDate.class), shown);
                    }
                }
            }
        }
        return days;
    }

    /** The lookups of one named asker. */
    record OfAsker(PartyId asker, long lookups) {}

    /** Returns named askers, those with the most lookups first. */
    List<OfAsker> askers(Scope scope, LocalDate from, LocalDate to, long skipped, int limit) throws SQLException {
        List<OfAsker> askers = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select asker, sum(lookups)::bigint from "
                        + scope.table() + " where " + scope.condition() + " and day between ? and ? and " + IDENTIFIED
                        + " group by asker order by 2 desc, asker offset ? limit ?")) {
            select.setObject(1, scope.number());
            select.setObject(2, from);
            select.setObject(3, to);
            select.setLong(4, skipped);
            select.setInt(5, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    askers.add(new OfAsker(new PartyId(row.getObject(1, UUID.class)), row.getLong(2)));
                }
            }
        }
        return askers;
    }

    /**
     * The lookups of one work in a month.
     *
     * @param subject the declared subject; null if the declaration names it no longer
     * @param more lookups that a sketch may have counted beyond {@code counts}, at most; 0 if each was counted
     */
    record OfWork(DeclarationId declaration, @Nullable String subject, ShownCounts counts, long more) {}

    /** Returns the works with shown lookups in the month, those with the most first. */
    List<OfWork> works(Scope scope, LocalDate month, long skipped, int limit) throws SQLException {
        Map<DeclaredWorks.Work, ShownCounts> counts = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select declaration, work, identified, tens, own"
                        + " from (select declaration, work, identified, anonymous / " + ShownCounts.TENS + " * "
                        + ShownCounts.TENS + " as tens, own from (select declaration, work, " + SUMS
                        + " from asked_work where " + scope.condition()
                        + " and month = ? group by declaration, work) w (declaration, work, identified, anonymous, own)"
                        + ") s where identified + tens + own > 0"
                        + " order by identified + tens desc, own desc, declaration, work offset ? limit ?")) {
            select.setObject(1, scope.number());
            select.setObject(2, month);
            select.setLong(3, skipped);
            select.setInt(4, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.put(
                            new DeclaredWorks.Work(new DeclarationId(row.getObject(1, UUID.class)), row.getLong(2)),
                            new ShownCounts(row.getLong(3), row.getLong(4), row.getLong(5)));
                }
            }
            Map<DeclaredWorks.Work, String> subjects = DeclaredWorks.subjects(connection, counts.keySet());
            LongsSketch sketch = TallyFold.sketch(connection, month);
            Map<DeclarationId, List<Long>> positions = new HashMap<>();
            List<OfWork> works = new ArrayList<>();
            for (Map.Entry<DeclaredWorks.Work, ShownCounts> one : counts.entrySet()) {
                DeclaredWorks.Work work = one.getKey();
                long more = 0;
                if (sketch != null) {
                    List<Long> known = positions.get(work.declaration());
                    if (known == null) {
                        known = DeclaredWorks.positions(connection, work.declaration());
                        positions.put(work.declaration(), known);
                    }
                    for (long position : known) {
                        more += sketch.getUpperBound(CellTable.sketched(position, work.work()));
                    }
                }
                works.add(new OfWork(work.declaration(), subjects.get(work), one.getValue(), more));
            }
            return works;
        }
    }

    /** Returns the greatest error of a count by the sketch of the month; 0 if each work was counted. */
    long sketchError(LocalDate month) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            LongsSketch sketch = TallyFold.sketch(connection, month);
            return sketch == null ? 0 : sketch.getMaximumError();
        }
    }

    /** Returns the lookups of the days that were counted for no declaration. */
    long uncounted(LocalDate from, LocalDate to) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select coalesce(sum(lookups), 0) from asked_uncounted where day between ? and ?")) {
            select.setObject(1, from);
            select.setObject(2, to);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * The lookups of a declaration by one named asker, since the first.
     *
     * @param firstAt no earlier than the first lookup
     * @param lastAt no later than the last lookup
     */
    record Retrieved(PartyId asker, long lookups, Instant firstAt, Instant lastAt) {}

    /** Returns the named askers of a declaration, those with the most lookups first. */
    List<Retrieved> retrieved(DeclarationId declaration, int limit) throws SQLException {
        List<Retrieved> retrieved = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select asker, sum(lookups)::bigint, min(first_at),"
                                + " max(last_at) from asked_declaration where declaration = ? and " + IDENTIFIED
                                + " group by asker order by 2 desc, asker limit ?")) {
            select.setObject(1, declaration.number());
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    retrieved.add(new Retrieved(
                            new PartyId(row.getObject(1, UUID.class)),
                            row.getLong(2),
                            SqlColumns.moment(row, 3),
                            SqlColumns.moment(row, 4)));
                }
            }
        }
        return retrieved;
    }

    @Override
    public String part() {
        return "asked: the name of an asker in counts, and the counts of the party's own declarations";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        TallyFold.lock(connection);
        update(
                connection,
                "delete from asked_declaration where declaration in (" + DeclaredWorks.OF_PARTY + ")",
                party);
        update(connection, "delete from asked_work where party = ?", party);
        update(connection, "delete from asked_party where party = ?", party);
        // The lookups of the party stay, without its name.
        forget(connection, "asked_declaration", "declaration, day", ", first_at, last_at", party);
        forget(connection, "asked_party", "party, day", "", party);
        forget(connection, "asked_work", "declaration, month, work", ", party", party);
        return List.of();
    }

    private static void forget(Connection connection, String table, String key, String more, PartyId party)
            throws SQLException {
        update(
                connection,
                "with own as (delete from " + table + " where asker = ? returning *) insert into " + table + " as a ("
                        + key + ", asker, lookups" + more + ") select " + key + ", '" + Asker.NOBODY + "', lookups"
                        + more + " from own on conflict (" + key
                        + ", asker) do update set lookups = a.lookups + excluded.lookups",
                party);
    }

    private static void update(Connection connection, String sql, PartyId party) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, party.number());
            update.executeUpdate();
        }
    }
}
