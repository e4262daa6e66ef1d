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
 * The registry's judgement of one work: a pure function of what was found.
 *
 * <p>For each asked leaf, at one moment:
 *
 * <ol>
 *   <li>A statement takes part if it is inside its period, speaks of the leaf or of an umbrella above it, and is
 *       not pending.
 *   <li>A plain permission takes part only if its party controls the subject or is vouched for, is not suspended,
 *       and, if it is given under a mandate, while that holds. A permission with terms without that standing counts
 *       as a reservation that can be asked about: it gives nothing away.
 *   <li>Within what one party says in one name the most specific subject speaks; at equal specificity, the newest
 *       statement. What somebody says itself outranks what others say for it under a mandate.
 *   <li>Across parties the most restrictive speaks.
 *   <li>Permitted reads {@code allow}; with terms, or reserved by somebody who can be asked, {@code ask};
 *       reserved, {@code deny}; nothing at all, {@code unknown}. Whose mandate does not hold cannot be asked.
 * </ol>
 *
 * <p>Over several uses the most cautious verdict is the work's.
 *
 * @param verdict the most cautious over the asked uses
 * @param uses for each asked use, and each use below it, its verdict, in the order of the contract
 * @param findings what bears on the asked uses, deciding statements first
 */
public record Verdicts(Verdict verdict, Map<Use, Verdict> uses, List<Assessment> findings) {
    private static final Comparator<Assessment> DECIDING_FIRST = Comparator.comparing(
                    (Assessment finding) -> !finding.decides())
            .thenComparing(Assessment::role)
            .thenComparing(finding -> -finding.statement().specificity())
            .thenComparing(finding -> -finding.statement().position())
            .thenComparing(finding -> finding.statement().control(), Comparator.reverseOrder());

    /** What became of a statement, best first. */
    public enum Outcome {
        /** It spoke for its party. */
        COUNTED,
        /** The same party speaks more specifically or more recently, or whoever it is said for speaks itself. */
        OUTRANKED,
        /** A plain permission by somebody who has not proved control and is not vouched for. */
        NO_STANDING,
        /** A plain permission by, or in the name of, somebody whom the operator suspended. */
        SUSPENDED,
        /** A plain permission under a mandate that does not hold. */
        MANDATE_ENDED,
        /** Control of the subject is not proved. */
        PENDING
    }

    /**
     * A statement that bears on the asked uses.
     *
     * @param role the best it came to on any of them
     * @param stance the most restrictive it takes on any of them
     * @param decides whether the work's verdict rests on it
     */
    public record Assessment(Statement statement, Outcome role, Stance stance, boolean decides) {}

    /**
     * Judges.
     *
     * @param found all statements whose subject is among those the asked work expands to
     * @param asked the uses asked about, at least one; umbrellas stand for their leaves
     * @param moment for which the answer holds
     */
    public static Verdicts of(List<Statement> found, Collection<Use> asked, Instant moment) {
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("no use is asked about");
        }
        if (found.isEmpty()) {
            return new Verdicts(Verdict.UNKNOWN, spread(asked, Map.of()), List.of());
        }
        List<Statement> inForce = found.stream()
                .filter(statement -> statement.period().contains(moment))
                .toList();
        Map<Statement, Candidacy> standings = new HashMap<>();
        Map<Use, Verdict> leaves = new EnumMap<>(Use.class);
        for (Use use : asked) {
            for (Use leaf : use.leaves()) {
                leaves.computeIfAbsent(leaf, one -> judge(one, inForce, moment, standings));
            }
        }
        Map<Use, Verdict> uses = spread(asked, leaves);
        Verdict verdict = Verdict.ALLOW;
        for (Use use : asked) {
            verdict = verdict.moreCautious(uses.getOrDefault(use, Verdict.UNKNOWN));
        }
        return new Verdicts(verdict, uses, findings(inForce, standings, verdict));
    }

    private static Verdict judge(
            Use leaf, List<Statement> inForce, Instant moment, Map<Statement, Candidacy> standings) {
        Map<Speaker, Statement> speakers = new HashMap<>();
        for (Statement statement : inForce) {
            Optional<Stance> stance = statement.stances().on(leaf);
            if (stance.isEmpty()) {
                continue;
            }
            Candidacy standing = standings.computeIfAbsent(statement, one -> new Candidacy());
            standing.sees(stance.get());
            Outcome role = role(statement, stance.get(), moment);
            standing.comesTo(role);
            if (role == Outcome.OUTRANKED) {
                speakers.merge(Speaker.of(statement), statement, (one, other) -> other.outranks(one) ? other : one);
            }
        }
        Set<UUID> themselves = new HashSet<>();
        speakers.keySet().stream().filter(Speaker::itself).forEach(speaker -> themselves.add(speaker.name()));
        speakers.keySet().removeIf(speaker -> !speaker.itself() && themselves.contains(speaker.name()));
        Verdict verdict = speakers.isEmpty() ? Verdict.UNKNOWN : Verdict.ALLOW;
        for (Statement speaker : speakers.values()) {
            Verdict says = reading(speaker, leaf, moment);
            Candidacy standing = standings.computeIfAbsent(speaker, one -> new Candidacy());
            standing.comesTo(Outcome.COUNTED);
            standing.says(says);
            verdict = verdict.moreCautious(says);
        }
        return verdict;
    }

    /**
     * Who speaks.
     *
     * @param name in whose name
     * @param itself whether whoever is named speaks itself
     */
    private record Speaker(PartyId party, UUID name, boolean itself) {
        static Speaker of(Statement statement) {
            return new Speaker(
                    statement.party(), statement.voice().of(), statement.voice().isOwn());
        }
    }

    /** Why it cannot speak; {@link Outcome#OUTRANKED}, until it is known who does, if it can. */
    private static Outcome role(Statement statement, Stance stance, Instant moment) {
        if (statement.pending()) {
            return Outcome.PENDING;
        }
        if (stance != Stance.PERMITTED) {
            return Outcome.OUTRANKED;
        }
        if (statement.voice().isOutOfMandate(moment)) {
            return Outcome.MANDATE_ENDED;
        }
        if (statement.voice().suspended()) {
            return Outcome.SUSPENDED;
        }
        return statement.mayPermit() ? Outcome.OUTRANKED : Outcome.NO_STANDING;
    }

    private static Verdict reading(Statement statement, Use leaf, Instant moment) {
        Stance stance = statement.stances().on(leaf).orElseThrow();
        if (stance == Stance.PERMITTED) {
            return Verdict.ALLOW;
        }
        boolean asked = stance == Stance.PERMITTED_WITH_TERMS
                ? !statement.voice().isOutOfMandate(moment)
                : statement.canBeAskedAt(moment);
        return asked ? Verdict.ASK : Verdict.DENY;
    }

    private static Map<Use, Verdict> spread(Collection<Use> asked, Map<Use, Verdict> leaves) {
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

    private static List<Assessment> findings(
            List<Statement> inForce, Map<Statement, Candidacy> standings, Verdict verdict) {
        List<Assessment> findings = new ArrayList<>();
        for (Statement statement : inForce) {
            Candidacy standing = standings.get(statement);
            if (standing != null) {
                findings.add(new Assessment(
                        statement,
                        standing.role,
                        standing.mostRestrictive,
                        standing.role == Outcome.COUNTED && standing.mostCautious == verdict));
            }
        }
        findings.sort(DECIDING_FIRST);
        return List.copyOf(findings);
    }

    /** What a statement came to, over the leaves judged so far. */
    private static final class Candidacy {
        private Outcome role = Outcome.PENDING;
        private Stance mostRestrictive = Stance.PERMITTED;
        private Verdict mostCautious = Verdict.ALLOW;

        void sees(Stance stance) {
            if (stance.compareTo(mostRestrictive) < 0) {
                mostRestrictive = stance;
            }
        }

        void comesTo(Outcome other) {
            if (other.compareTo(role) < 0) {
                role = other;
            }
        }

        void says(Verdict verdict) {
            mostCautious = mostCautious.moreCautious(verdict);
        }
    }
}
