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
 * Live streams of changes, pulled by their readers.
 *
 * <p>Nothing is kept for a reader: each has a position, and when it takes more, more is read from the ledger. So a
 * slow reader costs nothing, and one that takes nothing for long is disconnected and loses nothing: it comes back
 * with the position it has seen.
 */
@ApplicationScoped
class LiveChanges {
    private static final int BLOCK = 200;
    /** After so much silence a reader gets a comment. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A reader that takes nothing for so long is disconnected. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LedgerStore ledger;
    private final LedgerHead head;
    private final ObjectWriter json;
    private final LongSupplier nanoTime;
    private final Timer timer;

    @Inject
    LiveChanges(LedgerStore ledger, LedgerHead head, Vertx vertx, ObjectMapper mapper) {
        this(ledger, head, mapper, System::nanoTime, (period, look) -> {
            long timer = vertx.setPeriodic(period.toMillis(), fired -> look.run());
            return () -> vertx.cancelTimer(timer);
        });
    }

    /** With a time that a test sets, and a timer that it triggers. */
    LiveChanges(LedgerStore ledger, LedgerHead head, ObjectMapper mapper, LongSupplier nanoTime, Timer timer) {
        this.ledger = ledger;
        this.head = head;
        this.json = mapper.writerFor(FeedEntry.class);
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /** Runs something again and again. */
    interface Timer {
        /** Runs it once in each period, until the result is run. */
        Runnable every(Duration period, Runnable look);
    }

    /** One reader's place; touched by one signal at a time, as reactive streams promise. */
    private final class Reader {
        private volatile long position;
        private volatile long sentAt = nanoTime.getAsLong();
        private volatile boolean waitsForUs = true;

        Reader(long position) {
            this.position = position;
        }

        void sent() {
            sentAt = nanoTime.getAsLong();
            waitsForUs = false;
        }

        void takes() {
            waitsForUs = true;
        }

        boolean isStuck() {
            return !waitsForUs && nanoTime.getAsLong() - sentAt > PATIENCE.toNanos();
        }

        boolean isQuiet() {
            return nanoTime.getAsLong() - sentAt > HEARTBEAT.toNanos();
        }
    }

    /**
     * What comes after that position, for as long as the reader takes it.
     *
     * @param disconnect is run if the reader takes nothing for long
     */
    Multi<OutboundSseEvent> after(long position, Runnable disconnect) {
        Reader reader = new Reader(position);
        Runnable unwatch = timer.every(PATIENCE.dividedBy(4), () -> {
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
                .invoke(reader::takes)
                .onTermination()
                .invoke(unwatch);
    }

    /** The next events: what there is, or after a while of nothing a comment, or nothing yet. */
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
