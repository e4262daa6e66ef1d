package org.askfirst.registry.feed;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the feed by pages and live: no entry is missing or repeated, with many writers and with disconnects. */
@QuarkusTest
class ChangesResourceTest extends RegistryTest {
    private static final String LINES = "application/x-ndjson";
    private static final int WRITERS = 8;
    private static final int READERS = 3;

    /** Header of a reader that notices the end of its stream by the end of its connection. */
    private static final String CLOSE = "Connection: close\r\n";

    private static final Filter ALL = new Filter(Set.of(), Set.of());

    @Inject
    LedgerStore ledger;

    @Inject
    Measures measures;

    @Inject
    LedgerHead head;

    @Inject
    ObjectMapper mapper;

    /** An entry as a reader received it. */
    private record ReadEntry(long position, String line) {}

    private static Draft declaration() {
        return reserved("ai-training").of(Names.url());
    }

    private static Response page(long after, int limit) {
        return given().queryParam("after", after).queryParam("limit", limit).get("/v1/changes");
    }

    @Test
    void noEntryIsMissingOrRepeatedWhileManyWrite() throws Exception {
        long from = ledger.head().position();
        AtomicBoolean written = new AtomicBoolean();
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            List<Callable<List<ReadEntry>>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int limit = List.of(1000, 37, 3).get(i);
                long seed = i;
                readers.add(() -> byPages(from, limit, written));
                readers.add(() -> live(from, new Random(seed), written));
            }
            List<Future<List<ReadEntry>>> reading = new ArrayList<>();
            readers.forEach(reader -> reading.add(clients.submit(reader)));
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                boolean single = i % 2 == 0;
                Party party = Party.open();
                writing.add(clients.submit(() -> write(party, single)));
            }
            for (Future<?> writer : writing) {
                writer.get(60, TimeUnit.SECONDS);
            }
            written.set(true);
            List<ReadEntry> expected = new ArrayList<>();
            for (LedgerEntry entry : ledger.after(from, Integer.MAX_VALUE)) {
                expected.add(new ReadEntry(entry.position(), mapper.writeValueAsString(FeedEntry.of(entry, measures))));
            }
            assertTrue(expected.size() > 1500, "only " + expected.size() + " entries were recorded");
            for (Future<List<ReadEntry>> reader : reading) {
                assertEquals(expected, reader.get(60, TimeUnit.SECONDS));
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static void write(Party party, boolean single) {
        if (single) {
            Stream.generate(ChangesResourceTest::declaration).limit(60).forEach(party::declares);
            return;
        }
        for (int i = 0; i < 4; i++) {
            party.sendsLines(
                    "/v1/declarations/batch",
                    Stream.generate(ChangesResourceTest::declaration).limit(100).toList());
        }
    }

    /** Reads pages until the writers are done and a page is not full. */
    private List<ReadEntry> byPages(long from, int limit, AtomicBoolean written) throws IOException {
        List<ReadEntry> received = new ArrayList<>();
        long position = from;
        while (true) {
            boolean last = written.get();
            List<String> lines = page(position, limit).asString().lines().toList();
            for (String line : lines) {
                ReadEntry one =
                        new ReadEntry(mapper.readTree(line).get("position").longValue(), line);
                assertEquals(position + 1, one.position(), "by pages of " + limit);
                received.add(one);
                position = one.position();
            }
            if (last && lines.size() < limit) {
                return received;
            }
        }
    }

    /** Follows the live stream, disconnects after some events, and connects again with the last id. */
    private List<ReadEntry> live(long from, Random random, AtomicBoolean written) throws IOException, SQLException {
        List<ReadEntry> received = new ArrayList<>();
        long position = from;
        while (!written.get() || position < ledger.head().position()) {
            int until = 1 + random.nextInt(400);
            boolean first = position == from;
            try (Live live =
                    Live.open(first ? "?after=" + from : "", first ? "" : "Last-Event-ID: " + position + "\r\n")) {
                for (int i = 0; i < until; i++) {
                    ReadEntry one = live.next(1000);
                    if (one == null) {
                        break;
                    }
                    assertEquals(position + 1, one.position(), "live");
                    received.add(one);
                    position = one.position();
                }
            }
        }
        return received;
    }

    /** A live reader on a plain socket, so that it can disconnect or stop reading. */
    private static final class Live implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        private Live(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        static Live open(String query, String headers) throws IOException {
            Socket socket = new Socket(InetAddress.getByName("localhost"), RestAssured.port);
            OutputStream out = socket.getOutputStream();
            out.write(("GET /v1/changes" + query + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                            + headers + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new Live(socket);
        }

        /** Returns the next entry; null if none arrives within the time. */
        @Nullable ReadEntry next(int millis) throws IOException {
            socket.setSoTimeout(millis);
            long id = -1;
            String name = "";
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.startsWith("id:")) {
                        id = Long.parseLong(line.substring(3).strip());
                    } else if (line.startsWith("event:")) {
                        name = line.substring(6).strip();
                    } else if (line.startsWith("data:")) {
                        assertEquals("entry", name);
                        return new ReadEntry(id, line.substring(5).strip());
                    }
                }
            } catch (SocketTimeoutException quiet) {
                return null;
            }
            throw new IOException("the stream ended");
        }

        ReadEntry expected() throws IOException {
            ReadEntry entry = next(5000);
            assertTrue(entry != null, "no entry arrived");
            return Objects.requireNonNull(entry);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aPageHasTheEntriesAfterAPosition() throws SQLException {
        Party party = Party.open();
        long from = ledger.head().position();
        party.reserves(Names.url());
        String id = party.reserves(Names.url());
        party.asks().delete("/v1/declarations/" + id).then().statusCode(200);
        Response all = page(from, 100);
        assertEquals(200, all.statusCode());
        assertTrue(all.contentType().startsWith(LINES), all.contentType());
        assertEquals("no-store", all.header("Cache-Control"));
        assertEquals(String.valueOf(from + 3), all.header("Askfirst-Position"));
        assertEquals(3, all.asString().lines().count());
        assertTrue(all.asString().endsWith("\n"));
        assertEquals(
                all.asString().lines().findFirst().orElseThrow() + "\n",
                page(from, 1).asString());
        assertEquals("", page(from + 3, 10).asString());
        assertEquals("", page(Long.MAX_VALUE, 10).asString());
        given().get("/v1/changes").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "after,-1",
        "after,x",
        "after,''",
        "after,9999999999999999999",
        "limit,0",
        "limit,10001",
        "limit,1.5",
        "after,NOW",
        "party,p_1",
        "party,''",
        "kind,declare",
        "from,1"
    })
    void anInvalidParameterIsNamed(String parameter, String value) {
        given().queryParam(parameter, value)
                .get("/v1/changes")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo(parameter));
    }

    @Test
    void aLiveReaderStartsWithTheNextEntryByDefault() throws Exception {
        Party party = Party.open();
        party.reserves(Names.url());
        long before = ledger.head().position();
        try (Live live = Live.open("", "");
                Live resumed = Live.open("?after=" + before, "Last-Event-ID: " + (before - 1) + "\r\n")) {
            assertEquals(before, resumed.expected().position(), "Last-Event-ID must override the query");
            // The first reader has nothing to read yet. After this wait, it is certainly connected.
            assertEquals(null, live.next(500));
            party.reserves(Names.url());
            assertEquals(before + 1, live.expected().position());
            assertEquals(before + 1, resumed.expected().position());
        }
        given().accept("text/event-stream")
                .header("Last-Event-ID", "x")
                .get("/v1/changes")
                .then()
                .statusCode(422);
    }

    @Test
    void aReaderMayBeginNow() throws Exception {
        Party party = Party.open();
        party.reserves(Names.url());
        long end = ledger.head().position();
        Response page = given().get("/v1/changes?after=now");
        assertEquals("", page.asString());
        assertEquals(String.valueOf(end), page.header("Askfirst-Next"));
        try (Live live = Live.open("?after=now&limit=1", CLOSE)) {
            assertEquals(null, live.next(500));
            party.reserves(Names.url());
            assertEquals(end + 1, live.expected().position());
            assertThrows(IOException.class, () -> live.next(5000), "the stream must end after one entry");
        }
    }

    @Test
    void aLiveStreamEndsAfterAsManyEntriesAsItsLimit() throws Exception {
        Party party = Party.open();
        long from = ledger.head().position();
        for (int i = 0; i < 3; i++) {
            party.reserves(Names.url());
        }
        try (Live live = Live.open("?limit=2&after=" + from, CLOSE)) {
            assertEquals(from + 1, live.expected().position());
            assertEquals(from + 2, live.expected().position());
            assertThrows(IOException.class, () -> live.next(5000));
        }
    }

    @Test
    void aPartOfTheFeedHasOnlyWhatFitsAndItsCursorAdvances() throws Exception {
        Party one = Party.open();
        Party other = Party.open();
        Party nobody = Party.open();
        long from = ledger.head().position();
        String id = one.reserves(Names.url());
        other.reserves(Names.url());
        one.asks().delete("/v1/declarations/" + id).then().statusCode(200);
        other.reserves(Names.url());
        long end = from + 4;

        String party = "/v1/changes?after=" + from + "&party=";
        part(party + one.id(), end, from + 1, from + 3);
        part(party + one.id() + "&party=" + other.id(), end, from + 1, from + 2, from + 3, from + 4);
        part(party + one.id() + "&kind=withdrawn", end, from + 3);
        part(party + one.id() + "&limit=1", from + 1, from + 1);
        part("/v1/changes?after=" + from + "&kind=withdrawn&kind=declared&limit=2", from + 2, from + 1, from + 2);
        part(party + nobody.id(), end);
        part("/v1/changes?after=" + end + "&kind=declared", end);
        part("/v1/changes?kind=declared&after=" + Long.MAX_VALUE, Long.MAX_VALUE);
        try (Live live = Live.open("?limit=2&after=" + from + "&kind=declared&party=" + other.id(), CLOSE)) {
            assertEquals(from + 2, live.expected().position());
            assertEquals(from + 4, live.expected().position());
            assertThrows(IOException.class, () -> live.next(5000));
        }
    }

    private void part(String path, long next, Long... positions) throws IOException {
        Response page = given().urlEncodingEnabled(false).get(path);
        assertEquals(200, page.statusCode());
        List<Long> read = new ArrayList<>();
        for (String line : page.asString().lines().toList()) {
            read.add(mapper.readTree(line).get("position").longValue());
        }
        assertEquals(List.of(positions), read, path);
        assertEquals(String.valueOf(next), page.header("Askfirst-Next"), path);
    }

    @Test
    void aQuietStreamOfAPartSaysHowFarItHasLooked() throws Exception {
        Party.open().reserves(Names.url());
        long end = ledger.head().position();
        AtomicLong nanos = new AtomicLong();
        LiveChanges live = new LiveChanges(ledger, head, measures, mapper, nanos::get, (period, task) -> () -> {});
        Subscriber reader = new Subscriber(true);
        live.after(0, new Filter(Set.of("p_" + "0".repeat(26)), Set.of()), Long.MAX_VALUE, () -> {})
                .subscribe()
                .withSubscriber(reader);
        reader.subscribed.await();
        reader.subscription.request(1);
        nanos.addAndGet(LiveChanges.HEARTBEAT.toNanos() + 1);
        assertTrue(reader.comment.await(10, TimeUnit.SECONDS), "no comment arrived");
        reader.subscription.cancel();
        assertEquals(String.valueOf(end), reader.events.get(0).getId());
    }

    /** A reader of the stream without HTTP. It requests one event after another, as the server does, or only one. */
    private static final class Subscriber implements Flow.Subscriber<OutboundSseEvent> {
        private final List<OutboundSseEvent> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch comment = new CountDownLatch(1);
        private final boolean requestsAll;
        private final CountDownLatch subscribed = new CountDownLatch(1);
        private final Semaphore arrived = new Semaphore(0);
        private volatile Flow.Subscription subscription = new Flow.Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {}
        };

        Subscriber(boolean requestsAll) {
            this.requestsAll = requestsAll;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscribed.countDown();
        }

        @Override
        public void onNext(OutboundSseEvent event) {
            events.add(event);
            if (requestsAll) {
                subscription.request(1);
            }
            if (event.getComment() != null) {
                comment.countDown();
            }
            arrived.release();
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            throw new AssertionError("a live stream must not end");
        }
    }

    @Test
    void aQuietStreamIsKeptAliveByComments() throws Exception {
        AtomicLong nanos = new AtomicLong();
        LiveChanges live = new LiveChanges(ledger, head, measures, mapper, nanos::get, (period, task) -> () -> {});
        Subscriber reader = new Subscriber(true);
        Multi<OutboundSseEvent> stream = live.after(ledger.head().position(), ALL, Long.MAX_VALUE, () -> {});
        stream.subscribe().withSubscriber(reader);
        reader.subscribed.await();
        reader.subscription.request(1);
        nanos.addAndGet(LiveChanges.HEARTBEAT.toNanos() + 1);
        assertTrue(reader.comment.await(10, TimeUnit.SECONDS), "no comment arrived");
        reader.subscription.cancel();
        assertEquals(null, reader.events.get(0).getId(), "a comment must have no id");
    }

    @Test
    void onlyAReaderThatRequestsNothingIsDisconnected() throws Exception {
        Party party = Party.open();
        party.reserves(Names.url());
        party.reserves(Names.url());
        long from = ledger.head().position() - 2;
        AtomicLong nanos = new AtomicLong();
        List<Runnable> tasks = new ArrayList<>();
        LiveChanges live = new LiveChanges(ledger, head, measures, mapper, nanos::get, (period, task) -> {
            tasks.add(task);
            return () -> {};
        });
        AtomicLong stuckDisconnects = new AtomicLong();
        AtomicLong otherDisconnects = new AtomicLong();
        Subscriber stuck = new Subscriber(false);
        Subscriber other = new Subscriber(true);
        live.after(from, ALL, Long.MAX_VALUE, stuckDisconnects::incrementAndGet)
                .subscribe()
                .withSubscriber(stuck);
        live.after(from, ALL, Long.MAX_VALUE, otherDisconnects::incrementAndGet)
                .subscribe()
                .withSubscriber(other);
        stuck.subscribed.await();
        other.subscribed.await();
        other.subscription.request(1);
        stuck.subscription.request(1);
        assertTrue(stuck.arrived.tryAcquire(1, 10, TimeUnit.SECONDS), "the first event did not arrive");
        assertTrue(other.arrived.tryAcquire(2, 10, TimeUnit.SECONDS), "two events did not arrive");
        nanos.addAndGet(LiveChanges.MAX_IDLE.toNanos());
        tasks.forEach(Runnable::run);
        assertEquals(0, stuckDisconnects.get(), "the reader was disconnected too early");
        nanos.addAndGet(1);
        tasks.forEach(Runnable::run);
        assertEquals(1, stuckDisconnects.get(), "the reader was not disconnected");
        // Much later, the reader that requests all events, but has nothing to read, is still connected.
        nanos.addAndGet(3 * LiveChanges.MAX_IDLE.toNanos());
        tasks.forEach(Runnable::run);
        assertEquals(0, otherDisconnects.get());
        assertEquals(
                1,
                stuck.events.stream()
                        .filter(event -> event.getComment() == null)
                        .count());
        assertEquals(
                2,
                other.events.stream()
                        .filter(event -> event.getComment() == null)
                        .count());
        stuck.subscription.cancel();
        other.subscription.cancel();
    }

    @Test
    void aReaderWhoseSocketIsFullDoesNotBlockOthers() throws Exception {
        Party party = Party.open();
        long from = Math.max(0, ledger.head().position() - 1000);
        try (Live full = Live.open("?after=0", "");
                Live live = Live.open("?after=" + from, "")) {
            full.socket.setReceiveBufferSize(1);
            assertFalse(full.socket.isClosed());
            party.reserves(Names.url());
            long end = ledger.head().position();
            for (long position = from + 1; position <= end; position++) {
                assertEquals(position, live.expected().position());
            }
        } catch (SocketException gone) {
            throw new AssertionError(gone);
        }
    }
}
