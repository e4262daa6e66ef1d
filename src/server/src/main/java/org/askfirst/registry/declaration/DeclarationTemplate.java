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
 * The part of a declaration that all rows of a file have in common. Each row adds its subjects, its work and possibly
 * whom to ask.
 *
 * @param kind of each work whose row does not name a kind; null for none
 */
public record DeclarationTemplate(
        Stances stances,
        Terms terms,
        Period period,
        @Nullable MandateId mandate,
        @Nullable String kind) {
    /** Returns the same template for another mandate. */
    public DeclarationTemplate under(MandateId member) {
        return new DeclarationTemplate(stances, terms, period, member, kind);
    }

    /**
     * Adds the violations because of which no row could be declared.
     *
     * @param reachable true if the party or every row names somebody to ask
     */
    public void require(Findings findings, boolean reachable, Instant now) {
        DeclarationRequest.requireNotPast(findings, period, now);
        DeclarationRequest.requireContact(findings, stances.stated(), terms, reachable);
    }

    /**
     * Returns the declaration that a row makes.
     *
     * @param row that names a work
     * @param reachable true if somebody can be asked even if the terms have no contact
     * @throws org.askfirst.problem.ProblemException with a violation for each wrong member
     */
    public Content with(RowReader.Reading row, boolean reachable, Instant now) {
        Findings findings = new Findings();
        Terms rowTerms = terms(row, findings);
        DeclarationRequest.requireNotPast(findings, period, now);
        Work work = work(row, findings);
        DeclarationRequest.requireContact(findings, stances.stated(), rowTerms, reachable);
        findings.finish();
        return new Content(row.subjects(), stances, rowTerms, period, work, mandate, null, null);
    }

    private Terms terms(RowReader.Reading row, Findings findings) {
        String contact = row.contact() == null ? terms.contact() : findings.contact("/terms/contact", row.contact());
        String license = row.license() == null ? terms.license() : findings.webAddress("/terms/license", row.license());
        return new Terms(
                contact,
                license,
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
        String rowKind = row.kind() == null ? kind : row.kind();
        String checkedKind = rowKind == null ? null : findings.text("/work/kind", rowKind, DeclarationRequest.MAX_KIND);
        return title == null ? null : new Work(title, creators, checkedKind);
    }
}
