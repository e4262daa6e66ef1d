package org.askfirst.index;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.Period;
import org.askfirst.declaration.Stance;
import org.askfirst.declaration.Stances;
import org.askfirst.declaration.Statement;
import org.askfirst.declaration.Trust;
import org.askfirst.declaration.Use;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;

/**
 * Random histories of a ledger, as changes of an index, and beside them the plainest thing that gives the same answers:
 * a list that is read from one end to the other.
 */
final class Histories {
    private static final List<PartyId> PARTIES = List.of(party(1), party(2), party(3), party(4));

    private static final List<Stance> STANCES = List.of(Stance.values());
    private static final List<Use> USES = List.of(Use.values());

    private final Random random;
    private final List<Subject> subjects = subjects();
    private final List<Held> held = new ArrayList<>();
    private final Map<PartyId, Long> erasures = new HashMap<>();
    private long position;

    private static final class Held {
        private final List<Subject> subjects;
        private final Posting posting;
        private long until = Posting.FOR_EVER;

        Held(List<Subject> subjects, Posting posting) {
            this.subjects = subjects;
            this.posting = posting;
        }
    }

    Histories(long seed) {
        random = new Random(seed);
    }

    private static PartyId party(int number) {
        return new PartyId(new UUID(number, -number));
    }

    /** Few, and such as reach each other, so that histories meet. */
    private static List<Subject> subjects() {
        List<String> all = new ArrayList<>();
        for (String host : List.of("a.example", "www.a.example", "b.co.kr", "deep.er.b.co.kr", "203.0.113.9")) {
            if (!host.startsWith("203.")) {
                all.add("domain:" + host);
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

    /** The changes of the next few entries, all of them taken in here too. */
    List<Change> next() {
        List<Change> changes = new ArrayList<>();
        int entries = 1 + random.nextInt(4);
        for (int i = 0; i < entries; i++) {
            position++;
            List<Held> standing = held.stream()
                    .filter(one -> one.until == Posting.FOR_EVER && one.posting.stances() != null)
                    .toList();
            int act = random.nextInt(100);
            if (act < 25 && !standing.isEmpty()) {
                Held ended = standing.get(random.nextInt(standing.size()));
                end(ended, changes);
                if (random.nextBoolean()) {
                    hold(ended.subjects, statement(ended.posting.party()), changes);
                }
            } else if (act < 35) {
                Subject subject = any();
                hold(List.of(subject), Posting.proof(anyParty(), position), changes);
            } else if (act < 36) {
                PartyId party = anyParty();
                erasures.putIfAbsent(party, position);
                changes.add(new Change.Erased(party, position));
            } else {
                Set<Subject> some = new HashSet<>();
                for (int j = random.nextInt(3); j >= 0; j--) {
                    some.add(any());
                }
                hold(List.copyOf(some), statement(anyParty()), changes);
            }
        }
        return changes;
    }

    private void end(Held ended, List<Change> changes) {
        ended.until = position;
        ended.subjects.forEach(subject -> changes.add(new Change.Ended(subject, ended.posting.position(), position)));
    }

    private void hold(List<Subject> about, Posting posting, List<Change> changes) {
        held.add(new Held(about, posting));
        about.forEach(subject -> changes.add(new Change.Kept(subject, posting)));
    }

    private Posting statement(PartyId party) {
        Stance stance = STANCES.get(random.nextInt(STANCES.size()));
        Use use = USES.get(random.nextInt(USES.size()));
        Instant from = random.nextInt(4) == 0 ? Instant.ofEpochSecond(random.nextInt(1000), 7000) : null;
        Instant to = random.nextInt(4) == 0 ? Instant.ofEpochSecond(2000 + random.nextInt(1000)) : null;
        boolean address = random.nextBoolean();
        return new Posting(
                party,
                position,
                Stances.of(Map.of(use, stance)),
                address,
                address && random.nextBoolean(),
                false,
                from == null && to == null ? Period.ALWAYS : new Period(from, to));
    }

    private Subject any() {
        return subjects.get(random.nextInt(subjects.size()));
    }

    private PartyId anyParty() {
        return PARTIES.get(random.nextInt(PARTIES.size()));
    }

    /** What reaches that subject now. */
    List<Match> reaching(Subject asked) {
        Expansion expansion = asked.expand();
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < expansion.size(); i++) {
            for (Held one : held) {
                if (one.until != Posting.FOR_EVER || one.posting.stances() == null) {
                    continue;
                }
                Subject as = Subject.parse(expansion.canonical(i));
                Subject first = one.subjects.stream()
                        .filter(subject -> subject.indexedAs().contains(as))
                        .findFirst()
                        .orElse(null);
                if (first != null) {
                    matches.add(match(expansion, i, one.posting, first.equals(as)));
                }
            }
        }
        return matches;
    }

    private Match match(Expansion expansion, int i, Posting posting, boolean exact) {
        Long erasedAt = erasures.get(posting.party());
        Statement statement = new Statement(
                posting.party(),
                Trust.ASSERTED,
                posting.position(),
                expansion.specificity(i),
                expansion.scheme(i).needsControl(),
                isControlled(expansion, i, posting.party()),
                Objects.requireNonNull(posting.stances()),
                posting.lastingAddress() || (posting.address() && erasedAt == null),
                posting.period());
        return new Match(statement, expansion.canonical(i), exact);
    }

    private boolean isControlled(Expansion expansion, int i, PartyId party) {
        for (int j = 0; j < expansion.size(); j++) {
            String wider = expansion.canonical(j);
            if (expansion.contains(j, i)
                    && held.stream()
                            .anyMatch(one -> one.posting.stances() == null
                                    && one.posting.party().equals(party)
                                    && one.subjects.get(0).canonical().equals(wider))) {
                return true;
            }
        }
        return false;
    }

    /** Everything that stands, given to a builder in another order. */
    Segment built(SegmentBuilder builder, Origin origin) throws IOException {
        List<Held> shuffled = new ArrayList<>(held);
        Collections.shuffle(shuffled, new Random(1));
        for (Held one : shuffled) {
            if (one.until != Posting.FOR_EVER) {
                continue;
            }
            if (one.posting.stances() == null) {
                builder.add(one.subjects.get(0).key(), one.posting);
                continue;
            }
            Set<Subject> taken = new HashSet<>();
            for (Subject subject : one.subjects) {
                for (Subject as : subject.indexedAs()) {
                    if (taken.add(as)) {
                        builder.add(
                                as.key(), subject, as.equals(subject) ? one.posting : one.posting.underOtherSubject());
                    }
                }
            }
        }
        Map<PartyId, Long> sorted = new TreeMap<>(Comparator.comparing(PartyId::number));
        sorted.putAll(erasures);
        return builder.finish(origin, sorted);
    }
}
