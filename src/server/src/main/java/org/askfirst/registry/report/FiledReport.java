package org.askfirst.registry.report;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.id.ReportId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.LineParts;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a report, as the table has it.
 *
 * @param alias the pseudonym of the licensee in the entries of this revision
 * @param lines the number of lines that were received
 * @param seal what was computed when the report was filed; null while it receives lines
 * @param filed the entry that files it; null until it is recorded
 * @param issued the entry that issues the statement; null until it is recorded
 * @param current true if no later revision of the period is filed
 */
record FiledReport(
        ReportId id,
        GrantId grant,
        PartyId licensor,
        PartyId licensee,
        PartyId alias,
        ReportPeriod period,
        int revision,
        ReportFacts facts,
        int lines,
        @Nullable Seal seal,
        @Nullable Recorded filed,
        @Nullable Recorded issued,
        boolean current,
        Instant openedAt) {
    /** An entry of the ledger. */
    record Recorded(long position, Instant at) {}

    /**
     * The result of filing.
     *
     * @param sha256 the SHA-256 of the judged lines, in hexadecimal
     * @param currency the currency of the amounts; null if nothing was computed
     * @param parts the rule for the part of each line
     * @param statement the canonical JSON of the statement
     */
    record Seal(String sha256, @Nullable String currency, LineParts parts, String statement) {
        Map<String, Object> tree() {
            Map<String, Object> tree = new TreeMap<>();
            CanonicalJson.parseObject(statement).forEach((name, value) -> tree.put(String.valueOf(name), value));
            return tree;
        }
    }

    /** Returns true once both sides see it. */
    boolean isFiled() {
        return issued != null;
    }

    /** Returns true if the party may see it: the licensee always, the licensor once it is filed. */
    boolean isShownTo(PartyId reader) {
        return reader.equals(licensee) || (isFiled() && reader.equals(licensor));
    }
}
