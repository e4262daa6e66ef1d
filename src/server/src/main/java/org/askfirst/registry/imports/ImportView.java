package org.askfirst.registry.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Layout;
import org.askfirst.registry.table.Repair;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Skip;
import org.askfirst.registry.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * {@code Import}: the state of an import.
 *
 * @param check the result of reading the rows without declaring them; only in answers to calls that may change it
 * @param pausedUntil the time at which it continues; null if it does not wait for a budget
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImportView(
        String id,
        String name,
        long size,
        long received,
        String status,
        Instant createdAt,
        @JsonRawValue @Nullable String table,
        @JsonRawValue @Nullable String plan,
        ImportStore.Counts counts,
        @Nullable Check check,
        @JsonRawValue @Nullable String problem,
        @Nullable Instant pausedUntil) {
    static final String PREFIX = "i_";

    private static final int MAX_SHOWN = 1_000;

    /**
     * Returns the view of an import.
     *
     * @param above number of rows above the header, which are skipped when the import begins
     */
    static ImportView of(ImportStore.Import job, long above, @Nullable Check check) {
        boolean hasBegun = job.counts().read() > 0 || job.status() == ImportStore.Status.DONE;
        return new ImportView(
                PREFIX + job.id().toString().replace("-", ""),
                job.name(),
                job.size(),
                job.received(),
                job.status().wireName(),
                job.createdAt(),
                job.table(),
                job.plan(),
                hasBegun ? job.counts().withSkipped(above) : job.counts(),
                check,
                job.problem(),
                job.pausedUntil());
    }

    /** Returns the beginning of a text that a stranger may have made very long. */
    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** Returns the cells of a row, each with its beginning. */
    static List<String> shown(Row row) {
        return row.cells().stream().map(ImportView::shown).toList();
    }

    /** {@code ImportTable}: the table that was detected in the file. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TableView(
            String format,
            @Nullable String encoding,
            @Nullable String delimiter,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> sheets,
            int sheet,
            long headerRow,
            long rows,
            long rowsAbove,
            List<ColumnView> columns) {
        static TableView of(Layout layout, Table.Size size, List<Columns.Column> columns) {
            return new TableView(
                    layout.format().wireName(),
                    layout.encoding(),
                    layout.delimiter(),
                    layout.sheets(),
                    layout.sheet(),
                    layout.headerRow(),
                    size.below(),
                    size.above(),
                    columns.stream().map(ColumnView::of).toList());
        }

        /** Returns the layout with which the rows are read. */
        Layout layout() {
            Layout.Format parsed =
                    Layout.Format.TEXT.wireName().equals(format) ? Layout.Format.TEXT : Layout.Format.WORKBOOK;
            return new Layout(parsed, encoding, delimiter, sheets == null ? List.of() : sheets, sheet, headerRow);
        }
    }

    /** {@code ImportColumn}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ColumnView(
            String name, List<String> samples, @Nullable String role) {
        static ColumnView of(Columns.Column column) {
            ColumnType type = column.type();
            return new ColumnView(column.name(), column.samples(), type == null ? null : type.wireName());
        }

        Columns.Column column() {
            return new Columns.Column(
                    name, samples, role == null ? null : ColumnType.named(role).orElse(null));
        }
    }

    /**
     * {@code ImportCheck}: the result of reading the first rows without declaring them.
     *
     * @param rows number of rows that were checked
     * @param complete true if these are all rows
     * @param leftOut number of skipped rows that the plan leaves out
     * @param withoutMember number of rows that name no member although the table has a column for it
     * @param repaired number of rows with a repaired identifier
     * @param placeholders number of words in the place of identifiers
     * @param repairs that are suggested, or accepted by the plan
     * @param sampleRows the first rows
     * @param problemRows the first rows that have a warning or would be refused
     * @param skippedRows the first rows that are not read as works
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Check(
            long rows,
            boolean complete,
            long declarable,
            long declaredWithWarnings,
            long refused,
            long skipped,
            long leftOut,
            @Nullable Long withoutMember,
            long repaired,
            long placeholders,
            List<SuggestedRepair> repairs,
            List<RowView> sampleRows,
            List<RowView> problemRows,
            List<RowView> skippedRows) {}

    /**
     * {@code ImportSuggestedRepair}: a text that cannot be read, and what it probably means.
     *
     * @param reason because of which it cannot be read
     * @param row the first row that has the text
     * @param rows number of checked rows that have it
     * @param title of the work of the first row
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SuggestedRepair(
            int column,
            String text,
            String subject,
            String reason,
            boolean accepted,
            long row,
            long rows,
            @Nullable String title) {}

    /**
     * Facts about the reading of a row that its result does not show.
     *
     * @param memberNumber the society's number of the member for whom the row is declared
     * @param placeholders number of words in the place of identifiers; null if there are none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Remarks(
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NoteView> notes,
            @Nullable String memberNumber,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Repair> repairs,
            @Nullable Integer placeholders) {
        static final Remarks NONE = new Remarks(List.of(), null, List.of(), null);

        static Remarks of(RowReader.Reading reading) {
            String number = reading.memberNumber();
            return new Remarks(
                    reading.notes().stream().map(NoteView::of).toList(),
                    number == null ? null : shown(number),
                    reading.applied().stream().map(RowReader.Applied::repair).toList(),
                    reading.placeholders() == 0 ? null : reading.placeholders());
        }
    }

    /** {@code ImportRow}: a row as it would be declared, or the reason why it cannot be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RowView(
            long row,
            List<String> cells,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> subjects,
            DeclarationView.@Nullable WorkView work,
            @Nullable String mandate,
            @JsonUnwrapped Remarks remarks,
            @Nullable ProblemDocument problem,
            @Nullable String skipped) {
        static RowView skipped(Row row, Skip why) {
            return new RowView(row.number(), shown(row), List.of(), null, null, Remarks.NONE, null, why.wireName());
        }
    }

    /** {@code ImportNote}. */
    record NoteView(int column, String text, ProblemDocument problem) {
        static NoteView of(RowReader.Note note) {
            return new NoteView(note.column(), note.text(), ProblemDocument.of(note.why()));
        }
    }

    /** {@code ImportReportLine}: the result of a row. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReportLine(
            long row,
            @Nullable String id,
            @Nullable Long position,
            @Nullable Boolean alreadyDeclared,
            @JsonUnwrapped Remarks remarks,
            @Nullable ProblemDocument problem,
            @Nullable String skipped,
            @Nullable List<String> cells) {
        static ReportLine refused(Row row, Remarks remarks, ProblemDocument problem) {
            return new ReportLine(row.number(), null, null, null, remarks, problem, null, shown(row));
        }

        static ReportLine skipped(Row row, Skip why) {
            return new ReportLine(row.number(), null, null, null, Remarks.NONE, null, why.wireName(), shown(row));
        }
    }
}
