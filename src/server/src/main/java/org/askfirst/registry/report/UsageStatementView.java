package org.askfirst.registry.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.CsvLine;

/** {@code UsageStatement}: the text to which the entry commits, and what the entry and the accounts add. */
final class UsageStatementView {
    private static final List<String> COLUMNS = List.of(
            "period",
            "revision",
            "grant",
            "report",
            "licensor",
            "licensorName",
            "licensee",
            "licenseeName",
            "acceptedLines",
            "measure",
            "measures",
            "arithmetic",
            "due",
            "currency",
            "deduction",
            "deducted",
            "unassigned",
            "memberCount",
            "current",
            "position",
            "issuedAt");

    private UsageStatementView() {}

    /** Returns the members of the statement of a filed report. */
    static Map<String, Object> of(FiledReport report, Map<PartyId, Parties.Face> names) {
        Map<String, Object> tree =
                new TreeMap<>(Objects.requireNonNull(report.seal()).tree());
        FiledReport.Recorded issued = Objects.requireNonNull(report.issued());
        String licensor = UsageReportView.name(names, report.licensor());
        String licensee = UsageReportView.name(names, report.licensee());
        if (licensor != null) {
            tree.put("licensorName", licensor);
        }
        if (licensee != null) {
            tree.put("licenseeName", licensee);
        }
        tree.put("report", report.id().toString());
        tree.put("current", report.current());
        tree.put("position", issued.position());
        tree.put("issuedAt", issued.at().toString());
        return tree;
    }

    /** Returns statements as CSV, one row each. */
    static String table(List<Map<String, Object>> statements) {
        StringBuilder table = new StringBuilder("\uFEFF" + String.join(",", COLUMNS) + "\r\n");
        for (Map<String, Object> statement : statements) {
            table.append(COLUMNS.stream()
                            .map(column -> CsvLine.written(Objects.toString(statement.get(column), "")))
                            .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return table.toString();
    }
}
