package org.askfirst.engines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexChange;
import org.askfirst.index.Listing;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Posting;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** A registry of random acts about a few subjects that reach each other, and its snapshot. */
final class RandomRegistry implements AutoCloseable {
    private static final String LOG = "registry.example/";
    private static final Instant PAST = Instant.parse("0001-01-01T00:00:00.000004Z");
    private static final Instant FUTURE = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final String ALLOWED = "https://allowed.example.org";
    private static final List<Period> PERIODS = List.of(
            new Period(PAST, null),
            new Period(PAST, FUTURE),
            new Period(null, FUTURE),
            new Period(null, PAST),
            new Period(FUTURE, null));
    private static final List<String> HOSTS = List.of("a.example", "www.a.example", "b.co.kr", "deep.er.b.co.kr");

    private final Random random;
    private final LookupIndex index;
    private final SnapshotFolder folder;
    private final Ed25519Signer signer;
    private final Path home;
    private final List<Subject> subjects = subjects();
    private final List<DeclarationId> repertoires = new ArrayList<>();
    private long position;

    RandomRegistry(Path home, long seed) throws IOException {
        this.home = home;
        random = new Random(seed);
        index = LookupIndex.open(home.resolve("index"), LOG);
        folder = new SnapshotFolder(home.resolve("snapshot"), Duration.ofDays(1), Duration.ofDays(1), warning -> {
            throw new AssertionError(warning);
        });
        try {
            signer = Ed25519Signer.of(
                    LOG,
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String key() {
        return signer.verifier().verifierKey();
    }

    private static List<Subject> subjects() {
        List<String> all = new ArrayList<>();
        for (String host : HOSTS) {
            all.add("domain:" + host);
            all.add("under:https://" + host + "/");
            for (int i = 0; i < 3; i++) {
                all.add("under:https://" + host + "/d" + i + "/");
                all.add("url:https://" + host + "/d" + i + "/page?q=" + i);
                all.add("url:https://" + host + "/d" + i + "/page");
            }
        }
        for (int i = 0; i < 6; i++) {
            all.add("doi:10.1234/work." + i);
            all.add("url:https://doi.org/10.1234/work." + i);
        }
        all.addAll(List.of("doi-prefix:10.1234", "isbn:9788936434120", "isbn-prefix:97889364"));
        all.add("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM");
        return all.stream().map(Subject::parse).toList();
    }

    /** Returns names of works as a crawler has them: some declared, some not, some unreadable, some absent. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Subject subject : subjects) {
            String canonical = subject.canonical();
            names.add(canonical.startsWith("url:") ? canonical.substring(4) : canonical);
        }
        for (String host : HOSTS) {
            names.add("http://" + host + "/d1/other?x=%2C;'\"");
            names.add("https://m." + host + ":443/d0/page?utm_source=y");
            names.add("https://not-" + host + "/d0/page");
        }
        for (int i = 0; i < 50; i++) {
            names.add("https://site" + i + ".test-example.org/" + i);
        }
        names.addAll(List.of("https://a.example/d0/page", "https://a.example/d0/page", "sha256:" + "ab".repeat(32)));
        names.add(ALLOWED + "/page");
        names.addAll(
                List.of("", " ", "not a work", "http://", "isbn:123", "https://localhost/x", "한국어", "9788936434120"));
        return names;
    }

    /** Declares a permission that nobody contests. */
    void permit() {
        Subject site = Subject.parse("under:" + ALLOWED + "/");
        PartyId owner = new PartyId(new UUID(99, 99));
        apply(new IndexChange.Kept(site, Posting.proof(owner, position + 1, Control.PROVED, null)));
        apply(new IndexChange.Kept(
                site,
                new Posting(
                        owner,
                        position + 1,
                        Stances.of(Map.of(
                                Use.TEXT_AND_DATA_MINING, Stance.PERMITTED, Use.SEARCH_INDEXING, Stance.PERMITTED)),
                        Contact.NONE,
                        false,
                        Period.ALWAYS)));
    }

    private void apply(IndexChange change) {
        position++;
        index.apply(List.of(change), position, String.format("%064x", position));
    }

    void act(int entries) {
        for (int i = 0; i < entries; i++) {
            position++;
            index.apply(List.of(change()), position, String.format("%064x", position));
        }
    }

    private IndexChange change() {
        int act = random.nextInt(100);
        if (act < 40) {
            return new IndexChange.Kept(anySubject(), statement());
        }
        if (act < 60) {
            Control control = random.nextInt(4) == 0 ? Control.SHOWN : Control.PROVED;
            PartyId body = random.nextInt(4) == 0 ? anyParty() : null;
            return new IndexChange.Kept(anySubject(), Posting.proof(anyParty(), position, control, body));
        }
        if (act < 68) {
            return new IndexChange.Contested(
                    anySubject(),
                    new Contest(
                            any(List.of(Contest.Kind.values())),
                            anyParty(),
                            random.nextInt(4) == 0 ? null : anyParty(),
                            position,
                            anyMoment(),
                            anyMoment()));
        }
        if (act < 72 || repertoires.isEmpty()) {
            DeclarationId repertoire = new DeclarationId(new UUID(9, position));
            repertoires.add(repertoire);
            return new IndexChange.KeptFor(repertoire, statement());
        }
        if (act < 84) {
            DeclarationId repertoire = any(repertoires);
            return new IndexChange.RepertoireListed(anySubject(), new Listing(repertoire, position, false));
        }
        if (act < 90) {
            return new IndexChange.StateOf(anyParty(), state(), position);
        }
        if (act < 95) {
            return new IndexChange.TermOf(
                    mandate(random.nextInt(3)),
                    new MandateTerm(
                            anyParty(), random.nextInt(3) == 0 ? null : anyParty(), new Period(null, anyMoment())),
                    position);
        }
        return act < 99
                ? new IndexChange.Described(anyParty(), random.nextBoolean(), false, position)
                : new IndexChange.Erased(anyParty(), position);
    }

    private Posting statement() {
        Use one = any(List.of(Use.values()));
        Use other = any(List.of(Use.values()));
        return new Posting(
                anyParty(),
                position,
                Stances.of(one == other ? Map.of(one, anyStance()) : Map.of(one, anyStance(), other, anyStance())),
                any(List.of(Contact.values())),
                false,
                random.nextInt(3) > 0 ? Period.ALWAYS : any(PERIODS),
                Control.NONE,
                random.nextInt(4) == 0 ? mandate(random.nextInt(4)) : null,
                null,
                null);
    }

    private PartyState state() {
        Set<SubjectScheme> schemes = random.nextBoolean() ? Set.of() : Set.of(SubjectScheme.DOI, SubjectScheme.URL);
        return new PartyState(
                false,
                random.nextInt(4) == 0,
                random.nextInt(5) == 0,
                schemes,
                random.nextBoolean() ? List.of() : List.of(anyParty(), anyParty()));
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private @Nullable Instant anyMoment() {
        return switch (random.nextInt(3)) {
            case 0 -> PAST;
            case 1 -> FUTURE;
            default -> null;
        };
    }

    private Stance anyStance() {
        // Permissions are the stances that most rules can take away.
        return random.nextInt(2) == 0 ? Stance.PERMITTED : any(List.of(Stance.values()));
    }

    private Subject anySubject() {
        return any(subjects);
    }

    private PartyId anyParty() {
        int number = 1 + random.nextInt(12);
        return new PartyId(new UUID(number, -number));
    }

    private static MandateId mandate(int number) {
        return new MandateId(new UUID(-1 - number, number));
    }

    void publish(Instant now) throws IOException {
        folder.publish(index.cut(), now, this::sign);
    }

    private String sign(Catalog catalog) {
        Hash root = MerkleTree.leafHash(Long.toString(catalog.position()).getBytes(StandardCharsets.UTF_8));
        return new Checkpoint(LOG, catalog.position(), root, List.of(catalog.noteLine()))
                .sign(List.of(signer))
                .toString();
    }

    /** Returns an updated copy. */
    Snapshot copy() throws IOException, RefusedException {
        Snapshot copy = Snapshot.open(home.resolve("copy"), key());
        copy.update(SnapshotSource.of(home.resolve("snapshot").toString()), file -> {});
        return copy;
    }

    @Override
    public void close() throws IOException {
        folder.close();
        index.close();
    }
}
