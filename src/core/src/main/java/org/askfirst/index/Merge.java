package org.askfirst.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.entry.Positions;

/** One pass over changes and older files, in the order of keys; of one key the newest says everything. */
final class Merge {
    private static final long[] NONE = new long[0];

    private Merge() {}

    /** Keys in order, one after another. */
    private abstract static class Cursor {
        final long[] key = new long[4];
        private long place = -1;

        /** Steps to the next key; false at the end. */
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
     * Writes keys and gates of the changes and the segments, newest first.
     *
     * @param toTheBottom whether there is no older segment, so that a key of which nothing is left can be left out
     */
    static void write(Delta changes, List<Segment> segments, boolean toTheBottom, SegmentWriter writer)
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
            long[] standing = standing(first.postings());
            if (standing.length > 0 || !toTheBottom) {
                writer.add(first.key, 0, standing);
            }
            stepPast(first.key.clone(), cursors);
        }
        writeGates(changes.sortedGates(), segments, writer);
    }

    private static void stepPast(long[] key, List<Cursor> cursors) {
        for (int i = cursors.size() - 1; i >= 0; i--) {
            Cursor cursor = cursors.get(i);
            if (KeyWords.compare(cursor.key, 0, key, 0) == 0 && !cursor.next()) {
                cursors.remove(i);
            }
        }
    }

    /** What of the postings has not ended. */
    static long[] standing(long[] postings) {
        int count = 0;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            count += postings[at + Posting.UNTIL] == Positions.NO_END ? 1 : 0;
        }
        if (count * Posting.LONGS == postings.length) {
            return postings;
        }
        long[] standing = count == 0 ? NONE : new long[count * Posting.LONGS];
        int to = 0;
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (postings[at + Posting.UNTIL] == Positions.NO_END) {
                System.arraycopy(postings, at, standing, to, Posting.LONGS);
                to += Posting.LONGS;
            }
        }
        return standing;
    }

    private static void writeGates(long[] changed, List<Segment> segments, SegmentWriter writer) throws IOException {
        long[] places = new long[segments.size()];
        int place = 0;
        while (true) {
            boolean any = place < changed.length;
            long least = any ? changed[place] : 0;
            for (int i = 0; i < places.length; i++) {
                Prefixes gates = segments.get(i).gates();
                if (places[i] < gates.count() && (!any || Long.compareUnsigned(gates.at(places[i]), least) < 0)) {
                    least = gates.at(places[i]);
                    any = true;
                }
            }
            if (!any) {
                return;
            }
            writer.addGate(least);
            while (place < changed.length && changed[place] == least) {
                place++;
            }
            for (int i = 0; i < places.length; i++) {
                Prefixes gates = segments.get(i).gates();
                while (places[i] < gates.count() && gates.at(places[i]) == least) {
                    places[i]++;
                }
            }
        }
    }
}
