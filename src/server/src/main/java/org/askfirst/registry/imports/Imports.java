package org.askfirst.registry.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.Content;
import org.askfirst.entry.Mandate;
import org.askfirst.id.IdSource;
import org.askfirst.id.MandateId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.declaration.DeclarationView;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Rows;
import org.askfirst.registry.table.Table;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Imports from the upload until the start: receives files in pieces, detects their tables, and stores and checks plans.
 *
 * <p>Each received piece is durable, so a client that loses the connection continues from the number of bytes received.
 * {@link ImportRunner} runs the imports.
 */
@ApplicationScoped
class Imports {
    static final long MAX_SIZE = 512L << 20;

    private static final int PIECE = 1 << 20;
    private static final int MAX_OPEN = 20;
    private static final int MAX_LISTED = 50;
    private static final int CHECKED_ROWS = 10_000;
    private static final int SAMPLE_ROWS = 10;
    private static final int PROBLEM_ROWS = 50;
    private static final int MAX_NAME = 300;
    private static final int ID_LENGTH = 32;

    private final ImportStore store;
    private final ImportFiles files;
    private final ImportRunner runner;
    private final Mandates mandates;
    private final ObjectMapper json;
    private final IdSource ids;
    private final Clock clock;

    Imports(
            ImportStore store,
            ImportFiles files,
            ImportRunner runner,
            Mandates mandates,
            ObjectMapper json,
            IdSource ids,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.runner = runner;
        this.mandates = mandates;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Receives a file, or its beginning.
     *
     * @param size of the whole file in bytes; null if the body is the whole file
     * @throws ProblemException {@link Problem#TOO_MANY_IMPORTS}, {@link Problem#TOO_LARGE}, or
     *     {@link Problem#UNREADABLE_TABLE} if the complete file is not a table
     */
    ImportView receive(Caller caller, @Nullable String name, @Nullable Long size, InputStream body)
            throws SQLException, IOException {
        if (store.countOpen(caller.party()) >= MAX_OPEN) {
            throw Problem.TOO_MANY_IMPORTS.because(
                    "A party has at most " + MAX_OPEN + " imports that are not done; delete one first");
        }
        String fileName = name == null || name.isBlank() ? "file" : name.strip();
        if (fileName.length() > MAX_NAME) {
            fileName = fileName.substring(0, MAX_NAME);
        }
        UUID id = ids.next();
        store.create(id, caller.party(), fileName.replace('\u0000', '\uFFFD'), size == null ? MAX_SIZE : size, now());
        boolean done = false;
        try {
            long received = append(id, 0, size == null ? MAX_SIZE : size, body);
            ImportView view = size == null || received == size ? complete(caller, id, received) : view(caller, id);
            done = true;
            return view;
        } finally {
            if (!done && (size == null || !isReceiving(caller, id))) {
                store.delete(id);
            }
        }
    }

    private boolean isReceiving(Caller caller, UUID id) throws SQLException {
        return store.find(caller.party(), id)
                .filter(job -> job.status() == ImportStore.Status.RECEIVING && job.received() < job.size())
                .isPresent();
    }

    /**
     * Receives more of a file.
     *
     * @param position number of bytes before this part
     * @throws ProblemException {@link Problem#IMPORT_NOT_READY} if the file does not end at {@code position} or is
     *     complete
     */
    ImportView receiveMore(Caller caller, String id, long position, InputStream body) throws SQLException, IOException {
        ImportStore.Import job = find(caller, id);
        if (job.status() != ImportStore.Status.RECEIVING || job.received() != position) {
            throw Problem.IMPORT_NOT_READY.because(
                    job.status() == ImportStore.Status.RECEIVING
                            ? "The file has " + job.received() + " bytes so far; continue from there"
                            : "The file is complete");
        }
        long received = append(job.id(), position, job.size(), body);
        if (received < job.size()) {
            return view(caller, job.id());
        }
        try {
            return complete(caller, job.id(), received);
        } catch (ProblemException unreadable) {
            store.delete(job.id());
            throw unreadable;
        }
    }

    private long append(UUID id, long from, long size, InputStream body) throws SQLException {
        long position = from;
        while (true) {
            byte[] piece;
            try {
                piece = body.readNBytes(PIECE);
            } catch (IOException broken) {
                throw Problem.MALFORMED_REQUEST.because(
                        "The body is incomplete; the bytes before " + position + " are stored");
            }
            if (piece.length == 0) {
                return position;
            }
            if (position + piece.length > size) {
                throw Problem.TOO_LARGE.because(
                        size == MAX_SIZE
                                ? "A file may have at most " + MAX_SIZE + " bytes; send it in parts"
                                : "The file has more than the announced " + size + " bytes");
            }
            if (!store.append(id, position, piece, now())) {
                throw Problem.IMPORT_NOT_READY.because(
                        "Another call sends the same file; get the import to see how many bytes are stored");
            }
            position += piece.length;
        }
    }

    private ImportView complete(Caller caller, UUID id, long size) throws SQLException, IOException {
        Table table = Table.of(files.of(id, size));
        List<Columns.Column> columns = table.columns();
        ImportView.TableView detected = ImportView.TableView.of(table.layout(), table.countRows(), columns);
        store.storeTable(id, size, json.writeValueAsString(detected), now());
        return ImportView.of(
                find(caller, id),
                check(
                        caller,
                        ImportPlan.NONE,
                        Optional.empty(),
                        table,
                        columns.stream().map(Columns.Column::type).toList()));
    }

    /** Stores a plan, and returns the result of reading the rows without declaring them. */
    ImportView plan(Caller caller, String text, JsonNode body) throws SQLException, IOException {
        ImportStore.Import job = find(caller, text);
        ImportPlan plan = ImportPlan.parse(body, caller.reachable(), clock.instant());
        requireReady(job);
        Optional<Mandate> mandate = requireMandate(caller, plan);
        Table table = Table.of(
                files.of(job.id(), job.size()), plan.encoding(), plan.delimiter(), plan.sheet(), plan.headerRow());
        List<Columns.Column> columns = new ArrayList<>();
        List<@Nullable ColumnType> planned = plan.columns();
        for (Columns.Column column : table.columns()) {
            int place = columns.size();
            ColumnType type = column.type();
            if (planned != null) {
                type = place < planned.size() ? planned.get(place) : null;
            }
            columns.add(new Columns.Column(column.name(), column.samples(), type));
        }
        ImportView.TableView detected = ImportView.TableView.of(table.layout(), table.countRows(), columns);
        if (!store.plan(job.id(), json.writeValueAsString(detected), json.writeValueAsString(plan.json()), now())) {
            requireReady(find(caller, job.id()));
        }
        return ImportView.of(
                find(caller, job.id()),
                check(
                        caller,
                        plan,
                        mandate,
                        table,
                        columns.stream().map(Columns.Column::type).toList()));
    }

    private static void requireReady(ImportStore.Import job) {
        if (job.status() != ImportStore.Status.READY) {
            throw Problem.IMPORT_NOT_READY.because(
                    job.status() == ImportStore.Status.RECEIVING
                            ? "The file is incomplete: " + job.received() + " of " + job.size() + " bytes"
                            : "The import was already started, so its plan cannot change");
        }
    }

    private Optional<Mandate> requireMandate(Caller caller, ImportPlan plan) throws SQLException {
        MandateId id = plan.mandate();
        if (id == null) {
            return Optional.empty();
        }
        Optional<Mandates.RecordedMandate> recorded = mandates.inForce(caller.party(), id);
        if (recorded.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/mandate",
                    Reason.MANDATE_NOT_IN_FORCE,
                    "the mandate is not in force, or this party has no such mandate");
        }
        return recorded.map(Mandates.RecordedMandate::terms);
    }

    private ImportView.Check check(
            Caller caller, ImportPlan plan, Optional<Mandate> mandate, Table table, List<@Nullable ColumnType> types)
            throws IOException {
        RowReader reader = new RowReader(types, plan.strict());
        List<ImportView.RowView> sampleRows = new ArrayList<>();
        List<ImportView.RowView> problemRows = new ArrayList<>();
        long checked = 0;
        long withWarnings = 0;
        long refused = 0;
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null && checked < CHECKED_ROWS; row = rows.next()) {
                if (!table.isData(row)) {
                    continue;
                }
                checked++;
                ImportView.RowView view = view(plan, mandate, reader, caller.reachable(), row);
                refused += view.problem() == null ? 0 : 1;
                withWarnings += view.problem() == null && !view.notes().isEmpty() ? 1 : 0;
                if (sampleRows.size() < SAMPLE_ROWS) {
                    sampleRows.add(view);
                }
                boolean isProblem = view.problem() != null || !view.notes().isEmpty();
                if (isProblem && problemRows.size() < PROBLEM_ROWS) {
                    problemRows.add(view);
                }
            }
        }
        return new ImportView.Check(checked, checked - refused, withWarnings, refused, sampleRows, problemRows);
    }

    private ImportView.RowView view(
            ImportPlan plan, Optional<Mandate> mandate, RowReader reader, boolean reachable, Row row) {
        RowReader.Reading reading = reader.read(row);
        ProblemException problem = reading.problem();
        if (problem == null) {
            try {
                requireDeclarable(plan, mandate, reading, reachable);
            } catch (ProblemException refused) {
                problem = refused;
            }
        }
        return new ImportView.RowView(
                row.number(),
                row.cells(),
                reading.subjects().stream().map(Subject::canonical).toList(),
                work(plan, reading),
                reading.notes().stream().map(ImportView.NoteView::of).toList(),
                problem == null ? null : ProblemDocument.of(problem));
    }

    /** Returns the work as the row describes it, even if it cannot be declared so. */
    private static DeclarationView.@Nullable WorkView work(ImportPlan plan, RowReader.Reading row) {
        String title = row.title();
        return title == null ? null : new DeclarationView.WorkView(title, row.creators(), plan.kindOf(row));
    }

    /**
     * Refuses a row that could not be declared, as far as the plan already has a declaration, or that the mandate does
     * not cover.
     */
    private void requireDeclarable(
            ImportPlan plan, Optional<Mandate> mandate, RowReader.Reading row, boolean reachable) {
        DeclarationTemplate template = plan.template();
        if (template == null) {
            mandate.flatMap(terms -> terms.objectionTo(subjectsOrPlaceholder(row.subjects())))
                    .ifPresent(Imports::refuse);
            return;
        }
        Content content = template.with(row, reachable, clock.instant());
        mandate.flatMap(terms -> terms.objectionTo(content.withSubjects(subjectsOrPlaceholder(content.subjects()))))
                .ifPresent(Imports::refuse);
    }

    /**
     * Returns the subjects, or a placeholder: a row without identifiers gets a {@code work:} id when it is declared.
     */
    private static List<Subject> subjectsOrPlaceholder(List<Subject> subjects) {
        return subjects.isEmpty() ? List.of(Subject.ofWork(new byte[Declarations.WORK_ID_BYTES])) : subjects;
    }

    private static void refuse(Mandate.Objection objection) {
        throw Problem.INVALID_REQUEST.at("/mandate", objection.reason(), objection.detail());
    }

    /** Starts the import at its first row, or continues it after a stop. */
    ImportView start(Caller caller, String text) throws SQLException {
        ImportStore.Import job = find(caller, text);
        String plan = job.plan();
        if (plan == null || !plan(plan).declares()) {
            requireReceived(job);
            throw Problem.IMPORT_NOT_READY.because(
                    "The plan has nothing to declare; PUT a plan with \"stances\" first");
        }
        if (job.status() != ImportStore.Status.RUNNING
                && job.status() != ImportStore.Status.DONE
                && store.start(job.id(), caller.authority().keyHash(), now())) {
            runner.wake();
        }
        return view(caller, job.id());
    }

    private static void requireReceived(ImportStore.Import job) {
        if (job.status() == ImportStore.Status.RECEIVING) {
            requireReady(job);
        }
    }

    ImportPlan plan(String stored) {
        return runner.plan(stored);
    }

    /** Cancels the import. Its declarations remain. */
    ImportView cancel(Caller caller, String text) throws SQLException {
        ImportStore.Import job = find(caller, text);
        store.cancel(job.id(), now());
        return view(caller, job.id());
    }

    /** Deletes the file and the report. Declarations remain. */
    void delete(Caller caller, String text) throws SQLException {
        ImportStore.Import job = find(caller, text);
        store.delete(job.id());
        files.delete(job.id());
    }

    ImportView get(Caller caller, String text) throws SQLException {
        return ImportView.of(find(caller, text), null);
    }

    List<ImportView> list(Caller caller) throws SQLException {
        return store.of(caller.party(), MAX_LISTED).stream()
                .map(job -> ImportView.of(job, null))
                .toList();
    }

    private ImportView view(Caller caller, UUID id) throws SQLException {
        return ImportView.of(find(caller, id), null);
    }

    ImportStore.Import find(Caller caller, String text) throws SQLException {
        return find(caller, parse(text).orElseThrow(Imports::unknown));
    }

    private ImportStore.Import find(Caller caller, UUID id) throws SQLException {
        return store.find(caller.party(), id).orElseThrow(Imports::unknown);
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because("The party has no such import");
    }

    private static Optional<UUID> parse(String text) {
        if (!text.matches(ImportView.PREFIX + "[0-9a-f]{" + ID_LENGTH + "}")) {
            return Optional.empty();
        }
        String hex = text.substring(ImportView.PREFIX.length());
        return Optional.of(new UUID(
                Long.parseUnsignedLong(hex.substring(0, ID_LENGTH / 2), 16),
                Long.parseUnsignedLong(hex.substring(ID_LENGTH / 2), 16)));
    }

    private Instant now() {
        return clock.instant();
    }

    /** Parses a stored table. */
    static ImportView.TableView detected(ObjectMapper json, String stored) {
        try {
            return json.readValue(stored, ImportView.TableView.class);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a stored table cannot be read", impossible);
        }
    }
}
