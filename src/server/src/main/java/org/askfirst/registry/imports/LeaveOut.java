package org.askfirst.registry.imports;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.Skip;
import org.jspecify.annotations.Nullable;

/**
 * {@code ImportLeaveOut}: the rows that are not declared because the plan leaves them out.
 *
 * @param rows by their numbers
 * @param where by the content of a column; a row for which one of them is true is left out
 */
record LeaveOut(List<Span> rows, List<Where> where) {
    static final LeaveOut NOTHING = new LeaveOut(List.of(), List.of());

    private static final int MAX_SPANS = 500;
    private static final int MAX_CONDITIONS = 20;
    private static final int MAX_TEXT = 200;

    /** Number of characters of a cell in which a text is looked for. */
    private static final int MAX_SEARCHED = 10_000;

    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?");

    /** Numbers of rows, the first and the last included. */
    record Span(long first, long last) {}

    /**
     * A condition for a cell.
     *
     * @param column counted from 0
     * @param contains the text that the cell has, in lower case and canonical form; null if the cell must be empty
     */
    record Where(int column, @Nullable String contains) {
        boolean isTrueOf(Row row) {
            String all = row.cell(column);
            String cell = plain(all.length() <= MAX_SEARCHED ? all : all.substring(0, MAX_SEARCHED));
            return contains == null ? cell.isEmpty() : cell.contains(contains);
        }
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
    }

    /** Reads the member {@code leaveOut} of a plan. */
    static LeaveOut parse(Members plan) {
        Members leaveOut = plan.object("leaveOut", "rows", "where");
        if (leaveOut == null) {
            return NOTHING;
        }
        List<Span> spans = new ArrayList<>();
        for (String text : leaveOut.optionalTexts("rows", MAX_SPANS, SPAN, "a number of a row, or two as in 7-9")) {
            Matcher span = SPAN.matcher(text);
            if (span.matches()) {
                long first = Long.parseLong(span.group(1));
                long last = span.group(2) == null ? first : Long.parseLong(span.group(2));
                if (last < first) {
                    leaveOut.refuse("rows", Reason.NOT_AFTER_START, "the second number of a pair is the greater one");
                }
                spans.add(new Span(first, last));
            }
        }
        List<Where> where = new ArrayList<>();
        for (Members condition : leaveOut.objects("where", MAX_CONDITIONS, "column", "contains", "empty")) {
            long column = condition.wholeNumber("column", 0);
            if (column >= ImportPlan.MAX_COLUMNS) {
                condition.refuse(
                        "column",
                        Reason.OUT_OF_RANGE,
                        "give at most " + (ImportPlan.MAX_COLUMNS - 1) + ", counted from 0");
            }
            boolean mustBeEmpty = condition.isTrue("empty");
            if (mustBeEmpty == condition.has("contains")) {
                condition.refuse(
                        "contains",
                        mustBeEmpty ? Reason.CONFLICT : Reason.MISSING,
                        "give either contains, with a text, or empty, which is true");
            }
            String text = condition.optionalText("contains", MAX_TEXT);
            where.add(new Where((int) Math.min(column, ImportPlan.MAX_COLUMNS), text == null ? null : plain(text)));
        }
        return new LeaveOut(spans, where);
    }

    /**
     * Refuses a condition about a column that the table does not have. It could be true of every row.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST}
     */
    void requireColumns(int columns) {
        if (where.stream().anyMatch(condition -> condition.column() >= columns)) {
            throw Problem.INVALID_REQUEST.at(
                    "/leaveOut/where",
                    Reason.OUT_OF_RANGE,
                    "a condition names a column that is not there; the table has " + columns
                            + " columns, counted from 0");
        }
    }

    /** Returns the row, marked if it is left out. */
    Row applied(Row row) {
        boolean isLeftOut = row.skip() == null
                && (rows.stream().anyMatch(span -> span.first() <= row.number() && row.number() <= span.last())
                        || where.stream().anyMatch(condition -> condition.isTrueOf(row)));
        return isLeftOut ? row.skipped(Skip.LEFT_OUT) : row;
    }
}
