package org.askfirst.registry.webhook;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.askfirst.registry.party.Notices;
import org.askfirst.subject.PublicSuffixes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Delivers notices to webhooks. Nodes share the work.
 *
 * <p>One post of a party is under way at a time, {@value #PER_SITE} of a site, and {@value #PLACES} on a node. A post
 * lasts eight seconds at most, with its questions to name servers. A receiver that fails is asked again at longer and
 * longer intervals, so receivers that do not answer hold few places. After a crash, the lease of a webhook ends, and its
 * notice is delivered again.
 */
@ApplicationScoped
class WebhookWorker {
    static final int PLACES = 16;
    static final int PER_SITE = 4;

    /** The waits after the failed attempts for one notice. After one more failure, the webhook is paused. */
    static final List<Duration> RETRIES = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(6),
            Duration.ofHours(24));

    private static final Logger LOG = Logger.getLogger(WebhookWorker.class);
    private static final long POLL_MILLIS = 1_000;
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration BUSY_SITE = Duration.ofSeconds(2);
    private static final Duration BUSY_HOST = Duration.ofMinutes(1);
    private static final long MAX_WAIT_SECONDS = 10;

    private final Webhooks webhooks;
    private final WebhookSender sender;
    private final Notices notices;
    private final Clock clock;
    private final boolean serving;
    private final Map<String, Integer> sites = new ConcurrentHashMap<>();
    private @Nullable Run run;

    WebhookWorker(
            Webhooks webhooks,
            WebhookSender sender,
            Notices notices,
            Clock clock,
            @ConfigProperty(name = "askfirst.serving", defaultValue = "true") boolean serving) {
        this.webhooks = webhooks;
        this.sender = sender;
        this.notices = notices;
        this.clock = clock;
        this.serving = serving;
    }

    void start(@Observes @Priority(300) StartupEvent event) {
        if (serving) {
            start();
        }
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stop();
    }

    synchronized void start() {
        if (run == null) {
            run = new Run();
        }
    }

    /** Finishes the posts that are under way. Notices that wait stay in the queue. */
    synchronized void stop() throws InterruptedException {
        if (run != null) {
            run.stop();
            run = null;
        }
    }

    /** The threads between a start and a stop. */
    private final class Run {
        private final Semaphore places = new Semaphore(PLACES);
        private final Semaphore wakeUps = new Semaphore(0);
        private final ExecutorService posts =
                Executors.newFixedThreadPool(PLACES, task -> thread(task, "webhook-post"));
        private final Thread dispatcher = thread(this::dispatch, "webhook-dispatcher");
        private volatile boolean stopping;

        Run() {
            dispatcher.start();
        }

        void stop() throws InterruptedException {
            stopping = true;
            wakeUps.release();
            dispatcher.join(TimeUnit.SECONDS.toMillis(MAX_WAIT_SECONDS));
            posts.shutdown();
            posts.awaitTermination(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        }

        private void dispatch() {
            try {
                while (!stopping) {
                    startPosts();
                    // Waits until a post has ended or a second has passed.
                    wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException interrupted) {
                // Only the end of the virtual machine interrupts this thread.
                LOG.debug("The delivery to webhooks was interrupted");
            }
        }

        private void startPosts() throws InterruptedException {
            try {
                int free = places.availablePermits();
                Instant now = clock.instant();
                List<Webhooks.Leased> due = free == 0 ? List.of() : webhooks.lease(now, now.plus(LEASE), free);
                for (Webhooks.Leased webhook : due) {
                    places.acquire();
                    posts.execute(() -> deliver(webhook));
                }
            } catch (SQLException | RuntimeException failure) {
                LOG.warn("Webhooks could not be read; retrying", failure);
            }
        }

        private void deliver(Webhooks.Leased webhook) {
            try {
                WebhookWorker.this.deliver(webhook);
            } catch (SQLException | RuntimeException failure) {
                LOG.warn("The result of a post to a webhook was not stored; it is repeated after the lease", failure);
            } finally {
                places.release();
                wakeUps.release();
            }
        }
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void deliver(Webhooks.Leased webhook) throws SQLException {
        OptionalLong next = webhooks.next(webhook.party());
        Optional<Notices.NoticeView> notice =
                next.isEmpty() ? Optional.empty() : notices.find(webhook.party(), next.getAsLong());
        if (notice.isEmpty()) {
            webhooks.idle(webhook, clock.instant());
            return;
        }
        String site = PublicSuffixes.bundled().site(webhook.receiver().target().host());
        try {
            if (sites.merge(site, 1, Integer::sum) > PER_SITE) {
                webhooks.defer(webhook, clock.instant().plus(BUSY_SITE));
                return;
            }
            settle(webhook, notice.get().id(), sender.send(webhook.party(), webhook.receiver(), notice.get()));
        } finally {
            sites.computeIfPresent(site, (same, posts) -> posts == 1 ? null : posts - 1);
        }
    }

    private void settle(Webhooks.Leased webhook, long notice, Attempt attempt) throws SQLException {
        switch (attempt.outcome()) {
            case DELIVERED -> webhooks.delivered(webhook, notice, attempt);
            case DEFERRED -> webhooks.defer(webhook, clock.instant().plus(BUSY_HOST));
            case REJECTED, UNANSWERED -> webhooks.failed(webhook, attempt, nextAttempt(webhook, attempt));
        }
    }

    private @Nullable Instant nextAttempt(Webhooks.Leased webhook, Attempt attempt) {
        return attempt.isGone() || webhook.failures() >= RETRIES.size()
                ? null
                : clock.instant().plus(RETRIES.get(webhook.failures()));
    }
}
