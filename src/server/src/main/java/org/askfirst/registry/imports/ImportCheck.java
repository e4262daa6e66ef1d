package org.askfirst.registry.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.id.MandateId;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Repair;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Skip;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Gathers the results of reading rows without declaring them. */
final class ImportCheck {
    private static final int SAMPLE_ROWS = 10;
    private static final int PROBLEM_ROWS = 50;

    private final ImportPlan plan;
    private final Set<Repair> accepted;
    private final boolean hasMembers;
    private final List<ImportView.RowView> sampleRows = new ArrayList<>();
    private final List<ImportView.RowView> problemRows = new ArrayList<>();
    private final List<ImportView.RowView> skippedRows = new ArrayList<>();
    private final Map<Repair, ImportView.SuggestedRepair> repairs = new LinkedHashMap<>();
    private long rows;
    private long withWarnings;
    private long refused;
    private long skipped;
    private long leftOut;
    private long withoutMember;
    private long repaired;
    private long placeholders;

    ImportCheck(ImportPlan plan, List<Columns.Column> columns) {
        this.plan = plan;
        this.accepted = Set.copyOf(plan.repairs());
        this.hasMembers =
                columns.stream().map(Columns.Column::type).anyMatch(type -> type != null && type.isMemberNumber());
    }

    void addSkipped(Row row) {
        Skip why = Objects.requireNonNull(row.skip());
        skipped++;
        leftOut += why == Skip.LEFT_OUT ? 1 : 0;
        if (skippedRows.size() < PROBLEM_ROWS) {
            skippedRows.add(ImportView.RowView.skipped(row, why));
        }
    }

    /**
     * Adds a row.
     *
     * @param mandate under which it would be declared; null for none
     * @param problem because of which it would be refused; null if it would not be
     */
    void add(Row row, RowReader.Reading reading, @Nullable MandateId mandate, @Nullable ProblemException problem) {
        rows++;
        boolean hasNotes = !reading.notes().isEmpty();
        refused += problem == null ? 0 : 1;
        withWarnings += problem == null && hasNotes ? 1 : 0;
        repaired += problem == null && !reading.applied().isEmpty() ? 1 : 0;
        placeholders += reading.placeholders();
        withoutMember += reading.memberNumber() == null ? 1 : 0;
        addRepairs(row, reading);
        boolean isSample = sampleRows.size() < SAMPLE_ROWS;
        boolean isProblem = (problem != null || hasNotes) && problemRows.size() < PROBLEM_ROWS;
        if (!isSample && !isProblem) {
            return;
        }
        ImportView.RowView view = new ImportView.RowView(
                row.number(),
                ImportView.shown(row),
                reading.subjects().stream().map(Subject::canonical).toList(),
                work(reading),
                mandate == null ? null : mandate.toString(),
                ImportView.Remarks.of(reading),
                problem == null ? null : ProblemDocument.of(problem),
                null);
        if (isSample) {
            sampleRows.add(view);
        }
        if (isProblem) {
            problemRows.add(view);
        }
    }

    /** Returns the work as the row describes it, even if it cannot be declared so. */
    private DeclarationView.@Nullable WorkView work(RowReader.Reading row) {
        String title = row.title();
        return title == null ? null : new DeclarationView.WorkView(title, row.creators(), plan.kindOf(row));
    }

    private void addRepairs(Row row, RowReader.Reading reading) {
        for (RowReader.Note note : reading.notes()) {
            Subject meant = Repair.suggestedBy(note.why());
            if (meant != null) {
                Repair repair = new Repair(note.column(), note.text(), meant.canonical());
                add(
                        row,
                        reading,
                        repair,
                        note.why().violations().get(0).reason().word());
            }
        }
        for (RowReader.Applied applied : reading.applied()) {
            add(row, reading, applied.repair(), applied.reason().word());
        }
    }

    private void add(Row row, RowReader.Reading reading, Repair repair, String reason) {
        ImportView.SuggestedRepair before = repairs.get(repair);
        if (before == null && repairs.size() >= ImportPlan.MAX_REPAIRS) {
            return;
        }
        repairs.put(
                repair,
                new ImportView.SuggestedRepair(
                        repair.column(),
                        repair.text(),
                        repair.subject(),
                        reason,
                        accepted.contains(repair),
                        before == null ? row.number() : before.row(),
                        before == null ? 1 : before.rows() + 1,
                        before == null ? reading.title() : before.title()));
    }

    ImportView.Check result(boolean complete) {
        return new ImportView.Check(
                rows,
                complete,
                rows - refused,
                withWarnings,
                refused,
                skipped,
                leftOut,
                hasMembers ? withoutMember : null,
                repaired,
                placeholders,
                List.copyOf(repairs.values()),
                sampleRows,
                problemRows,
                skippedRows);
    }
}
