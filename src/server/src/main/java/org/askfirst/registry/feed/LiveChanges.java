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
import java.util.List;
import java.util.function.LongSupplier;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
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

    /** A reader that has received nothing for this long gets a comment. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A reader that requests nothing for this long is disconnected. */
    static final Duration MAX_IDLE = Duration.ofSeconds(60);

    private final LedgerStore ledger;
    private final LedgerHead head;
    private final ObjectWriter json;
    private final LongSupplier nanoTime;
    private final Timer timer;

    @Inject
    LiveChanges(LedgerStore ledger, LedgerHead head, Vertx vertx, ObjectMapper mapper) {
        this(ledger, head, mapper, System::nanoTime, (period, task) -> {
            long timer = vertx.setPeriodic(period.toMillis(), fired -> task.run());
            return () -> vertx.cancelTimer(timer);
        });
    }

    /** For tests, which set the time and trigger the timer. */
    LiveChanges(LedgerStore ledger, LedgerHead head, ObjectMapper mapper, LongSupplier nanoTime, Timer timer) {
        this.ledger = ledger;
        this.head = head;
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
        private volatile long position;
        private volatile long sentAt = nanoTime.getAsLong();
        private volatile boolean requested = true;

        Reader(long position) {
            this.position = position;
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
     * Returns a stream of all entries after the position, present and future.
     *
     * @param disconnect runs if the reader requests nothing for {@link #MAX_IDLE}
     */
    Multi<OutboundSseEvent> after(long position, Runnable disconnect) {
        Reader reader = new Reader(position);
        Runnable unwatch = timer.every(MAX_IDLE.dividedBy(4), () -> {
            if (reader.isStuck()) {
                disconnect.run();
            }
        });
        return Multi.createBy()
                .repeating()
                .uni(() -> next(reader))
                .indefinitely()
                .onItem()
                .<OutboundSseEvent>disjoint()
                .onItem()
                .invoke(event -> reader.sent())
                .onRequest()
                .invoke(reader::request)
                .onTermination()
                .invoke(unwatch);
    }

    /** Returns the next events: new entries, or a comment if the reader has received nothing for long, or none. */
    private Uni<List<OutboundSseEvent>> next(Reader reader) {
        if (head.position() > reader.position) {
            return Uni.createFrom().item(() -> read(reader)).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
        }
        return Uni.createFrom().completionStage(head::news).map(news -> reader.isQuiet() ? heartbeat() : List.of());
    }

    private List<OutboundSseEvent> read(Reader reader) {
        try {
            List<LedgerEntry> entries = ledger.after(reader.position, BLOCK);
            if (!entries.isEmpty()) {
                reader.position = entries.get(entries.size() - 1).position();
            }
            return entries.stream().map(this::event).toList();
        } catch (SQLException failure) {
            throw new IllegalStateException("the ledger cannot be read", failure);
        }
    }

    private OutboundSseEvent event(LedgerEntry entry) {
        try {
            return new OutboundSseEventImpl.BuilderImpl()
                    .id(String.valueOf(entry.position()))
                    .name("entry")
                    .data(json.writeValueAsString(FeedEntry.of(entry)))
                    .build();
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<OutboundSseEvent> heartbeat() {
        return List.of(
                new OutboundSseEventImpl.BuilderImpl().comment("still here").build());
    }
}
