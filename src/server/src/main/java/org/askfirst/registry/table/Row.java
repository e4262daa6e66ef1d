package org.askfirst.registry.table;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table.
 *
 * @param number as in a spreadsheet, from 1
 * @param cells from the first column on; cells after the last filled one may be missing
 * @param uncomputed formulas by their columns, for cells whose result the spreadsheet has not stored
 * @param skip the reason why the row is not read as a work; null if it is
 */
public record Row(
        long number,
        List<String> cells,
        Map<Integer, String> uncomputed,
        @Nullable Skip skip) {
    Row(long number, List<String> cells) {
        this(number, cells, Map.of(), null);
    }

    Row(long number, List<String> cells, Map<Integer, String> uncomputed) {
        this(number, cells, uncomputed, null);
    }

    /** Returns the cell in a column, counted from 0; empty if there is none. */
    public String cell(int column) {
        return column < cells.size() ? cells.get(column) : "";
    }

    /** Returns the number of characters in all cells. */
    public long length() {
        long length = 0;
        for (String cell : cells) {
            length += cell.length();
        }
        return length;
    }

    /** Returns true if all cells are blank. */
    boolean isBlank() {
        return uncomputed.isEmpty() && cells.stream().allMatch(Blanks::isBlank);
    }

    /** Returns the same row with the reason why it is not read as a work. */
    public Row skipped(Skip why) {
        return new Row(number, cells, uncomputed, why);
    }
}
