package org.askfirst.registry.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.poi.hssf.record.BOFRecord;
import org.apache.poi.hssf.record.BoolErrRecord;
import org.apache.poi.hssf.record.CellValueRecordInterface;
import org.apache.poi.hssf.record.EOFRecord;
import org.apache.poi.hssf.record.FormulaRecord;
import org.apache.poi.hssf.record.LabelRecord;
import org.apache.poi.hssf.record.LabelSSTRecord;
import org.apache.poi.hssf.record.NumberRecord;
import org.apache.poi.hssf.record.Record;
import org.apache.poi.hssf.record.RecordFactoryInputStream;
import org.apache.poi.hssf.record.StringRecord;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.FormulaError;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The rows of a sheet of a {@link BinaryWorkbook}, read as a stream. */
final class BinaryRows implements Rows {
    /** Whole numbers up to this size have no fraction in a cell and are written with all their digits. */
    private static final double MAX_WHOLE = 1e17;

    private final RecordFactoryInputStream records;
    private final SharedTexts texts;
    private final NumberFormats formats;
    private @Nullable CellValueRecordInterface ahead;
    private @Nullable Record unread;
    private boolean atEnd;
    private int last = -1;

    /** Reads the rows of the sheet whose first record was read. */
    BinaryRows(RecordFactoryInputStream records, SharedTexts texts, NumberFormats formats) {
        this.records = records;
        this.texts = texts;
        this.formats = formats;
    }

    @Override
    public @Nullable Row next() {
        CellValueRecordInterface cell = ahead == null ? nextCell() : ahead;
        if (cell == null) {
            return null;
        }
        int row = cell.getRow();
        if (row <= last) {
            throw refused("Row " + (row + 1) + " comes after a later row, so the workbook is damaged; save it again as"
                    + " .xlsx, or as CSV in UTF-8");
        }
        last = row;
        List<String> cells = new ArrayList<>();
        long length = 0;
        for (; cell != null && cell.getRow() == row; cell = nextCell()) {
            String text = text(cell);
            length += text.length();
            if (length > CellText.MAX_LENGTH) {
                throw refused("Row " + (row + 1L) + " has more than a million characters");
            }
            if (!text.isBlank()) {
                put(cells, cell.getColumn(), text);
            }
        }
        ahead = cell;
        return new Row(row + 1L, cells);
    }

    /** Returns the next cell of the sheet; null at the end of the sheet. */
    private @Nullable CellValueRecordInterface nextCell() {
        int depth = 0;
        while (!atEnd) {
            Record record = unread == null ? BinaryWorkbook.next(records) : unread;
            unread = null;
            atEnd = record == null || (record instanceof EOFRecord && depth == 0);
            if (record instanceof BOFRecord) {
                depth++;
            } else if (record instanceof EOFRecord) {
                depth--;
            } else if (depth == 0 && record instanceof CellValueRecordInterface cell) {
                return cell;
            }
        }
        return null;
    }

    private void put(List<String> cells, int column, String text) {
        if (column >= SheetRows.MAX_COLUMNS) {
            throw refused("Row " + (last + 1) + " has a cell in column " + (column + 1) + "; a table may have "
                    + SheetRows.MAX_COLUMNS + " columns");
        }
        if (column < cells.size()) {
            throw refused("Row " + (last + 1) + " has its cells in disorder, so the workbook is damaged; save it again"
                    + " as .xlsx, or as CSV in UTF-8");
        }
        cells.addAll(Collections.nCopies(column - cells.size(), ""));
        cells.add(text);
    }

    private String text(CellValueRecordInterface cell) {
        if (cell instanceof LabelSSTRecord label) {
            return shared(label.getSSTIndex());
        }
        if (cell instanceof LabelRecord label) {
            return label.getValue();
        }
        if (cell instanceof NumberRecord number) {
            return number(number.getValue(), cell.getXFIndex());
        }
        if (cell instanceof BoolErrRecord value) {
            return value.isError() ? error(value.getErrorValue()) : truth(value.getBooleanValue());
        }
        return cell instanceof FormulaRecord formula ? result(formula) : "";
    }

    private String shared(int index) {
        String text = texts.get(index);
        if (text == null) {
            throw BinaryWorkbook.damaged(last + 1L);
        }
        return text;
    }

    private String number(double value, short style) {
        boolean isWhole = Math.rint(value) == value && Math.abs(value) < MAX_WHOLE;
        String seen = formats.text(isWhole ? Long.toString((long) value) : Double.toString(value), style & 0xFFFF);
        if (seen == null) {
            throw refused("Row " + (last + 1) + " has a number that no spreadsheet can hold");
        }
        return seen;
    }

    /** Returns the stored result of a formula. A text stands in a record after it. */
    private String result(FormulaRecord formula) {
        CellType type = formula.getCachedResultTypeEnum();
        return switch (type) {
            case BOOLEAN -> truth(formula.getCachedBooleanValue());
            case ERROR -> error((byte) formula.getCachedErrorValue());
            case STRING -> followingText(formula);
            default -> number(formula.getValue(), formula.getXFIndex());
        };
    }

    private String followingText(FormulaRecord formula) {
        if (!formula.hasCachedResultString()) {
            return "";
        }
        // Records of shared formulas and of tables may stand between.
        Record record = BinaryWorkbook.next(records);
        while (record != null
                && !(record instanceof StringRecord)
                && !(record instanceof CellValueRecordInterface)
                && !(record instanceof EOFRecord)) {
            record = BinaryWorkbook.next(records);
        }
        if (record instanceof StringRecord text) {
            return text.getString();
        }
        unread = record;
        return "";
    }

    private static String truth(boolean value) {
        return value ? "TRUE" : "FALSE";
    }

    private static String error(byte code) {
        return FormulaError.isValidCode(code) ? FormulaError.forInt(code).getString() : "#ERROR!";
    }

    private static ProblemException refused(String detail) {
        return Problem.UNREADABLE_TABLE.because(detail);
    }

    @Override
    public void close() {
        // The records belong to the workbook, which closes the file.
    }
}
