package org.askfirst.registry.table;

import java.util.List;

/**
 * A row of a table.
 *
 * @param number as a spreadsheet counts, from 1
 * @param cells from the first column on; those past the last filled one may be missing
 */
public record Row(long number, List<String> cells) {
    /** The cell in that column, counted from 0; empty where there is none. */
    public String cell(int column) {
        return column < cells.size() ? cells.get(column) : "";
    }

    /** Whether nothing is in it. */
    public boolean isBlank() {
        return cells.stream().allMatch(String::isBlank);
    }
}
