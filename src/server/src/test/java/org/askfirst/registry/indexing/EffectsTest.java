package org.askfirst.registry.indexing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Content;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.entry.DisputeStep;
import org.askfirst.entry.Entry;
import org.askfirst.entry.Mandate;
import org.askfirst.entry.MandateEntry;
import org.askfirst.entry.MandateStep;
import org.askfirst.entry.Repertoire;
import org.askfirst.entry.Terms;
import org.askfirst.entry.TrustEntry;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexChange;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.ledger.Projections;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.Party;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.PartyDecision;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;

/** A random history of acts of all kinds: the effects that folds return equal those that are read again later. */
@QuarkusTest
class EffectsTest extends RegistryTest {
    private static final int ACTS = 1_000;
    private static final int AT_ONCE = 20;

    @Inject
    Ledger ledger;

    @Inject
    LedgerStore store;

    @Inject
    Projections projections;

    @Inject
    ProjectionRebuild rebuild;

    private final long seed = Long.getLong("askfirst.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Authority operator = authority(Party.operatorKey());
    private final List<Party> parties = new ArrayList<>();
    private final List<Made> declarations = new ArrayList<>();
    private final List<Made> repertoires = new ArrayList<>();
    private final List<Offer> mandates = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Rejection> filed = new ArrayList<>();
    private final List<Subject> listable = new ArrayList<>();
    private final List<Subject> declarable = new ArrayList<>();

    private record Made(Party party, DeclarationId id) {}

    private record Rejection(Party party, Party respondent, DisputeId id) {}

    private record Offer(Party society, Party member, MandateId id) {}

    @Test
    void foldedEffectsAreThoseThatAreReadAgain() throws SQLException {
        System.out.println("EffectsTest: seed " + seed + " (-Daskfirst.seed=" + seed + " repeats it)");
        String domain = Names.domain();
        for (int i = 0; i < 12; i++) {
            listable.add(Subject.parse("isrc:KRA30150" + (1000 + i)));
            declarable.add(Subject.parse("url:https://" + domain + "/" + i % 6 + (i < 6 ? "" : "?size=2")));
        }
        for (int i = 0; i < 5; i++) {
            parties.add(Party.open());
        }
        Set<LedgerGroup> groups = new LinkedHashSet<>();
        for (int done = 0; done < ACTS; done += AT_ONCE) {
            List<CompletionStage<Proposal.Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                outcomes.add(ledger.propose(act()));
            }
            for (CompletionStage<Proposal.Outcome> outcome : outcomes) {
                add(outcome, groups);
            }
        }
        Set<Class<?>> kinds = new HashSet<>();
        groups.forEach(group -> group.effects().forEach(effect -> kinds.add(effect.getClass())));
        assertEquals(
                new HashSet<>(Arrays.asList(Effect.class.getPermittedSubclasses())),
                kinds,
                "kinds of effects, seed " + seed);

        assertReadAgain(groups);
        rebuild.rebuild(position -> {});
        assertReadAgain(groups);
    }

    /** Adds the group of an act. Random acts may be refused. */
    private static void add(CompletionStage<Proposal.Outcome> outcome, Set<LedgerGroup> groups) {
        try {
            LedgerGroup group = Ledger.await(outcome).group();
            if (group != null) {
                groups.add(group);
            }
        } catch (ProblemException refused) {
            assertTrue(refused.problem().status() < 500, () -> "" + refused);
        }
    }

    /** Compares the effects of each group, and of many groups in one block, as an index that catches up reads them. */
    private void assertReadAgain(Set<LedgerGroup> groups) throws SQLException {
        List<IndexChange> folded = new ArrayList<>();
        List<LedgerEntry> entries = new ArrayList<>();
        for (LedgerGroup group : groups) {
            EffectsChecker.compare(group, projections);
            folded.addAll(EntryChanges.of(group.entries(), group.effects()));
            entries.addAll(
                    store.at(group.entries().stream().map(LedgerEntry::position).toList()));
        }
        assertEquals(folded, EntryChanges.of(entries, projections.effectsOf(entries)), "seed " + seed);
    }

    private Proposal act() {
        Party party = any(parties);
        return switch (random.nextInt(21)) {
            case 0, 1 -> declare(party, random.nextBoolean());
            case 2, 3 -> repertoires.isEmpty() ? declare(party, true) : list(any(repertoires));
            case 4, 5 -> declarations.isEmpty() ? declare(party, false) : amend(any(declarations), false);
            case 6 -> repertoires.isEmpty() ? declare(party, true) : amend(any(repertoires), true);
            case 7 -> withdraw(party);
            case 8, 9 -> rule(party);
            case 10, 11 -> vouch(party, any(parties));
            case 12 -> offer(party, any(parties));
            case 13 -> record(party);
            case 16 -> reject(party, any(parties));
            case 17 -> rejections.isEmpty() ? reject(party, any(parties)) : withdrawRejection(any(rejections));
            case 18 -> decide(any(parties));
            case 19 -> file(party, any(parties));
            case 20 -> filed.isEmpty() ? file(party, any(parties)) : step(any(filed));
            case 14 -> mandates.isEmpty() ? rule(party) : change(any(mandates), party);
            default -> random.nextInt(6) == 0 ? close(party) : control(party);
        };
    }

    private Proposal vouch(Party party, Party other) {
        VouchingStep step = any(List.of(
                VouchingStep.OFFERED,
                VouchingStep.OFFERED,
                VouchingStep.ACCEPTED,
                VouchingStep.ACCEPTED,
                VouchingStep.DECLINED,
                VouchingStep.LEFT,
                VouchingStep.UNVOUCHED));
        boolean ofBody = step == VouchingStep.OFFERED || step == VouchingStep.UNVOUCHED;
        return own(
                party,
                new TrustEntry.VouchingChanged(
                        step,
                        id(ofBody ? party : other),
                        id(ofBody ? other : party),
                        step == VouchingStep.ACCEPTED && random.nextBoolean()));
    }

    private static Proposal own(Party party, Entry entry) {
        return Proposal.of(entry, authority(party.key()));
    }

    private Proposal declare(Party party, boolean repertoire) {
        DeclarationId id = new DeclarationId(UUID.randomUUID());
        (repertoire ? repertoires : declarations).add(new Made(party, id));
        return own(party, stated(false, new Made(party, id), repertoire));
    }

    private Proposal amend(Made made, boolean repertoire) {
        return own(made.party(), stated(true, made, repertoire));
    }

    private Entry stated(boolean amends, Made made, boolean repertoire) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        stances.put(any(List.of(Use.values())), any(List.of(Stance.RESERVED, Stance.PERMITTED)));
        Content content = new Content(
                repertoire ? List.of() : some(declarable), Stances.of(stances), Terms.NONE, Period.ALWAYS, null);
        return new DeclarationEntry.Stated(
                amends,
                false,
                made.id(),
                id(made.party()),
                repertoire ? content.withRepertoire(new Repertoire(null)) : content,
                random.nextBoolean(),
                null);
    }

    private Proposal list(Made made) {
        List<Subject> shuffled = new ArrayList<>(listable);
        Collections.shuffle(shuffled, random);
        int cut = random.nextInt(4);
        return own(
                made.party(),
                new DeclarationEntry.Listed(
                        made.id(), id(made.party()), shuffled.subList(0, cut), shuffled.subList(cut, cut + 3)));
    }

    private Proposal withdraw(Party party) {
        List<Made> some = random.nextBoolean() ? declarations : repertoires;
        if (some.isEmpty()) {
            return rule(party);
        }
        Made made = some.remove(random.nextInt(some.size()));
        return own(made.party(), new DeclarationEntry.Withdrawn(made.id(), id(made.party())));
    }

    private Proposal rule(Party party) {
        PartyDecision ruling =
                random.nextInt(3) == 0 ? any(List.of(PartyDecision.values())) : PartyDecision.VOUCHING_GRANTED;
        List<SubjectScheme> schemes = ruling == PartyDecision.VOUCHING_GRANTED
                ? List.of(SubjectScheme.ISRC, any(List.of(SubjectScheme.values())))
                : List.of();
        return Proposal.confidential(
                Confidential.ofReason("A letter"),
                operator,
                commitment -> new TrustEntry.PartyStatusDecided(ruling, id(party), schemes, commitment));
    }

    private Proposal offer(Party society, Party member) {
        MandateId id = new MandateId(UUID.randomUUID());
        mandates.add(new Offer(society, member, id));
        return own(society, new MandateEntry.MandateMade(false, id, id(society), terms(society, id(member)), null));
    }

    private Proposal record(Party society) {
        MandateId id = new MandateId(UUID.randomUUID());
        mandates.add(new Offer(society, society, id));
        return Proposal.confidential(
                Confidential.ofReference(new Confidential.Reference("n" + random.nextLong(), "0".repeat(64))),
                authority(society.key()),
                commitment -> new MandateEntry.MandateMade(true, id, id(society), terms(society, null), commitment));
    }

    private static Mandate terms(Party society, @org.jspecify.annotations.Nullable PartyId member) {
        return new Mandate(id(society), member, List.of(), List.of(), List.of(), Period.ALWAYS, null);
    }

    private Proposal change(Offer offer, Party other) {
        MandateStep step = any(List.of(MandateStep.values()));
        Instant later = Instant.now().truncatedTo(ChronoUnit.MICROS).plusSeconds(random.nextInt(100));
        Party party = step == MandateStep.CLAIMED ? other : offer.member();
        return own(
                party,
                new MandateEntry.MandateChanged(
                        step,
                        offer.id(),
                        id(party),
                        step == MandateStep.WITHDRAWN && random.nextBoolean() ? later : null));
    }

    private Proposal reject(Party party, Party respondent) {
        DisputeId id = new DisputeId(UUID.randomUUID());
        rejections.add(new Rejection(party, respondent, id));
        return own(
                party,
                new DisputeEntry.Rejected(
                        id,
                        id(party),
                        id(respondent),
                        new DeclarationId(UUID.randomUUID()),
                        List.of(any(listable), any(declarable)),
                        30,
                        null));
    }

    private static Proposal withdrawRejection(Rejection rejection) {
        return own(rejection.party(), new DisputeEntry.RejectionWithdrawn(rejection.id(), id(rejection.party())));
    }

    private Proposal file(Party party, Party respondent) {
        DisputeId id = new DisputeId(UUID.randomUUID());
        filed.add(new Rejection(party, respondent, id));
        return own(
                party,
                new DisputeEntry.DisputeFiled(
                        id,
                        id(party),
                        id(respondent),
                        new DeclarationId(UUID.randomUUID()),
                        List.of(any(listable), any(declarable)),
                        "other",
                        List.of(),
                        30,
                        null));
    }

    private Proposal step(Rejection dispute) {
        DisputeStep step = any(List.of(DisputeStep.values()));
        boolean isAnswer = step == DisputeStep.ANSWERED || (step == DisputeStep.APPEALED && random.nextBoolean());
        Party party = isAnswer ? dispute.respondent() : dispute.party();
        DisputeEntry entry = new DisputeEntry.DisputeStepped(
                step, dispute.id(), id(party), List.of(), random.nextBoolean() ? 5 : null, null);
        return Proposal.of(entry, step == DisputeStep.DEFECTIVE ? operator : authority(party.key()));
    }

    private Proposal decide(Party party) {
        List<Rejection> some = random.nextBoolean() ? rejections : filed;
        boolean isNew = some.isEmpty() || random.nextInt(3) == 0;
        Rejection rejection = isNew ? null : any(some);
        DisputeId id = rejection == null ? new DisputeId(UUID.randomUUID()) : rejection.id();
        Party respondent = rejection == null ? party : rejection.respondent();
        List<Subject> subjects = random.nextBoolean() ? List.of(any(declarable)) : List.of();
        return Proposal.confidential(
                Confidential.ofReason("A letter"),
                operator,
                commitment -> new DisputeEntry.DisputeDecided(
                        id, id(respondent), subjects, random.nextBoolean() ? 7 : null, commitment));
    }

    private Proposal control(Party party) {
        Subject subject = any(declarable);
        return Proposal.confidential(
                Confidential.ofReason("A letter"),
                operator,
                commitment -> random.nextInt(3) == 0
                        ? new ControlEntry.ControlRevoked(id(party), subject, commitment)
                        : new ControlEntry.ControlProved(id(party), subject, ControlMethod.OPERATOR, commitment));
    }

    private Proposal close(Party party) {
        parties.remove(party);
        parties.add(Party.open());
        filed.removeIf(made -> made.party().equals(party) || made.respondent().equals(party));
        rejections.removeIf(
                made -> made.party().equals(party) || made.respondent().equals(party));
        declarations.removeIf(made -> made.party().equals(party));
        repertoires.removeIf(made -> made.party().equals(party));
        return own(party, new AccountEntry.Erased(id(party)));
    }

    private List<Subject> some(List<Subject> from) {
        List<Subject> shuffled = new ArrayList<>(from);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, 1 + random.nextInt(3));
    }

    private <T> T any(List<T> some) {
        return Objects.requireNonNull(some.get(random.nextInt(some.size())));
    }

    private static PartyId id(Party party) {
        return PartyId.parse(party.id()).orElseThrow();
    }

    private static Authority authority(String key) {
        try {
            return Authority.of(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
