package org.askfirst.client;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.index.Match;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.TestSubject;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The answer about one work. Only {@link #allowed} is permission. A decision that is not {@link #isAnswer} says that
 * nothing could be learned: do not keep it, and ask again.
 *
 * @param verdict the most cautious verdict over the asked uses; unknown if nothing could be learned
 * @param uses the verdict for each asked use and each use below it; empty if nothing could be learned
 * @param reason why the verdict is this one
 * @param matched the declared subject that decides; null if none does
 * @param position the position of the ledger that was asked; 0 if nothing could be learned
 * @param checkedAt the moment for which it is true
 * @param blockedBy the parties whose statements withhold the permission; none if there is none, or if nobody tells them
 */
public record Decision(
        Verdict verdict,
        Map<Use, Verdict> uses,
        Reason reason,
        @Nullable String matched,
        long position,
        Instant checkedAt,
        List<PartyId> blockedBy) {

    /** Why a verdict is what it is. */
    public enum Reason {
        /** A declaration decides. */
        DECLARED,
        /** Nothing is declared, or nothing that counts. That is no permission. */
        NOTHING_DECLARED,
        /** The subject cannot be read. */
        UNREADABLE,
        /** The snapshot has expired. */
        EXPIRED,
        /** The registry did not answer, or refused. */
        UNREACHABLE;

        /** Returns the name as it is written to files, such as {@code nothing-declared}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Decision {
        uses = Map.copyOf(uses);
        blockedBy = List.copyOf(blockedBy);
    }

    /** Creates a decision that names no party. */
    public Decision(
            Verdict verdict,
            Map<Use, Verdict> uses,
            Reason reason,
            @Nullable String matched,
            long position,
            Instant checkedAt) {
        this(verdict, uses, reason, matched, position, checkedAt, List.of());
    }

    /**
     * Decides about one work from everything that reaches it.
     *
     * @param reaching for each subject that names the work, what reaches it; without any subject, the work is {@link
     *     Reason#UNREADABLE}
     * @param uses the asked uses, at least one
     * @param position the position of the ledger that was asked
     * @param moment the moment for which the decision is true
     */
    public static Decision of(List<List<Match>> reaching, Collection<Use> uses, long position, Instant moment) {
        if (reaching.isEmpty()) {
            return nothing(Reason.UNREADABLE, moment);
        }
        return judged(reaching, uses, position, moment);
    }

    /**
     * Returns the decision about a work with a test subject among its names; null if it has none. Beside another name the
     * work is {@link Reason#UNREADABLE}, as the registry refuses it.
     */
    static @Nullable Decision ofTest(List<Subject> subjects, Collection<Use> uses, Instant moment) {
        TestSubject test = TestSubject.among(subjects);
        if (test == null) {
            return null;
        }
        if (!test.isAllOf(subjects)) {
            return nothing(Reason.UNREADABLE, moment);
        }
        if (test.isFailure()) {
            return nothing(Reason.UNREACHABLE, moment);
        }
        Verdicts verdicts = test.verdicts(uses, moment);
        boolean isKnown = verdicts.verdict() != Verdict.UNKNOWN;
        return new Decision(
                verdicts.verdict(),
                verdicts.uses(),
                isKnown ? Reason.DECLARED : Reason.NOTHING_DECLARED,
                isKnown ? test.domain().canonical() : null,
                0,
                moment);
    }

    /** Returns a decision of a client that could learn nothing. */
    static Decision nothing(Reason reason, Instant checkedAt) {
        return new Decision(Verdict.UNKNOWN, Map.of(), reason, null, 0, checkedAt);
    }

    /** Returns the decision about a work whose subjects these statements reach. */
    static Decision judged(List<List<Match>> reaching, Collection<Use> uses, long position, Instant moment) {
        Map<Statement, Match> matches = new LinkedHashMap<>();
        for (List<Match> one : reaching) {
            for (Match match : one) {
                matches.putIfAbsent(match.statement(), match);
            }
        }
        Verdicts verdicts = Verdicts.of(List.copyOf(matches.keySet()), uses, moment);
        Match deciding = null;
        Set<PartyId> blockedBy = new LinkedHashSet<>();
        for (Verdicts.Assessment assessment : verdicts.assessments()) {
            if (assessment.decides()) {
                deciding = deciding == null ? matches.get(assessment.statement()) : deciding;
                if (verdicts.verdict() != Verdict.ALLOW && assessment.stance() != Stance.PERMITTED) {
                    blockedBy.add(assessment.statement().party());
                }
            }
        }
        return new Decision(
                verdicts.verdict(),
                verdicts.uses(),
                verdicts.verdict() == Verdict.UNKNOWN ? Decision.Reason.NOTHING_DECLARED : Decision.Reason.DECLARED,
                deciding == null ? null : deciding.subject(),
                position,
                moment,
                List.copyOf(blockedBy));
    }

    /** Returns true if the work may be used. */
    public boolean allowed() {
        return verdict == Verdict.ALLOW;
    }

    /** Returns the word for files: the verdict, or {@code unreachable} if nothing could be learned. */
    public String word() {
        return reason == Reason.EXPIRED || reason == Reason.UNREACHABLE ? "unreachable" : verdict.wireName();
    }

    /** Returns true if the registry or its snapshot gave the answer. */
    public boolean isAnswer() {
        return reason == Reason.DECLARED || reason == Reason.NOTHING_DECLARED;
    }
}
