package org.askfirst.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final Set<Use> TRAINING = Set.of(Use.AI_TRAINING);
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path home = Path.of("");

    private TestRegistry registry;
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
        registry.declare(2, "isbn:9788936434120", Stance.RESERVED);
        registry.declare(1, "url:https://art.example/1.png", Stance.PERMITTED);
        registry.prove(1, "domain:art.example");
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
    }

    private Snapshot open() throws IOException, RefusedException {
        return Snapshot.open(home.resolve("copy"), registry.key(), clock);
    }

    private void update(Snapshot snapshot) throws IOException, RefusedException {
        update(snapshot, registry.folder.toString());
    }

    private static void update(Snapshot snapshot, String place) throws IOException, RefusedException {
        snapshot.update(SnapshotSource.of(place), file -> {});
    }

    private static Verdict verdict(Snapshot snapshot, String subject) {
        return snapshot.decide(List.of(subject), TRAINING).verdict();
    }

    private void assertRefused(Refusal refusal, Snapshot snapshot) {
        Catalog before = snapshot.catalog();
        RefusedException refused = assertThrows(RefusedException.class, () -> update(snapshot));
        assertEquals(refusal, refused.refusal(), refused.getMessage());
        assertEquals(before, snapshot.catalog(), "a refused update changes nothing");
    }

    @Test
    void itAnswersAsTheRegistryDoes() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot, registry.serve());
        Decision book = snapshot.decide(List.of("978-89-364-3412-0"), TRAINING);
        assertEquals(Verdict.ASK, book.verdict());
        assertEquals("isbn:9788936434120", book.matched());
        assertEquals(Decision.Reason.DECLARED, book.reason());
        assertEquals(Map.of(Use.AI_TRAINING, Verdict.ASK), limited(book.uses()));
        assertFalse(book.allowed());
        assertTrue(
                snapshot.decide(List.of("https://art.example/1.png"), TRAINING).allowed());
        Decision nothing = snapshot.decide(List.of("https://elsewhere.example/"), TRAINING);
        assertEquals(Decision.Reason.NOTHING_DECLARED, nothing.reason());
        assertFalse(nothing.allowed());
        assertTrue(nothing.isAnswer());
        // The stricter of two names of one work applies.
        assertEquals(
                Verdict.ASK,
                snapshot.decide(List.of("https://art.example/1.png", "isbn:9788936434120"), TRAINING)
                        .verdict());
    }

    @Test
    void anAddressStaysAnAddress() throws IOException, RefusedException {
        registry.declare(1, "account:instagram:moon_toon", Stance.PERMITTED);
        registry.prove(1, "account:instagram:moon_toon");
        registry.declare(2, "url:https://www.instagram.com/moon_toon/", Stance.RESERVED);
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        for (String name : List.of(
                "https://www.instagram.com/moon_toon/",
                "HTTPS://www.instagram.com/moon_toon/",
                "www.instagram.com/moon_toon/",
                "url:https://www.instagram.com/moon_toon/")) {
            assertEquals(Verdict.ASK, verdict(snapshot, name), name);
        }
        assertEquals(Verdict.ALLOW, verdict(snapshot, "account:instagram:moon_toon"));
        assertEquals(Verdict.ASK, verdict(snapshot, "ISBN:978-89-364-3412-0"));
    }

    private static Map<Use, Verdict> limited(Map<Use, Verdict> uses) {
        return Map.of(Use.AI_TRAINING, uses.getOrDefault(Use.AI_TRAINING, Verdict.UNKNOWN));
    }

    /** A backup of the copy's folder must not take a running client back. */
    @Test
    void anOlderStateOfTheFolderIsNotTakenOver() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        Path state = home.resolve("copy").resolve("state.json");
        String older = Files.readString(state);
        registry.declare(2, "url:https://art.example/1.png", Stance.RESERVED);
        registry.publish(now);
        update(snapshot);
        long newer = Objects.requireNonNull(snapshot.catalog()).position();
        Files.writeString(state, older);
        Path gone = home.resolve("nowhere");
        assertThrows(RefusedException.class, () -> snapshot.update(SnapshotSource.of(gone.toString()), file -> {}));
        assertEquals(newer, Objects.requireNonNull(snapshot.catalog()).position());
    }

    @Test
    void aCopyThatWasFoundDamagedIsNotUsedUntilItIsChecked() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        snapshot.distrust("a read failed");
        assertNull(snapshot.content());
        assertEquals(
                Decision.Reason.UNREACHABLE,
                snapshot.decide(List.of("https://art.example/1.png"), TRAINING).reason());
        update(snapshot);
        assertTrue(
                snapshot.decide(List.of("https://art.example/1.png"), TRAINING).isAnswer());
    }

    @Test
    void testSubjectsHaveTheirKnownAnswers() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        Map<String, Verdict> known = Map.of(
                "allow", Verdict.ALLOW,
                "ask", Verdict.ASK,
                "terms", Verdict.ASK,
                "deny", Verdict.DENY,
                "unknown", Verdict.UNKNOWN,
                "anything", Verdict.UNKNOWN);
        known.forEach((label, verdict) -> {
            Decision decision = snapshot.decide(List.of("https://" + label + ".askfirst.example/any/page"), TRAINING);
            assertEquals(verdict, decision.verdict(), label);
            assertTrue(decision.isAnswer(), label);
            assertEquals(0, decision.position(), label);
        });
        for (String label : List.of("unavailable", "too-many-requests")) {
            assertEquals(
                    Decision.Reason.UNREACHABLE,
                    snapshot.decide(List.of("https://" + label + ".askfirst.example/"), TRAINING)
                            .reason());
        }
        // Nobody can make a real work look permitted by an address beside it.
        Decision mixed =
                snapshot.decide(List.of("https://deny.example/1.png", "https://allow.askfirst.example/"), TRAINING);
        assertEquals(Decision.Reason.UNREADABLE, mixed.reason());
        assertFalse(mixed.allowed());
    }

    @Test
    void whatCannotBeReadIsNoPermission() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        for (List<String> work : List.of(
                List.<String>of(), List.of(""), List.of("isbn:1"), List.of("https://art.example/1.png", "isbn:1"))) {
            Decision decision = snapshot.decide(work, TRAINING);
            assertEquals(Decision.Reason.UNREADABLE, decision.reason(), work::toString);
            assertFalse(decision.allowed() || decision.isAnswer());
        }
    }

    @Test
    void withoutACopyNothingIsAllowed() throws IOException, RefusedException {
        Snapshot snapshot = open();
        assertNull(snapshot.catalog());
        assertEquals(
                Decision.Reason.UNREACHABLE,
                snapshot.decide(List.of("https://art.example/1.png"), TRAINING).reason());
    }

    @Test
    void itFollowsChangesAndForgetsWhatIsWithdrawn() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        String address = registry.serve();
        update(snapshot, address);
        List<Long> fetched = new ArrayList<>();
        for (int round = 1; round <= 60; round++) {
            now = now.plus(Duration.ofMinutes(1));
            long at = registry.declare(2, "doi:10.1234/" + round, Stance.RESERVED);
            if (round % 3 == 0) {
                registry.withdraw("doi:10.1234/" + round, at);
            }
            registry.publish(now);
            if (round % 2 == 0) {
                snapshot.update(SnapshotSource.of(address), file -> fetched.add(file.position()));
                assertEquals(round % 3 == 0 ? Verdict.UNKNOWN : Verdict.ASK, verdict(snapshot, "doi:10.1234/" + round));
                assertEquals(
                        (round - 1) % 3 == 0 ? Verdict.UNKNOWN : Verdict.ASK,
                        verdict(snapshot, "doi:10.1234/" + (round - 1)));
            }
        }
        assertTrue(fetched.size() >= 60 && fetched.size() <= 70, () -> "fetched " + fetched.size());
        try (Stream<Path> files = Files.walk(home.resolve("copy"))) {
            assertTrue(files.filter(Files::isRegularFile).count() < 30, "the copy joins files of changes");
        }
        // A second reader needs few files, and both answer the same.
        List<String> needed = new ArrayList<>();
        Snapshot late = Snapshot.open(home.resolve("late"), registry.key(), clock);
        late.update(SnapshotSource.of(address), file -> needed.add(file.path()));
        assertTrue(needed.size() < 20, needed::toString);
        Snapshot reopened = open();
        for (int round = 1; round <= 60; round++) {
            String subject = "doi:10.1234/" + round;
            assertEquals(verdict(snapshot, subject), verdict(late, subject), subject);
            assertEquals(verdict(snapshot, subject), verdict(reopened, subject), subject);
        }
    }

    @Test
    void aReleaseReplacesOldChanges() throws IOException, RefusedException {
        registry.close();
        registry = new TestRegistry(home.resolve("often"), Duration.ofMinutes(5));
        registry.declare(1, "isbn:9788936434120", Stance.RESERVED);
        Snapshot snapshot = open();
        Snapshot seldom = Snapshot.open(home.resolve("seldom"), registry.key(), clock);
        Catalog catalog = registry.publish(now);
        update(seldom);
        for (int round = 1; round <= 30; round++) {
            now = now.plus(Duration.ofMinutes(1));
            registry.declare(2, "doi:10.1234/" + round, Stance.RESERVED);
            catalog = registry.publish(now);
            update(snapshot);
            assertEquals(Verdict.ASK, verdict(snapshot, "doi:10.1234/" + round));
        }
        assertEquals(2, catalog.releases().size());
        long oldest = catalog.releases().get(1).position();
        assertTrue(catalog.deltas().stream().allMatch(delta -> delta.from() >= oldest), "old changes are gone");
        update(seldom);
        assertEquals(Verdict.ASK, verdict(seldom, "doi:10.1234/1"));
        assertEquals(
                catalog.position(),
                catalog.path(oldest).get(catalog.path(oldest).size() - 1).position());
    }

    @Test
    void aFrozenMirrorIsRefusedAndAnOldCopyFallsSilent() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        now = START.plus(Duration.ofHours(23));
        assertEquals(Verdict.ASK, verdict(snapshot, "isbn:9788936434120"));
        now = START.plus(Duration.ofDays(1));
        Decision decision = snapshot.decide(List.of("https://art.example/1.png"), TRAINING);
        assertEquals(Decision.Reason.EXPIRED, decision.reason());
        assertFalse(decision.allowed());
        assertRefused(Refusal.EXPIRED, snapshot);
        // It opens again and can be brought up to date.
        Snapshot reopened = open();
        registry.publish(now);
        update(reopened);
        assertEquals(Verdict.ASK, verdict(reopened, "isbn:9788936434120"));
    }

    @Test
    void aRolledBackMirrorIsRefused() throws IOException, RefusedException {
        registry.publish(now);
        Path old = home.resolve("old");
        copy(registry.folder, old);
        now = now.plus(Duration.ofMinutes(1));
        registry.declare(1, "doi:10.1234/1", Stance.RESERVED);
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        RefusedException refused = assertThrows(RefusedException.class, () -> update(snapshot, old.toString()));
        assertEquals(Refusal.ROLLED_BACK, refused.refusal());
        // Also after a restart, and also if only the time is older.
        Snapshot reopened = open();
        refused = assertThrows(RefusedException.class, () -> update(reopened, old.toString()));
        assertEquals(Refusal.ROLLED_BACK, refused.refusal());
        Catalog newest = Objects.requireNonNull(reopened.catalog());
        registry.replace(new Catalog(
                newest.log(),
                newest.position(),
                newest.issuedAt().minusSeconds(1),
                newest.expiresAt(),
                newest.minimumClient(),
                newest.rules(),
                newest.releases(),
                newest.deltas()));
        assertRefused(Refusal.ROLLED_BACK, reopened);
    }

    @Test
    void aCatalogueThatTheLogDidNotSignIsRefused() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        Snapshot snapshot = open();
        String right = Files.readString(registry.folder.resolve(Catalog.FILE));
        for (String wrong : List.of(
                "",
                "{}",
                right.substring(0, right.length() / 2),
                right.replace("\"expiresAt\":\"2026-12-01", "\"expiresAt\":\"2027-12-01"),
                right.replace("\"position\":3", "\"position\":2"),
                right.replace("\\n3\\n", "\\n4\\n"),
                catalog.with(TestRegistry.sign(TestRegistry.signer(), catalog)).json(),
                catalog.with("no note").json())) {
            assertFalse(wrong.equals(right), "the case changes nothing");
            Files.writeString(registry.folder.resolve(Catalog.FILE), wrong);
            assertRefused(Refusal.BAD_SIGNATURE, snapshot);
        }
        Files.writeString(registry.folder.resolve(Catalog.FILE), right);
        update(snapshot);
    }

    @Test
    void aCatalogueForOthersIsRefused() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        Snapshot snapshot = open();
        for (String version : List.of("0.1.1", "0.2.0", "1.0.0", "0.1", "new")) {
            registry.replace(new Catalog(
                    catalog.log(),
                    catalog.position(),
                    catalog.issuedAt(),
                    catalog.expiresAt(),
                    version,
                    catalog.rules(),
                    catalog.releases(),
                    catalog.deltas()));
            assertRefused(Refusal.UNSUPPORTED, snapshot);
        }
        Files.writeString(
                registry.folder.resolve(Catalog.FILE),
                Files.readString(registry.folder.resolve(Catalog.FILE)).replace("\"format\":1", "\"format\":2"));
        assertRefused(Refusal.UNSUPPORTED, snapshot);
    }

    @Test
    void aFileThatIsCutOrChangedIsRefused() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        Path release = registry.folder.resolve(catalog.releases().get(0).path());
        byte[] right = Files.readAllBytes(release);
        Snapshot snapshot = open();
        Files.write(release, Arrays.copyOf(right, right.length - 1));
        assertRefused(Refusal.TRUNCATED, snapshot);
        Files.write(release, Arrays.copyOf(right, right.length + 1));
        assertRefused(Refusal.TRUNCATED, snapshot);
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(release, wrong);
        assertRefused(Refusal.TAMPERED, snapshot);
        Files.delete(release);
        assertRefused(Refusal.TRUNCATED, snapshot);
        Files.write(release, right);
        update(snapshot);
        assertEquals(Verdict.ASK, verdict(snapshot, "isbn:9788936434120"));
        // The copy itself is checked too. It answers nothing, and an update mends it.
        Path own = home.resolve("copy").resolve(catalog.releases().get(0).path());
        for (byte[] damage : List.of(Arrays.copyOf(right, right.length - 8), wrong, new byte[0])) {
            Files.write(own, damage);
            assertEquals(Decision.Reason.UNREACHABLE, reason(snapshot), "an open copy notices it");
            Snapshot reopened = open();
            assertEquals(Decision.Reason.UNREACHABLE, reason(reopened));
            assertThrows(RefusedException.class, reopened::verify);
            update(reopened);
            assertEquals(Verdict.ASK, verdict(reopened, "isbn:9788936434120"));
            reopened.verify();
            snapshot = reopened;
        }
        Files.delete(own);
        Snapshot mended = open();
        update(mended);
        assertEquals(Verdict.ASK, verdict(mended, "isbn:9788936434120"));
    }

    private static Decision.Reason reason(Snapshot snapshot) {
        return snapshot.decide(List.of("isbn:9788936434120"), TRAINING).reason();
    }

    @Test
    void aCatalogueFromTheFutureIsRefused() throws IOException, RefusedException {
        registry.publish(now.plus(Duration.ofMinutes(11)));
        Snapshot snapshot = open();
        assertRefused(Refusal.EXPIRED, snapshot);
        registry.publish(now.plus(Duration.ofMinutes(9)));
        update(snapshot);
        assertEquals(Verdict.ASK, verdict(snapshot, "isbn:9788936434120"));
        now = now.minus(Duration.ofMinutes(5));
        assertEquals(Decision.Reason.EXPIRED, reason(snapshot), "the clock here went back");
    }

    @Test
    void aRegistryThatBeganAnewIsNotContinued() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        update(snapshot);
        // A restored backup: other entries at the same positions, signed with the same key.
        try (TestRegistry restored = registry.restored(home.resolve("restored"))) {
            restored.declare(5, "doi:10.1234/a", Stance.RESERVED);
            restored.declare(5, "doi:10.1234/b", Stance.RESERVED);
            restored.declare(5, "doi:10.1234/c", Stance.RESERVED);
            now = now.plus(Duration.ofMinutes(1));
            restored.publish(now);
            restored.declare(5, "doi:10.1234/d", Stance.RESERVED);
            now = now.plus(Duration.ofMinutes(1));
            restored.publish(now);
            List<String> fetched = new ArrayList<>();
            snapshot.update(SnapshotSource.of(restored.folder.toString()), file -> fetched.add(file.path()));
            assertTrue(fetched.get(0).startsWith("releases/"), fetched::toString);
            assertEquals(Verdict.ASK, verdict(snapshot, "doi:10.1234/a"));
            assertEquals(Verdict.UNKNOWN, verdict(snapshot, "isbn:9788936434120"));
        }
    }

    @Test
    void aSecondProcessDoesNotUpdateMeanwhile() throws IOException, RefusedException {
        registry.publish(now);
        Snapshot snapshot = open();
        Snapshot other = open();
        update(snapshot);
        snapshot.update(
                new SnapshotSource() {
                    @Override
                    public InputStream catalog() throws IOException {
                        assertThrows(IOException.class, () -> update(other));
                        return SnapshotSource.of(registry.folder.toString()).catalog();
                    }

                    @Override
                    public InputStream open(SnapshotFile file, long from) throws IOException {
                        throw new AssertionError("there is nothing to fetch");
                    }
                },
                file -> {});
        // It takes over what the first one has fetched.
        List<String> fetched = new ArrayList<>();
        other.update(SnapshotSource.of(registry.folder.toString()), file -> fetched.add(file.path()));
        assertEquals(List.of(), fetched);
        assertEquals(Verdict.ASK, verdict(other, "isbn:9788936434120"));
    }

    @Test
    void aMirrorThatStallsIsGivenUp() throws IOException, RefusedException {
        registry.publish(now);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread stalling = new Thread(() -> {
                try (Socket client = server.accept()) {
                    client.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException ended) {
                    throw new UncheckedIOException(ended);
                }
            });
            stalling.setDaemon(true);
            stalling.start();
            SnapshotSource source = new SnapshotSource.Web(
                    URI.create("http://localhost:" + server.getLocalPort() + "/"), Duration.ofMillis(400));
            Snapshot snapshot = open();
            RefusedException refused = assertThrows(RefusedException.class, () -> snapshot.update(source, file -> {}));
            assertEquals(Refusal.UNREACHABLE, refused.refusal());
        }
    }

    @Test
    void filesOfTwoSnapshotsAreNotMixed() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        SnapshotFile release = catalog.releases().get(0);
        try (TestRegistry other = new TestRegistry(home.resolve("other"))) {
            other.declare(3, "doi:10.1/1", Stance.PERMITTED);
            other.publish(now);
            SnapshotFile foreign = other.publish(now).releases().get(0);
            Files.copy(other.folder.resolve(foreign.path()), registry.folder.resolve(foreign.path()));
            // The log signs a catalogue that lists a file of another position under its own.
            registry.replace(new Catalog(
                    catalog.log(),
                    catalog.position(),
                    catalog.issuedAt(),
                    catalog.expiresAt(),
                    catalog.minimumClient(),
                    catalog.rules(),
                    List.of(new SnapshotFile(0, release.position(), foreign.path(), foreign.bytes(), foreign.sha256())),
                    List.of()));
            assertRefused(Refusal.MIXED, open());
        }
        // And one whose changes do not begin where the release ends.
        registry.replace(new Catalog(
                catalog.log(),
                catalog.position() + 5,
                catalog.issuedAt(),
                catalog.expiresAt(),
                catalog.minimumClient(),
                catalog.rules(),
                catalog.releases(),
                List.of(new SnapshotFile(
                        release.position() + 1,
                        release.position() + 5,
                        SnapshotFile.deltaPath(release.position() + 1, release.position() + 5),
                        4096,
                        release.sha256()))));
        assertRefused(Refusal.MIXED, open());
    }

    @Test
    void aMirrorThatDoesNotAnswerIsUnreachable() throws IOException, RefusedException {
        registry.publish(now);
        String address = registry.serve();
        Snapshot snapshot = open();
        update(snapshot, address);
        registry.close();
        RefusedException refused = assertThrows(RefusedException.class, () -> update(snapshot, address));
        assertEquals(Refusal.UNREACHABLE, refused.refusal());
        assertEquals(Verdict.ASK, verdict(snapshot, "isbn:9788936434120"), "the copy still answers");
        registry = new TestRegistry(home.resolve("another"));
    }

    @Test
    void aDownloadContinuesWhereItBroke() throws IOException, RefusedException {
        Catalog catalog = registry.publish(now);
        SnapshotFile release = catalog.releases().get(0);
        Snapshot snapshot = open();
        byte[] begun = Arrays.copyOf(Files.readAllBytes(registry.folder.resolve(release.path())), 4100);
        Files.write(home.resolve("copy").resolve(release.path() + ".unfinished"), begun);
        List<Long> asked = new ArrayList<>();
        SnapshotSource source = SnapshotSource.of(registry.serve());
        snapshot.update(
                new SnapshotSource() {
                    @Override
                    public InputStream catalog() throws IOException {
                        return source.catalog();
                    }

                    @Override
                    public InputStream open(SnapshotFile file, long from) throws IOException {
                        asked.add(from);
                        return source.open(file, from);
                    }
                },
                file -> {});
        assertEquals(List.of(4100L), asked);
        assertEquals(Verdict.ASK, verdict(snapshot, "isbn:9788936434120"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target);
                }
            }
        }
    }
}
