package org.askfirst.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFile;
import org.askfirst.index.IndexCut;
import org.askfirst.index.IndexView;
import org.askfirst.index.Match;
import org.askfirst.index.Segment;
import org.askfirst.subject.Subject;
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

    private final Segments copy;

    private Snapshot(Segments copy) {
        this.copy = copy;
    }

    /** The segments of a snapshot. */
    private static final class Segments extends SnapshotCopy<Segment, IndexView> {
        Segments(Path folder, String logKey, Clock clock) throws RefusedException {
            super(folder, logKey, clock);
        }

        @Override
        SnapshotFile listed(SnapshotFile entry) {
            return entry;
        }

        @Override
        Segment read(SnapshotFile file, Path path) throws IOException {
            return Segment.open(path);
        }

        @Override
        boolean belongs(Segment opened, String log, SnapshotFile file) {
            return opened.origin().ledger().equals(log) && opened.origin().position() == file.position();
        }

        @Override
        boolean isIntact(IndexView view) {
            return view.isIntact();
        }

        @Override
        IndexView view(List<Segment> newestFirst) {
            return IndexView.of(newestFirst);
        }

        @Override
        void join(List<Segment> newestFirst, Path file) throws IOException {
            IndexCut.join(newestFirst, file);
        }

        @Override
        boolean isOutgrown(List<SnapshotFile> files, Catalog latest) {
            return false;
        }
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
        Segments segments = new Segments(copy, logKey, clock);
        segments.open();
        return new Snapshot(segments);
    }

    /** Returns the catalogue that is used now; null if there is none. */
    public @Nullable Catalog catalog() {
        return copy.catalog();
    }

    /**
     * Compares the content of each file of the copy with its hash.
     *
     * @throws RefusedException if there is no copy, or if a file has another length or content
     */
    public void verify() throws IOException, RefusedException {
        copy.verify();
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
    public Catalog update(SnapshotSource source, Consumer<SnapshotFile> progress) throws IOException, RefusedException {
        return copy.update(source, progress);
    }

    /**
     * The content of a copy.
     *
     * @param view the statements and proofs
     * @param catalog the catalogue, which says until when the content may be used
     */
    public record Content(IndexView view, Catalog catalog) {
        /** Returns true if the catalogue has not expired at that moment. */
        public boolean isInTime(Instant moment) {
            return !SnapshotCopy.isOutOfTime(catalog, moment);
        }
    }

    /**
     * Returns the content of the copy; null if there is none. Ask each time: the next update replaces it. Before you use
     * it, see that it {@linkplain Content#isInTime is in time} and {@linkplain IndexView#isIntact intact}.
     */
    public @Nullable Content content() {
        SnapshotCopy.Opened<Segment, IndexView> now = copy.opened();
        return now == null ? null : new Content(now.view(), now.catalog());
    }

    /**
     * Takes the copy out of use, because something in it cannot be true. The next {@link #update} compares each file
     * with its hash.
     */
    public void distrust(String reason) {
        copy.distrust(reason);
    }

    /**
     * Passes the whole content of the copy on as one segment, and the catalogue that was signed for it, so that other
     * files can be made of it.
     *
     * @param scratch a file that is written, and deleted at the end, if the copy has files of changes
     * @throws RefusedException if there is no copy, if it has expired, or if a file has another length or content
     */
    public void export(Path scratch, Export to) throws IOException, RefusedException {
        copy.verify();
        SnapshotCopy.Opened<Segment, IndexView> now = copy.opened();
        if (now == null) {
            throw new RefusedException(Refusal.TRUNCATED, "there is no copy yet; run update");
        }
        SnapshotCopy.refuseOutOfTime(now.catalog(), copy.clock.instant());
        List<Segment> newestFirst = new ArrayList<>(now.files().values());
        Collections.reverse(newestFirst);
        try {
            to.accept(
                    newestFirst.size() == 1 ? newestFirst.get(0) : IndexCut.join(newestFirst, scratch),
                    now.catalog(),
                    now.json());
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
     * Checks a catalogue alone, for files that somebody made from the copy. It compares with nothing that was accepted
     * before.
     *
     * @param json the content of {@code catalog.json}
     * @param logKey the verifier key of the log
     * @throws RefusedException if the log's key did not sign it, or if nothing may be answered from it at that moment
     */
    public static Catalog checked(String json, String logKey, Instant moment) throws RefusedException {
        Catalog catalog = SnapshotCopy.verified(json, SnapshotCopy.key(logKey)).catalog();
        SnapshotCopy.refuseOutOfTime(catalog, moment);
        return catalog;
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
        SnapshotCopy.Opened<Segment, IndexView> now = copy.opened();
        Instant moment = copy.clock.instant();
        List<Decision> decisions = new ArrayList<>(works.size());
        // Whoever changes a file of the copy could hide what is declared.
        boolean isUsable = now != null && now.view().isIntact();
        if (now == null || !isUsable || SnapshotCopy.isOutOfTime(now.catalog(), moment)) {
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
            reaching = now.view().reaching(asked);
        } catch (InternalError | IndexOutOfBoundsException changed) {
            // Somebody changed a mapped file.
            works.forEach(work -> decisions.add(Decision.nothing(Decision.Reason.UNREACHABLE, moment)));
            return decisions;
        }
        int at = 0;
        for (int count : counts) {
            Decision test = Decision.ofTest(asked.subList(at, at + count), uses, moment);
            decisions.add(
                    test != null
                            ? test
                            : Decision.of(
                                    reaching.subList(at, at + count),
                                    uses,
                                    now.view().position(),
                                    moment));
            at += count;
        }
        return decisions;
    }
}
