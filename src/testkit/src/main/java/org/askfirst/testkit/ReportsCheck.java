package org.askfirst.testkit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeSet;
import org.askfirst.entry.ReportEntry;

/** The events of usage reports, and that each has its report and lines beside the ledger. */
final class ReportsCheck implements ProjectionCheck {
    private final TreeSet<String> rows = new TreeSet<>();

    void add(long position, String kind, ReportEntry entry) {
        rows.add(position + " " + entry.report().number() + " " + kind + " "
                + entry.party().number());
    }

    @Override
    public void compare(LedgerSnapshot snapshot) throws SQLException {
        TreeSet<String> stored = new TreeSet<>();
        try (Statement statement = snapshot.connection().createStatement();
                ResultSet row = statement.executeQuery("select e.position, e.report, e.kind, e.alias"
                        + " from report_event e join report r on r.id = e.report and r.alias = e.alias"
                        + " and r.sealed and r.lines = (select count(*) from report_line l where l.report = r.id)")) {
            while (row.next()) {
                stored.add(row.getLong(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4));
            }
        }
        snapshot.compare("report_event", rows, stored);
    }
}
