package org.askfirst.registry.imports;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.askfirst.entry.Content;
import org.askfirst.entry.Mandate;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.table.RowReader;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The mandates of the members that some rows name by the society's own numbers. They are read with one query. The check
 * under the ledger's lock decides; this one only chooses the mandate, and explains early why there is none.
 */
final class MemberMandates {
    private static final int MAX_NUMBER = 200;

    private final Map<String, List<Mandates.RecordedMandate>> byNumber;
    private final Instant now;

    private MemberMandates(Map<String, List<Mandates.RecordedMandate>> byNumber, Instant now) {
        this.byNumber = byNumber;
        this.now = now;
    }

    /** Finds the mandates of the members that the rows name. */
    static MemberMandates of(
            Mandates mandates, PartyId society, Collection<? extends RowReader.@Nullable Reading> rows, Instant now)
            throws SQLException {
        Set<String> numbers = new HashSet<>();
        for (RowReader.Reading row : rows) {
            String number = row == null ? null : row.memberNumber();
            if (number != null && number.length() <= MAX_NUMBER) {
                numbers.add(number);
            }
        }
        return new MemberMandates(mandates.byNumber(society, numbers), now);
    }

    /**
     * Returns the declaration of a row, under the mandate of the member that the row names, or else under the mandate of
     * the template, if it has one.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if the row cannot be declared so
     */
    Content content(DeclarationTemplate template, RowReader.Reading row, boolean reachable, Instant at) {
        Content content = template.with(row, reachable, at);
        String number = row.memberNumber();
        return number == null
                ? content
                : template.under(mandate(number, terms -> objection(terms, content)))
                        .with(row, reachable, at);
    }

    /** Returns the first limit of the mandate that the content exceeds; empty if there is none. */
    static Optional<Mandate.Objection> objection(Mandate terms, Content content) {
        return terms.objectionTo(content.withSubjects(subjectsOrPlaceholder(content.subjects())));
    }

    /** Returns the limit of the mandate that one of the subjects of a row exceeds; empty if there is none. */
    static Optional<Mandate.Objection> objection(Mandate terms, List<Subject> subjects) {
        return terms.objectionTo(subjectsOrPlaceholder(subjects));
    }

    /**
     * Returns the subjects, or a placeholder: a row without identifiers gets a {@code work:} id when it is declared.
     */
    private static List<Subject> subjectsOrPlaceholder(List<Subject> subjects) {
        return subjects.isEmpty() ? List.of(Subject.ofWork(new byte[Declarations.WORK_ID_BYTES])) : subjects;
    }

    /** A rule that a mandate may have against a row. */
    interface Rule {
        Optional<Mandate.Objection> objectionOf(Mandate terms);
    }

    /**
     * Returns the mandate of the member with this number. If there are several, it is the oldest in force that covers
     * the row, so that the same file finds the same one again.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if none is in force, or none covers the row
     */
    MandateId mandate(String number, Rule rule) {
        List<Mandates.RecordedMandate> known = byNumber.getOrDefault(number, List.of());
        if (known.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/memberNumber",
                    Reason.UNKNOWN_MANDATE,
                    "the party has no mandate with the member number " + Members.shown(number));
        }
        Mandate.Objection first = null;
        for (Mandates.RecordedMandate mandate : known) {
            if (mandate.isInForceAt(now)) {
                Optional<Mandate.Objection> objection = rule.objectionOf(mandate.terms());
                if (objection.isEmpty()) {
                    return mandate.id();
                }
                first = first == null ? objection.get() : first;
            }
        }
        if (first == null) {
            throw Problem.INVALID_REQUEST.at(
                    "/memberNumber",
                    Reason.MANDATE_NOT_IN_FORCE,
                    "the mandate with the member number " + Members.shown(number) + " is not in force now");
        }
        throw Problem.INVALID_REQUEST.at(
                "/memberNumber", first.reason(), first.detail() + "; the member number is " + Members.shown(number));
    }
}
