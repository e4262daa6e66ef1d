package org.askfirst.registry.asked;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;

/**
 * Stores what was counted every five seconds, and at once what fills the memory. A crash loses the counts of at most
 * that time. If the database does not answer, counts stay in memory and are stored later. Only one thread stores.
 */
@ApplicationScoped
class TallyWriter {
    private static final Logger LOG = Logger.getLogger(TallyWriter.class);

    /** Bytes of chunks that may wait for the database. Beyond it, full tables stay where they are. */
    private static final long MAX_WAITING_BYTES = 32L << 20;

    /** Tables of one chunk: at most 115,000 cells, or 1.6 MB. */
    private static final int TABLES = 8;

    private final LookupTally tally;
    private final ChunkStore store;
    private final AskedConfig config;
    private final Clock clock;
    private final UUID node = UUID.randomUUID();
    private final Deque<Chunk> waiting = new ArrayDeque<>();
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "asked-writer");
    private long sequence;
    private Instant since;
    private volatile boolean stopping;

    TallyWriter(LookupTally tally, ChunkStore store, AskedConfig config, Clock clock) {
        this.tally = tally;
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Starts when the service is reachable, so that commands do not run it. */
    void start(@ObservesAsync HttpServerStart event, Mirror mirror) {
        if (!mirror.isOn() && thread.getState() == Thread.State.NEW) {
            tally.whenFull(this::wake);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    void stop(@Observes @Priority(10) ShutdownEvent event) throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        stopping = true;
        wake();
        thread.join(TimeUnit.SECONDS.toMillis(5));
        store(true);
    }

    private void run() {
        long due = System.nanoTime() + config.store().toNanos();
        while (!stopping) {
            try {
                wakeUps.tryAcquire(Math.max(1, due - System.nanoTime()), TimeUnit.NANOSECONDS);
                wakeUps.drainPermits();
                boolean isDue = System.nanoTime() >= due;
                if (isDue) {
                    due = System.nanoTime() + config.store().toNanos();
                }
                store(isDue);
            } catch (InterruptedException interrupted) {
                LOG.debug("Counting of lookups was interrupted");
                return;
            }
        }
    }

    /**
     * Stores what was counted. If the database does not answer, it is kept for the next call.
     *
     * @param all false to take only full tables
     */
    synchronized void store(boolean all) {
        try {
            if (waitingBytes() < MAX_WAITING_BYTES) {
                take(all);
            }
            while (!waiting.isEmpty()) {
                store.store(waiting.element());
                waiting.remove();
            }
            if (all) {
                tally.exactWorks(store.backlog() < config.backlog());
            }
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("Counts of lookups cannot be stored, trying again", failure);
        }
    }

    private void take(boolean all) {
        Instant until = clock.instant();
        Map<LocalDate, List<CellTable>> days = new TreeMap<>();
        for (CellTable table : all ? tally.take() : tally.takeFull()) {
            days.computeIfAbsent(table.day(), day -> new ArrayList<>()).add(table);
        }
        days.values().forEach(tables -> {
            for (int from = 0; from < tables.size(); from += TABLES) {
                List<CellTable> some = tables.subList(from, Math.min(tables.size(), from + TABLES));
                waiting.add(Chunk.of(node, ++sequence, some, since, until));
            }
        });
        if (all) {
            since = until;
        }
    }

    private long waitingBytes() {
        return waiting.stream().mapToLong(chunk -> chunk.cells().remaining()).sum();
    }

    /** Returns the moment until which lookups of this node are stored. */
    synchronized Instant storedUntil() {
        return waiting.isEmpty() ? since : waiting.element().since();
    }
}
