package org.askfirst.registry.declaration;

import java.time.Instant;
import java.util.List;
import org.askfirst.entry.Content;
import org.askfirst.entry.Terms;
import org.askfirst.entry.Work;
import org.askfirst.id.MandateId;
import org.askfirst.registry.http.Findings;
import org.askfirst.registry.table.RowReader;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the rows of a file declare alike; each row adds its subjects, its work and perhaps whom to ask.
 *
 * @param kind of every work whose row does not name a kind; null for none
 */
public record DeclarationTemplate(
        Stances stances,
        Terms terms,
        Period period,
        @Nullable MandateId mandate,
        @Nullable String kind) {
    /**
     * Refuses what no row could declare.
     *
     * @param reachable whether the party or every row names somebody to ask
     */
    public void require(Findings findings, boolean reachable, Instant now) {
        DeclarationRequest.requireNotPast(findings, period, now);
        DeclarationRequest.requireContact(findings, stances.stated(), terms, reachable);
    }

    /**
     * The declaration that a row makes.
     *
     * @param row that can be declared: it names a work
     * @param reachable whether the party can be reached without the terms naming anybody
     * @throws org.askfirst.problem.ProblemException pointing at every member at fault
     */
    public Content with(RowReader.Reading row, boolean reachable, Instant now) {
        Findings findings = new Findings();
        Terms said = terms(row, findings);
        DeclarationRequest.requireNotPast(findings, period, now);
        Work work = work(row, findings);
        DeclarationRequest.requireContact(findings, stances.stated(), said, reachable);
        findings.finish();
        return new Content(row.subjects(), stances, said, period, work, mandate, null, null);
    }

    private Terms terms(RowReader.Reading row, Findings findings) {
        String contact = row.contact() == null ? terms.contact() : findings.contact("/terms/contact", row.contact());
        String licence = row.licence() == null ? terms.license() : findings.webAddress("/terms/license", row.licence());
        return new Terms(
                contact,
                licence,
                terms.policy(),
                terms.payment(),
                terms.attribution(),
                terms.purpose(),
                terms.userClass(),
                terms.territory(),
                terms.text());
    }

    private @Nullable Work work(RowReader.Reading row, Findings findings) {
        if (row.title() == null) {
            return null;
        }
        String title = findings.text("/work/title", row.title(), DeclarationRequest.MAX_TITLE);
        List<String> creators = findings.texts(
                "/work/creators", row.creators(), DeclarationRequest.MAX_CREATORS, DeclarationRequest.MAX_NAME);
        String named = row.kind() == null ? kind : row.kind();
        String checked = named == null ? null : findings.text("/work/kind", named, DeclarationRequest.MAX_KIND);
        return title == null ? null : new Work(title, creators, checked);
    }
}
