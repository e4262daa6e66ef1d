package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which subjects of a party's own declarations are contested or set aside now.
 *
 * <p>Few parties are respondents, and everybody declares. So the respondents are in memory, and may be some seconds old.
 * Nothing depends on that: lookups read contests themselves.
 */
@ApplicationScoped
public class ContestedSubjects {
    /** Number of subjects whose contests and evidence are read at once. */
    private static final int TOGETHER = 500;

    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final String LOOSENED =
            "a dispute about it runs, so until it ends you can declare here what you declare"
                    + " now, something more restrictive, or nothing";

    private final ContestStore contests;
    private final StatementStore statements;
    private final Listings listings;
    private final Rights rights;
    private final Clock clock;
    private volatile Instant changedAt = Instant.EPOCH;
    private volatile Respondents respondents = new Respondents(Set.of(), Instant.EPOCH);

    private record Respondents(Set<PartyId> parties, Instant readAt) {}

    ContestedSubjects(ContestStore contests, StatementStore statements, Listings listings, Rights rights, Clock clock) {
        this.contests = contests;
        this.statements = statements;
        this.listings = listings;
        this.rights = rights;
        this.clock = clock;
    }

    /**
     * Refuses subjects for which nothing that the party declares counts, because it was rejected or decided against, and
     * the party has shown no evidence.
     *
     * @param member the member for whom the party declares; null if it declares for itself
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNDECLARABLE_SUBJECT} at the first such subject
     */
    public void requireDeclarable(PartyId party, @Nullable PartyId member, List<Subject> subjects) throws SQLException {
        if (!isRespondent(party)) {
            return;
        }
        Instant now = clock.instant();
        Map<Subject, ContestState> states = of(party, member, subjects);
        for (int i = 0; i < subjects.size(); i++) {
            if (states.getOrDefault(subjects.get(i), ContestState.NONE).isSetAside(Stance.RESERVED, now)) {
                throw Problem.UNDECLARABLE_SUBJECT.at(
                        "/subjects/" + i,
                        Reason.CONTROL_NOT_PROVED,
                        "your earlier declaration of it was rejected or set aside; show evidence of your right first:"
                                + " prove control, let a body record it, or write to the operator");
            }
        }
    }

    /**
     * Refuses stances that permit more than the party's statements do now, about subjects over which a dispute with the
     * party, or with the member for whom it declares, runs. Where the party states nothing now, it may only reserve.
     *
     * @param member the member for whom the party declares; null if it declares for itself
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNDECLARABLE_SUBJECT} at the first such subject
     */
    public void requireNotLoosened(
            PartyId party, @Nullable PartyId member, List<Subject> subjects, Stances stances, String pointer)
            throws SQLException {
        if (!permits(stances) || !(isRespondent(party) || (member != null && isRespondent(member)))) {
            return;
        }
        for (int from = 0; from < subjects.size(); from += TOGETHER) {
            List<Subject> some = subjects.subList(from, Math.min(subjects.size(), from + TOGETHER));
            Set<SubjectKey> keys = keys(some);
            List<ContestStore.StoredContest> running = new ArrayList<>(contests.against(party, keys));
            if (member != null) {
                running.addAll(contests.against(member, keys));
            }
            Instant now = clock.instant();
            Set<SubjectKey> disputed = new HashSet<>();
            running.stream().filter(one -> isRunning(one.contest(), now)).forEach(one -> disputed.add(one.key()));
            List<Subject> reached = disputed.isEmpty()
                    ? List.of()
                    : some.stream()
                            .filter(subject -> isContained(subject, disputed))
                            .toList();
            if (reached.isEmpty()) {
                continue;
            }
            Map<SubjectKey, List<StatementStore.Stated>> stated = new HashMap<>();
            statements.at(keys(reached), Rights.NOW).stream()
                    .filter(one -> one.party().equals(party))
                    .forEach(one -> stated.computeIfAbsent(one.key(), key -> new ArrayList<>())
                            .add(one));
            for (Subject subject : reached) {
                if (loosens(stances, use -> now(subject.expand(), stated, use))) {
                    throw Problem.UNDECLARABLE_SUBJECT.at(
                            pointer + "/" + subjects.indexOf(subject), Reason.DISPUTED, LOOSENED);
                }
            }
        }
    }

    /**
     * Refuses stances of a repertoire that permit more than its stances before, while a dispute about a listed work runs.
     */
    public void requireNotLoosened(PartyId party, DeclarationId repertoire, Stances before, Stances stances)
            throws SQLException {
        if (!permits(stances) || !loosens(stances, before::on) || !isRespondent(party)) {
            return;
        }
        List<Subject> disputed = contests.disputedOf(party, clock.instant());
        for (int from = 0; from < disputed.size(); from += TOGETHER) {
            List<Subject> some = disputed.subList(from, Math.min(disputed.size(), from + TOGETHER));
            if (!listings.now(repertoire, some).isEmpty()) {
                throw Problem.UNDECLARABLE_SUBJECT.at("/stances", Reason.DISPUTED, LOOSENED);
            }
        }
    }

    private static boolean permits(Stances stances) {
        return stances.include(Stance.PERMITTED) || stances.include(Stance.PERMITTED_WITH_TERMS);
    }

    private static boolean isRunning(Contest contest, Instant now) {
        return contest.kind() == Contest.Kind.DISPUTED
                && (contest.endsAt() == null || now.isBefore(contest.endsAt()))
                && (contest.lapsesAt() == null || now.isBefore(contest.lapsesAt()));
    }

    private static boolean isContained(Subject subject, Set<SubjectKey> disputed) {
        Expansion expansion = subject.expand();
        for (int i = 0; i < expansion.size(); i++) {
            if (disputed.contains(expansion.key(i))
                    && (i == 0 || expansion.contains(i, 0) || expansion.isOtherSpelling(i))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the stance that the most specific and newest of the statements has on the use. */
    private static Optional<Stance> now(
            Expansion expansion, Map<SubjectKey, List<StatementStore.Stated>> stated, Use use) {
        for (int i = 0; i < expansion.size(); i++) {
            List<StatementStore.Stated> here = stated.getOrDefault(expansion.key(i), List.of());
            for (int newest = here.size() - 1; newest >= 0; newest--) {
                Optional<Stance> stance = here.get(newest).stances().on(use);
                if (stance.isPresent()) {
                    return stance;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean loosens(Stances stances, Function<Use, Optional<Stance>> before) {
        return Arrays.stream(Use.values())
                .filter(Use::isLeaf)
                .anyMatch(use -> stances.on(use)
                        .filter(stance ->
                                caution(stance) < caution(before.apply(use).orElse(Stance.RESERVED)))
                        .isPresent());
    }

    private static int caution(Stance stance) {
        return switch (stance) {
            case PERMITTED -> 0;
            case PERMITTED_WITH_TERMS -> 1;
            case RESERVED -> 2;
        };
    }

    private static Set<SubjectKey> keys(Collection<Subject> subjects) {
        Set<SubjectKey> keys = new HashSet<>();
        for (Subject subject : subjects) {
            Expansion expansion = subject.expand();
            for (int i = 0; i < expansion.size(); i++) {
                keys.add(expansion.key(i));
            }
        }
        return keys;
    }

    /**
     * Returns the subjects, of those named, for which the party's declarations are contested or set aside in any way.
     *
     * @param member the member for whom the party declares; null if it declares for itself
     */
    public Map<Subject, ContestState> of(PartyId party, @Nullable PartyId member, Collection<Subject> subjects)
            throws SQLException {
        if (subjects.isEmpty() || !isRespondent(party)) {
            return Map.of();
        }
        List<Subject> distinct = subjects.stream().distinct().toList();
        Map<Subject, ContestState> states = new HashMap<>();
        for (int from = 0; from < distinct.size(); from += TOGETHER) {
            states.putAll(together(party, member, distinct.subList(from, Math.min(distinct.size(), from + TOGETHER))));
        }
        return states;
    }

    private Map<Subject, ContestState> together(PartyId party, @Nullable PartyId member, List<Subject> subjects)
            throws SQLException {
        Map<SubjectKey, List<ContestStore.StoredContest>> byKey = new HashMap<>();
        Set<PartyId> challengers = new HashSet<>();
        for (ContestStore.StoredContest stored : contests.against(party, keys(subjects))) {
            byKey.computeIfAbsent(stored.key(), key -> new ArrayList<>()).add(stored);
            PartyId challenger = stored.contest().challenger();
            if (challenger != null) {
                challengers.add(challenger);
            }
        }
        Map<Subject, ContestState> states = new HashMap<>();
        if (byKey.isEmpty()) {
            return states;
        }
        List<Subject> reached =
                subjects.stream().filter(subject -> isReached(subject, byKey)).toList();
        Rights.Evidence evidence = rights.read(reached, challengers);
        evidence.expansions().forEach((subject, expansion) -> {
            ContestState state = state(subject, expansion, byKey, evidence, party, member);
            if (!state.equals(ContestState.NONE)) {
                states.put(subject, state);
            }
        });
        return states;
    }

    private static boolean isReached(Subject subject, Map<SubjectKey, List<ContestStore.StoredContest>> byKey) {
        Expansion expansion = subject.expand();
        for (int i = 0; i < expansion.size(); i++) {
            if (byKey.containsKey(expansion.key(i))) {
                return true;
            }
        }
        return false;
    }

    private static ContestState state(
            Subject subject,
            Expansion expansion,
            Map<SubjectKey, List<ContestStore.StoredContest>> byKey,
            Rights.Evidence evidence,
            PartyId party,
            @Nullable PartyId member) {
        Contests here = new Contests(
                expansion, Objects.requireNonNull(evidence.evidence().get(subject)), evidence.register());
        for (int i = 0; i < expansion.size(); i++) {
            for (ContestStore.StoredContest stored : byKey.getOrDefault(expansion.key(i), List.of())) {
                here.add(i, !stored.subject().equals(expansion.canonical(i)), stored.contest());
            }
        }
        boolean isEvidenced = evidence.isOf(subject, party) || evidence.isOf(subject, member);
        // What is asked here is the same for all positions: only the end of permissions depends on them.
        return here.of(party, Long.MAX_VALUE, 0, false, false, isEvidenced);
    }

    /** Takes note that contests are written here. Their transaction may not have committed yet. */
    void changed() {
        changedAt = clock.instant();
    }

    /** Returns true if a statement of the party is contested. A change on another node is seen after {@link #FRESH}. */
    private boolean isRespondent(PartyId party) throws SQLException {
        Respondents known = respondents;
        Instant now = clock.instant();
        if (Duration.between(changedAt, now).abs().compareTo(FRESH) <= 0) {
            return contests.isRespondent(party);
        }
        if (Duration.between(known.readAt(), now).abs().compareTo(FRESH) > 0) {
            known = new Respondents(contests.respondents(), now);
            respondents = known;
        }
        return known.parties().contains(party);
    }
}
