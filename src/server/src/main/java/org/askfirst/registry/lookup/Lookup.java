package org.askfirst.registry.lookup;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.askfirst.entry.Content;
import org.askfirst.entry.EntrySummary;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.MarketView;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Answers items: finds the statements that reach them, computes verdicts, and gives reasons.
 *
 * <p>Every item gets an answer, in order. An item that cannot be read gets a problem and no verdict. Failures of the
 * registry itself are thrown, so that no failure looks like an answer.
 */
@ApplicationScoped
class Lookup {
    /** Number of statements that an answer lists; it gives the number of the others. */
    private static final int MAX_LISTED = 50;

    private final IndexFollower index;
    private final DatabaseSource database;
    private final LedgerStore ledger;
    private final Details details;
    private final Clock clock;

    Lookup(IndexFollower index, DatabaseSource database, LedgerStore ledger, Details details, Clock clock) {
        this.index = index;
        this.database = database;
        this.ledger = ledger;
        this.details = details;
        this.clock = clock;
    }

    /**
     * Returns the position and the moment for which a call is answered.
     *
     * @param text a moment, a position, or both as {@code position@moment}; null for now
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if {@code text} cannot be read or is in the future, or
     *     {@link Problem#UNAVAILABLE} if the index may be stale
     */
    AsOf asOf(@Nullable String text) throws SQLException {
        if (text == null) {
            return now();
        }
        IndexView view = index.view();
        int at = text.indexOf('@');
        if (at >= 0 && isNumber(text.substring(0, at))) {
            return exactly(past(text.substring(0, at), view), moment(text.substring(at + 1)), view);
        }
        if (isNumber(text)) {
            long position = past(text, view);
            return at(position, recordedAt(position), view);
        }
        Instant moment = moment(text);
        return at(ledger.headAt(moment).position(), moment, view);
    }

    /** Returns the current position and moment. Does not block. */
    AsOf now() {
        IndexView view = index.view();
        return at(view.position(), moment(), view);
    }

    /**
     * Returns the current time, or the time of the last entry if that is later: clocks differ between nodes, and jump.
     */
    private Instant moment() {
        Instant clocked = clock.instant();
        return clocked.isBefore(index.recordedAt()) ? index.recordedAt() : clocked;
    }

    private static AsOf at(long position, Instant moment, IndexView view) {
        return new AsOf(position, moment, position == view.position() ? view : null);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private AsOf exactly(long position, Instant moment, IndexView view) throws SQLException {
        if (position > 0 && moment.isBefore(recordedAt(position))) {
            throw Parameters.refused(
                    "asOf",
                    Reason.CONFLICT,
                    "the ledger had not reached position " + position + " at that moment: its entry was recorded at "
                            + recordedAt(position));
        }
        return at(position, moment, view);
    }

    private static long past(String text, IndexView view) {
        long position = Parameters.whole("asOf", text, 0, Long.MAX_VALUE, 0);
        if (position > view.position()) {
            throw Parameters.refused(
                    "asOf", Reason.OUT_OF_RANGE, "the ledger has reached position " + view.position() + " only");
        }
        return position;
    }

    private Instant moment(String text) {
        Instant moment = Members.parseMoment(text);
        if (moment == null) {
            throw Parameters.refused(
                    "asOf",
                    Reason.MALFORMED,
                    "give a moment such as 2026-11-22T09:00:00Z, a position, or both as in"
                            + " 42@2026-11-22T09:00:00Z, not " + Members.shown(text));
        }
        if (moment.isAfter(moment())) {
            throw Parameters.refused("asOf", Reason.FUTURE, "this moment is in the future");
        }
        return moment;
    }

    private Instant recordedAt(long position) throws SQLException {
        return position == 0
                ? Instant.EPOCH
                : ledger.recordedAt(position).orElseThrow(() -> new IllegalStateException("no entry at " + position));
    }

    /** Returns the verdicts without reasons, in the order of the items; null for an item that cannot be read. */
    List<@Nullable Verdicts> verdicts(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<@Nullable Verdicts> verdicts = new ArrayList<>(items.size());
        for (JudgedItem judged : judge(items, question, reaching(items, asOf), asOf)) {
            verdicts.add(judged.verdicts());
        }
        return verdicts;
    }

    /** Returns the answers, in the order of the items. */
    List<Answer> answers(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<JudgedItem> all = judge(items, question, reaching(items, asOf), asOf);
        return answers(
                all,
                question,
                asOf,
                question.full() ? details.of(listed(all), index.view()) : Details.EntryDetails.NONE);
    }

    /**
     * Returns the current answer if everything it needs is in memory; null if the database has to be queried. Does not
     * block.
     */
    @Nullable Answer cachedAnswer(Question.Item item, Question question, AsOf now) {
        IndexView view = now.view();
        if (view == null) {
            return null;
        }
        List<JudgedItem> all = judge(List.of(item), question, view.reaching(item.subjects()), now);
        Details.EntryDetails cached = question.full() ? details.cached(listed(all), view) : Details.EntryDetails.NONE;
        return cached == null ? null : answers(all, question, now, cached).get(0);
    }

    private static List<Match> listed(List<JudgedItem> all) {
        List<Match> listed = new ArrayList<>();
        for (JudgedItem judged : all) {
            judged.listed().forEach(finding -> listed.add(judged.match(finding)));
        }
        return listed;
    }

    private static List<Answer> answers(
            List<JudgedItem> all, Question question, AsOf asOf, Details.EntryDetails details) {
        List<Answer> answers = new ArrayList<>(all.size());
        for (JudgedItem judged : all) {
            answers.add(answer(judged, question.full(), asOf, details));
        }
        return answers;
    }

    /**
     * An item with its verdicts.
     *
     * @param verdicts null if the item cannot be read
     * @param matches how each statement was found
     */
    private record JudgedItem(Question.Item item, @Nullable Verdicts verdicts, Map<Statement, Match> matches) {
        /** Returns the assessments that the answer lists. */
        List<Verdicts.Assessment> listed() {
            return verdicts == null
                    ? List.of()
                    : verdicts.assessments()
                            .subList(
                                    0,
                                    Math.min(MAX_LISTED, verdicts.assessments().size()));
        }

        /** Returns how the statement of an assessment was found. */
        Match match(Verdicts.Assessment finding) {
            return Objects.requireNonNull(matches.get(finding.statement()));
        }
    }

    /**
     * Computes the verdicts of items.
     *
     * @param reaching the statements that reach each subject of each item, in order
     */
    private static List<JudgedItem> judge(
            List<Question.Item> items, Question question, List<List<Match>> reaching, AsOf asOf) {
        Verdicts nothing = Verdicts.of(List.of(), question.uses(), asOf.moment());
        List<JudgedItem> judged = new ArrayList<>(items.size());
        int start = 0;
        for (Question.Item item : items) {
            int end = start + item.subjects().size();
            Map<Statement, Match> matches = matches(reaching.subList(start, end));
            start = end;
            if (item.problem() != null) {
                judged.add(new JudgedItem(item, null, Map.of()));
                continue;
            }
            if (matches.isEmpty()) {
                judged.add(new JudgedItem(item, nothing, Map.of()));
                continue;
            }
            List<Statement> statements = List.copyOf(matches.keySet());
            judged.add(new JudgedItem(item, Verdicts.of(statements, question.uses(), asOf.moment()), matches));
        }
        return judged;
    }

    private static Map<Statement, Match> matches(List<List<Match>> reaching) {
        Map<Statement, Match> matches = Map.of();
        for (List<Match> matchesOfSubject : reaching) {
            for (Match match : matchesOfSubject) {
                if (matches.isEmpty()) {
                    // Keeps the order of the matches: equal calls must get equal bytes, so that ETags stay the same.
                    matches = new LinkedHashMap<>();
                }
                matches.putIfAbsent(match.statement(), match);
            }
        }
        return matches;
    }

    private List<List<Match>> reaching(List<Question.Item> items, AsOf asOf) throws SQLException {
        List<Subject> subjects = new ArrayList<>(items.size());
        items.forEach(item -> subjects.addAll(item.subjects()));
        IndexView view = asOf.view();
        return view == null ? database.reaching(subjects, asOf.position()) : view.reaching(subjects);
    }

    private static Answer answer(JudgedItem judged, boolean full, AsOf asOf, Details.EntryDetails details) {
        Question.Item item = judged.item();
        Verdicts verdicts = judged.verdicts();
        if (item.problem() != null || verdicts == null) {
            return Answer.refused(item.id(), Objects.requireNonNull(item.problem()));
        }
        int omitted = verdicts.assessments().size() - judged.listed().size();
        return new Answer(
                item.id(), verdicts, full ? statements(judged, asOf, details) : null, full ? omitted : 0, null);
    }

    private static List<Answer.AnswerStatement> statements(JudgedItem judged, AsOf asOf, Details.EntryDetails details) {
        List<Answer.AnswerStatement> statements = new ArrayList<>();
        for (Verdicts.Assessment finding : judged.listed()) {
            Statement statement = finding.statement();
            Match match = judged.match(finding);
            Parties.Face face = details.face(statement);
            EntrySummary entry = details.entry(match);
            Content content = entry.content();
            // A society whose mandate has ended can no longer permit, so the answer names nobody to ask.
            boolean mayPermit = !statement.onBehalfOf().isOutOfMandate(asOf.moment());
            TermsView terms = mayPermit ? TermsView.of(content.terms()) : null;
            String contact = terms == null || terms.contact() == null ? face.contact() : terms.contact();
            boolean applied = finding.outcome() == Verdicts.Outcome.APPLIED;
            statements.add(new Answer.AnswerStatement(
                    entry.declaration().toString(),
                    declaredSubject(match, details),
                    statement.party().toString(),
                    face.name(),
                    statement.trustHere().wireName(),
                    finding.stance().wireName(),
                    applied,
                    applied
                            ? null
                            : finding.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    mayPermit ? contact : null,
                    terms,
                    mandated(statement, content, details, mayPermit),
                    MarketView.of(content.market()),
                    through(match, entry),
                    match.statedAt()));
        }
        return statements;
    }

    private static Answer.@Nullable Mandated mandated(
            Statement statement, Content content, Details.EntryDetails details, boolean inForce) {
        MandateId mandate = content.mandate();
        if (mandate == null) {
            return null;
        }
        PartyId member = new PartyId(statement.onBehalfOf().of());
        boolean hasMember = !member.number().equals(mandate.number());
        return new Answer.Mandated(
                mandate.toString(),
                inForce,
                hasMember ? member.toString() : null,
                details.face(member).name());
    }

    private static Answer.@Nullable Through through(Match match, EntrySummary entry) {
        Repertoire repertoire = entry.content().repertoire();
        return repertoire == null
                ? null
                : new Answer.Through(entry.declaration().toString(), repertoire.title(), match.listedAt());
    }

    /** Returns the declared or listed subject that matched. */
    private static String declaredSubject(Match match, Details.EntryDetails details) {
        if (match.exact()) {
            return match.subject();
        }
        return details.subjects(match).stream()
                .filter(subject -> subject.indexedAs().stream()
                        .anyMatch(as -> as.canonical().equals(match.subject())))
                .findFirst()
                .orElseThrow()
                .canonical();
    }
}
