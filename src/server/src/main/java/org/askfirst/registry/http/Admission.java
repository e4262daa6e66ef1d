package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets in as many requests as the node can answer soon, and refuses the others at once. Its client learns when to try
 * again.
 *
 * <p>A request takes a place for as long as it is answered. Places are of several kinds ({@link Kind}), so that streams
 * cannot take those of short requests, and each address has a limit of its own, so that one asker cannot take all.
 *
 * <p>A body that is one document is read before its request takes a place, on the event loop, so that a slow sender
 * holds neither a place nor a worker. A long one takes memory from a budget. A body that comes too slowly is broken off.
 */
@ApplicationScoped
public class Admission {
    private static final int BEFORE_EVERYTHING = 1_000;
    private static final int AFTER_DECODING = Priorities.USER + 1_000;
    private static final String RETRY_SECONDS = "1";
    private static final String PLACE = "askfirst.place";

    /** The longest document without a key. */
    private static final int MOST_WITHOUT_KEY = 4 << 20;

    /** The longest document that any operation reads. */
    private static final int MOST_WITH_KEY = 32 << 20;

    /** Part of a document that takes nothing from the budget, so that short requests are never refused for memory. */
    private static final int FREE = 1 << 16;

    /** Number of documents that are being read, of an address and in all. The oldest gives way to a new one. */
    private static final int READING_OF_AN_ADDRESS = 128;

    private static final int READING = 2_000;

    /** Time for which the rest of a refused body is read and discarded, so that the client receives the answer. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** Number of bytes of a refused body that are discarded before its connection is closed. */
    private static final long MOST_DISCARDED = 8 << 20;

    private static final long CHECK_MILLIS = 1_000;
    private static final int KINDS = 4;

    private final ObjectMapper mapper;
    private final Vertx vertx;
    private final int mostOfAnAddress;
    private final MemoryBudget budget = MemoryBudget.ofHeap();
    private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();
    private final Set<Reading> readings = new LinkedHashSet<>();

    /**
     * Requests that are answered soon. If each were a lookup of 10,000 works, the last of them would be answered after a
     * few seconds.
     */
    private final Kind shortRequests = new Kind("short", 0, 250, 1);

    /**
     * Requests whose body is read while they are answered, or whose answer may be long. Each holds a worker for as long
     * as its client likes. Short and streamed requests together are fewer than the workers, because health checks need
     * some.
     */
    private final Kind streams = new Kind("stream", 1, 150, 4);

    /** Live readers of the feed. They mostly wait, and hold no worker then. */
    private final Kind liveReaders = new Kind("live", 2, 2_000, 2);

    /** Files of the snapshot on their way, which hold no worker. Without a kind of their own they would stop lookups. */
    private final Kind downloads = new Kind("download", 3, 400, 16);

    Admission(ObjectMapper mapper, Vertx vertx, AdmissionConfig config) {
        this.mapper = mapper;
        this.vertx = vertx;
        this.mostOfAnAddress = config.requestsOfAnAddress();
    }

    /** A kind of places, so that one kind of requests cannot take those of others. */
    private static final class Kind {
        private final String name;
        private final int index;
        private final int most;
        private final int part;
        private final AtomicInteger taken = new AtomicInteger();

        /**
         * Creates the places.
         *
         * @param name in the metric {@code askfirst.admission.refusals}
         * @param most number of places on this node
         * @param part the part of an address's requests that may be of this kind, as a divisor
         */
        Kind(String name, int index, int most, int part) {
            this.name = name;
            this.index = index;
            this.most = most;
            this.part = part;
        }
    }

    /** The places that one address has. Changed only within the map. */
    private static final class Share {
        private final int[] taken = new int[KINDS];

        boolean isEmpty() {
            for (int each : taken) {
                if (each > 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The place of one exchange. */
    private final class Place {
        private final String address;
        private final AtomicReference<@Nullable Kind> kind;

        Place(String address, Kind kind) {
            this.address = address;
            this.kind = new AtomicReference<>(kind);
        }

        /** Exchanges the place for one of a live reader. */
        void becomesLive() {
            ProblemException refused = take(address, liveReaders);
            if (refused != null) {
                throw refused;
            }
            Kind before = kind.getAndUpdate(now -> now == null ? null : liveReaders);
            giveBack(address, before == null ? liveReaders : before);
        }

        void giveBackOnce() {
            Kind last = kind.getAndSet(null);
            if (last != null) {
                giveBack(address, last);
            }
        }
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_EVERYTHING);
        vertx.setPeriodic(CHECK_MILLIS, timer -> breakOffSlowReadings(System.nanoTime()));
    }

    /** Takes a place. Returns the refusal if there is none left. */
    private @Nullable ProblemException take(String address, Kind kind) {
        if (kind.taken.incrementAndGet() > kind.most) {
            kind.taken.decrementAndGet();
            count(kind, "node");
            return Problem.UNAVAILABLE.because(
                    "The registry has too many requests at the moment; try again in a second");
        }
        boolean[] taken = new boolean[1];
        int most = Math.max(1, mostOfAnAddress / kind.part);
        shares.compute(address, (same, share) -> {
            Share own = share == null ? new Share() : share;
            if (own.taken[kind.index] < most) {
                own.taken[kind.index]++;
                taken[0] = true;
            }
            return own;
        });
        if (taken[0]) {
            return null;
        }
        kind.taken.decrementAndGet();
        count(kind, "address");
        return Problem.TOO_MANY_REQUESTS.because("This address has " + most
                + " requests of this kind under way, the most at once; try again when one of them has ended");
    }

    private static void count(Kind kind, String limit) {
        Metrics.counter("askfirst.admission.refusals", "requests", kind.name, "limit", limit)
                .increment();
    }

    private void giveBack(String address, Kind kind) {
        kind.taken.decrementAndGet();
        shares.computeIfPresent(address, (same, share) -> {
            share.taken[kind.index]--;
            return share.isEmpty() ? null : share;
        });
    }

    private void admit(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        Connections.Watch watch = Connections.of(request);
        if (watch != null) {
            watch.begin(request);
            exchange.addEndHandler(ended -> watch.end());
        }
        // The router matches the same form of the path.
        String path = exchange.normalizedPath();
        String address = AskerAddress.of(request.remoteAddress());
        if (!hasBody(request)) {
            enter(exchange, address, isDownload(path) ? downloads : hasLongAnswer(path) ? streams : shortRequests);
        } else if (isDocument(request, path)) {
            read(exchange, address);
        } else {
            enter(exchange, address, streams);
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
    }

    private static boolean isDownload(String path) {
        return path.startsWith("/snapshot/releases/") || path.startsWith("/snapshot/deltas/");
    }

    private static boolean hasLongAnswer(String path) {
        return path.equals("/v1/changes") || path.startsWith("/log/");
    }

    /** Returns true if the whole body is needed before anything can be answered. */
    private static boolean isDocument(HttpServerRequest request, String path) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return false;
        }
        int end = type.indexOf(';');
        String name = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return name.equals("application/json")
                || name.endsWith("+json")
                || (name.equals("text/plain") && path.startsWith("/api/"));
    }

    private void enter(RoutingContext exchange, String address, Kind kind) {
        ProblemException refused = take(address, kind);
        if (refused != null) {
            refuse(exchange, refused);
            return;
        }
        Place place = new Place(address, kind);
        exchange.put(PLACE, place);
        exchange.addEndHandler(ended -> place.giveBackOnce());
        exchange.next();
    }

    /**
     * Exchanges the place of a live reader, which mostly waits, for one of its own kind.
     *
     * @throws ProblemException if there are too many live readers
     */
    public static void staysLive(RoutingContext exchange) {
        Object place = exchange.get(PLACE);
        if (place instanceof Place own) {
            own.becomesLive();
        }
    }

    /** Ends a request that waited for a worker if its client has gone meanwhile. */
    @ServerRequestFilter
    void abandon(RoutingContext exchange) {
        if (exchange.response().closed()) {
            throw Problem.UNAVAILABLE.because("The connection is closed");
        }
    }

    /** Takes memory for the decoded form of a coded document. Runs after the filter that decodes it. */
    @ServerRequestFilter(priority = AFTER_DECODING)
    void takeMemory(ContainerRequestContext request, RoutingContext exchange) {
        if (exchange.request().headers().contains(HttpHeaders.CONTENT_ENCODING)
                && isDocument(exchange.request(), exchange.normalizedPath())) {
            int most = most(exchange.request());
            BudgetedBody body = new BudgetedBody(request.getEntityStream(), budget, FREE, most, tooLarge(most));
            request.setEntityStream(body);
            exchange.addEndHandler(ended -> body.giveBack());
        }
    }

    private static int most(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.AUTHORIZATION) ? MOST_WITH_KEY : MOST_WITHOUT_KEY;
    }

    private void read(RoutingContext exchange, String address) {
        int most = most(exchange.request());
        Reading reading = new Reading(exchange, address, most, length(exchange.request()));
        if (reading.expected > most) {
            refuse(exchange, tooLarge(most));
            return;
        }
        Reading displaced = add(reading);
        if (displaced != null) {
            displaced.breakOff(Problem.UNAVAILABLE.because(
                    "The registry receives too many requests at the moment, and this one came too slowly"));
        }
        exchange.addEndHandler(ended -> reading.forget());
        reading.begin();
    }

    private static ProblemException tooLarge(int most) {
        return Problem.TOO_LARGE.because("The body may have at most " + most + " bytes"
                + (most == MOST_WITHOUT_KEY ? " without a key; send a stream of lines, or several calls" : ""));
    }

    /** Returns the length that the head names; 0 if it names none. */
    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    /** Adds a reading. Returns the one that has to give way; null if there is room. */
    private @Nullable Reading add(Reading reading) {
        synchronized (readings) {
            Reading oldest = null;
            int ofAddress = 0;
            if (readings.size() >= READING_OF_AN_ADDRESS) {
                for (Reading other : readings) {
                    if (other.address.equals(reading.address)) {
                        ofAddress++;
                        oldest = oldest == null ? other : oldest;
                    }
                }
            }
            Reading displaced = null;
            if (ofAddress >= READING_OF_AN_ADDRESS) {
                displaced = oldest;
            } else if (readings.size() >= READING) {
                displaced = readings.iterator().next();
            }
            if (displaced != null) {
                readings.remove(displaced);
            }
            readings.add(reading);
            return displaced;
        }
    }

    private void breakOffSlowReadings(long now) {
        List<Reading> slow;
        synchronized (readings) {
            slow = readings.stream().filter(reading -> reading.isTooSlow(now)).toList();
            slow.forEach(readings::remove);
        }
        slow.forEach(reading ->
                reading.breakOff(Problem.TOO_SLOW.because("The body came too slowly; send at least 1 KiB a second")));
    }

    /** Reads the body of one exchange. Only its event loop uses it, except for the fields that are volatile. */
    private final class Reading {
        /** Time in which the rate does not matter, and after it for each KiB that has come. */
        private static final long GRACE_NANOS = 10_000_000_000L;

        private static final long NANOS_FOR_A_KIB = 1_000_000_000L;

        /** How many times faster the part of a long body has to come that takes memory from the budget. */
        private static final int FASTER = 64;

        private final RoutingContext exchange;
        private final String address;
        private final int most;
        private final long expected;
        private final Context context = Vertx.currentContext();
        private final long since = System.nanoTime();
        private final AtomicBoolean isDone = new AtomicBoolean();
        private Buffer body = Buffer.buffer();
        private volatile long received;
        private long budgeted;

        Reading(RoutingContext exchange, String address, int most, long expected) {
            this.exchange = exchange;
            this.address = address;
            this.most = most;
            this.expected = expected;
        }

        void begin() {
            HttpServerRequest request = exchange.request();
            if (expected > 0) {
                body = Buffer.buffer((int) Math.min(expected, FREE));
            }
            request.handler(this::receive);
            request.endHandler(ended -> complete());
            request.exceptionHandler(broken -> forget());
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                exchange.response().writeContinue();
            }
            request.resume();
        }

        private void receive(Buffer bytes) {
            if (isDone.get()) {
                return;
            }
            long now = received + bytes.length();
            long beyond = Math.max(0, now - FREE) - budgeted;
            if (now > most) {
                breakOff(tooLarge(most));
            } else if (beyond > 0 && !budget.take(budgeted, beyond)) {
                breakOff(Problem.UNAVAILABLE.because(
                        "The registry has too many long requests at the moment; try again in a second"));
            } else {
                budgeted += Math.max(0, beyond);
                received = now;
                body.appendBuffer(bytes);
            }
        }

        private void complete() {
            remove();
            if (isDone.compareAndSet(false, true)) {
                ((RoutingContextInternal) exchange).setBody(body);
                body = Buffer.buffer();
                enter(exchange, address, shortRequests);
            }
        }

        boolean isTooSlow(long now) {
            long kibs = Math.min(received, FREE) >> 10;
            long more = Math.max(0, received - FREE) >> 10;
            long allowed = GRACE_NANOS + kibs * NANOS_FOR_A_KIB + more * NANOS_FOR_A_KIB / FASTER;
            return now - since > allowed;
        }

        /** Refuses the request, and discards what is still to come. */
        void breakOff(ProblemException problem) {
            remove();
            if (isDone.compareAndSet(false, true)) {
                context.runOnContext(now -> {
                    body = Buffer.buffer();
                    if (!exchange.response().ended() && !exchange.response().closed()) {
                        refuse(exchange, problem);
                    }
                });
            }
        }

        /** Called at the end of the exchange, which may come before the end of the body. */
        void forget() {
            remove();
            isDone.set(true);
            body = Buffer.buffer();
            budget.giveBack(budgeted);
            budgeted = 0;
        }

        private void remove() {
            synchronized (readings) {
                readings.remove(this);
            }
        }
    }

    /** Answers with the problem, reads on for a moment so that the client receives the answer, and disconnects. */
    private void refuse(RoutingContext exchange, ProblemException problem) {
        HttpServerRequest request = exchange.request();
        HttpServerResponse response = exchange.response();
        boolean isWhole = request.isEnded() || !hasBody(request);
        response.setStatusCode(problem.problem().status())
                .putHeader("Content-Type", ProblemMapper.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        if (problem.problem() == Problem.UNAVAILABLE || problem.problem() == Problem.TOO_MANY_REQUESTS) {
            response.putHeader("Retry-After", RETRY_SECONDS);
        }
        if (!isWhole && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
            vertx.setTimer(LINGER.toMillis(), timer -> request.connection().close());
        }
        if (!request.isEnded()) {
            AtomicLong discarded = new AtomicLong();
            request.handler(bytes -> {
                if (discarded.addAndGet(bytes.length()) > MOST_DISCARDED) {
                    request.connection().close();
                }
            });
            request.resume();
        }
        response.end(text(problem));
    }

    private String text(ProblemException problem) {
        try {
            return mapper.writeValueAsString(ProblemDocument.of(problem));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
