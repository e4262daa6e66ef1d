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
 * A party's claim that it controls a subject, between one look and the next.
 *
 * @param token that shows it
 * @param goneSince when a token that had been seen was first seen to be gone; null while it is there
 * @param failures looks in a row that did not find it
 * @param standing how control is proved now; null if it is not
 */
public record ControlChallenge(
        String id,
        PartyId party,
        Subject subject,
        String token,
        Instant claimedAt,
        @Nullable Instant checkedAt,
        @Nullable Instant goneSince,
        int failures,
        @Nullable ProofInForce standing) {
    /** A proof stops counting once its token has been gone for so long. */
    static final Duration GRACE = Duration.ofDays(14);

    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 8;

    /** A proof that stands, by the entry at that position. */
    record ProofInForce(ControlMethod method, long position) {}

    /** What follows from a look. */
    enum Step {
        /** Nothing to record. */
        NONE,
        /** It is proved, or proved better than before. */
        PROVE,
        /** A proof has gone missing, and counts for the time being. */
        WARN,
        /** A proof was missing for too long. */
        LAPSE
    }

    /** Whether the proof that stands is one that the registry looks for. */
    boolean isLookedFor() {
        return standing != null && standing.method().isCheckedByRegistry();
    }

    /** What follows from that look. */
    Step step(List<ControlCheck.MethodResult> look, Instant now) {
        Optional<ControlCheck.MethodResult> found = found(look);
        if (found.isPresent()) {
            boolean better = standing == null || found.get().method().outweighs(standing.method());
            return better ? Step.PROVE : Step.NONE;
        }
        if (standing == null || !standing.method().isCheckedByRegistry() || !isGone(look)) {
            return Step.NONE;
        }
        if (goneSince == null) {
            return Step.WARN;
        }
        return now.isBefore(goneSince.plus(GRACE)) ? Step.NONE : Step.LAPSE;
    }

    /** The finding that proves control, if one does. */
    public static Optional<ControlCheck.MethodResult> found(List<ControlCheck.MethodResult> look) {
        return look.stream()
                .filter(finding -> finding.outcome() == ControlCheck.Outcome.FOUND)
                .findFirst();
    }

    /**
     * Whether the token was seen to be gone from where it was. A place that cannot be reached says nothing: an outage,
     * theirs or ours, must not end a reservation.
     */
    private boolean isGone(List<ControlCheck.MethodResult> look) {
        return look.stream()
                .anyMatch(finding -> standing != null
                        && finding.method() == standing.method()
                        && finding.outcome() == ControlCheck.Outcome.ABSENT);
    }

    /** Since when the token is gone, after that look. */
    @Nullable Instant goneSince(List<ControlCheck.MethodResult> look, Step step, Instant now) {
        if (step == Step.WARN) {
            return now;
        }
        return found(look).isPresent() || step == Step.LAPSE ? null : goneSince;
    }

    /**
     * When to look next: daily at a proof that is there; sooner at first, then less and less often, at one that is
     * not; never again at one that was not there for long.
     *
     * @param jitter between 0 and 1, so that not all looks fall together
     */
    @Nullable Instant nextLook(List<ControlCheck.MethodResult> look, Step step, Instant now, double jitter) {
        boolean proved = found(look).isPresent();
        boolean waiting = isLookedFor() && step != Step.LAPSE;
        if (!proved && !waiting && now.isAfter(claimedAt.plus(GRACE))) {
            return null;
        }
        Duration pause = proved ? DAILY : SOON.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        Duration bounded = pause.compareTo(DAILY) > 0 ? DAILY : pause;
        return now.plusSeconds((long) (bounded.toSeconds() * (0.9 + 0.2 * jitter)));
    }
}
