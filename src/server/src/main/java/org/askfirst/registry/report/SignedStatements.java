package org.askfirst.registry.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.transparency.Proofs;
import org.askfirst.registry.transparency.Receipts;

/** Signs statements, so that each side can show one to a third person. */
@ApplicationScoped
class SignedStatements {
    private final LedgerStore entries;
    private final Receipts receipts;
    private final Proofs proofs;

    SignedStatements(LedgerStore entries, Receipts receipts, Proofs proofs) {
        this.entries = entries;
        this.receipts = receipts;
        this.proofs = proofs;
    }

    /** {@code SignedUsageStatement}: the signed statement, with the proof that its entry is in the log. */
    record SignedStatement(String jws, String proof) {}

    /** Returns the signed statement of a filed report. */
    SignedStatement of(FiledReport report) throws SQLException {
        long position = Objects.requireNonNull(report.issued()).position();
        LedgerEntry entry = entries.at(List.of(position)).get(0);
        LedgerStore.Opening opening = entries.openings(List.of(position)).get(position);
        if (opening == null) {
            throw Problem.NOT_FOUND.because("The text to which the entry commits was erased");
        }
        Map<String, Object> claims = new TreeMap<>();
        claims.put("report", report.id().toString());
        claims.put("position", position);
        claims.put("entry", entry.canonical());
        claims.put("salt", opening.salt());
        claims.put("confidential", opening.text());
        return new SignedStatement(receipts.ofStatement(claims), proofs.text(entry));
    }
}
