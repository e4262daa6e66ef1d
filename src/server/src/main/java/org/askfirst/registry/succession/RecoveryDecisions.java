package org.askfirst.registry.succession;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.trust.Membership;
import org.askfirst.verdict.PartyState;

/**
 * Decides when a body may confirm who asks for a new key, and when a recovery ends. Pure: {@link AccountProjection} and
 * {@link Recoveries} read what they need.
 *
 * <p>A body could ask in its member's name. So the member must have consented long before, the holder of a key has 14
 * days to object, to use a key is to object, and one objection ends the consent.
 */
final class RecoveryDecisions {
    /** So old must a member's consent be. A new membership gives nobody a new key. */
    static final Duration MEMBERSHIP_AGE = Duration.ofDays(30);

    /** Number of recoveries of one party by its sites that may wait at once, because each sends a notice and an e-mail. */
    static final int MAX_BY_SITE = 3;

    private RecoveryDecisions() {}

    /**
     * The recoveries of the member that the body confirmed since the member's consent.
     *
     * @param waiting true if one waits for objections
     * @param stopped true if one was stopped
     */
    record Earlier(boolean waiting, boolean stopped) {
        static final Earlier NONE = new Earlier(false, false);
    }

    /**
     * Returns the reason why the body may not confirm now who asks for a new key of the member.
     *
     * @param membership the membership between the two; empty if there is none
     * @param body the state of the body
     */
    static Optional<String> obstacle(Optional<Membership> membership, PartyState body, Earlier earlier, Instant now) {
        if (membership.isEmpty() || membership.get().state() != Membership.State.ACCEPTED) {
            return Optional.of("The party has not accepted that this body vouches for it");
        }
        Instant consent = membership.get().time();
        if (!membership.get().mayRecover() || consent == null) {
            return Optional.of("The party has not allowed this body to help it recover its keys");
        }
        if (now.isBefore(consent.plus(MEMBERSHIP_AGE))) {
            return Optional.of("The party allowed this less than " + MEMBERSHIP_AGE.toDays()
                    + " days ago; it is possible from " + consent.plus(MEMBERSHIP_AGE));
        }
        if (body.suspended() || body.vouchesFor().isEmpty()) {
            return Optional.of("This body may not vouch for anybody now");
        }
        if (earlier.stopped()) {
            return Optional.of("The holder of a key stopped a recovery of this body; the party must allow it again");
        }
        return earlier.waiting() ? Optional.of("A recovery of this body is waiting already") : Optional.empty();
    }

    /**
     * Refuses one more recovery by a site.
     *
     * @param waiting the number of those of the party to which the holders of its keys may still object
     */
    static Optional<ProblemException> tooMany(int waiting) {
        return waiting < MAX_BY_SITE
                ? Optional.empty()
                : Optional.of(Problem.NOTHING_TO_CHANGE.because(
                        MAX_BY_SITE + " recoveries of this party by its site are waiting already"));
    }

    /**
     * Returns the reason why a recovery that waits must not be completed any more.
     *
     * @param keyUsed true if a key of the party that can do everything was used after the recovery had begun
     */
    static Optional<String> end(boolean keyUsed) {
        return keyUsed
                ? Optional.of("A key of the party was used after the recovery had begun, so it is not lost")
                : Optional.empty();
    }

    /**
     * Returns the reason why a recovery that a body confirmed must not be completed any more.
     *
     * @param keyUsed true if a key of the party that can do everything was used after the recovery had begun
     * @param confirmedAt the position of the entry with which the recovery began
     * @param membership the membership of the body now
     * @param body the state of the body now
     */
    static Optional<String> end(boolean keyUsed, long confirmedAt, Optional<Membership> membership, PartyState body) {
        boolean stands = membership
                .filter(one -> one.state() == Membership.State.ACCEPTED && one.mayRecover())
                .filter(one -> one.position() < confirmedAt)
                .isPresent();
        return stands && !body.suspended() && !body.vouchesFor().isEmpty()
                ? end(keyUsed)
                : Optional.of("The body that confirmed the recovery does not vouch for the party any more");
    }

    /** Refuses to complete a recovery while its holder may object. */
    static Optional<ProblemException> tooEarly(Instant until, Instant now) {
        return now.isBefore(until)
                ? Optional.of(
                        Problem.NOTHING_TO_CHANGE.because("The holders of the party's keys may object until " + until))
                : Optional.empty();
    }
}
