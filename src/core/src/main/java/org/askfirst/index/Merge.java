package org.askfirst.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Writes the keys and site prefilters of the changes and the segments, newest first.
     *
     * @param includesOldest true if no older segment remains, so that keys without postings can be left out
     */
    static void write(Delta changes, List<Segment> segments, boolean includesOldest, SegmentWriter writer)
            throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        cursors.add(of(changes.sorted()));
        segments.forEach(segment -> cursors.add(of(segment)));
        cursors.removeIf(cursor -> !cursor.next());
        while (!cursors.isEmpty()) {
            Cursor first = cursors.get(0);
            for (int i = 1; i < cursors.size(); i++) {
                if (KeyWords.compare(cursors.get(i).key, 0, first.key, 0) < 0) {
                    first = cursors.get(i);
                }
            }
            long[] inForce = inForce(first.postings());
            if (inForce.length > 0 || !includesOldest) {
                writer.add(first.key, 0, inForce);
            }
            stepPast(first.key.clone(), cursors);
        }
        writeSitePrefilters(changes.sortedSitePrefilters(), segments, writer);
    }

    private static void stepPast(long[] key, List<Cursor> cursors) {
        for (int i = cursors.size() - 1; i >= 0; i--) {
            Cursor cursor = cursors.get(i);
            if (KeyWords.compare(cursor.key, 0, key, 0) == 0 && !cursor.next()) {
                cursors.remove(i);
            }
        }
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

    private static void writeSitePrefilters(long[] changed, List<Segment> segments, SegmentWriter writer)
            throws IOException {
        long[] places = new long[segments.size()];
        int place = 0;
        while (true) {
            boolean any = place < changed.length;
            long least = any ? changed[place] : 0;
            for (int i = 0; i < places.length; i++) {
                Prefixes prefilters = segments.get(i).sitePrefilters();
                if (places[i] < prefilters.count()
                        && (!any || Long.compareUnsigned(prefilters.at(places[i]), least) < 0)) {
                    least = prefilters.at(places[i]);
                    any = true;
                }
            }
            if (!any) {
                return;
            }
            writer.addSitePrefilter(least);
            while (place < changed.length && changed[place] == least) {
                place++;
            }
            for (int i = 0; i < places.length; i++) {
                Prefixes prefilters = segments.get(i).sitePrefilters();
                while (places[i] < prefilters.count() && prefilters.at(places[i]) == least) {
                    places[i]++;
                }
            }
        }
    }
}
