package org.askfirst.registry.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Text with a delimiter: CSV (RFC 4180) and its variants. In text with tabs (text/tab-separated-values) quotation marks
 * have no meaning.
 */
final class TextTable {
    /** Number of characters in a row; a longer row has an open quotation mark. */
    private static final int MAX_ROW = 1 << 20;

    private static final int MAX_COLUMNS = 500;

    /** Number of lines in a cell; a cell with more lines has an open quotation mark. */
    private static final int MAX_LINES_IN_CELL = 60;

    /** A character that is in no text. */
    private static final char NO_QUOTE = '\uFFFE';

    private static final String END = "\n\uFFFF";
    private static final int SAMPLE_ROWS = 60;
    private static final int SAMPLE_CHARACTERS = 1 << 16;
    private static final String[] DELIMITERS = {",", "\t", ";", "|"};

    private TextTable() {}

    static Rows open(Path file, String encoding, String delimiter) throws IOException {
        return rows(reader(file, encoding), delimiter);
    }

    /**
     * Returns the delimiter that splits the beginning of the file into the most cells, with the same number in most
     * rows.
     */
    static String delimiter(Path file, String encoding) throws IOException {
        char[] sample = new char[SAMPLE_CHARACTERS];
        int length = 0;
        try (Reader reader = reader(file, encoding)) {
            for (int read = reader.read(sample); read > 0 && length < sample.length; ) {
                length += read;
                read = reader.read(sample, length, sample.length - length);
            }
        }
        String text = new String(sample, 0, length);
        String best = DELIMITERS[0];
        long bestScore = 0;
        for (String delimiter : DELIMITERS) {
            long score = score(text, delimiter);
            if (score > bestScore) {
                bestScore = score;
                best = delimiter;
            }
        }
        return best;
    }

    private static long score(String text, String delimiter) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        try (Rows rows = rows(new StringReader(text), delimiter)) {
            for (Row row = rows.next(); row != null && sizes.size() < SAMPLE_ROWS; row = rows.next()) {
                if (!row.isBlank()) {
                    sizes.add(row.cells().size());
                }
            }
        } catch (ProblemException cut) {
            // The sample ends inside a cell, or this is not the delimiter. The rows before count.
        }
        int usual = sizes.stream().sorted().skip(sizes.size() / 2).findFirst().orElse(1);
        long alike = sizes.stream().filter(size -> size == usual).count();
        return usual < 2 ? 0 : alike * 100 / sizes.size() * 10 + Math.min(usual, 9);
    }

    private static Reader reader(Path file, String encoding) throws IOException {
        InputStream in = Files.newInputStream(file);
        return new InputStreamReader(
                in,
                Charset.forName(encoding)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /** Adds a line with a mark after the end of a text, by which an open quotation mark can be seen. */
    private static final class Ended extends Reader {
        private final Reader text;
        private int left = END.length();

        Ended(Reader text) {
            this.text = text;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int count = left == END.length() ? text.read(buffer, offset, length) : -1;
            if (count >= 0 || left == 0 || length == 0) {
                return count;
            }
            buffer[offset] = END.charAt(END.length() - left);
            left--;
            return 1;
        }

        @Override
        public void close() throws IOException {
            text.close();
        }
    }

    private static Rows rows(Reader text, String delimiter) {
        CsvReader<CsvRecord> csv = CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(delimiter.equals("\t") ? NO_QUOTE : '"')
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false)
                .trimWhitespacesAroundQuotes(true)
                .maxBufferSize(MAX_ROW)
                .ofCsvRecord(new Ended(text));
        return new Records(csv);
    }

    private static final class Records implements Rows {
        private final CsvReader<CsvRecord> csv;
        private final Iterator<CsvRecord> records;
        private long number;

        Records(CsvReader<CsvRecord> csv) {
            this.csv = csv;
            this.records = csv.iterator();
        }

        @Override
        public @Nullable Row next() throws IOException {
            try {
                if (!records.hasNext()) {
                    return null;
                }
                CsvRecord record = records.next();
                number++;
                List<String> cells = record.getFields();
                String last = cells.get(cells.size() - 1);
                if (last.endsWith(END.substring(1)) && !records.hasNext()) {
                    if (cells.size() == 1 && last.length() == 1) {
                        return null;
                    }
                    throw openQuote(number);
                }
                if (number == 1) {
                    cells = withoutByteOrderMark(cells);
                }
                if (cells.size() > MAX_COLUMNS) {
                    throw Problem.UNREADABLE_TABLE.because("Row " + number + " has " + cells.size()
                            + " cells; a table may have " + MAX_COLUMNS + " columns");
                }
                for (String cell : cells) {
                    if (cell.length() > MAX_LINES_IN_CELL && cell.lines().count() > MAX_LINES_IN_CELL) {
                        throw openQuote(number);
                    }
                }
                return new Row(number, cells);
            } catch (CsvParseException unreadable) {
                throw openQuote(number + 1);
            } catch (UncheckedIOException broken) {
                throw broken.getCause();
            }
        }

        private static ProblemException openQuote(long row) {
            return Problem.UNREADABLE_TABLE.because("Row " + row
                    + " has a quotation mark that is not closed, so the rows after it cannot be read; close or remove"
                    + " it");
        }

        private static List<String> withoutByteOrderMark(List<String> cells) {
            if (cells.isEmpty() || !cells.get(0).startsWith("\uFEFF")) {
                return cells;
            }
            List<String> clean = new ArrayList<>(cells);
            clean.set(0, cells.get(0).substring(1));
            return clean;
        }

        @Override
        public void close() throws IOException {
            csv.close();
        }
    }
}
