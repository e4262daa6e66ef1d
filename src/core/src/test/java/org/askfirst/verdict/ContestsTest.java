package org.askfirst.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The limits of what contests can do to an answer, in random worlds and in a few fixed ones. */
class ContestsTest {
    private static final int WORLDS = 20_000;
    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofDays(30));
    private static final List<Expansion> ASKED = List.of(
                    "url:https://www.example.com/art/1.png?v=2",
                    "url:https://www.instagram.com/moon_toon/",
                    "isbn:9788936434120",
                    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            .stream()
            .map(subject -> Subject.parse(subject).expand())
            .toList();
    private static final PartyRegister REGISTER = PartyRegister.of(Map.of(), Map.of());
    private static final Set<Use> USES = Set.of(Use.TEXT_AND_DATA_MINING, Use.SEARCH_INDEXING);

    private static PartyId party(int number) {
        return new PartyId(new UUID(1, number));
    }

    /** One asked work. Parties 0 to 3 have random proofs, parties 10 to 12 have none. All of them make statements. */
    private static final class World {
        private final SplittableRandom random;
        private final Expansion expansion;
        private final Set<List<Object>> proofs = new HashSet<>();
        private final List<Made> made = new ArrayList<>();
        private final ControlEvidence evidence;

        private record Made(StatementTerms terms, int entry, boolean otherSubject) {}

        World(long seed) {
            random = new SplittableRandom(seed);
            expansion = any(ASKED);
            for (int owner = 0; owner < 4; owner++) {
                for (int i = 0; i < expansion.size(); i++) {
                    if (random.nextInt(3) == 0) {
                        proofs.add(List.of(i, party(owner)));
                    }
                }
            }
            evidence = ControlEvidence.over(
                    expansion,
                    (entry, party) -> proofs.contains(List.of(entry, party)) ? Control.PROVED : Control.NONE);
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                made.add(new Made(terms(i), entry(), random.nextInt(6) == 0));
            }
        }

        private StatementTerms terms(int position) {
            Map<Use, Stance> stances = new EnumMap<>(Use.class);
            stances.put(any(List.of(Use.values())), any(List.of(Stance.values())));
            stances.put(Use.TEXT_AND_DATA_MINING, any(List.of(Stance.values())));
            return new StatementTerms(
                    anyone(), position, Stances.of(stances), any(List.of(Contact.values())), Period.ALWAYS, null);
        }

        private PartyId anyone() {
            return random.nextBoolean() ? owner() : stranger();
        }

        PartyId owner() {
            return party(random.nextInt(4));
        }

        PartyId stranger() {
            return party(10 + random.nextInt(3));
        }

        private int entry() {
            return random.nextInt(expansion.size());
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        /** Returns a contest of a random subject, whose respondent is mostly somebody who makes a statement. */
        Contest contest(Contest.Kind kind, PartyId challenger) {
            boolean isUnanswered = kind == Contest.Kind.REJECTED || random.nextBoolean();
            return new Contest(
                    kind,
                    any(made).terms().party(),
                    challenger,
                    100 + random.nextInt(100),
                    isUnanswered ? END : null,
                    random.nextBoolean() ? END : null);
        }

        List<Statement> statements(List<Contest> contests) {
            Contests found = new Contests(expansion, evidence, REGISTER);
            contests.forEach(contest -> found.add(entry(), random.nextInt(6) == 0, contest));
            return statements(found);
        }

        List<Statement> statements(Contests found) {
            return made.stream()
                    .map(one -> Statement.of(
                            one.terms(), expansion, one.entry(), one.otherSubject(), REGISTER, evidence, found))
                    .toList();
        }
    }

    private static Map<Use, Verdict> judge(List<Statement> statements, Instant moment) {
        return Verdicts.of(statements, USES, moment).uses();
    }

    private static Verdict of(Map<Use, Verdict> verdicts, Use use) {
        return Objects.requireNonNull(verdicts.get(use));
    }

    @Test
    void aStrangerCanOnlyMakeAnAnswerMoreCautious() {
        int questioned = 0;
        int ended = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            Contest.Kind kind = seed % 2 == 0 ? Contest.Kind.REJECTED : Contest.Kind.DISPUTED;
            List<Contest> contests =
                    List.of(world.contest(kind, world.stranger()), world.contest(kind, world.stranger()));
            List<Statement> contested = world.statements(contests);
            for (Instant moment : List.of(NOW, END)) {
                Map<Use, Verdict> without = judge(world.statements(List.of()), moment);
                Map<Use, Verdict> with = judge(contested, moment);
                for (Use use : without.keySet()) {
                    Verdict before = of(without, use);
                    Verdict after = of(with, use);
                    assertTrue(after.compareTo(before) <= 0, () -> use + " of " + contested);
                    if (kind == Contest.Kind.REJECTED) {
                        assertEquals(before, after, () -> "a stranger's rejection: " + use + " of " + contested);
                    }
                    questioned += moment.equals(NOW) && before == Verdict.ALLOW && after == Verdict.ASK ? 1 : 0;
                    ended += moment.equals(END) && before == Verdict.ALLOW && after == Verdict.UNKNOWN ? 1 : 0;
                }
            }
        }
        assertTrue(questioned > WORLDS / 50, "strangers hardly ever contested a permission: " + questioned);
        assertTrue(ended > WORLDS / 100, "permissions hardly ever ended: " + ended);
    }

    @Test
    void aRejectionNeverTouchesAStatementWithEvidence() {
        int rejected = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            List<Contest> contests = List.of(
                    world.contest(Contest.Kind.REJECTED, world.owner()),
                    world.contest(Contest.Kind.REJECTED, world.owner()));
            for (Statement statement : world.statements(contests)) {
                boolean isRejected = !statement.contest().equals(ContestState.NONE);
                assertFalse(isRejected && statement.evidenced(), statement::toString);
                rejected += isRejected ? 1 : 0;
            }
        }
        assertTrue(rejected > WORLDS / 20, "hardly anything was rejected: " + rejected);
    }

    @Test
    void onlyAPartyWithEvidenceEndsAReservationByNobodysAnswer() {
        int ended = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            PartyId challenger = seed % 2 == 0 ? world.owner() : world.stranger();
            Contests contests = new Contests(world.expansion, world.evidence, REGISTER);
            int entry = world.entry();
            contests.add(entry, false, world.contest(Contest.Kind.DISPUTED, challenger));
            for (Statement statement : world.statements(contests)) {
                if (statement.contest().setAsideAt() != null) {
                    assertFalse(statement.evidenced(), statement::toString);
                    assertEquals(Control.PROVED, world.evidence.of(entry, challenger));
                    ended++;
                }
            }
        }
        assertTrue(ended > WORLDS / 50, "reservations hardly ever ended: " + ended);
    }

    @Test
    void whileARejectionRunsTheAnswerStays() {
        int changed = 0;
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(seed);
            List<Statement> rejected = world.statements(List.of(world.contest(Contest.Kind.REJECTED, world.owner())));
            Map<Use, Verdict> without = judge(world.statements(List.of()), NOW);
            assertEquals(without, judge(rejected, NOW));
            changed += judge(rejected, END).equals(without) ? 0 : 1;
        }
        assertTrue(changed > WORLDS / 50, "rejections hardly ever had an effect: " + changed);
    }

    /** A site whose owner rejects what a stranger says about one of its pages. */
    private static Statement page(String asked, String contested, @Nullable String proved, boolean evidenced) {
        Expansion expansion = Subject.parse(asked).expand();
        PartyId owner = party(1);
        PartyId claimant = party(2);
        int at = entry(expansion, contested);
        ControlEvidence evidence = ControlEvidence.over(expansion, (entry, party) -> {
            boolean isOwners = party.equals(owner) && expansion.canonical(entry).equals(proved);
            boolean isClaimants = party.equals(claimant) && evidenced && entry == 0;
            return isOwners || isClaimants ? Control.PROVED : Control.NONE;
        });
        Contests contests = new Contests(expansion, evidence, REGISTER);
        contests.add(at, false, new Contest(Contest.Kind.REJECTED, claimant, owner, 2, END, null));
        StatementTerms terms = new StatementTerms(
                claimant,
                1,
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)),
                Contact.NONE,
                Period.ALWAYS,
                null);
        return Statement.of(terms, expansion, 0, false, REGISTER, evidence, contests);
    }

    private static int entry(Expansion expansion, String canonical) {
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.canonical(i).equals(canonical)) {
                return i;
            }
        }
        throw new AssertionError(canonical + " is not in " + expansion);
    }

    @Test
    void aRejectionOfASiteReachesItsPages() {
        String page = "url:https://example.com/art/1";
        ContestState rejected = new ContestState(END, null, END);
        assertEquals(
                rejected,
                page(page, "domain:example.com", "domain:example.com", false).contest());
        assertEquals(
                rejected,
                page(page, "under:https://example.com/art/", "domain:example.com", false)
                        .contest());
        assertEquals(rejected, page(page, page, "domain:example.com", false).contest());
        assertTrue(rejected.isContestedAt(NOW));
        assertFalse(rejected.isContestedAt(END));
    }

    @Test
    void aRejectionEndsWithTheEvidenceOfEitherSide() {
        String page = "url:https://example.com/art/1";
        assertEquals(
                ContestState.NONE, page(page, "domain:example.com", null, false).contest());
        // The right to a part is no right to the whole.
        assertEquals(
                ContestState.NONE, page(page, "domain:example.com", page, false).contest());
        assertEquals(
                ContestState.NONE,
                page(page, "domain:example.com", "domain:example.com", true).contest());
    }

    /** The state of a statement about a page at that position, which a party in that state disputed at position 2. */
    private static ContestState disputed(long position, PartyState challenger) {
        Expansion expansion = Subject.parse("url:https://example.com/art/1").expand();
        PartyRegister register = PartyRegister.of(Map.of(party(1), challenger), Map.of());
        Contests contests =
                new Contests(expansion, ControlEvidence.over(expansion, (entry, party) -> Control.NONE), register);
        contests.add(0, false, new Contest(Contest.Kind.DISPUTED, party(2), party(1), 2, END, null));
        return contests.of(party(2), position, 0, false, false, true);
    }

    @Test
    void anUnansweredDisputeEndsOnlyEarlierPermissions() {
        ContestState before = disputed(1, PartyState.PLAIN);
        ContestState later = disputed(3, PartyState.PLAIN);
        assertTrue(before.isContestedAt(NOW) && later.isContestedAt(NOW));
        assertTrue(before.isSetAside(Stance.PERMITTED, END));
        assertFalse(later.isSetAside(Stance.PERMITTED, END));
        assertFalse(later.isContestedAt(END));
    }

    @Test
    void aDisputeOfASuspendedOrClosedPartyHasNoEffect() {
        PartyState suspended = PartyState.PLAIN.after(PartyDecision.SUSPENDED, Set.of());
        assertEquals(ContestState.NONE, disputed(1, suspended));
        assertEquals(ContestState.NONE, disputed(1, PartyState.PLAIN.withErased(true)));
    }

    @Test
    void aPlatformCannotRejectWhatItsUsersSay() {
        String account = "url:https://www.instagram.com/moon_toon/";
        Expansion expansion = Subject.parse(account).expand();
        for (int i = 0; i < expansion.size(); i++) {
            if (expansion.scheme(i) == SubjectScheme.DOMAIN) {
                String site = expansion.canonical(i);
                assertEquals(ContestState.NONE, page(account, site, site, false).contest(), site);
            }
        }
    }
}
