package org.askfirst.registry.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a file is read as a table.
 *
 * @param encoding of a text file, by its IANA name; null for a workbook
 * @param delimiter between the cells of a text file; null for a workbook
 * @param sheets names of the sheets of a workbook; empty for a text file
 * @param sheet index of the sheet, counted from 0
 * @param headerRow number of the row that names the columns; 0 if there is none
 */
public record Layout(
        Format format,
        @Nullable String encoding,
        @Nullable String delimiter,
        List<String> sheets,
        int sheet,
        long headerRow) {
    /** Kinds of files. */
    public enum Format {
        /** Text, one row on each line. */
        TEXT("text"),
        /** An Excel workbook (Office Open XML). */
        WORKBOOK("workbook");

        private final String wireName;

        Format(String wireName) {
            this.wireName = wireName;
        }

        /** Returns its name in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    public Layout {
        sheets = List.copyOf(sheets);
    }

    /** Returns the same layout with another header row. */
    public Layout withHeaderRow(long row) {
        return new Layout(format, encoding, delimiter, sheets, sheet, row);
    }
}
