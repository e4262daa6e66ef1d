package org.askfirst.registry.table;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A file that is a table, with its type, its layout and its rows.
 *
 * <p>The type is detected from the content; the name of the file does not matter.
 */
public final class Table {
    private static final int LEADING_ROWS = 40;
    private static final int LEADING_BLANKS = 100_000;
    private static final int SAMPLE_ROWS = 20;

    private final Path file;
    private final Layout layout;

    private Table(Path file, Layout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * Returns the table in a file, with a detected layout.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNREADABLE_TABLE} if the file is not a table
     */
    public static Table of(Path file) throws IOException {
        return of(file, null, null, null, null);
    }

    /**
     * Returns the table in a file, with a given layout. Each null parameter is detected.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNREADABLE_TABLE} if the file is not a table
     */
    public static Table of(
            Path file,
            @Nullable String encoding,
            @Nullable String delimiter,
            @Nullable Integer sheet,
            @Nullable Long headerRow)
            throws IOException {
        byte[] start = OtherFiles.start(file);
        Layout layout;
        if (Workbook.is(start)) {
            layout = workbook(file, sheet);
        } else {
            OtherFiles.refuse(start);
            String charset = encoding == null ? Encodings.of(file) : supported(encoding);
            String separator = delimiter == null ? TextTable.delimiter(file, charset) : delimiter;
            layout = new Layout(Layout.Format.TEXT, charset, separator, List.of(), 0, 0);
        }
        Table table = new Table(file, layout);
        long header = headerRow == null ? Columns.headerRow(leading(table.allRows(), LEADING_ROWS)) : headerRow;
        return new Table(file, layout.withHeaderRow(header));
    }

    /** Returns the table in a file, with a layout that was detected before. */
    public static Table of(Path file, Layout layout) {
        return new Table(file, layout);
    }

    /** Returns the layout. */
    public Layout layout() {
        return layout;
    }

    /**
     * Returns the rows that are not blank, without the header row. Rows that are not read as works have the reason. Rows
     * below the header come after those above it.
     */
    public Rows rows() throws IOException {
        return new Sieve(allRows(), layout.headerRow());
    }

    private Rows allRows() throws IOException {
        return layout.format() == Layout.Format.WORKBOOK
                ? Workbook.open(file, layout.sheet())
                : TextTable.open(
                        file,
                        Optional.ofNullable(layout.encoding()).orElse("UTF-8"),
                        Optional.ofNullable(layout.delimiter()).orElse(","));
    }

    /**
     * Numbers of rows that are not blank.
     *
     * @param below the header
     * @param above the header
     */
    public record Size(long below, long above) {}

    /** Returns the number of rows. Reads the whole file. */
    public Size size() throws IOException {
        long below = 0;
        long above = 0;
        try (Rows rows = rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.skip() == Skip.ABOVE_HEADER) {
                    above++;
                } else {
                    below++;
                }
            }
        }
        return new Size(below, above);
    }

    /** Returns the columns, with the names of the header row and detected types. */
    public List<Columns.Column> columns() throws IOException {
        Row header = null;
        List<Row> leading = new ArrayList<>();
        try (Sieve rows = new Sieve(allRows(), layout.headerRow())) {
            for (Row row = rows.next(); row != null && leading.size() < LEADING_ROWS; row = rows.next()) {
                if (row.skip() == null) {
                    leading.add(row);
                }
                header = rows.header();
            }
            header = rows.header();
        }
        if (header != null) {
            leading.add(0, header);
        }
        return Columns.of(leading, layout.headerRow());
    }

    /** Returns the first rows that are not blank, and closes the others. */
    private static List<Row> leading(Rows rows, int most) throws IOException {
        List<Row> leading = new ArrayList<>();
        try (rows) {
            int all = 0;
            for (Row row = rows.next();
                    row != null && leading.size() < most && all < LEADING_BLANKS;
                    row = rows.next()) {
                all++;
                if (!row.isBlank()) {
                    leading.add(row);
                }
            }
        }
        if (leading.isEmpty() && most == LEADING_ROWS) {
            throw Problem.UNREADABLE_TABLE.because("The file is empty");
        }
        return leading;
    }

    private static Layout workbook(Path file, @Nullable Integer sheet) throws IOException {
        try (Workbook book = Workbook.open(file)) {
            List<Workbook.Sheet> sheets = book.sheets();
            if (sheet != null && sheet >= sheets.size()) {
                throw Problem.UNREADABLE_TABLE.because("The workbook has " + sheets.size() + " sheets");
            }
            return new Layout(
                    Layout.Format.WORKBOOK,
                    null,
                    null,
                    sheets.stream().map(Workbook.Sheet::name).toList(),
                    sheet == null ? bestSheet(book) : sheet,
                    0);
        }
    }

    /** Returns the visible sheet that looks most like a list of works; of equal ones the first with rows. */
    private static int bestSheet(Workbook book) throws IOException {
        List<Workbook.Sheet> sheets = book.sheets();
        int best = -1;
        long most = -1;
        int seen = 0;
        for (int i = 0; i < sheets.size() && seen < book.samples(); i++) {
            if (!sheets.get(i).visible()) {
                continue;
            }
            seen++;
            List<Row> leading = leading(book.rows(i), SAMPLE_ROWS);
            long score = leading.isEmpty() ? -1 : Columns.score(leading);
            if (score > most) {
                most = score;
                best = i;
            }
        }
        if (best < 0) {
            throw Problem.UNREADABLE_TABLE.because("The visible sheets of the workbook are empty");
        }
        return best;
    }

    private static String supported(String encoding) {
        try {
            return Charset.forName(Encodings.named(encoding)).name();
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw Problem.UNREADABLE_TABLE.because(
                    "There is no encoding with this name; the usual ones are UTF-8 and CP949");
        }
    }
}
