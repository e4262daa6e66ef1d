package org.askfirst.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;

/** The limits of a mandate: schemes, uses and territory. */
class MandateReachTest {
    private static final Subject FILE = Subject.parse("sha256:" + "0".repeat(63) + "1");
    private static final Subject BOOK = Subject.parse("isbn:9788936434120");
    private static final Mandate EVERYTHING = mandate(List.of(), List.of(), List.of());
    private static final Mandate NARROW =
            mandate(List.of(SubjectScheme.SHA256), List.of(Use.AI_TRAINING), List.of("KR"));

    private static Mandate mandate(List<SubjectScheme> schemes, List<Use> uses, List<String> territory) {
        return new Mandate(
                new PartyId(new UUID(0, 1)),
                new PartyId(new UUID(0, 2)),
                schemes,
                uses,
                territory,
                Period.ALWAYS,
                null);
    }

    private static Optional<Reason> objection(Mandate mandate, Subject subject, Map<Use, Stance> stances) {
        Content content = new Content(List.of(subject), Stances.of(stances), Terms.NONE, Period.ALWAYS, null);
        return mandate.objectionTo(content).map(Mandate.Objection::reason);
    }

    @Test
    void aMandateWithoutLimitsReachesEverything() {
        for (Stance stance : Stance.values()) {
            assertEquals(Optional.empty(), objection(EVERYTHING, BOOK, Map.of(Use.TEXT_AND_DATA_MINING, stance)));
        }
        assertEquals(Optional.empty(), EVERYTHING.objectionTo(List.of(FILE, BOOK)));
    }

    @Test
    void aMandateReachesTheUsesUnderTheUsesItNames() {
        assertEquals(Optional.empty(), objection(NARROW, FILE, Map.of(Use.AI_TRAINING, Stance.RESERVED)));
        assertEquals(Optional.empty(), objection(NARROW, FILE, Map.of(Use.GENERATIVE_AI_TRAINING, Stance.RESERVED)));
        assertEquals(
                Optional.of(Reason.OUTSIDE_MANDATE_USES),
                objection(NARROW, FILE, Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)));
        assertEquals(
                Optional.of(Reason.OUTSIDE_MANDATE_USES),
                objection(NARROW, FILE, Map.of(Use.AI_INDEX, Stance.RESERVED)));
    }

    @Test
    void aMandateReachesSubjectsOfItsSchemesOnly() {
        assertEquals(
                Optional.of(Reason.OUTSIDE_MANDATE_SCHEMES),
                objection(NARROW, BOOK, Map.of(Use.AI_TRAINING, Stance.RESERVED)));
        assertEquals(Optional.empty(), NARROW.objectionTo(List.of(FILE)));
        Mandate.Objection objection = NARROW.objectionTo(List.of(FILE, BOOK)).orElseThrow();
        assertEquals(Reason.OUTSIDE_MANDATE_SCHEMES, objection.reason());
        assertTrue(objection.detail().contains("isbn"), objection.detail());
    }

    @Test
    void aMandateForATerritoryAllowsNoPlainPermission() {
        assertEquals(
                Optional.of(Reason.OUTSIDE_MANDATE_TERRITORY),
                objection(NARROW, FILE, Map.of(Use.AI_TRAINING, Stance.PERMITTED)));
        assertEquals(Optional.empty(), objection(NARROW, FILE, Map.of(Use.AI_TRAINING, Stance.PERMITTED_WITH_TERMS)));
        assertEquals(
                Optional.empty(),
                objection(
                        mandate(List.of(), List.of(Use.AI_TRAINING), List.of()),
                        FILE,
                        Map.of(Use.AI_TRAINING, Stance.PERMITTED)));
    }
}
