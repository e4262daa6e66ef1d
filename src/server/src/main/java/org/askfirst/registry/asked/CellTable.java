package org.askfirst.registry.asked;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;
import org.apache.datasketches.frequencies.LongsSketch;
import org.jspecify.annotations.Nullable;

/**
 * Counts of lookups in a stretch of one day: an open-addressing table of longs that grows up to a fixed size. Counting
 * creates no objects.
 *
 * <p>A cell counts the items that an entry answered, for one asker: in all (work 0), or for one work. An item that
 * reaches a cell several times is counted once. Works use at most half of the places, and totals seven eighths, so that
 * totals stay exact when works are too many. Works without a place are counted by a sketch, and totals without a place
 * as {@link #uncounted()}. Not safe for use by several threads.
 */
final class CellTable {
    /** Places of a table that has grown as far as it may. A place has 48 bytes. */
    static final int MAX_PLACES = 1 << 14;

    /** The number of totals and works after which a full table is exchanged. */
    static final int MAX_WORKS = MAX_PLACES / 2;

    static final int MAX_TOTALS = MAX_PLACES / 8 * 7;

    /** Counters of the sketch of one table. */
    static final int SKETCH_SIZE = 1 << 12;

    private static final int FIRST_PLACES = 1 << 6;
    private static final int LONGS = 6;
    private static final int WORK = 1;
    private static final int ASKER = 2;
    private static final int ITEM = 4;
    private static final int COUNT = 5;

    private final LocalDate day;
    private long[] cells = new long[FIRST_PLACES * LONGS];
    private int mask = FIRST_PLACES - 1;
    private int used;
    private long item;
    private long uncounted;
    private @Nullable LongsSketch sketch;

    CellTable(LocalDate day) {
        this.day = day;
    }

    LocalDate day() {
        return day;
    }

    /** Returns true if nothing was counted. */
    boolean isEmpty() {
        return used == 0 && uncounted == 0 && sketch == null;
    }

    /** Returns true if no work gets a place any more. */
    boolean isFull() {
        return used >= MAX_WORKS;
    }

    int size() {
        return used;
    }

    /** Returns the items of totals that got no place. */
    long uncounted() {
        return uncounted;
    }

    /** Returns the sketch of the works that got no place; null if each got one. */
    @Nullable LongsSketch sketch() {
        return sketch;
    }

    /** Begins the next item. */
    void next() {
        item++;
    }

    /**
     * Counts the present item for an entry and a work of it.
     *
     * @param position the position of the entry, from 1
     * @param work the number of the work; not 0
     * @param exact false if works go to the sketch, because the database has no room for more
     */
    void add(long position, long work, UUID asker, boolean exact) {
        long high = asker.getMostSignificantBits();
        long low = asker.getLeastSignificantBits();
        if (!add(position, 0, high, low, MAX_TOTALS)) {
            uncounted++;
        }
        if (!exact || !add(position, work, high, low, MAX_WORKS)) {
            if (sketch == null) {
                sketch = new LongsSketch(SKETCH_SIZE);
            }
            sketch.update(sketched(position, work), 1);
        }
    }

    /** Returns the number under which a sketch counts a work of an entry. Spellings of a work are one. */
    static long sketched(long position, long work) {
        return mix(mix(position) ^ (work >>> 1));
    }

    private boolean add(long position, long work, long high, long low, int most) {
        int at = place(cells, mask, position, work, high, low);
        if (cells[at] == 0) {
            if (used >= most) {
                return false;
            }
            if (used * 4L >= (mask + 1) * 3L && mask + 1 < MAX_PLACES) {
                grow();
                at = place(cells, mask, position, work, high, low);
            }
            cells[at] = position;
            cells[at + WORK] = work;
            cells[at + ASKER] = high;
            cells[at + ASKER + 1] = low;
            used++;
        } else if (cells[at + ITEM] == item) {
            return true;
        }
        cells[at + ITEM] = item;
        cells[at + COUNT]++;
        return true;
    }

    /** Returns the place of the cell, or the empty place where it belongs. One place is always empty. */
    private static int place(long[] cells, int mask, long position, long work, long high, long low) {
        int place = (int) mix(mix(mix(position) ^ work) ^ high ^ low) & mask;
        while (true) {
            int at = place * LONGS;
            if (cells[at] == 0
                    || (cells[at] == position
                            && cells[at + WORK] == work
                            && cells[at + ASKER] == high
                            && cells[at + ASKER + 1] == low)) {
                return at;
            }
            place = (place + 1) & mask;
        }
    }

    /** Mixes bits, as SplitMix64 does. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private void grow() {
        long[] old = cells;
        mask = (mask << 1) | 1;
        cells = new long[(mask + 1) * LONGS];
        for (int from = 0; from < old.length; from += LONGS) {
            if (old[from] != 0) {
                int to = place(cells, mask, old[from], old[from + WORK], old[from + ASKER], old[from + ASKER + 1]);
                System.arraycopy(old, from, cells, to, LONGS);
            }
        }
    }

    /** Receives the cells of a table. */
    interface Visitor {
        /**
         * Receives one cell.
         *
         * @param work 0 for the total
         */
        void cell(long position, long work, UUID asker, long lookups);
    }

    /** Passes all cells to the visitor, in no order. */
    void forEach(Visitor visitor) {
        for (int at = 0; at < cells.length; at += LONGS) {
            if (cells[at] != 0) {
                visitor.cell(
                        cells[at],
                        cells[at + WORK],
                        new UUID(cells[at + ASKER], cells[at + ASKER + 1]),
                        cells[at + COUNT]);
            }
        }
    }

    @Override
    public String toString() {
        return day + ": " + used + " of " + (mask + 1) + " places, " + uncounted + " uncounted, "
                + Arrays.toString(sketch == null ? new long[0] : new long[] {sketch.getStreamLength()});
    }
}
