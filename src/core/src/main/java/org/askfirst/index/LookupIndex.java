package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
 * Everything that stands, by key: immutable files, and in memory what came since.
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>{@link #view} never waits and never changes: it is swapped by one volatile write, after each {@link #apply},
 *       each merge and each replacement. What was applied before a view was taken is in it.
 *   <li>A file is used only after every byte of it was checked, and only if it is of this ledger and of this public
 *       suffix list; what cannot be used is left out as a whole, and the index is empty.
 *   <li>A process may be killed at any moment: files appear whole, and the list of them is replaced in one step. What
 *       was in memory alone is applied again from the ledger, from {@link IndexView#position} on.
 * </ul>
 *
 * <p>One caller at a time may apply, and one merge: methods that change anything are synchronized for as long as it
 * takes to swap, and reading and writing of files goes on outside.
 */
public final class LookupIndex implements AutoCloseable {
    private static final String LIST = "segments";
    private static final String LIST_HEAD = "Ask First index 1";
    private static final String SUFFIX = ".segment";

    /** Changed keys are merged into a file when there are so many: some tens of megabytes. */
    private static final int MERGE_AT = 200_000;

    private static final int MERGE_AT_A_STOP = 10_000;

    /** A merge takes in older files up to so many times as large as what is merged, so that each is rewritten seldom. */
    private static final int REACH = 4;

    private final Path folder;
    private final String ledger;
    private final FileChannel lock;
    private volatile IndexView view = empty();
    private volatile @Nullable String complaint;
    private String leafHash = "";
    private Origin frozenAt;
    private long generation;

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
     * The index in that folder, as it was left; empty, at position 0, if there is none that can be used.
     *
     * @param ledger the name of the log of the ledger that it is to be of
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    public static LookupIndex open(Path folder, String ledger) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isTaken(lock)) {
            lock.close();
            throw new IOException("another process uses the index in " + folder);
        }
        LookupIndex index = new LookupIndex(folder, ledger, lock);
        index.load();
        return index;
    }

    private static boolean isTaken(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
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
                        newest.origin().position(), new Delta(), null, List.copyOf(segments), newest.registers());
            }
        } catch (NoSuchFileException none) {
            complaint = Files.exists(folder.resolve(LIST)) ? none.getMessage() + " is missing" : null;
        } catch (IOException unusable) {
            complaint = unusable.getMessage();
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
            throw new IOException(segment + " is of another ledger");
        }
        if (!segment.origin().suffixes().equals(PublicSuffixes.bundled().version())) {
            throw new IOException(segment + " was made with another public suffix list");
        }
        return segment;
    }

    /** Removes files that the list does not name, and notes the greatest number that a name has. */
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

    /** Why what was found in the folder could not be used; null if it could, or there was nothing. */
    public @Nullable String complaint() {
        return complaint;
    }

    /** Everything as it stands now. */
    public IndexView view() {
        return view;
    }

    /** Up to where the index has come, and the leaf hash there. */
    public synchronized Origin origin() {
        return origin(view.position(), leafHash);
    }

    private Origin origin(long position, String hash) {
        return new Origin(ledger, position, hash, PublicSuffixes.bundled().version());
    }

    /**
     * Takes in what entries of the ledger change, all of it or, to whoever reads, none yet.
     *
     * @param position of the last of these entries
     * @param leafHash of that entry
     * @throws IllegalStateException if they do not follow what the index holds; it must then be replaced
     */
    public synchronized void apply(List<IndexChange> changes, long position, String leafHash) {
        IndexView before = view;
        if (position <= before.position()) {
            throw new IllegalStateException("at position " + before.position() + " already, not to go to " + position);
        }
        for (IndexChange change : changes) {
            if (change instanceof IndexChange.Kept kept) {
                keep(before, kept);
            } else if (change instanceof IndexChange.Ended ended) {
                for (Subject as : ended.subject().indexedAs()) {
                    end(before, as.key(), ended.statedAt(), ended.position());
                }
            } else if (change instanceof IndexChange.RepertoireListed listed) {
                list(before, listed);
            } else if (change instanceof IndexChange.KeptFor kept) {
                keep(before, Repertoire.keyOf(kept.repertoire()), kept.posting().position(), kept.posting()::write);
            } else if (change instanceof IndexChange.EndedFor ended) {
                end(before, Repertoire.keyOf(ended.repertoire()), ended.statedAt(), ended.position());
            } else if (change instanceof IndexChange.Erased erased) {
                before.registers().erase(erased.party(), erased.position());
            } else if (change instanceof IndexChange.Lapsed lapsed) {
                lapse(before, lapsed);
            } else if (change instanceof IndexChange.StateOf held) {
                before.registers().put(held.party(), held.state(), held.position());
            } else if (change instanceof IndexChange.TermOf held) {
                before.registers().put(held.mandate(), held.term(), held.position());
            }
        }
        this.leafHash = leafHash;
        view = new IndexView(position, before.live(), before.frozen(), before.segments(), before.registers());
    }

    private static void keep(IndexView view, IndexChange.Kept kept) {
        Subject subject = kept.subject();
        Posting posting = kept.posting();
        if (posting.stances() == null) {
            keep(view, subject.key(), posting.position(), posting::write);
            return;
        }
        for (Subject as : subject.indexedAs()) {
            Posting here = as.equals(subject) ? posting : posting.underOtherSubject();
            keep(view, as.key(), here.position(), here::write);
        }
        keepGate(view, subject);
    }

    private static void list(IndexView view, IndexChange.RepertoireListed listed) {
        Subject subject = listed.subject();
        Listing listing = listed.listing();
        for (Subject as : subject.indexedAs()) {
            Listing here = new Listing(listing.repertoire(), listing.position(), !as.equals(subject));
            keep(view, as.key(), here.position(), here::write);
        }
        keepGate(view, subject);
    }

    private static void keepGate(IndexView view, Subject subject) {
        subject.gate().ifPresent(gate -> view.live().putGate(gate.word(0), gate.word(1), gate.word(2), gate.word(3)));
    }

    /** Writes what is kept in a list of postings, at a place. */
    private interface Written {
        void write(long[] postings, int at);
    }

    private static void keep(IndexView view, SubjectKey key, long position, Written kept) {
        long[] before = view.postings(words(key));
        for (int at = 0; at < before.length; at += Posting.LONGS) {
            if (Posting.position(before[at + Posting.WORD]) == position) {
                // Two subjects of one declaration are kept under one key: the first has it.
                return;
            }
        }
        long[] after = Arrays.copyOf(before, before.length + Posting.LONGS);
        kept.write(after, before.length);
        put(view, key, after);
    }

    private static void end(IndexView view, SubjectKey key, long statedAt, long position) {
        long[] postings = view.postings(words(key)).clone();
        boolean found = false;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (Posting.position(postings[at + Posting.WORD]) == statedAt) {
                found = true;
                postings[at + Posting.UNTIL] = Math.min(postings[at + Posting.UNTIL], position);
            }
        }
        if (!found) {
            throw new IllegalStateException("nothing under " + key + " is known from position " + statedAt);
        }
        put(view, key, postings);
    }

    private static void lapse(IndexView view, IndexChange.Lapsed lapsed) {
        SubjectKey key = lapsed.subject().key();
        long[] postings = view.postings(words(key)).clone();
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (Posting.kind(postings[at + Posting.WORD]) == Posting.PROOF
                    && Posting.party(postings, at).equals(lapsed.party())
                    && postings[at + Posting.UNTIL] == Positions.NO_END) {
                postings[at + Posting.UNTIL] = lapsed.position();
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

    /** Whether enough has changed that a merge is worth its while. */
    public boolean isMergeDue() {
        IndexView now = view;
        return now.frozen() != null || now.live().size() >= MERGE_AT;
    }

    /** Whether so much has changed that a next start is quicker with a file than with the entries. */
    public boolean isMergeWorthwhile() {
        return view.live().size() >= MERGE_AT_A_STOP;
    }

    /**
     * Writes what changed into a file, together with older files that are not much larger. Readers and {@link #apply} go
     * on meanwhile. One at a time.
     *
     * @throws IOException if the file cannot be written; nothing is lost, and the next call tries again
     */
    public void merge() throws IOException {
        IndexView start = freeze();
        Delta frozen = start.frozen();
        if (frozen == null) {
            return;
        }
        List<Segment> taken = new ArrayList<>();
        long size = frozen.size();
        for (Segment segment : start.segments()) {
            if (segment.keys() > REACH * size) {
                break;
            }
            taken.add(segment);
            size += segment.keys();
        }
        boolean toTheBottom = taken.size() == start.segments().size();
        Origin origin = frozenAt;
        Segment merged;
        try (SegmentWriter writer = new SegmentWriter(nextFile())) {
            Merge.write(frozen, taken, toTheBottom, writer);
            merged = writer.finish(origin, start.registers().upTo(origin.position()));
        }
        install(merged, frozen, taken);
    }

    /** The changes so far are set apart, and new ones go to another table. */
    private synchronized IndexView freeze() {
        IndexView now = view;
        if (now.frozen() == null && now.live().size() > 0) {
            view = new IndexView(now.position(), new Delta(), now.live(), now.segments(), now.registers());
            frozenAt = origin(now.position(), leafHash);
        }
        return view;
    }

    private synchronized void install(Segment merged, Delta from, List<Segment> taken) throws IOException {
        IndexView now = view;
        if (now.frozen() != from) {
            // The index was replaced meanwhile.
            Files.deleteIfExists(merged.path());
            return;
        }
        List<Segment> segments = new ArrayList<>();
        segments.add(merged);
        segments.addAll(now.segments().subList(taken.size(), now.segments().size()));
        writeList(segments);
        view = new IndexView(now.position(), now.live(), null, List.copyOf(segments), now.registers());
        for (Segment segment : taken) {
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

    /** A builder of a segment to replace this index with. */
    public SegmentBuilder builder() {
        return new SegmentBuilder(nextFile());
    }

    /**
     * From now on the index is what that segment says, which a builder of its own made, and nothing else.
     *
     * @throws IOException if the list of segments cannot be written; then the index is as it was
     */
    public synchronized void replace(Segment rebuilt) throws IOException {
        writeList(List.of(rebuilt));
        List<Segment> before = view.segments();
        leafHash = rebuilt.origin().leafHash();
        view = new IndexView(rebuilt.origin().position(), new Delta(), null, List.of(rebuilt), rebuilt.registers());
        for (Segment segment : before) {
            Files.deleteIfExists(segment.path());
        }
    }

    /** Lets another process use the folder. Views go on answering. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
