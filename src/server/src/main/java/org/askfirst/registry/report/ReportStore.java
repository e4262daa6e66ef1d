package org.askfirst.registry.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.license.LineParts;
import org.askfirst.registry.postgres.RowCopy;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** The reports with their lines. Methods that serve a reader are called after {@link Reports} checked the side. */
@ApplicationScoped
class ReportStore {
    /** The number of lines that are read together. Each page has a connection of its own, for slow readers. */
    static final int PAGE = 5_000;

    private static final String ISSUED =
            "exists (select 1 from report_event v where v.report = n.id" + " and v.kind = 'issued')";

    private static final String SELECT = "select r.id, r.grant_id, r.licensor, r.licensee, r.alias, r.period,"
            + " r.revision, r.facts, r.lines, r.sealed, r.sha256, r.currency, r.units, r.measures, r.cutoff,"
            + " r.cutoff_line, r.statement, r.opened_at, f.position, f.recorded_at, i.position, i.recorded_at,"
            + " not exists (select 1 from report n where n.grant_id = r.grant_id and n.period = r.period"
            + " and n.revision > r.revision and " + ISSUED + ")"
            + " from report r left join report_event f on f.report = r.id and f.kind = 'filed'"
            + " left join report_event i on i.report = r.id and i.kind = 'issued'";

    private final DataSource dataSource;

    ReportStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Opens a revision. Returns false if there is one already. */
    boolean open(FiledReport report, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into report (id, grant_id, licensor,"
                        + " licensee, alias, period, period_from, period_to, revision, facts, opened_at, touched_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")) {
            Object at = now.atOffset(ZoneOffset.UTC);
            insert.setObject(1, report.id().number());
            insert.setObject(2, report.grant().number());
            insert.setObject(3, report.licensor().number());
            insert.setObject(4, report.licensee().number());
            insert.setObject(5, report.alias().number());
            insert.setString(6, report.period().text());
            insert.setObject(7, report.period().from().atOffset(ZoneOffset.UTC));
            insert.setObject(8, report.period().to().atOffset(ZoneOffset.UTC));
            insert.setInt(9, report.revision());
            insert.setString(10, report.facts().toJson());
            insert.setObject(11, at);
            insert.setObject(12, at);
            return insert.executeUpdate() > 0;
        }
    }

    /** Changes the facts of a revision that receives lines. Returns false if it does not. */
    boolean change(ReportId id, ReportFacts facts, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update report set facts = ?, touched_at = ? where id = ? and not sealed")) {
            update.setString(1, facts.toJson());
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            update.setObject(3, id.number());
            return update.executeUpdate() > 0;
        }
    }

    /** Deletes a revision that receives lines. Returns false if it does not. */
    boolean delete(ReportId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from report where id = ? and not sealed")) {
            delete.setObject(1, id.number());
            return delete.executeUpdate() > 0;
        }
    }

    /** Deletes the revisions that receive lines and were not touched since a moment. */
    void deleteUntouched(Instant since) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from report where not sealed and touched_at < ?")) {
            delete.setObject(1, since.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    /** Returns the number of revisions of the licensee that receive lines. */
    int unsealed(PartyId licensee) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select count(*) from report where licensee = ? and not sealed")) {
            select.setObject(1, licensee.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * Appends lines, durably.
     *
     * @param before the number of lines that the report has; of two calls with the same number, only one succeeds
     * @return false if the report has another number of lines, or is sealed
     */
    boolean append(ReportId id, int before, List<LineJudge.JudgedLine> lines, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update report set lines = lines + ?,"
                        + " touched_at = ? where id = ? and lines = ? and not sealed")) {
            connection.setAutoCommit(false);
            update.setInt(1, lines.size());
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            update.setObject(3, id.number());
            update.setInt(4, before);
            if (update.executeUpdate() == 0) {
                connection.rollback();
                return false;
            }
            RowCopy rows = new RowCopy(
                    "report_line",
                    "report",
                    "line",
                    "verdict",
                    "units",
                    "share",
                    "measure",
                    "work",
                    "ref",
                    "kind",
                    "member",
                    "domain",
                    "reason");
            int number = before;
            for (LineJudge.JudgedLine line : lines) {
                number++;
                rows.row()
                        .add(id.number())
                        .add(number)
                        .add(line.verdict().number())
                        .add(line.sent().units())
                        .add(line.sent().share())
                        .add(line.measure())
                        .add(line.sent().work())
                        .add(line.sent().ref())
                        .addOrNull(line.sent().kind())
                        .addOrNull(line.member())
                        .addOrNull(line.domain())
                        .addOrNull(line.reason());
            }
            rows.into(connection);
            connection.commit();
            return true;
        }
    }

    /** Returns a revision; empty if there is none. */
    Optional<FiledReport> find(GrantId grant, ReportPeriod period, int revision) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        SELECT + " where r.grant_id = ? and r.period = ? and r.revision = ?")) {
            select.setObject(1, grant.number());
            select.setString(2, period.text());
            select.setInt(3, revision);
            return read(select).stream().findFirst();
        }
    }

    /** Returns the number of the last filed revision of a period; 0 if there is none. */
    int lastFiled(GrantId grant, ReportPeriod period) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select coalesce(max(n.revision), 0) from report n where n.grant_id = ? and n.period = ? and "
                                + ISSUED)) {
            select.setObject(1, grant.number());
            select.setString(2, period.text());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * Returns revisions of a grant, by period and revision.
     *
     * @param filedOnly true to leave out those that the licensor does not see yet
     */
    List<FiledReport> ofGrant(GrantId grant, boolean filedOnly, int from, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where r.grant_id = ?"
                        + (filedOnly ? " and i.position is not null" : "")
                        + " order by r.period_from, r.revision offset ? limit ?")) {
            select.setObject(1, grant.number());
            select.setInt(2, from);
            select.setInt(3, limit);
            return read(select);
        }
    }

    /**
     * Returns the filed revisions of a party, in the order of their statements.
     *
     * @param licensor true for those that it receives
     * @param period null for all periods
     * @param currentOnly true to leave out those that a later revision replaces
     * @param after the position of the last statement of the page before
     */
    List<FiledReport> issued(
            PartyId party, boolean licensor, @Nullable ReportPeriod period, boolean currentOnly, long after, int limit)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where r."
                        + (licensor ? "licensor" : "licensee") + " = ? and i.position > ?"
                        + (period == null ? "" : " and r.period = ?")
                        + (currentOnly
                                ? " and not exists (select 1 from report n where n.grant_id = r.grant_id"
                                        + " and n.period = r.period and n.revision > r.revision and " + ISSUED + ")"
                                : "")
                        + " order by i.position limit ?")) {
            int place = 1;
            select.setObject(place++, party.number());
            select.setLong(place++, after);
            if (period != null) {
                select.setString(place++, period.text());
            }
            select.setInt(place, limit);
            return read(select);
        }
    }

    private static List<FiledReport> read(PreparedStatement select) throws SQLException {
        List<FiledReport> reports = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                reports.add(new FiledReport(
                        new ReportId(row.getObject(1, UUID.class)),
                        new GrantId(row.getObject(2, UUID.class)),
                        new PartyId(row.getObject(3, UUID.class)),
                        new PartyId(row.getObject(4, UUID.class)),
                        new PartyId(row.getObject(5, UUID.class)),
                        ReportPeriod.parse(row.getString(6)).orElseThrow(),
                        row.getInt(7),
                        ReportFacts.ofStored(row.getString(8)),
                        row.getInt(9),
                        row.getBoolean(10) ? seal(row) : null,
                        recorded(row, 19),
                        recorded(row, 21),
                        row.getBoolean(23),
                        SqlColumns.moment(row, 18)));
            }
        }
        return reports;
    }

    private static FiledReport.Seal seal(ResultSet row) throws SQLException {
        BigDecimal units = row.getBigDecimal(13);
        return new FiledReport.Seal(
                HexFormat.of().formatHex(row.getBytes(11)),
                row.getString(12),
                new LineParts(
                        units == null ? BigInteger.ZERO : units.toBigIntegerExact(),
                        row.getBigDecimal(14),
                        row.getBigDecimal(15),
                        row.getInt(16)),
                row.getString(17));
    }

    private static FiledReport.@Nullable Recorded recorded(ResultSet row, int column) throws SQLException {
        Instant at = SqlColumns.momentOrNull(row, column + 1);
        return at == null ? null : new FiledReport.Recorded(row.getLong(column), at);
    }

    /** Returns the number of lines with each verdict. */
    Map<LineVerdict, Long> counts(ReportId id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return counts(connection, id);
        }
    }

    static Map<LineVerdict, Long> counts(Connection connection, ReportId id) throws SQLException {
        Map<LineVerdict, Long> counts = new EnumMap<>(LineVerdict.class);
        for (LineVerdict verdict : LineVerdict.values()) {
            counts.put(verdict, 0L);
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select verdict, count(*) from report_line where report = ? group by verdict")) {
            select.setObject(1, id.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.put(LineVerdict.of(row.getInt(1)), row.getLong(2));
                }
            }
        }
        return counts;
    }

    /** Which lines to return. */
    record Filter(@Nullable LineVerdict verdict, @Nullable String member) {
        static final Filter ALL = new Filter(null, null);
    }

    /** Returns lines after a number, in order. */
    List<StoredLine> lines(ReportId id, Filter filter, int after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return lines(connection, id, filter, after, limit);
        }
    }

    static List<StoredLine> lines(Connection connection, ReportId id, Filter filter, int after, int limit)
            throws SQLException {
        List<StoredLine> lines = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select line, verdict, units, share, measure, work,"
                + " ref, kind, member, reason from report_line where report = ? and line > ?"
                + (filter.verdict() == null ? "" : " and verdict = ?")
                + (filter.member() == null ? "" : " and member = ?") + " order by line limit ?")) {
            int place = 1;
            select.setObject(place++, id.number());
            select.setInt(place++, after);
            if (filter.verdict() != null) {
                select.setShort(place++, filter.verdict().number());
            }
            if (filter.member() != null) {
                select.setString(place++, filter.member());
            }
            select.setInt(place, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(new StoredLine(
                            row.getInt(1),
                            LineVerdict.of(row.getInt(2)),
                            row.getBigDecimal(3),
                            row.getBigDecimal(4),
                            row.getBigDecimal(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getString(9),
                            row.getString(10)));
                }
            }
        }
        return lines;
    }

    /**
     * The part of a member.
     *
     * @param lines the number of its accepted lines
     * @param part the sum of the parts of its lines
     * @param amount what it receives by the key of distribution
     */
    record MemberPart(String member, int lines, BigDecimal part, BigDecimal amount) {}

    /** Returns parts of members after an id, in order. */
    List<MemberPart> members(ReportId id, String after, int limit) throws SQLException {
        List<MemberPart> members = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select member, lines, part, amount"
                        + " from report_member where report = ? and member collate \"C\" > ?"
                        + " order by member collate \"C\" limit ?")) {
            select.setObject(1, id.number());
            select.setString(2, after);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    members.add(new MemberPart(
                            row.getString(1), row.getInt(2), row.getBigDecimal(3), row.getBigDecimal(4)));
                }
            }
        }
        return members;
    }

    /** The sum that a member receives by the statements of a licensor, in one currency. */
    record MemberSum(String member, String currency, BigDecimal amount, long lines, int statements) {}

    /**
     * Returns the sums of members after an id, over the newest statements.
     *
     * @param period null for all periods
     */
    List<MemberSum> memberSums(PartyId licensor, @Nullable ReportPeriod period, String after, int limit)
            throws SQLException {
        List<MemberSum> sums = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select m.member, r.currency, sum(m.amount),"
                        + " sum(m.lines), count(*) from report r join report_member m on m.report = r.id"
                        + " join report_event i on i.report = r.id and i.kind = 'issued' where r.licensor = ?"
                        + (period == null ? "" : " and r.period = ?")
                        + " and not exists (select 1 from report n where n.grant_id = r.grant_id"
                        + " and n.period = r.period and n.revision > r.revision and " + ISSUED + ")"
                        + " and m.member || ' ' || r.currency collate \"C\" > ? group by 1, 2"
                        + " order by m.member || ' ' || r.currency collate \"C\" limit ?")) {
            int place = 1;
            select.setObject(place++, licensor.number());
            if (period != null) {
                select.setString(place++, period.text());
            }
            select.setString(place++, after);
            select.setInt(place, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.add(new MemberSum(
                            row.getString(1), row.getString(2), row.getBigDecimal(3), row.getLong(4), row.getInt(5)));
                }
            }
        }
        return sums;
    }

    /** A domain, the number of accepted lines with a work on it, and their units. */
    record DomainUse(String domain, long lines, BigDecimal units) {}

    /** Returns the domains of the accepted lines in the newest revisions of a grant, the most used first. */
    List<DomainUse> domains(GrantId grant, int limit) throws SQLException {
        List<DomainUse> domains = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select l.domain, count(*), sum(l.units)"
                        + " from report r join report_event i on i.report = r.id and i.kind = 'issued'"
                        + " join report_line l on l.report = r.id and l.verdict = 0 and l.domain is not null"
                        + " where r.grant_id = ? and not exists (select 1 from report n where"
                        + " n.grant_id = r.grant_id and n.period = r.period and n.revision > r.revision and " + ISSUED
                        + ") group by l.domain order by 2 desc, l.domain collate \"C\" limit ?")) {
            select.setObject(1, grant.number());
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    domains.add(new DomainUse(row.getString(1), row.getLong(2), row.getBigDecimal(3)));
                }
            }
        }
        return domains;
    }
}
