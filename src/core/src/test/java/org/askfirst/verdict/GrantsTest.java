package org.askfirst.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.junit.jupiter.api.Test;

/** The rule of grants: whose statement they lift, for which uses, and until when. */
class GrantsTest {
    private static final int ROUNDS = 20_000;
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final PartyId LICENSOR = party(1);
    private static final PartyId OTHER = party(2);
    private static final PartyId MEMBER = party(3);
    private static final Grant TRAINING = grant(1, Use.AI_TRAINING, NOW.plusSeconds(60));

    private static PartyId party(int number) {
        return new PartyId(new UUID(0, number));
    }

    private static Grant grant(int number, Use use, Instant to) {
        return Grant.of(new GrantId(new UUID(0, number)), List.of(use), new Period(null, to));
    }

    private static Statement statement(
            PartyId party, long position, Stance stance, Control control, Statement.Reach reach, OnBehalfOf name) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        stances.put(Use.TEXT_AND_DATA_MINING, stance);
        return new Statement(
                party,
                Trust.ASSERTED,
                position,
                4000,
                false,
                reach,
                control,
                Stances.of(stances),
                true,
                Period.ALWAYS,
                name);
    }

    private static Statement reserved(PartyId party, long position, Control control) {
        return statement(party, position, Stance.RESERVED, control, Statement.Reach.WHOLE, OnBehalfOf.of(party));
    }

    private static Verdict verdict(Instant moment, Statement... statements) {
        return Verdicts.of(List.of(statements), Set.of(Use.AI_TRAINING), moment).verdict();
    }

    @Test
    void aGrantLiftsItsLicensorsStatement() {
        Statement lifted = reserved(LICENSOR, 1, Control.PROVED).withGrants(List.of(TRAINING));
        Verdicts verdicts = Verdicts.of(List.of(lifted), Set.of(Use.TEXT_AND_DATA_MINING), NOW);
        assertEquals(Verdict.ALLOW, verdicts.uses().get(Use.AI_TRAINING));
        assertEquals(Verdict.ASK, verdicts.uses().get(Use.AI_INPUT), "not granted");
        assertEquals(
                List.of(new Verdicts.Lift(TRAINING, Verdicts.Outcome.APPLIED)),
                verdicts.assessments().get(0).lifts());
        assertEquals(Stance.RESERVED, verdicts.assessments().get(0).stance(), "the declared stance is shown");
    }

    @Test
    void othersStillSpeak() {
        Statement lifted = reserved(LICENSOR, 1, Control.PROVED).withGrants(List.of(TRAINING));
        assertEquals(Verdict.ASK, verdict(NOW, lifted, reserved(OTHER, 2, Control.PROVED)));
        assertEquals(Verdict.ASK, verdict(NOW, lifted, reserved(OTHER, 2, Control.NONE)));
    }

    @Test
    void itEndsAtItsEndAndNotBefore() {
        Statement lifted = reserved(LICENSOR, 1, Control.PROVED).withGrants(List.of(TRAINING));
        Instant end = NOW.plusSeconds(60);
        assertEquals(Verdict.ALLOW, verdict(end.minusNanos(1), lifted));
        assertEquals(Verdict.ASK, verdict(end, lifted));
    }

    @Test
    void allConditionsOfAPermissionApply() {
        Statement stranger = reserved(LICENSOR, 1, Control.NONE).withGrants(List.of(TRAINING));
        assertEquals(Verdict.ASK, verdict(NOW, stranger));
        assertEquals(
                Verdicts.Outcome.NO_STANDING,
                Verdicts.of(List.of(stranger), Set.of(Use.AI_TRAINING), NOW)
                        .assessments()
                        .get(0)
                        .lifts()
                        .get(0)
                        .outcome());
        for (Statement.Reach reach : List.of(Statement.Reach.OTHER_SPELLING, Statement.Reach.SHARED_SITE)) {
            Statement partial = statement(LICENSOR, 1, Stance.RESERVED, Control.PROVED, reach, OnBehalfOf.of(LICENSOR));
            assertEquals(Verdict.ASK, verdict(NOW, partial.withGrants(List.of(TRAINING))), reach::name);
        }
    }

    @Test
    void theEndOfAMandateEndsWhatRestsOnIt() {
        Instant end = NOW.plusSeconds(30);
        OnBehalfOf member = new OnBehalfOf(MEMBER.number(), false, new Period(null, end));
        Statement lifted = statement(LICENSOR, 1, Stance.RESERVED, Control.PROVED, Statement.Reach.WHOLE, member)
                .withGrants(List.of(TRAINING));
        assertEquals(Verdict.ALLOW, verdict(end.minusNanos(1), lifted));
        assertEquals(Verdict.DENY, verdict(end, lifted));
    }

    @Test
    void theMembersOwnWordOutranksTheSocietysGrant() {
        OnBehalfOf member = new OnBehalfOf(MEMBER.number(), false, Period.ALWAYS);
        Statement lifted = statement(LICENSOR, 5, Stance.RESERVED, Control.PROVED, Statement.Reach.WHOLE, member)
                .withGrants(List.of(TRAINING));
        Verdicts verdicts =
                Verdicts.of(List.of(lifted, reserved(MEMBER, 1, Control.NONE)), Set.of(Use.AI_TRAINING), NOW);
        assertEquals(Verdict.ASK, verdicts.verdict());
        assertEquals(
                Verdicts.Outcome.OUTRANKED,
                verdicts.assessments().stream()
                        .filter(one -> one.statement().equals(lifted))
                        .findFirst()
                        .orElseThrow()
                        .lifts()
                        .get(0)
                        .outcome());
    }

    @Test
    void aContestedGrantIsAQuestion() {
        Statement before = reserved(LICENSOR, 1, Control.PROVED);
        Statement contested = new Statement(
                before.party(),
                before.trust(),
                1,
                4000,
                false,
                Statement.Reach.WHOLE,
                Control.PROVED,
                before.stances(),
                true,
                Period.ALWAYS,
                before.onBehalfOf(),
                new ContestState(NOW.plus(Duration.ofDays(1)), null, null));
        assertEquals(Verdict.ASK, verdict(NOW, contested.withGrants(List.of(TRAINING))));
    }

    /** A grant equals a permission of the same party at the same place, and no grant changes anybody else's statement. */
    @Test
    void aGrantIsWorthExactlyAPermission() {
        Random random = new Random(20261130);
        int lifted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Statement> plain = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                plain.add(random(random, i));
            }
            int chosen = random.nextInt(plain.size());
            Statement one = plain.get(chosen);
            List<Statement> granted = new ArrayList<>(plain);
            granted.set(chosen, one.withGrants(List.of(grant(round, Use.TEXT_AND_DATA_MINING, NOW.plusSeconds(1)))));
            List<Statement> permitted = new ArrayList<>(plain);
            permitted.set(chosen, with(one, Stance.PERMITTED));
            Set<Use> asked = Set.of(Use.TEXT_AND_DATA_MINING);
            Verdict without = Verdicts.of(plain, asked, NOW).verdict();
            Verdict with = Verdicts.of(granted, asked, NOW).verdict();
            boolean counts = Verdicts.of(List.of(with(one, Stance.PERMITTED)), asked, NOW)
                            .verdict()
                    == Verdict.ALLOW;
            Verdict expected = counts ? Verdicts.of(permitted, asked, NOW).verdict() : without;
            assertEquals(expected, with, () -> "granted " + one + " among " + plain);
            assertEquals(
                    without, Verdicts.of(granted, asked, NOW.plusSeconds(1)).verdict(), "after its end");
            lifted += without != with ? 1 : 0;
        }
        assertTrue(lifted > ROUNDS / 50, "grants that changed a verdict: " + lifted);
    }

    private static Statement with(Statement one, Stance stance) {
        return new Statement(
                one.party(),
                one.trust(),
                one.position(),
                one.specificity(),
                one.reachesOthers(),
                one.reach(),
                one.control(),
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, stance)),
                one.contactable(),
                one.period(),
                one.onBehalfOf(),
                one.contest());
    }

    private static <T> T any(Random random, T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static Statement random(Random random, int position) {
        PartyId party = party(1 + random.nextInt(3));
        OnBehalfOf name = random.nextInt(3) == 0 && !party.equals(MEMBER)
                ? new OnBehalfOf(MEMBER.number(), false, random.nextBoolean() ? Period.ALWAYS : new Period(null, NOW))
                : OnBehalfOf.of(party);
        return statement(
                party,
                position,
                any(random, Stance.values()),
                random.nextBoolean() ? Control.PROVED : Control.NONE,
                any(random, Statement.Reach.values()),
                name);
    }
}
