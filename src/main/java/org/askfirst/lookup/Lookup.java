package org.askfirst.lookup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.declaration.Content;
import org.askfirst.declaration.Entry;
import org.askfirst.declaration.MandateId;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Verdicts;
import org.askfirst.http.Members;
import org.askfirst.http.Parameters;
import org.askfirst.http.TermsView;
import org.askfirst.ledger.LedgerEntry;
import org.askfirst.ledger.LedgerStore;
import org.askfirst.party.Parties;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Answers items: what reaches them, what that means, and why.
 *
 * <p>Every item gets an answer, in order. An item that cannot be read gets a problem and no verdict; whatever fails
 * in the registry itself is thrown, so that no failure can look like an answer.
 */
@ApplicationScoped
class Lookup {
    /** How many statements an answer lists; a work on which more parties speak says how many more. */
    private static final int MAX_LISTED = 50;

    private static final Parties.Face FACELESS = new Parties.Face(null, null);

    private final StatementSource source;
    private final LedgerStore ledger;
    private final Parties parties;
    private final Clock clock;

    Lookup(StatementSource source, LedgerStore ledger, Parties parties, Clock clock) {
        this.source = source;
        this.ledger = ledger;
        this.parties = parties;
        this.clock = clock;
    }

    /**
     * What an answer is to hold for.
     *
     * @param asked a moment or a position; null for now
     */
    AsOf asOf(@Nullable String asked) throws SQLException {
        Instant now = clock.instant();
        long position = source.position();
        if (asked == null) {
            return new AsOf(position, now);
        }
        if (!asked.isEmpty() && asked.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long past = Parameters.whole("asOf", asked, 0, Long.MAX_VALUE, 0);
            if (past > position) {
                throw Parameters.refused("asOf", "The ledger has come to position " + position + " only");
            }
            return new AsOf(
                    past, past == 0 ? Instant.EPOCH : ledger.recordedAt(past).orElseThrow());
        }
        Instant moment = Members.parseMoment(asked);
        if (moment == null) {
            throw Parameters.refused(
                    "asOf",
                    "Expected a moment such as 2026-11-22T09:00:00Z, or a position, not " + Members.shown(asked));
        }
        if (moment.isAfter(now)) {
            throw Parameters.refused("asOf", "This moment is still to come");
        }
        return new AsOf(ledger.headAt(moment).position(), moment);
    }

    /** The verdicts alone, item by item; null where the item cannot be read. */
    List<@Nullable Verdicts> verdicts(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<@Nullable Verdicts> verdicts = new ArrayList<>(items.size());
        for (Judged judged : judge(items, question, asOf)) {
            verdicts.add(judged.verdicts());
        }
        return verdicts;
    }

    /** The answers, item by item. */
    List<AnswerView> answers(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<Judged> all = judge(items, question, asOf);
        Details details = question.full() ? details(all) : new Details(Map.of(), Map.of());
        List<AnswerView> answers = new ArrayList<>(items.size());
        for (Judged judged : all) {
            answers.add(answer(judged, question.full(), details, asOf.moment()));
        }
        return answers;
    }

    /**
     * An item, judged.
     *
     * @param verdicts null if the item cannot be read
     * @param subjects of each statement, the declared subject that matched
     */
    private record Judged(Question.Item item, @Nullable Verdicts verdicts, Map<Statement, String> subjects) {
        /** What of the findings is listed. */
        List<Verdicts.Finding> listed() {
            return verdicts == null
                    ? List.of()
                    : verdicts.findings()
                            .subList(0, Math.min(MAX_LISTED, verdicts.findings().size()));
        }
    }

    private record Details(Map<Long, LedgerEntry> entries, Map<PartyId, Parties.Face> faces) {}

    private List<Judged> judge(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<Subject> asked = new ArrayList<>();
        items.forEach(item -> asked.addAll(item.subjects()));
        Map<Subject, List<StatementSource.Match>> reaching = source.reaching(asked, asOf.position());
        List<Judged> judged = new ArrayList<>(items.size());
        for (Question.Item item : items) {
            if (item.problem() != null) {
                judged.add(new Judged(item, null, Map.of()));
                continue;
            }
            // In the order found: the same question must get the same bytes, or ETags change without a reason.
            Map<Statement, String> subjects = new LinkedHashMap<>();
            for (Subject subject : item.subjects()) {
                for (StatementSource.Match match : reaching.getOrDefault(subject, List.of())) {
                    subjects.putIfAbsent(match.statement(), match.subject());
                }
            }
            List<Statement> found = List.copyOf(subjects.keySet());
            judged.add(new Judged(item, Verdicts.of(found, question.uses(), asOf.moment()), subjects));
        }
        return judged;
    }

    private Details details(List<Judged> all) throws SQLException {
        Set<Long> positions = new HashSet<>();
        Set<PartyId> speakers = new HashSet<>();
        for (Judged judged : all) {
            for (Verdicts.Finding finding : judged.listed()) {
                positions.add(finding.statement().position());
                speakers.add(finding.statement().party());
                speakers.add(new PartyId(finding.statement().voice().of()));
            }
        }
        Map<Long, LedgerEntry> entries = new HashMap<>();
        if (!positions.isEmpty()) {
            ledger.at(positions).forEach(entry -> entries.put(entry.position(), entry));
        }
        return new Details(entries, parties.faces(speakers));
    }

    private static AnswerView answer(Judged judged, boolean full, Details details, Instant moment) {
        Question.Item item = judged.item();
        Verdicts verdicts = judged.verdicts();
        if (item.problem() != null || verdicts == null) {
            return AnswerView.refused(item.id(), Objects.requireNonNull(item.problem()));
        }
        int hidden = verdicts.findings().size() - judged.listed().size();
        return new AnswerView(
                item.id(),
                verdicts.verdict().wireName(),
                AnswerView.uses(verdicts.uses()),
                full ? because(judged, details, moment) : null,
                full && hidden > 0 ? hidden : null,
                null);
    }

    private static List<AnswerView.Because> because(Judged judged, Details details, Instant moment) {
        List<AnswerView.Because> because = new ArrayList<>();
        for (Verdicts.Finding finding : judged.listed()) {
            Statement statement = finding.statement();
            Parties.Face face = details.faces().getOrDefault(statement.party(), FACELESS);
            Content content = content(details.entries().get(statement.position()));
            // Whose mandate has ended can give nothing any more, and is not to be asked.
            boolean asked = !statement.voice().isOutOfMandate(moment);
            TermsView terms = content == null || !asked ? null : TermsView.of(content.terms());
            String contact = terms == null || terms.contact() == null ? face.contact() : terms.contact();
            boolean counted = finding.role() == Verdicts.Role.COUNTED;
            because.add(new AnswerView.Because(
                    statement.declaration().toString(),
                    judged.subjects().getOrDefault(statement, ""),
                    statement.party().toString(),
                    face.name(),
                    statement.trustHere().wireName(),
                    finding.stance().wireName(),
                    counted,
                    counted
                            ? null
                            : finding.role().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    asked ? contact : null,
                    terms,
                    mandated(statement, content, details, asked),
                    statement.position()));
        }
        return because;
    }

    private static AnswerView.@Nullable Mandated mandated(
            Statement statement, @Nullable Content content, Details details, boolean inForce) {
        MandateId mandate = content == null ? null : content.mandate();
        if (mandate == null) {
            return null;
        }
        PartyId member = new PartyId(statement.voice().of());
        boolean known = !member.number().equals(mandate.number());
        return new AnswerView.Mandated(
                mandate.toString(),
                inForce,
                known ? member.toString() : null,
                details.faces().getOrDefault(member, FACELESS).name());
    }

    private static @Nullable Content content(@Nullable LedgerEntry entry) {
        return entry != null && entry.entry() instanceof Entry.Stated stated
                ? stated.contentWith(entry.confidential())
                : null;
    }
}
