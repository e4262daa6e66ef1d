package org.askfirst.registry.table;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A workbook with its sheets. Only stored values are read; what a formula would compute is not computed.
 *
 * <p>A small file can unpack to a large one, so everything is counted while it is read.
 */
interface Workbook extends Closeable {
    /** Number of sheets that are listed. */
    int MAX_SHEETS = 1_000;

    /** Number of sheets from which the one with the works is chosen. */
    int MAX_SAMPLES = 30;

    /** Number of characters of the name of a sheet. */
    int MAX_NAME = 100;

    /**
     * A sheet.
     *
     * @param visible false if the workbook hides it, or has no table under this name
     */
    record Sheet(String name, boolean visible) {}

    /** Returns the sheets, hidden ones included. */
    List<Sheet> sheets();

    /** Returns the number of visible sheets of which the first rows are read to choose one. */
    default int samples() {
        return MAX_SAMPLES;
    }

    /**
     * Opens the rows of a sheet, while this workbook is open. Only the rows of one sheet may be open at a time.
     *
     * @param sheet counted from 0
     */
    Rows rows(int sheet) throws IOException;

    /** Returns true if a file that begins so is a workbook or another document of an office program. */
    static boolean is(byte[] start) {
        return OtherFiles.isPackage(start) || OtherFiles.isCompound(start);
    }

    /**
     * Opens a workbook.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNREADABLE_TABLE} if the file is something else. The
     *     detail says what it is
     */
    static Workbook open(Path file) throws IOException {
        if (OtherFiles.isCompound(OtherFiles.start(file))) {
            OtherFiles.requireOldWorkbook(file);
            return new BinaryWorkbook(file);
        }
        Parts parts = new Parts(file);
        try {
            return OpenDocument.is(parts) ? new OpenDocument(parts) : new OfficeOpenXml(parts);
        } catch (IOException | RuntimeException failure) {
            parts.close();
            throw failure;
        }
    }

    /** Opens the rows of a sheet of a file. Closing them closes the workbook. */
    static Rows open(Path file, int sheet) throws IOException {
        Workbook book = open(file);
        try {
            return new Whole(book.rows(sheet), book);
        } catch (IOException | RuntimeException failure) {
            book.close();
            throw failure;
        }
    }

    /**
     * Rows that close their workbook.
     *
     * @param book closed after the rows
     */
    record Whole(Rows rows, Workbook book) implements Rows {
        @Override
        public @Nullable Row next() throws IOException {
            return rows.next();
        }

        @Override
        public void close() throws IOException {
            try (book) {
                rows.close();
            }
        }
    }
}
