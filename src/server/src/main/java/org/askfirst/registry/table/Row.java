package org.askfirst.registry.table;

import java.util.List;

/**
 * A row of a table.
 *
 * @param number as in a spreadsheet, from 1
 * @param cells from the first column on; cells after the last filled one may be missing
 */
public record Row(long number, List<String> cells) {
    /** Returns the cell in a column, counted from 0; empty if there is none. */
    public String cell(int column) {
        return column < cells.size() ? cells.get(column) : "";
    }

    /** Returns true if all cells are blank. */
    public boolean isBlank() {
        return cells.stream().allMatch(String::isBlank);
    }
}
