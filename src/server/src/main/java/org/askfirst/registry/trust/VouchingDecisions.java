package org.askfirst.registry.trust;

import java.util.List;
import java.util.Optional;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.trust.Membership.State;

/**
 * Decides the steps of vouching. Pure: {@link TrustProjection} reads the memberships of the member.
 *
 * <p>INVARIANT: no body vouches for a party that has not accepted it, and nothing but the member's own answer makes an
 * offer count.
 */
final class VouchingDecisions {
    /** Number of bodies that may vouch for one party. */
    private static final int MAX_BODIES = 16;

    /** Number of offers to one party that may wait for its answer. */
    private static final int MAX_OFFERS = 16;

    private VouchingDecisions() {}

    /**
     * Returns the membership that the step would only repeat. Its entry is the answer then. To consent to recoveries is
     * never a repetition: it is a new consent, for example after a recovery was stopped.
     *
     * @param mayRecover the consent to recoveries that an acceptance states
     */
    static Optional<Membership> repeated(VouchingStep step, Optional<Membership> membership, boolean mayRecover) {
        return membership.filter(one -> switch (step) {
            case OFFERED -> one.isInForce() || one.state() == State.OFFERED;
            case ACCEPTED -> one.state() == State.ACCEPTED && !one.mayRecover() && !mayRecover;
            default -> false;
        });
    }

    /** Decides an offer. The rules of {@link GroupStates#isVouchingBody} come before. */
    static Optional<ProblemException> offer(PartyId body, PartyId member, List<Membership> ofMember) {
        if (member.equals(body)) {
            return Optional.of(
                    Problem.INVALID_REQUEST.at("/party", Reason.OWN_PARTY, "a party cannot vouch for itself"));
        }
        if (ofMember.stream().filter(one -> one.state() == State.OFFERED).count() >= MAX_OFFERS) {
            return Optional.of(Problem.FORBIDDEN.because("The party has " + MAX_OFFERS + " such offers to answer"));
        }
        return tooMany(ofMember);
    }

    private static Optional<ProblemException> tooMany(List<Membership> ofMember) {
        return ofMember.stream().filter(Membership::isInForce).count() < MAX_BODIES
                ? Optional.empty()
                : Optional.of(Problem.FORBIDDEN.because(MAX_BODIES + " bodies vouch for this party already"));
    }

    /** Decides an answer of the member, or its end of the vouching. */
    static Optional<ProblemException> ofMember(
            VouchingStep step, Optional<Membership> membership, List<Membership> ofMember) {
        if (membership.isEmpty()) {
            return Optional.of(Problem.NOT_FOUND.because("This party neither offers to vouch for you nor vouches"));
        }
        Membership one = membership.get();
        boolean fits = switch (step) {
            case ACCEPTED -> one.state() == State.OFFERED || one.isInForce();
            case DECLINED -> one.state() == State.OFFERED;
            default -> one.isInForce();
        };
        if (fits) {
            return step == VouchingStep.ACCEPTED && !one.isInForce() ? tooMany(ofMember) : Optional.empty();
        }
        return Optional.of(Problem.NOTHING_TO_CHANGE.because(
                one.state() == State.LAPSED
                        ? "The offer lapsed at " + one.lapsesAt() + "; ask the body for a new one"
                        : "The vouching is " + one.state().wireName()));
    }

    /** A body ends what it offered, and what the member accepted. */
    static Optional<ProblemException> end(Optional<Membership> membership) {
        return membership.isPresent()
                ? Optional.empty()
                : Optional.of(Problem.NOT_FOUND.because("This party does not vouch for that one"));
    }

    /** Returns the step by which a member refuses what is there. */
    static VouchingStep refusal(Optional<Membership> membership) {
        return membership.filter(Membership::isInForce).isPresent() ? VouchingStep.LEFT : VouchingStep.DECLINED;
    }
}
