package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

/**
 * An Excel workbook, whose sheets are read as streams.
 *
 * <p>Only the texts that cells share are in memory. A small file can unpack to a large one, so the size of these texts
 * and the length of each text are checked before anything is parsed.
 */
final class Workbook {
    private static final int MAX_COLUMNS = 500;
    private static final long MAX_SHARED = 96L << 20;
    private static final long MAX_SHEET = 4L << 30;
    private static final int MAX_PIECE = 1 << 20;
    private static final int MAX_PARTS = 10_000;

    private Workbook() {}

    /** Returns the names of the sheets. */
    static List<String> sheets(Path file) throws IOException {
        requireBounded(file);
        try (ReadableWorkbook book = new ReadableWorkbook(file.toFile())) {
            List<String> names = book.getSheets().map(Sheet::getName).toList();
            if (names.isEmpty()) {
                throw Problem.UNREADABLE_TABLE.because("The workbook has no sheet");
            }
            return names;
        } catch (ExcelReaderException | UncheckedIOException | IllegalArgumentException unreadable) {
            throw unreadable();
        }
    }

    static Rows open(Path file, int sheet) throws IOException {
        ReadableWorkbook book = new ReadableWorkbook(file.toFile());
        try {
            Sheet chosen = book.getSheets()
                    .skip(sheet)
                    .findFirst()
                    .orElseThrow(() -> Problem.UNREADABLE_TABLE.because("The workbook has no sheet " + (sheet + 1)));
            return new SheetRows(book, chosen.openStream());
        } catch (ExcelReaderException | UncheckedIOException unreadable) {
            book.close();
            throw unreadable();
        } catch (IOException | RuntimeException failure) {
            book.close();
            throw failure;
        }
    }

    private static ProblemException unreadable() {
        return Problem.UNREADABLE_TABLE.because(
                "The workbook is damaged or locked with a password; save it again as .xlsx, or as CSV in UTF-8");
    }

    private static void requireBounded(Path file) throws IOException {
        try (ZipFile parts = new ZipFile(file.toFile())) {
            if (parts.size() > MAX_PARTS) {
                throw unreadable();
            }
            for (Enumeration<? extends ZipEntry> all = parts.entries(); all.hasMoreElements(); ) {
                ZipEntry part = all.nextElement();
                if (part.getName().endsWith(".xml") || part.getName().endsWith(".rels")) {
                    boolean isSheet = part.getName().startsWith("xl/worksheets/");
                    requireBounded(parts, part, isSheet ? MAX_SHEET : MAX_SHARED);
                }
            }
        } catch (java.util.zip.ZipException damaged) {
            throw unreadable();
        }
    }

    private static void requireBounded(ZipFile parts, ZipEntry part, long maxSize) throws IOException {
        byte[] block = new byte[1 << 16];
        long size = 0;
        int piece = 0;
        try (InputStream in = parts.getInputStream(part)) {
            for (int read = in.read(block); read > 0; read = in.read(block)) {
                size += read;
                for (int i = 0; i < read; i++) {
                    piece = block[i] == '<' || block[i] == '>' ? 0 : piece + 1;
                    if (piece > MAX_PIECE) {
                        throw Problem.UNREADABLE_TABLE.because(
                                "The workbook has a text of more than a million characters");
                    }
                }
                if (size > maxSize) {
                    throw Problem.UNREADABLE_TABLE.because(
                            "The workbook is too large; save the sheet as CSV in UTF-8, which may be larger");
                }
            }
        }
    }

    private static final class SheetRows implements Rows {
        private final ReadableWorkbook book;
        private final Stream<org.dhatim.fastexcel.reader.Row> stream;
        private final Iterator<org.dhatim.fastexcel.reader.Row> rows;

        SheetRows(ReadableWorkbook book, Stream<org.dhatim.fastexcel.reader.Row> stream) {
            this.book = book;
            this.stream = stream;
            this.rows = stream.iterator();
        }

        @Override
        public @Nullable Row next() {
            try {
                if (!rows.hasNext()) {
                    return null;
                }
                org.dhatim.fastexcel.reader.Row row = rows.next();
                if (row.getCellCount() > MAX_COLUMNS) {
                    throw Problem.UNREADABLE_TABLE.because("Row " + row.getRowNum() + " has " + row.getCellCount()
                            + " cells; a table may have " + MAX_COLUMNS + " columns");
                }
                List<String> cells = new ArrayList<>(row.getCellCount());
                for (Cell cell : row) {
                    cells.add(cell == null ? "" : text(cell));
                }
                return new Row(row.getRowNum(), cells);
            } catch (ExcelReaderException | UncheckedIOException | IllegalArgumentException unreadable) {
                throw unreadable();
            }
        }

        /**
         * Returns the text of a cell. A number is written without exponent and without trailing zeros, as an ISBN is
         * typed.
         */
        private static String text(Cell cell) {
            String raw = cell.getRawValue();
            if (cell.getType() == CellType.NUMBER && raw != null) {
                try {
                    BigDecimal number = new BigDecimal(raw);
                    return (number.stripTrailingZeros().scale() <= 0 ? number.setScale(0) : number).toPlainString();
                } catch (ArithmeticException | NumberFormatException other) {
                    return raw;
                }
            }
            String text = cell.getText();
            if (cell.getType() == CellType.STRING && raw != null && text == null) {
                // The cell refers to a shared text that the workbook does not have. To ignore it would lose data
                // silently.
                throw unreadable();
            }
            return text == null ? "" : text;
        }

        @Override
        public void close() throws IOException {
            stream.close();
            book.close();
        }
    }
}
