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

/** Reads and writes one line of CSV (RFC 4180), for streams in which each record is one line. */
public final class CsvLine {
    private CsvLine() {}

    /**
     * Returns the fields of a line, without blanks around them.
     *
     * @throws ProblemException if a quotation mark or a line end is in a wrong place
     */
    public static List<String> fields(byte[] line) {
        // With a line end added, an open quotation mark includes the line end and can be detected.
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

    /** Returns the field as CSV: quoted if necessary, and changed if a spreadsheet would treat it as a formula. */
    public static String written(String field) {
        String safe = !field.isEmpty() && "=+-@\t".indexOf(field.charAt(0)) >= 0 ? "'" + field : field;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
