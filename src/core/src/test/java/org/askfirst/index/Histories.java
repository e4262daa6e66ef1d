package org.askfirst.index;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.ContestState;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.StatementTerms;
import org.askfirst.verdict.Use;

/**
 * Random histories of a ledger, as changes of an index, together with the simplest model that gives the same answers: a
 * list that is searched from one end to the other.
 */
final class Histories {
    private static final List<PartyId> PARTIES = List.of(party(1), party(2), party(3), party(4));

    private static final List<MandateId> MANDATES = List.of(mandate(1), mandate(2), mandate(3));

    private static final List<Contact> CONTACTS = List.of(Contact.values());
    private static final List<Contest.Kind> KINDS = List.of(Contest.Kind.values());
    private static final List<Stance> STANCES = List.of(Stance.values());
    private static final List<Use> USES = List.of(Use.values());

    private final Random random;
    private final List<Subject> subjects = subjects();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<DeclarationId, Posting> repertoires = new LinkedHashMap<>();
    private final List<Listed> listings = new ArrayList<>();
    private final List<Contesting> contests = new ArrayList<>();
    private final Map<PartyId, Long> erasures = new HashMap<>();
    private final Map<PartyId, PartyState> states = new HashMap<>();
    private final Map<PartyId, Boolean> contacts = new HashMap<>();
    private final Map<PartyId, ContactCheck> checks = new HashMap<>();
    private final Map<MandateId, MandateTerm> terms = new HashMap<>();
    private long position;

    private static final class Kept {
        private final List<Subject> subjects;
        private final Posting posting;
        private long until = Positions.NO_END;

        Kept(List<Subject> subjects, Posting posting) {
            this.subjects = subjects;
            this.posting = posting;
        }
    }

    private static final class Listed {
        private final Subject subject;
        private final Listing listing;
        private long until = Positions.NO_END;

        Listed(Subject subject, Listing listing) {
            this.subject = subject;
            this.listing = listing;
        }
    }

    private static final class Contesting {
        private final Subject subject;
        private final Contest contest;
        private long until = Positions.NO_END;

        Contesting(Subject subject, Contest contest) {
            this.subject = subject;
            this.contest = contest;
        }
    }

    Histories(long seed) {
        random = new Random(seed);
    }

    private static PartyId party(int number) {
        return new PartyId(new UUID(number, -number));
    }

    private static MandateId mandate(int number) {
        return new MandateId(new UUID(-number, number));
    }

    /** Returns a few subjects that reach each other, so that their histories interact. */
    private static List<Subject> subjects() {
        List<String> all = new ArrayList<>();
        for (String host : List.of("a.example", "www.a.example", "b.co.kr", "deep.er.b.co.kr", "203.0.113.9")) {
            if (!host.startsWith("203.")) {
                all.add("domain:" + host);
                all.add("url:https://m." + host + "/d0/page/index.html?q=0&utm_source=x");
            }
            all.add("under:https://" + host + "/");
            for (int i = 0; i < 4; i++) {
                all.add("under:https://" + host + "/d" + i + "/");
                all.add("url:https://" + host + "/d" + i);
                all.add("url:https://" + host + "/d" + i + "/page?q=" + i);
                all.add("url:https://" + host + "/d" + i + "/page");
            }
        }
        for (int i = 0; i < 10; i++) {
            all.add("doi:10.1234/work." + i);
            all.add("url:https://doi.org/10.1234/work." + i);
        }
        all.add("doi-prefix:10.1234");
        all.add("isbn:9788936434120");
        all.add("isbn-prefix:97889364");
        all.add("isni:0000000121032683");
        all.add("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        Subject.parse("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM").indexedAs().forEach(unit -> all.add(unit.canonical()));
        return all.stream().map(Subject::parse).distinct().toList();
    }

    List<Subject> allSubjects() {
        return subjects;
    }

    long position() {
        return position;
    }

    /** Returns the changes of the next few entries, after it has applied them to the model. */
    List<IndexChange> next() {
        List<IndexChange> changes = new ArrayList<>();
        int entries = 1 + random.nextInt(4);
        for (int i = 0; i < entries; i++) {
            position++;
            List<Kept> inForce = kept.stream()
                    .filter(one -> one.until == Positions.NO_END && one.posting.stances() != null)
                    .toList();
            int act = random.nextInt(100);
            if (act < 25 && !inForce.isEmpty()) {
                Kept ended = inForce.get(random.nextInt(inForce.size()));
                end(ended, changes);
                if (random.nextBoolean()) {
                    keep(ended.subjects, statement(ended.posting.party()), changes);
                }
            } else if (act < 34) {
                Subject subject = any();
                PartyId party = anyParty();
                if (random.nextInt(3) == 0) {
                    revokeControl(subject, party, changes);
                } else {
                    revokeControl(subject, party, changes);
                    Control control = random.nextBoolean() ? Control.PROVED : Control.SHOWN;
                    PartyId body = random.nextInt(3) == 0 ? anyParty() : null;
                    keep(List.of(subject), Posting.proof(party, position, control, body), changes);
                }
            } else if (act < 35) {
                if (random.nextBoolean()) {
                    PartyId party = anyParty();
                    PartyState state = state();
                    states.put(party, state);
                    changes.add(new IndexChange.StateOf(party, state, position));
                } else {
                    MandateId mandate = MANDATES.get(random.nextInt(MANDATES.size()));
                    MandateTerm term = new MandateTerm(
                            anyParty(),
                            random.nextBoolean() ? anyParty() : null,
                            new Period(null, random.nextBoolean() ? Instant.ofEpochSecond(2000) : null));
                    terms.put(mandate, term);
                    changes.add(new IndexChange.TermOf(mandate, term, position));
                }
            } else if (act < 36) {
                PartyId party = anyParty();
                describeOrCheck(party, random.nextBoolean(), changes);
            } else if (act < 37) {
                PartyId party = anyParty();
                erasures.putIfAbsent(party, position);
                changes.add(new IndexChange.Erased(party, position));
            } else if (act < 52) {
                actOfRepertoire(changes);
            } else if (act < 60) {
                contest(changes);
            } else {
                Set<Subject> some = new HashSet<>();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    some.add(any());
                }
                keep(List.copyOf(some), statement(anyParty()), changes);
            }
        }
        return changes;
    }

    /** Contests what a party says about a subject, or ends a contest. */
    private void contest(List<IndexChange> changes) {
        List<Contesting> open =
                contests.stream().filter(one -> one.until == Positions.NO_END).toList();
        if (!open.isEmpty() && random.nextInt(3) == 0) {
            Contesting ended = open.get(random.nextInt(open.size()));
            ended.until = position;
            changes.add(new IndexChange.ContestEnded(ended.subject, ended.contest.position(), position));
        }
        Subject subject = any();
        Contest contest = new Contest(
                KINDS.get(random.nextInt(KINDS.size())),
                anyParty(),
                anyParty(),
                position,
                random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(3000), 4000) : null,
                random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(3000), 5000) : null);
        contests.add(new Contesting(subject, contest));
        changes.add(new IndexChange.Contested(subject, contest));
    }

    /** Declares, amends or withdraws a repertoire, or changes its list. */
    private void actOfRepertoire(List<IndexChange> changes) {
        List<DeclarationId> inForce = List.copyOf(repertoires.keySet());
        int act = random.nextInt(20);
        if (inForce.size() < 3 || act == 0) {
            keepFor(new DeclarationId(new UUID(7, position)), anyParty(), changes);
            return;
        }
        DeclarationId repertoire = inForce.get(random.nextInt(inForce.size()));
        Posting statement = Objects.requireNonNull(repertoires.get(repertoire));
        List<Listed> listed = listings.stream()
                .filter(one -> one.until == Positions.NO_END
                        && one.listing.repertoire().equals(repertoire))
                .toList();
        if (act < 12) {
            Set<Subject> taken = new HashSet<>();
            listed.forEach(one -> taken.add(one.subject));
            for (int i = 0; i < 3; i++) {
                Subject subject = any();
                if (!taken.contains(subject) && Collections.disjoint(taken, subject.indexedAs())) {
                    taken.addAll(subject.indexedAs());
                    Listing listing = new Listing(repertoire, position, false);
                    listings.add(new Listed(subject, listing));
                    changes.add(new IndexChange.RepertoireListed(subject, listing));
                }
            }
        } else if (act < 16) {
            if (!listed.isEmpty()) {
                Listed removed = listed.get(random.nextInt(listed.size()));
                removed.until = position;
                changes.add(new IndexChange.Ended(removed.subject, removed.listing.position(), position));
            }
        } else {
            repertoires.remove(repertoire);
            changes.add(new IndexChange.EndedFor(repertoire, statement.position(), position));
            if (act < 19) {
                keepFor(repertoire, statement.party(), changes);
            }
        }
    }

    private void keepFor(DeclarationId repertoire, PartyId party, List<IndexChange> changes) {
        Posting posting = statement(party);
        repertoires.put(repertoire, posting);
        changes.add(new IndexChange.KeptFor(repertoire, posting));
    }

    private void end(Kept ended, List<IndexChange> changes) {
        ended.until = position;
        ended.subjects.forEach(
                subject -> changes.add(new IndexChange.Ended(subject, ended.posting.position(), position)));
    }

    private void revokeControl(Subject subject, PartyId party, List<IndexChange> changes) {
        kept.stream()
                .filter(one -> one.until == Positions.NO_END
                        && one.posting.stances() == null
                        && one.posting.party().equals(party)
                        && one.subjects.contains(subject))
                .forEach(one -> one.until = position);
        changes.add(new IndexChange.Lapsed(subject, party, position));
    }

    /** Changes the contact of the party, or only its name, or lets its mailbox answer. */
    private void describeOrCheck(PartyId party, boolean yes, List<IndexChange> changes) {
        if (position % 3 == 0) {
            ContactCheck check = yes ? ContactCheck.VERIFIED : ContactCheck.REFUSED;
            checks.put(party, check);
            changes.add(new IndexChange.ContactChecked(party, check, position));
            return;
        }
        boolean sameContact = position % 3 == 1;
        contacts.put(party, yes);
        if (!sameContact || !checks.containsKey(party)) {
            checks.put(party, ContactCheck.NONE);
        }
        changes.add(new IndexChange.Described(party, yes, sameContact, position));
    }

    private PartyState state() {
        Set<SubjectScheme> schemes = new HashSet<>();
        for (SubjectScheme scheme : List.of(SubjectScheme.URL, SubjectScheme.DOI, SubjectScheme.DOMAIN)) {
            if (random.nextInt(3) == 0) {
                schemes.add(scheme);
            }
        }
        return new PartyState(
                false,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                schemes,
                random.nextBoolean() ? List.of() : List.of(anyParty()));
    }

    private void keep(List<Subject> about, Posting posting, List<IndexChange> changes) {
        kept.add(new Kept(about, posting));
        about.forEach(subject -> changes.add(new IndexChange.Kept(subject, posting)));
    }

    private Posting statement(PartyId party) {
        Stance stance = STANCES.get(random.nextInt(STANCES.size()));
        Use use = USES.get(random.nextInt(USES.size()));
        Instant from = random.nextInt(4) == 0 ? Instant.ofEpochSecond(random.nextInt(1000), 7000) : null;
        Instant to = random.nextInt(4) == 0 ? Instant.ofEpochSecond(2000 + random.nextInt(1000)) : null;
        return new Posting(
                party,
                position,
                Stances.of(Map.of(use, stance)),
                CONTACTS.get(random.nextInt(CONTACTS.size())),
                false,
                from == null && to == null ? Period.ALWAYS : new Period(from, to),
                Control.NONE,
                random.nextInt(4) == 0 ? MANDATES.get(random.nextInt(MANDATES.size())) : null,
                null,
                null);
    }

    private Subject any() {
        return subjects.get(random.nextInt(subjects.size()));
    }

    private PartyId anyParty() {
        return PARTIES.get(random.nextInt(PARTIES.size()));
    }

    /** Returns the statements that reach that subject now. */
    List<Match> reaching(Subject asked) {
        Expansion expansion = asked.expand();
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            SortedMap<Long, Match> here = new TreeMap<>();
            Subject as = Subject.parse(expansion.canonical(i));
            for (Kept one : kept) {
                if (one.until != Positions.NO_END || one.posting.stances() == null) {
                    continue;
                }
                Subject first = one.subjects.contains(as)
                        ? as
                        : one.subjects.stream()
                                .filter(subject -> subject.indexedAs().contains(as))
                                .findFirst()
                                .orElse(null);
                if (first != null) {
                    here.put(one.posting.position(), match(expansion, i, one.posting, first.equals(as), 0));
                }
            }
            for (Listed one : listings) {
                Posting statement = repertoires.get(one.listing.repertoire());
                if (statement != null
                        && one.until == Positions.NO_END
                        && one.subject.indexedAs().contains(as)) {
                    long listedAt = one.listing.position();
                    here.put(listedAt, match(expansion, i, statement, one.subject.equals(as), listedAt));
                }
            }
            here.values().forEach(match -> Match.add(match, matches));
        }
        return matches;
    }

    /** Returns the states with the contacts. */
    private Map<PartyId, PartyState> described() {
        Map<PartyId, PartyState> described = new HashMap<>(states);
        checks.forEach((party, check) -> described.put(
                party, described.getOrDefault(party, PartyState.PLAIN).withContact(contacts.get(party), check)));
        return described;
    }

    private Match match(Expansion expansion, int i, Posting posting, boolean exact, long listedAt) {
        Map<PartyId, PartyState> current = described();
        erasures.keySet()
                .forEach(party -> current.put(
                        party, current.getOrDefault(party, PartyState.PLAIN).withErased(true)));
        ControlEvidence evidence = evidence(expansion, PartyRegister.of(current, terms));
        Statement statement = Statement.of(
                new StatementTerms(
                        posting.party(),
                        Math.max(posting.position(), listedAt),
                        Objects.requireNonNull(posting.stances()),
                        posting.contact(),
                        posting.period(),
                        posting.mandate()),
                expansion,
                i,
                !exact,
                PartyRegister.of(current, terms),
                evidence,
                contests(expansion, evidence, PartyRegister.of(current, terms)));
        return new Match(
                statement,
                expansion.canonical(i),
                exact,
                posting.position(),
                listedAt,
                Match.work(expansion, i, !exact));
    }

    private Contests contests(Expansion expansion, ControlEvidence evidence, PartyRegister register) {
        Contests found = new Contests(expansion, evidence, register);
        for (int i = 0; i < expansion.size(); i++) {
            Subject as = Subject.parse(expansion.canonical(i));
            for (Contesting one : contests) {
                if (one.until == Positions.NO_END && one.subject.indexedAs().contains(as)) {
                    found.add(i, !one.subject.equals(as), one.contest);
                }
            }
        }
        return found;
    }

    /** Returns the number of statements about all subjects that are contested or set aside in any way. */
    long contested() {
        return subjects.stream()
                .flatMap(subject -> reaching(subject).stream())
                .filter(match -> !match.statement().contest().equals(ContestState.NONE))
                .count();
    }

    private ControlEvidence evidence(Expansion expansion, PartyRegister register) {
        ControlEvidence evidence =
                ControlEvidence.over(expansion, (entry, party) -> control(expansion, entry, party, register));
        for (int i = 0; i < expansion.size(); i++) {
            String here = expansion.canonical(i);
            for (Listed one : listings) {
                Posting repertoire = repertoires.get(one.listing.repertoire());
                if (repertoire != null
                        && one.until == Positions.NO_END
                        && one.subject.canonical().equals(here)) {
                    evidence.addListing(
                            i,
                            new StatementTerms(
                                    repertoire.party(),
                                    repertoire.position(),
                                    Objects.requireNonNull(repertoire.stances()),
                                    repertoire.contact(),
                                    repertoire.period(),
                                    repertoire.mandate()),
                            register);
                }
            }
        }
        return evidence;
    }

    private Control control(Expansion expansion, int i, PartyId party, PartyRegister register) {
        Control control = Control.NONE;
        String here = expansion.canonical(i);
        for (Kept one : kept) {
            if (one.until == Positions.NO_END
                    && one.posting.stances() == null
                    && one.posting.party().equals(party)
                    && one.subjects.get(0).canonical().equals(here)) {
                PartyId body = one.posting.by();
                boolean isKnown = body == null || register.state(body).mayVouchFor(expansion.scheme(i));
                control = control.stronger(
                        isKnown || one.posting.control() == Control.NONE ? one.posting.control() : Control.SHOWN);
            }
        }
        return control;
    }

    /** Passes everything in force to a builder, in another order. */
    Segment built(SegmentBuilder builder, Origin origin) throws IOException {
        List<Kept> shuffled = new ArrayList<>(kept);
        Collections.shuffle(shuffled, new Random(1));
        for (Kept one : shuffled) {
            if (one.until != Positions.NO_END) {
                continue;
            }
            if (one.posting.stances() == null) {
                builder.add(one.subjects.get(0).key(), one.posting);
                continue;
            }
            for (Subject subject : one.subjects) {
                builder.addStatement(subject, one.posting);
            }
        }
        for (Map.Entry<DeclarationId, Posting> one : repertoires.entrySet()) {
            builder.add(Repertoire.keyOf(one.getKey()), one.getValue());
        }
        for (Listed one : listings) {
            if (one.until == Positions.NO_END) {
                builder.addListing(one.subject, one.listing);
            }
        }
        for (Contesting one : contests) {
            if (one.until == Positions.NO_END) {
                builder.addContest(one.subject, one.contest);
            }
        }
        return builder.finish(origin, new PartyRegisterSnapshot(erasures, described(), terms));
    }
}
