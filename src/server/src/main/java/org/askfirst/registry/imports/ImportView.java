package org.askfirst.registry.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Layout;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * {@code Import}: the state of an import.
 *
 * @param check the result of reading the rows without declaring them; only in answers to calls that may change it
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
        @JsonRawValue @Nullable String problem) {
    static final String PREFIX = "i_";

    static ImportView of(ImportStore.Import job, @Nullable Check check) {
        return new ImportView(
                PREFIX + job.id().toString().replace("-", ""),
                job.name(),
                job.size(),
                job.received(),
                job.status().wireName(),
                job.createdAt(),
                job.table(),
                job.plan(),
                job.counts(),
                check,
                job.problem());
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
            List<ColumnView> columns) {
        static TableView of(Layout layout, long rows, List<Columns.Column> columns) {
            return new TableView(
                    layout.format().wireName(),
                    layout.encoding(),
                    layout.delimiter(),
                    layout.sheets(),
                    layout.sheet(),
                    layout.headerRow(),
                    rows,
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
    }

    /**
     * {@code ImportCheck}: the result of reading the first rows without declaring them.
     *
     * @param rows number of rows that were checked
     * @param sampleRows the first rows
     * @param problemRows the first rows that have a warning or would be refused
     */
    record Check(
            long rows,
            long declarable,
            long declaredWithWarnings,
            long refused,
            List<RowView> sampleRows,
            List<RowView> problemRows) {}

    /** {@code ImportRow}: a row as it would be declared, or the reason why it cannot be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RowView(
            long row,
            List<String> cells,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> subjects,
            DeclarationView.@Nullable WorkView work,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NoteView> notes,
            @Nullable ProblemDocument problem) {}

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
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NoteView> notes,
            @Nullable ProblemDocument problem,
            @Nullable List<String> cells) {
        static ReportLine refused(Row row, List<NoteView> notes, ProblemDocument problem) {
            return new ReportLine(row.number(), null, null, null, notes, problem, row.cells());
        }
    }
}
