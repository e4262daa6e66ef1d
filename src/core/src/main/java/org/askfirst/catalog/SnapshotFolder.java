package org.askfirst.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.askfirst.filter.Filter;
import org.askfirst.index.IndexCut;
import org.askfirst.index.Origin;
import org.askfirst.index.Segment;
import org.askfirst.subject.Sha256;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The files of a snapshot in a folder, and their catalogue.
 *
 * <p>A reader sees a complete snapshot at each moment: files get their names when they are complete, the catalogue is
 * replaced in one step, and a file that it no longer lists stays until the next catalogue. The process may be killed at
 * any moment. The next one continues with the files of the catalogue, or begins anew if one of them is not as listed.
 * One process at a time writes to a folder, and one thread.
 */
public final class SnapshotFolder implements AutoCloseable {
    /** The oldest version of our clients that reads these files correctly. */
    private static final String MINIMUM_CLIENT = "0.1.0";

    /** So many consecutive files of changes of one size are joined to one. */
    static final int JOINED = 16;

    /** At so many files of changes a release is due, so that the catalogue stays far below what readers take. */
    private static final int MAX_DELTAS = 8_000;

    private final Path folder;
    private final Duration releaseEvery;
    private final Duration validFor;
    private final Consumer<String> warnings;
    private @Nullable Catalog catalog;
    private @Nullable Origin reached;
    private Set<String> namedBefore = new HashSet<>();
    private @Nullable FileChannel lock;
    private Instant releasedAt = Instant.EPOCH;

    /**
     * Creates the writer of a folder.
     *
     * @param folder the folder, which may not exist yet
     * @param releaseEvery the time between two complete files
     * @param validFor the time for which a catalogue may be used
     * @param warnings gets the reason if the files in the folder cannot be continued
     */
    public SnapshotFolder(Path folder, Duration releaseEvery, Duration validFor, Consumer<String> warnings) {
        this.folder = folder;
        this.releaseEvery = releaseEvery;
        this.validFor = validFor;
        this.warnings = warnings;
    }

    /** Signs a note about a catalogue. */
    public interface Signer {
        /** Returns a signed checkpoint of the catalogue's position with {@link Catalog#noteLine}. */
        String sign(Catalog catalog) throws IOException;
    }

    /**
     * Writes what has changed, and from time to time a release, and then the catalogue.
     *
     * @param cut the content of the index
     * @param now the time of the catalogue
     * @return the catalogue
     */
    public Catalog publish(IndexCut cut, Instant now, Signer signer) throws IOException {
        Files.createDirectories(folder.resolve("releases"));
        Files.createDirectories(folder.resolve("deltas"));
        lock();
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        Catalog before = catalog != null ? catalog : resume(cut.origin());
        if (before != null && before.position() > cut.origin().position()) {
            warnings.accept("the index is at an earlier position");
            before = null;
        }
        try {
            return publish(before, cut, issuedAt, signer);
        } catch (UnusableException unusable) {
            // Its own files are damaged, or of another release of the software.
            warnings.accept(String.valueOf(unusable.getMessage()));
            return publish(null, cut, issuedAt, signer);
        }
    }

    private Catalog publish(@Nullable Catalog before, IndexCut cut, Instant issuedAt, Signer signer)
            throws IOException {
        List<SnapshotFile> releases = new ArrayList<>();
        List<SnapshotFile> deltas = new ArrayList<>();
        if (before != null) {
            releases.addAll(before.releases());
            deltas.addAll(before.deltas());
            if (cut.origin().position() > before.position()) {
                deltas.add(writeChanges(before, cut));
                join(releases.get(0), deltas);
            }
        }
        // A clock that was ahead must not delay the next release.
        boolean isReleaseDue = before == null
                || deltas.size() >= MAX_DELTAS
                || releasedAt.isAfter(issuedAt)
                || !issuedAt.isBefore(releasedAt.plus(releaseEvery));
        if (isReleaseDue
                && (releases.isEmpty()
                        || releases.get(0).position() < cut.origin().position())) {
            releases.add(0, writeRelease(cut));
            if (releases.size() > 2) {
                releases.remove(2);
            }
            long oldest = releases.get(releases.size() - 1).position();
            deltas.removeIf(delta -> delta.from() < oldest);
        }
        Catalog next = new Catalog(
                cut.origin().ledger(),
                cut.origin().position(),
                issuedAt,
                issuedAt.plus(validFor),
                MINIMUM_CLIENT,
                Verdicts.RULES,
                releases,
                deltas);
        writeCatalog(next.with(signer.sign(next)).json());
        if (isReleaseDue) {
            releasedAt = issuedAt;
        }
        catalog = next;
        reached = cut.origin();
        sweep(next);
        return next;
    }

    /** Keeps other processes from writing to the folder, until this process ends. */
    private void lock() throws IOException {
        if (lock == null) {
            FileChannel file =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (file.tryLock() == null) {
                    file.close();
                    throw new IOException("another process writes the snapshot in " + folder);
                }
            } catch (OverlappingFileLockException ours) {
                file.close();
                throw new IOException("another part of this process writes the snapshot in " + folder, ours);
            }
            lock = file;
        }
    }

    /** Lets others write to the folder. */
    @Override
    public void close() throws IOException {
        FileChannel held = lock;
        if (held != null) {
            held.close();
            lock = null;
        }
    }

    /** A file of the folder itself cannot be used. */
    private static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1;

        UnusableException(IOException cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Returns the catalogue in the folder if the snapshot can be continued; null if it begins anew. */
    private @Nullable Catalog resume(Origin end) throws IOException {
        // Somebody may be fetching any of the files that are there.
        for (String part : List.of("releases", "deltas")) {
            try (Stream<Path> files = Files.list(folder.resolve(part))) {
                files.forEach(file -> namedBefore.add(part + "/" + file.getFileName()));
            }
        }
        try {
            Catalog found = Catalog.parse(Files.readString(folder.resolve(Catalog.FILE)))
                    .catalog();
            namedBefore.clear();
            named(found).forEach(file -> namedBefore.addAll(file.paths()));
            for (SnapshotFile file : named(found)) {
                requireLength(file.path(), file.bytes());
                Companion filter = file.filter();
                if (filter == null) {
                    throw new IOException(file.path() + " has no filter");
                }
                requireLength(filter.path(), filter.bytes());
            }
            if (!found.log().equals(end.ledger())) {
                throw new IOException("it is that of another ledger");
            }
            releasedAt = Files.getLastModifiedTime(
                            folder.resolve(found.releases().get(0).path()))
                    .toInstant();
            return found;
        } catch (NoSuchFileException none) {
            if (Files.exists(folder.resolve(Catalog.FILE))) {
                warnings.accept(none.getMessage() + " is missing");
            }
        } catch (IOException | IllegalArgumentException unusable) {
            warnings.accept(String.valueOf(unusable.getMessage()));
        }
        return null;
    }

    private void requireLength(String path, long bytes) throws IOException {
        if (Files.size(folder.resolve(path)) != bytes) {
            throw new IOException(path + " has another length");
        }
    }

    private SnapshotFile writeChanges(Catalog before, IndexCut cut) throws IOException {
        long position = cut.origin().position();
        String path = SnapshotFile.deltaPath(before.position(), position);
        Path file = folder.resolve(path);
        Segment changes = reached != null && cut.remembersSince(reached)
                ? cut.writeChanges(file)
                : cut.writeDifference(open(before.path(-1)), file);
        return describe(before.position(), position, changes, path);
    }

    private SnapshotFile writeRelease(IndexCut cut) throws IOException {
        long position = cut.origin().position();
        String path = SnapshotFile.releasePath(position);
        return describe(0, position, cut.writeAll(folder.resolve(path)), path);
    }

    /** Joins the last files of changes after a release while enough of them are of the same size. */
    private void join(SnapshotFile release, List<SnapshotFile> deltas) throws IOException {
        while (true) {
            List<SnapshotFile> path = new Catalog(
                            "",
                            deltas.get(deltas.size() - 1).position(),
                            Instant.EPOCH,
                            Instant.EPOCH,
                            "",
                            Verdicts.RULES,
                            List.of(release),
                            deltas)
                    .path(release.position());
            if (path.size() < JOINED) {
                return;
            }
            List<SnapshotFile> last = new ArrayList<>(path.subList(path.size() - JOINED, path.size()));
            long level = level(last.get(0), deltas);
            if (last.stream().anyMatch(file -> level(file, deltas) != level)) {
                return;
            }
            long from = last.get(0).from();
            long to = last.get(JOINED - 1).position();
            String joined = SnapshotFile.deltaPath(from, to);
            Segment segment;
            try {
                segment = IndexCut.join(open(last), folder.resolve(joined));
            } catch (UnusableException damaged) {
                warnings.accept("files of changes cannot be joined: " + damaged.getMessage());
                return;
            }
            // The newest single delta stays the last of the list.
            deltas.add(deltas.size() - 1, describe(from, to, segment, joined));
        }
    }

    /** Returns how often the changes in that file were joined. */
    private static long level(SnapshotFile file, List<SnapshotFile> deltas) {
        long within = deltas.stream()
                .filter(delta -> delta.from() >= file.from() && delta.position() <= file.position())
                .count();
        long level = 0;
        for (long files = 1; files < within; files = files * JOINED + 1) {
            level++;
        }
        return level;
    }

    /** Opens files and returns them newest first. */
    private List<Segment> open(List<SnapshotFile> oldestFirst) throws UnusableException {
        List<Segment> segments = new ArrayList<>();
        for (SnapshotFile file : oldestFirst) {
            try {
                segments.add(Segment.open(folder.resolve(file.path())));
            } catch (IOException damaged) {
                throw new UnusableException(damaged);
            }
        }
        Collections.reverse(segments);
        return segments;
    }

    /** Writes the companions of a segment, and returns what the catalogue lists. */
    private SnapshotFile describe(long from, long position, Segment segment, String path) throws IOException {
        String filter = Companion.path(path, Companion.FILTER);
        if (path.startsWith("deltas/")) {
            Filter.writeChanges(segment, from, folder.resolve(filter));
        } else {
            Filter.write(segment, folder.resolve(filter));
        }
        Companion described = described(path);
        return new SnapshotFile(from, position, path, described.bytes(), described.sha256(), described(filter));
    }

    private Companion described(String path) throws IOException {
        Path file = folder.resolve(path);
        try (InputStream in = Files.newInputStream(file)) {
            return new Companion(path, Files.size(file), Sha256.hexOf(in));
        }
    }

    private void writeCatalog(String json) throws IOException {
        Path next = folder.resolve(Catalog.FILE + ".unfinished");
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            // A crash must not leave an empty catalogue under the name.
            out.force(true);
        }
        Files.move(
                next,
                folder.resolve(Catalog.FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<SnapshotFile> named(Catalog catalog) {
        List<SnapshotFile> all = new ArrayList<>(catalog.releases());
        all.addAll(catalog.deltas());
        return all;
    }

    /** Deletes files that neither this catalogue nor the one before it lists. */
    private void sweep(Catalog current) throws IOException {
        Set<String> named = new HashSet<>();
        named(current).forEach(file -> named.addAll(file.paths()));
        for (String part : List.of("releases", "deltas")) {
            try (Stream<Path> files = Files.list(folder.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String path = part + "/" + file.getFileName();
                    if (!named.contains(path) && !namedBefore.contains(path)) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
        namedBefore = named;
    }
}
