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
 * Answers items: what reaches them, what that means, and why.
 *
 * <p>Every item gets an answer, in order. An item that cannot be read gets a problem and no verdict; whatever fails
 * in the registry itself is thrown, so that no failure can look like an answer.
 */
@ApplicationScoped
class Lookup {
    /** How many statements an answer lists; a work on which more parties speak says how many more. */
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
     * What an answer is to hold for.
     *
     * @param asked a moment, a position, or both; null for now
     */
    AsOf asOf(@Nullable String asked) throws SQLException {
        if (asked == null) {
            return now();
        }
        IndexView view = index.view();
        int at = asked.indexOf('@');
        if (at >= 0 && isNumber(asked.substring(0, at))) {
            return exactly(past(asked.substring(0, at), view), moment(asked.substring(at + 1)), view);
        }
        if (isNumber(asked)) {
            long position = past(asked, view);
            return at(position, recordedAt(position), view);
        }
        Instant moment = moment(asked);
        return at(ledger.headAt(moment).position(), moment, view);
    }

    /** Everything up to now, for now; waits for nothing. */
    AsOf now() {
        IndexView view = index.view();
        return at(view.position(), moment(), view);
    }

    /** An entry may bear a time that the clock has not come to: clocks differ between nodes, and jump. */
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
                    "no answer was given at position " + position + " at that moment: the entry there was recorded at "
                            + recordedAt(position));
        }
        return at(position, moment, view);
    }

    private static long past(String asked, IndexView view) {
        long position = Parameters.whole("asOf", asked, 0, Long.MAX_VALUE, 0);
        if (position > view.position()) {
            throw Parameters.refused(
                    "asOf", Reason.OUT_OF_RANGE, "the ledger has come to position " + view.position() + " only");
        }
        return position;
    }

    private Instant moment(String asked) {
        Instant moment = Members.parseMoment(asked);
        if (moment == null) {
            throw Parameters.refused(
                    "asOf",
                    Reason.MALFORMED,
                    "give a moment such as 2026-11-22T09:00:00Z, a position, or both as in"
                            + " 42@2026-11-22T09:00:00Z, not " + Members.shown(asked));
        }
        if (moment.isAfter(moment())) {
            throw Parameters.refused("asOf", Reason.FUTURE, "this moment is still to come");
        }
        return moment;
    }

    private Instant recordedAt(long position) throws SQLException {
        return position == 0
                ? Instant.EPOCH
                : ledger.recordedAt(position).orElseThrow(() -> new IllegalStateException("no entry at " + position));
    }

    /** The verdicts alone, item by item; null where the item cannot be read. */
    List<@Nullable Verdicts> verdicts(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<@Nullable Verdicts> verdicts = new ArrayList<>(items.size());
        for (Judged judged : judge(items, question, reaching(items, asOf), asOf)) {
            verdicts.add(judged.verdicts());
        }
        return verdicts;
    }

    /** The answers, item by item. */
    List<Answer> answers(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<Judged> all = judge(items, question, reaching(items, asOf), asOf);
        return answers(
                all,
                question,
                asOf,
                question.full() ? details.of(listed(all), index.view()) : Details.EntryDetails.NONE);
    }

    /** The answer about now, if all that it takes is in memory; null if the database would have to be asked. */
    @Nullable Answer answerAtHand(Question.Item item, Question question, AsOf now) {
        IndexView view = now.view();
        if (view == null) {
            return null;
        }
        List<Judged> all = judge(List.of(item), question, view.reaching(item.subjects()), now);
        Details.EntryDetails found = question.full() ? details.atHand(listed(all), view) : Details.EntryDetails.NONE;
        return found == null ? null : answers(all, question, now, found).get(0);
    }

    private static List<Match> listed(List<Judged> all) {
        List<Match> listed = new ArrayList<>();
        for (Judged judged : all) {
            judged.listed().forEach(finding -> listed.add(judged.match(finding)));
        }
        return listed;
    }

    private static List<Answer> answers(List<Judged> all, Question question, AsOf asOf, Details.EntryDetails details) {
        List<Answer> answers = new ArrayList<>(all.size());
        for (Judged judged : all) {
            answers.add(answer(judged, question.full(), asOf, details));
        }
        return answers;
    }

    /**
     * An item, judged.
     *
     * @param verdicts null if the item cannot be read
     * @param matches how each statement was found
     */
    private record Judged(Question.Item item, @Nullable Verdicts verdicts, Map<Statement, Match> matches) {
        /** What of the findings is listed. */
        List<Verdicts.Assessment> listed() {
            return verdicts == null
                    ? List.of()
                    : verdicts.assessments()
                            .subList(0, Math.min(MAX_LISTED, verdicts.assessments().size()));
        }

        /** How that was found. */
        Match match(Verdicts.Assessment finding) {
            return Objects.requireNonNull(matches.get(finding.statement()));
        }
    }

    /**
     * Judges items.
     *
     * @param reaching for each subject of each item in turn what reaches it
     */
    private static List<Judged> judge(
            List<Question.Item> items, Question question, List<List<Match>> reaching, AsOf asOf) {
        Verdicts nothing = Verdicts.of(List.of(), question.uses(), asOf.moment());
        List<Judged> judged = new ArrayList<>(items.size());
        int at = 0;
        for (Question.Item item : items) {
            int end = at + item.subjects().size();
            Map<Statement, Match> matches = matches(reaching.subList(at, end));
            at = end;
            if (item.problem() != null) {
                judged.add(new Judged(item, null, Map.of()));
                continue;
            }
            if (matches.isEmpty()) {
                judged.add(new Judged(item, nothing, Map.of()));
                continue;
            }
            List<Statement> found = List.copyOf(matches.keySet());
            judged.add(new Judged(item, Verdicts.of(found, question.uses(), asOf.moment()), matches));
        }
        return judged;
    }

    private static Map<Statement, Match> matches(List<List<Match>> reaching) {
        Map<Statement, Match> matches = Map.of();
        for (List<Match> some : reaching) {
            for (Match match : some) {
                if (matches.isEmpty()) {
                    // In the order found: the same question must get the same bytes, or ETags change without a reason.
                    matches = new LinkedHashMap<>();
                }
                matches.putIfAbsent(match.statement(), match);
            }
        }
        return matches;
    }

    private List<List<Match>> reaching(List<Question.Item> items, AsOf asOf) throws SQLException {
        List<Subject> asked = new ArrayList<>(items.size());
        items.forEach(item -> asked.addAll(item.subjects()));
        IndexView view = asOf.view();
        return view == null ? database.reaching(asked, asOf.position()) : view.reaching(asked);
    }

    private static Answer answer(Judged judged, boolean full, AsOf asOf, Details.EntryDetails details) {
        Question.Item item = judged.item();
        Verdicts verdicts = judged.verdicts();
        if (item.problem() != null || verdicts == null) {
            return Answer.refused(item.id(), Objects.requireNonNull(item.problem()));
        }
        int hidden = verdicts.assessments().size() - judged.listed().size();
        return new Answer(item.id(), verdicts, full ? because(judged, asOf, details) : null, full ? hidden : 0, null);
    }

    private static List<Answer.Because> because(Judged judged, AsOf asOf, Details.EntryDetails details) {
        List<Answer.Because> because = new ArrayList<>();
        for (Verdicts.Assessment finding : judged.listed()) {
            Statement statement = finding.statement();
            Match match = judged.match(finding);
            Parties.Face face = details.face(statement);
            EntrySummary told = details.told(match);
            Content content = told.content();
            // Whose mandate has ended can give nothing any more, and is not to be asked.
            boolean asked = !statement.onBehalfOf().isOutOfMandate(asOf.moment());
            TermsView terms = asked ? TermsView.of(content.terms()) : null;
            String contact = terms == null || terms.contact() == null ? face.contact() : terms.contact();
            boolean counted = finding.outcome() == Verdicts.Outcome.APPLIED;
            because.add(new Answer.Because(
                    told.declaration().toString(),
                    declared(match, details),
                    statement.party().toString(),
                    face.name(),
                    statement.trustHere().wireName(),
                    finding.stance().wireName(),
                    counted,
                    counted
                            ? null
                            : finding.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    asked ? contact : null,
                    terms,
                    mandated(statement, content, details, asked),
                    MarketView.of(content.market()),
                    through(match, told),
                    match.statedAt()));
        }
        return because;
    }

    private static Answer.@Nullable Mandated mandated(
            Statement statement, Content content, Details.EntryDetails details, boolean inForce) {
        MandateId mandate = content.mandate();
        if (mandate == null) {
            return null;
        }
        PartyId member = new PartyId(statement.onBehalfOf().of());
        boolean known = !member.number().equals(mandate.number());
        return new Answer.Mandated(
                mandate.toString(),
                inForce,
                known ? member.toString() : null,
                details.face(member).name());
    }

    private static Answer.@Nullable Through through(Match match, EntrySummary told) {
        Repertoire repertoire = told.content().repertoire();
        return repertoire == null
                ? null
                : new Answer.Through(told.declaration().toString(), repertoire.title(), match.listedAt());
    }

    /** Which declared or listed subject matched. */
    private static String declared(Match match, Details.EntryDetails details) {
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
