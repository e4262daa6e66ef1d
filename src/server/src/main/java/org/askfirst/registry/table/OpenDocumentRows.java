package org.askfirst.registry.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a sheet of OpenDocument, read as a stream.
 *
 * <p>A cell has the text that a person sees, and its value. The text counts, except for days, which ISO 8601 writes in
 * one order, and for numbers that the text only groups or shortens. A row or a cell can stand for many equal ones.
 */
final class OpenDocumentRows implements Rows {
    private static final int DEPTH_OF_TABLE = 4;
    private static final int LAST_ROW = 1_048_576;
    private static final int LAST_COLUMN = 16_384;
    private static final long MAX_CELLS = 30_000_000;
    private static final int MAX_FORMULA = 200;
    private static final int MIDNIGHT_LENGTH = "2026-01-01T00:00:00".length();
    private static final NumberFormats PLAIN = NumberFormats.of(List.of(), Map.of(), false);

    private final XmlPart part;
    private final StringBuilder text = new StringBuilder();
    private long number;
    private long cellCount;
    private @Nullable Row repeated;
    private int copies;

    /** Reads the rows of the table that begins at the present place. */
    OpenDocumentRows(XmlPart part) {
        this.part = part;
    }

    /** Returns true at the start of a sheet, and not at that of a table inside a cell. */
    static boolean isTable(XmlPart part) {
        return part.isStart("table") && part.depth() == DEPTH_OF_TABLE;
    }

    @Override
    public @Nullable Row next() throws IOException {
        Row row = repeated;
        if (row != null && copies > 0) {
            copies--;
            number++;
            count(row.cells().size());
            return new Row(number, row.cells(), row.uncomputed());
        }
        while (part.next() && part.depth() >= DEPTH_OF_TABLE) {
            if (part.isStart("table-row")) {
                return row();
            }
        }
        return null;
    }

    private Row row() throws IOException {
        int repeats = repeats("number-rows-repeated");
        int depth = part.depth();
        List<String> cells = new ArrayList<>();
        Map<Integer, String> uncomputed = new HashMap<>();
        int column = 0;
        long length = 0;
        number++;
        while (part.next() && part.depth() >= depth) {
            if (!part.isStart("table-cell") && !part.isStart("covered-table-cell")) {
                continue;
            }
            int times = repeats("number-columns-repeated");
            String formula = part.attribute("formula");
            String cell = cell();
            String uncomputedHere = cell.isEmpty() ? formula : null;
            if (!cell.isBlank() || uncomputedHere != null) {
                length += (long) cell.length() * times;
                if (length > CellText.MAX_LENGTH) {
                    throw refused("Row " + number + " has more than a million characters");
                }
                put(cells, column, cell, times);
                if (uncomputedHere != null) {
                    String beginning = uncomputedHere.substring(0, Math.min(uncomputedHere.length(), MAX_FORMULA));
                    uncomputed.put(column, "=" + beginning.substring(beginning.indexOf('=') + 1));
                }
            }
            count(1);
            column = Math.min(column + times, LAST_COLUMN);
        }
        Row row = new Row(number, cells, uncomputed);
        if (row.isBlank()) {
            // The rows after the last one with content are one row that is repeated to the end of the sheet.
            number = Math.min(number + repeats - 1L, LAST_ROW);
            return row;
        }
        if (number + repeats - 1L > LAST_ROW) {
            throw refused("There are no rows after " + LAST_ROW + " in a workbook");
        }
        repeated = row;
        copies = repeats - 1;
        return row;
    }

    private void count(int cells) {
        cellCount += cells;
        if (cellCount > MAX_CELLS) {
            throw XmlPart.tooLarge();
        }
    }

    private int repeats(String name) {
        int repeats = NumberFormats.whole(part.attribute(name));
        return repeats < 1 ? 1 : Math.min(repeats, LAST_ROW);
    }

    private void put(List<String> cells, int column, String cell, int times) {
        if (column + times > SheetRows.MAX_COLUMNS) {
            throw refused("Row " + number + " has a cell in column " + (column + times) + "; a table may have "
                    + SheetRows.MAX_COLUMNS + " columns");
        }
        cells.addAll(Collections.nCopies(column - cells.size(), ""));
        cells.addAll(Collections.nCopies(times, cell));
    }

    /** Returns the text of the cell that begins here, and moves to its end. */
    private String cell() throws IOException {
        String type = part.attribute("value-type");
        String value = part.attribute("value");
        String date = part.attribute("date-value");
        String string = part.attribute("string-value");
        int depth = part.depth();
        boolean hasParagraph = false;
        text.setLength(0);
        while (part.next() && part.depth() >= depth) {
            if (part.isStart("p")) {
                if (hasParagraph) {
                    text.append('\n');
                }
                hasParagraph = true;
                paragraph();
            } else if (part.isStart()) {
                skip();
            }
        }
        if ("date".equals(type) && date != null) {
            boolean isDay = date.length() == MIDNIGHT_LENGTH && date.endsWith("T00:00:00");
            return (isDay ? date.substring(0, date.indexOf('T')) : date).replace('T', ' ');
        }
        if (!hasParagraph && string != null) {
            return string;
        }
        return "float".equals(type) && value != null ? number(text.toString(), value) : text.toString();
    }

    /** Returns the plain number where the text only groups its digits, or shortens it to a power of ten. */
    private String number(String seen, String value) {
        String plain = PLAIN.text(value, -1);
        if (plain == null) {
            throw refused("Row " + number + " has a number that no spreadsheet can hold");
        }
        String digits = seen.replaceAll("[,.'\\s\\u00A0\\u202F]", "");
        boolean isGrouped = digits.equals(plain) && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean isPower = seen.matches("-?[0-9]{1,3}([.,][0-9]{1,20})?E[+-]?[0-9]{1,3}");
        return seen.isBlank() || isGrouped || (isPower && isWhole(plain)) ? plain : seen;
    }

    private static boolean isWhole(String plain) {
        try {
            return new BigDecimal(plain).stripTrailingZeros().scale() <= 0;
        } catch (NumberFormatException other) {
            return false;
        }
    }

    private void paragraph() throws IOException {
        int depth = part.depth();
        while (part.next() && part.depth() >= depth) {
            if (part.isStart("s")) {
                int spaces = NumberFormats.whole(part.attribute("c"));
                text.append(" ".repeat(Math.max(1, Math.min(spaces, SheetRows.MAX_COLUMNS))));
            } else if (part.isStart("tab")) {
                text.append('\t');
            } else if (part.isStart("line-break")) {
                text.append('\n');
            } else if (part.isStart("annotation") || part.isStart("note") || part.isStart("ruby-text")) {
                skip();
            } else {
                part.addText(text, CellText.MAX_LENGTH + 1);
            }
            if (text.length() > CellText.MAX_LENGTH) {
                throw refused("The workbook has a text of more than a million characters");
            }
        }
    }

    /** Moves to the end of the element that begins here. */
    private void skip() throws IOException {
        int depth = part.depth();
        while (part.next() && part.depth() >= depth) {
            // A comment or a drawing is not the text of its cell.
        }
    }

    private static ProblemException refused(String detail) {
        return Problem.UNREADABLE_TABLE.because(detail);
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
