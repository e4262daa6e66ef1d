package org.askfirst.registry.imports;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.declaration.DeclarationTemplate;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.http.ProblemMapper;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.ColumnType;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Rows;
import org.askfirst.registry.table.Table;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Declares the rows of imports, one import at a time on each node. Memory use does not depend on the number of rows.
 *
 * <p>Crash safety: rows are declared first. Then the import's progress and its report are stored in one transaction. If
 * a worker crashes in between, some rows are declared and not counted. The next worker submits them again, and natural
 * duplicates are answered with the existing declaration. An import is leased, not owned: the lease of a crashed node
 * expires, and {@link ImportStore#checkpoint} lets only one worker continue from any row.
 */
@ApplicationScoped
class ImportRunner implements ErasureListener {
    private static final Logger LOG = Logger.getLogger(ImportRunner.class);

    /** Number of rows whose results are stored in one transaction. */
    private static final int BLOCK = 1_000;

    /** Number of blocks in progress: while one becomes durable, the next are read. */
    private static final int MAX_BLOCKS = 4;

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration DELETE_INTERVAL = Duration.ofHours(1);
    private static final int POLL_MILLIS = 3_000;
    private static final Parties.Face NOBODY = new Parties.Face(null, null);

    private final ImportStore store;
    private final ImportFiles files;
    private final Declarations declarations;
    private final Parties parties;
    private final Ledger ledger;
    private final LedgerStore entries;
    private final ObjectMapper json;
    private final ObjectWriter lines;
    private final Clock clock;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread worker = new Thread(this::run, "import-runner");
    private volatile boolean stopping;
    private Instant lastDeletion = Instant.EPOCH;

    ImportRunner(
            ImportStore store,
            ImportFiles files,
            Declarations declarations,
            Parties parties,
            Ledger ledger,
            LedgerStore entries,
            ObjectMapper json,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.declarations = declarations;
        this.parties = parties;
        this.ledger = ledger;
        this.entries = entries;
        this.json = json;
        this.lines = json.writerFor(ImportView.ReportLine.class);
        this.clock = clock;
    }

    void start(@Observes @Priority(300) StartupEvent event) {
        worker.setDaemon(true);
        worker.start();
    }

    /** Runs before the ledger stops. Rows in progress are finished; the rest waits for the next start. */
    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wakeUps.release();
        worker.join(LEASE.toMillis());
    }

    /** Starts a waiting import now, instead of at the next poll. */
    void wake() {
        wakeUps.release();
    }

    ImportPlan plan(String stored) {
        return ImportPlan.fromStored(Json.parse(stored.getBytes(StandardCharsets.UTF_8)));
    }

    private void run() {
        while (!stopping) {
            try {
                Optional<ImportStore.Import> next = store.lease(now(), now().plus(LEASE));
                if (next.isPresent()) {
                    run(next.get());
                } else {
                    deleteOld();
                    wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException interrupted) {
                // Only the end of the virtual machine interrupts this thread.
                return;
            } catch (SQLException | IOException | RuntimeException failure) {
                LOG.warn("An import was interrupted; it continues after its lease has expired", failure);
                pause();
            }
        }
    }

    private void pause() {
        try {
            wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteOld() throws SQLException {
        if (lastDeletion.plus(DELETE_INTERVAL).isBefore(now())) {
            store.deleteUntouched(now().minus(RETENTION));
            lastDeletion = now();
        }
    }

    /** A row and the outcome of its declaration. */
    private record Pending(Row row, List<ImportView.NoteView> notes, CompletionStage<Proposal.Outcome> outcome) {}

    private void run(ImportStore.Import job) throws SQLException, IOException {
        try {
            ImportView.TableView detected = Imports.detected(json, Objects.requireNonNull(job.table()));
            ImportPlan plan = plan(Objects.requireNonNull(job.plan()));
            List<@Nullable ColumnType> types = new ArrayList<>();
            for (ImportView.ColumnView column : detected.columns()) {
                String type = column.role();
                types.add(type == null ? null : ColumnType.named(type).orElse(null));
            }
            boolean reachable = parties.faces(List.of(job.party()))
                            .getOrDefault(job.party(), NOBODY)
                            .contact()
                    != null;
            Caller caller = new Caller(job.party(), reachable, Authority.of(Objects.requireNonNull(job.authority())));
            Table table = Table.of(files.of(job.id(), job.size()), detected.layout());
            try (Rows rows = table.rows()) {
                run(job, caller, plan, new RowReader(types, plan.strict()), table, rows);
            }
        } catch (ProblemException problem) {
            if (problem.problem() == Problem.UNAVAILABLE) {
                throw problem;
            }
            store.stop(job.id(), json.writeValueAsString(ProblemDocument.of(problem)), now());
        }
    }

    private void run(ImportStore.Import job, Caller caller, ImportPlan plan, RowReader reader, Table table, Rows rows)
            throws SQLException, IOException {
        long skip = job.counts().read();
        long stored = skip;
        Deque<List<Pending>> inProgress = new ArrayDeque<>();
        List<Pending> block = new ArrayList<>(BLOCK);
        for (Row row = rows.next(); row != null; row = rows.next()) {
            if (!table.isData(row)) {
                continue;
            }
            if (skip > 0) {
                skip--;
                continue;
            }
            block.add(propose(caller, plan, reader, row));
            if (block.size() == BLOCK) {
                inProgress.add(block);
                block = new ArrayList<>(BLOCK);
                if (inProgress.size() == MAX_BLOCKS) {
                    List<Pending> first = inProgress.remove();
                    if (stopping || !store(job, stored, first)) {
                        return;
                    }
                    stored += first.size();
                }
            }
        }
        inProgress.add(block);
        for (List<Pending> rest : inProgress) {
            if (!store(job, stored, rest)) {
                return;
            }
            stored += rest.size();
        }
        store.done(job.id(), now());
        files.delete(job.id());
    }

    private Pending propose(Caller caller, ImportPlan plan, RowReader reader, Row row) {
        RowReader.Reading reading = reader.read(row);
        List<ImportView.NoteView> notes =
                reading.notes().stream().map(ImportView.NoteView::of).toList();
        ProblemException problem = reading.problem();
        if (problem != null) {
            return new Pending(row, notes, CompletableFuture.failedStage(problem));
        }
        try {
            DeclarationTemplate template = Objects.requireNonNull(plan.template());
            Proposal proposal =
                    declarations.declaring(caller, template.with(reading, caller.reachable(), clock.instant()), null);
            return new Pending(row, notes, ledger.proposeWaiting(proposal));
        } catch (ProblemException refused) {
            return new Pending(row, notes, CompletableFuture.failedStage(refused));
        }
    }

    /** Waits for the rows and stores their results. Returns false if the import must not continue on this node. */
    private boolean store(ImportStore.Import job, long before, List<Pending> block) throws SQLException, IOException {
        if (block.isEmpty()) {
            return true;
        }
        Map<Pending, Long> duplicates = new HashMap<>();
        Map<Pending, ImportView.ReportLine> answers = new HashMap<>();
        for (Pending pending : block) {
            settle(pending, answers, duplicates);
        }
        Map<Long, String> ids = new HashMap<>();
        for (LedgerEntry entry : entries.at(duplicates.values())) {
            DeclarationId id = ((DeclarationEntry) entry.entry()).declaration();
            ids.put(entry.position(), id.toString());
        }
        duplicates.forEach((pending, position) -> answers.put(
                pending,
                new ImportView.ReportLine(
                        pending.row().number(), ids.get(position), position, true, pending.notes(), null, null)));
        long refused = 0;
        long withWarnings = 0;
        ByteArrayOutputStream packed = new ByteArrayOutputStream(1 << 15);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            for (Pending pending : block) {
                ImportView.ReportLine line = Objects.requireNonNull(answers.get(pending));
                refused += line.problem() == null ? 0 : 1;
                withWarnings += line.problem() == null && !line.notes().isEmpty() ? 1 : 0;
                out.write(lines.writeValueAsBytes(line));
                out.write('\n');
            }
        }
        ImportStore.Counts counts = new ImportStore.Counts(
                block.size(), block.size() - refused - duplicates.size(), duplicates.size(), withWarnings, refused);
        return store.checkpoint(job.id(), before, counts, packed.toByteArray(), now(), now().plus(LEASE));
    }

    private static void settle(
            Pending pending, Map<Pending, ImportView.ReportLine> answers, Map<Pending, Long> duplicates) {
        try {
            Proposal.Outcome outcome = Ledger.await(pending.outcome());
            LedgerEntry recorded = outcome.recorded();
            if (recorded != null) {
                DeclarationId id = ((DeclarationEntry) recorded.entry()).declaration();
                answers.put(
                        pending,
                        new ImportView.ReportLine(
                                pending.row().number(),
                                id.toString(),
                                outcome.position(),
                                null,
                                pending.notes(),
                                null,
                                null));
            } else {
                duplicates.put(pending, outcome.position());
            }
        } catch (RuntimeException failure) {
            ProblemException problem = ProblemMapper.failed(failure);
            if (problem.problem() == Problem.UNAVAILABLE
                    || problem.problem() == Problem.UNAUTHENTICATED
                    || problem.problem() == Problem.FORBIDDEN) {
                // The row is not the reason: the whole import has to wait, or needs another key.
                throw problem;
            }
            answers.put(
                    pending,
                    ImportView.ReportLine.refused(pending.row(), pending.notes(), ProblemDocument.of(problem)));
        }
    }

    private Instant now() {
        return clock.instant();
    }

    @Override
    public String part() {
        return "imports: the files that the party sent, and their reports";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        store.erase(connection, party);
        return List.of();
    }
}
