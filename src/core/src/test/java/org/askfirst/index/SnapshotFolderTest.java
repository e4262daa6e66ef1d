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
import java.util.List;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.catalog.SnapshotFolder;
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
