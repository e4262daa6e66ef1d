package org.askfirst.registry.succession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.registry.trust.Membership;
import org.askfirst.registry.trust.Membership.State;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyDecision;
import org.askfirst.verdict.PartyState;
import org.junit.jupiter.api.Test;

/** Checks when a body may confirm who asks for a new key, and what ends a recovery. */
class RecoveryDecisionsTest {
    private static final PartyId BODY = new PartyId(new UUID(0, 1));
    private static final PartyId MEMBER = new PartyId(new UUID(0, 2));
    private static final Instant ACCEPTED = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant LATER = ACCEPTED.plus(Duration.ofDays(30));
    private static final PartyState VOUCHING =
            PartyState.PLAIN.after(PartyDecision.VOUCHING_GRANTED, Set.of(SubjectScheme.ISBN));
    private static final RecoveryDecisions.Earlier NONE = RecoveryDecisions.Earlier.NONE;

    private static Optional<Membership> membership(State state, boolean mayRecover) {
        return Optional.of(
                new Membership(BODY, MEMBER, state, 7, state == State.RECORDED ? null : ACCEPTED, mayRecover));
    }

    private static boolean mayConfirm(
            Optional<Membership> membership, PartyState body, RecoveryDecisions.Earlier earlier, Instant now) {
        return RecoveryDecisions.obstacle(membership, body, earlier, now).isEmpty();
    }

    @Test
    void aBodyConfirmsForAMemberThatAllowedItThirtyDaysAgo() {
        Optional<Membership> allowed = membership(State.ACCEPTED, true);
        assertTrue(mayConfirm(allowed, VOUCHING, NONE, LATER));
        assertFalse(mayConfirm(allowed, VOUCHING, NONE, LATER.minusNanos(1000)));
        assertFalse(mayConfirm(allowed, VOUCHING, NONE, ACCEPTED.plus(Duration.ofDays(29))));
    }

    @Test
    void aMemberThatDidNotAllowItIsLeftAlone() {
        assertFalse(mayConfirm(Optional.empty(), VOUCHING, NONE, LATER));
        assertFalse(mayConfirm(membership(State.ACCEPTED, false), VOUCHING, NONE, LATER));
        for (State state : List.of(State.OFFERED, State.DECLINED, State.LAPSED, State.RECORDED)) {
            assertFalse(mayConfirm(membership(state, true), VOUCHING, NONE, LATER), state.wireName());
        }
    }

    @Test
    void aBodyThatMayNotVouchConfirmsNothing() {
        Optional<Membership> allowed = membership(State.ACCEPTED, true);
        assertFalse(mayConfirm(allowed, PartyState.PLAIN, NONE, LATER));
        assertFalse(mayConfirm(allowed, VOUCHING.after(PartyDecision.SUSPENDED, Set.of()), NONE, LATER));
    }

    @Test
    void aBodyHasOneAttemptUntilTheMemberAllowsItAnew() {
        Optional<Membership> allowed = membership(State.ACCEPTED, true);
        assertFalse(mayConfirm(allowed, VOUCHING, new RecoveryDecisions.Earlier(true, false), LATER));
        assertFalse(mayConfirm(allowed, VOUCHING, new RecoveryDecisions.Earlier(false, true), LATER));
    }

    @Test
    void aUsedKeyOrALostMembershipEndsARecovery() {
        Optional<Membership> allowed = membership(State.ACCEPTED, true);
        assertEquals(Optional.empty(), RecoveryDecisions.end(false, 8, allowed, VOUCHING));
        assertTrue(RecoveryDecisions.end(true, 8, allowed, VOUCHING).isPresent());
        assertTrue(RecoveryDecisions.end(false, 8, allowed, PartyState.PLAIN).isPresent());
        assertTrue(RecoveryDecisions.end(false, 8, Optional.empty(), VOUCHING).isPresent());
        // The member left and came back: the recovery began under the earlier membership.
        assertTrue(RecoveryDecisions.end(false, 6, allowed, VOUCHING).isPresent());
        assertTrue(RecoveryDecisions.end(false, 8, membership(State.ACCEPTED, false), VOUCHING)
                .isPresent());
        // Nobody confirmed it, because control of a site was shown.
        assertEquals(Optional.empty(), RecoveryDecisions.end(false));
        assertTrue(RecoveryDecisions.end(true).isPresent());
    }

    @Test
    void atMostThreeRecoveriesByASiteWait() {
        assertEquals(Optional.empty(), RecoveryDecisions.tooMany(2));
        assertTrue(RecoveryDecisions.tooMany(3).isPresent());
    }

    @Test
    void theHolderHasTheWholeTimeToObject() {
        assertTrue(RecoveryDecisions.tooEarly(LATER, LATER.minusNanos(1000)).isPresent());
        assertEquals(Optional.empty(), RecoveryDecisions.tooEarly(LATER, LATER));
    }
}
