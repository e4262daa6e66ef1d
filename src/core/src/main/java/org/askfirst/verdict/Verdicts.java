package org.askfirst.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.PartyId;

/**
 * The verdict on one work, computed by a pure function from the statements that reach it.
 *
 * <p>For each asked leaf, at one moment:
 *
 * <ol>
 *   <li>A statement takes part if the moment is inside its period, if it has a stance on the leaf or on an umbrella
 *       above the leaf, and if it is not pending.
 *   <li>A permission without terms takes part only if its party controls the subject or is vouched for or verified, if
 *       the party is not suspended, and, if it is given under a mandate, while the mandate is in force. A permission
 *       with terms needs none of this: without standing it counts as a reservation that can be asked about, because it
 *       permits nothing by itself.
 *   <li>Among the statements of one party in one name, the one on the most specific subject applies; at equal
 *       specificity, the newest. A party's own statement outranks the statements that others make for it under a
 *       mandate.
 *   <li>Among all parties, the most restrictive statement decides.
 *   <li>A permission becomes {@code allow}. A permission with terms, or a reservation by somebody who can be asked,
 *       becomes {@code ask}. Any other reservation becomes {@code deny}. If no statement takes part, the verdict is
 *       {@code unknown}. Nobody can be asked under a mandate that is not in force.
 * </ol>
 *
 * <p>If several uses are asked, the work's verdict is the most cautious of theirs.
 *
 * @param verdict the most cautious verdict over the asked uses
 * @param uses the verdict for each asked use and for each use below it, in the order of the contract
 * @param assessments the statements that bear on the asked uses, deciding ones first
 */
public record Verdicts(Verdict verdict, Map<Use, Verdict> uses, List<Assessment> assessments) {
    private static final Comparator<Assessment> DECIDING_FIRST = Comparator.comparing(
                    (Assessment assessment) -> !assessment.decides())
            .thenComparing(Assessment::outcome)
            .thenComparing(assessment -> -assessment.statement().specificity())
            .thenComparing(assessment -> -assessment.statement().position())
            .thenComparing(assessment -> assessment.statement().control(), Comparator.reverseOrder());

    /** The effect of a statement, best first. */
    public enum Outcome {
        /** The statement applied for its party. */
        APPLIED,
        /**
         * A more specific or a newer statement of the same party applies instead, or the party in whose name it is made
         * has a statement of its own.
         */
        OUTRANKED,
        /**
         * The statement permits without terms, and its party has not proved control and is not vouched for or verified.
         */
        NO_STANDING,
        /**
         * The statement permits without terms, and the operator suspended its party or the party in whose name it is
         * made.
         */
        SUSPENDED,
        /** The statement permits without terms under a mandate that is not in force. */
        MANDATE_ENDED,
        /** The party has not proved control of the subject. */
        PENDING
    }

    /**
     * A statement that bears on the asked uses.
     *
     * @param statement the statement
     * @param outcome its best outcome on any of the uses
     * @param stance its most restrictive stance on any of the uses
     * @param decides true if the work's verdict depends on the statement
     */
    public record Assessment(Statement statement, Outcome outcome, Stance stance, boolean decides) {}

    /**
     * Computes the verdict.
     *
     * @param statements all statements on subjects in the expansion of the asked work
     * @param asked the asked uses, at least one; an umbrella means all its leaves
     * @param moment the moment for which the verdict is true
     * @throws IllegalArgumentException if no use is asked
     */
    public static Verdicts of(List<Statement> statements, Collection<Use> asked, Instant moment) {
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("no use is asked");
        }
        if (statements.isEmpty()) {
            return new Verdicts(Verdict.UNKNOWN, combineLeaves(asked, Map.of()), List.of());
        }
        List<Statement> inForce = statements.stream()
                .filter(statement -> statement.period().contains(moment))
                .toList();
        Map<Statement, Candidacy> candidacies = new HashMap<>();
        Map<Use, Verdict> leaves = new EnumMap<>(Use.class);
        for (Use use : asked) {
            for (Use leaf : use.leaves()) {
                leaves.computeIfAbsent(leaf, key -> judge(key, inForce, moment, candidacies));
            }
        }
        Map<Use, Verdict> uses = combineLeaves(asked, leaves);
        Verdict verdict = Verdict.ALLOW;
        for (Use use : asked) {
            verdict = verdict.moreCautious(uses.getOrDefault(use, Verdict.UNKNOWN));
        }
        return new Verdicts(verdict, uses, assessments(inForce, candidacies, verdict));
    }

    private static Verdict judge(
            Use leaf, List<Statement> inForce, Instant moment, Map<Statement, Candidacy> candidacies) {
        Map<Voice, Statement> chosen = new HashMap<>();
        for (Statement statement : inForce) {
            Optional<Stance> stance = statement.stances().on(leaf);
            if (stance.isEmpty()) {
                continue;
            }
            Candidacy candidacy = candidacies.computeIfAbsent(statement, one -> new Candidacy());
            candidacy.includeStance(stance.get());
            Outcome outcome = outcome(statement, stance.get(), moment);
            candidacy.includeOutcome(outcome);
            if (outcome == Outcome.OUTRANKED) {
                chosen.merge(Voice.of(statement), statement, (one, other) -> other.outranks(one) ? other : one);
            }
        }
        Set<UUID> ownVoices = new HashSet<>();
        chosen.keySet().stream().filter(Voice::isOwn).forEach(voice -> ownVoices.add(voice.name()));
        chosen.keySet().removeIf(voice -> !voice.isOwn() && ownVoices.contains(voice.name()));
        Verdict verdict = chosen.isEmpty() ? Verdict.UNKNOWN : Verdict.ALLOW;
        for (Statement statement : chosen.values()) {
            Verdict ofStatement = verdictOf(statement, leaf, moment);
            Candidacy candidacy = candidacies.computeIfAbsent(statement, one -> new Candidacy());
            candidacy.includeOutcome(Outcome.APPLIED);
            candidacy.includeVerdict(ofStatement);
            verdict = verdict.moreCautious(ofStatement);
        }
        return verdict;
    }

    /**
     * The party that makes a statement, together with the party in whose name it makes it.
     *
     * @param party the party that makes the statement
     * @param name the number of the party in whose name it is made
     * @param isOwn true if both are the same party
     */
    private record Voice(PartyId party, UUID name, boolean isOwn) {
        static Voice of(Statement statement) {
            return new Voice(
                    statement.party(), statement.onBehalfOf().of(), statement.onBehalfOf().isOwn());
        }
    }

    /**
     * Returns the reason why the statement does not apply. If there is none, returns {@link Outcome#OUTRANKED}, which
     * remains unless the statement is chosen later.
     */
    private static Outcome outcome(Statement statement, Stance stance, Instant moment) {
        if (statement.pending()) {
            return Outcome.PENDING;
        }
        if (stance != Stance.PERMITTED) {
            return Outcome.OUTRANKED;
        }
        if (statement.onBehalfOf().isOutOfMandate(moment)) {
            return Outcome.MANDATE_ENDED;
        }
        if (statement.onBehalfOf().suspended()) {
            return Outcome.SUSPENDED;
        }
        return statement.mayPermit() ? Outcome.OUTRANKED : Outcome.NO_STANDING;
    }

    private static Verdict verdictOf(Statement statement, Use leaf, Instant moment) {
        Stance stance = statement.stances().on(leaf).orElseThrow();
        if (stance == Stance.PERMITTED) {
            return Verdict.ALLOW;
        }
        boolean asked = stance == Stance.PERMITTED_WITH_TERMS
                ? !statement.onBehalfOf().isOutOfMandate(moment)
                : statement.canBeAskedAt(moment);
        return asked ? Verdict.ASK : Verdict.DENY;
    }

    private static Map<Use, Verdict> combineLeaves(Collection<Use> asked, Map<Use, Verdict> leaves) {
        Map<Use, Verdict> uses = new EnumMap<>(Use.class);
        for (Use use : asked) {
            for (Use below : use.atAndBelow()) {
                Verdict verdict = Verdict.ALLOW;
                for (Use leaf : below.leaves()) {
                    verdict = verdict.moreCautious(leaves.getOrDefault(leaf, Verdict.UNKNOWN));
                }
                uses.put(below, verdict);
            }
        }
        return uses;
    }

    private static List<Assessment> assessments(
            List<Statement> inForce, Map<Statement, Candidacy> candidacies, Verdict verdict) {
        List<Assessment> assessments = new ArrayList<>();
        for (Statement statement : inForce) {
            Candidacy candidacy = candidacies.get(statement);
            if (candidacy != null) {
                assessments.add(new Assessment(
                        statement,
                        candidacy.outcome,
                        candidacy.mostRestrictive,
                        candidacy.outcome == Outcome.APPLIED && candidacy.mostCautious == verdict));
            }
        }
        assessments.sort(DECIDING_FIRST);
        return List.copyOf(assessments);
    }

    /** The outcome of a statement over the leaves that were judged so far. */
    private static final class Candidacy {
        private Outcome outcome = Outcome.PENDING;
        private Stance mostRestrictive = Stance.PERMITTED;
        private Verdict mostCautious = Verdict.ALLOW;

        void includeStance(Stance stance) {
            if (stance.compareTo(mostRestrictive) < 0) {
                mostRestrictive = stance;
            }
        }

        void includeOutcome(Outcome other) {
            if (other.compareTo(outcome) < 0) {
                outcome = other;
            }
        }

        void includeVerdict(Verdict verdict) {
            mostCautious = mostCautious.moreCautious(verdict);
        }
    }
}
