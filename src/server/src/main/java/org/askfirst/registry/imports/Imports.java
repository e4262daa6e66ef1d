package org.askfirst.registry.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Rows;
import org.askfirst.registry.table.Table;
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
    private static final long MAX_READ_AT_ONCE = 16L << 20;
    private static final int MAX_OPEN = 20;
    private static final int MAX_LISTED = 50;
    private static final int CHECKED_ROWS = 10_000;
    private static final int CHECKED_AT_ONCE = 1_000;
    private static final int MAX_NAME = 300;
    private static final int ID_LENGTH = 32;

    private final ImportStore store;
    private final ImportFiles files;
    private final ImportRunner runner;
    private final Mandates mandates;
    private final Budgets budgets;
    private final ObjectMapper json;
    private final IdSource ids;
    private final Clock clock;

    Imports(
            ImportStore store,
            ImportFiles files,
            ImportRunner runner,
            Mandates mandates,
            Budgets budgets,
            ObjectMapper json,
            IdSource ids,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.runner = runner;
        this.mandates = mandates;
        this.budgets = budgets;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Receives a file, or its beginning.
     *
     * @param size of the whole file in bytes; null if the body is the whole file
     * @param address the address of the request, for budgets
     * @throws ProblemException {@link Problem#TOO_MANY_IMPORTS}, {@link Problem#TOO_LARGE}, {@link Problem#BUDGET_SPENT}, or
     *     {@link Problem#UNREADABLE_TABLE} if the complete file is not a table
     */
    ImportView receive(Caller caller, String address, @Nullable String name, @Nullable Long size, InputStream body)
            throws SQLException, IOException {
        runner.requireAppendable();
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
            long received = append(new Upload(caller, address, id), 0, size == null ? MAX_SIZE : size, body);
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
    ImportView receiveMore(Caller caller, String address, String id, long position, InputStream body)
            throws SQLException, IOException {
        runner.requireAppendable();
        ImportStore.Import job = find(caller, id);
        if (job.status() != ImportStore.Status.RECEIVING || job.received() != position) {
            throw Problem.IMPORT_NOT_READY.because(
                    job.status() == ImportStore.Status.RECEIVING
                            ? "The file has " + job.received() + " bytes so far; continue from there"
                            : "The file is complete");
        }
        long received = append(new Upload(caller, address, job.id()), position, job.size(), body);
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

    /** Makes something of a file that is on disk. */
    interface FileReader<T> {
        T read(Path file) throws IOException;
    }

    /**
     * Returns what the reader makes of the body, which is on this node's disk meanwhile and not stored.
     *
     * @param address the address of the request, for budgets
     * @throws ProblemException {@link Problem#TOO_LARGE} or {@link Problem#BUDGET_SPENT}
     */
    <T> T withCopy(Caller caller, String address, InputStream body, FileReader<T> reader)
            throws SQLException, IOException {
        Path copy = files.temporary();
        try {
            try (OutputStream out = Files.newOutputStream(copy)) {
                long size = 0;
                for (byte[] piece = piece(body, size); piece.length > 0; piece = piece(body, size)) {
                    size += piece.length;
                    if (size > MAX_READ_AT_ONCE) {
                        throw Problem.TOO_LARGE.because(
                                "A file that is read at once may have at most " + MAX_READ_AT_ONCE + " bytes");
                    }
                    budgets.take(Budget.FILES, caller.party(), address);
                    out.write(piece);
                }
            }
            return reader.read(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static byte[] piece(InputStream body, long before) {
        try {
            return body.readNBytes(PIECE);
        } catch (IOException broken) {
            throw Problem.MALFORMED_REQUEST.because(
                    "The body is incomplete; of an import, the bytes before " + before + " are stored");
        }
    }

    /** A part of a file on its way. */
    private record Upload(Caller caller, String address, UUID id) {}

    private long append(Upload upload, long from, long size, InputStream body) throws SQLException {
        long position = from;
        while (true) {
            byte[] piece = piece(body, position);
            if (piece.length == 0) {
                return position;
            }
            if (position + piece.length > size) {
                throw Problem.TOO_LARGE.because(
                        size == MAX_SIZE
                                ? "A file may have at most " + MAX_SIZE + " bytes; send it in parts"
                                : "The file has more than the announced " + size + " bytes");
            }
            budgets.take(Budget.FILES, upload.caller().party(), upload.address());
            if (!store.append(upload.id(), position, piece, now())) {
                throw Problem.IMPORT_NOT_READY.because(
                        "Another call sends the same file; get the import to see how many bytes are stored");
            }
            position += piece.length;
        }
    }

    private ImportView complete(Caller caller, UUID id, long size) throws SQLException, IOException {
        Table table = Table.of(files.of(id, size));
        List<Columns.Column> columns = columns(caller, table);
        ImportView.TableView detected = ImportView.TableView.of(table.layout(), table.size(), columns);
        store.storeTable(id, size, json.writeValueAsString(detected), now());
        return view(find(caller, id), check(caller, ImportPlan.NONE, Optional.empty(), table, columns));
    }

    /** Returns the columns. Numbers of members are ignored if the party has recorded no mandate with a number. */
    private List<Columns.Column> columns(Caller caller, Table table) throws SQLException, IOException {
        List<Columns.Column> columns = table.columns();
        boolean namesMembers =
                columns.stream().map(Columns.Column::type).anyMatch(type -> type != null && type.isMemberNumber());
        if (!namesMembers || mandates.hasNumbers(caller.party())) {
            return columns;
        }
        return columns.stream()
                .map(column -> column.type() != null && column.type().isMemberNumber()
                        ? new Columns.Column(column.name(), column.samples(), null)
                        : column)
                .toList();
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
        for (Columns.Column column : columns(caller, table)) {
            int place = columns.size();
            ColumnType type = column.type();
            if (planned != null) {
                type = place < planned.size() ? planned.get(place) : null;
            }
            columns.add(new Columns.Column(column.name(), column.samples(), type));
        }
        plan.leaveOut().requireColumns(columns.size());
        ImportView.TableView detected = ImportView.TableView.of(table.layout(), table.size(), columns);
        if (!store.plan(job.id(), json.writeValueAsString(detected), json.writeValueAsString(plan.json()), now())) {
            requireReady(find(caller, job.id()));
        }
        return view(find(caller, job.id()), check(caller, plan, mandate, table, columns));
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
            Caller caller, ImportPlan plan, Optional<Mandate> mandate, Table table, List<Columns.Column> columns)
            throws SQLException, IOException {
        RowReader reader = new RowReader(columns, plan.repairs(), plan.strict());
        ImportCheck check = new ImportCheck(plan, columns);
        List<Row> block = new ArrayList<>();
        boolean complete = true;
        long checked = 0;
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (checked >= CHECKED_ROWS) {
                    complete = false;
                    break;
                }
                Row marked = plan.leaveOut().applied(row);
                checked += marked.skip() == null ? 1 : 0;
                block.add(marked);
                if (block.size() >= CHECKED_AT_ONCE) {
                    check(caller, plan, mandate, reader, block, check);
                    block.clear();
                }
            }
        }
        check(caller, plan, mandate, reader, block, check);
        return check.result(complete);
    }

    private void check(
            Caller caller,
            ImportPlan plan,
            Optional<Mandate> mandate,
            RowReader reader,
            List<Row> block,
            ImportCheck check)
            throws SQLException {
        List<RowReader.@Nullable Reading> readings = new ArrayList<>(block.size());
        for (Row row : block) {
            readings.add(row.skip() == null ? reader.read(row) : null);
        }
        MemberMandates members = MemberMandates.of(mandates, caller.party(), readings, now());
        for (int i = 0; i < block.size(); i++) {
            RowReader.Reading reading = readings.get(i);
            if (reading == null) {
                check.addSkipped(block.get(i));
            } else {
                MandateId chosen = null;
                ProblemException problem = reading.problem();
                if (problem == null) {
                    try {
                        chosen = requireDeclarable(plan, mandate, members, reading, caller.reachable());
                    } catch (ProblemException refused) {
                        problem = refused;
                    }
                }
                check.add(block.get(i), reading, chosen, problem);
            }
        }
    }

    /**
     * Refuses a row that could not be declared, as far as the plan already has a declaration, or that its mandate does
     * not cover. Returns the mandate of the row; null if it has none.
     */
    private @Nullable MandateId requireDeclarable(
            ImportPlan plan,
            Optional<Mandate> mandate,
            MemberMandates members,
            RowReader.Reading row,
            boolean reachable) {
        DeclarationTemplate template = plan.template();
        String number = row.memberNumber();
        if (template == null) {
            if (number != null) {
                return members.mandate(number, terms -> MemberMandates.objection(terms, row.subjects()));
            }
            mandate.flatMap(terms -> MemberMandates.objection(terms, row.subjects()))
                    .ifPresent(Imports::refuse);
            return plan.mandate();
        }
        Content content = members.content(template, row, reachable, clock.instant());
        if (number == null) {
            mandate.flatMap(terms -> MemberMandates.objection(terms, content)).ifPresent(Imports::refuse);
        }
        return content.mandate();
    }

    private static void refuse(Mandate.Objection objection) {
        throw Problem.INVALID_REQUEST.at("/mandate", objection.reason(), objection.detail());
    }

    /**
     * Starts the import at its first row, or continues it after a stop or during a pause.
     *
     * @param address the address of the request, for budgets
     */
    ImportView start(Caller caller, String address, String text) throws SQLException {
        ImportStore.Import job = find(caller, text);
        String plan = job.plan();
        if (plan == null || !plan(plan).declares()) {
            requireReceived(job);
            throw Problem.IMPORT_NOT_READY.because(
                    "The plan has nothing to declare; PUT a plan with \"stances\" first");
        }
        if (job.status() != ImportStore.Status.RUNNING
                && job.status() != ImportStore.Status.DONE
                && store.start(job.id(), caller.authority().keyHash(), address, now())) {
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
        return view(find(caller, text), null);
    }

    List<ImportView> list(Caller caller) throws SQLException {
        return store.of(caller.party(), MAX_LISTED).stream()
                .map(job -> view(job, null))
                .toList();
    }

    private ImportView view(ImportStore.Import job, ImportView.@Nullable Check check) {
        String table = job.table();
        return ImportView.of(job, table == null ? 0 : detected(json, table).rowsAbove(), check);
    }

    private ImportView view(Caller caller, UUID id) throws SQLException {
        return view(find(caller, id), null);
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
