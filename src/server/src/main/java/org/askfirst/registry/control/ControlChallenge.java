package org.askfirst.registry.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;
import org.jspecify.annotations.Nullable;

/**
 * The state of a control challenge between two checks.
 *
 * @param token the text that the party shows to prove control
 * @param startedAt the time at which the party started the challenge
 * @param checkedAt the time of the last check; null before the first
 * @param goneSince the time of the first check that did not find a token which an earlier check had found; null while
 *     the token is there
 * @param failures the number of checks in a row that did not find the token
 * @param proof the proof of control that is in force; null if there is none
 */
public record ControlChallenge(
        String id,
        PartyId party,
        Subject subject,
        String token,
        Instant startedAt,
        @Nullable Instant checkedAt,
        @Nullable Instant goneSince,
        int failures,
        @Nullable ProofInForce proof) {
    /** A proof of control is revoked when its token has been gone for this long. */
    static final Duration GRACE = Duration.ofDays(14);

    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 8;

    /** A proof that is in force, with the position of its entry. */
    record ProofInForce(ControlMethod method, long position) {}

    /** The consequence of a check. */
    enum Step {
        /** There is nothing to record. */
        NONE,
        /** Control is proved, or proved by a stronger method than before. */
        PROVE,
        /** The token of a proof is gone; the proof stays in force for {@link #GRACE}. */
        WARN,
        /** The token of a proof was gone for too long. */
        REVOKE
    }

    /** Returns true if a proof is in force and the registry checks it regularly. */
    boolean isRechecked() {
        return proof != null && proof.method().isCheckedByRegistry();
    }

    /** Returns the consequence of a check with these results. */
    Step step(List<ControlCheck.MethodResult> results, Instant now) {
        Optional<ControlCheck.MethodResult> proving = proving(results);
        if (proving.isPresent()) {
            boolean better = proof == null || proving.get().method().outweighs(proof.method());
            return better ? Step.PROVE : Step.NONE;
        }
        if (proof == null || !proof.method().isCheckedByRegistry() || !isGone(results)) {
            return Step.NONE;
        }
        if (goneSince == null) {
            return Step.WARN;
        }
        return now.isBefore(goneSince.plus(GRACE)) ? Step.NONE : Step.REVOKE;
    }

    /** Returns the result that proves control, if there is one. */
    public static Optional<ControlCheck.MethodResult> proving(List<ControlCheck.MethodResult> results) {
        return results.stream()
                .filter(result -> result.outcome() == ControlCheck.Outcome.FOUND)
                .findFirst();
    }

    /**
     * Returns true if the check saw that the token of the proof is gone. A place that cannot be reached proves
     * nothing: an outage there or here must not end a reservation.
     */
    private boolean isGone(List<ControlCheck.MethodResult> results) {
        return results.stream()
                .anyMatch(result -> proof != null
                        && result.method() == proof.method()
                        && result.outcome() == ControlCheck.Outcome.ABSENT);
    }

    /** Returns the time since which the token is gone, after a check with these results; null if it is not gone. */
    @Nullable Instant goneSince(List<ControlCheck.MethodResult> results, Step step, Instant now) {
        if (step == Step.WARN) {
            return now;
        }
        return proving(results).isPresent() || step == Step.REVOKE ? null : goneSince;
    }

    /**
     * Returns the time of the next check. A token that is there is checked daily. A token that is missing is checked
     * after 10 minutes, then less and less often. A token that was never found within {@link #GRACE} is not checked
     * any longer: the result is null.
     *
     * @param jitter a number between 0 and 1 that spreads the checks over time
     */
    @Nullable Instant nextCheck(List<ControlCheck.MethodResult> results, Step step, Instant now, double jitter) {
        boolean proved = proving(results).isPresent();
        boolean waiting = isRechecked() && step != Step.REVOKE;
        if (!proved && !waiting && now.isAfter(startedAt.plus(GRACE))) {
            return null;
        }
        Duration pause = proved ? DAILY : SOON.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        Duration bounded = pause.compareTo(DAILY) > 0 ? DAILY : pause;
        return now.plusSeconds((long) (bounded.toSeconds() * (0.9 + 0.2 * jitter)));
    }
}
