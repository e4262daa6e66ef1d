package org.askfirst.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
    private static final String HASH = "ab".repeat(32);

    private static SnapshotFile delta(long from, long to) {
        String path = SnapshotFile.deltaPath(from, to);
        return new SnapshotFile(from, to, path, 4096, HASH, filter(path));
    }

    private static SnapshotFile release(long position) {
        String path = SnapshotFile.releasePath(position);
        return new SnapshotFile(0, position, path, 4096, HASH, filter(path));
    }

    private static Companion filter(String segment) {
        return new Companion(Companion.path(segment, Companion.FILTER), 96, HASH);
    }

    private static Catalog catalog() {
        return new Catalog(
                "registry.example/",
                90,
                Instant.parse("2026-11-30T12:00:00Z"),
                Instant.parse("2026-12-01T12:00:00Z"),
                "0.1.0",
                1,
                List.of(release(50), release(10)),
                List.of(delta(10, 20), delta(20, 50), delta(10, 50), delta(50, 70), delta(70, 90)));
    }

    @Test
    void whatIsWrittenIsRead() {
        Catalog.Signed signed = catalog().with("a note");
        Catalog.Signed read = Catalog.parse(signed.json());
        assertEquals(signed, read);
        assertEquals(catalog().noteLine(), Catalog.noteLine(read.hash()));
    }

    @Test
    void theHashIsThatOfTheCanonicalText() throws NoSuchAlgorithmException {
        String json = catalog().with("a note").json();
        String canonical = json.substring("{\"catalog\":".length(), json.indexOf(",\"note\""));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
        assertEquals("catalog " + HexFormat.of().formatHex(hash), catalog().noteLine());
        assertTrue(canonical.startsWith("{\"deltas\":[{\"bytes\":4096,\"filter\":{\"bytes\":96,\"path\":"), canonical);
    }

    @Test
    void aMemberThatALaterVersionAddsChangesTheHash() {
        String json = catalog().with("a note").json();
        Catalog.Signed other = Catalog.parse(json.replace("\"format\":1", "\"format\":1,\"future\":\"member\""));
        assertEquals(catalog(), other.catalog());
        assertTrue(!other.hash().equals(Catalog.parse(json).hash()));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 50 70 90",
        "10, 50 70 90",
        "20, 50 70 90",
        "50, 70 90",
        "70, 90",
        "90, ''",
        "55, 50 70 90",
        "95, 50 70 90",
    })
    void theShortestWayLeadsToTheNewestState(long from, String positions) {
        List<SnapshotFile> path = catalog().path(from);
        assertEquals(
                positions,
                String.join(
                        " ",
                        path.stream()
                                .map(file -> String.valueOf(file.position()))
                                .toList()));
        if (from == 55 || from == 95 || from < 0) {
            assertEquals(0, path.get(0).from(), "whoever is somewhere else begins with a release");
            assertTrue(path.get(0).path().startsWith("releases/"));
        }
    }

    @Test
    void aGapIsRefused() {
        Catalog gap = new Catalog(
                "registry.example/", 90, Instant.EPOCH, Instant.EPOCH, "0.1.0", 1, List.of(release(50)), List.of());
        assertThrows(IllegalArgumentException.class, () -> gap.path(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"note\":\"n\"}",
                "{\"note\":\"n\",\"catalog\":1}",
                "{\"note\":\"n\",\"catalog\":{\"format\":1}}",
                "{\"note\":\"n\",\"catalog\":{\"format\":\"1\",\"rules\":1}}",
            })
    void anythingElseIsNoCatalog(String json) {
        assertThrows(IllegalArgumentException.class, () -> Catalog.parse(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"format\":1|\"format\":2", "\"rules\":1|\"rules\":2"})
    void anotherVersionIsNotSupported(String change) {
        String[] parts = change.split("\\|", -1);
        String json = catalog().with("a note").json().replace(parts[0], parts[1]);
        assertThrows(Catalog.UnsupportedException.class, () -> Catalog.parse(json));
    }

    @Test
    void aFileMayHaveNoFilter() {
        SnapshotFile without = new SnapshotFile(0, 50, SnapshotFile.releasePath(50), 4096, HASH);
        assertTrue(without.ofFilter().isEmpty());
        assertEquals(without, SnapshotFile.of(without.tree(false), false));
        SnapshotFile filter = release(50).ofFilter().orElseThrow();
        assertEquals("releases/000000000050.filter", filter.path());
        assertEquals(96, filter.bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"releases/000000000050.filter\"|\"releases/000000000051.filter\"",
                "\"releases/000000000050.filter\"|\"releases/000000000050.segment\"",
                "\"releases/000000000050.filter\"|\"../000000000050.filter\"",
                "\"releases/000000000050.filter\"|50",
                "\"bytes\":96|\"bytes\":0",
                "\"bytes\":96|\"bytes\":-1",
                "\"bytes\":96,|",
            })
    void aFilterThatIsNotAsTheFormatSaysIsRefused(String change) {
        String[] parts = change.split("\\|", -1);
        String right = catalog().with("a note").json();
        String wrong = right.replace(parts[0], parts[1]);
        assertTrue(!wrong.equals(right));
        Catalog.parse(right);
        assertThrows(IllegalArgumentException.class, () -> Catalog.parse(wrong));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "deltas/../../1.segment",
                "http://elsewhere.example/1.segment",
                "deltas/1.segment\n",
                "deltas/a.segment"
            })
    void aPathStaysInItsFolder(String path) {
        assertThrows(IllegalArgumentException.class, () -> new SnapshotFile(1, 2, path, 4096, HASH));
    }
}
