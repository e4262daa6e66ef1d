package org.askfirst.registry.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] OLE = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};

    /** Files that people upload by mistake, by their first bytes. */
    private static final Map<String, String> OTHER_FILES = Map.of(
            "%PDF", "a PDF document",
            "\u0089PNG", "a picture",
            "\u00FF\u00D8\u00FF", "a picture",
            "GIF8", "a picture",
            "<!DO", "a web page",
            "<htm", "a web page",
            "{\\rt", "a text document (RTF)");

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
        byte[] start = start(file);
        Layout layout;
        if (startsWith(start, ZIP)) {
            List<String> sheets = Workbook.sheets(file);
            int chosen = sheet == null ? firstWithRows(file, sheets) : sheet;
            if (chosen >= sheets.size()) {
                throw Problem.UNREADABLE_TABLE.because("The workbook has " + sheets.size() + " sheets");
            }
            layout = new Layout(Layout.Format.WORKBOOK, null, null, sheets, chosen, 0);
        } else {
            refuseOtherFiles(start);
            String charset = encoding == null ? Encodings.of(file) : supported(encoding);
            String separator = delimiter == null ? TextTable.delimiter(file, charset) : delimiter;
            layout = new Layout(Layout.Format.TEXT, charset, separator, List.of(), 0, 0);
        }
        Table table = new Table(file, layout);
        long header = headerRow == null ? Columns.headerRow(table.leading()) : headerRow;
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

    /** Returns all rows, those above the header row and blank rows included. */
    public Rows rows() throws IOException {
        return layout.format() == Layout.Format.WORKBOOK
                ? Workbook.open(file, layout.sheet())
                : TextTable.open(
                        file,
                        Optional.ofNullable(layout.encoding()).orElse("UTF-8"),
                        Optional.ofNullable(layout.delimiter()).orElse(","));
    }

    /** Returns true if the row is below the header row and not blank. */
    public boolean isData(Row row) {
        return row.number() > layout.headerRow() && !row.isBlank();
    }

    /** Returns the number of data rows. Reads the whole file. */
    public long countRows() throws IOException {
        long count = 0;
        try (Rows rows = rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                count += isData(row) ? 1 : 0;
            }
        }
        return count;
    }

    /** Returns the columns, with the names of the header row and detected types. */
    public List<Columns.Column> columns() throws IOException {
        return Columns.of(leading(), layout.headerRow());
    }

    private List<Row> leading() throws IOException {
        List<Row> leading = new ArrayList<>();
        try (Rows rows = rows()) {
            for (Row row = rows.next(); row != null && leading.size() < LEADING_ROWS; row = rows.next()) {
                if (!row.isBlank()) {
                    leading.add(row);
                }
            }
        }
        if (leading.isEmpty()) {
            throw Problem.UNREADABLE_TABLE.because("The file is empty");
        }
        return leading;
    }

    private static int firstWithRows(Path file, List<String> sheets) throws IOException {
        for (int sheet = 0; sheet < sheets.size(); sheet++) {
            try (Rows rows = Workbook.open(file, sheet)) {
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    if (!row.isBlank()) {
                        return sheet;
                    }
                }
            }
        }
        return 0;
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(1 << 12);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static void refuseOtherFiles(byte[] start) {
        if (startsWith(start, OLE)) {
            throw Problem.UNREADABLE_TABLE.because(
                    "This is a workbook of an old type (.xls), or one with a password; save it as .xlsx, or as CSV in"
                            + " UTF-8");
        }
        String four = new String(start, 0, Math.min(4, start.length), java.nio.charset.StandardCharsets.ISO_8859_1);
        OTHER_FILES.forEach((begins, what) -> {
            if (four.startsWith(begins)) {
                throw Problem.UNREADABLE_TABLE.because("This is " + what + ", not a table; save it as .xlsx or CSV");
            }
        });
        if (Encodings.looksLikeUtf16(start)) {
            return;
        }
        int controlCharacters = 0;
        for (byte b : start) {
            controlCharacters += b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' ? 1 : 0;
        }
        if (controlCharacters > start.length / 100) {
            throw Problem.UNREADABLE_TABLE.because("This is not a table; save it as .xlsx or CSV");
        }
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
