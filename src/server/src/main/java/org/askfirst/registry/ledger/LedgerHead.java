package org.askfirst.registry.ledger;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Knows how far the ledger has come, and tells those who follow it.
 *
 * <p>This node's own appends are known at once; those of other nodes by one notification a group, and, should that
 * be lost, by looking once a second.
 */
@ApplicationScoped
public class LedgerHead {
    /** The channel on which a node tells the others that it has appended. */
    static final String CHANNEL = "askfirst_ledger";

    private static final Logger LOG = Logger.getLogger(LedgerHead.class);
    private static final int LOOK_EVERY_MILLIS = 1000;

    /** Ten looks that failed. */
    private static final Duration CURRENT = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<LedgerFollower> followers;
    private final AtomicLong position = new AtomicLong();
    private final Thread listener = new Thread(this::listen, "ledger-listener");
    private volatile CompletableFuture<Boolean> news = new CompletableFuture<>();
    private volatile long lookedAt = System.nanoTime() - CURRENT.toNanos();
    private volatile boolean stopping;

    LedgerHead(DataSource dataSource, LedgerStore store, @All List<LedgerFollower> followers) {
        this.dataSource = dataSource;
        this.store = store;
        this.followers = followers;
    }

    void start(@Observes @Priority(200) StartupEvent event) throws SQLException {
        reached(store.head().position());
        lookedAt = System.nanoTime();
        listener.setDaemon(true);
        listener.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        listener.interrupt();
        listener.join(2L * LOOK_EVERY_MILLIS);
    }

    /** The last position known here; the ledger may have come further on another node, for up to a second. */
    public long position() {
        return position.get();
    }

    /** Completes when there may be more to read: soon after an append, and at least once a second. */
    public CompletionStage<Boolean> news() {
        // A copy: whoever cancels it, as a reader does that goes away, must not cancel it for all others.
        return news.copy();
    }

    /** Whether the ledger was looked at a short while ago, so that nothing older has gone unnoticed. */
    public boolean isCurrent() {
        return System.nanoTime() - lookedAt < CURRENT.toNanos();
    }

    void appended(LedgerGroup group) {
        for (LedgerFollower follower : followers) {
            try {
                follower.appended(group);
            } catch (RuntimeException failure) {
                LOG.error("A follower could not take in what was appended", failure);
            }
        }
        List<LedgerEntry> entries = group.entries();
        reached(entries.get(entries.size() - 1).position());
    }

    void reached(long reached) {
        long before = position.getAndAccumulate(reached, Math::max);
        if (reached > before) {
            for (LedgerFollower follower : followers) {
                follower.reached(reached);
            }
        }
        tellWaiting();
    }

    private synchronized void tellWaiting() {
        CompletableFuture<Boolean> told = news;
        news = new CompletableFuture<>();
        told.complete(true);
    }

    private void listen() {
        while (!stopping) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen " + CHANNEL);
                PGConnection notified = connection.unwrap(PGConnection.class);
                while (!stopping) {
                    PGNotification[] notifications = notified.getNotifications(LOOK_EVERY_MILLIS);
                    // A notification comes once what it tells of has been committed; if none comes, the table is asked.
                    long told = position(notifications);
                    reached(told > 0 ? told : store.head(connection).position());
                    lookedAt = System.nanoTime();
                }
            } catch (SQLException lost) {
                if (!stopping) {
                    LOG.warnf("Not listening for other nodes, trying again: %s", lost.getMessage());
                }
                pause();
            }
        }
    }

    /** The last position that those tell of; 0 if they tell of none. */
    private static long position(PGNotification @Nullable [] notifications) {
        long position = 0;
        for (PGNotification notification : notifications == null ? new PGNotification[0] : notifications) {
            String told = notification.getParameter();
            // The release before this one told of nothing.
            position = told.isEmpty() ? position : Math.max(position, Long.parseLong(told));
        }
        return position;
    }

    private void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException interrupted) {
            // Only stop() interrupts, and the loop ends by the flag it has set.
            LOG.debug("The listener was woken to stop");
        }
        tellWaiting();
    }
}
