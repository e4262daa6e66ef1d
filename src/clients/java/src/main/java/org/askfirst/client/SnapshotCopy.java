package org.askfirst.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.Companion;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.SignedNote;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the files of a snapshot, of one sort: of its segments, or of its filters.
 *
 * <p>It fetches what has changed, and refuses whatever {@code docs/formats/snapshot.md} tells to refuse. It remembers
 * the last catalogue that was accepted, also if its files cannot be used.
 *
 * @param <F> a file of this sort, opened
 * @param <V> all files of a state, read as one
 */
abstract class SnapshotCopy<F, V> {
    private static final String STATE = "state.json";
    private static final String UNFINISHED = ".unfinished";
    private static final int BUFFER = 1 << 16;

    /** A catalogue may be so much newer than the clock here. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    /** So many files are read for each key at most; more are joined. */
    private static final int MAX_FILES = 24;

    private final Path copy;
    private final Ed25519Verifier key;
    final Clock clock;
    private @Nullable String stateText;

    /** The last catalogue that was accepted. It is remembered also if its files cannot be used. */
    private volatile @Nullable Remembered remembered;

    private volatile @Nullable Opened<F, V> opened;

    /** Why the files of the copy are not used; null if they are, or if there are none. */
    private volatile @Nullable RefusedException unusable;

    /** How often the files were found damaged while they were in use. */
    private final AtomicInteger distrusted = new AtomicInteger();

    /**
     * The state that was accepted last.
     *
     * @param json the content of its file
     * @param files the files of the copy, oldest first
     * @param last the last file that was fetched
     */
    private record Remembered(Catalog catalog, String json, List<SnapshotFile> files, SnapshotFile last) {}

    /**
     * The files that answer.
     *
     * @param json the signed catalogue as it was fetched
     */
    record Opened<F, V>(Catalog catalog, String json, Map<SnapshotFile, F> files, V view) {}

    /**
     * Creates a copy, without a look at its folder.
     *
     * @throws RefusedException if the key cannot be read
     */
    SnapshotCopy(Path copy, String logKey, Clock clock) throws RefusedException {
        this.copy = copy;
        this.clock = clock;
        this.key = key(logKey);
    }

    static Ed25519Verifier key(String logKey) throws RefusedException {
        try {
            return Ed25519Verifier.parse(logKey.strip());
        } catch (MalformedException malformed) {
            throw new RefusedException(
                    Refusal.BAD_SIGNATURE, "the log's key cannot be read: " + malformed.getMessage());
        }
    }

    /** Returns the file of this sort that the catalogue lists. */
    abstract SnapshotFile listed(SnapshotFile entry) throws RefusedException;

    /**
     * Opens a file of the right length.
     *
     * @throws IOException if it is damaged
     */
    abstract F read(SnapshotFile file, Path path) throws IOException, RefusedException;

    /** Returns false if somebody changed a file since it was opened. */
    abstract boolean isIntact(V view);

    /** Returns true if the header of a file names that log and the numbers that the catalogue gives. */
    abstract boolean belongs(F opened, String log, SnapshotFile file);

    /** Returns all files of a state, read as one. */
    abstract V view(List<F> newestFirst);

    /** Writes consecutive files of changes as one. */
    abstract void join(List<F> newestFirst, Path file) throws IOException;

    /** Returns true if the latest release should replace the files of the copy, although changes would be enough. */
    abstract boolean isOutgrown(List<SnapshotFile> files, Catalog latest);

    /** Creates the folder, and reads the copy in it. */
    void open() throws IOException, RefusedException {
        Files.createDirectories(copy.resolve("releases"));
        Files.createDirectories(copy.resolve("deltas"));
        load();
    }

    /** Reads the state of the copy, unless it is the one that is known. */
    private void load() throws IOException, RefusedException {
        String text;
        try {
            text = Files.readString(copy.resolve(STATE));
        } catch (NoSuchFileException none) {
            return;
        }
        if (text.equals(stateText)) {
            return;
        }
        Remembered found = parse(text);
        Remembered known = remembered;
        if (known != null
                && (found.catalog.position() < known.catalog.position()
                        || found.catalog.issuedAt().isBefore(known.catalog.issuedAt()))) {
            // Somebody put an older state back. The next update writes the newer one again.
            return;
        }
        remembered = found;
        stateText = text;
        unusable = null;
        try {
            opened = open(found.catalog, found.json, found.files, Map.of());
        } catch (RefusedException damaged) {
            opened = null;
            unusable = damaged;
        }
    }

    private Remembered parse(String text) throws RefusedException {
        try {
            Map<?, ?> state = CanonicalJson.parseObject(text);
            if (!(state.get("catalog") instanceof String json)
                    || !(state.get("files") instanceof List<?> list)
                    || !(state.get("last") instanceof Map<?, ?> last)) {
                throw new IllegalArgumentException("a member is missing");
            }
            List<SnapshotFile> files = new ArrayList<>();
            for (Object file : list) {
                files.add(SnapshotFile.of(file, true));
            }
            return new Remembered(verified(json).catalog(), json, files, SnapshotFile.of(last, true));
        } catch (IllegalArgumentException damaged) {
            throw new RefusedException(
                    Refusal.TAMPERED, "the state of the copy cannot be read; delete the folder and fetch it again");
        }
    }

    /** Takes the files out of use until the next update has compared each with its hash. */
    void distrust(String reason) {
        // An update may take long, and must not keep damaged files in use meanwhile.
        distrusted.incrementAndGet();
        unusable = new RefusedException(Refusal.TAMPERED, reason);
        opened = null;
    }

    /** Returns the files that are used now; null if there are none. */
    @Nullable Opened<F, V> opened() {
        return opened;
    }

    /** Returns the catalogue that is used now; null if there is none. */
    @Nullable Catalog catalog() {
        Opened<F, V> now = opened;
        return now == null ? null : now.catalog;
    }

    /**
     * Compares the content of each file of the copy with its hash.
     *
     * @throws RefusedException if there is no copy, or if a file has another length or content
     */
    void verify() throws IOException, RefusedException {
        RefusedException damaged = unusable;
        if (damaged != null) {
            throw damaged;
        }
        Remembered now = remembered;
        if (now == null) {
            throw new RefusedException(Refusal.TRUNCATED, "there is no copy yet; run update");
        }
        for (SnapshotFile file : now.files) {
            if (!hash(copy.resolve(file.path())).equals(file.sha256())) {
                throw new RefusedException(Refusal.TAMPERED, file.path() + " has another content");
            }
        }
    }

    /**
     * Fetches the newest state.
     *
     * @param source the folder of the snapshot
     * @param progress gets each file before it is fetched
     * @return the catalogue that is used from now on
     * @throws RefusedException if something is wrong; then the copy stays as it was
     * @throws IOException if the copy cannot be written, or if another process updates it
     */
    synchronized Catalog update(SnapshotSource source, Consumer<SnapshotFile> progress)
            throws IOException, RefusedException {
        try (FileChannel lock =
                FileChannel.open(copy.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!isLocked(lock)) {
                throw new IOException("another process updates the copy in " + copy);
            }
            load();
            return updateLocked(source, progress);
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private Catalog updateLocked(SnapshotSource source, Consumer<SnapshotFile> progress)
            throws IOException, RefusedException {
        Catalog.Signed signed = verified(fetchCatalog(source));
        Catalog catalog = signed.catalog();
        refuseOutOfTime(catalog, clock.instant());
        Remembered before = remembered;
        if (before != null
                && (catalog.position() < before.catalog.position()
                        || catalog.issuedAt().isBefore(before.catalog.issuedAt()))) {
            throw new RefusedException(
                    Refusal.ROLLED_BACK,
                    "the catalogue is of " + catalog.issuedAt() + " at position " + catalog.position()
                            + ", and one of " + before.catalog.issuedAt() + " at position "
                            + before.catalog.position() + " was accepted before");
        }
        int distrustedBefore = distrusted.get();
        Opened<F, V> base = opened;
        if (base != null && !isIntact(base.view)) {
            // Each file is compared with its hash, and opened anew.
            base = null;
        }
        // Changes apply only to the files that the registry still has.
        boolean continues =
                base != null && before != null && lists(catalog, before.last) && !isOutgrown(before.files, catalog);
        List<SnapshotFile> missing = path(catalog, continues && before != null ? before.catalog.position() : -1);
        for (SnapshotFile file : missing) {
            progress.accept(file);
            fetch(source, file);
        }
        List<SnapshotFile> files = new ArrayList<>();
        if (continues && before != null && (missing.isEmpty() || missing.get(0).isChanges())) {
            files.addAll(before.files);
        }
        files.addAll(missing);
        Map<SnapshotFile, F> known = base == null ? Map.of() : base.files;
        Opened<F, V> next = open(catalog, signed.json(), files, known);
        if (files.size() > MAX_FILES) {
            files = joined(files);
            next = open(catalog, signed.json(), files, known);
        }
        SnapshotFile last = missing.isEmpty() && before != null ? before.last : missing.get(missing.size() - 1);
        Remembered accepted = new Remembered(catalog, signed.json(), List.copyOf(files), last);
        String text = state(accepted);
        replace(text);
        stateText = text;
        remembered = accepted;
        opened = next;
        unusable = null;
        if (distrusted.get() != distrustedBefore) {
            opened = null;
            unusable = new RefusedException(Refusal.TAMPERED, "a file was found damaged during the update");
            throw unusable;
        }
        sweep(files, before == null ? List.of() : before.files);
        return catalog;
    }

    private boolean lists(Catalog catalog, SnapshotFile last) throws RefusedException {
        for (List<SnapshotFile> entries : List.of(catalog.releases(), catalog.deltas())) {
            for (SnapshotFile entry : entries) {
                SnapshotFile file = listed(entry);
                if (file.path().equals(last.path()) && file.sha256().equals(last.sha256())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Refuses a catalogue from which nothing may be answered at that moment. */
    static void refuseOutOfTime(Catalog catalog, Instant moment) throws RefusedException {
        if (isOutOfTime(catalog, moment)) {
            throw new RefusedException(
                    Refusal.EXPIRED,
                    "the catalogue is of " + catalog.issuedAt() + " and valid until " + catalog.expiresAt());
        }
    }

    /** Returns true if nothing may be answered from that catalogue at that moment. */
    static boolean isOutOfTime(Catalog catalog, Instant moment) {
        return !catalog.expiresAt().isAfter(moment) || catalog.issuedAt().isAfter(moment.plus(CLOCKS_DIFFER));
    }

    private List<SnapshotFile> path(Catalog catalog, long from) throws RefusedException {
        List<SnapshotFile> files = new ArrayList<>();
        try {
            for (SnapshotFile entry : catalog.path(from)) {
                files.add(listed(entry));
            }
        } catch (IllegalArgumentException gap) {
            throw new RefusedException(Refusal.MIXED, String.valueOf(gap.getMessage()));
        }
        return files;
    }

    private static String fetchCatalog(SnapshotSource source) throws RefusedException {
        try (InputStream in = source.catalog()) {
            byte[] bytes = in.readNBytes(Catalog.MAX_BYTES + 1);
            if (bytes.length > Catalog.MAX_BYTES) {
                throw new RefusedException(Refusal.UNSUPPORTED, "the catalogue is too long");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreachable) {
            throw new RefusedException(Refusal.UNREACHABLE, String.valueOf(unreachable.getMessage()));
        }
    }

    private Catalog.Signed verified(String json) throws RefusedException {
        return verified(json, key);
    }

    /** Returns the catalogue if the log's key signed it. */
    static Catalog.Signed verified(String json, Ed25519Verifier key) throws RefusedException {
        Catalog.Signed signed;
        try {
            signed = Catalog.parse(json);
        } catch (Catalog.UnsupportedException newer) {
            throw new RefusedException(Refusal.UNSUPPORTED, String.valueOf(newer.getMessage()));
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(Refusal.BAD_SIGNATURE, "it is no catalogue: " + malformed.getMessage());
        }
        try {
            Checkpoint checkpoint = Checkpoint.open(SignedNote.parse(signed.note()), key);
            if (checkpoint.size() != signed.catalog().position()
                    || !checkpoint.origin().equals(signed.catalog().log())
                    || !checkpoint.extensions().contains(Catalog.noteLine(signed.hash()))) {
                throw new RefusedException(Refusal.BAD_SIGNATURE, "the signed note is about something else");
            }
        } catch (MalformedException | NotProvenException wrong) {
            throw new RefusedException(
                    Refusal.BAD_SIGNATURE, "the log's key did not sign the catalogue: " + wrong.getMessage());
        }
        if (isNewer(signed.catalog().minimumClient())) {
            throw new RefusedException(
                    Refusal.UNSUPPORTED,
                    "the snapshot needs version " + signed.catalog().minimumClient() + " of the client");
        }
        return signed;
    }

    /** Returns true if a version is newer than this client, or cannot be read. */
    private static boolean isNewer(String version) {
        String[] theirs = version.split("\\.", -1);
        String[] ours = Snapshot.VERSION.split("\\.", -1);
        try {
            for (int i = 0; i < ours.length; i++) {
                int difference = Integer.parseInt(theirs[i]) - Integer.parseInt(ours[i]);
                if (difference != 0) {
                    return difference > 0;
                }
            }
            return theirs.length != ours.length;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException unreadable) {
            return true;
        }
    }

    private void fetch(SnapshotSource source, SnapshotFile file) throws IOException, RefusedException {
        Path target = copy.resolve(file.path());
        if (Files.isRegularFile(target)
                && Files.size(target) == file.bytes()
                && hash(target).equals(file.sha256())) {
            return;
        }
        Path unfinished = copy.resolve(file.path() + UNFINISHED);
        long have = Files.exists(unfinished) ? Math.min(Files.size(unfinished), file.bytes()) : 0;
        have = have == file.bytes() ? 0 : have;
        try (InputStream in = remote(source, file, have);
                OutputStream out = Files.newOutputStream(
                        unfinished,
                        StandardOpenOption.CREATE,
                        have > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            long left = file.bytes() - have;
            while (left > 0) {
                int read = read(in, buffer, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new RefusedException(Refusal.TRUNCATED, file.path() + " ends " + left + " bytes early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
            if (read(in, buffer, 1) >= 0) {
                Files.deleteIfExists(unfinished);
                throw new RefusedException(Refusal.TRUNCATED, file.path() + " is longer than the catalogue says");
            }
        }
        if (!hash(unfinished).equals(file.sha256())) {
            Files.delete(unfinished);
            throw new RefusedException(Refusal.TAMPERED, file.path() + " has another content than the catalogue says");
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static InputStream remote(SnapshotSource source, SnapshotFile file, long from) throws RefusedException {
        try {
            return source.open(file, from);
        } catch (NoSuchFileException none) {
            throw new RefusedException(Refusal.TRUNCATED, file.path() + " is missing");
        } catch (IOException unreachable) {
            throw new RefusedException(Refusal.UNREACHABLE, String.valueOf(unreachable.getMessage()));
        }
    }

    private static int read(InputStream in, byte[] buffer, int length) throws RefusedException {
        try {
            return in.read(buffer, 0, length);
        } catch (IOException unreachable) {
            throw new RefusedException(Refusal.UNREACHABLE, String.valueOf(unreachable.getMessage()));
        }
    }

    static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Sha256.hexOf(in);
        }
    }

    /**
     * Opens the files, oldest first, and compares their headers with the catalogue.
     *
     * @param known files that are open already
     */
    private Opened<F, V> open(Catalog catalog, String json, List<SnapshotFile> files, Map<SnapshotFile, F> known)
            throws RefusedException {
        Map<SnapshotFile, F> all = new LinkedHashMap<>();
        long reached = 0;
        for (SnapshotFile file : files) {
            F one = known.get(file);
            if (one == null) {
                one = open(file);
            }
            if (!belongs(one, catalog.log(), file) || (all.isEmpty() ? file.isChanges() : file.from() != reached)) {
                throw new RefusedException(Refusal.MIXED, file.path() + " does not belong to this snapshot");
            }
            reached = file.position();
            all.put(file, one);
        }
        if (all.isEmpty() || reached != catalog.position()) {
            throw new RefusedException(Refusal.MIXED, "the files do not reach position " + catalog.position());
        }
        List<F> newestFirst = new ArrayList<>(all.values());
        Collections.reverse(newestFirst);
        return new Opened<>(catalog, json, all, view(newestFirst));
    }

    private F open(SnapshotFile file) throws RefusedException {
        Path path = copy.resolve(file.path());
        try {
            if (Files.size(path) != file.bytes()) {
                throw new RefusedException(Refusal.TRUNCATED, file.path() + " has another length");
            }
            return read(file, path);
        } catch (NoSuchFileException none) {
            throw new RefusedException(Refusal.TRUNCATED, file.path() + " is missing");
        } catch (IOException damaged) {
            throw new RefusedException(Refusal.TAMPERED, String.valueOf(damaged.getMessage()));
        }
    }

    /** Joins all files of changes to one. */
    private List<SnapshotFile> joined(List<SnapshotFile> files) throws IOException, RefusedException {
        List<F> newestFirst = new ArrayList<>();
        for (SnapshotFile file : files.subList(1, files.size())) {
            newestFirst.add(0, open(file));
        }
        SnapshotFile last = files.get(files.size() - 1);
        long from = files.get(1).from();
        long to = last.position();
        String ending = last.path().substring(last.path().lastIndexOf('.') + 1);
        String path = Companion.path(SnapshotFile.deltaPath(from, to), ending);
        join(newestFirst, copy.resolve(path));
        SnapshotFile all = new SnapshotFile(from, to, path, Files.size(copy.resolve(path)), hash(copy.resolve(path)));
        return List.of(files.get(0), all);
    }

    private static String state(Remembered accepted) {
        List<Object> list = new ArrayList<>();
        accepted.files.forEach(file -> list.add(file.tree(true)));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("catalog", accepted.json);
        state.put("files", list);
        state.put("last", accepted.last.tree(true));
        return CanonicalJson.write(state) + "\n";
    }

    /** Replaces the state in one step, once it is on the disk. */
    private void replace(String text) throws IOException {
        Path next = copy.resolve(STATE + UNFINISHED);
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, copy.resolve(STATE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes files that neither this state nor the one before it has: another process may still open those. */
    private void sweep(List<SnapshotFile> files, List<SnapshotFile> before) {
        Set<String> used = new HashSet<>();
        files.forEach(file -> used.add(file.path()));
        before.forEach(file -> used.add(file.path()));
        for (String part : List.of("releases", "deltas")) {
            try (Stream<Path> all = Files.list(copy.resolve(part))) {
                for (Path file : (Iterable<Path>) all::iterator) {
                    if (!used.contains(part + "/" + file.getFileName())) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException busy) {
                // Some systems do not delete a file that is open. The next update tries again.
            }
        }
    }
}
