package org.askfirst.registry.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
import org.jboss.resteasy.reactive.server.jaxrs.OutboundSseEventImpl;

/**
 * Live streams of changes, which readers pull.
 *
 * <p>Nothing is buffered for a reader. Each reader has a position, and the next entries are read from the ledger when
 * the reader requests them. A slow reader therefore costs nothing. A reader that requests nothing for {@link #MAX_IDLE}
 * is disconnected. It loses nothing, because it connects again with the last position that it has seen.
 */
@ApplicationScoped
class LiveChanges {
    private static final int BLOCK = 200;

    /** Number of entries that are looked at for a reader with a filter before others get their turn. */
    private static final int WINDOW = 20_000;

    /** Ends a stream that has sent as many entries as its reader wants. */
    private static final List<OutboundSseEvent> END = new ArrayList<>();
    /** Number of entries in a block that a filter chose; each has at most 64 KiB. */
    private static final int FILTERED_BLOCK = 16;

    /** Number of bytes of entries that are in memory at once, for each reader that catches up. */
    private static final int BLOCK_BYTES = 1 << 15;

    /** A reader that has received nothing for this long gets a comment. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A reader that requests nothing for this long is disconnected. */
    static final Duration MAX_IDLE = Duration.ofSeconds(60);

    private final LedgerStore ledger;
    private final Measures measures;
    private final LedgerHead head;
    private final Executor reads;
    private final ObjectWriter json;
    private final LongSupplier nanoTime;
    private final Timer timer;

    @Inject
    LiveChanges(
            LedgerStore ledger,
            LedgerHead head,
            BlockReads reads,
            Measures measures,
            Vertx vertx,
            ObjectMapper mapper) {
        this(ledger, head, measures, mapper, reads.executor(), System::nanoTime, (period, task) -> {
            long timer = vertx.setPeriodic(period.toMillis(), fired -> task.run());
            return () -> vertx.cancelTimer(timer);
        });
    }

    /** For tests, which set the time and trigger the timer. */
    LiveChanges(
            LedgerStore ledger,
            LedgerHead head,
            Measures measures,
            ObjectMapper mapper,
            LongSupplier nanoTime,
            Timer timer) {
        this(ledger, head, measures, mapper, Infrastructure.getDefaultWorkerPool(), nanoTime, timer);
    }

    private LiveChanges(
            LedgerStore ledger,
            LedgerHead head,
            Measures measures,
            ObjectMapper mapper,
            Executor reads,
            LongSupplier nanoTime,
            Timer timer) {
        this.ledger = ledger;
        this.measures = measures;
        this.head = head;
        this.reads = reads;
        this.json = mapper.writerFor(FeedEntry.class);
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /** Runs a task periodically. */
    interface Timer {
        /** Runs the task once in each period, until the returned runnable is run. */
        Runnable every(Duration period, Runnable task);
    }

    /** The state of one reader. Reactive streams guarantee that only one signal at a time uses it. */
    private final class Reader {
        private final Filter filter;
        private final AtomicLong left;
        private volatile long position;
        private volatile long sentAt = nanoTime.getAsLong();
        private volatile boolean requested = true;

        Reader(long position, Filter filter, long most) {
            this.position = position;
            this.filter = filter;
            this.left = new AtomicLong(most);
        }

        void sent() {
            sentAt = nanoTime.getAsLong();
            requested = false;
        }

        void request() {
            requested = true;
        }

        boolean isStuck() {
            return !requested && nanoTime.getAsLong() - sentAt > MAX_IDLE.toNanos();
        }

        boolean isQuiet() {
            return nanoTime.getAsLong() - sentAt > HEARTBEAT.toNanos();
        }
    }

    /**
     * Returns a stream of entries after the position, present and future.
     *
     * @param filter chooses the entries
     * @param most number of entries after which the stream ends
     * @param disconnect runs if the reader requests nothing for {@link #MAX_IDLE}
     */
    Multi<OutboundSseEvent> after(long position, Filter filter, long most, Runnable disconnect) {
        Reader reader = new Reader(position, filter, most);
        Runnable unwatch = timer.every(MAX_IDLE.dividedBy(4), () -> {
            if (reader.isStuck()) {
                disconnect.run();
            }
        });
        return Multi.createBy()
                .repeating()
                .uni(() -> next(reader))
                .until(LiveChanges::isEnd)
                .onItem()
                .<OutboundSseEvent>disjoint()
                .onItem()
                .invoke(event -> reader.sent())
                .onRequest()
                .invoke(reader::request)
                .onTermination()
                .invoke(unwatch);
    }

    @SuppressWarnings("ReferenceEquality") // Other lists may be empty too.
    private static boolean isEnd(List<OutboundSseEvent> events) {
        return events == END;
    }

    /** Returns the next events: new entries, or a comment if the reader has received nothing for long, or none. */
    private Uni<List<OutboundSseEvent>> next(Reader reader) {
        if (reader.left.get() == 0) {
            return Uni.createFrom().item(END);
        }
        if (head.position() > reader.position) {
            return Uni.createFrom().item(() -> read(reader)).runSubscriptionOn(reads);
        }
        return Uni.createFrom()
                .completionStage(head::news)
                .map(news -> reader.isQuiet() ? heartbeat(reader) : nothing());
    }

    private List<OutboundSseEvent> read(Reader reader) {
        try {
            List<LedgerEntry> entries = entries(reader, (int) Math.min(BLOCK, reader.left.get()));
            reader.left.addAndGet(-entries.size());
            return new ArrayList<>(entries.stream().map(this::event).toList());
        } catch (SQLException failure) {
            throw new IllegalStateException("the ledger cannot be read", failure);
        }
    }

    /** Returns the next entries that the reader wants, and moves the reader after all that were looked at. */
    private List<LedgerEntry> entries(Reader reader, int most) throws SQLException {
        if (reader.filter.isOpen()) {
            List<LedgerEntry> entries = ledger.after(reader.position, most, BLOCK_BYTES);
            if (!entries.isEmpty()) {
                reader.position = entries.get(entries.size() - 1).position();
            }
            return entries;
        }
        int few = Math.min(most, FILTERED_BLOCK);
        long until = Math.min(head.position(), reader.position + WINDOW);
        List<Long> wanted =
                ledger.positions(reader.position, until, reader.filter.parties(), reader.filter.kinds(), few);
        reader.position = wanted.size() == few ? wanted.get(few - 1) : until;
        return wanted.isEmpty() ? List.of() : ledger.at(wanted);
    }

    private OutboundSseEvent event(LedgerEntry entry) {
        try {
            return new OutboundSseEventImpl.BuilderImpl()
                    .id(String.valueOf(entry.position()))
                    .name("entry")
                    .data(json.writeValueAsString(FeedEntry.of(entry, measures)))
                    .build();
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Returns a new empty list, which is not {@link #END}. */
    private static List<OutboundSseEvent> nothing() {
        return new ArrayList<>();
    }

    /**
     * Returns a comment. For a reader with a filter it has the position as its id, so that the reader need not continue
     * from the last entry that it wanted.
     */
    private static List<OutboundSseEvent> heartbeat(Reader reader) {
        OutboundSseEvent.Builder comment = new OutboundSseEventImpl.BuilderImpl().comment("still here");
        if (!reader.filter.isOpen()) {
            comment.id(String.valueOf(reader.position));
        }
        return List.of(comment.build());
    }
}
