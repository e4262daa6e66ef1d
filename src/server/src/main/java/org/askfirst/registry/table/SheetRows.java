package org.askfirst.registry.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a sheet of a workbook (ECMA-376, Office Open XML), read as a stream.
 *
 * <p>Only stored values count: what a formula would compute is not computed. A row or a cell may omit its place, and is
 * then the next one.
 */
final class SheetRows implements Rows {
    static final int MAX_COLUMNS = 500;

    private static final int LAST_COLUMN = 16_384;
    private static final int LAST_ROW = 1_048_576;
    private static final long MAX_CELLS = 30_000_000;
    private static final int LETTERS = 26;
    private static final int MAX_FORMULA = 200;
    private static final int DATE_LENGTH = 10;

    private final XmlPart part;
    private final SharedTexts texts;
    private final NumberFormats formats;
    private final StringBuilder value = new StringBuilder();
    private final StringBuilder formula = new StringBuilder();
    private long number;
    private long cellCount;
    private boolean inRows;

    SheetRows(XmlPart part, SharedTexts texts, NumberFormats formats) {
        this.part = part;
        this.texts = texts;
        this.formats = formats;
    }

    @Override
    public @Nullable Row next() throws IOException {
        while (part.next()) {
            if (part.isStart("sheetData")) {
                inRows = true;
            } else if (part.isEnd("sheetData")) {
                return null;
            } else if (inRows && part.isStart("row")) {
                return row();
            }
        }
        return null;
    }

    private Row row() throws IOException {
        String place = part.attribute("r");
        if (place != null && isTooFar(place)) {
            throw refused("There are no rows after " + LAST_ROW + " in a workbook");
        }
        // Programs that repeat or lower a number make a damaged file. Its rows are still read, each with a new number.
        number = Math.max(number + 1, NumberFormats.whole(place));
        if (number > LAST_ROW) {
            throw refused("There are no rows after " + LAST_ROW + " in a workbook");
        }
        List<String> cells = new ArrayList<>();
        Map<Integer, String> uncomputed = new HashMap<>();
        int column = 0;
        long length = 0;
        while (part.next() && !part.isEnd("row")) {
            if (!part.isStart("c")) {
                continue;
            }
            cellCount++;
            if (cellCount > MAX_CELLS) {
                throw XmlPart.tooLarge();
            }
            int own = column(part.attribute("r"));
            column = own < 0 ? column : own;
            if (column >= LAST_COLUMN) {
                throw refused("There are no columns after XFD in a workbook");
            }
            String text = cell();
            length += text.length();
            if (length > CellText.MAX_LENGTH) {
                throw refused("Row " + number + " has more than a million characters");
            }
            boolean isUncomputed = text.isEmpty() && !formula.isEmpty();
            if (!text.isBlank() || isUncomputed) {
                put(cells, column, text);
            }
            if (isUncomputed) {
                uncomputed.put(column, "=" + formula);
            }
            column++;
        }
        return new Row(number, cells, uncomputed);
    }

    private static boolean isTooFar(String place) {
        String digits = place.strip();
        return !digits.isEmpty()
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (NumberFormats.whole(digits) < 0 || NumberFormats.whole(digits) > LAST_ROW);
    }

    private void put(List<String> cells, int column, String text) {
        if (column >= MAX_COLUMNS) {
            throw refused("Row " + number + " has a cell in column " + (column + 1) + "; a table may have "
                    + MAX_COLUMNS + " columns");
        }
        if (column >= cells.size()) {
            cells.addAll(Collections.nCopies(column - cells.size(), ""));
            cells.add(text);
        } else if (cells.get(column).isEmpty()) {
            cells.set(column, text);
        } else {
            throw refused("Row " + number + " has two cells at the same place, so the workbook is damaged; save it"
                    + " again as .xlsx, or as CSV in UTF-8");
        }
    }

    /** Returns the column of a reference such as {@code B12}, counted from 0; negative if the reference has none. */
    private static int column(@Nullable String reference) {
        int column = 0;
        for (int i = 0; reference != null && i < reference.length(); i++) {
            int letter = Character.toUpperCase(reference.charAt(i)) - 'A';
            if (letter < 0 || letter >= LETTERS) {
                break;
            }
            column = Math.min(column * LETTERS + letter + 1, LAST_COLUMN + 1);
        }
        return column - 1;
    }

    /** Returns the text of the cell that begins here, and keeps the beginning of its formula. */
    private String cell() throws IOException {
        String type = part.attribute("t");
        int style = NumberFormats.whole(part.attribute("s"));
        int depth = part.depth();
        boolean isComputed = false;
        value.setLength(0);
        formula.setLength(0);
        while (part.next() && part.depth() >= depth) {
            if (part.isStart("v")) {
                CellText.readPlain(part, "v", value);
                isComputed = !value.isEmpty() || "str".equals(type);
            } else if (part.isStart("is")) {
                CellText.read(part, "is", value);
            } else if (part.isStart("f")) {
                formula.append(part.attribute("si") == null ? "" : " ");
                while (part.next() && !part.isEnd("f")) {
                    part.addText(formula, MAX_FORMULA);
                }
                formula.append(formula.isEmpty() ? " " : "");
            }
        }
        if (isComputed) {
            formula.setLength(0);
        }
        return text(type == null ? "n" : type, style);
    }

    private String text(String type, int style) {
        String stored = value.toString();
        return switch (type) {
            case "s" -> stored.isBlank() ? "" : shared(stored.strip());
            case "n" -> number(stored.strip(), style);
            case "b" -> truth(stored.strip());
            case "d" -> date(stored.strip());
            case "e" -> stored.strip();
            default -> CellText.unescaped(stored);
        };
    }

    private String number(String stored, int style) {
        String seen = formats.text(stored, style);
        if (seen == null) {
            throw refused("Row " + number + " has a number that no spreadsheet can hold");
        }
        return seen;
    }

    private static String truth(String stored) {
        return switch (stored) {
            case "1", "true" -> "TRUE";
            case "0", "false" -> "FALSE";
            default -> stored;
        };
    }

    private static String date(String stored) {
        boolean isDay =
                stored.length() > DATE_LENGTH && stored.substring(DATE_LENGTH).matches("T00:00(:00(\\.0{1,9})?)?Z?");
        return isDay ? stored.substring(0, DATE_LENGTH) : stored;
    }

    private String shared(String place) {
        String text = texts.get(NumberFormats.whole(place));
        if (text == null) {
            // To treat the cell as blank would lose data silently.
            throw refused("Row " + number + " refers to a text that the workbook does not have, so it is damaged; save"
                    + " it again as .xlsx, or as CSV in UTF-8");
        }
        return text;
    }

    private static ProblemException refused(String detail) {
        return Problem.UNREADABLE_TABLE.because(detail);
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
