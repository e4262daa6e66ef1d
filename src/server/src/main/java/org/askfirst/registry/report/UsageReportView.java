package org.askfirst.registry.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/**
 * {@code UsageReport}.
 *
 * @param lines the number of lines that were received
 * @param verdicts the number of lines with each verdict; null in lists
 * @param openDisputes the number of disputed lines that wait for an answer; null in lists
 * @param due what is due; null if nothing is computed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UsageReportView(
        String id,
        String grant,
        String licensor,
        @Nullable String licensorName,
        String licensee,
        @Nullable String licenseeName,
        String period,
        Instant from,
        Instant to,
        int revision,
        String status,
        boolean current,
        int lines,
        @Nullable Map<String, Long> verdicts,
        @Nullable Integer openDisputes,
        @Nullable Object revenue,
        @Nullable Object pool,
        @Nullable Object poolPoints,
        @Nullable String linesSha256,
        @Nullable String due,
        @Nullable String currency,
        Instant openedAt,
        @Nullable Long position,
        @Nullable Instant filedAt) {
    private static final String RECEIVING = "receiving";
    private static final String CLOSED = "closed";
    private static final String FILED = "filed";

    /**
     * Returns the view.
     *
     * @param names the faces of the two sides
     */
    static UsageReportView of(
            FiledReport report,
            Map<PartyId, Parties.Face> names,
            @Nullable Map<LineVerdict, Long> counts,
            @Nullable Integer openDisputes) {
        FiledReport.Seal seal = report.seal();
        Map<String, Object> facts = report.facts().toTree();
        Map<String, Object> statement = seal == null ? Map.of() : seal.tree();
        Map<String, Long> verdicts = null;
        if (counts != null) {
            verdicts = new TreeMap<>();
            for (Map.Entry<LineVerdict, Long> count : counts.entrySet()) {
                verdicts.put(count.getKey().wireName(), count.getValue());
            }
        }
        FiledReport.Recorded filed = report.filed();
        return new UsageReportView(
                report.id().toString(),
                report.grant().toString(),
                report.licensor().toString(),
                name(names, report.licensor()),
                report.licensee().toString(),
                name(names, report.licensee()),
                report.period().text(),
                report.period().from(),
                report.period().to(),
                report.revision(),
                status(report),
                report.isFiled() && report.current(),
                report.lines(),
                verdicts,
                openDisputes,
                facts.get("revenue"),
                facts.get("pool"),
                facts.get("poolPoints"),
                seal == null ? null : seal.sha256(),
                (String) statement.get("due"),
                (String) statement.get("currency"),
                report.openedAt(),
                filed == null ? null : filed.position(),
                filed == null ? null : filed.at());
    }

    private static String status(FiledReport report) {
        if (report.isFiled()) {
            return FILED;
        }
        return report.seal() == null ? RECEIVING : CLOSED;
    }

    static @Nullable String name(Map<PartyId, Parties.Face> names, PartyId party) {
        Parties.Face face = names.get(party);
        return face == null ? null : face.name();
    }
}
