package org.askfirst.registry.mandate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.Terms;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.mandate.Mandates.RecordedMandate;
import org.askfirst.registry.mandate.Mandates.State;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may change a mandate, and what may be declared under it. */
class MandateDecisionsTest {
    private static final PartyId SOCIETY = new PartyId(new UUID(0, 1));
    private static final PartyId MEMBER = new PartyId(new UUID(0, 2));
    private static final PartyId STRANGER = new PartyId(new UUID(0, 3));
    private static final MandateId MANDATE = new MandateId(new UUID(0, 4));
    private static final MandateId OTHER = new MandateId(new UUID(0, 5));
    private static final DeclarationId DECLARATION = new DeclarationId(new UUID(0, 6));
    private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(30));
    private static final Subject FILE = Subject.parse("sha256:" + "0".repeat(63) + "1");
    private static final Subject BOOK = Subject.parse("isbn:9788936434120");

    private static RecordedMandate mandate(@Nullable PartyId member, State state, @Nullable Instant end) {
        Mandate terms = new Mandate(
                SOCIETY, member, List.of(SubjectScheme.SHA256), List.of(), List.of(), new Period(null, end), null);
        return new RecordedMandate(MANDATE, 1, terms, SOCIETY, state, null);
    }

    private static final RecordedMandate IN_FORCE = mandate(MEMBER, State.ACCEPTED, null);
    private static final RecordedMandate ENDED = mandate(MEMBER, State.WITHDRAWN, NOW);

    private static DeclarationEntry.Stated stated(
            boolean amends, PartyId party, Subject subject, @Nullable MandateId under) {
        Content content = new Content(
                List.of(subject),
                Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                Terms.NONE,
                Period.ALWAYS,
                null,
                under,
                null);
        return new DeclarationEntry.Stated(amends, false, DECLARATION, party, content, false, null);
    }

    private static void assertAllowed(Optional<ProblemException> refusal) {
        assertEquals(Optional.empty(), refusal.map(ProblemException::detail));
    }

    private static void assertRefused(Problem problem, Optional<ProblemException> refusal) {
        assertEquals(Optional.of(problem), refusal.map(ProblemException::problem));
    }

    private static void assertRefused(String pointer, Reason reason, Optional<ProblemException> refusal) {
        assertRefused(Problem.INVALID_REQUEST, refusal);
        assertEquals(
                List.of(pointer + " " + reason),
                refusal.orElseThrow().violations().stream()
                        .map(violation -> violation.pointer() + " " + violation.reason())
                        .toList());
    }

    @Test
    void nobodyOffersItselfAMandate() {
        assertAllowed(MandateDecisions.offer(IN_FORCE.terms()));
        Mandate own = new Mandate(SOCIETY, SOCIETY, List.of(), List.of(), List.of(), Period.ALWAYS, null);
        assertRefused("/member", Reason.OWN_PARTY, MandateDecisions.offer(own));
    }

    @Test
    void onlyTheOtherSideAcceptsOrDeclines() {
        RecordedMandate offered = mandate(MEMBER, State.OFFERED, null);
        assertAllowed(MandateDecisions.answer(offered, MEMBER));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.answer(offered, SOCIETY));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.answer(offered, STRANGER));
        assertTrue(offered.isOfferTo(MEMBER));
        assertFalse(offered.isOfferTo(SOCIETY));
        assertFalse(offered.isOfferTo(STRANGER));
        assertFalse(IN_FORCE.isOfferTo(MEMBER));
    }

    @ParameterizedTest
    @EnumSource(value = State.class, names = "OFFERED", mode = EnumSource.Mode.EXCLUDE)
    void anOfferIsDecidedOnce(State state) {
        assertRefused(Problem.MANDATE_DECIDED, MandateDecisions.answer(mandate(MEMBER, state, null), MEMBER));
    }

    @Test
    void onlyTheMemberEndsAMandate() {
        assertAllowed(MandateDecisions.withdrawal(IN_FORCE, MEMBER, null, NOW));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.withdrawal(IN_FORCE, SOCIETY, null, NOW));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.withdrawal(IN_FORCE, STRANGER, null, NOW));
    }

    @Test
    void theSocietyEndsAMandateUntilItsMemberIsKnown() {
        RecordedMandate recorded = mandate(null, State.RECORDED, null);
        assertAllowed(MandateDecisions.withdrawal(recorded, SOCIETY, null, NOW));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.withdrawal(recorded, MEMBER, null, NOW));
        RecordedMandate claimed = mandate(MEMBER, State.RECORDED, null);
        assertRefused(Problem.FORBIDDEN, MandateDecisions.withdrawal(claimed, SOCIETY, null, NOW));
        assertAllowed(MandateDecisions.withdrawal(claimed, MEMBER, null, NOW));
    }

    @Test
    void whatIsOfferedOrDeclinedHasNothingToEnd() {
        for (State state : List.of(State.OFFERED, State.DECLINED)) {
            assertRefused(
                    Problem.MANDATE_DECIDED,
                    MandateDecisions.withdrawal(mandate(MEMBER, state, null), MEMBER, null, NOW));
        }
    }

    @Test
    void anEndMovesOnlyForward() {
        RecordedMandate ending = mandate(MEMBER, State.WITHDRAWN, LATER);
        assertAllowed(MandateDecisions.withdrawal(ending, MEMBER, null, NOW));
        assertAllowed(MandateDecisions.withdrawal(ending, MEMBER, LATER.minusNanos(1000), NOW));
        assertRefused(Problem.MANDATE_DECIDED, MandateDecisions.withdrawal(ending, MEMBER, LATER, NOW));
        assertRefused(Problem.MANDATE_DECIDED, MandateDecisions.withdrawal(ending, MEMBER, null, LATER));
        assertRefused(Problem.MANDATE_DECIDED, MandateDecisions.withdrawal(ENDED, MEMBER, null, NOW));
    }

    @Test
    void aMandateIsClaimedOnceAndByAnotherParty() {
        RecordedMandate recorded = mandate(null, State.RECORDED, null);
        assertAllowed(MandateDecisions.claim(recorded, MEMBER));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.claim(recorded, SOCIETY));
        assertRefused(Problem.NOT_FOUND, MandateDecisions.claim(mandate(MEMBER, State.RECORDED, null), STRANGER));
    }

    @Test
    void aMandateIsInForceInItsPeriodOnceItIsAcceptedOrRecorded() {
        for (State state : State.values()) {
            boolean decided = state != State.OFFERED && state != State.DECLINED;
            assertEquals(decided, mandate(MEMBER, state, LATER).isInForceAt(NOW), state.toString());
            assertFalse(mandate(MEMBER, state, LATER).isInForceAt(LATER), state.toString());
        }
    }

    @Test
    void onlyTheSocietyDeclaresUnderItsMandateAndOnlyWhatThatReaches() {
        assertAllowed(MandateDecisions.statement(stated(false, SOCIETY, FILE, MANDATE), null, IN_FORCE, NOW));
        assertAllowed(MandateDecisions.statement(stated(false, SOCIETY, BOOK, null), null, null, NOW));
        assertRefused(
                "/mandate",
                Reason.OUTSIDE_MANDATE_SCHEMES,
                MandateDecisions.statement(stated(false, SOCIETY, BOOK, MANDATE), null, IN_FORCE, NOW));
        for (PartyId party : List.of(MEMBER, STRANGER)) {
            assertRefused(
                    "/mandate",
                    Reason.UNKNOWN_MANDATE,
                    MandateDecisions.statement(stated(false, party, FILE, MANDATE), null, IN_FORCE, NOW));
        }
        assertRefused(
                "/mandate",
                Reason.UNKNOWN_MANDATE,
                MandateDecisions.statement(stated(false, SOCIETY, FILE, MANDATE), null, null, NOW));
    }

    @Test
    void underAMandateThatIsNotInForceNothingIsDeclared() {
        for (RecordedMandate not :
                List.of(ENDED, mandate(MEMBER, State.OFFERED, null), mandate(MEMBER, State.DECLINED, null))) {
            assertRefused(
                    "/mandate",
                    Reason.MANDATE_NOT_IN_FORCE,
                    MandateDecisions.statement(stated(false, SOCIETY, FILE, MANDATE), null, not, NOW));
        }
    }

    @Test
    void aDeclarationStaysUnderItsMandate() {
        assertAllowed(MandateDecisions.statement(stated(true, SOCIETY, FILE, MANDATE), IN_FORCE, IN_FORCE, NOW));
        assertRefused(
                "/mandate",
                Reason.FIXED,
                MandateDecisions.statement(stated(true, SOCIETY, FILE, null), IN_FORCE, null, NOW));
        assertRefused(
                "/mandate",
                Reason.FIXED,
                MandateDecisions.statement(stated(true, SOCIETY, FILE, OTHER), IN_FORCE, IN_FORCE, NOW));
        assertRefused(
                "/mandate",
                Reason.FIXED,
                MandateDecisions.statement(stated(true, SOCIETY, FILE, MANDATE), null, IN_FORCE, NOW));
    }

    @Test
    void afterTheMandateHasEndedNothingUnderItIsAmended() {
        for (PartyId party : List.of(SOCIETY, MEMBER, STRANGER)) {
            assertRefused(
                    Problem.FORBIDDEN,
                    MandateDecisions.statement(stated(true, party, FILE, MANDATE), ENDED, ENDED, NOW));
        }
    }

    @Test
    void afterTheMandateHasEndedOnlyTheMemberWithdraws() {
        DeclarationEntry.Withdrawn bySociety = new DeclarationEntry.Withdrawn(DECLARATION, SOCIETY);
        DeclarationEntry.Withdrawn byMember = new DeclarationEntry.Withdrawn(DECLARATION, MEMBER);
        assertFalse(MandateDecisions.isWithdrawnByMember(byMember, IN_FORCE, NOW));
        assertAllowed(MandateDecisions.change(bySociety, IN_FORCE, NOW));
        assertTrue(MandateDecisions.isWithdrawnByMember(byMember, ENDED, NOW));
        assertFalse(MandateDecisions.isWithdrawnByMember(bySociety, ENDED, NOW));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.change(bySociety, ENDED, NOW));
    }

    @Test
    void aListGainsOnlyWhatTheMandateReachesAndOnlyWhileItIsInForce() {
        DeclarationEntry.Listed file = new DeclarationEntry.Listed(DECLARATION, SOCIETY, List.of(FILE), List.of());
        DeclarationEntry.Listed book = new DeclarationEntry.Listed(DECLARATION, SOCIETY, List.of(BOOK), List.of());
        DeclarationEntry.Listed less = new DeclarationEntry.Listed(DECLARATION, SOCIETY, List.of(), List.of(BOOK));
        assertAllowed(MandateDecisions.list(file, IN_FORCE, NOW));
        assertAllowed(MandateDecisions.list(less, IN_FORCE, NOW));
        assertRefused("/add", Reason.OUTSIDE_MANDATE_SCHEMES, MandateDecisions.list(book, IN_FORCE, NOW));
        assertRefused(Problem.FORBIDDEN, MandateDecisions.list(less, ENDED, NOW));
    }
}
