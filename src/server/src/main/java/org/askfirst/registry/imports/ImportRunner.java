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
 * Declares the rows of imports, one import at a time on each node, in memory that does not grow with their number.
 *
 * <p>Crash safety: rows are declared first and their place is kept after, with the report, in one transaction. A
 * worker that dies in between leaves rows that are declared and not counted; whoever goes on submits them again, and
 * a natural duplicate is answered with what stands. An import is leased, not owned: the lease of a node that died
 * runs out, and {@link ImportStore#checkpoint} lets only one worker go on from any row.
 */
@ApplicationScoped
class ImportRunner implements ErasureListener {
    private static final Logger LOG = Logger.getLogger(ImportRunner.class);

    /** Rows that are kept, and reported, at once. */
    private static final int BLOCK = 1_000;

    /** Blocks under way: while one is made durable the next are read. */
    private static final int BLOCKS = 4;

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration KEEP = Duration.ofDays(30);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final int LOOK_EVERY_MILLIS = 3_000;
    private static final Parties.Face NOBODY = new Parties.Face(null, null);

    private final ImportStore store;
    private final ImportFiles files;
    private final Declarations intake;
    private final Parties parties;
    private final Ledger ledger;
    private final LedgerStore entries;
    private final ObjectMapper json;
    private final ObjectWriter lines;
    private final Clock clock;
    private final Semaphore news = new Semaphore(0);
    private final Thread worker = new Thread(this::run, "import-runner");
    private volatile boolean stopping;
    private Instant forgotten = Instant.EPOCH;

    ImportRunner(
            ImportStore store,
            ImportFiles files,
            Declarations intake,
            Parties parties,
            Ledger ledger,
            LedgerStore entries,
            ObjectMapper json,
            Clock clock) {
        this.store = store;
        this.files = files;
        this.intake = intake;
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

    /** Before the ledger stops: what is under way is settled, the rest waits for the next start. */
    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        news.release();
        worker.join(LEASE.toMillis());
    }

    /** There is one to run. */
    void wake() {
        news.release();
    }

    ImportPlan plan(String kept) {
        return ImportPlan.kept(Json.parse(kept.getBytes(StandardCharsets.UTF_8)));
    }

    private void run() {
        while (!stopping) {
            try {
                Optional<ImportStore.Import> next = store.lease(now(), now().plus(LEASE));
                if (next.isPresent()) {
                    run(next.get());
                } else {
                    forgetOld();
                    news.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                    news.drainPermits();
                }
            } catch (InterruptedException interrupted) {
                // Nobody interrupts but a virtual machine that ends.
                return;
            } catch (SQLException | IOException | RuntimeException failure) {
                LOG.warn("An import was interrupted; it goes on when its lease has run out", failure);
                pause();
            }
        }
    }

    private void pause() {
        try {
            news.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void forgetOld() throws SQLException {
        if (forgotten.plus(FORGET_EVERY).isBefore(now())) {
            store.forget(now().minus(KEEP));
            forgotten = now();
        }
    }

    /** A row and what is becoming of it. */
    private record Pending(Row row, List<ImportView.NoteView> notes, CompletionStage<Proposal.Outcome> outcome) {}

    private void run(ImportStore.Import one) throws SQLException, IOException {
        try {
            ImportView.TableView found = Imports.found(json, Objects.requireNonNull(one.found()));
            ImportPlan plan = plan(Objects.requireNonNull(one.plan()));
            List<@Nullable ColumnType> roles = new ArrayList<>();
            for (ImportView.ColumnView column : found.columns()) {
                String role = column.role();
                roles.add(role == null ? null : ColumnType.named(role).orElse(null));
            }
            boolean reachable = parties.faces(List.of(one.party()))
                            .getOrDefault(one.party(), NOBODY)
                            .contact()
                    != null;
            Caller caller = new Caller(one.party(), reachable, Authority.of(Objects.requireNonNull(one.authority())));
            Table table = Table.of(files.of(one.id(), one.size()), found.layout());
            try (Rows rows = table.rows()) {
                run(one, caller, plan, new RowReader(roles, plan.strict()), table, rows);
            }
        } catch (ProblemException problem) {
            if (problem.problem() == Problem.UNAVAILABLE) {
                throw problem;
            }
            store.stop(one.id(), json.writeValueAsString(ProblemDocument.of(problem)), now());
        }
    }

    private void run(ImportStore.Import one, Caller caller, ImportPlan plan, RowReader reader, Table table, Rows rows)
            throws SQLException, IOException {
        long skip = one.counts().read();
        long kept = skip;
        Deque<List<Pending>> underWay = new ArrayDeque<>();
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
                underWay.add(block);
                block = new ArrayList<>(BLOCK);
                if (underWay.size() == BLOCKS) {
                    List<Pending> first = underWay.remove();
                    if (stopping || !keep(one, kept, first)) {
                        return;
                    }
                    kept += first.size();
                }
            }
        }
        underWay.add(block);
        for (List<Pending> rest : underWay) {
            if (!keep(one, kept, rest)) {
                return;
            }
            kept += rest.size();
        }
        store.done(one.id(), now());
        files.forget(one.id());
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
                    intake.declaring(caller, template.with(reading, caller.reachable(), clock.instant()), null);
            return new Pending(row, notes, ledger.proposeWaiting(proposal));
        } catch (ProblemException refused) {
            return new Pending(row, notes, CompletableFuture.failedStage(refused));
        }
    }

    /** Waits for those rows and keeps what became of them; false if the import is not to go on. */
    private boolean keep(ImportStore.Import one, long before, List<Pending> block) throws SQLException, IOException {
        if (block.isEmpty()) {
            return true;
        }
        Map<Pending, Long> repeated = new HashMap<>();
        Map<Pending, ImportView.ReportLine> answers = new HashMap<>();
        for (Pending pending : block) {
            settle(pending, answers, repeated);
        }
        Map<Long, String> ids = new HashMap<>();
        for (LedgerEntry entry : entries.at(repeated.values())) {
            DeclarationId id = ((DeclarationEntry) entry.entry()).declaration();
            ids.put(entry.position(), id.toString());
        }
        repeated.forEach((pending, position) -> answers.put(
                pending,
                new ImportView.ReportLine(
                        pending.row().number(), ids.get(position), position, true, pending.notes(), null, null)));
        long refused = 0;
        long noted = 0;
        ByteArrayOutputStream packed = new ByteArrayOutputStream(1 << 15);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            for (Pending pending : block) {
                ImportView.ReportLine line = Objects.requireNonNull(answers.get(pending));
                refused += line.problem() == null ? 0 : 1;
                noted += line.problem() == null && !line.notes().isEmpty() ? 1 : 0;
                out.write(lines.writeValueAsBytes(line));
                out.write('\n');
            }
        }
        ImportStore.Counts counts = new ImportStore.Counts(
                block.size(), block.size() - refused - repeated.size(), repeated.size(), noted, refused);
        return store.checkpoint(one.id(), before, counts, packed.toByteArray(), now(), now().plus(LEASE));
    }

    private static void settle(
            Pending pending, Map<Pending, ImportView.ReportLine> answers, Map<Pending, Long> repeated) {
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
                repeated.put(pending, outcome.position());
            }
        } catch (RuntimeException failure) {
            ProblemException problem = ProblemMapper.failed(failure);
            if (problem.problem() == Problem.UNAVAILABLE
                    || problem.problem() == Problem.UNAUTHENTICATED
                    || problem.problem() == Problem.FORBIDDEN) {
                // Not this row's fault: the whole import waits, or needs another key.
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
