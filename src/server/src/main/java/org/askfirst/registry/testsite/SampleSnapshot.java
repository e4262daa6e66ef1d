package org.askfirst.registry.testsite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.Companion;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Signer;
import org.askfirst.tlog.Hash;

/** A snapshot whose files stay as they are, and whose catalogue is signed anew for each reader. It never changes. */
final class SampleSnapshot {
    private static final Duration VALID = Duration.ofDays(1);

    private final Catalog catalog;
    private final Map<String, byte[]> files;
    private final Hash root;
    private final Ed25519Signer signer;
    private final Duration age;

    private SampleSnapshot(Catalog catalog, Map<String, byte[]> files, Hash root, Ed25519Signer signer, Duration age) {
        this.catalog = catalog;
        this.files = files;
        this.root = root;
        this.signer = signer;
        this.age = age;
    }

    /**
     * Reads the snapshot in a folder.
     *
     * @param root the root of the log at the position of the catalogue
     */
    static SampleSnapshot read(Path folder, Catalog catalog, Hash root, Ed25519Signer signer) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (SnapshotFile file : catalog.releases()) {
            for (String path : file.paths()) {
                files.put(path, Files.readAllBytes(folder.resolve(path)));
            }
        }
        return new SampleSnapshot(catalog, files, root, signer, Duration.ZERO);
    }

    /** Returns this snapshot with another signature. */
    SampleSnapshot signedBy(Ed25519Signer other) {
        return new SampleSnapshot(catalog, files, root, other, age);
    }

    /** Returns this snapshot with catalogues that were issued so long ago. */
    SampleSnapshot aged(Duration ago) {
        return new SampleSnapshot(catalog, files, root, signer, ago);
    }

    /** Returns this snapshot with other files than its catalogue promises. */
    SampleSnapshot damaged(UnaryOperator<byte[]> damage) {
        Map<String, byte[]> damaged = new LinkedHashMap<>();
        files.forEach((path, bytes) -> damaged.put(path, damage.apply(bytes.clone())));
        return new SampleSnapshot(catalog, damaged, root, signer, age);
    }

    /** Returns this snapshot with catalogues that need that version of the client. */
    SampleSnapshot needing(String client) {
        return new SampleSnapshot(catalog(catalog.issuedAt(), client, catalog.releases()), files, root, signer, age);
    }

    /** Returns this snapshot with a catalogue that promises the files of another one, under the names of its own. */
    SampleSnapshot mixedWith(SampleSnapshot other) {
        SnapshotFile theirs = other.catalog.releases().get(0);
        String path = catalog.releases().get(0).path();
        SnapshotFile filter = theirs.ofFilter().orElseThrow();
        Companion named = new Companion(Companion.path(path, Companion.FILTER), filter.bytes(), filter.sha256());
        SnapshotFile release =
                new SnapshotFile(0, catalog.position(), path, theirs.bytes(), theirs.sha256(), named);
        return new SampleSnapshot(
                catalog(catalog.issuedAt(), catalog.minimumClient(), List.of(release)),
                Map.of(
                        path,
                        other.file(theirs.path()).orElseThrow(),
                        named.path(),
                        other.file(filter.path()).orElseThrow()),
                root,
                signer,
                age);
    }

    /** Returns the content of {@code catalog.json} at that moment. */
    String catalogFile(Instant now) {
        Catalog issued =
                catalog(now.minus(age).truncatedTo(ChronoUnit.SECONDS), catalog.minimumClient(), catalog.releases());
        return issued.with(new Checkpoint(catalog.log(), catalog.position(), root, List.of(issued.noteLine()))
                        .sign(List.of(signer))
                        .toString())
                .json();
    }

    /** Returns the checkpoint of the log. */
    String checkpoint() {
        return Checkpoint.of(catalog.log(), catalog.position(), root)
                .sign(List.of(signer))
                .toString();
    }

    /** Returns a file of the snapshot; empty if there is none. */
    Optional<byte[]> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private Catalog catalog(Instant issuedAt, String client, List<SnapshotFile> releases) {
        return new Catalog(
                catalog.log(),
                catalog.position(),
                issuedAt,
                issuedAt.plus(VALID),
                client,
                catalog.rules(),
                releases,
                List.of());
    }
}
