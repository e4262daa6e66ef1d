package org.askfirst.registry.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.askfirst.entry.ReportEntry;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;

/**
 * Folds the entries of reports into {@code report_event}, and decides under the ledger's lock that each report is filed
 * once and has one statement. It knows no side.
 */
@ApplicationScoped
class ReportProjection implements ActRule, Projection, ErasureListener {
    private static final String FILED = "filed";
    private static final String ISSUED = "issued";

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof ReportEntry entry) {
                String kind = kind(entry);
                Set<String> kinds = kinds(connection, entry.report());
                if (kinds.contains(kind)) {
                    proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The report is " + kind + " already"));
                } else if (kind.equals(ISSUED) && !kinds.contains(FILED)) {
                    proposal.refuse(Problem.REPORT_NOT_READY.because("The report is not filed"));
                }
            }
        }
    }

    private static String kind(ReportEntry entry) {
        return entry instanceof ReportEntry.ReportFiled ? FILED : ISSUED;
    }

    private static Set<String> kinds(Connection connection, ReportId report) throws SQLException {
        Set<String> kinds = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("select kind from report_event where report = ?")) {
            select.setObject(1, report.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kinds.add(row.getString(1));
                }
            }
        }
        return kinds;
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof ReportEntry report) {
                try (PreparedStatement insert = connection.prepareStatement("insert into report_event (position,"
                        + " report, kind, alias, recorded_at) values (?, ?, ?, ?, ?)")) {
                    insert.setLong(1, entry.position());
                    insert.setObject(2, report.report().number());
                    insert.setString(3, kind(report));
                    insert.setObject(4, report.party().number());
                    insert.setObject(5, entry.recordedAt().atOffset(ZoneOffset.UTC));
                    insert.executeUpdate();
                }
            }
        }
        return List.of();
    }

    /** Returns no effects: a report changes no verdict. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public List<String> tables() {
        return List.of("report_event");
    }

    @Override
    public String part() {
        return "usage reports: what the party wrote in disputes, and its key of distribution";
    }

    /** Erases what the party wrote. Lines and amounts are the other side's, too, and stay. */
    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        LineDisputes.erase(connection, party);
        DistributionKeys.erase(connection, party);
        return List.of();
    }
}
