package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Repertoire;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is in force, by key: immutable files, and newer changes in memory.
 *
 * <p>The class makes these promises:
 *
 * <ul>
 *   <li>{@link #view} never waits, and a view never changes. One volatile write replaces the view after each {@link
 *       #apply}, each merge and each replacement. A view includes everything that was applied before it was taken.
 *   <li>A file is used only after every byte of it was checked, and only if it belongs to this ledger and to this
 *       public suffix list. If one file cannot be used, none is, and the index is empty.
 *   <li>A process may be killed at any moment. Files appear only when they are complete, and the list of files is
 *       replaced in one step. Changes that existed only in memory are applied again from the ledger, from {@link
 *       IndexView#position} on.
 * </ul>
 *
 * <p>One thread at a time may apply, and one may merge. Methods that change anything are synchronized only for the time
 * of the swap; files are read and written outside the lock.
 */
public final class LookupIndex implements AutoCloseable {
    private static final String LIST = "segments";
    private static final String LIST_HEAD = "Ask First index 1";
    private static final String SUFFIX = ".segment";

    /** The number of changed keys at which they are merged into a file: some tens of megabytes. */
    private static final int MERGE_AT = 200_000;

    private static final int MERGE_AT_A_STOP = 10_000;

    /** The number of changed keys that a cut copies, which takes some milliseconds. */
    private static final int MAX_COPIED = 20_000;

    /** The number of changed keys that are remembered for the next cut: some hundred megabytes. */
    private static final int MAX_REMEMBERED = 1_000_000;

    /**
     * A merge includes older files that have up to this many times as many keys as the merged part, so each key is
     * rewritten rarely.
     */
    private static final int MAX_SIZE_RATIO = 4;

    private final Path folder;
    private final String ledger;
    private final FileChannel lock;
    private volatile IndexView view = empty();
    private volatile @Nullable String unusableReason;
    private String leafHash = "";
    private Origin frozenAt;
    private long generation;

    /** The changes since the last cut, newest first; null if they are not known. */
    private @Nullable List<Delta> changes;

    private @Nullable IndexCut lastCut;

    private LookupIndex(Path folder, String ledger, FileChannel lock) {
        this.folder = folder;
        this.ledger = ledger;
        this.lock = lock;
        this.frozenAt = origin(0, "");
    }

    private static IndexView empty() {
        return new IndexView(0, new Delta(), null, List.of(), new VersionedPartyRegister());
    }

    /**
     * Opens the index in that folder in its last state; empty, at position 0, if there is none that can be used.
     *
     * @param folder the folder, which is created if it is missing
     * @param ledger the name of the log of the ledger to which the index must belong
     * @throws IOException if the folder cannot be used, or if another process uses it
     */
    public static LookupIndex open(Path folder, String ledger) throws IOException {
        createFolder(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!lockExclusively(lock)) {
            lock.close();
            throw new IOException("another process uses the index in " + folder);
        }
        LookupIndex index = new LookupIndex(folder, ledger, lock);
        index.load();
        return index;
    }

    /** Creates the folder so that only its owner can read it. */
    private static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static boolean lockExclusively(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private synchronized void load() throws IOException {
        try {
            List<Segment> segments = new ArrayList<>();
            for (String name : names()) {
                segments.add(usable(Segment.open(folder.resolve(name))));
            }
            if (!segments.isEmpty()) {
                Segment newest = segments.get(0);
                leafHash = newest.origin().leafHash();
                view = new IndexView(
                        newest.origin().position(), new Delta(), null, List.copyOf(segments), newest.partyRegister());
                frozenAt = newest.origin();
            }
        } catch (NoSuchFileException none) {
            unusableReason = Files.exists(folder.resolve(LIST)) ? none.getMessage() + " is missing" : null;
        } catch (IOException unusable) {
            unusableReason = unusable.getMessage();
        }
        sweep();
    }

    private List<String> names() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(LIST), StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.get(0).equals(LIST_HEAD)) {
            throw new IOException("the list of segments cannot be read");
        }
        return lines.subList(1, lines.size());
    }

    private Segment usable(Segment segment) throws IOException {
        if (!segment.origin().ledger().equals(ledger)) {
            throw new IOException(segment + " belongs to another ledger");
        }
        if (!segment.origin().suffixes().equals(PublicSuffixes.bundled().version())) {
            throw new IOException(segment + " was made with another public suffix list");
        }
        return segment;
    }

    /** Removes files that the list does not name, and finds the greatest number in a file name. */
    private void sweep() throws IOException {
        Set<String> named = new HashSet<>();
        view.segments()
                .forEach(segment -> named.add(segment.path().getFileName().toString()));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX) || SegmentWriter.isLeftBehind(file)) {
                    if (named.contains(name)) {
                        generation = Math.max(generation, Long.parseLong(name.substring(0, name.indexOf('.'))));
                    } else {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    /** Returns the reason why the files in the folder could not be used; null if they could, or if there were none. */
    public @Nullable String unusableReason() {
        return unusableReason;
    }

    /** Returns the current view. */
    public IndexView view() {
        return view;
    }

    /** Returns the position up to which the index has been updated, and the leaf hash there. */
    public synchronized Origin origin() {
        return origin(view.position(), leafHash);
    }

    private Origin origin(long position, String hash) {
        return new Origin(ledger, position, hash, PublicSuffixes.bundled().version());
    }

    /**
     * Applies the changes that entries of the ledger make. Readers see all of them or none.
     *
     * @param changes the changes, in the order of the ledger
     * @param position the position of the last of these entries
     * @param leafHash the leaf hash of that entry
     * @throws IllegalStateException if the changes do not follow the index's position; the index must then be replaced
     */
    public synchronized void apply(List<IndexChange> changes, long position, String leafHash) {
        IndexView before = view;
        if (position <= before.position()) {
            throw new IllegalStateException(
                    "the index is at position " + before.position() + " and cannot go to " + position);
        }
        for (IndexChange change : changes) {
            if (change instanceof IndexChange.Kept kept) {
                keep(before, kept);
            } else if (change instanceof IndexChange.Ended ended) {
                for (Subject as : ended.subject().indexedAs()) {
                    end(before, as.key(), ended.statedAt(), ended.position());
                }
            } else if (change instanceof IndexChange.Contested contested) {
                keepUnderAllKeys(before, contested.subject(), Posting.of(contested.contest()));
            } else if (change instanceof IndexChange.ContestEnded ended) {
                for (Subject as : ended.subject().indexedAs()) {
                    end(before, as.key(), ended.contestedAt(), ended.position());
                }
            } else if (change instanceof IndexChange.RepertoireListed listed) {
                list(before, listed);
            } else if (change instanceof IndexChange.KeptFor kept) {
                keep(before, Repertoire.keyOf(kept.repertoire()), kept.posting().position(), kept.posting()::write);
            } else if (change instanceof IndexChange.EndedFor ended) {
                end(before, Repertoire.keyOf(ended.repertoire()), ended.statedAt(), ended.position());
            } else if (change instanceof IndexChange.Erased erased) {
                before.partyRegister().erase(erased.party(), erased.position());
            } else if (change instanceof IndexChange.Described described) {
                before.partyRegister()
                        .describe(
                                described.party(),
                                described.contactable(),
                                described.sameContact(),
                                described.position());
            } else if (change instanceof IndexChange.ContactChecked checked) {
                before.partyRegister().check(checked.party(), checked.check(), checked.position());
            } else if (change instanceof IndexChange.Lapsed revocation) {
                revokeControl(before, revocation);
            } else if (change instanceof IndexChange.StateOf changed) {
                before.partyRegister().put(changed.party(), changed.state(), changed.position());
            } else if (change instanceof IndexChange.TermOf changed) {
                before.partyRegister().put(changed.mandate(), changed.term(), changed.position());
            }
        }
        this.leafHash = leafHash;
        view = new IndexView(position, before.live(), before.frozen(), before.segments(), before.partyRegister());
    }

    private static void keep(IndexView view, IndexChange.Kept kept) {
        Subject subject = kept.subject();
        Posting posting = kept.posting();
        if (posting.stances() == null) {
            keep(view, subject.key(), posting.position(), posting::write);
            return;
        }
        keepUnderAllKeys(view, subject, posting);
        keepSitePrefilter(view, subject);
    }

    private static void keepUnderAllKeys(IndexView view, Subject subject, Posting posting) {
        for (Subject as : subject.indexedAs()) {
            Posting here = as.equals(subject) ? posting : posting.underOtherSubject();
            keep(view, as.key(), here.position(), here::write);
        }
    }

    private static void list(IndexView view, IndexChange.RepertoireListed listed) {
        Subject subject = listed.subject();
        Listing listing = listed.listing();
        for (Subject as : subject.indexedAs()) {
            Listing here = new Listing(listing.repertoire(), listing.position(), !as.equals(subject));
            keep(view, as.key(), here.position(), here::write);
        }
        keepSitePrefilter(view, subject);
    }

    private static void keepSitePrefilter(IndexView view, Subject subject) {
        subject.storedSitePrefilter()
                .ifPresent(prefilter -> view.live()
                        .putSitePrefilter(prefilter.word(0), prefilter.word(1), prefilter.word(2), prefilter.word(3)));
    }

    /** Writes one posting or listing to a list of postings. */
    private interface PostingWriter {
        void write(long[] postings, int at);
    }

    private static void keep(IndexView view, SubjectKey key, long position, PostingWriter kept) {
        long[] before = view.postings(words(key));
        int place = before.length;
        for (int at = 0; at < before.length; at += Posting.LONGS) {
            if (Posting.position(before[at + Posting.WORD]) == position) {
                place = at;
            }
        }
        long[] after = Arrays.copyOf(before, Math.max(before.length, place + Posting.LONGS));
        kept.write(after, place);
        // If two subjects of one entry share a key, that of which it is the own key wins, and otherwise the first.
        boolean isRepeated = place < before.length
                && ((before[place + Posting.WORD] & Posting.OTHER_SUBJECT) == 0
                        || (after[place + Posting.WORD] & Posting.OTHER_SUBJECT) != 0);
        if (!isRepeated) {
            put(view, key, after);
        }
    }

    private static void end(IndexView view, SubjectKey key, long statedAt, long position) {
        long[] postings = view.postings(words(key)).clone();
        boolean hasEnded = false;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (Posting.position(postings[at + Posting.WORD]) == statedAt) {
                hasEnded = true;
                postings[at + Posting.UNTIL] = Math.min(postings[at + Posting.UNTIL], position);
            }
        }
        if (!hasEnded) {
            throw new IllegalStateException("the index has nothing under " + key + " from position " + statedAt);
        }
        put(view, key, postings);
    }

    private static void revokeControl(IndexView view, IndexChange.Lapsed revocation) {
        SubjectKey key = revocation.subject().key();
        long[] postings = view.postings(words(key)).clone();
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (Posting.kind(postings[at + Posting.WORD]) == Posting.PROOF
                    && !Posting.isContest(postings[at + Posting.WORD])
                    && Posting.party(postings, at).equals(revocation.party())
                    && postings[at + Posting.UNTIL] == Positions.NO_END) {
                postings[at + Posting.UNTIL] = revocation.position();
            }
        }
        if (postings.length > 0) {
            put(view, key, postings);
        }
    }

    private static void put(IndexView view, SubjectKey key, long[] postings) {
        view.live().put(key.word(0), key.word(1), key.word(2), key.word(3), postings);
    }

    private static long[] words(SubjectKey key) {
        return new long[] {key.word(0), key.word(1), key.word(2), key.word(3)};
    }

    /** Returns true if enough keys have changed for a merge. */
    public boolean isMergeDue() {
        IndexView now = view;
        return now.frozen() != null || now.live().size() >= MERGE_AT;
    }

    /** Returns true if so many keys have changed that the next start is faster with a file than with the entries. */
    public boolean isMergeWorthwhile() {
        return view.live().size() >= MERGE_AT_A_STOP;
    }

    /**
     * Writes the changes to a file, together with older files that are not much larger. Readers and {@link #apply}
     * continue meanwhile. Only one thread at a time may call this.
     *
     * @throws IOException if the file cannot be written; nothing is lost, and the next call tries again
     */
    public void merge() throws IOException {
        IndexView start = freeze();
        Delta frozen = start.frozen();
        if (frozen == null) {
            return;
        }
        List<Segment> sources = new ArrayList<>();
        long size = frozen.size();
        for (Segment segment : start.segments()) {
            if (segment.keys() > MAX_SIZE_RATIO * size) {
                break;
            }
            sources.add(segment);
            size += segment.keys();
        }
        boolean includesOldest = sources.size() == start.segments().size();
        Origin origin = frozenAt;
        Segment merged;
        try (SegmentWriter writer = new SegmentWriter(nextFile())) {
            Merge.write(List.of(frozen.content()), sources, includesOldest, writer);
            merged = writer.finish(origin, start.partyRegister().upTo(origin.position()));
        }
        install(merged, frozen, sources);
    }

    /** Freezes the changes so far; new changes go to another table. */
    private synchronized IndexView freeze() {
        IndexView now = view;
        if (now.frozen() == null && now.live().size() > 0) {
            view = new IndexView(now.position(), new Delta(), now.live(), now.segments(), now.partyRegister());
            frozenAt = origin(now.position(), leafHash);
            remember(now.live());
        }
        return view;
    }

    /** Keeps the changes for the next cut, unless they are too many. */
    private void remember(Delta frozen) {
        List<Delta> since = changes;
        if (since == null) {
            return;
        }
        since.add(0, frozen);
        long size = 0;
        for (Delta one : since) {
            size += one.size();
        }
        if (size > MAX_REMEMBERED) {
            changes = null;
        }
    }

    /**
     * Returns the whole content, for a copy. Readers and {@link #apply} continue meanwhile. Many changes are merged into
     * a file first, and few are copied, so that lookups do not have to search a small file for each cut. Only one thread
     * at a time may call this or {@link #merge}. From the first call on, the index remembers the changes until the next
     * call.
     *
     * @throws IOException if a file cannot be written; nothing is lost, and the next call tries again
     */
    public IndexCut cut() throws IOException {
        IndexView start = view;
        if (start.frozen() != null || start.live().size() > MAX_COPIED) {
            merge();
        }
        IndexView now;
        Origin at;
        Delta.Content live;
        IndexCut before;
        List<Delta> since;
        synchronized (this) {
            now = view;
            at = origin();
            before = lastCut;
            if (before != null && at.position() <= before.origin().position()) {
                return before;
            }
            live = now.live().content();
            since = changes;
            changes = new ArrayList<>();
        }
        List<Delta.Content> known = new ArrayList<>(List.of(live));
        if (since != null) {
            since.forEach(one -> known.add(one.content()));
        }
        IndexCut cut = new IndexCut(
                at,
                List.of(live),
                now.segments(),
                now.partyRegister().upTo(at.position()),
                since == null || before == null ? null : before.origin(),
                known);
        synchronized (this) {
            // After a replacement, the changes since this cut would not be known.
            lastCut = changes == null ? null : cut;
        }
        return cut;
    }

    private synchronized void install(Segment merged, Delta from, List<Segment> sources) throws IOException {
        IndexView now = view;
        if (now.frozen() != from) {
            // The index was replaced while the file was written.
            Files.deleteIfExists(merged.path());
            return;
        }
        List<Segment> segments = new ArrayList<>();
        segments.add(merged);
        segments.addAll(now.segments().subList(sources.size(), now.segments().size()));
        writeList(segments);
        view = new IndexView(now.position(), now.live(), null, List.copyOf(segments), now.partyRegister());
        for (Segment segment : sources) {
            Files.deleteIfExists(segment.path());
        }
    }

    private synchronized Path nextFile() {
        generation++;
        return folder.resolve(String.format(Locale.ROOT, "%06d%s", generation, SUFFIX));
    }

    private void writeList(List<Segment> segments) throws IOException {
        StringBuilder text = new StringBuilder(LIST_HEAD).append('\n');
        segments.forEach(segment -> text.append(segment.path().getFileName()).append('\n'));
        Path next = folder.resolve(LIST + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, folder.resolve(LIST), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the name of a file that was changed, cut short or removed since it was opened; null if there is none. */
    public @Nullable String damagedFile() {
        for (Segment segment : view.segments()) {
            // A merge removes a file after it has replaced the view, so a removed file counts only if it is still used.
            if (!segment.isIntact() && view.segments().contains(segment)) {
                return String.valueOf(segment.path().getFileName());
            }
        }
        return null;
    }

    /** Returns a builder of a segment that can replace this index. */
    public SegmentBuilder builder() throws IOException {
        createFolder(folder);
        return new SegmentBuilder(nextFile());
    }

    /**
     * Replaces the whole content of the index by a segment, which {@link #builder} made.
     *
     * @param rebuilt the new content
     * @throws IOException if the list of segments cannot be written; the index then stays as it was
     */
    public synchronized void replace(Segment rebuilt) throws IOException {
        writeList(List.of(rebuilt));
        List<Segment> before = view.segments();
        leafHash = rebuilt.origin().leafHash();
        changes = null;
        lastCut = null;
        frozenAt = rebuilt.origin();
        view = new IndexView(rebuilt.origin().position(), new Delta(), null, List.of(rebuilt), rebuilt.partyRegister());
        for (Segment segment : before) {
            Files.deleteIfExists(segment.path());
        }
    }

    /** Lets another process use the folder. Existing views continue to work. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
