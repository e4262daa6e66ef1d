package org.askfirst.registry.lookup;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.askfirst.entry.Content;
import org.askfirst.entry.EntrySummary;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.GrantId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.AskerGrants;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.license.LicenseTerms;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.asked.Asker;
import org.askfirst.registry.asked.LookupTally;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.declaration.MarketView;
import org.askfirst.registry.declaration.TermsView;
import org.askfirst.registry.grant.GrantIndex;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.ledger.DatabaseWatch;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.offer.Offers;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.search.NameSearch;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.TestSubject;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * Answers items: finds the statements that reach them, computes verdicts, and gives reasons.
 *
 * <p>Every item gets an answer, in order. An item that cannot be read gets a problem and no verdict. Failures of the
 * registry itself are thrown, so that no failure looks like an answer.
 */
@Singleton
class Lookup {
    /** Number of statements that an answer lists; it gives the number of the others. */
    private static final int MAX_LISTED = 50;

    /** Number of items whose statements are in memory at once. */
    private static final int TOGETHER = 256;

    /** The same for a past moment, at which each part costs a query. */
    private static final int PAST_TOGETHER = 1_000;

    /**
     * Number of statements that the answers of a call list together. The answer to a short call could otherwise fill the
     * memory.
     */
    private static final int MAX_LISTED_IN_A_CALL = 20_000;

    /** Time for the searches of a call. After it, the other items with a title get no candidates. */
    private static final long SEARCH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final IndexFollower index;
    private final DatabaseSource database;
    private final LedgerStore ledger;
    private final Details details;
    private final Controls controls;
    private final DatabaseWatch watch;
    private final Clock clock;
    private final VerdictMeters meters;
    private final NameSearch names;
    private final GrantIndex grants;
    private final LookupTally tally;
    private final Offers offers;
    private final Mirror mirror;

    Lookup(
            IndexFollower index,
            DatabaseSource database,
            LedgerStore ledger,
            Details details,
            Controls controls,
            DatabaseWatch watch,
            Clock clock,
            VerdictMeters meters,
            NameSearch names,
            GrantIndex grants,
            LookupTally tally,
            Offers offers,
            Mirror mirror) {
        this.mirror = mirror;
        this.grants = grants;
        this.tally = tally;
        this.offers = offers;
        this.names = names;
        this.watch = watch;
        this.index = index;
        this.database = database;
        this.ledger = ledger;
        this.details = details;
        this.controls = controls;
        this.clock = clock;
        this.meters = meters;
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
        mirror.refuse("knows no earlier moments");
        watch.requireAnswer();
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
        for (int from = 0; from < items.size(); from += TOGETHER) {
            List<Question.Item> some = items.subList(from, Math.min(items.size(), from + TOGETHER));
            List<JudgedItem> judged = judge(some, question, reaching(some, question, asOf), asOf);
            for (JudgedItem item : judged) {
                verdicts.add(item.verdicts());
            }
            count(judged, question.asker());
        }
        return verdicts;
    }

    /**
     * Returns the answers, in the order of the items. An answer lists few statements, but thousands may reach a work. So
     * the items are judged part by part. After a number of listed statements, the other answers list none.
     */
    List<Answer> answers(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        int together = asOf.view() == null ? PAST_TOGETHER : TOGETHER;
        List<Answer> answers = new ArrayList<>(items.size());
        int listed = 0;
        for (int from = 0; from < items.size(); from += together) {
            List<Question.Item> some = items.subList(from, Math.min(items.size(), from + together));
            List<JudgedItem> judged = judge(some, question, reaching(some, question, asOf), asOf);
            if (listed >= MAX_LISTED_IN_A_CALL) {
                judged.forEach(item -> answers.add(unlisted(item, asOf)));
                count(judged, question.asker());
                continue;
            }
            List<Match> matches = question.full() ? listed(judged) : List.of();
            listed += matches.size();
            answers.addAll(answers(
                    judged,
                    question,
                    asOf,
                    question.full() ? details.of(matches, index.view()) : Details.EntryDetails.NONE));
            count(judged, question.asker());
        }
        addCandidates(items, answers);
        return answers;
    }

    /** Adds the works that titles may mean. They are those of now, and change no verdict. */
    private void addCandidates(List<Question.Item> items, List<Answer> answers) {
        long began = System.nanoTime();
        for (int i = 0; i < items.size(); i++) {
            Question.Named named = items.get(i).named();
            if (named != null && answers.get(i).problem() == null) {
                try {
                    mirror.refuse("finds no titles");
                    answers.set(
                            i,
                            answers.get(i)
                                    .with(
                                            System.nanoTime() - began > SEARCH_NANOS
                                                    ? new NameSearch.Candidates(List.of(), true)
                                                    : names.candidates(named.title(), named.creators())));
                } catch (SQLException | ProblemException failure) {
                    answers.set(i, Answer.refused(items.get(i), ProblemMapper.failed(failure)));
                }
            }
        }
    }

    /** Returns the answer with the number of its statements instead of the statements. */
    private static Answer unlisted(JudgedItem judged, AsOf asOf) {
        Answer answer = answer(judged, false, asOf, Details.EntryDetails.NONE, Set.of(), Map.of(), null);
        Verdicts verdicts = judged.verdicts();
        return verdicts == null
                ? answer
                : answer.unlisted(verdicts.assessments().size());
    }

    /**
     * Returns the current answer if everything it needs is in memory; null if the database has to be queried. Does not
     * block.
     */
    @Nullable Answer cachedAnswer(Question.Item item, Question question, AsOf now) throws SQLException {
        IndexView view = now.view();
        if (view == null) {
            return null;
        }
        AskerGrants granted = grants.cached(question.party(), now.position());
        if (granted == null) {
            return null;
        }
        List<JudgedItem> all =
                judge(List.of(item), question, index.reading(() -> view.reaching(item.subjects(), granted)), now);
        Details.EntryDetails cached = question.full() ? details.cached(listed(all), view) : Details.EntryDetails.NONE;
        if (cached == null || (question.full() && grants.cachedTerms(lifting(all)) == null)) {
            return null;
        }
        Answer answer = answers(all, question, now, cached).get(0);
        count(all, question.asker());
        return answer;
    }

    /** Counts the declarations in answers that are complete. */
    private void count(List<JudgedItem> answered, @Nullable Asker asker) {
        if (asker == null || mirror.isOn()) {
            return;
        }
        int first = 0;
        while (first < answered.size() && answered.get(first).matches().isEmpty()) {
            first++;
        }
        if (first == answered.size()) {
            return;
        }
        try (LookupTally.Stripe stripe = tally.open()) {
            for (JudgedItem item : answered.subList(first, answered.size())) {
                if (!item.matches().isEmpty()) {
                    stripe.next();
                    for (Match match : item.matches().values()) {
                        stripe.add(match, asker);
                    }
                }
            }
        }
    }

    private static List<Match> listed(List<JudgedItem> all) {
        List<Match> listed = new ArrayList<>();
        for (JudgedItem judged : all) {
            judged.listed().forEach(finding -> listed.add(judged.match(finding)));
        }
        return listed;
    }

    /** Returns the grants that the answers name. */
    private static List<GrantId> lifting(List<JudgedItem> all) {
        List<GrantId> lifting = new ArrayList<>();
        for (JudgedItem judged : all) {
            for (Verdicts.Assessment finding : judged.listed()) {
                finding.lifts().forEach(lift -> lifting.add(lift.grant().id()));
            }
        }
        return lifting;
    }

    private List<Answer> answers(List<JudgedItem> all, Question question, AsOf asOf, Details.EntryDetails details)
            throws SQLException {
        Map<GrantId, LicenseTerms> granted = question.full() ? grants.terms(lifting(all)) : Map.of();
        Set<Controls.PartyContact> verified = question.full() ? verified(all, asOf, details) : Set.of();
        Offers.Book book = question.full() ? offers(all, asOf) : Offers.Book.EMPTY;
        List<Answer> answers = new ArrayList<>(all.size());
        for (JudgedItem judged : all) {
            Answer answer = answer(judged, question.full(), asOf, details, verified, granted, question);
            answers.add(book.isEmpty() ? answer : answer.offering(fitting(judged, asOf, details, book)));
        }
        return answers;
    }

    /** Returns the offers that were in force at the position: from memory for now, else with one query. */
    private Offers.Book offers(List<JudgedItem> all, AsOf asOf) throws SQLException {
        if (asOf.view() != null) {
            return offers.now();
        }
        Set<PartyId> licensors = new HashSet<>();
        for (JudgedItem judged : all) {
            judged.listed().forEach(finding -> licensors.add(finding.statement().party()));
        }
        return offers.at(licensors, asOf.position());
    }

    private static List<Offers.NamedOffer> fitting(
            JudgedItem judged, AsOf asOf, Details.EntryDetails details, Offers.Book book) {
        Verdicts verdicts = judged.verdicts();
        if (verdicts == null || judged.listed().isEmpty()) {
            return List.of();
        }
        // Details are known only for the listed statements, which are the deciding ones first.
        Verdicts ofListed = new Verdicts(verdicts.verdict(), verdicts.uses(), judged.listed());
        return book
                .fitting(
                        ofListed,
                        statement -> details.entry(
                                        Objects.requireNonNull(judged.matches().get(statement)))
                                .declaration(),
                        judged.item().subjects(),
                        asOf.moment())
                .stream()
                .map(Offers.NamedOffer::of)
                .toList();
    }

    /** Returns those of the contacts in the answers that their parties had proved then. Each is looked up once. */
    private Set<Controls.PartyContact> verified(List<JudgedItem> all, AsOf asOf, Details.EntryDetails details)
            throws SQLException {
        Set<Controls.PartyContact> contacts = new HashSet<>();
        for (JudgedItem judged : all) {
            for (Verdicts.Assessment finding : judged.listed()) {
                Controls.PartyContact contact = contact(finding.statement(), judged.match(finding), asOf, details);
                if (contact != null) {
                    contacts.add(contact);
                }
            }
        }
        IndexView view = asOf.view();
        if (view == null) {
            return controls.verified(contacts, asOf.position());
        }
        return index.reading(() -> {
            contacts.removeIf(one ->
                    !one.isVerified(view.contactCheck(one.party()), () -> view.isVerified(one.contact(), one.party())));
            return contacts;
        });
    }

    /**
     * Returns the contact for a statement; null if an answer names none. If a form takes its place, it is the contact of
     * the party, which the form leads to and no answer shows.
     */
    private static Controls.@Nullable PartyContact contact(
            Statement statement, Match match, AsOf asOf, Details.EntryDetails details) {
        // A society whose mandate has ended can no longer permit, so the answer names nobody to ask.
        if (statement.onBehalfOf().isOutOfMandate(asOf.moment())) {
            return null;
        }
        String ofTerms = details.entry(match).content().terms().contact();
        Parties.Face face = details.face(statement);
        if (face.hides(ofTerms)) {
            String contact = face.contact();
            return new Controls.PartyContact(statement.party(), contact == null ? "" : contact, true);
        }
        String contact = ofTerms == null ? face.contact() : ofTerms;
        return contact == null
                ? null
                : new Controls.PartyContact(statement.party(), contact, contact.equals(face.contact()));
    }

    /**
     * An item with its verdicts.
     *
     * @param verdicts null if the item cannot be read
     * @param test the test subject that the item names; null if it names a work
     * @param matches how each statement was found
     */
    private record JudgedItem(
            Question.Item item,
            @Nullable Verdicts verdicts,
            @Nullable TestSubject test,
            Map<Statement, Match> matches) {
        JudgedItem(Question.Item item, @Nullable Verdicts verdicts, Map<Statement, Match> matches) {
            this(item, verdicts, null, matches);
        }

        /** Returns the assessments that the answer lists. */
        List<Verdicts.Assessment> listed() {
            return verdicts == null || test != null
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
    private List<JudgedItem> judge(
            List<Question.Item> items, Question question, List<List<Match>> reaching, AsOf asOf) {
        Verdicts nothing = Verdicts.of(List.of(), question.uses(), asOf.moment());
        List<JudgedItem> judged = new ArrayList<>(items.size());
        int start = 0;
        int withoutStatement = 0;
        for (Question.Item item : items) {
            int end = start + item.subjects().size();
            Map<Statement, Match> matches = matches(reaching.subList(start, end));
            start = end;
            if (item.problem() != null) {
                judged.add(new JudgedItem(item, null, Map.of()));
                continue;
            }
            JudgedItem test = judgedTest(item, question, asOf);
            if (test != null) {
                judged.add(test);
                continue;
            }
            if (matches.isEmpty()) {
                judged.add(new JudgedItem(item, nothing, Map.of()));
                withoutStatement++;
                continue;
            }
            List<Statement> statements = List.copyOf(matches.keySet());
            Verdicts verdicts = Verdicts.of(statements, question.uses(), asOf.moment());
            meters.count(verdicts, 1);
            judged.add(new JudgedItem(item, verdicts, matches));
        }
        meters.count(nothing, withoutStatement);
        return judged;
    }

    /** Returns the judgement on a test subject; null if the item names none. */
    private static @Nullable JudgedItem judgedTest(Question.Item item, Question question, AsOf asOf) {
        try {
            TestSubject test = TestAnswers.of(item.subjects());
            if (test == null) {
                return null;
            }
            ProblemException problem = TestAnswers.problem(test);
            return problem == null
                    ? new JudgedItem(item, test.verdicts(question.uses(), asOf.moment()), test, Map.of())
                    : new JudgedItem(item.refused(problem), null, test, Map.of());
        } catch (ProblemException refused) {
            return new JudgedItem(item.refused(refused), null, null, Map.of());
        }
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

    private List<List<Match>> reaching(List<Question.Item> items, Question question, AsOf asOf) throws SQLException {
        List<Subject> subjects = new ArrayList<>(items.size());
        items.forEach(item -> subjects.addAll(item.subjects()));
        AskerGrants granted = grants.of(question.party(), asOf.position());
        IndexView view = asOf.view();
        if (view != null) {
            mirror.requireInTime(view);
            return index.reading(() -> view.reaching(subjects, granted));
        }
        watch.requireAnswer();
        return database.reaching(subjects, asOf.position(), granted);
    }

    private static Answer answer(
            JudgedItem judged,
            boolean full,
            AsOf asOf,
            Details.EntryDetails details,
            Set<Controls.PartyContact> verified,
            Map<GrantId, LicenseTerms> granted,
            @Nullable Question question) {
        Question.Item item = judged.item();
        Verdicts verdicts = judged.verdicts();
        if (item.problem() != null || verdicts == null) {
            Answer refused = Answer.refused(item, Objects.requireNonNull(item.problem()));
            return judged.test() == null ? refused : refused.marked();
        }
        TestSubject test = judged.test();
        if (test != null) {
            List<Answer.AnswerStatement> statements = full ? TestAnswers.statements(test, verdicts) : null;
            return new Answer(item.id(), item.line(), verdicts, statements, 0, null, true);
        }
        int omitted = verdicts.assessments().size() - judged.listed().size();
        return new Answer(
                item.id(),
                item.line(),
                verdicts,
                full && question != null ? statements(judged, asOf, details, verified, granted, question) : null,
                full ? omitted : 0,
                null,
                false);
    }

    private static List<Answer.AnswerStatement> statements(
            JudgedItem judged,
            AsOf asOf,
            Details.EntryDetails details,
            Set<Controls.PartyContact> verified,
            Map<GrantId, LicenseTerms> granted,
            Question question) {
        List<Answer.AnswerStatement> statements = new ArrayList<>();
        for (Verdicts.Assessment finding : judged.listed()) {
            Statement statement = finding.statement();
            Match match = judged.match(finding);
            Parties.Face face = details.face(statement);
            EntrySummary entry = details.entry(match);
            Content content = entry.content();
            boolean mayPermit = !statement.onBehalfOf().isOutOfMandate(asOf.moment());
            String shown = face.published(statement.party(), content.terms().contact(), question.origin());
            // Who has seen too many contacts gets the address of the certificate, which shows this one to people.
            String published = shown == null || question.sees().test(shown)
                    ? shown
                    : question.origin() + "/d/" + entry.declaration();
            TermsView terms = mayPermit ? TermsView.of(content.terms(), published) : null;
            Controls.PartyContact contact = contact(statement, match, asOf, details);
            boolean contested = statement.contest().isContestedAt(asOf.moment());
            boolean applied = finding.outcome() == Verdicts.Outcome.APPLIED;
            statements.add(new Answer.AnswerStatement(
                    entry.declaration().toString(),
                    declaredSubject(match, details),
                    statement.party().toString(),
                    face.name(),
                    statement.trustHere().wireName(),
                    statement.evidenced(),
                    finding.stance().wireName(),
                    applied,
                    applied ? null : Answer.wireName(finding.outcome()),
                    contested ? Boolean.TRUE : null,
                    contested && !Instant.MAX.equals(statement.contest().contestedUntil())
                            ? statement.contest().contestedUntil()
                            : null,
                    contact == null ? null : published,
                    contact == null ? null : verified.contains(contact),
                    terms,
                    mandated(statement, content, details, mayPermit),
                    MarketView.of(content.market()),
                    through(match, entry),
                    grants(finding, granted),
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

    /** Returns the grants of the asker that bear on the statement; null if there are none. */
    private static @Nullable List<Answer.Lifting> grants(
            Verdicts.Assessment finding, Map<GrantId, LicenseTerms> granted) {
        return finding.lifts().isEmpty()
                ? null
                : finding.lifts().stream()
                        .map(lift -> Answer.Lifting.of(
                                lift,
                                Objects.requireNonNull(granted.get(lift.grant().id()))))
                        .toList();
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
