package org.askfirst.registry.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.askfirst.id.ReportId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.DistributionKey;
import org.askfirst.license.LineParts;
import org.askfirst.license.Price;
import org.askfirst.license.PriceBasis;
import org.askfirst.license.Settlement;
import org.askfirst.license.UsageLine;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.postgres.RowCopy;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * Closes a report: finds the lines that repeat others or claim too much, computes what is due, and hashes the lines. All
 * of it is one transaction. The database sorts and adds up, with exact decimals, so the memory of the service does not
 * depend on the number of lines.
 */
@ApplicationScoped
class Sealing {
    private static final int SOME = 1_000;

    /** Lines of works that have several accepted lines; only these can repeat each other. */
    private static final String REPEATED = "with repeated as (select work from report_line where report = ?"
            + " and verdict = 0 group by work having count(*) > 1), line_of as (select l.* from report_line l"
            + " join repeated using (work) where l.report = ? and l.verdict = 0) ";

    private final DataSource dataSource;
    private final DistributionKeys keys;

    Sealing(DataSource dataSource, DistributionKeys keys) {
        this.dataSource = dataSource;
        this.keys = keys;
    }

    /**
     * Closes a report, durably.
     *
     * @param lines the number of lines that the licensee sent
     * @throws ProblemException {@link Problem#REPORT_NOT_READY} if it has another number of lines or is closed, {@link
     *     Problem#INVALID_REQUEST} if the points of the pool are fewer than those of the lines
     */
    void seal(FiledReport report, GrantFacts grant, int lines, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                lock(connection, report.id(), lines);
                setLocally(connection);
                refuseDuplicates(connection, report.id());
                refuseOverClaims(connection, report.id());
                Price price = report.facts().applied(grant.terms().price());
                if (price.basis() == PriceBasis.PER_WORK) {
                    countEachWorkOnce(connection, report.id());
                }
                settle(connection, report, grant, price, now);
                connection.commit();
            } finally {
                connection.rollback();
            }
        }
    }

    private static void lock(Connection connection, ReportId id, int lines) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select lines, sealed from report where id = ? for update")) {
            select.setObject(1, id.number());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getBoolean(2)) {
                    throw Problem.REPORT_NOT_READY.because("The revision was filed or deleted meanwhile");
                }
                if (row.getInt(1) != lines) {
                    throw Problem.REPORT_NOT_READY.because("The registry received " + row.getInt(1)
                            + " lines and the request says " + lines + "; send the lines that are missing");
                }
            }
        }
    }

    /**
     * Plans for many lines. The table has no statistics of lines that have just arrived, so the planner expects few of
     * them, and would compare each with each other in nested loops: hours for a million.
     */
    private static void setLocally(Connection connection) throws SQLException {
        for (String setting : List.of("set local work_mem = '64MB'", "set local enable_nestloop = off")) {
            try (PreparedStatement set = connection.prepareStatement(setting)) {
                set.execute();
            }
        }
    }

    private static void refuseDuplicates(Connection connection, ReportId id) throws SQLException {
        update(
                connection,
                id,
                "update report_line u set verdict = 4, measure = 0, reason = 'duplicate' from (select line,"
                        + " row_number() over (partition by work, ref, kind, units, share order by line) as place"
                        + " from line_of) d where u.report = ? and u.line = d.line and d.place > 1");
    }

    /** A work counts in its first accepted line only. */
    private static void countEachWorkOnce(Connection connection, ReportId id) throws SQLException {
        update(
                connection,
                id,
                "update report_line u set measure = 0 from (select line, row_number() over (partition by work"
                        + " order by line) as place from line_of) d where u.report = ? and u.line = d.line"
                        + " and d.place > 1");
    }

    private static void update(Connection connection, ReportId id, String sql) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(REPEATED + sql)) {
            update.setObject(1, id.number());
            update.setObject(2, id.number());
            update.setObject(3, id.number());
            update.executeUpdate();
        }
    }

    /** Refuses, in the order of lines, each line whose share is more than what the lines of its use have left over. */
    private static void refuseOverClaims(Connection connection, ReportId id) throws SQLException {
        List<Integer> refused = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(REPEATED
                + "select line, work, ref, share from (select line, work, ref, share, sum(share) over (partition by"
                + " work, ref) as claimed from line_of) c where claimed > 1 order by work, ref, line")) {
            select.setObject(1, id.number());
            select.setObject(2, id.number());
            select.setFetchSize(SOME);
            String use = "";
            BigDecimal claimed = BigDecimal.ZERO;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String one = row.getString(2) + "\n" + row.getString(3);
                    claimed = one.equals(use) ? claimed : BigDecimal.ZERO;
                    use = one;
                    BigDecimal share = row.getBigDecimal(4);
                    if (claimed.add(share).compareTo(BigDecimal.ONE) > 0) {
                        refused.add(row.getInt(1));
                    } else {
                        claimed = claimed.add(share);
                    }
                }
            }
        }
        try (PreparedStatement update = connection.prepareStatement("update report_line set verdict = 3, measure = 0,"
                + " reason = 'over-claimed' where report = ? and line = any(?)")) {
            for (int from = 0; from < refused.size(); from += SOME) {
                update.setObject(1, id.number());
                update.setArray(
                        2,
                        connection.createArrayOf(
                                "integer",
                                refused.subList(from, Math.min(refused.size(), from + SOME))
                                        .toArray()));
                update.executeUpdate();
            }
        }
    }

    private void settle(Connection connection, FiledReport report, GrantFacts grant, Price price, Instant now)
            throws SQLException {
        ReportId id = report.id();
        BigDecimal measures = measures(connection, id);
        ReportFacts facts = report.facts();
        BigDecimal points = facts.poolPoints();
        if (price.basis() == PriceBasis.POOL && points != null && points.compareTo(measures) < 0) {
            throw Problem.INVALID_REQUEST.at(
                    "/poolPoints",
                    Reason.CONFLICT,
                    "the lines of this report have " + StoredLine.plain(measures)
                            + " points, so those of all licensors cannot be fewer");
        }
        boolean flatIsDue = report.period().contains(grant.from());
        Money due = Settlement.due(
                price,
                measures,
                new Settlement.Facts(facts.revenue(), points, flatIsDue, CurrencyUnit.of(Statements.NO_CURRENCY)));
        LineParts parts = parts(connection, id, due, measures);
        SortedMap<String, ReportStore.MemberPart> members = new TreeMap<>();
        DistributionKey.@Nullable Distribution distribution = null;
        DistributionKey key = keys.of(connection, report.licensor());
        if (due != null) {
            distribution = distribute(connection, id, due, parts, key, members);
        }
        String membersSha256 = write(connection, id, members);
        Map<LineVerdict, Long> counts = ReportStore.counts(connection, id);
        FiledReport.Seal seal = new FiledReport.Seal(
                hash(connection, id, due == null ? null : parts, due),
                due == null || price.basis() == PriceBasis.FREE
                        ? null
                        : due.getCurrencyUnit().getCode(),
                parts,
                CanonicalJson.write(Statements.tree(
                        report,
                        grant,
                        price,
                        measures,
                        due,
                        flatIsDue,
                        counts,
                        key,
                        distribution,
                        members.size(),
                        membersSha256)));
        try (PreparedStatement update = connection.prepareStatement("update report set sealed = true, sha256 = ?,"
                + " currency = ?, due = ?, units = ?, measures = ?, cutoff = ?, cutoff_line = ?, statement = ?,"
                + " touched_at = ? where id = ?")) {
            update.setBytes(1, HexFormat.of().parseHex(seal.sha256()));
            update.setString(2, seal.currency());
            update.setBigDecimal(3, due == null ? null : due.getAmount());
            update.setBigDecimal(4, new BigDecimal(parts.units()));
            update.setBigDecimal(5, parts.measures());
            update.setBigDecimal(6, parts.cutoff());
            update.setInt(7, (int) parts.cutoffLine());
            update.setString(8, seal.statement());
            update.setObject(9, now.atOffset(ZoneOffset.UTC));
            update.setObject(10, id.number());
            update.executeUpdate();
        }
    }

    private static BigDecimal measures(Connection connection, ReportId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select coalesce(sum(measure), 0) from report_line where report = ? and verdict = 0")) {
            select.setObject(1, id.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }

    /** Finds the rule for the parts of lines: how many receive one more unit, and which of them is the last. */
    private static LineParts parts(Connection connection, ReportId id, @Nullable Money due, BigDecimal measures)
            throws SQLException {
        if (due == null || measures.signum() == 0 || due.isZero()) {
            return LineParts.NOTHING;
        }
        BigInteger units = Settlement.minorUnits(due);
        BigInteger rest;
        try (PreparedStatement select = connection.prepareStatement(
                "select sum(div(measure * ?, ?))" + " from report_line where report = ? and verdict = 0")) {
            select.setBigDecimal(1, new BigDecimal(units));
            select.setBigDecimal(2, measures);
            select.setObject(3, id.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                rest = units.subtract(row.getBigDecimal(1).toBigIntegerExact());
            }
        }
        if (rest.signum() == 0) {
            return new LineParts(units, measures, null, 0);
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select mod(measure * ?, ?) as remainder, line"
                        + " from report_line where report = ? and verdict = 0 order by remainder desc, line offset ? limit 1")) {
            select.setBigDecimal(1, new BigDecimal(units));
            select.setBigDecimal(2, measures);
            select.setObject(3, id.number());
            select.setLong(4, rest.longValueExact() - 1);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new LineParts(units, measures, row.getBigDecimal(1), row.getInt(2));
            }
        }
    }

    /** Divides what is due among members, and adds their parts to {@code members}. */
    private static DistributionKey.Distribution distribute(
            Connection connection,
            ReportId id,
            Money due,
            LineParts parts,
            DistributionKey key,
            SortedMap<String, ReportStore.MemberPart> members)
            throws SQLException {
        int places = due.getCurrencyUnit().getDecimalPlaces();
        List<Money> sums = new ArrayList<>();
        List<UsageLine> lines = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        boolean isDivided = parts.measures().signum() != 0;
        BigDecimal cutoff = parts.cutoff();
        // Each part is the quotient, and one more for the lines that come first in the order of the rule.
        try (PreparedStatement select = connection.prepareStatement("select member, count(*), "
                + (isDivided
                        ? "sum(div(measure * ?, ?) + case when mod(measure * ?, ?) > ? or (mod(measure * ?, ?) = ?"
                                + " and line <= ?) then 1 else 0 end)"
                        : "0::numeric")
                + " from report_line where report = ? and verdict = 0 group by member")) {
            int place = 1;
            if (isDivided) {
                BigDecimal units = new BigDecimal(parts.units());
                // Without a cutoff no line receives one more: no remainder is as large as the sum.
                BigDecimal last = cutoff == null ? parts.measures() : cutoff;
                for (BigDecimal value : List.of(
                        units, parts.measures(), units, parts.measures(), last, units, parts.measures(), last)) {
                    select.setBigDecimal(place++, value);
                }
                select.setLong(place++, cutoff == null ? 0 : parts.cutoffLine());
            }
            select.setObject(place, id.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String member = row.getString(1);
                    sums.add(Money.of(
                            due.getCurrencyUnit(),
                            new BigDecimal(row.getBigDecimal(3).toBigIntegerExact(), places)));
                    lines.add(new UsageLine("*", null, member, BigDecimal.ONE, BigDecimal.ONE));
                    if (member != null) {
                        counts.put(member, row.getInt(2));
                    }
                }
            }
        }
        DistributionKey.Distribution distribution = key.divide(new Settlement(due, sums), lines);
        for (int i = 0; i < lines.size(); i++) {
            String member = lines.get(i).member();
            if (member != null) {
                Money amount = distribution.members().get(member);
                members.put(
                        member,
                        new ReportStore.MemberPart(
                                member,
                                counts.getOrDefault(member, 0),
                                sums.get(i).getAmount(),
                                amount == null ? BigDecimal.ZERO.setScale(places) : amount.getAmount()));
            }
        }
        return distribution;
    }

    /** Stores the parts of members. Returns the SHA-256 of one line for each: the id, a tab, the amount and LF. */
    private static String write(Connection connection, ReportId id, SortedMap<String, ReportStore.MemberPart> members)
            throws SQLException {
        MessageDigest digest = sha256();
        RowCopy rows = new RowCopy("report_member", "report", "member", "lines", "part", "amount");
        for (ReportStore.MemberPart member : members.values()) {
            rows.row()
                    .add(id.number())
                    .add(member.member())
                    .add(member.lines())
                    .add(member.part())
                    .add(member.amount());
            digest.update(
                    (member.member() + "\t" + member.amount().toPlainString() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        rows.into(connection);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the SHA-256 of the judged lines, each in canonical JSON and followed by LF. */
    private static String hash(Connection connection, ReportId id, @Nullable LineParts parts, @Nullable Money due)
            throws SQLException {
        MessageDigest digest = sha256();
        int places = due == null ? 0 : due.getCurrencyUnit().getDecimalPlaces();
        int after = 0;
        while (true) {
            List<StoredLine> page = ReportStore.lines(connection, id, ReportStore.Filter.ALL, after, ReportStore.PAGE);
            for (StoredLine line : page) {
                digest.update(
                        (CanonicalJson.write(line.toTree(parts, places)) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            if (page.size() < ReportStore.PAGE) {
                return HexFormat.of().formatHex(digest.digest());
            }
            after = page.get(page.size() - 1).line();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
