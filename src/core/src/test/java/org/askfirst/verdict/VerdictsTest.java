package org.askfirst.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The verdict: the cases of {@code verdicts/cases.txt}, and properties of random statements. */
class VerdictsTest {
    private static final int ROUNDS = 20_000;
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final int[] SPECIFICITIES = {4000, 3999, 2005, 2002, 1001, 1000, 100};
    private static final int EXACT_FROM = 3999;

    @TestFactory
    List<DynamicTest> cases() throws IOException {
        try (InputStream file = VerdictsTest.class.getResourceAsStream("/verdicts/cases.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return VerdictCase.parse(text).stream()
                    .map(one -> DynamicTest.dynamicTest(one.title(), () -> assertEquals(one.expected(), one.actual())))
                    .toList();
        }
    }

    @Test
    void aReservationThatNobodyCanBeAskedAboutMakesAVerdictMoreCautiousOrAQuestion() {
        Random random = new Random(20261122);
        int stricter = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Statement> before = statements(random);
            Statement reservation = statement(random, 50 + random.nextInt(50), Stance.RESERVED, false);
            List<Use> asked = uses(random);
            Verdicts without = Verdicts.of(before, asked, NOW);
            Verdicts with = Verdicts.of(and(before, reservation), asked, NOW);
            for (Map.Entry<Use, Verdict> use : without.uses().entrySet()) {
                Verdict then = Objects.requireNonNull(with.uses().get(use.getKey()));
                // Without evidence it may outrank an earlier one with evidence of the same party.
                boolean isQuestion = !reservation.evidenced() && then == Verdict.ASK;
                assertTrue(
                        then.compareTo(use.getValue()) <= 0 || isQuestion,
                        () -> use + " became " + then + " by " + reservation + " beside " + before);
                stricter += then == use.getValue() ? 0 : 1;
            }
        }
        assertTrue(stricter > ROUNDS / 10, "the reservations drawn hardly ever mattered");
    }

    @Test
    void aStatementThatDoesNotApplyChangesNoVerdict() {
        Random random = new Random(19520419);
        for (int round = 0; round < ROUNDS; round++) {
            List<Statement> before = statements(random);
            Statement drawn = statement(random, 50 + random.nextInt(50), null, random.nextBoolean());
            Statement idle = switch (random.nextInt(3)) {
                case 0 -> pending(drawn);
                case 1 -> discounted(random, drawn);
                default -> withoutStanding(random, drawn);
            };
            List<Use> asked = uses(random);
            Verdicts without = Verdicts.of(before, asked, NOW);
            Verdicts with = Verdicts.of(and(before, idle), asked, NOW);
            assertEquals(without.uses(), with.uses(), () -> idle + " beside " + before);
            assertEquals(without.verdict(), with.verdict());
            assertTrue(with.assessments().stream()
                    .filter(finding -> finding.statement().equals(idle))
                    .allMatch(finding -> finding.outcome() != Verdicts.Outcome.APPLIED && !finding.decides()));
        }
    }

    @Test
    void theOrderOfStatementsDoesNotMatter() {
        Random random = new Random(42);
        for (int round = 0; round < ROUNDS; round++) {
            List<Statement> statements = statements(random);
            List<Statement> shuffled = new ArrayList<>(statements);
            Collections.shuffle(shuffled, random);
            List<Use> asked = uses(random);
            assertEquals(Verdicts.of(statements, asked, NOW), Verdicts.of(shuffled, asked, NOW));
        }
    }

    @Test
    void nothingIsAllowedUnlessSomebodyWithEvidencePermitsIt() {
        Random random = new Random(7);
        int allowed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Statement> statements = statements(random);
            for (Use use : Use.values()) {
                Verdicts verdicts = Verdicts.of(statements, List.of(use), NOW);
                if (verdicts.verdict() != Verdict.ALLOW) {
                    continue;
                }
                allowed++;
                for (Use leaf : use.leaves()) {
                    assertTrue(statements.stream()
                            .anyMatch(statement ->
                                    statement.stances().on(leaf).equals(java.util.Optional.of(Stance.PERMITTED))
                                            && !statement.pending()
                                            && statement.reach() == Statement.Reach.WHOLE
                                            && statement.control() == Control.PROVED
                                            && !statement.onBehalfOf().suspended()
                                            && (statement.onBehalfOf().isOwn()
                                                    || Period.ALWAYS.equals(statement
                                                            .onBehalfOf()
                                                            .mandate()))
                                            && statement.period().contains(NOW)));
                }
            }
        }
        assertTrue(allowed > 0, "nothing was ever allowed, so the test would never fail");
    }

    @Test
    void aCounterexampleWouldBeSeen() {
        Statement permitted = new Statement(
                new PartyId(new UUID(9, 9)),
                Trust.ASSERTED,
                2,
                4000,
                false,
                Statement.Reach.WHOLE,
                Control.PROVED,
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.PERMITTED)),
                false,
                Period.ALWAYS,
                OnBehalfOf.of(new PartyId(new UUID(9, 9))));
        List<Use> asked = List.of(Use.TEXT_AND_DATA_MINING);
        assertNotEquals(
                Verdicts.of(List.of(permitted), asked, NOW).verdict(),
                Verdicts.of(List.of(), asked, NOW).verdict());
    }

    @Test
    void aQuestionWithoutAUseIsOurFault() {
        assertThrows(IllegalArgumentException.class, () -> Verdicts.of(List.of(), List.of(), NOW));
    }

    private static <T> T any(Random random, T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private static List<Statement> and(List<Statement> before, Statement one) {
        List<Statement> after = new ArrayList<>(before);
        after.add(one);
        return after;
    }

    private static List<Use> uses(Random random) {
        List<Use> uses = new ArrayList<>();
        int number = 1 + random.nextInt(3);
        for (int i = 0; i < number; i++) {
            uses.add(any(random, Use.values()));
        }
        return uses;
    }

    /** Returns statements with different positions, except for two subjects of one declaration that both match. */
    private static List<Statement> statements(Random random) {
        List<Statement> statements = new ArrayList<>();
        int number = random.nextInt(6);
        for (int i = 0; i < number; i++) {
            Statement statement = statement(random, 1 + i * 20L, null, random.nextBoolean());
            statements.add(statement);
            if (random.nextInt(4) == 0) {
                statements.add(new Statement(
                        statement.party(),
                        statement.trust(),
                        statement.position(),
                        statement.specificity(),
                        statement.reachesOthers(),
                        statement.reach(),
                        statement.control() == Control.NONE ? Control.PROVED : Control.NONE,
                        statement.stances(),
                        statement.contactable(),
                        statement.period(),
                        statement.onBehalfOf()));
            }
        }
        return statements;
    }

    private static Statement statement(
            Random random, long position, @org.jspecify.annotations.Nullable Stance only, boolean address) {
        int specificity = SPECIFICITIES[random.nextInt(SPECIFICITIES.length)];
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        while (stances.isEmpty()) {
            for (Use use : Use.values()) {
                if (random.nextInt(3) == 0) {
                    stances.put(use, only == null ? any(random, Stance.values()) : only);
                }
            }
        }
        Period period = random.nextInt(6) == 0 ? new Period(null, NOW) : Period.ALWAYS;
        return new Statement(
                new PartyId(new UUID(1, random.nextInt(3))),
                any(random, Trust.values()),
                position,
                specificity,
                specificity < EXACT_FROM,
                random.nextInt(4) == 0 ? any(random, Statement.Reach.values()) : Statement.Reach.WHOLE,
                any(random, Control.values()),
                Stances.of(stances),
                address,
                period,
                voice(random));
    }

    /**
     * Returns one of the few parties that also speak for themselves, sometimes under a mandate, which may have ended.
     */
    private static OnBehalfOf voice(Random random) {
        UUID of = new UUID(1, random.nextInt(3));
        Period mandate = null;
        if (random.nextInt(3) == 0) {
            mandate = random.nextBoolean() ? Period.ALWAYS : new Period(null, NOW);
        }
        return new OnBehalfOf(of, random.nextInt(5) == 0, mandate);
    }

    private static Statement pending(Statement drawn) {
        return new Statement(
                drawn.party(),
                drawn.trust(),
                drawn.position(),
                1000,
                true,
                drawn.reach(),
                Control.NONE,
                drawn.stances(),
                drawn.contactable(),
                drawn.period(),
                drawn.onBehalfOf());
    }

    /** Returns the statement as one of a suspended party without evidence. */
    private static Statement discounted(Random random, Statement drawn) {
        return new Statement(
                drawn.party(),
                drawn.trust(),
                drawn.position(),
                drawn.specificity(),
                drawn.reachesOthers(),
                drawn.reach(),
                random.nextBoolean() ? Control.NONE : Control.SHOWN,
                drawn.stances(),
                drawn.contactable(),
                drawn.period(),
                new OnBehalfOf(drawn.onBehalfOf().of(), true, drawn.onBehalfOf().mandate()));
    }

    private static Statement withoutStanding(Random random, Statement drawn) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        stances.put(any(random, Use.values()), Stance.PERMITTED);
        Control control = Control.PROVED;
        OnBehalfOf onBehalfOf = drawn.onBehalfOf();
        Statement.Reach reach = drawn.reach();
        if (random.nextInt(3) == 0) {
            reach = Statement.Reach.OTHER_SPELLING;
        } else if (random.nextBoolean()) {
            onBehalfOf = random.nextBoolean()
                    ? new OnBehalfOf(onBehalfOf.of(), true, null)
                    : new OnBehalfOf(onBehalfOf.of(), false, new Period(null, NOW));
        } else {
            control = random.nextBoolean() ? Control.NONE : Control.SHOWN;
        }
        return new Statement(
                drawn.party(),
                drawn.trust(),
                drawn.position(),
                drawn.specificity(),
                drawn.reachesOthers(),
                reach,
                control,
                Stances.of(stances),
                drawn.contactable(),
                drawn.period(),
                onBehalfOf);
    }
}
