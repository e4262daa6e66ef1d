package org.askfirst.registry.testsite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.id.PartyId;
import org.askfirst.index.IndexChange;
import org.askfirst.index.IndexView;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Match;
import org.askfirst.index.Posting;
import org.askfirst.json.CanonicalJson;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.MerkleTree;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * A small registry without a ledger: declarations about pages of the site, lookups, and a snapshot. Its log is a real
 * tree, but its leaves are lines of text and no entries, and the log serves no tiles. Its key is new at each start. Any
 * number of threads may ask.
 */
final class SampleRegistry implements AutoCloseable {
    static final String LOG = "testsite.example/";
    private static final int OWNER = 1;
    private static final int STRANGER = 2;
    private static final int HEX_DIGITS = 16;
    private static final int BITS_OF_DIGIT = 4;
    private static final Duration LONG = Duration.ofDays(3650);

    private final Path folder;
    private final LookupIndex index;
    private final Ed25519Signer signer;
    private final String base;
    private final List<Hash> leaves = new ArrayList<>();
    private final Map<String, SampleSnapshot> snapshots = new LinkedHashMap<>();

    private SampleRegistry(Path folder, String base) throws IOException {
        this.folder = folder;
        this.base = base;
        this.index = LookupIndex.open(folder.resolve("index"), LOG);
        this.signer = newKey();
    }

    /**
     * Declares everything for the pages of the site at that address, and builds the snapshots.
     *
     * @throws IOException if no temporary files can be written
     */
    static SampleRegistry create(String base, Instant now) throws IOException {
        SampleRegistry registry = new SampleRegistry(Files.createTempDirectory("askfirst-testsite-"), base);
        try {
            registry.declareFirst();
            SampleSnapshot older = registry.snapshot("older", now);
            registry.declareRest(now);
            SampleSnapshot good = registry.snapshot("good", now);
            registry.keep(good, older);
            return registry;
        } catch (IOException | RuntimeException failure) {
            registry.close();
            throw failure;
        }
    }

    private void declareFirst() {
        prove("url", "/works/allow");
        declare("url", "/works/allow", OWNER, Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED)), Contact.NONE);
        prove("url", "/works/withdrawn");
        long permitted = declare(
                "url", "/works/withdrawn", OWNER, Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED)), Contact.NONE);
        apply(
                "withdraws /works/withdrawn",
                at -> new IndexChange.Ended(subject("url", "/works/withdrawn"), permitted, at));
    }

    private void declareRest(Instant now) {
        Stances permits = Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED));
        Stances reserves = Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED));
        declare("url", "/works/ask", OWNER, reserves, Contact.OF_TERMS);
        Stances withTerms = Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED_WITH_TERMS));
        declare("url", "/works/terms", OWNER, withTerms, Contact.LICENSE);
        declare("url", "/works/deny", OWNER, reserves, Contact.NONE);
        prove("url", "/works/contested");
        declare("url", "/works/contested", OWNER, permits, Contact.NONE);
        apply(
                "disputes /works/contested",
                at -> new IndexChange.Contested(
                        subject("url", "/works/contested"),
                        new Contest(Contest.Kind.DISPUTED, party(OWNER), party(STRANGER), at, null, now.plus(LONG))));
        declare("url", "/works/unproved", STRANGER, permits, Contact.OF_TERMS);
        prove("url", "/works/one-use");
        declare(
                "url",
                "/works/one-use",
                OWNER,
                Stances.of(Map.of(Use.AI_TRAINING, Stance.PERMITTED, Use.GENERATIVE_AI_TRAINING, Stance.RESERVED)),
                Contact.NONE);
        prove("under", "/works/below/");
        declare(
                "under",
                "/works/below/",
                OWNER,
                Stances.of(Map.of(Use.TEXT_AND_DATA_MINING, Stance.RESERVED)),
                Contact.NONE);
        prove("url", "/works/allow-but-noai");
        declare("url", "/works/allow-but-noai", OWNER, permits, Contact.NONE);
        declare("url", "/works/deny-but-open", OWNER, reserves, Contact.NONE);
    }

    private void keep(SampleSnapshot good, SampleSnapshot older) {
        snapshots.put("registry", good);
        snapshots.put("expired", good.aged(Duration.ofDays(2)));
        snapshots.put("bad-signature", good.signedBy(newKey()));
        snapshots.put("unsupported", good.needing("99.0.0"));
        snapshots.put("tampered", good.damaged(bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        }));
        snapshots.put("truncated", good.damaged(bytes -> Arrays.copyOf(bytes, bytes.length / 2)));
        snapshots.put("rolled-back", older);
        snapshots.put("mixed", good.mixedWith(older));
    }

    private SampleSnapshot snapshot(String name, Instant now) throws IOException {
        Path files = folder.resolve(name);
        Hash root = Frontier.empty().append(leaves).root();
        SnapshotFolder writer = new SnapshotFolder(files, Duration.ZERO, Duration.ofDays(1), warning -> {});
        return SampleSnapshot.read(files, writer.publish(index.cut(), now, unsigned -> ""), root, signer);
    }

    /** Returns the key that verifies the snapshots. */
    String key() {
        return signer.verifier().verifierKey();
    }

    /** Returns that snapshot, by the name of a failure or {@code registry}; null if there is none. */
    @Nullable SampleSnapshot snapshot(String name) {
        return snapshots.get(name);
    }

    /**
     * Answers {@code POST /v1/lookups}.
     *
     * @throws IllegalArgumentException if the request cannot be read
     */
    String lookups(String request, Instant now) {
        Map<?, ?> asked = CanonicalJson.parseObject(request);
        if (!(asked.get("items") instanceof List<?> items)) {
            throw new IllegalArgumentException("the request has no items");
        }
        List<Use> uses = new ArrayList<>();
        if (asked.get("uses") instanceof List<?> names) {
            for (Object name : names) {
                uses.add(Use.named(String.valueOf(name))
                        .orElseThrow(() -> new IllegalArgumentException("there is no use " + name)));
            }
        }
        if (uses.isEmpty()) {
            uses.add(Use.TEXT_AND_DATA_MINING);
        }
        List<Object> answers = new ArrayList<>();
        for (Object item : items) {
            answers.add(answer(item, uses, now));
        }
        long position = index.view().position();
        return CanonicalJson.write(Map.of(
                "position", position, "asOf", position + "@" + now, "answeredAt", now.toString(), "answers", answers));
    }

    private Map<String, Object> answer(@Nullable Object item, List<Use> uses, Instant now) {
        Map<String, Object> answer = new LinkedHashMap<>();
        Map<?, ?> members = item instanceof Map<?, ?> map ? map : Map.of();
        if (members.get("id") instanceof String id) {
            answer.put("id", id);
        }
        List<Subject> subjects = new ArrayList<>();
        String fault = "the item names no subject";
        try {
            if (members.get("subjects") instanceof List<?> names) {
                names.forEach(name -> subjects.add(Subject.parse(String.valueOf(name))));
            }
        } catch (ProblemException unreadable) {
            // If one name cannot be read, the work is not known.
            subjects.clear();
            fault = String.valueOf(unreadable.getMessage());
        }
        if (subjects.isEmpty()) {
            answer.put(
                    "problem",
                    Map.of("type", "about:blank", "title", "The item cannot be read", "status", 422, "detail", fault));
            return answer;
        }
        Set<Statement> statements = new LinkedHashSet<>();
        for (List<Match> matches : index.view().reaching(subjects)) {
            matches.forEach(match -> statements.add(match.statement()));
        }
        Verdicts verdicts = Verdicts.of(List.copyOf(statements), uses, now);
        Map<String, String> perUse = new LinkedHashMap<>();
        verdicts.uses().forEach((use, verdict) -> perUse.put(use.wireName(), verdict.wireName()));
        answer.put("verdict", verdicts.verdict().wireName());
        answer.put("verdicts", perUse);
        return answer;
    }

    /** Returns the name of the log. */
    String log() {
        return LOG;
    }

    /** Returns the position of the last act. */
    long position() {
        return index.view().position();
    }

    /**
     * Answers {@code GET /v1/range/{prefix}}.
     *
     * @param prefix 2 to 16 hexadecimal digits
     */
    String range(String prefix) {
        IndexView view = index.view();
        long first = Long.parseUnsignedLong(prefix, HEX_DIGITS) << ((HEX_DIGITS - prefix.length()) * BITS_OF_DIGIT);
        List<Object> keys = new ArrayList<>();
        view.range(first, prefix.length() * BITS_OF_DIGIT).forEach((key, postings) -> {
            List<Object> statements = new ArrayList<>();
            List<Object> controls = new ArrayList<>();
            List<Object> contests = new ArrayList<>();
            for (Posting posting : postings) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("party", posting.party().toString());
                one.put("position", posting.position());
                if (posting.otherSubject()) {
                    one.put("otherSubject", true);
                }
                Contest contest = posting.contest();
                Stances stances = posting.stances();
                if (contest != null) {
                    one.put("kind", contest.kind().wireName());
                    PartyId challenger = contest.challenger();
                    if (challenger != null) {
                        one.put("by", challenger.toString());
                    }
                    Instant lapsesAt = contest.lapsesAt();
                    if (lapsesAt != null) {
                        one.put("lapsesAt", lapsesAt.toString());
                    }
                    contests.add(one);
                } else if (stances != null) {
                    one.put("stances", stances.toWire());
                    one.put("contactable", view.parties().state(posting.party()).canBeAsked(posting.contact()));
                    statements.add(one);
                } else {
                    one.put("control", posting.control().name().toLowerCase(Locale.ROOT));
                    controls.add(one);
                }
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("key", key.hex());
            putUnlessEmpty(entry, "statements", statements);
            putUnlessEmpty(entry, "controls", controls);
            putUnlessEmpty(entry, "contests", contests);
            keys.add(entry);
        });
        return CanonicalJson.write(Map.of(
                "prefix",
                prefix,
                "minPrefixLength",
                2,
                "rules",
                Verdicts.RULES,
                "keys",
                keys,
                "parties",
                List.of(),
                "mandates",
                List.of()));
    }

    private static void putUnlessEmpty(Map<String, Object> tree, String member, List<Object> list) {
        if (!list.isEmpty()) {
            tree.put(member, list);
        }
    }

    private interface Change {
        IndexChange at(long position);
    }

    private long declare(String scheme, String path, int party, Stances stances, Contact contact) {
        return apply(
                "declares " + stances + " for " + path,
                at -> new IndexChange.Kept(
                        subject(scheme, path), new Posting(party(party), at, stances, contact, false, Period.ALWAYS)));
    }

    private void prove(String scheme, String path) {
        apply(
                "proves control of " + path,
                at -> new IndexChange.Kept(
                        subject(scheme, path), Posting.proof(party(OWNER), at, Control.PROVED, null)));
    }

    private long apply(String leaf, Change change) {
        Hash hash = MerkleTree.leafHash(leaf.getBytes(StandardCharsets.UTF_8));
        leaves.add(hash);
        long position = leaves.size();
        index.apply(List.of(change.at(position)), position, hash.hex());
        return position;
    }

    private Subject subject(String scheme, String path) {
        return Subject.parse(scheme + ":" + base + path);
    }

    private static PartyId party(int number) {
        return new PartyId(new UUID(number, 1));
    }

    private static Ed25519Signer newKey() {
        try {
            return Ed25519Signer.of(
                    LOG,
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has Ed25519", impossible);
        }
    }

    @Override
    public void close() throws IOException {
        index.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }
}
