package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.Companion;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.filter.Filter;
import org.askfirst.subject.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFolderTest {
    /** The times of files are those of the machine. */
    private final Instant start = Instant.now();

    @TempDir
    Path home = Path.of("");

    private final Histories history = new Histories(5);
    private final List<String> warnings = new ArrayList<>();
    private LookupIndex index;

    @BeforeEach
    void open() throws IOException {
        index = LookupIndex.open(home.resolve("index"), "registry.example/");
        step(30);
    }

    @AfterEach
    void close() throws IOException {
        index.close();
    }

    private void step(int count) {
        for (int i = 0; i < count; i++) {
            index.apply(history.next(), history.position(), String.format("%064x", history.position()));
        }
    }

    private SnapshotFolder folder() {
        return new SnapshotFolder(home.resolve("snapshot"), Duration.ofDays(1), Duration.ofDays(1), warnings::add);
    }

    private Catalog publish(SnapshotFolder folder, int minutes) throws IOException {
        return folder.publish(index.cut(), start.plus(Duration.ofMinutes(minutes)), catalog -> "a note");
    }

    private void flip(SnapshotFile file) throws IOException {
        Path path = home.resolve("snapshot").resolve(file.path());
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
    }

    @Test
    void theNextProcessContinues() throws IOException {
        try (SnapshotFolder first = folder()) {
            publish(first, 0);
        }
        step(3);
        try (SnapshotFolder second = folder()) {
            Catalog catalog = publish(second, 1);
            assertEquals(1, catalog.releases().size());
            assertEquals(1, catalog.deltas().size());
            assertEquals(List.of(), warnings);
        }
    }

    @Test
    void aDamagedFileOfItsOwnDoesNotStopIt() throws IOException {
        try (SnapshotFolder first = folder()) {
            flip(publish(first, 0).releases().get(0));
        }
        step(3);
        try (SnapshotFolder second = folder()) {
            Catalog catalog = publish(second, 1);
            assertEquals(history.position(), catalog.releases().get(0).position());
            assertEquals(List.of(), catalog.deltas());
            assertEquals(1, warnings.size(), warnings::toString);
            step(1);
            assertEquals(1, publish(second, 2).deltas().size());
        }
    }

    @Test
    void aShortenedOrMissingFileLetsItBeginAnew() throws IOException {
        try (SnapshotFolder first = folder()) {
            Files.delete(home.resolve("snapshot")
                    .resolve(publish(first, 0).releases().get(0).path()));
        }
        step(1);
        try (SnapshotFolder second = folder()) {
            assertEquals(
                    history.position(), publish(second, 1).releases().get(0).position());
            assertEquals(1, warnings.size(), warnings::toString);
        }
    }

    @Test
    void twoDoNotWriteAtOnce() throws IOException {
        try (SnapshotFolder first = folder()) {
            publish(first, 0);
            try (SnapshotFolder second = folder()) {
                assertThrows(IOException.class, () -> publish(second, 1));
            }
            publish(first, 2);
        }
    }

    @Test
    void aClockThatWasAheadDelaysNoRelease() throws IOException {
        try (SnapshotFolder folder = folder()) {
            publish(folder, 60 * 24 * 365);
            step(1);
            assertEquals(2, publish(folder, 1).releases().size());
            step(1);
            assertEquals(2, publish(folder, 2).releases().size());
        }
    }

    @Test
    void aFileThatIsNoLongerListedStaysUntilTheNextCatalogue() throws IOException {
        try (SnapshotFolder folder = folder()) {
            Path first = home.resolve("snapshot")
                    .resolve(publish(folder, 0).releases().get(0).path());
            for (int day = 1; day <= 2; day++) {
                step(1);
                publish(folder, day * 60 * 24);
            }
            assertTrue(Files.exists(first));
            publish(folder, 60 * 24 * 2 + 1);
            assertFalse(Files.exists(first));
        }
    }

    private List<SnapshotFile> listed(Catalog catalog) {
        List<SnapshotFile> all = new ArrayList<>(catalog.releases());
        all.addAll(catalog.deltas());
        return all;
    }

    @Test
    void eachFileHasAFilterOfExactlyItsKeys() throws IOException {
        try (SnapshotFolder folder = folder()) {
            Catalog catalog = publish(folder, 0);
            for (int minute = 1; minute <= 40; minute++) {
                step(3);
                catalog = publish(folder, minute);
            }
            assertTrue(catalog.deltas().size() > 40, "some are joined");
            for (SnapshotFile file : listed(catalog)) {
                Path path = home.resolve("snapshot").resolve(file.path());
                Companion listed = Objects.requireNonNull(file.filter());
                Path filterPath = home.resolve("snapshot").resolve(listed.path());
                assertEquals(Files.size(filterPath), listed.bytes());
                assertEquals(HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(filterPath))), listed.sha256());
                Segment segment = Segment.open(path);
                Filter filter = Filter.open(filterPath);
                assertEquals(file.position(), filter.position());
                assertEquals(file.from(), filter.from());
                assertEquals(file.isChanges(), filter.isChanges());
                assertEquals("registry.example/", filter.ledger());
                assertEquals(segment.origin().suffixes(), filter.suffixes());
                SortedSet<Long> expected = hashes(segment);
                List<Long> hashes = new ArrayList<>();
                segment.hashes().forEachRemaining((long hash) -> hashes.add(hash));
                assertEquals(List.copyOf(expected), hashes);
                assertEquals(expected.size(), filter.count());
                for (long hash : expected) {
                    assertTrue(filter.contains(hash));
                }
                assertFalse(filter.contains(0x0123456789abcdefL));
            }
        }
    }

    /** Returns the first words of all keys with a posting and of all site prefilters, found one by one. */
    private static SortedSet<Long> hashes(Segment segment) {
        SortedSet<Long> hashes = new TreeSet<>(Long::compareUnsigned);
        long[] words = new long[4];
        for (long place = 0; place < segment.keys(); place++) {
            if (segment.postings(place).length > 0) {
                segment.key(place, words);
                hashes.add(words[0]);
            }
        }
        for (long place = 0; place < segment.sitePrefilters().count(); place++) {
            hashes.add(segment.sitePrefilters().at(place));
        }
        return hashes;
    }

    @Test
    void aFolderWithoutFiltersBeginsAnew() throws IOException {
        try (SnapshotFolder first = folder()) {
            Catalog catalog = publish(first, 0);
            SnapshotFile with = catalog.releases().get(0);
            Catalog without = new Catalog(
                    catalog.log(),
                    catalog.position(),
                    catalog.issuedAt(),
                    catalog.expiresAt(),
                    catalog.minimumClient(),
                    catalog.rules(),
                    List.of(new SnapshotFile(0, with.position(), with.path(), with.bytes(), with.sha256())),
                    List.of());
            Files.writeString(
                    home.resolve("snapshot").resolve(Catalog.FILE),
                    without.with("a note").json());
        }
        step(1);
        try (SnapshotFolder second = folder()) {
            Catalog catalog = publish(second, 1);
            assertEquals(history.position(), catalog.releases().get(0).position());
            assertTrue(catalog.releases().get(0).ofFilter().isPresent());
            assertEquals(1, warnings.size(), warnings::toString);
        }
    }

    @Test
    void aMissingFilterLetsItBeginAnew() throws IOException {
        try (SnapshotFolder first = folder()) {
            SnapshotFile filter = publish(first, 0).releases().get(0).ofFilter().orElseThrow();
            Files.delete(home.resolve("snapshot").resolve(filter.path()));
        }
        step(1);
        try (SnapshotFolder second = folder()) {
            assertEquals(
                    history.position(), publish(second, 1).releases().get(0).position());
            assertEquals(1, warnings.size(), warnings::toString);
        }
    }

    @Test
    void filtersAreDeletedWithTheirSegments() throws IOException {
        try (SnapshotFolder folder = folder()) {
            for (int day = 0; day <= 5; day++) {
                step(1);
                publish(folder, day * 60 * 24);
            }
            Catalog catalog = publish(folder, 5 * 60 * 24 + 1);
            Set<String> expected = new TreeSet<>();
            listed(catalog).forEach(file -> expected.addAll(file.paths()));
            Set<String> found = new TreeSet<>();
            for (String part : List.of("releases", "deltas")) {
                try (Stream<Path> files = Files.list(home.resolve("snapshot").resolve(part))) {
                    files.forEach(file -> found.add(part + "/" + file.getFileName()));
                }
            }
            assertEquals(expected, found);
        }
    }

    @Test
    void nothingIsListedBeforeItIsSigned() throws IOException {
        try (SnapshotFolder folder = folder()) {
            publish(folder, 0);
            String before = Files.readString(home.resolve("snapshot").resolve(Catalog.FILE));
            step(1);
            assertThrows(
                    IOException.class,
                    () -> folder.publish(index.cut(), start.plusSeconds(60), catalog -> {
                        throw new IOException("no key");
                    }));
            assertEquals(before, Files.readString(home.resolve("snapshot").resolve(Catalog.FILE)));
            assertEquals(1, publish(folder, 2).deltas().size());
        }
    }
}
