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
 * Files of many works, from their arrival to the start: received in pieces, found out, planned, checked.
 *
 * <p>What was received is durable piece by piece, so whoever loses the connection goes on where the file has come to.
 * Running them is {@link ImportRunner}'s.
 */
@ApplicationScoped
class Imports {
    static final long MAX_SIZE = 512L << 20;

    private static final int PIECE = 1 << 20;
    private static final int MAX_OPEN = 20;
    private static final int LISTED = 50;
    private static final int CHECKED_ROWS = 10_000;
    private static final int FIRST_ROWS = 10;
    private static final int TROUBLED_ROWS = 50;
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
     * Takes a file, or its beginning.
     *
     * @param size of the whole; null if the body is all of it
     */
    ImportView receive(Caller caller, @Nullable String name, @Nullable Long size, InputStream body)
            throws SQLException, IOException {
        if (store.countOpen(caller.party()) >= MAX_OPEN) {
            throw Problem.TOO_MANY_IMPORTS.because(
                    "A party has at most " + MAX_OPEN + " imports that are not done; delete one first");
        }
        String shown = name == null || name.isBlank() ? "file" : name.strip();
        if (shown.length() > MAX_NAME) {
            shown = shown.substring(0, MAX_NAME);
        }
        UUID id = ids.next();
        store.create(id, caller.party(), shown.replace('\u0000', '\uFFFD'), size == null ? MAX_SIZE : size, now());
        boolean kept = false;
        try {
            long received = append(id, 0, size == null ? MAX_SIZE : size, body);
            ImportView view = size == null || received == size ? complete(caller, id, received) : view(caller, id);
            kept = true;
            return view;
        } finally {
            if (!kept && (size == null || !isReceiving(caller, id))) {
                store.delete(id);
            }
        }
    }

    private boolean isReceiving(Caller caller, UUID id) throws SQLException {
        return store.find(caller.party(), id)
                .filter(one -> one.status() == ImportStore.Status.RECEIVING && one.received() < one.size())
                .isPresent();
    }

    /** Takes more of a file, from that position on. */
    ImportView receiveMore(Caller caller, String id, long position, InputStream body) throws SQLException, IOException {
        ImportStore.Import one = find(caller, id);
        if (one.status() != ImportStore.Status.RECEIVING || one.received() != position) {
            throw Problem.IMPORT_NOT_READY.because(
                    one.status() == ImportStore.Status.RECEIVING
                            ? "The file has come to byte " + one.received() + "; go on from there"
                            : "The file has arrived whole");
        }
        long received = append(one.id(), position, one.size(), body);
        if (received < one.size()) {
            return view(caller, one.id());
        }
        try {
            return complete(caller, one.id(), received);
        } catch (ProblemException unreadable) {
            store.delete(one.id());
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
                        "The body ended before it was whole; what arrived in front of byte " + position + " is kept");
            }
            if (piece.length == 0) {
                return position;
            }
            if (position + piece.length > size) {
                throw Problem.TOO_LARGE.because(
                        size == MAX_SIZE
                                ? "A file may have at most " + MAX_SIZE + " bytes; send it in parts"
                                : "More bytes came than the " + size + " that were announced");
            }
            if (!store.append(id, position, piece, now())) {
                throw Problem.IMPORT_NOT_READY.because(
                        "Somebody else sends the same file; get the import to see how far");
            }
            position += piece.length;
        }
    }

    private ImportView complete(Caller caller, UUID id, long size) throws SQLException, IOException {
        Table table = Table.of(files.of(id, size));
        List<Columns.Column> columns = table.columns();
        ImportView.TableView found = ImportView.TableView.of(table.layout(), table.countRows(), columns);
        store.found(id, size, json.writeValueAsString(found), now());
        return ImportView.of(
                find(caller, id),
                check(
                        caller,
                        ImportPlan.NONE,
                        Optional.empty(),
                        table,
                        columns.stream().map(Columns.Column::role).toList()));
    }

    /** Says what is to be done, and tells what the rows would come to; nothing is declared. */
    ImportView plan(Caller caller, String text, JsonNode body) throws SQLException, IOException {
        ImportStore.Import one = find(caller, text);
        ImportPlan plan = ImportPlan.parse(body, caller.reachable(), clock.instant());
        requireReady(one);
        Optional<Mandate> mandate = requireHeld(caller, plan);
        Table table = Table.of(
                files.of(one.id(), one.size()), plan.encoding(), plan.delimiter(), plan.sheet(), plan.headerRow());
        List<Columns.Column> columns = new ArrayList<>();
        List<@Nullable ColumnType> said = plan.columns();
        for (Columns.Column column : table.columns()) {
            int place = columns.size();
            ColumnType role = said == null ? column.role() : place < said.size() ? said.get(place) : null;
            columns.add(new Columns.Column(column.name(), column.samples(), role));
        }
        ImportView.TableView found = ImportView.TableView.of(table.layout(), table.countRows(), columns);
        if (!store.plan(one.id(), json.writeValueAsString(found), json.writeValueAsString(plan.json()), now())) {
            requireReady(find(caller, one.id()));
        }
        return ImportView.of(
                find(caller, one.id()),
                check(
                        caller,
                        plan,
                        mandate,
                        table,
                        columns.stream().map(Columns.Column::role).toList()));
    }

    private static void requireReady(ImportStore.Import one) {
        if (one.status() != ImportStore.Status.READY) {
            throw Problem.IMPORT_NOT_READY.because(
                    one.status() == ImportStore.Status.RECEIVING
                            ? "The file has not arrived whole: " + one.received() + " of " + one.size() + " bytes"
                            : "The import was started already, and goes on as it was planned");
        }
    }

    private Optional<Mandate> requireHeld(Caller caller, ImportPlan plan) throws SQLException {
        MandateId id = plan.mandate();
        if (id == null) {
            return Optional.empty();
        }
        Optional<Mandates.RecordedMandate> held = mandates.inForce(caller.party(), id);
        if (held.isEmpty()) {
            throw Problem.INVALID_REQUEST.at(
                    "/mandate",
                    Reason.MANDATE_NOT_IN_FORCE,
                    "the mandate does not hold now, or this party has no such mandate");
        }
        return held.map(Mandates.RecordedMandate::terms);
    }

    private ImportView.Check check(
            Caller caller, ImportPlan plan, Optional<Mandate> mandate, Table table, List<@Nullable ColumnType> roles)
            throws IOException {
        RowReader reader = new RowReader(roles, plan.strict());
        List<ImportView.RowView> first = new ArrayList<>();
        List<ImportView.RowView> troubled = new ArrayList<>();
        long checked = 0;
        long noted = 0;
        long refused = 0;
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null && checked < CHECKED_ROWS; row = rows.next()) {
                if (!table.isData(row)) {
                    continue;
                }
                checked++;
                ImportView.RowView view = view(plan, mandate, reader, caller.reachable(), row);
                refused += view.problem() == null ? 0 : 1;
                noted += view.problem() == null && !view.notes().isEmpty() ? 1 : 0;
                if (first.size() < FIRST_ROWS) {
                    first.add(view);
                }
                boolean isTroubled = view.problem() != null || !view.notes().isEmpty();
                if (isTroubled && troubled.size() < TROUBLED_ROWS) {
                    troubled.add(view);
                }
            }
        }
        return new ImportView.Check(checked, checked - refused, noted, refused, first, troubled);
    }

    private ImportView.RowView view(
            ImportPlan plan, Optional<Mandate> mandate, RowReader reader, boolean reachable, Row row) {
        RowReader.Reading reading = reader.read(row);
        ProblemException problem = reading.problem();
        if (problem == null) {
            try {
                requireReached(plan, mandate, reading, reachable);
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

    /** The work as the row has it, whether or not it can be declared so. */
    private static DeclarationView.@Nullable WorkView work(ImportPlan plan, RowReader.Reading row) {
        String title = row.title();
        return title == null ? null : new DeclarationView.WorkView(title, row.creators(), plan.kindOf(row));
    }

    /** As far as it is said already what is to be declared, it may be, and under the mandate of the plan. */
    private void requireReached(ImportPlan plan, Optional<Mandate> mandate, RowReader.Reading row, boolean reachable) {
        DeclarationTemplate template = plan.template();
        if (template == null) {
            mandate.flatMap(terms -> terms.objectionTo(named(row.subjects()))).ifPresent(Imports::refuse);
            return;
        }
        Content content = template.with(row, reachable, clock.instant());
        mandate.flatMap(terms -> terms.objectionTo(content.about(named(content.subjects()))))
                .ifPresent(Imports::refuse);
    }

    /** A row without numbers gets an id of the registry's as it is declared. */
    private static List<Subject> named(List<Subject> subjects) {
        return subjects.isEmpty() ? List.of(Subject.ofWork(new byte[Declarations.WORK_ID_BYTES])) : subjects;
    }

    private static void refuse(Mandate.Objection objection) {
        throw Problem.INVALID_REQUEST.at("/mandate", objection.reason(), objection.detail());
    }

    /** Lets it run, from the first row or from where it was halted. */
    ImportView start(Caller caller, String text) throws SQLException {
        ImportStore.Import one = find(caller, text);
        String plan = one.plan();
        if (plan == null || !plan(plan).declares()) {
            requireReceived(one);
            throw Problem.IMPORT_NOT_READY.because("Say first what to declare: PUT a plan with \"stances\"");
        }
        if (one.status() != ImportStore.Status.RUNNING
                && one.status() != ImportStore.Status.DONE
                && store.start(one.id(), caller.authority().keyHash(), now())) {
            runner.wake();
        }
        return view(caller, one.id());
    }

    private static void requireReceived(ImportStore.Import one) {
        if (one.status() == ImportStore.Status.RECEIVING) {
            requireReady(one);
        }
    }

    ImportPlan plan(String kept) {
        return runner.plan(kept);
    }

    /** Halts it; what was declared stays declared. */
    ImportView cancel(Caller caller, String text) throws SQLException {
        ImportStore.Import one = find(caller, text);
        store.cancel(one.id(), now());
        return view(caller, one.id());
    }

    /** Forgets the file and the report; what was declared stays declared. */
    void delete(Caller caller, String text) throws SQLException {
        ImportStore.Import one = find(caller, text);
        store.delete(one.id());
        files.forget(one.id());
    }

    ImportView get(Caller caller, String text) throws SQLException {
        return ImportView.of(find(caller, text), null);
    }

    List<ImportView> list(Caller caller) throws SQLException {
        return store.of(caller.party(), LISTED).stream()
                .map(one -> ImportView.of(one, null))
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

    /** What was found, as it was kept. */
    static ImportView.TableView found(ObjectMapper json, String kept) {
        try {
            return json.readValue(kept, ImportView.TableView.class);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("we wrote it ourselves", impossible);
        }
    }
}
