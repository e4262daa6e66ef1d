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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.index.IndexCut;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.index.Segment;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.tlog.Checkpoint;
import org.askfirst.tlog.Ed25519Verifier;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.NotProvenException;
import org.askfirst.tlog.SignedNote;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a registry's snapshot, from which any number of threads get answers. Nobody learns what they ask.
 *
 * <p>{@link #update} fetches what has changed, and refuses whatever {@code docs/formats/snapshot.md} tells to refuse. A
 * copy stays usable until its catalogue expires, also if updates are refused. After that, every decision is {@link
 * Decision.Reason#EXPIRED}.
 */
public final class Snapshot {
    /** The version of this client, which a catalogue compares. */
    public static final String VERSION = "0.1.0";

    private static final String STATE = "state.json";
    private static final String UNFINISHED = ".unfinished";
    private static final int BUFFER = 1 << 16;

    /** A catalogue may be so much newer than the clock here. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    /** So many files are read for each key at most; more are joined. */
    private static final int MAX_FILES = 24;

    private final Path copy;
    private final Ed25519Verifier key;
    private final Clock clock;
    private @Nullable String stateText;

    /** The last catalogue that was accepted. It is remembered also if its files cannot be used. */
    private volatile @Nullable Remembered remembered;

    private volatile @Nullable Opened opened;

    /** Why the files of the copy are not used; null if they are, or if there are none. */
    private volatile @Nullable RefusedException unusable;

    /**
     * The state that was accepted last.
     *
     * @param json the content of its file
     * @param files the files of the copy, oldest first
     * @param last the last file that was fetched
     */
    private record Remembered(Catalog catalog, String json, List<SnapshotFile> files, SnapshotFile last) {}

    /** The files that answer. */
    private record Opened(Catalog catalog, Map<SnapshotFile, Segment> segments, IndexView view) {}

    private Snapshot(Path copy, Ed25519Verifier key, Clock clock) {
        this.copy = copy;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Opens the copy in that folder. If the folder is empty, or if its files cannot be used, {@link #update} has to fetch
     * them first.
     *
     * @param copy the folder of the copy, which is created
     * @param logKey the verifier key of the log, as {@code /log/verifier-key} gives it, from somebody you trust
     * @throws RefusedException if the copy was made with another key
     */
    public static Snapshot open(Path copy, String logKey) throws IOException, RefusedException {
        return open(copy, logKey, Clock.systemUTC());
    }

    static Snapshot open(Path copy, String logKey, Clock clock) throws IOException, RefusedException {
        Ed25519Verifier key = key(logKey);
        Files.createDirectories(copy.resolve("releases"));
        Files.createDirectories(copy.resolve("deltas"));
        Snapshot snapshot = new Snapshot(copy, key, clock);
        snapshot.load();
        return snapshot;
    }

    private static Ed25519Verifier key(String logKey) throws RefusedException {
        try {
            return Ed25519Verifier.parse(logKey.strip());
        } catch (MalformedException malformed) {
            throw new RefusedException(
                    Refusal.BAD_SIGNATURE, "the log's key cannot be read: " + malformed.getMessage());
        }
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
        remembered = found;
        stateText = text;
        unusable = null;
        try {
            opened = open(found.catalog, found.files, Map.of());
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

    /** Returns the catalogue that is used now; null if there is none. */
    public @Nullable Catalog catalog() {
        Opened now = opened;
        return now == null ? null : now.catalog;
    }

    /**
     * Passes the whole content of the copy on as one segment, and the catalogue that was signed for it, so that other
     * files can be made of it.
     *
     * @param scratch a file that is written, and deleted at the end, if the copy has files of changes
     * @throws RefusedException if there is no copy, if it has expired, or if a file has another length or content
     */
    public void export(Path scratch, Export to) throws IOException, RefusedException {
        verify();
        Opened now = opened;
        Remembered accepted = remembered;
        if (now == null || accepted == null) {
            throw new RefusedException(Refusal.TRUNCATED, "there is no copy yet; run update");
        }
        refuseOutOfTime(now.catalog, clock.instant());
        List<Segment> newestFirst = new ArrayList<>(now.segments.values());
        Collections.reverse(newestFirst);
        try {
            to.accept(
                    newestFirst.size() == 1 ? newestFirst.get(0) : IndexCut.join(newestFirst, scratch),
                    accepted.catalog,
                    accepted.json);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** Makes other files of a copy. */
    public interface Export {
        /**
         * Takes the content of a copy.
         *
         * @param segment everything that is in force at the position of the catalogue
         * @param json the signed catalogue as it was fetched
         */
        void accept(Segment segment, Catalog catalog, String json) throws IOException;
    }

    /**
     * Compares the content of each file of the copy with its hash.
     *
     * @throws RefusedException if there is no copy, or if a file has another length or content
     */
    public void verify() throws IOException, RefusedException {
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
    public synchronized Catalog update(SnapshotSource source, Consumer<SnapshotFile> progress)
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
        Opened base = opened;
        // Changes apply only to the files that the registry still has.
        boolean continues = base != null && before != null && lists(catalog, before.last);
        List<SnapshotFile> missing = path(catalog, continues && before != null ? before.catalog.position() : -1);
        for (SnapshotFile file : missing) {
            progress.accept(file);
            fetch(source, file);
        }
        List<SnapshotFile> files = new ArrayList<>();
        if (continues && before != null && (missing.isEmpty() || isChanges(missing.get(0)))) {
            files.addAll(before.files);
        }
        files.addAll(missing);
        Map<SnapshotFile, Segment> known = base == null ? Map.of() : base.segments;
        Opened next = open(catalog, files, known);
        if (files.size() > MAX_FILES) {
            files = joined(files);
            next = open(catalog, files, known);
        }
        SnapshotFile last = missing.isEmpty() && before != null ? before.last : missing.get(missing.size() - 1);
        Remembered accepted = new Remembered(catalog, signed.json(), List.copyOf(files), last);
        String text = state(accepted);
        replace(text);
        stateText = text;
        remembered = accepted;
        opened = next;
        unusable = null;
        sweep(files, before == null ? List.of() : before.files);
        return catalog;
    }

    private static boolean isChanges(SnapshotFile file) {
        return file.path().startsWith("deltas/");
    }

    private static boolean lists(Catalog catalog, SnapshotFile last) {
        return Stream.concat(catalog.releases().stream(), catalog.deltas().stream())
                .anyMatch(
                        file -> file.path().equals(last.path()) && file.sha256().equals(last.sha256()));
    }

    private static void refuseOutOfTime(Catalog catalog, Instant moment) throws RefusedException {
        if (isOutOfTime(catalog, moment)) {
            throw new RefusedException(
                    Refusal.EXPIRED,
                    "the catalogue is of " + catalog.issuedAt() + " and valid until " + catalog.expiresAt());
        }
    }

    /** Returns true if nothing may be answered from that catalogue at that moment. */
    private static boolean isOutOfTime(Catalog catalog, Instant moment) {
        return !catalog.expiresAt().isAfter(moment) || catalog.issuedAt().isAfter(moment.plus(CLOCKS_DIFFER));
    }

    private static List<SnapshotFile> path(Catalog catalog, long from) throws RefusedException {
        try {
            return catalog.path(from);
        } catch (IllegalArgumentException gap) {
            throw new RefusedException(Refusal.MIXED, String.valueOf(gap.getMessage()));
        }
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

    /**
     * Checks a catalogue alone, for files that somebody made from the copy. It compares with nothing that was accepted
     * before.
     *
     * @param json the content of {@code catalog.json}
     * @param logKey the verifier key of the log
     * @throws RefusedException if the log's key did not sign it, or if nothing may be answered from it at that moment
     */
    public static Catalog checked(String json, String logKey, Instant moment) throws RefusedException {
        Catalog catalog = verified(json, key(logKey)).catalog();
        refuseOutOfTime(catalog, moment);
        return catalog;
    }

    private Catalog.Signed verified(String json) throws RefusedException {
        return verified(json, key);
    }

    /** Returns the catalogue if the log's key signed it. */
    private static Catalog.Signed verified(String json, Ed25519Verifier key) throws RefusedException {
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
        String[] ours = VERSION.split("\\.", -1);
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

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    /**
     * Opens the files, oldest first, and compares their headers with the catalogue.
     *
     * @param known files that are open already
     */
    private Opened open(Catalog catalog, List<SnapshotFile> files, Map<SnapshotFile, Segment> known)
            throws RefusedException {
        Map<SnapshotFile, Segment> segments = new LinkedHashMap<>();
        long reached = 0;
        for (SnapshotFile file : files) {
            Segment segment = known.get(file);
            if (segment == null) {
                segment = open(file);
            }
            if (!segment.origin().ledger().equals(catalog.log())
                    || segment.origin().position() != file.position()
                    || (segments.isEmpty() ? isChanges(file) : file.from() != reached)) {
                throw new RefusedException(Refusal.MIXED, file.path() + " does not belong to this snapshot");
            }
            reached = file.position();
            segments.put(file, segment);
        }
        if (segments.isEmpty() || reached != catalog.position()) {
            throw new RefusedException(Refusal.MIXED, "the files do not reach position " + catalog.position());
        }
        List<Segment> newestFirst = new ArrayList<>(segments.values());
        Collections.reverse(newestFirst);
        return new Opened(catalog, segments, IndexView.of(newestFirst));
    }

    private Segment open(SnapshotFile file) throws RefusedException {
        Path path = copy.resolve(file.path());
        try {
            if (Files.size(path) != file.bytes()) {
                throw new RefusedException(Refusal.TRUNCATED, file.path() + " has another length");
            }
            return Segment.open(path);
        } catch (NoSuchFileException none) {
            throw new RefusedException(Refusal.TRUNCATED, file.path() + " is missing");
        } catch (IOException damaged) {
            throw new RefusedException(Refusal.TAMPERED, String.valueOf(damaged.getMessage()));
        }
    }

    /** Joins all files of changes to one. */
    private List<SnapshotFile> joined(List<SnapshotFile> files) throws IOException, RefusedException {
        List<Segment> newestFirst = new ArrayList<>();
        for (SnapshotFile file : files.subList(1, files.size())) {
            newestFirst.add(0, open(file));
        }
        long from = files.get(1).from();
        long to = files.get(files.size() - 1).position();
        String path = SnapshotFile.deltaPath(from, to);
        IndexCut.join(newestFirst, copy.resolve(path));
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

    /** Decides about one work, which is named by everything that is known of it. */
    public Decision decide(List<String> subjects, Collection<Use> uses) {
        return decideAll(List.of(subjects), uses).get(0);
    }

    /**
     * Decides about many works, in their order. This is cheaper than one call for each.
     *
     * @param works for each work its subjects or addresses; a work without any is unreadable
     * @param uses the asked uses, at least one
     */
    public List<Decision> decideAll(List<List<String>> works, Collection<Use> uses) {
        Opened now = opened;
        Instant moment = clock.instant();
        List<Decision> decisions = new ArrayList<>(works.size());
        // Whoever changes a file of the copy could hide what is declared.
        boolean isUsable = now != null && now.view.isIntact();
        if (now == null || !isUsable || isOutOfTime(now.catalog, moment)) {
            Decision.Reason reason = isUsable ? Decision.Reason.EXPIRED : Decision.Reason.UNREACHABLE;
            works.forEach(work -> decisions.add(Decision.nothing(reason, moment)));
            return decisions;
        }
        List<Subject> asked = new ArrayList<>();
        int[] counts = new int[works.size()];
        for (int i = 0; i < counts.length; i++) {
            List<Subject> subjects = WorkNames.read(works.get(i));
            asked.addAll(subjects);
            counts[i] = subjects.size();
        }
        List<List<Match>> reaching;
        try {
            reaching = now.view.reaching(asked);
        } catch (InternalError | IndexOutOfBoundsException changed) {
            // Somebody changed a mapped file.
            works.forEach(work -> decisions.add(Decision.nothing(Decision.Reason.UNREACHABLE, moment)));
            return decisions;
        }
        int at = 0;
        for (int count : counts) {
            decisions.add(Decision.of(reaching.subList(at, at + count), uses, now.view.position(), moment));
            at += count;
        }
        return decisions;
    }
}
