package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.testkit.Bodies;
import org.jspecify.annotations.Nullable;

/**
 * Clients that declare without end, each subject once, and never give one up: what is not acknowledged is sent
 * again, singles under their Idempotency-Key and batches as they are.
 */
final class Writers implements AutoCloseable {
    /** Enough to be cut short in; with more, reading all that was written takes longer than the crashes. */
    private static final int LINES = 50;

    private static final Duration ANSWER = Duration.ofSeconds(40);
    private static final Duration LAST_WORDS = Duration.ofSeconds(60);
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");
    private static final Pattern POSITION = Pattern.compile("\"position\":([0-9]+)");

    private final Service service;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger subjects = new AtomicInteger();
    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong brokenOff = new AtomicLong();
    private final AtomicLong acknowledgements = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile long stoppingSince;

    private Writers(Service service) {
        this.service = service;
    }

    /** So many clients of each kind, each a party of its own, at work at once. */
    static Writers start(Service service, int singles, int batches) {
        Writers writers = new Writers(service);
        for (int i = 0; i < singles + batches; i++) {
            String key = writers.openParty();
            boolean single = i < singles;
            Thread thread = new Thread(() -> writers.write(key, single), "writer-" + i);
            writers.threads.add(thread);
        }
        writers.threads.forEach(Thread::start);
        return writers;
    }

    private String openParty() {
        Matcher key = KEY.matcher(service.send(HttpRequest.newBuilder(service.uri("/v1/parties"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Bodies.object("name", "Writer", "kind", "society")
                                .toString())))
                .body());
        assertTrue(key.find());
        return key.group();
    }

    private void write(String key, boolean single) {
        try {
            while (!stopping) {
                if (single) {
                    untilAcknowledged(() -> single(key, subject()));
                } else {
                    List<String> lines =
                            Stream.generate(this::subject).limit(LINES).toList();
                    untilAcknowledged(() -> batch(key, lines));
                    Thread.sleep(40);
                }
            }
        } catch (RuntimeException | Error | InterruptedException wrong) {
            failure.compareAndSet(null, wrong);
        }
    }

    private String subject() {
        return "url:https://crash.example.com/" + subjects.incrementAndGet();
    }

    /** One submission: what it says stays the same however often it is sent. */
    private interface Submission {
        Attempt make();
    }

    /** Sends it once; true if all of it is acknowledged. */
    private interface Attempt {
        boolean send() throws IOException, InterruptedException;
    }

    private void untilAcknowledged(Submission submission) throws InterruptedException {
        Attempt attempt = submission.make();
        while (true) {
            try {
                if (attempt.send()) {
                    return;
                }
                unavailable.incrementAndGet();
            } catch (IOException | UncheckedIOException gone) {
                brokenOff.incrementAndGet();
            }
            assertTrue(
                    !stopping || System.nanoTime() - stoppingSince < LAST_WORDS.toNanos(),
                    "what was sent is still not acknowledged");
            Thread.sleep(30);
        }
    }

    private static String declaration(String subject) {
        return reserved("ai-training").of(subject).toString();
    }

    private Attempt single(String key, String subject) {
        HttpRequest request = HttpRequest.newBuilder(service.uri("/v1/declarations"))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", subject)
                .POST(HttpRequest.BodyPublishers.ofString(declaration(subject)))
                .build();
        return () -> {
            HttpResponse<String> answer = service.http().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 503) {
                return false;
            }
            assertEquals(201, answer.statusCode(), answer.body());
            acknowledge(subject, answer.body());
            return true;
        };
    }

    private Attempt batch(String key, List<String> lines) {
        HttpRequest request = HttpRequest.newBuilder(service.uri("/v1/declarations/batch"))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(String.join(
                        "\n", lines.stream().map(Writers::declaration).toList())))
                .build();
        return () -> {
            HttpResponse<Stream<String>> answer = service.http().send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> answered = answer.body()) {
                if (answer.statusCode() == 503) {
                    return false;
                }
                assertEquals(200, answer.statusCode());
                boolean all = true;
                Iterator<String> each = answered.iterator();
                for (String subject : lines) {
                    if (!each.hasNext()) {
                        throw new IOException("the answer ended before its lines did");
                    }
                    String line = each.next();
                    if (line.contains("\"problem\"")) {
                        assertTrue(line.contains("\"status\":503"), line);
                        all = false;
                    } else {
                        acknowledge(subject, line);
                    }
                }
                return all;
            }
        };
    }

    private void acknowledge(String subject, String answer) {
        Matcher position = POSITION.matcher(answer);
        assertTrue(position.find(), answer);
        Long now = Long.valueOf(position.group(1));
        Long before = acknowledged.putIfAbsent(subject, now);
        assertTrue(before == null || before.equals(now), () -> subject + " stood at " + before + ", and now at " + now);
        acknowledgements.incrementAndGet();
    }

    /** Every subject that was acknowledged so far, with its position. */
    Map<String, Long> acknowledged() {
        requireNoFailure();
        return Map.copyOf(acknowledged);
    }

    /** Waits until something new is acknowledged; gives the milliseconds that took. */
    long awaitAcknowledgement(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        long before = acknowledgements.get();
        while (acknowledgements.get() < before + 20) {
            requireNoFailure();
            assertTrue(
                    System.nanoTime() - start < patience.toNanos(),
                    () -> "nothing was recorded for " + patience + "; the service says:\n" + service.output());
            Thread.sleep(5);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** Lets every writer bring what it has begun to an end. */
    void finish() throws InterruptedException {
        stoppingSince = System.nanoTime();
        stopping = true;
        for (Thread thread : threads) {
            thread.join(LAST_WORDS.plus(ANSWER).toMillis());
            assertTrue(!thread.isAlive(), thread.getName() + " hangs");
        }
        requireNoFailure();
        assertEquals(subjects.get(), acknowledged.size(), "every subject is acknowledged in the end");
    }

    private void requireNoFailure() {
        Throwable wrong = failure.get();
        if (wrong != null) {
            throw new AssertionError("a writer failed", wrong);
        }
    }

    /** Returns the outcome of the attempts, for the report. */
    String tally() {
        return acknowledged.size() + " declarations acknowledged; attempts answered 503: " + unavailable.get()
                + ", broken off: " + brokenOff.get();
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(Thread::interrupt);
    }
}
