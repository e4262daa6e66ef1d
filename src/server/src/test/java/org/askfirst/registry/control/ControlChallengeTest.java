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

/** Checks the consequence of a check, and the time of the next check. */
class ControlChallengeTest {
    private static final Instant STARTED = Instant.parse("2026-11-22T09:00:00Z");
    private static final Subject SITE = Subject.parse("domain:example.com");

    private static ControlChallenge challenge(@Nullable ControlMethod proof, @Nullable Instant goneSince, int failures) {
        return new ControlChallenge(
                "c_1",
                new PartyId(new UUID(0, 1)),
                SITE,
                "token",
                STARTED,
                null,
                goneSince,
                failures,
                proof == null ? null : new ControlChallenge.ProofInForce(proof, 1));
    }

    private static List<ControlCheck.MethodResult> result(ControlMethod method, ControlCheck.Outcome outcome) {
        return List.of(new ControlCheck.MethodResult(method, outcome, false, "seen"));
    }

    private static final List<ControlCheck.MethodResult> FOUND = result(ControlMethod.DNS_TXT, ControlCheck.Outcome.FOUND);
    private static final List<ControlCheck.MethodResult> ABSENT = result(ControlMethod.DNS_TXT, ControlCheck.Outcome.ABSENT);
    private static final List<ControlCheck.MethodResult> UNREACHABLE =
            result(ControlMethod.DNS_TXT, ControlCheck.Outcome.UNREACHABLE);

    @Test
    void aTokenThatIsFoundProvesControlOnce() {
        assertEquals(Step.PROVE, challenge(null, null, 0).step(FOUND, STARTED));
        assertEquals(Step.NONE, challenge(ControlMethod.DNS_TXT, null, 0).step(FOUND, STARTED));
        assertEquals(Step.NONE, challenge(ControlMethod.WELL_KNOWN_FILE, null, 0).step(FOUND, STARTED));
        assertEquals(Step.NONE, challenge(ControlMethod.OPERATOR, null, 0).step(FOUND, STARTED));
        assertEquals(Step.NONE, challenge(null, null, 0).step(ABSENT, STARTED));
    }

    @Test
    void aStrongerProofTakesThePlaceOfATokenOnThePage() {
        assertEquals(Step.PROVE, challenge(ControlMethod.PAGE_TOKEN, null, 0).step(FOUND, STARTED));
        assertEquals(
                Step.NONE,
                challenge(ControlMethod.DNS_TXT, null, 0)
                        .step(result(ControlMethod.PAGE_TOKEN, ControlCheck.Outcome.FOUND), STARTED));
    }

    @Test
    void aProofWhoseTokenIsGoneAppliesForFourteenDays() {
        Instant gone = STARTED.plus(Duration.ofDays(30));
        assertEquals(Step.WARN, challenge(ControlMethod.DNS_TXT, null, 0).step(ABSENT, gone));
        assertEquals(gone, challenge(ControlMethod.DNS_TXT, null, 0).goneSince(ABSENT, Step.WARN, gone));
        Instant end = gone.plus(Duration.ofDays(14));
        assertEquals(Step.NONE, challenge(ControlMethod.DNS_TXT, gone, 3).step(ABSENT, end.minusNanos(1)));
        assertEquals(Step.REVOKE, challenge(ControlMethod.DNS_TXT, gone, 3).step(ABSENT, end));
        assertEquals(Step.NONE, challenge(ControlMethod.DNS_TXT, gone, 3).step(FOUND, end));
        assertEquals(null, challenge(ControlMethod.DNS_TXT, gone, 3).goneSince(FOUND, Step.NONE, end));
    }

    @Test
    void anOutageRevokesNothing() {
        Instant gone = STARTED.plus(Duration.ofDays(30));
        assertEquals(Step.NONE, challenge(ControlMethod.DNS_TXT, null, 0).step(UNREACHABLE, gone));
        assertEquals(
                Step.NONE, challenge(ControlMethod.DNS_TXT, gone, 9).step(UNREACHABLE, gone.plus(Duration.ofDays(99))));
        // A token may be absent in other places; only its absence in the place of the proof matters.
        assertEquals(Step.NONE, challenge(ControlMethod.WELL_KNOWN_FILE, null, 0).step(ABSENT, gone));
    }

    @Test
    void proofsOfTheOperatorOrABodyAreNotRechecked() {
        Instant later = STARTED.plus(Duration.ofDays(99));
        assertEquals(Step.NONE, challenge(ControlMethod.OPERATOR, null, 0).step(ABSENT, later));
        assertEquals(Step.NONE, challenge(ControlMethod.VOUCHING_BODY, STARTED, 9).step(ABSENT, later));
    }

    @Test
    void aTokenThatIsThereIsCheckedDailyAtSpreadTimes() {
        ControlChallenge proved = challenge(ControlMethod.DNS_TXT, null, 0);
        Instant earliest = Objects.requireNonNull(proved.nextCheck(FOUND, Step.NONE, STARTED, 0));
        Instant latest = Objects.requireNonNull(proved.nextCheck(FOUND, Step.NONE, STARTED, 1));
        assertTrue(earliest.isAfter(STARTED.plus(Duration.ofHours(20))));
        assertTrue(latest.isAfter(earliest.plus(Duration.ofHours(4))));
        assertTrue(latest.isBefore(STARTED.plus(Duration.ofHours(28))));
    }

    @Test
    void aMissingTokenIsCheckedLessAndLessOften() {
        Duration before = Duration.ZERO;
        for (int failures = 0; failures < 7; failures++) {
            Instant next =
                    Objects.requireNonNull(challenge(null, null, failures).nextCheck(ABSENT, Step.NONE, STARTED, 0.5));
            Duration pause = Duration.between(STARTED, next);
            assertTrue(pause.compareTo(before) > 0, pause + " after " + before);
            before = pause;
        }
        assertEquals(STARTED.plus(Duration.ofDays(1)), challenge(null, null, 60).nextCheck(ABSENT, Step.NONE, STARTED, 0.5));
    }

    @Test
    void checksStopForATokenThatWasNeverFound() {
        Instant late = STARTED.plus(Duration.ofDays(15));
        assertEquals(null, challenge(null, null, 60).nextCheck(ABSENT, Step.NONE, late, 0.5));
        assertFalse(challenge(ControlMethod.DNS_TXT, late, 60).nextCheck(UNREACHABLE, Step.NONE, late, 0.5) == null);
        assertEquals(null, challenge(ControlMethod.DNS_TXT, late, 60).nextCheck(ABSENT, Step.REVOKE, late, 0.5));
    }
}
