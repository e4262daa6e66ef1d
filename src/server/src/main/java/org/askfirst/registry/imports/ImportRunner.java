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
import org.askfirst.entry.Content;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
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
import org.askfirst.registry.ledger.Sender;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.RowReader;
import org.askfirst.registry.table.Rows;
import org.askfirst.registry.table.Skip;
import org.askfirst.registry.table.Table;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Declares the rows of imports, one import at a time on each node. Memory use does not depend on the number of rows.
 *
 * <p>Crash safety: rows are declared first. Then the import's progress and its report are stored in one transaction. If
 * a worker crashes in between, some rows are declared and not counted. The next worker submits them again, and natural
 * duplicates are answered with the existing declaration. If a row exceeds the budget of the party, the rows before it are
 * stored, and the import pauses until the day on which there is more. An import is leased, not owned: the lease of a crashed node
 * expires, and {@link ImportStore#checkpoint} lets only one worker continue from any row.
 */
@ApplicationScoped
class ImportRunner implements ErasureListener {
    private static final Logger LOG = Logger.getLogger(ImportRunner.class);

    /** Number of rows whose results are stored in one transaction. */
    private static final int BLOCK = 1_000;

    /** Number of characters of such rows; a row may have a million. */
    private static final long MAX_CHARACTERS = 4L << 20;

    /** Number of blocks in progress: while one becomes durable, the next are read. */
    private static final int MAX_BLOCKS = 4;

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final Duration DELETE_INTERVAL = Duration.ofHours(1);
    private static final int POLL_MILLIS = 3_000;
    private static final CompletionStage<Proposal.Outcome> NEVER = new CompletableFuture<>();
    private static final Parties.Face NOBODY = new Parties.Face(null, null, false);

    private final ImportStore store;
    private final ImportFiles files;
    private final Declarations declarations;
    private final Parties parties;
    private final Mandates mandates;
    private final Ledger ledger;
    private final LedgerStore entries;
    private final ObjectMapper json;
    private final ObjectWriter lines;
    private final Clock clock;
    private final boolean serving;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread worker = new Thread(this::run, "import-runner");
    private volatile boolean stopping;
    private Instant lastDeletion = Instant.EPOCH;

    ImportRunner(
            ImportStore store,
            ImportFiles files,
            Declarations declarations,
            Parties parties,
            Mandates mandates,
            Ledger ledger,
            LedgerStore entries,
            ObjectMapper json,
            Clock clock,
            @ConfigProperty(name = "askfirst.serving", defaultValue = "true") boolean serving) {
        this.serving = serving;
        this.store = store;
        this.files = files;
        this.declarations = declarations;
        this.parties = parties;
        this.mandates = mandates;
        this.ledger = ledger;
        this.entries = entries;
        this.json = json;
        this.lines = json.writerFor(ImportView.ReportLine.class);
        this.clock = clock;
    }

    void start(@Observes @Priority(300) StartupEvent event) {
        if (!serving) {
            return;
        }
        files.deleteStale();
        worker.setDaemon(true);
        worker.start();
    }

    /** Runs before the ledger stops. Rows in progress are finished; the rest waits for the next start. */
    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wakeUps.release();
        worker.join(LEASE.toMillis());
    }

    /** Does nothing if this node may store more, see {@link Ledger#requireAppendable}. */
    void requireAppendable() {
        ledger.requireAppendable();
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
    private record Pending(Row row, ImportView.Remarks remarks, CompletionStage<Proposal.Outcome> outcome) {}

    private void run(ImportStore.Import job) throws SQLException, IOException {
        try {
            ImportView.TableView detected = Imports.detected(json, Objects.requireNonNull(job.table()));
            ImportPlan plan = plan(Objects.requireNonNull(job.plan()));
            List<Columns.Column> columns = detected.columns().stream()
                    .map(ImportView.ColumnView::column)
                    .toList();
            boolean reachable = parties.own(List.of(job.party()))
                    .getOrDefault(job.party(), NOBODY)
                    .reachable();
            Sender sender = Sender.ofStream(Objects.requireNonNullElse(job.address(), ""));
            Caller caller = new Caller(
                    job.party(),
                    reachable,
                    Authority.of(Objects.requireNonNull(job.authority())).from(sender),
                    false,
                    false);
            Table table = Table.of(files.of(job.id(), job.size()), detected.layout());
            try (Rows rows = table.rows()) {
                run(job, caller, plan, new RowReader(columns, plan.repairs(), plan.strict()), rows);
            }
        } catch (ProblemException problem) {
            if (problem.problem() == Problem.UNAVAILABLE) {
                throw problem;
            }
            store.stop(job.id(), json.writeValueAsString(ProblemDocument.of(problem)), now());
        }
    }

    private void run(ImportStore.Import job, Caller caller, ImportPlan plan, RowReader reader, Rows rows)
            throws SQLException, IOException {
        long skip = job.counts().read();
        long stored = skip;
        Deque<List<Pending>> inProgress = new ArrayDeque<>();
        List<Row> block = new ArrayList<>(BLOCK);
        long characters = 0;
        for (Row next = rows.next(); next != null; next = rows.next()) {
            Row row = plan.leaveOut().applied(next);
            // The rows above the header are reported with the first block and are not part of the progress.
            boolean counts = row.skip() != Skip.ABOVE_HEADER;
            boolean isFull = block.size() >= BLOCK || characters > MAX_CHARACTERS;
            if (!counts && (stored > 0 || isFull)) {
                continue;
            }
            if (skip > 0) {
                skip--;
                continue;
            }
            block.add(row);
            characters += row.length();
            if (counts && (block.size() >= BLOCK || characters > MAX_CHARACTERS)) {
                inProgress.add(propose(caller, plan, reader, block));
                block = new ArrayList<>(BLOCK);
                characters = 0;
                if (inProgress.size() == MAX_BLOCKS) {
                    List<Pending> first = inProgress.remove();
                    if (stopping || !store(job, stored, first)) {
                        return;
                    }
                    stored += counted(first);
                }
            }
        }
        inProgress.add(propose(caller, plan, reader, block));
        for (List<Pending> rest : inProgress) {
            if (!store(job, stored, rest)) {
                return;
            }
            stored += counted(rest);
        }
        store.done(job.id(), now());
        files.delete(job.id());
    }

    private static long counted(List<Pending> block) {
        return block.stream()
                .filter(pending -> pending.row().skip() != Skip.ABOVE_HEADER)
                .count();
    }

    /** Submits the rows of a block. The mandates of all their members are found with one query. */
    private List<Pending> propose(Caller caller, ImportPlan plan, RowReader reader, List<Row> block)
            throws SQLException {
        List<RowReader.@Nullable Reading> readings = new ArrayList<>(block.size());
        for (Row row : block) {
            readings.add(row.skip() == null ? reader.read(row) : null);
        }
        MemberMandates members = MemberMandates.of(mandates, caller.party(), readings, clock.instant());
        List<Pending> pending = new ArrayList<>(block.size());
        for (int i = 0; i < block.size(); i++) {
            RowReader.Reading reading = readings.get(i);
            pending.add(
                    reading == null
                            ? new Pending(block.get(i), ImportView.Remarks.NONE, NEVER)
                            : new Pending(
                                    block.get(i),
                                    ImportView.Remarks.of(reading),
                                    propose(caller, plan, members, reading)));
        }
        return pending;
    }

    private CompletionStage<Proposal.Outcome> propose(
            Caller caller, ImportPlan plan, MemberMandates members, RowReader.Reading reading) {
        try {
            ProblemException problem = reading.problem();
            if (problem != null) {
                throw problem;
            }
            Content content = members.content(
                    Objects.requireNonNull(plan.template()), reading, caller.reachable(), clock.instant());
            return ledger.proposeWaiting(declarations.declaring(caller, content, Proposal.Request.PLAIN));
        } catch (ProblemException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    /** Waits for the rows and stores their results. Returns false if the import must not continue on this node. */
    private boolean store(ImportStore.Import job, long before, List<Pending> block) throws SQLException, IOException {
        Map<Pending, Long> duplicates = new HashMap<>();
        Map<Pending, ImportView.ReportLine> answers = new HashMap<>();
        List<Pending> settled = new ArrayList<>();
        Retry pause = null;
        for (Pending pending : block) {
            Skip skip = pending.row().skip();
            if (skip == null) {
                pause = settle(pending, answers, duplicates);
            } else {
                answers.put(pending, ImportView.ReportLine.skipped(pending.row(), skip));
            }
            if (pause != null) {
                break;
            }
            settled.add(pending);
        }
        // Rows above the header are no progress. They are stored with the first row that is.
        boolean continues = settled.isEmpty()
                || (pause != null && counted(settled) == 0)
                || store(job, before, settled, answers, duplicates);
        if (continues && pause != null) {
            store.pause(job.id(), pause.at(), now());
        }
        return continues && pause == null;
    }

    private boolean store(
            ImportStore.Import job,
            long before,
            List<Pending> block,
            Map<Pending, ImportView.ReportLine> answers,
            Map<Pending, Long> duplicates)
            throws SQLException, IOException {
        Map<Long, String> ids = new HashMap<>();
        for (LedgerEntry entry : entries.at(duplicates.values())) {
            DeclarationId id = ((DeclarationEntry) entry.entry()).declaration();
            ids.put(entry.position(), id.toString());
        }
        duplicates.forEach((pending, position) -> answers.put(
                pending,
                new ImportView.ReportLine(
                        pending.row().number(),
                        ids.get(position),
                        position,
                        true,
                        pending.remarks(),
                        null,
                        null,
                        null)));
        long refused = 0;
        long repaired = 0;
        long placeholders = 0;
        long skipped = 0;
        long withWarnings = 0;
        ByteArrayOutputStream packed = new ByteArrayOutputStream(1 << 15);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            for (Pending pending : block) {
                ImportView.ReportLine line = Objects.requireNonNull(answers.get(pending));
                refused += line.problem() == null ? 0 : 1;
                skipped += line.skipped() == null ? 0 : 1;
                ImportView.Remarks remarks = line.remarks();
                withWarnings += line.problem() == null && !remarks.notes().isEmpty() ? 1 : 0;
                repaired += line.problem() == null && !remarks.repairs().isEmpty() ? 1 : 0;
                placeholders += Objects.requireNonNullElse(remarks.placeholders(), 0);
                out.write(lines.writeValueAsBytes(line));
                out.write('\n');
            }
        }
        ImportStore.Counts counts = ImportStore.Counts.of(
                        counted(block),
                        block.size() - refused - duplicates.size() - skipped,
                        duplicates.size(),
                        withWarnings,
                        refused)
                .with(repaired, placeholders);
        return store.checkpoint(job.id(), before, counts, packed.toByteArray(), now(), now().plus(LEASE));
    }

    /** Waits for the row. Returns when the import can continue if the row exceeds a budget; null if it does not. */
    private static @Nullable Retry settle(
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
                                pending.remarks(),
                                null,
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
            if (problem.retry() != null) {
                return problem.retry();
            }
            answers.put(
                    pending,
                    ImportView.ReportLine.refused(pending.row(), pending.remarks(), ProblemDocument.of(problem)));
        }
        return null;
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
