package org.askfirst.registry.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file is to be read as a table.
 *
 * @param encoding of a text file, by its IANA name; null for a workbook
 * @param delimiter between the cells of a text file; null for a workbook
 * @param sheets names of the sheets of a workbook; empty for a text file
 * @param sheet which of them, counted from 0
 * @param headerRow the number of the row that names the columns; 0 if none does
 */
public record Layout(
        Format format,
        @Nullable String encoding,
        @Nullable String delimiter,
        List<String> sheets,
        int sheet,
        long headerRow) {
    /** What kind of file it is. */
    public enum Format {
        /** Text, a row a line. */
        TEXT("text"),
        /** An Excel workbook (Office Open XML). */
        WORKBOOK("workbook");

        private final String wireName;

        Format(String wireName) {
            this.wireName = wireName;
        }

        /** Its name in the contract. */
        public String wireName() {
            return wireName;
        }
    }

    public Layout {
        sheets = List.copyOf(sheets);
    }

    /** The same with another header row. */
    public Layout withHeaderRow(long row) {
        return new Layout(format, encoding, delimiter, sheets, sheet, row);
    }
}
