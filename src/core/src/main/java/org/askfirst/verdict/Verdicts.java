package org.askfirst.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one work, computed by a pure function from the statements that reach it.
 *
 * <p>For each asked leaf, at one moment:
 *
 * <ol>
 *   <li>A statement takes part if the moment is inside its period, if it has a stance on the leaf or on an umbrella
 *       above the leaf, and if it is not pending.
 *   <li>A permission without terms takes part only if the right of its party to the subject is evidenced ({@link
 *       Statement#evidenced}), if the party is not suspended, and, if it is given under a mandate, while the mandate is
 *       in force. For another spelling of the asked address, or for a site that many people share, it never takes part.
 *       A permission with terms needs none of this: without evidence it counts as a reservation that can be asked about,
 *       because it permits nothing by itself.
 *   <li>A reservation needs no evidence. If its party is suspended, it takes part only if the party's right to the
 *       subject is evidenced.
 *   <li>A statement that is set aside takes no part ({@link Contests}). A contested permission without terms counts as a
 *       question. Any other contested statement counts as if nobody contested it.
 *   <li>Among the statements of one party in one name, the one on the most specific subject applies; at equal
 *       specificity, the newest. A party's own statement outranks the statements that others make for it under a
 *       mandate.
 *   <li>Among all parties, the most restrictive statement decides. But where the rights of some parties are evidenced
 *       and those of others are not, the others make the verdict no more cautious than {@code ask}.
 *   <li>A grant of a party to the asker makes that party's statement on the granted use a permission without terms, for
 *       this asker and while the grant is in force. All conditions of a permission apply to it. If one is not met, the
 *       statement counts as it was made. Statements of other parties, and a member's own statement, are not changed.
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
    /**
     * The version of these rules. Each entry of the ledger names the version that applies from its position on, so a
     * lookup as of an earlier position is judged by the rules of that position.
     */
    public static final int RULES = 1;

    private static final Comparator<Assessment> DECIDING_FIRST = Comparator.comparing(
                    (Assessment assessment) -> !assessment.decides())
            .thenComparing(Assessment::outcome)
            .thenComparing(assessment -> !assessment.statement().evidenced())
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
        /** The statement permits without terms, and its party's right to the subject is not evidenced. */
        NO_STANDING,
        /** The statement permits without terms, and the declared address is another spelling of the asked one. */
        OTHER_SPELLING,
        /** The statement permits without terms, and speaks for a site on which somebody else published the work. */
        SHARED_SITE,
        /**
         * The operator suspended the statement's party or the party in whose name it is made. The statement permits
         * without terms, or the right to the subject is not evidenced.
         */
        SUSPENDED,
        /** The statement permits without terms under a mandate that is not in force. */
        MANDATE_ENDED,
        /** The statement was rejected or disputed, and does not count. */
        SET_ASIDE,
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
     * @param lifts the grants of the asker that are in force for an asked use
     */
    public record Assessment(Statement statement, Outcome outcome, Stance stance, boolean decides, List<Lift> lifts) {
        public Assessment {
            lifts = List.copyOf(lifts);
        }

        /** Creates an assessment for an asker without grants. */
        public Assessment(Statement statement, Outcome outcome, Stance stance, boolean decides) {
            this(statement, outcome, stance, decides, List.of());
        }
    }

    /**
     * A grant that covers a statement.
     *
     * @param outcome {@link Outcome#APPLIED} if the statement counts as a permission on a granted use; otherwise the
     *     reason why it does not
     */
    public record Lift(Grant grant, Outcome outcome) {}

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
            Stance declared = statement.stances().on(leaf).orElse(null);
            Grant grant = statement.grantOn(leaf, moment);
            if (declared == null && grant == null) {
                continue;
            }
            Candidacy candidacy = candidacies.computeIfAbsent(statement, one -> new Candidacy());
            if (declared != null) {
                candidacy.includeStance(declared);
            }
            if (grant != null) {
                candidacy.includeGrant(grant, outcome(statement, Stance.PERMITTED, moment));
            }
            Stance stance = stance(statement, leaf, moment);
            if (stance == null) {
                // Nothing is declared on this use, and the grant does not count.
                candidacy.includeOutcome(outcome(statement, Stance.PERMITTED, moment));
                continue;
            }
            Outcome outcome = outcome(statement, stance, moment);
            candidacy.includeOutcome(outcome);
            if (outcome == Outcome.OUTRANKED) {
                chosen.merge(Voice.of(statement), statement, (one, other) -> other.outranks(one) ? other : one);
            }
        }
        if (chosen.size() > 1) {
            Set<UUID> ownVoices = new HashSet<>();
            chosen.keySet().stream().filter(Voice::isOwn).forEach(voice -> ownVoices.add(voice.name()));
            chosen.keySet().removeIf(voice -> !voice.isOwn() && ownVoices.contains(voice.name()));
        }
        return decide(chosen.values(), leaf, moment, candidacies);
    }

    /** Returns the verdict that follows from the statements that apply, one for each party. */
    private static Verdict decide(
            Collection<Statement> chosen, Use leaf, Instant moment, Map<Statement, Candidacy> candidacies) {
        if (chosen.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        Verdict ofEvidenced = Verdict.ALLOW;
        Verdict ofOthers = Verdict.ALLOW;
        int evidenced = 0;
        for (Statement statement : chosen) {
            Verdict own = verdictOf(statement, leaf, moment);
            if (statement.evidenced()) {
                evidenced++;
                ofEvidenced = ofEvidenced.moreCautious(own);
            } else {
                ofOthers = ofOthers.moreCautious(own);
            }
        }
        // A stranger can neither permit, nor turn the permission of somebody with evidence into more than a question.
        boolean isMixed = evidenced > 0 && evidenced < chosen.size();
        Verdict verdict = ofEvidenced.moreCautious(isMixed ? Verdict.ASK : ofOthers);
        boolean isPermissionInDoubt = isMixed && ofEvidenced == Verdict.ALLOW;
        for (Statement statement : chosen) {
            Verdict own = verdictOf(statement, leaf, moment);
            boolean decides = own.compareTo(verdict) <= 0 || (isPermissionInDoubt && statement.evidenced());
            Candidacy candidacy = candidacies.computeIfAbsent(statement, one -> new Candidacy());
            candidacy.includeOutcome(Outcome.APPLIED);
            candidacy.includeVerdict(decides ? verdict : own);
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
                    statement.party(),
                    statement.onBehalfOf().of(),
                    statement.onBehalfOf().isOwn());
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
        if (statement.contest().isSetAside(stance, moment)) {
            return Outcome.SET_ASIDE;
        }
        if (stance != Stance.PERMITTED) {
            boolean isDiscounted = statement.onBehalfOf().suspended() && !statement.evidenced();
            return isDiscounted ? Outcome.SUSPENDED : Outcome.OUTRANKED;
        }
        if (statement.reach() != Statement.Reach.WHOLE) {
            return statement.reach() == Statement.Reach.OTHER_SPELLING ? Outcome.OTHER_SPELLING : Outcome.SHARED_SITE;
        }
        if (statement.onBehalfOf().isOutOfMandate(moment)) {
            return Outcome.MANDATE_ENDED;
        }
        if (statement.onBehalfOf().suspended()) {
            return Outcome.SUSPENDED;
        }
        return statement.evidenced() ? Outcome.OUTRANKED : Outcome.NO_STANDING;
    }

    /**
     * Returns the stance that counts for the asker: a permission if a grant permits the leaf and nothing prevents a
     * permission from counting, otherwise the declared stance; null if there is neither.
     */
    private static @Nullable Stance stance(Statement statement, Use leaf, Instant moment) {
        if (statement.grantOn(leaf, moment) != null
                && outcome(statement, Stance.PERMITTED, moment) == Outcome.OUTRANKED) {
            return Stance.PERMITTED;
        }
        return statement.stances().on(leaf).orElse(null);
    }

    private static Verdict verdictOf(Statement statement, Use leaf, Instant moment) {
        Stance stance = Objects.requireNonNull(stance(statement, leaf, moment));
        if (stance == Stance.PERMITTED) {
            return statement.contest().isContestedAt(moment) ? Verdict.ASK : Verdict.ALLOW;
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
                        candidacy.outcome == Outcome.APPLIED && candidacy.mostCautious == verdict,
                        candidacy.lifts()));
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

        private @Nullable Map<Grant, Outcome> grants;

        void includeGrant(Grant grant, Outcome ofPermission) {
            if (grants == null) {
                grants = new LinkedHashMap<>();
            }
            grants.putIfAbsent(grant, ofPermission);
        }

        /** Returns the grants. Each lifts the statement only if the statement applies for its party. */
        List<Lift> lifts() {
            if (grants == null) {
                return List.of();
            }
            List<Lift> lifts = new ArrayList<>(grants.size());
            grants.forEach((grant, ofPermission) ->
                    lifts.add(new Lift(grant, ofPermission == Outcome.OUTRANKED ? outcome : ofPermission)));
            return lifts;
        }

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
