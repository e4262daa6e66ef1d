package org.askfirst.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.askfirst.entry.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The content of an index at one position, from which the files of a snapshot are written. It never changes. The format
 * of the files is {@code docs/formats/segment.md}.
 */
public final class IndexCut {
    private final Origin origin;
    private final List<Delta.Content> live;
    private final List<Segment> segments;
    private final PartyRegisterSnapshot register;
    private final @Nullable Origin before;
    private final List<Delta.Content> changes;

    /**
     * Creates a cut.
     *
     * @param live changes that are newer than the files
     * @param before the place of the cut from which on the changes are known; null if they are not known
     * @param changes the changes since then, and perhaps older ones, newest first
     */
    IndexCut(
            Origin origin,
            List<Delta.Content> live,
            List<Segment> segments,
            PartyRegisterSnapshot register,
            @Nullable Origin before,
            List<Delta.Content> changes) {
        this.origin = origin;
        this.live = List.copyOf(live);
        this.segments = segments;
        this.register = register;
        this.before = before;
        this.changes = List.copyOf(changes);
    }

    /** Returns the ledger, and the last entry that the cut includes. */
    public Origin origin() {
        return origin;
    }

    /** Writes everything to one file. */
    public Segment writeAll(Path file) throws IOException {
        try (SegmentWriter writer = new SegmentWriter(file)) {
            Merge.write(live, segments, true, writer);
            return writer.finish(origin, register);
        }
    }

    /** Returns true if the cut remembers what has changed since that earlier one. */
    public boolean remembersSince(Origin earlier) {
        return earlier.equals(before);
    }

    /**
     * Writes what has changed since the previous cut to one file, which is read before the files of that state.
     *
     * @throws IllegalStateException if the cut does not remember it
     */
    public Segment writeChanges(Path file) throws IOException {
        Origin since = before;
        if (since == null) {
            throw new IllegalStateException("the changes are not known");
        }
        try (SegmentWriter writer = new SegmentWriter(file)) {
            Merge.writeSince(since.position(), changes, writer);
            return writer.finish(origin, register);
        }
    }

    /**
     * Writes the difference to any earlier state, found by a comparison of all keys.
     *
     * @param earlier the files of the earlier state, newest first
     */
    public Segment writeDifference(List<Segment> earlier, Path file) throws IOException {
        try (SegmentWriter writer = new SegmentWriter(file)) {
            Merge.writeDifference(earlier, live, segments, writer);
            return writer.finish(origin, register);
        }
    }

    /**
     * Writes consecutive files of changes as one.
     *
     * @param changes the files, newest first
     */
    public static Segment join(List<Segment> changes, Path file) throws IOException {
        Segment newest = changes.get(0);
        try (SegmentWriter writer = new SegmentWriter(file)) {
            Merge.write(List.of(), changes, false, writer);
            return writer.finish(newest.origin(), newest.partyRegister().upTo(Positions.NO_END));
        }
    }
}
