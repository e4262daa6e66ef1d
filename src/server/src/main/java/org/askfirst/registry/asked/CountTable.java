package org.askfirst.registry.asked;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes counts as CSV, one row for each day, asker or work. */
final class CountTable {
    static final String CSV = "text/csv";

    /** Spreadsheets assume the country's old encoding without the byte order mark. */
    private static final String HEAD =
            "\uFEFFday,asker,askerName,declaration,subject,identified,anonymous,own,atMost\r\n";

    private CountTable() {}

    /** Returns the answer, which no cache may keep. */
    static Response confidential(Object entity) {
        return Response.ok(entity).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** Returns the rows of a page as CSV. */
    static String of(LookupCounts counts) {
        StringBuilder table = new StringBuilder(HEAD);
        for (LookupCounts.Row row : counts.rows()) {
            table.append(Arrays.asList(
                                    row.day(),
                                    row.asker(),
                                    row.askerName(),
                                    row.declaration(),
                                    row.subject(),
                                    row.identified(),
                                    row.anonymous(),
                                    row.own(),
                                    row.atMost())
                            .stream()
                            .map(CountTable::cell)
                            .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return table.toString();
    }

    /** Returns a cell. A text that a spreadsheet would read as a formula begins with an apostrophe. */
    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
