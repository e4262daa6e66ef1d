package org.askfirst.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.Companion;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.index.IndexChange;
import org.askfirst.index.Listing;
import org.askfirst.index.Posting;
import org.askfirst.subject.Sha256;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Contest;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterCopyTest {
    private static final Set<Use> TRAINING = Set.of(Use.AI_TRAINING);
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
    private static final String PICTURE = "https://art.example/1.png";
    private static final String BOOK = "isbn:9788936434120";

    @TempDir
    Path home = Path.of("");

    private final List<Duration> pauses = new ArrayList<>();
    private TestRegistry registry;
    private String address = "";
    private Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(home.resolve("registry"));
        registry.declare(2, BOOK, Stance.RESERVED);
        registry.declare(1, "url:" + PICTURE, Stance.PERMITTED);
        registry.prove(1, "domain:art.example");
        address = registry.serve();
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private FilterCopy open() throws IOException, RefusedException {
        return FilterCopy.open(home.resolve("copy"), registry.key(), clock);
    }

    private FilterCopy updated() throws IOException, RefusedException {
        FilterCopy copy = open();
        copy.update(SnapshotSource.of(address), file -> {});
        return copy;
    }

    private Ranges ranges() {
        return new Ranges(
                URI.create(address.replace("/snapshot/", "")),
                null,
                () -> Duration.between(START, now).toNanos(),
                pauses::add);
    }

    private static Decision decide(FilterCopy copy, Ranges ranges, String... names) {
        return copy.decide(List.of(names), TRAINING, ranges);
    }

    @Test
    void itAnswersAsTheRegistryDoes() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        Decision book = decide(copy, ranges, "978-89-364-3412-0");
        assertEquals(Verdict.ASK, book.verdict());
        assertEquals(BOOK, book.matched());
        assertEquals(Decision.Reason.DECLARED, book.reason());
        assertEquals(catalog.position(), book.position());
        assertEquals(1, registry.ranges.asked.size());
        assertTrue(decide(copy, ranges, PICTURE).allowed());
        assertEquals(Verdict.ASK, decide(copy, ranges, PICTURE, BOOK).verdict(), "the stricter name applies");
        try (Stream<Path> files = Files.walk(home.resolve("copy"))) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".segment")), "no segment is fetched");
        }
    }

    @Test
    void whatIsAbsentNeedsNoCall() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        for (String name : List.of("https://elsewhere.example/", "isbn:9791190090018", "doi:10.1234/1")) {
            Decision decision = decide(copy, ranges, name);
            assertEquals(Decision.Reason.NOTHING_DECLARED, decision.reason(), name);
            assertFalse(decision.allowed());
            assertTrue(decision.isAnswer());
            assertEquals(Verdict.UNKNOWN, decision.uses().get(Use.AI_TRAINING));
        }
        assertEquals(List.of(), registry.ranges.asked);
    }

    @Test
    void eachRangeIsAskedOnceAndKeptAsLongAsItSays() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        List<List<String>> works = List.of(List.of(BOOK), List.of(BOOK, "doi:10.1234/1"), List.of(BOOK));
        for (Decision decision : copy.decideAll(works, TRAINING, ranges)) {
            assertEquals(Verdict.ASK, decision.verdict());
        }
        assertEquals(1, registry.ranges.asked.size());
        now = now.plusSeconds(29);
        decide(copy, ranges, BOOK);
        assertEquals(1, registry.ranges.asked.size());
        now = now.plusSeconds(1);
        decide(copy, ranges, BOOK);
        assertEquals(2, registry.ranges.asked.size());
        for (String never : List.of("no-store", "no-cache, max-age=30", "private", "max-age=0")) {
            registry.ranges.cacheControl = never;
            now = now.plusSeconds(60);
            decide(copy, ranges, BOOK);
            int before = registry.ranges.asked.size();
            decide(copy, ranges, BOOK);
            assertEquals(before + 1, registry.ranges.asked.size(), never);
        }
    }

    @Test
    void whatCannotBeReadIsNoPermission() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        for (List<String> work : List.of(
                List.<String>of(), List.of(""), List.of("isbn:1"), List.of("https://art.example/1.png", "isbn:1"))) {
            Decision decision = copy.decide(work, TRAINING, ranges());
            assertEquals(Decision.Reason.UNREADABLE, decision.reason(), work::toString);
        }
    }

    @Test
    void withoutACopyOrAfterItsTimeNothingIsAllowed() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy none = open();
        assertNull(none.catalog());
        assertEquals(
                Decision.Reason.UNREACHABLE, decide(none, ranges(), PICTURE).reason());
        FilterCopy copy = updated();
        now = START.plus(Duration.ofHours(23));
        assertTrue(decide(copy, ranges(), PICTURE).allowed());
        now = START.plus(Duration.ofDays(1));
        for (String name : List.of(PICTURE, "https://elsewhere.example/")) {
            assertEquals(Decision.Reason.EXPIRED, decide(copy, ranges(), name).reason());
        }
        // It may expire while the registry is asked.
        now = START.plus(Duration.ofDays(1)).minusSeconds(1);
        registry.ranges.before = () -> now = now.plusSeconds(1);
        assertEquals(Decision.Reason.EXPIRED, decide(copy, ranges(), PICTURE).reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "\"rules\":1|\"rules\":2",
                "\"prefix\":\"|\"prefix\":\"0",
                "\"keys\":[|\"ways\":[",
                "\"parties\":[|\"ways\":[",
                "\"mandates\":[|\"ways\":[",
                "\"permitted\"|\"allowed\"",
                "\"ai-training\"|\"ai-dreaming\"",
                "\"stances\":{\"ai-training\":\"permitted\"}|\"stances\":{}",
                "\"contactable\":true|\"contactable\":1",
                "\"position\":2|\"position\":\"2\"",
                "\"party\":\"p_|\"party\":\"q_",
                "}]|}",
                "}|",
            })
    void anAnswerThatCannotBeReadIsNoPermissionAndIsNotKept(String change) throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        String[] parts = change.split("\\|", -1);
        registry.ranges.body = text -> parts.length == 1
                ? parts[0]
                : text.contains(parts[0]) ? text.replace(parts[0], parts[1]) : text.substring(1);
        Decision decision = decide(copy, ranges, PICTURE);
        assertEquals(Decision.Reason.UNREACHABLE, decision.reason());
        assertFalse(decision.isAnswer());
        registry.ranges.body = text -> text;
        assertTrue(decide(copy, ranges, PICTURE).allowed());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 422, 429, 500, 503})
    void aRefusalIsNoPermissionAndIsNotKept(int status) throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        registry.ranges.status = status;
        assertEquals(Decision.Reason.UNREACHABLE, decide(copy, ranges, PICTURE).reason());
        assertEquals(
                Decision.Reason.NOTHING_DECLARED,
                decide(copy, ranges, "https://elsewhere.example/").reason());
        registry.ranges.status = 200;
        assertTrue(decide(copy, ranges, PICTURE).allowed());
    }

    @Test
    void aRegistryThatIsAwayIsNotAskedForEachWork() throws IOException, RefusedException {
        List<List<String>> works = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            registry.declare(2, "doi:10.1234/" + i, Stance.RESERVED);
            works.add(List.of("doi:10.1234/" + i));
        }
        registry.publish(now);
        FilterCopy copy = updated();
        registry.ranges.status = 503;
        for (Decision decision : copy.decideAll(works, TRAINING, ranges())) {
            assertEquals(Decision.Reason.UNREACHABLE, decision.reason());
        }
        assertTrue(registry.ranges.asked.size() < 10, registry.ranges.asked::toString);
    }

    /** An answer from before the filter may lack a reservation that the filter has. */
    @Test
    void anOlderAnswerThanTheFilterIsNotUsed() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        FilterCopy copy = updated();
        registry.ranges.position = catalog.position() - 1;
        Ranges ranges = ranges();
        assertEquals(Decision.Reason.UNREACHABLE, decide(copy, ranges, PICTURE).reason());
        registry.ranges.position = -1;
        assertTrue(decide(copy, ranges, PICTURE).allowed());
        registry.declare(1, BOOK, Stance.RESERVED);
        now = now.plusSeconds(10);
        registry.publish(now);
        copy.update(SnapshotSource.of(address), file -> {});
        int before = registry.ranges.asked.size();
        assertTrue(decide(copy, ranges, PICTURE).allowed());
        assertTrue(registry.ranges.asked.size() > before, "a kept answer may be too old as well");
    }

    /** Each range alone is right, but they are of two moments, between which the reservation moved. */
    @Test
    void aReservationThatMovedBetweenTwoRangesIsNoPermission() throws IOException, RefusedException {
        registry.declare(1, "domain:moved.example", Stance.PERMITTED);
        registry.prove(1, "domain:moved.example");
        registry.declare(1, "under:https://moved.example/art/", Stance.RESERVED);
        long reserved = registry.position();
        long permitted = reserved - 2;
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        String inArt = "https://moved.example/art/1.png";
        assertEquals(Verdict.ASK, decide(copy, ranges, inArt).verdict());
        assertTrue(decide(copy, ranges, "https://moved.example/other").allowed());
        // The kept range of the domain is of the moment before.
        registry.withdraw("domain:moved.example", permitted);
        registry.declare(1, "domain:moved.example", Stance.RESERVED);
        registry.withdraw("under:https://moved.example/art/", reserved);
        now = now.plusSeconds(10);
        ranges.expire(Subject.parse("under:https://moved.example/art/").key().hex());
        assertFalse(decide(copy, ranges, inArt).allowed(), "the registry never permitted it");
        assertFalse(decide(copy, ranges(), inArt).allowed());
    }

    @Test
    void rangesOfAnotherRegistryAreNotUsed() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        registry.ranges.log = "other.example/";
        assertEquals(
                Decision.Reason.UNREACHABLE, decide(copy, ranges(), PICTURE).reason());
        assertEquals(Decision.Reason.UNREACHABLE, decide(copy, ranges(), BOOK).reason());
    }

    /** The reservation moves from a key in the filter to a key that the filter does not have. */
    @Test
    void aReservationThatMovedSinceTheFilterIsNoPermission() throws IOException, RefusedException {
        registry.declare(1, "domain:art.example", Stance.PERMITTED);
        long at = registry.declare(2, "url:https://art.example/2.png", Stance.RESERVED);
        registry.publish(now);
        FilterCopy copy = updated();
        Ranges ranges = ranges();
        String work = "https://art.example/2.png?size=9";
        assertFalse(decide(copy, ranges, work).allowed());
        registry.declare(2, "url:https://art.example/2.png?size=9", Stance.RESERVED);
        registry.withdraw("url:https://art.example/2.png", at);
        now = now.plusSeconds(60);
        assertFalse(decide(copy, ranges, work).allowed());
        assertTrue(decide(copy, ranges, "https://art.example/3.png").allowed());
    }

    @Test
    void itFollowsChanges() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        List<Long> fetched = new ArrayList<>();
        for (int round = 1; round <= 60; round++) {
            now = now.plus(Duration.ofMinutes(1));
            long at = registry.declare(2, "doi:10.1234/" + round, Stance.RESERVED);
            if (round % 3 == 0) {
                registry.withdraw("doi:10.1234/" + round, at);
            }
            registry.publish(now);
            if (round % 2 == 0) {
                copy.update(SnapshotSource.of(address), file -> fetched.add(file.position()));
                for (int one = round - 1; one <= round; one++) {
                    assertEquals(
                            one % 3 == 0 ? Verdict.UNKNOWN : Verdict.ASK,
                            decide(copy, ranges(), "doi:10.1234/" + one).verdict());
                }
            }
        }
        assertTrue(fetched.size() >= 60 && fetched.size() <= 70, () -> "fetched " + fetched.size());
        try (Stream<Path> files = Files.walk(home.resolve("copy"))) {
            assertTrue(files.filter(Files::isRegularFile).count() < 60, "the copy joins lists");
        }
        FilterCopy reopened = open();
        reopened.verify();
        for (int round = 1; round <= 60; round++) {
            assertEquals(
                    round % 3 == 0 ? Verdict.UNKNOWN : Verdict.ASK,
                    decide(reopened, ranges(), "doi:10.1234/" + round).verdict());
        }
    }

    @Test
    void aReleaseReplacesListsThatAreLongerThanIt() throws IOException, RefusedException {
        registry.close();
        registry = new TestRegistry(home.resolve("often"), Duration.ofMinutes(20));
        address = registry.serve();
        registry.declare(2, BOOK, Stance.RESERVED);
        registry.publish(now);
        FilterCopy copy = updated();
        List<String> fetched = new ArrayList<>();
        for (int round = 1; round <= 50; round++) {
            now = now.plus(Duration.ofMinutes(1));
            registry.declare(2, "doi:10.1234/" + round, Stance.RESERVED);
            registry.publish(now);
            copy.update(SnapshotSource.of(address), file -> fetched.add(file.path()));
            assertEquals(
                    Verdict.ASK, decide(copy, ranges(), "doi:10.1234/" + round).verdict());
        }
        long releases =
                fetched.stream().filter(path -> path.startsWith("releases/")).count();
        assertTrue(releases >= 1 && releases <= 2, fetched::toString);
    }

    private void assertRefused(Refusal refusal, FilterCopy copy) {
        Catalog before = copy.catalog();
        RefusedException refused = assertThrows(
                RefusedException.class, () -> copy.update(SnapshotSource.of(registry.folder.toString()), file -> {}));
        assertEquals(refusal, refused.refusal(), refused.getMessage());
        assertEquals(before, copy.catalog(), "a refused update changes nothing");
    }

    private static Catalog with(Catalog catalog, SnapshotFile release) {
        return new Catalog(
                catalog.log(),
                catalog.position(),
                catalog.issuedAt(),
                catalog.expiresAt(),
                catalog.minimumClient(),
                catalog.rules(),
                List.of(release),
                List.of());
    }

    private static SnapshotFile with(SnapshotFile release, byte[] filter) {
        String path = Companion.path(release.path(), Companion.FILTER);
        return new SnapshotFile(
                0,
                release.position(),
                release.path(),
                release.bytes(),
                release.sha256(),
                new Companion(path, filter.length, HexFormat.of().formatHex(Sha256.of(filter))));
    }

    /** Publishes a catalogue that promises exactly these bytes. */
    private void assertRefused(Refusal refusal, Catalog right, byte[] filter) throws IOException, RefusedException {
        SnapshotFile release = with(right.releases().get(0), filter);
        Files.write(registry.folder.resolve(release.ofFilter().orElseThrow().path()), filter);
        registry.replace(with(right, release));
        assertRefused(refusal, FilterCopy.open(home.resolve("fresh"), registry.key(), clock));
    }

    @Test
    void eachRefusalHasItsName() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        Path file = registry.folder.resolve(
                catalog.releases().get(0).ofFilter().orElseThrow().path());
        byte[] right = Files.readAllBytes(file);
        FilterCopy copy = open();
        Files.write(file, Arrays.copyOf(right, right.length - 1));
        assertRefused(Refusal.TRUNCATED, copy);
        Files.write(file, Arrays.copyOf(right, right.length + 1));
        assertRefused(Refusal.TRUNCATED, copy);
        byte[] wrong = right.clone();
        wrong[wrong.length - 1] ^= 1;
        Files.write(file, wrong);
        assertRefused(Refusal.TAMPERED, copy);
        Files.delete(file);
        assertRefused(Refusal.TRUNCATED, copy);
        // The registry itself promises something else than a filter of this position.
        assertRefused(Refusal.TAMPERED, catalog, Arrays.copyOf(right, right.length - 1));
        assertRefused(Refusal.TAMPERED, catalog, "AskFiltr".getBytes(StandardCharsets.US_ASCII));
        assertRefused(Refusal.TAMPERED, catalog, changed(right, 0, 'B'));
        assertRefused(Refusal.TAMPERED, catalog, changed(right, 39, 0x7f));
        assertRefused(Refusal.UNSUPPORTED, catalog, changed(right, 8, 2));
        assertRefused(Refusal.UNSUPPORTED, catalog, changed(right, 40, 2));
        assertRefused(Refusal.MIXED, catalog, changed(right, 16, 99));
        assertRefused(Refusal.MIXED, catalog, changed(right, 52, 'R'));
        SnapshotFile release = catalog.releases().get(0);
        registry.replace(with(
                catalog, new SnapshotFile(0, release.position(), release.path(), release.bytes(), release.sha256())));
        assertRefused(Refusal.UNSUPPORTED, copy);
        // Those of the catalogue are shared with the snapshot.
        Files.write(file, right);
        registry.replace(catalog);
        copy.update(SnapshotSource.of(address), one -> {});
        now = now.minusSeconds(1);
        registry.publish(now);
        assertRefused(Refusal.ROLLED_BACK, copy);
        now = START.plus(Duration.ofDays(2));
        assertRefused(Refusal.EXPIRED, copy);
        Files.writeString(registry.folder.resolve(Catalog.FILE), "{}");
        assertRefused(Refusal.BAD_SIGNATURE, copy);
        Files.delete(registry.folder.resolve(Catalog.FILE));
        assertRefused(Refusal.UNREACHABLE, copy);
    }

    private static byte[] changed(byte[] right, int at, int to) {
        byte[] wrong = right.clone();
        wrong[at] = (byte) to;
        return wrong;
    }

    @Test
    void aDamagedCopyAnswersNothingAndIsMended() throws IOException, RefusedException {
        registry.publish(now);
        FilterCopy copy = updated();
        Path file = home.resolve("copy")
                .resolve(Objects.requireNonNull(copy.catalog())
                        .releases()
                        .get(0)
                        .ofFilter()
                        .orElseThrow()
                        .path());
        byte[] right = Files.readAllBytes(file);
        Files.write(file, changed(right, right.length - 1, right[right.length - 1] ^ 1));
        assertEquals(
                Refusal.TAMPERED,
                assertThrows(RefusedException.class, copy::verify).refusal());
        FilterCopy reopened = open();
        assertEquals(
                Decision.Reason.UNREACHABLE, decide(reopened, ranges(), PICTURE).reason());
        reopened.update(SnapshotSource.of(address), one -> {});
        assertTrue(decide(reopened, ranges(), PICTURE).allowed());
    }

    /** Random statements, proofs, contests, repertoires, mandates and states: both copies answer alike. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void itAgreesWithTheSnapshot(int seed) throws IOException, RefusedException {
        Random random = new Random(seed);
        List<String> subjects = List.of(
                "domain:art.example",
                "under:https://art.example/a/",
                "url:https://art.example/a/1.png",
                "url:https://art.example/a/1.png?size=2",
                "url:https://www.art.example/a/1.png",
                "url:http://art.example/2.png",
                "account:instagram:moon_toon",
                "url:https://www.instagram.com/moon_toon/",
                "isbn:9788936434120",
                "doi:10.1234/1",
                "isni:0000000121032683",
                "sha256:" + "ab".repeat(32));
        Map<String, List<Long>> stated = new HashMap<>();
        Snapshot snapshot = Snapshot.open(home.resolve("full"), registry.key(), clock);
        FilterCopy copy = open();
        Ranges ranges = ranges();
        int allowed = 0;
        int answered = 0;
        for (int round = 0; round < 15; round++) {
            for (int step = 0; step < 12; step++) {
                String subject = subjects.get(random.nextInt(subjects.size()));
                registry.change(position -> change(random, Subject.parse(subject), stated, position));
            }
            now = now.plus(Duration.ofMinutes(1));
            registry.publish(now);
            snapshot.update(SnapshotSource.of(address), file -> {});
            copy.update(SnapshotSource.of(address), file -> {});
            for (int i = 0; i < 40; i++) {
                List<String> work = new ArrayList<>(List.of(subjects.get(random.nextInt(subjects.size()))));
                if (random.nextInt(3) == 0) {
                    work.add(subjects.get(random.nextInt(subjects.size())));
                }
                Set<Use> uses = EnumSet.of(any(random, Use.values()));
                Decision expected = snapshot.decide(work, uses);
                assertEquals(expected, copy.decide(work, uses, ranges), work::toString);
                allowed += expected.allowed() ? 1 : 0;
                answered += expected.reason() == Decision.Reason.DECLARED ? 1 : 0;
            }
        }
        assertTrue(allowed > 10 && answered > 150, "allowed " + allowed + ", answered " + answered);
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static IndexChange change(Random random, Subject subject, Map<String, List<Long>> stated, long position) {
        int party = 1 + random.nextInt(4);
        MandateId mandate = new MandateId(new UUID(random.nextInt(2), 5));
        DeclarationId repertoire = new DeclarationId(new UUID(random.nextInt(2), 6));
        Map<Use, Stance> uses = new EnumMap<>(Use.class);
        uses.put(Use.TEXT_AND_DATA_MINING, random.nextInt(3) == 0 ? Stance.RESERVED : Stance.PERMITTED);
        uses.put(any(random, Use.values()), any(random, Stance.values()));
        Stances stances = Stances.of(uses);
        Period period = random.nextInt(4) == 0
                ? new Period(START.plusSeconds(random.nextInt(1_000)), START.plusSeconds(1_000 + random.nextInt(1_000)))
                : Period.ALWAYS;
        Contact contact = any(random, Contact.values());
        Posting statement = new Posting(
                TestRegistry.party(party),
                position,
                stances,
                contact,
                false,
                period,
                Control.NONE,
                random.nextInt(3) == 0 ? mandate : null,
                null,
                null);
        List<Long> earlier = stated.computeIfAbsent(subject.canonical(), none -> new ArrayList<>());
        return switch (random.nextInt(15)) {
            case 0, 1, 2, 3 -> {
                earlier.add(position);
                yield new IndexChange.Kept(subject, statement);
            }
            case 4, 5 ->
                new IndexChange.Kept(
                        subject,
                        Posting.proof(
                                TestRegistry.party(party),
                                position,
                                random.nextBoolean() ? Control.PROVED : Control.SHOWN,
                                random.nextInt(3) == 0 ? TestRegistry.party(1 + random.nextInt(4)) : null));
            case 6, 7 ->
                earlier.isEmpty()
                        ? new IndexChange.StateOf(TestRegistry.party(party), PartyState.PLAIN, position)
                        : new IndexChange.Ended(subject, earlier.remove(random.nextInt(earlier.size())), position);
            case 8, 13 -> {
                // A repertoire has one statement at a time.
                List<Long> ofRepertoire = stated.computeIfAbsent(repertoire.toString(), none -> new ArrayList<>());
                if (ofRepertoire.isEmpty()) {
                    ofRepertoire.add(position);
                    yield new IndexChange.KeptFor(repertoire, statement);
                }
                yield new IndexChange.EndedFor(repertoire, ofRepertoire.remove(0), position);
            }
            case 9 -> {
                earlier.add(position);
                yield new IndexChange.RepertoireListed(subject, new Listing(repertoire, position, false));
            }
            case 10 ->
                new IndexChange.Contested(
                        subject,
                        new Contest(
                                any(random, Contest.Kind.values()),
                                TestRegistry.party(party),
                                random.nextInt(4) == 0 ? null : TestRegistry.party(1 + random.nextInt(4)),
                                position,
                                random.nextBoolean() ? START.plusSeconds(random.nextInt(2_000)) : null,
                                random.nextBoolean() ? START.plusSeconds(random.nextInt(2_000)) : null));
            case 11, 12 ->
                new IndexChange.StateOf(
                        TestRegistry.party(party),
                        new PartyState(
                                false,
                                random.nextBoolean(),
                                random.nextInt(4) == 0,
                                random.nextBoolean() ? EnumSet.allOf(SubjectScheme.class) : Set.of(),
                                random.nextBoolean() ? List.of(TestRegistry.party(4)) : List.of()),
                        position);
            default ->
                new IndexChange.TermOf(
                        mandate,
                        new MandateTerm(
                                TestRegistry.party(party),
                                random.nextBoolean() ? TestRegistry.party(1 + random.nextInt(4)) : null,
                                Period.ALWAYS),
                        position);
        };
    }
}
