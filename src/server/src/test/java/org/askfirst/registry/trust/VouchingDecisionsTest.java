package org.askfirst.registry.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.trust.Membership.State;
import org.junit.jupiter.api.Test;

/** Checks the steps of vouching: the offer, the member's answer, and the end. */
class VouchingDecisionsTest {
    private static final PartyId BODY = new PartyId(new UUID(0, 1));
    private static final PartyId MEMBER = new PartyId(new UUID(0, 2));
    private static final Instant OFFERED = Instant.parse("2026-11-01T00:00:00Z");

    private static Membership membership(State state) {
        return new Membership(BODY, MEMBER, state, 7, OFFERED, false);
    }

    private static List<Membership> many(int count, State state) {
        List<Membership> many = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            many.add(new Membership(new PartyId(new UUID(1, i)), MEMBER, state, i, OFFERED, false));
        }
        return many;
    }

    private static void assertRefused(Problem problem, Optional<ProblemException> refusal) {
        assertEquals(Optional.of(problem), refusal.map(ProblemException::problem));
    }

    private static Optional<ProblemException> answer(VouchingStep step, State state) {
        Membership one = membership(state);
        return VouchingDecisions.ofMember(step, Optional.of(one), List.of(one));
    }

    @Test
    void anOfferLapsesAfterThirtyDays() {
        Membership offer = membership(State.OFFERED);
        Instant end = OFFERED.plus(Duration.ofDays(30));
        assertEquals(State.OFFERED, offer.at(end.minusNanos(1000)).state());
        assertEquals(State.LAPSED, offer.at(end).state());
        assertEquals(State.DECLINED, membership(State.DECLINED).at(end).state());
        assertEquals(State.ACCEPTED, membership(State.ACCEPTED).at(end).state());
    }

    @Test
    void onlyWhatTheMemberAcceptedIsInForce() {
        for (State state : State.values()) {
            assertEquals(
                    state == State.ACCEPTED || state == State.RECORDED,
                    membership(state).isInForce(),
                    state.wireName());
        }
    }

    @Test
    void aMemberAnswersAnOfferOnce() {
        assertEquals(Optional.empty(), answer(VouchingStep.ACCEPTED, State.OFFERED));
        assertEquals(Optional.empty(), answer(VouchingStep.DECLINED, State.OFFERED));
        assertRefused(Problem.NOTHING_TO_CHANGE, answer(VouchingStep.ACCEPTED, State.DECLINED));
        assertRefused(Problem.NOTHING_TO_CHANGE, answer(VouchingStep.ACCEPTED, State.LAPSED));
        assertRefused(Problem.NOTHING_TO_CHANGE, answer(VouchingStep.DECLINED, State.LAPSED));
        assertRefused(Problem.NOTHING_TO_CHANGE, answer(VouchingStep.DECLINED, State.ACCEPTED));
        assertRefused(
                Problem.NOT_FOUND, VouchingDecisions.ofMember(VouchingStep.ACCEPTED, Optional.empty(), List.of()));
    }

    @Test
    void aMemberLeavesWhatItAcceptedAndWhatWasRecordedForIt() {
        for (State state : List.of(State.ACCEPTED, State.RECORDED)) {
            assertEquals(Optional.empty(), answer(VouchingStep.LEFT, state));
            assertEquals(Optional.empty(), answer(VouchingStep.ACCEPTED, state));
            assertEquals(VouchingStep.LEFT, VouchingDecisions.refusal(Optional.of(membership(state))));
        }
        assertRefused(Problem.NOTHING_TO_CHANGE, answer(VouchingStep.LEFT, State.OFFERED));
        assertEquals(VouchingStep.DECLINED, VouchingDecisions.refusal(Optional.of(membership(State.OFFERED))));
    }

    @Test
    void offersAreLimited() {
        assertEquals(Optional.empty(), VouchingDecisions.offer(BODY, MEMBER, many(15, State.OFFERED)));
        assertRefused(Problem.FORBIDDEN, VouchingDecisions.offer(BODY, MEMBER, many(16, State.OFFERED)));
        assertEquals(Optional.empty(), VouchingDecisions.offer(BODY, MEMBER, many(16, State.DECLINED)));
        assertRefused(Problem.FORBIDDEN, VouchingDecisions.offer(BODY, MEMBER, many(16, State.ACCEPTED)));
        assertRefused(Problem.INVALID_REQUEST, VouchingDecisions.offer(BODY, BODY, List.of()));
        List<Membership> bodies = many(16, State.ACCEPTED);
        Membership offer = membership(State.OFFERED);
        bodies.add(offer);
        assertRefused(Problem.FORBIDDEN, VouchingDecisions.ofMember(VouchingStep.ACCEPTED, Optional.of(offer), bodies));
    }

    @Test
    void toLetABodyRecoverAgainIsANewConsent() {
        Optional<Membership> allowed = Optional.of(new Membership(BODY, MEMBER, State.ACCEPTED, 7, OFFERED, true));
        assertTrue(
                VouchingDecisions.repeated(VouchingStep.ACCEPTED, allowed, true).isEmpty());
        assertTrue(VouchingDecisions.repeated(VouchingStep.ACCEPTED, allowed, false)
                .isEmpty());
        assertEquals(allowed, VouchingDecisions.repeated(VouchingStep.OFFERED, allowed, false));
    }

    @Test
    void aRepetitionIsAnsweredByTheFirst() {
        Optional<Membership> offered = Optional.of(membership(State.OFFERED));
        Optional<Membership> accepted = Optional.of(membership(State.ACCEPTED));
        assertEquals(offered, VouchingDecisions.repeated(VouchingStep.OFFERED, offered, false));
        assertEquals(accepted, VouchingDecisions.repeated(VouchingStep.OFFERED, accepted, false));
        assertEquals(accepted, VouchingDecisions.repeated(VouchingStep.ACCEPTED, accepted, false));
        assertTrue(VouchingDecisions.repeated(VouchingStep.ACCEPTED, accepted, true)
                .isEmpty());
        assertTrue(VouchingDecisions.repeated(VouchingStep.ACCEPTED, offered, false)
                .isEmpty());
        for (State state : List.of(State.DECLINED, State.LAPSED)) {
            assertTrue(VouchingDecisions.repeated(VouchingStep.OFFERED, Optional.of(membership(state)), false)
                    .isEmpty());
        }
    }
}
