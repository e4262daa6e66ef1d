package org.askfirst.registry.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.registry.control.ControlChallenge.Step;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What follows from a look, and when to look again. */
class ControlChallengeTest {
    private static final Instant CLAIMED = Instant.parse("2026-11-22T09:00:00Z");
    private static final Subject SITE = Subject.parse("domain:example.com");

    private static ControlChallenge claim(@Nullable ControlMethod standing, @Nullable Instant goneSince, int failures) {
        return new ControlChallenge(
                "c_1",
                new PartyId(new UUID(0, 1)),
                SITE,
                "token",
                CLAIMED,
                null,
                goneSince,
                failures,
                standing == null ? null : new ControlChallenge.ProofInForce(standing, 1));
    }

    private static List<ControlCheck.MethodResult> look(ControlMethod method, ControlCheck.Outcome outcome) {
        return List.of(new ControlCheck.MethodResult(method, outcome, false, "seen"));
    }

    private static final List<ControlCheck.MethodResult> FOUND =
            look(ControlMethod.DNS_TXT, ControlCheck.Outcome.FOUND);
    private static final List<ControlCheck.MethodResult> ABSENT =
            look(ControlMethod.DNS_TXT, ControlCheck.Outcome.ABSENT);
    private static final List<ControlCheck.MethodResult> UNREACHABLE =
            look(ControlMethod.DNS_TXT, ControlCheck.Outcome.UNREACHABLE);

    @Test
    void whatIsFoundIsProvedOnce() {
        assertEquals(Step.PROVE, claim(null, null, 0).step(FOUND, CLAIMED));
        assertEquals(Step.NONE, claim(ControlMethod.DNS_TXT, null, 0).step(FOUND, CLAIMED));
        assertEquals(Step.NONE, claim(ControlMethod.WELL_KNOWN_FILE, null, 0).step(FOUND, CLAIMED));
        assertEquals(Step.NONE, claim(ControlMethod.OPERATOR, null, 0).step(FOUND, CLAIMED));
        assertEquals(Step.NONE, claim(null, null, 0).step(ABSENT, CLAIMED));
    }

    @Test
    void aStrongerProofTakesThePlaceOfATokenOnThePage() {
        assertEquals(Step.PROVE, claim(ControlMethod.PAGE_TOKEN, null, 0).step(FOUND, CLAIMED));
        assertEquals(
                Step.NONE,
                claim(ControlMethod.DNS_TXT, null, 0)
                        .step(look(ControlMethod.PAGE_TOKEN, ControlCheck.Outcome.FOUND), CLAIMED));
    }

    @Test
    void aProofThatIsGoneCountsForFourteenDays() {
        Instant gone = CLAIMED.plus(Duration.ofDays(30));
        assertEquals(Step.WARN, claim(ControlMethod.DNS_TXT, null, 0).step(ABSENT, gone));
        assertEquals(gone, claim(ControlMethod.DNS_TXT, null, 0).goneSince(ABSENT, Step.WARN, gone));
        Instant end = gone.plus(Duration.ofDays(14));
        assertEquals(Step.NONE, claim(ControlMethod.DNS_TXT, gone, 3).step(ABSENT, end.minusNanos(1)));
        assertEquals(Step.LAPSE, claim(ControlMethod.DNS_TXT, gone, 3).step(ABSENT, end));
        assertEquals(Step.NONE, claim(ControlMethod.DNS_TXT, gone, 3).step(FOUND, end));
        assertEquals(null, claim(ControlMethod.DNS_TXT, gone, 3).goneSince(FOUND, Step.NONE, end));
    }

    @Test
    void anOutageEndsNothing() {
        Instant gone = CLAIMED.plus(Duration.ofDays(30));
        assertEquals(Step.NONE, claim(ControlMethod.DNS_TXT, null, 0).step(UNREACHABLE, gone));
        assertEquals(
                Step.NONE, claim(ControlMethod.DNS_TXT, gone, 9).step(UNREACHABLE, gone.plus(Duration.ofDays(99))));
        // That it is nowhere else says nothing of where it was.
        assertEquals(Step.NONE, claim(ControlMethod.WELL_KNOWN_FILE, null, 0).step(ABSENT, gone));
    }

    @Test
    void whatSomebodySaidIsNotLookedFor() {
        Instant later = CLAIMED.plus(Duration.ofDays(99));
        assertEquals(Step.NONE, claim(ControlMethod.OPERATOR, null, 0).step(ABSENT, later));
        assertEquals(Step.NONE, claim(ControlMethod.VOUCHING_BODY, CLAIMED, 9).step(ABSENT, later));
    }

    @Test
    void whatIsThereIsLookedAtDailyAndNotAllAtOnce() {
        ControlChallenge proved = claim(ControlMethod.DNS_TXT, null, 0);
        Instant earliest = Objects.requireNonNull(proved.nextLook(FOUND, Step.NONE, CLAIMED, 0));
        Instant latest = Objects.requireNonNull(proved.nextLook(FOUND, Step.NONE, CLAIMED, 1));
        assertTrue(earliest.isAfter(CLAIMED.plus(Duration.ofHours(20))));
        assertTrue(latest.isAfter(earliest.plus(Duration.ofHours(4))));
        assertTrue(latest.isBefore(CLAIMED.plus(Duration.ofHours(28))));
    }

    @Test
    void whatIsNotThereIsLookedForLessAndLessOften() {
        Duration before = Duration.ZERO;
        for (int failures = 0; failures < 7; failures++) {
            Instant next =
                    Objects.requireNonNull(claim(null, null, failures).nextLook(ABSENT, Step.NONE, CLAIMED, 0.5));
            Duration pause = Duration.between(CLAIMED, next);
            assertTrue(pause.compareTo(before) > 0, pause + " after " + before);
            before = pause;
        }
        assertEquals(CLAIMED.plus(Duration.ofDays(1)), claim(null, null, 60).nextLook(ABSENT, Step.NONE, CLAIMED, 0.5));
    }

    @Test
    void whatWasNeverThereIsGivenUpAndWhatWasThereIsNot() {
        Instant late = CLAIMED.plus(Duration.ofDays(15));
        assertEquals(null, claim(null, null, 60).nextLook(ABSENT, Step.NONE, late, 0.5));
        assertFalse(claim(ControlMethod.DNS_TXT, late, 60).nextLook(UNREACHABLE, Step.NONE, late, 0.5) == null);
        assertEquals(null, claim(ControlMethod.DNS_TXT, late, 60).nextLook(ABSENT, Step.LAPSE, late, 0.5));
    }
}
