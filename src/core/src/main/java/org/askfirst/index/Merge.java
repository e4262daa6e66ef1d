package org.askfirst.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.askfirst.entry.Positions;

/**
 * Merges changes and older files in one pass, in the order of keys. For each key, the newest source replaces all
 * others.
 */
final class Merge {
    private static final long[] NONE = new long[0];

    private Merge() {}

    /** A cursor over keys in order. */
    private abstract static class Cursor {
        final long[] key = new long[4];
        private long place = -1;

        /** Moves to the next key; returns false at the end. */
        boolean next() {
            place++;
            if (place >= size()) {
                return false;
            }
            read(place);
            return true;
        }

        long[] postings() {
            return postings(place);
        }

        abstract long size();

        abstract void read(long at);

        abstract long[] postings(long at);
    }

    private static Cursor of(Delta.Sorted changes) {
        return new Cursor() {
            @Override
            long size() {
                return changes.size();
            }

            @Override
            void read(long at) {
                changes.key((int) at, key);
            }

            @Override
            long[] postings(long at) {
                return changes.postings((int) at);
            }
        };
    }

    private static Cursor of(Segment segment) {
        return new Cursor() {
            @Override
            long size() {
                return segment.keys();
            }

            @Override
            void read(long at) {
                segment.key(at, key);
            }

            @Override
            long[] postings(long at) {
                return segment.postings(at);
            }
        };
    }

    /** All keys of several sources in order, each once, with the postings in force in the newest source that has it. */
    private static final class Merged {
        private final List<Cursor> cursors;
        private long[] key = NONE;
        private long[] all = NONE;
        private long[] inForce = NONE;

        /** Creates it from sources, newest first. */
        Merged(List<Delta.Content> changes, List<Segment> segments) {
            cursors = new ArrayList<>();
            changes.forEach(one -> cursors.add(of(one.keys())));
            segments.forEach(segment -> cursors.add(of(segment)));
            cursors.removeIf(cursor -> !cursor.next());
        }

        /** Moves to the next key; returns false at the end. */
        boolean next() {
            if (cursors.isEmpty()) {
                return false;
            }
            Cursor first = cursors.get(0);
            for (int i = 1; i < cursors.size(); i++) {
                if (KeyWords.compare(cursors.get(i).key, 0, first.key, 0) < 0) {
                    first = cursors.get(i);
                }
            }
            all = first.postings();
            inForce = inForce(all);
            key = first.key.clone();
            for (int i = cursors.size() - 1; i >= 0; i--) {
                Cursor cursor = cursors.get(i);
                if (KeyWords.compare(cursor.key, 0, key, 0) == 0 && !cursor.next()) {
                    cursors.remove(i);
                }
            }
            return true;
        }
    }

    /**
     * Writes the keys and site prefilters of the changes and the segments, each newest first. All changes are newer than
     * all segments.
     *
     * @param includesOldest true if no older segment remains, so that keys without postings can be left out
     */
    static void write(List<Delta.Content> changes, List<Segment> segments, boolean includesOldest, SegmentWriter writer)
            throws IOException {
        Merged merged = new Merged(changes, segments);
        while (merged.next()) {
            if (merged.inForce.length > 0 || !includesOldest) {
                writer.add(merged.key, 0, merged.inForce);
            }
        }
        writeSitePrefilters(changes, segments, List.of(), writer);
    }

    /** Writes the keys that changed after a position, and the site prefilters of the changes, each newest first. */
    static void writeSince(long position, List<Delta.Content> changes, SegmentWriter writer) throws IOException {
        Merged merged = new Merged(changes, List.of());
        while (merged.next()) {
            if (hasChangedSince(position, merged.all)) {
                writer.add(merged.key, 0, merged.inForce);
            }
        }
        writeSitePrefilters(changes, List.of(), List.of(), writer);
    }

    private static boolean hasChangedSince(long position, long[] postings) {
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            long until = postings[at + Posting.UNTIL];
            if (Posting.position(postings[at + Posting.WORD]) > position
                    || (until > position && until != Positions.NO_END)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes the keys under which something else is in force than before, and the site prefilters that are new.
     *
     * @param before the segments of the earlier state, newest first
     * @param changes the changes of the later state that are newer than its segments, newest first
     * @param after the segments of the later state, newest first
     */
    static void writeDifference(
            List<Segment> before, List<Delta.Content> changes, List<Segment> after, SegmentWriter writer)
            throws IOException {
        Merged old = new Merged(List.of(), before);
        Merged now = new Merged(changes, after);
        boolean hasOld = old.next();
        boolean hasNow = now.next();
        while (hasOld || hasNow) {
            int order = !hasOld ? 1 : !hasNow ? -1 : KeyWords.compare(old.key, 0, now.key, 0);
            if (order < 0) {
                if (old.inForce.length > 0) {
                    writer.add(old.key, 0, NONE);
                }
            } else if (order > 0 ? now.inForce.length > 0 : !Arrays.equals(old.inForce, now.inForce)) {
                writer.add(now.key, 0, now.inForce);
            }
            hasOld = order <= 0 ? old.next() : hasOld;
            hasNow = order >= 0 ? now.next() : hasNow;
        }
        writeSitePrefilters(changes, after, before, writer);
    }

    /** Returns the postings that have not ended. */
    static long[] inForce(long[] postings) {
        int count = 0;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            count += postings[at + Posting.UNTIL] == Positions.NO_END ? 1 : 0;
        }
        if (count * Posting.LONGS == postings.length) {
            return postings;
        }
        long[] inForce = count == 0 ? NONE : new long[count * Posting.LONGS];
        int to = 0;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (postings[at + Posting.UNTIL] == Positions.NO_END) {
                System.arraycopy(postings, at, inForce, to, Posting.LONGS);
                to += Posting.LONGS;
            }
        }
        return inForce;
    }

    /** Writes the site prefilters of some sources in order, without those that the last ones have. */
    private static void writeSitePrefilters(
            List<Delta.Content> changes, List<Segment> segments, List<Segment> without, SegmentWriter writer)
            throws IOException {
        List<SortedLongs> sources = new ArrayList<>();
        changes.forEach(one -> sources.add(SortedLongs.of(one.sitePrefilters())));
        segments.forEach(segment -> sources.add(SortedLongs.of(segment.sitePrefilters())));
        List<SortedLongs> known = without.stream()
                .map(segment -> SortedLongs.of(segment.sitePrefilters()))
                .toList();
        while (true) {
            sources.removeIf(SortedLongs::isAtEnd);
            if (sources.isEmpty()) {
                return;
            }
            long least = sources.get(0).value();
            for (SortedLongs source : sources) {
                least = Long.compareUnsigned(source.value(), least) < 0 ? source.value() : least;
            }
            boolean isKnown = false;
            for (SortedLongs one : known) {
                isKnown |= one.has(least);
            }
            if (!isKnown) {
                writer.addSitePrefilter(least);
            }
            for (SortedLongs source : sources) {
                source.has(least);
            }
        }
    }

    /** A cursor over unsigned numbers in order. */
    private static final class SortedLongs {
        private final LongUnaryOperator at;
        private final long size;
        private long place;

        private SortedLongs(LongUnaryOperator at, long size) {
            this.at = at;
            this.size = size;
        }

        static SortedLongs of(List<Long> sorted) {
            return new SortedLongs(place -> sorted.get((int) place), sorted.size());
        }

        static SortedLongs of(Prefixes prefixes) {
            return new SortedLongs(prefixes::at, prefixes.count());
        }

        boolean isAtEnd() {
            return place >= size;
        }

        long value() {
            return at.applyAsLong(place);
        }

        /** Moves past that value; returns true if it was there. */
        boolean has(long value) {
            boolean found = false;
            while (!isAtEnd() && Long.compareUnsigned(value(), value) <= 0) {
                found |= value() == value;
                place++;
            }
            return found;
        }
    }
}
