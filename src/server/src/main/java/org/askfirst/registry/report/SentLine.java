package org.askfirst.registry.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.askfirst.license.Decimals;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.problem.Violation;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.table.CsvLine;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * {@code UsageLine}: a line as the licensee sent it.
 *
 * @param subject the work; null if the line cannot be read
 * @param work the canonical subject; if the line cannot be read, what stands in its place, shortened
 * @param units the number of units, 1 if the line has none
 * @param share the part of the work that is the licensor's, 1 if the line has none; it may be too great
 * @param kind the kind of the work; null if not given
 * @param ref the licensee's own name of the use, such as the number of a training run; empty if not given
 * @param reason the reason why the line cannot be read; null if it can
 */
record SentLine(
        @Nullable Subject subject,
        String work,
        BigDecimal units,
        BigDecimal share,
        @Nullable String kind,
        String ref,
        @Nullable String reason) {
    /** The number of bytes that a line may have. */
    static final int MAX_BYTES = 4096;

    private static final int MAX_KIND = 64;
    private static final int MAX_REF = 128;
    private static final int SHOWN = 200;
    private static final String NUMBER = "a decimal number such as 1200.5, with at most 9 digits after the point";
    private static final List<String> COLUMNS = List.of("work", "units", "share", "kind", "ref");

    /** Reads the lines of one media type. */
    interface Format {
        /** Reads a line. A line that cannot be read has a reason. */
        SentLine read(Lines.Line line);
    }

    /** Reads a line of NDJSON. */
    static SentLine ofJson(Lines.Line line) {
        if (line.tooLong()) {
            return unreadable("", Reason.TOO_LONG);
        }
        String shown = new String(line.bytes(), StandardCharsets.UTF_8);
        try {
            JsonNode body = Json.parseLine(line.bytes(), line.number());
            if (body.path("work").isTextual()) {
                shown = body.path("work").textValue();
            }
            return parse(Members.of(body, COLUMNS.toArray(String[]::new)));
        } catch (ProblemException unreadable) {
            return unreadable(shown, reason(unreadable));
        }
    }

    /**
     * Returns the reader of a table whose first line names the columns.
     *
     * @throws ProblemException {@link Problem#UNREADABLE_TABLE} if the line is no such line
     */
    static Format ofTable(Lines.@Nullable Line header) {
        List<String> names = header == null || header.tooLong() ? List.of() : CsvLine.fields(header.bytes());
        Set<String> each = new HashSet<>(names);
        if (!COLUMNS.containsAll(names) || !names.contains("work") || each.size() < names.size()) {
            throw Problem.UNREADABLE_TABLE.because(
                    "The first line names the columns: work, and any of units, share, kind and ref, separated by commas");
        }
        List<String> columns = List.copyOf(names);
        return line -> ofRow(columns, line);
    }

    private static SentLine ofRow(List<String> columns, Lines.Line line) {
        if (line.tooLong()) {
            return unreadable("", Reason.TOO_LONG);
        }
        String shown = new String(line.bytes(), StandardCharsets.UTF_8);
        try {
            Json.text(line.bytes());
            List<String> cells = CsvLine.fields(line.bytes());
            List<String> all = new ArrayList<>(COLUMNS.size());
            for (String name : COLUMNS) {
                int column = columns.indexOf(name);
                all.add(column < 0 || column >= cells.size() ? "" : cells.get(column));
            }
            shown = all.get(0).isEmpty() ? shown : all.get(0);
            if (cells.size() > columns.size()) {
                return unreadable(shown, Reason.TOO_MANY);
            }
            return of(
                    Subject.parse(all.get(0)),
                    number(all.get(1)),
                    number(all.get(2)),
                    text(all.get(3), MAX_KIND),
                    text(all.get(4), MAX_REF));
        } catch (ProblemException unreadable) {
            return unreadable(shown, reason(unreadable));
        }
    }

    private static SentLine parse(Members members) {
        Subject subject = members.parsed("work", Subject::parse);
        String units = members.optionalText("units", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        String share = members.optionalText("share", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        String kind = members.optionalText("kind", MAX_KIND);
        String ref = members.optionalText("ref", MAX_REF);
        members.finish();
        if (subject == null) {
            throw Problem.INVALID_REQUEST.at("/work", Reason.MISSING, "name the work");
        }
        return of(
                subject,
                units == null ? null : Decimals.parse(units),
                share == null ? null : Decimals.parse(share),
                kind,
                ref);
    }

    private static SentLine of(
            Subject subject,
            @Nullable BigDecimal units,
            @Nullable BigDecimal share,
            @Nullable String kind,
            @Nullable String ref) {
        return new SentLine(
                subject,
                subject.canonical(),
                units == null ? BigDecimal.ONE : units,
                share == null ? BigDecimal.ONE : share,
                kind,
                ref == null ? "" : ref,
                null);
    }

    private static @Nullable BigDecimal number(String cell) {
        if (cell.isEmpty()) {
            return null;
        }
        try {
            return Decimals.parse(cell);
        } catch (IllegalArgumentException malformed) {
            throw Problem.INVALID_REQUEST.at("", Reason.MALFORMED, NUMBER);
        }
    }

    private static @Nullable String text(String cell, int maxLength) {
        if (cell.isEmpty()) {
            return null;
        }
        if (!Members.isText(cell, maxLength)) {
            throw Problem.INVALID_REQUEST.at("", Reason.TOO_LONG, "give at most " + maxLength + " characters");
        }
        return cell;
    }

    private static SentLine unreadable(String text, Reason reason) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return new SentLine(null, shown.toString(), BigDecimal.ZERO, BigDecimal.ZERO, null, "", reason.word());
    }

    private static Reason reason(ProblemException unreadable) {
        return unreadable.violations().stream()
                .map(Violation::reason)
                .findFirst()
                .orElse(Reason.SYNTAX_ERROR);
    }
}
