package org.askfirst.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
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
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
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

    /** So many files are read for each key at most; more are joined. */
    private static final int MAX_FILES = 24;

    private final Path copy;
    private final Ed25519Verifier key;
    private final Clock clock;
    private volatile @Nullable Opened opened;

    /** The state that was accepted last. */
    private record Opened(Catalog catalog, List<SnapshotFile> files, IndexView view) {}

    private Snapshot(Path copy, Ed25519Verifier key, Clock clock) {
        this.copy = copy;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Opens the copy in that folder. If the folder is empty, {@link #update} has to fetch it first.
     *
     * @param copy the folder of the copy, which is created; one process at a time may use it
     * @param logKey the verifier key of the log, as {@code /log/verifier-key} gives it, from somebody you trust
     * @throws RefusedException if the copy was changed, or is that of another log. An expired copy is opened: it answers
     *     nothing, and can be updated
     */
    public static Snapshot open(Path copy, String logKey) throws IOException, RefusedException {
        return open(copy, logKey, Clock.systemUTC());
    }

    static Snapshot open(Path copy, String logKey, Clock clock) throws IOException, RefusedException {
        Ed25519Verifier key;
        try {
            key = Ed25519Verifier.parse(logKey.strip());
        } catch (MalformedException malformed) {
            throw new RefusedException(
                    Refusal.BAD_SIGNATURE, "the log's key cannot be read: " + malformed.getMessage());
        }
        Files.createDirectories(copy.resolve("releases"));
        Files.createDirectories(copy.resolve("deltas"));
        Snapshot snapshot = new Snapshot(copy, key, clock);
        if (Files.exists(copy.resolve(STATE))) {
            snapshot.load();
        }
        return snapshot;
    }

    private void load() throws IOException, RefusedException {
        Catalog.Signed signed = verified(Files.readString(copy.resolve(Catalog.FILE)));
        List<SnapshotFile> files = new ArrayList<>();
        try {
            Map<?, ?> state = CanonicalJson.parseObject(Files.readString(copy.resolve(STATE)));
            if (state.get("files") instanceof List<?> list) {
                for (Object file : list) {
                    files.add(SnapshotFile.of(file, true));
                }
            }
        } catch (IllegalArgumentException damaged) {
            throw new RefusedException(Refusal.TAMPERED, "the state of the copy cannot be read");
        }
        opened = new Opened(signed.catalog(), files, view(signed.catalog(), files));
    }

    /** Returns the catalogue that is used now; null if there is none. */
    public @Nullable Catalog catalog() {
        Opened now = opened;
        return now == null ? null : now.catalog;
    }

    /**
     * Fetches the newest state.
     *
     * @param source the folder of the snapshot
     * @param progress gets each file before it is fetched
     * @return the catalogue that is used from now on
     * @throws RefusedException if something is wrong; then the copy stays as it was
     */
    public synchronized Catalog update(SnapshotSource source, Consumer<SnapshotFile> progress)
            throws IOException, RefusedException {
        Catalog.Signed signed = verified(fetchCatalog(source));
        Catalog catalog = signed.catalog();
        Instant now = clock.instant();
        if (!catalog.expiresAt().isAfter(now)) {
            throw new RefusedException(Refusal.EXPIRED, "the catalogue was valid until " + catalog.expiresAt());
        }
        Opened before = opened;
        if (before != null
                && (catalog.position() < before.catalog.position()
                        || catalog.issuedAt().isBefore(before.catalog.issuedAt()))) {
            throw new RefusedException(
                    Refusal.ROLLED_BACK,
                    "the catalogue is of " + catalog.issuedAt() + " at position " + catalog.position()
                            + ", and one of " + before.catalog.issuedAt() + " at position "
                            + before.catalog.position() + " was accepted before");
        }
        List<SnapshotFile> missing = path(catalog, before == null ? -1 : before.catalog.position());
        for (SnapshotFile file : missing) {
            progress.accept(file);
            fetch(source, file);
        }
        List<SnapshotFile> files = new ArrayList<>();
        boolean continues = missing.isEmpty() || missing.get(0).path().startsWith("deltas/");
        if (before != null && continues) {
            files.addAll(before.files);
        }
        files.addAll(missing);
        IndexView view = view(catalog, files);
        if (files.size() > MAX_FILES) {
            files = joined(files);
            view = view(catalog, files);
        }
        // The catalogue comes first: a copy whose state is older than its catalogue is refused and fetched again.
        replace(Catalog.FILE, signed.json());
        replace(STATE, state(files));
        opened = new Opened(catalog, List.copyOf(files), view);
        sweep(files);
        return catalog;
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

    /** Returns the catalogue if the log's key signed it. */
    private Catalog.Signed verified(String json) throws RefusedException {
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
        try (InputStream in = source.open(file, have);
                OutputStream out = Files.newOutputStream(
                        unfinished,
                        StandardOpenOption.CREATE,
                        have > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            long left = file.bytes() - have;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
            if (left > 0) {
                throw new RefusedException(Refusal.TRUNCATED, file.path() + " ends " + left + " bytes early");
            }
            if (in.read() >= 0) {
                Files.deleteIfExists(unfinished);
                throw new RefusedException(Refusal.TRUNCATED, file.path() + " is longer than the catalogue says");
            }
        } catch (NoSuchFileException none) {
            throw new RefusedException(Refusal.TRUNCATED, file.path() + " is missing");
        } catch (IOException unreachable) {
            throw new RefusedException(Refusal.UNREACHABLE, String.valueOf(unreachable.getMessage()));
        }
        if (!hash(unfinished).equals(file.sha256())) {
            Files.delete(unfinished);
            throw new RefusedException(Refusal.TAMPERED, file.path() + " has another content than the catalogue says");
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** Opens the files, oldest first, and compares their headers with the catalogue. */
    private IndexView view(Catalog catalog, List<SnapshotFile> files) throws RefusedException {
        return IndexView.of(open(catalog, files));
    }

    private List<Segment> open(Catalog catalog, List<SnapshotFile> files) throws RefusedException {
        List<Segment> segments = new ArrayList<>();
        long reached = 0;
        for (SnapshotFile file : files) {
            Segment segment = open(file);
            if (!segment.origin().ledger().equals(catalog.log())
                    || segment.origin().position() != file.position()
                    || (segments.isEmpty() ? file.from() != 0 : file.from() != reached)) {
                throw new RefusedException(Refusal.MIXED, file.path() + " does not belong to this snapshot");
            }
            reached = file.position();
            segments.add(segment);
        }
        if (segments.isEmpty() || reached != catalog.position()) {
            throw new RefusedException(Refusal.MIXED, "the files do not reach position " + catalog.position());
        }
        Collections.reverse(segments);
        return segments;
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

    private static String state(List<SnapshotFile> files) {
        List<Object> list = new ArrayList<>();
        files.forEach(file -> list.add(file.tree(true)));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("files", list);
        return CanonicalJson.write(state) + "\n";
    }

    private void replace(String name, String content) throws IOException {
        Path next = copy.resolve(name + UNFINISHED);
        Files.writeString(next, content);
        Files.move(next, copy.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void sweep(List<SnapshotFile> files) throws IOException {
        Set<String> used = new HashSet<>();
        files.forEach(file -> used.add(file.path()));
        for (String part : List.of("releases", "deltas")) {
            try (Stream<Path> all = Files.list(copy.resolve(part))) {
                for (Path file : (Iterable<Path>) all::iterator) {
                    if (!used.contains(part + "/" + file.getFileName())) {
                        Files.deleteIfExists(file);
                    }
                }
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
        if (now == null || !now.catalog.expiresAt().isAfter(moment)) {
            Decision.Reason reason = now == null ? Decision.Reason.UNREACHABLE : Decision.Reason.EXPIRED;
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
            decisions.add(
                    count == 0
                            ? Decision.nothing(Decision.Reason.UNREADABLE, moment)
                            : judge(reaching.subList(at, at + count), uses, now.view.position(), moment));
            at += count;
        }
        return decisions;
    }

    private static Decision judge(List<List<Match>> reaching, Collection<Use> uses, long position, Instant moment) {
        Map<Statement, Match> matches = new LinkedHashMap<>();
        for (List<Match> one : reaching) {
            for (Match match : one) {
                matches.putIfAbsent(match.statement(), match);
            }
        }
        Verdicts verdicts = Verdicts.of(List.copyOf(matches.keySet()), uses, moment);
        Match deciding = null;
        for (Verdicts.Assessment assessment : verdicts.assessments()) {
            if (assessment.decides()) {
                deciding = matches.get(assessment.statement());
                break;
            }
        }
        return new Decision(
                verdicts.verdict(),
                verdicts.uses(),
                verdicts.verdict() == Verdict.UNKNOWN ? Decision.Reason.NOTHING_DECLARED : Decision.Reason.DECLARED,
                deciding == null ? null : deciding.subject(),
                position,
                moment);
    }
}
