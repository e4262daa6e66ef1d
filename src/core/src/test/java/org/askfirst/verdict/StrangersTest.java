package org.askfirst.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.junit.jupiter.api.Test;

/**
 * The limits of what strangers can do to an answer, in random worlds. A stranger is a party without evidence for any
 * subject that reaches the asked work. It may be verified, vouched for, a vouching body for other schemes, or keep
 * lists.
 */
class StrangersTest {
    private static final int WORLDS = 20_000;
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final List<Expansion> ASKED = List.of(
                    "url:https://www.example.com/art/1.png?v=2",
                    "url:https://www.instagram.com/moon_toon/",
                    "url:https://doi.org/10.1234/work.1",
                    "under:https://example.com/art/",
                    "isbn:9788936434120",
                    "isrc:KRA301500123",
                    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "isni:0000000121032683")
            .stream()
            .map(subject -> Subject.parse(subject).expand())
            .toList();
    private static final PartyId BODY = party(100);

    private static PartyId party(int number) {
        return new PartyId(new UUID(1, number));
    }

    /** One asked work, the statements of owners and strangers about it, and what is recorded about the parties. */
    private static final class World {
        private final SplittableRandom random;
        private final Expansion expansion;
        private final Map<PartyId, PartyState> states = new HashMap<>();
        private final Map<MandateId, MandateTerm> mandates = new HashMap<>();
        private final Set<List<Object>> proofs = new HashSet<>();
        private final List<StatementTerms> listedByStrangers = new ArrayList<>();
        private final List<Statement> owners = new ArrayList<>();
        private final List<Statement> strangers = new ArrayList<>();
        private long position;

        World(long seed) {
            random = new SplittableRandom(seed);
            expansion = any(ASKED);
            states.put(BODY, new PartyState(false, true, false, EnumSet.allOf(SubjectScheme.class), List.of()));
            drawRegister();
            ControlEvidence evidence = ControlEvidence.over(expansion, this::direct);
            PartyRegister register = PartyRegister.of(states, mandates);
            for (int i = random.nextInt(4); i > 0; i--) {
                owners.add(statement(random.nextInt(4), evidence, register));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                listedByStrangers.add(terms(stranger()));
            }
            listedByStrangers.forEach(terms -> evidence.addListing(random.nextInt(expansion.size()), terms, register));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                strangers.add(statement(stranger(), evidence, register));
            }
        }

        private int stranger() {
            return 10 + random.nextInt(3);
        }

        private void drawRegister() {
            for (int owner = 0; owner < 4; owner++) {
                for (int i = 0; i < expansion.size(); i++) {
                    if (random.nextInt(2) == 0) {
                        proofs.add(List.of(i, party(owner)));
                    }
                }
            }
            Set<SubjectScheme> others = EnumSet.allOf(SubjectScheme.class);
            for (int i = 0; i < expansion.size(); i++) {
                others.remove(expansion.scheme(i));
            }
            for (int stranger = 10; stranger < 13; stranger++) {
                states.put(
                        party(stranger),
                        new PartyState(
                                false,
                                random.nextBoolean(),
                                random.nextInt(4) == 0,
                                random.nextBoolean() ? others : Set.of(),
                                random.nextBoolean() ? List.of(BODY) : List.of()));
            }
            // Strangers agree on mandates among themselves; owners among themselves.
            for (int i = 0; i < 8; i++) {
                int first = i < 4 ? 0 : 10;
                mandates.put(
                        new MandateId(new UUID(2, i)),
                        new MandateTerm(
                                party(first + random.nextInt(3)),
                                party(first + random.nextInt(3)),
                                random.nextBoolean() ? Period.ALWAYS : new Period(null, NOW)));
            }
        }

        private Control direct(int entry, PartyId party) {
            boolean isShown = party.number().getLeastSignificantBits() % 2 == 0;
            return proofs.contains(List.of(entry, party)) ? Control.PROVED : isShown ? Control.SHOWN : Control.NONE;
        }

        private Statement statement(int party, ControlEvidence evidence, PartyRegister register) {
            return Statement.of(
                    terms(party),
                    expansion,
                    random.nextInt(expansion.size()),
                    random.nextInt(6) == 0,
                    register,
                    evidence,
                    new Contests(expansion, evidence, register));
        }

        private StatementTerms terms(int party) {
            Map<Use, Stance> stances = new EnumMap<>(Use.class);
            stances.put(any(List.of(Use.values())), any(List.of(Stance.values())));
            stances.put(Use.TEXT_AND_DATA_MINING, any(List.of(Stance.values())));
            MandateId mandate = random.nextInt(3) == 0
                    ? new MandateId(new UUID(2, (party < 10 ? 0 : 4) + random.nextInt(4)))
                    : null;
            return new StatementTerms(
                    party(party),
                    ++position,
                    Stances.of(stances),
                    any(List.of(Contact.values())),
                    random.nextInt(8) == 0 ? new Period(null, NOW) : Period.ALWAYS,
                    mandate);
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        List<Statement> all() {
            List<Statement> all = new ArrayList<>(owners);
            all.addAll(strangers);
            return all;
        }
    }

    private static Verdicts judge(List<Statement> statements) {
        return Verdicts.of(statements, List.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING), NOW);
    }

    @Test
    void aStrangerNeverTurnsAnAnswerIntoAllow() {
        int permitted = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            assertTrue(world.strangers.stream().noneMatch(Statement::evidenced), world.strangers::toString);
            Map<Use, Verdict> without = judge(world.owners).uses();
            Map<Use, Verdict> alone = judge(world.strangers).uses();
            assertFalse(alone.containsValue(Verdict.ALLOW), world.strangers::toString);
            judge(world.all()).uses().forEach((use, verdict) -> {
                if (verdict == Verdict.ALLOW) {
                    assertEquals(Verdict.ALLOW, without.get(use), () -> use + " of " + world.all());
                }
            });
            permitted += (int) world.strangers.stream()
                    .filter(statement -> statement.stances().include(Stance.PERMITTED))
                    .count();
        }
        assertTrue(permitted > WORLDS / 10, "strangers hardly ever tried to permit");
    }

    @Test
    void aStrangerNeverTurnsAnAllowWithEvidenceIntoDeny() {
        int allowed = 0;
        int questioned = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            Map<Use, Verdict> with = judge(world.all()).uses();
            for (Map.Entry<Use, Verdict> without : judge(world.owners).uses().entrySet()) {
                if (without.getValue() == Verdict.ALLOW) {
                    Verdict then = Objects.requireNonNull(with.get(without.getKey()));
                    assertTrue(
                            then == Verdict.ALLOW || then == Verdict.ASK,
                            () -> without.getKey() + " of " + world.all());
                    allowed++;
                    questioned += then == Verdict.ASK ? 1 : 0;
                }
            }
        }
        assertTrue(allowed > WORLDS / 20, "owners hardly ever permitted");
        assertTrue(questioned > allowed / 10 && questioned < allowed, questioned + " of " + allowed);
    }

    @Test
    void aStrangerChangesNoRefusalAndNoOfferWithEvidence() {
        int kept = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            List<Statement> evidenced =
                    world.owners.stream().filter(Statement::evidenced).toList();
            Map<Use, Verdict> without = judge(evidenced).uses();
            List<Statement> beside = new ArrayList<>(evidenced);
            beside.addAll(world.strangers);
            Map<Use, Verdict> with = judge(beside).uses();
            for (Use use : Use.values()) {
                Verdict before = without.get(use);
                if (use.leaves().size() == 1 && (before == Verdict.DENY || before == Verdict.ASK)) {
                    assertEquals(before, with.get(use), () -> use + " of " + beside);
                    kept++;
                }
            }
        }
        assertTrue(kept > WORLDS / 20, "owners hardly ever refused or offered");
    }

    @Test
    void theListOfAVouchingBodyIsEvidenceForTheBodyAndItsMember() {
        Expansion isbn = Subject.parse("isbn:9788936434120").expand();
        PartyId member = party(1);
        MandateId mandate = new MandateId(new UUID(2, 0));
        PartyState vouching = new PartyState(false, false, false, Set.of(SubjectScheme.ISBN), List.of());
        StatementTerms list = new StatementTerms(
                BODY, 1, Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)), Contact.NONE, Period.ALWAYS, mandate);
        Map<MandateId, MandateTerm> terms = Map.of(mandate, new MandateTerm(BODY, member, new Period(null, NOW)));
        ControlEvidence evidence = ControlEvidence.over(isbn, (entry, party) -> Control.NONE);
        evidence.addListing(0, list, PartyRegister.of(Map.of(BODY, vouching), terms));
        assertEquals(Control.PROVED, evidence.of(0, BODY));
        assertEquals(Control.PROVED, evidence.of(0, member));
        assertEquals(Control.NONE, evidence.of(0, party(2)));
        for (PartyState other : List.of(
                PartyState.PLAIN,
                vouching.after(PartyDecision.SUSPENDED, Set.of()),
                vouching.withErased(true),
                vouching.after(PartyDecision.VOUCHING_GRANTED, Set.of(SubjectScheme.ISRC)))) {
            ControlEvidence none = ControlEvidence.over(isbn, (entry, party) -> Control.NONE);
            none.addListing(0, list, PartyRegister.of(Map.of(BODY, other), terms));
            assertEquals(Control.NONE, none.of(0, BODY), other::toString);
        }
    }

    @Test
    void aListIsNoEvidenceForASubjectThatReachesWorksOfOthers() {
        Expansion prefix = Subject.parse("isbn-prefix:97889364").expand();
        PartyState vouching =
                new PartyState(false, false, false, Set.of(SubjectScheme.ISBN, SubjectScheme.ISBN_PREFIX), List.of());
        ControlEvidence evidence = ControlEvidence.over(prefix, (entry, party) -> Control.NONE);
        evidence.addListing(
                0,
                new StatementTerms(
                        BODY,
                        1,
                        Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED)),
                        Contact.NONE,
                        Period.ALWAYS,
                        null),
                PartyRegister.of(Map.of(BODY, vouching), Map.of()));
        assertEquals(Control.NONE, evidence.of(0, BODY));
        assertTrue(evidence.isPending(BODY, null));
    }
}
