package org.askfirst.registry.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;

/** One line of CSV (RFC 4180), in streams where a record is a line. */
public final class CsvLine {
    private CsvLine() {}

    /**
     * The fields of a line, without the blanks around them.
     *
     * @throws ProblemException if quotation marks or line ends are not where they may be
     */
    public static List<String> fields(byte[] line) {
        // A line end behind it: an open quotation mark takes it in.
        Iterator<CsvRecord> records = CsvReader.builder()
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .trimWhitespacesAroundQuotes(true)
                .ofCsvRecord(new String(line, StandardCharsets.UTF_8) + "\n")
                .iterator();
        try {
            List<String> fields = records.next().getFields();
            if (fields.get(fields.size() - 1).endsWith("\n")) {
                throw malformed("A quotation mark is not closed on this line");
            }
            if (records.hasNext()) {
                throw malformed("A carriage return is inside this line; end lines with LF or CR LF");
            }
            return fields.stream().map(String::strip).toList();
        } catch (CsvParseException unreadable) {
            throw malformed("Something follows a closing quotation mark on this line");
        }
    }

    private static ProblemException malformed(String detail) {
        return Problem.INVALID_REQUEST.at("", Reason.SYNTAX_ERROR, detail);
    }

    /** A field as it is written: quoted where it must be, and never such that a spreadsheet computes it. */
    public static String written(String field) {
        String safe = !field.isEmpty() && "=+-@\t".indexOf(field.charAt(0)) >= 0 ? "'" + field : field;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
