package org.askfirst.registry.search;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Work;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.ledger.DatabaseWatch;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.statement.DeclarationStatuses;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Trust;
import org.jspecify.annotations.Nullable;

/**
 * Finds works and parties by a text that a person typed.
 *
 * <p>The table of names only proposes. Each result is read again from the ledger before it is shown, so a title that was
 * erased, amended, hidden or withdrawn is never shown, even if the table is behind. Suspended parties and their works
 * are left out.
 *
 * <p>A search has a bounded cost: PostgreSQL ends each query after two seconds, and at most {@value #WINDOW} names that
 * contain the text are compared. Then the results say that they are incomplete.
 */
@ApplicationScoped
public class NameSearch {
    /** Number of candidates that are put in order. */
    private static final int WINDOW = 2_000;

    /** Number of candidates that one call reads from the ledger. */
    private static final int MOST_EXAMINED = 400;

    private static final int BATCH = 100;

    /** The least likeness of a similar name, of 1000. */
    private static final int LIKE = 500;

    private static final String TIMEOUT = "2s";
    private static final String CANCELLED = "57014";

    /** Number of searches at a time on one node: searches must not take the connections of declarations. */
    private static final int PLACES = 6;

    private static final int MAX_WAIT_SECONDS = 5;
    private static final int MAX_SUBJECTS = 5;
    private static final int MAX_CANDIDATES = 5;
    private static final String COLUMNS = "select id, kind, party, since, title, creators from search_name where ";

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final DeclarationStatuses statuses;
    private final PartyStates states;
    private final Controls controls;
    private final Measures measures;
    private final DatabaseWatch watch;
    private final Clock clock;
    private final Semaphore places = new Semaphore(PLACES);

    NameSearch(
            DataSource dataSource,
            LedgerStore ledger,
            DeclarationStatuses statuses,
            PartyStates states,
            Controls controls,
            Measures measures,
            DatabaseWatch watch,
            Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.statuses = statuses;
        this.states = states;
        this.controls = controls;
        this.measures = measures;
        this.watch = watch;
        this.clock = clock;
    }

    /**
     * A question.
     *
     * @param identifier the subject that the text names; null if it names none
     * @param party the party whose id the text is; null if it is none
     * @param declaration the declaration whose id the text is; null if it is none
     */
    record Text(
            FoldedName name,
            @Nullable Subject identifier,
            @Nullable PartyId party,
            @Nullable DeclarationId declaration) {
        static Text of(String typed) {
            String plain = typed.strip();
            return new Text(
                    FoldedName.of(typed),
                    recognised(typed),
                    PartyId.parse(plain).orElse(null),
                    DeclarationId.parse(plain).orElse(null));
        }

        private static @Nullable Subject recognised(String typed) {
            try {
                return Subject.recognise(typed);
            } catch (ProblemException none) {
                return null;
            }
        }
    }

    /** A possible result, as the table proposes it. */
    private record Hit(FoldedName.Kind kind, UUID id, Cursor place, String title, List<String> creators) {}

    /** The candidates that contain the text or are similar, in order. */
    private record Ranking(List<Hit> hits, boolean incomplete) {}

    /**
     * A page of results.
     *
     * @param next the cursor of the next page; null on the last page
     * @param incomplete true if the search ended before all names were compared
     */
    record Page(List<SearchAnswer.Result> results, @Nullable Cursor next, boolean incomplete) {}

    /** Returns a page of the results after the cursor. */
    Page search(Text text, Set<FoldedName.Kind> kinds, Cursor after, int limit) throws SQLException {
        return inPlace(() -> new Search(text, kinds).page(after, limit));
    }

    /**
     * The declared works that a title may mean.
     *
     * @param incomplete true if the search ended before all names were compared
     */
    public record Candidates(List<SearchAnswer.Candidate> works, boolean incomplete) {}

    /** Returns the works that may be meant, at most five, the best first. A name decides nothing. */
    public Candidates candidates(String title, List<String> creators) throws SQLException {
        Text text = new Text(FoldedName.of(title), null, null, null);
        List<FoldedName> names = creators.stream().map(FoldedName::of).toList();
        return text.name().isEmpty()
                ? new Candidates(List.of(), false)
                : inPlace(() -> new Search(text, Set.of(FoldedName.Kind.WORK)).candidates(names));
    }

    private interface Task<T> {
        T run() throws SQLException;
    }

    private <T> T inPlace(Task<T> task) throws SQLException {
        watch.requireAnswer();
        try {
            if (!places.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.UNAVAILABLE.because("Too many searches are running; try again in a few seconds");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("The registry is stopping");
        }
        try {
            return task.run();
        } finally {
            places.release();
        }
    }

    /** One search. */
    private final class Search {
        private final Text text;
        private final Set<FoldedName.Kind> kinds;
        private boolean incomplete;
        private @Nullable Ranking ranking;

        Search(Text text, Set<FoldedName.Kind> kinds) {
            this.text = text;
            this.kinds = kinds;
        }

        Page page(Cursor after, int limit) throws SQLException {
            List<SearchAnswer.Result> results = new ArrayList<>();
            Cursor at = after;
            Cursor last = after;
            int examined = 0;
            while (true) {
                List<Hit> batch = hits(at, Math.min(BATCH, Math.max(BATCH / 5, limit + 1)));
                Map<UUID, SearchAnswer.Result> shown = shown(batch);
                for (Hit hit : batch) {
                    SearchAnswer.Result result = shown.get(hit.id());
                    if (result != null && results.size() == limit) {
                        return new Page(results, last, incomplete);
                    }
                    if (result != null) {
                        results.add(result);
                    }
                    last = hit.place();
                }
                examined += batch.size();
                if (!batch.isEmpty()) {
                    at = last;
                } else if (at.match() == Match.SIMILAR) {
                    return new Page(results, null, incomplete);
                } else {
                    at = Cursor.before(at.match().next());
                    last = at;
                }
                if (examined >= MOST_EXAMINED) {
                    return new Page(results, last, incomplete);
                }
            }
        }

        Candidates candidates(List<FoldedName> creators) throws SQLException {
            List<Hit> hits = new ArrayList<>(hits(Cursor.before(Match.TITLE), BATCH));
            if (hits.size() < BATCH) {
                hits.addAll(hits(Cursor.before(Match.WORDS), BATCH));
                hits.addAll(hits(Cursor.before(Match.SIMILAR), BATCH));
            }
            hits.sort(Comparator.comparing((Hit hit) -> hit.place().match())
                    .thenComparing(hit -> !hasCreator(hit, creators))
                    .thenComparing(Hit::place));
            List<SearchAnswer.Candidate> candidates = new ArrayList<>();
            for (int from = 0; from < hits.size() && candidates.size() < MAX_CANDIDATES; from += BATCH / 5) {
                List<Hit> some = hits.subList(from, Math.min(hits.size(), from + BATCH / 5));
                Map<UUID, SearchAnswer.Result> shown = shown(some);
                for (Hit hit : some) {
                    SearchAnswer.Result result = shown.get(hit.id());
                    // A repertoire names no subject of its own, so nothing could be looked up.
                    if (result != null && candidates.size() < MAX_CANDIDATES && result.hasSubject()) {
                        candidates.add(result.asCandidate(creators.isEmpty() ? null : hasCreator(hit, creators)));
                    }
                }
            }
            return new Candidates(candidates, incomplete);
        }

        private static boolean hasCreator(Hit hit, List<FoldedName> creators) {
            return creators.stream().anyMatch(creator -> hit.creators().contains(creator.text()));
        }

        /** Returns at most {@code count} hits of the cursor's match after the cursor, in order. */
        private List<Hit> hits(Cursor after, int count) throws SQLException {
            return switch (after.match()) {
                case IDENTIFIER -> identified(after, count);
                case TITLE -> text.name().isEmpty() ? List.of() : titled(after, count);
                case WORDS, SIMILAR -> {
                    if (text.name().isEmpty()) {
                        yield List.of();
                    }
                    Ranking all = ranking();
                    incomplete |= all.incomplete();
                    yield all.hits().stream()
                            .filter(hit -> hit.place().match() == after.match()
                                    && hit.place().compareTo(after) > 0)
                            .limit(count)
                            .toList();
                }
            };
        }

        private List<Hit> identified(Cursor after, int count) throws SQLException {
            List<Hit> hits = new ArrayList<>();
            PartyId party = text.party();
            DeclarationId declaration = text.declaration();
            if (party != null && kinds.contains(FoldedName.Kind.PARTY) && after.since() == 0) {
                hits.add(identified(FoldedName.Kind.PARTY, party.number(), 1));
            }
            if (kinds.contains(FoldedName.Kind.WORK)) {
                Subject subject = text.identifier();
                query(connection -> {
                    Map<UUID, Long> found = new HashMap<>();
                    if (declaration != null) {
                        found.putAll(StatementStore.firstPositions(connection, List.of(declaration.number())));
                    } else if (subject != null) {
                        StatementStore.naming(connection, subject.key(), after.since(), count)
                                .forEach((id, since) -> found.put(id.number(), since));
                    }
                    found.forEach((id, since) -> {
                        if (since > after.since()) {
                            hits.add(identified(FoldedName.Kind.WORK, id, since));
                        }
                    });
                });
            }
            hits.sort(Comparator.comparing(Hit::place));
            return hits;
        }

        private static Hit identified(FoldedName.Kind kind, UUID id, long since) {
            return new Hit(kind, id, new Cursor(Match.IDENTIFIER, Cursor.BEST, since), "", List.of());
        }

        private List<Hit> titled(Cursor after, int count) throws SQLException {
            List<Hit> hits = new ArrayList<>();
            query(connection -> {
                // A query for each kind reads the index in its order.
                for (FoldedName.Kind kind : kinds) {
                    try (PreparedStatement select = connection.prepareStatement(
                            COLUMNS + "exact = ? and since > ? order by since limit " + count)) {
                        select.setLong(1, text.name().exact(kind));
                        select.setLong(2, after.since());
                        read(select, hits);
                    }
                }
            });
            return hits.stream()
                    .filter(hit -> hit.place().match() == Match.TITLE)
                    .sorted(Comparator.comparing(Hit::place))
                    .limit(count)
                    .toList();
        }

        private Ranking ranking() throws SQLException {
            Ranking known = ranking;
            if (known != null) {
                return known;
            }
            boolean wasIncomplete = incomplete;
            incomplete = false;
            Map<UUID, Hit> all = new HashMap<>();
            query(connection -> {
                for (FoldedName.Kind kind : kinds) {
                    List<Hit> hits = new ArrayList<>();
                    containing(connection, List.of(text.name().requiredGrams(kind)), hits);
                    List<Set<Integer>> thirds = text.name().thirds(kind);
                    if (!thirds.isEmpty() && hits.size() < WINDOW) {
                        containing(connection, thirds, hits);
                    }
                    hits.forEach(hit -> all.put(hit.id(), hit));
                }
            });
            Ranking ranked = new Ranking(
                    all.values().stream()
                            .filter(hit -> hit.place().match() != Match.TITLE)
                            .filter(hit -> hit.place().match() != Match.SIMILAR
                                    || hit.place().score() >= LIKE)
                            .sorted(Comparator.comparing(Hit::place))
                            .toList(),
                    incomplete);
            incomplete |= wasIncomplete;
            ranking = ranked;
            return ranked;
        }

        /** Adds the names that have all grams of at least one of the sets. */
        private void containing(Connection connection, List<Set<Integer>> sets, List<Hit> hits) throws SQLException {
            String condition = sets.stream().map(set -> "grams @> ?::integer[]").collect(Collectors.joining(" or "));
            List<Hit> found = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement(COLUMNS + "(" + condition + ") limit " + WINDOW)) {
                int parameter = 1;
                for (Set<Integer> set : sets) {
                    select.setArray(parameter++, SqlArray.of(connection, "integer", set));
                }
                read(select, found);
            }
            incomplete |= found.size() == WINDOW;
            hits.addAll(found);
        }

        private void read(PreparedStatement select, List<Hit> hits) throws SQLException {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String title = row.getString(5);
                    String joined = row.getString(6);
                    List<String> creators = joined.isEmpty() ? List.of() : List.of(joined.split("\n"));
                    hits.add(new Hit(
                            FoldedName.Kind.numbered(row.getInt(2)),
                            row.getObject(1, UUID.class),
                            place(title, creators, row.getLong(4)),
                            title,
                            creators));
                }
            }
        }

        private Cursor place(String title, List<String> creators, long since) {
            if (title.equals(text.name().text())) {
                return new Cursor(Match.TITLE, Cursor.BEST, since);
            }
            List<String> all = new ArrayList<>(creators.size() + 1);
            all.add(title);
            all.addAll(creators);
            Match match = text.name().isIn(title, creators) ? Match.WORDS : Match.SIMILAR;
            return new Cursor(match, text.name().likeness(all), since);
        }

        /** Runs queries that may take long. If PostgreSQL ends one, the search is incomplete. */
        private void query(Query query) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    try (PreparedStatement set = connection.prepareStatement("select"
                            + " set_config('statement_timeout', ?, true), set_config('enable_seqscan', 'off', true)")) {
                        set.setString(1, TIMEOUT);
                        set.execute();
                    }
                    query.run(connection);
                } catch (SQLException failure) {
                    if (!CANCELLED.equals(failure.getSQLState())) {
                        throw failure;
                    }
                    incomplete = true;
                } finally {
                    connection.rollback();
                }
            }
        }

        /** Returns the results that may be shown, by the id of the declaration or the party. */
        private Map<UUID, SearchAnswer.Result> shown(List<Hit> hits) throws SQLException {
            Map<UUID, SearchAnswer.Result> shown = new HashMap<>();
            if (hits.isEmpty()) {
                return shown;
            }
            Map<DeclarationId, DeclarationStatuses.Latest> latest = statuses.of(hits.stream()
                    .filter(hit -> hit.kind() == FoldedName.Kind.WORK)
                    .map(hit -> new DeclarationId(hit.id()))
                    .toList());
            latest.values().removeIf(DeclarationStatuses.Latest::withdrawn);
            Map<Long, LedgerEntry> entries =
                    ledger
                            .at(latest.values().stream()
                                    .map(DeclarationStatuses.Latest::position)
                                    .toList())
                            .stream()
                            .collect(Collectors.toMap(LedgerEntry::position, entry -> entry));
            Set<PartyId> parties = Stream.concat(
                            entries.values().stream().map(entry -> entry.entry().party()),
                            hits.stream()
                                    .filter(hit -> hit.kind() == FoldedName.Kind.PARTY)
                                    .map(hit -> new PartyId(hit.id())))
                    .collect(Collectors.toSet());
            Map<PartyId, SearchAnswer.PartyView> views = views(parties);
            for (Hit hit : hits) {
                result(hit, latest, entries, views).ifPresent(result -> shown.put(hit.id(), result));
            }
            return shown;
        }

        private Optional<SearchAnswer.Result> result(
                Hit hit,
                Map<DeclarationId, DeclarationStatuses.Latest> latest,
                Map<Long, LedgerEntry> entries,
                Map<PartyId, SearchAnswer.PartyView> views) {
            String match = hit.place().match().wireName();
            if (hit.kind() == FoldedName.Kind.PARTY) {
                SearchAnswer.PartyView view = views.get(new PartyId(hit.id()));
                return view == null || view.name() == null || !isShown(hit, view.name())
                        ? Optional.empty()
                        : Optional.of(SearchAnswer.Result.ofParty(match, view));
            }
            DeclarationId declaration = new DeclarationId(hit.id());
            DeclarationStatuses.Latest state = latest.get(declaration);
            LedgerEntry entry = state == null ? null : entries.get(state.position());
            if (state == null
                    || entry == null
                    || !(entry.entry() instanceof DeclarationEntry.Stated stated)
                    || !views.containsKey(stated.party())) {
                return Optional.empty();
            }
            boolean textsHidden = measures.hidesTexts(declaration) != null;
            Work work = entry.confidential() == null || textsHidden
                    ? null
                    : entry.confidential().work();
            if (hit.place().match() != Match.IDENTIFIER && (work == null || !isShown(hit, work.title()))) {
                return Optional.empty();
            }
            List<Subject> subjects = stated.content().subjects();
            if (hit.place().match() != Match.IDENTIFIER
                    && text.identifier() != null
                    && subjects.contains(text.identifier())) {
                // It is among the results by identifier already.
                return Optional.empty();
            }
            return Optional.of(new SearchAnswer.Result(
                    "work",
                    match,
                    declaration.toString(),
                    work == null ? null : work.title(),
                    work == null || work.creators().isEmpty() ? null : work.creators(),
                    work == null ? null : work.kind(),
                    subjects.stream()
                            .map(Subject::canonical)
                            // A hidden subject would be no use for a lookup.
                            .filter(subject -> measures.shownSubject(subject).equals(subject))
                            .limit(MAX_SUBJECTS)
                            .toList(),
                    subjects.size(),
                    state.statusAt(clock.instant()).wireName(),
                    views.get(stated.party())));
        }

        /** Returns true if the text that would be shown is the one that was found. */
        private static boolean isShown(Hit hit, String text) {
            return hit.place().match() == Match.IDENTIFIER
                    || FoldedName.of(text).text().equals(hit.title());
        }
    }

    private interface Query {
        void run(Connection connection) throws SQLException;
    }

    /** Returns the parties that are not suspended. */
    private Map<PartyId, SearchAnswer.PartyView> views(Collection<PartyId> parties) throws SQLException {
        Map<PartyId, SearchAnswer.PartyView> views = new HashMap<>();
        Map<PartyId, PartyState> known = states.now(parties);
        PartyRegister register = PartyRegister.of(known, Map.of());
        try (Connection connection = dataSource.getConnection()) {
            Set<PartyId> proved = new HashSet<>(controls.among(connection, parties));
            Parties.profiles(connection, parties).forEach((party, profile) -> {
                PartyState state = known.getOrDefault(party, PartyState.PLAIN);
                if (!state.suspended()) {
                    Trust trust = state.trust(register);
                    boolean controlled = trust == Trust.ASSERTED && proved.contains(party);
                    views.put(
                            party,
                            new SearchAnswer.PartyView(
                                    party.toString(),
                                    measures.hidesFace(party) == null ? profile.name() : null,
                                    profile.kind(),
                                    (controlled ? Trust.CONTROL_PROVED : trust).wireName(),
                                    profile.openedAt()));
                }
            });
        }
        return views;
    }
}
