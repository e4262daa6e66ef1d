package org.askfirst.tlog;

/**
 * The position of a tile or an entry bundle in its row, and its width: the part {@code <N>[.p/<W>]} of both paths.
 *
 * @param index the number of tiles or bundles to its left
 * @param width the width, from 1 to {@link Tile#FULL_WIDTH}
 */
record TilePosition(long index, int width) {
    private static final String PARTIAL = ".p/";
    private static final int GROUP = 1000;

    /**
     * Reads the only valid spelling, which {@link #path()} writes.
     *
     * @param what the word for messages: tile or entry bundle
     */
    static TilePosition parse(String path, String what) throws MalformedException {
        int dot = path.indexOf(PARTIAL);
        int width = Tile.FULL_WIDTH;
        if (dot >= 0) {
            long value = StrictText.decimal(path.substring(dot + PARTIAL.length()), "width of a " + what);
            if (value < 1 || value >= Tile.FULL_WIDTH) {
                throw new MalformedException("a partial " + what + " is 1 to " + (Tile.FULL_WIDTH - 1) + " wide");
            }
            width = (int) value;
        }
        TilePosition position = new TilePosition(index(dot < 0 ? path : path.substring(0, dot), what), width);
        // The digits were read leniently; every spelling except the valid one is refused here.
        if (!position.path().equals(path)) {
            throw new MalformedException("the index of a " + what + " must be written like x001/x234/067");
        }
        return position;
    }

    private static long index(String groups, String what) throws MalformedException {
        String digits = groups.replace("/", "").replace("x", "");
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return StrictText.decimal(digits.substring(zeros), "index of a " + what);
    }

    boolean isPartial() {
        return width < Tile.FULL_WIDTH;
    }

    /** Returns the path, such as {@code x001/x234/067} or {@code 003.p/17}. */
    String path() {
        StringBuilder path = new StringBuilder(digits(index));
        for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
            path.insert(0, "x" + digits(rest) + "/");
        }
        if (isPartial()) {
            path.append(PARTIAL).append(width);
        }
        return path.toString();
    }

    private static String digits(long number) {
        String last = Long.toString(GROUP + number % GROUP);
        return last.substring(1);
    }
}
