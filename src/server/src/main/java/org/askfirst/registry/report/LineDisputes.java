package org.askfirst.registry.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** The disputes of lines. A line has one dispute at most; a correction is a new revision, whose lines have none. */
@ApplicationScoped
class LineDisputes {
    /** The number of disputes that a revision can have, so that no side fills the table. */
    static final int MOST = 10_000;

    private final DataSource dataSource;

    LineDisputes(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The end of a dispute. */
    enum Outcome {
        ACCEPTED("accepted"),
        REJECTED("rejected");

        private final String wireName;

        Outcome(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /**
     * A dispute of a line.
     *
     * @param text null if the party that wrote it closed its account
     * @param outcome null while the other side has not answered
     */
    record LineDispute(
            int line,
            boolean byLicensor,
            @Nullable String text,
            Instant raisedAt,
            @Nullable String outcome,
            @Nullable String answer,
            @Nullable Instant answeredAt) {}

    /**
     * Stores a dispute, or another text of one that is open.
     *
     * @return false if the line has a dispute of the other side or one that was answered, or if there are too many
     */
    boolean raise(ReportId report, int line, boolean byLicensor, String text, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into report_dispute (report, line,"
                        + " by_licensor, text, raised_at) select ?, ?, ?, ?, ? where (select count(*)"
                        + " from report_dispute where report = ?) < ? on conflict (report, line) do update set"
                        + " text = excluded.text where report_dispute.by_licensor = excluded.by_licensor"
                        + " and report_dispute.outcome is null")) {
            insert.setObject(1, report.number());
            insert.setInt(2, line);
            insert.setBoolean(3, byLicensor);
            insert.setString(4, text);
            insert.setObject(5, now.atOffset(ZoneOffset.UTC));
            insert.setObject(6, report.number());
            insert.setInt(7, MOST);
            return insert.executeUpdate() > 0;
        }
    }

    /**
     * Stores the answer of the other side.
     *
     * @return false if there is no dispute of the other side, or it was answered otherwise
     */
    boolean answer(ReportId report, int line, boolean byLicensor, Outcome outcome, @Nullable String text, Instant now)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update report_dispute set outcome = ?,"
                        + " answer = ?, answered_at = coalesce(answered_at, ?) where report = ? and line = ?"
                        + " and by_licensor <> ? and (outcome is null or (outcome = ?"
                        + " and answer is not distinct from ?))")) {
            update.setString(1, outcome.wireName());
            update.setString(2, text);
            update.setObject(3, now.atOffset(ZoneOffset.UTC));
            update.setObject(4, report.number());
            update.setInt(5, line);
            update.setBoolean(6, byLicensor);
            update.setString(7, outcome.wireName());
            update.setString(8, text);
            return update.executeUpdate() > 0;
        }
    }

    Optional<LineDispute> find(ReportId report, int line) throws SQLException {
        return list(report, line - 1, 1).stream()
                .filter(dispute -> dispute.line() == line)
                .findFirst();
    }

    /** Returns disputes of lines after a number, in order. */
    List<LineDispute> list(ReportId report, int after, int limit) throws SQLException {
        List<LineDispute> disputes = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select line, by_licensor, text, raised_at,"
                        + " outcome, answer, answered_at from report_dispute where report = ? and line > ?"
                        + " order by line limit ?")) {
            select.setObject(1, report.number());
            select.setInt(2, after);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    disputes.add(new LineDispute(
                            row.getInt(1),
                            row.getBoolean(2),
                            row.getString(3),
                            SqlColumns.moment(row, 4),
                            row.getString(5),
                            row.getString(6),
                            SqlColumns.momentOrNull(row, 7)));
                }
            }
        }
        return disputes;
    }

    /** Returns the number of disputes that wait for an answer. */
    int open(ReportId report) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select count(*) from report_dispute where report = ? and outcome is null")) {
            select.setObject(1, report.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Erases what a party wrote. */
    static void erase(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update report_dispute d set"
                + " text = case when (r.licensor = ?) = d.by_licensor then null else d.text end,"
                + " answer = case when (r.licensor = ?) = d.by_licensor then d.answer else null end"
                + " from report r where r.id = d.report and (r.licensor = ? or r.licensee = ?)")) {
            for (int place = 1; place <= 4; place++) {
                update.setObject(place, party.number());
            }
            update.executeUpdate();
        }
    }
}
