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
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Knows the last position of the ledger, and notifies the followers when it grows.
 *
 * <p>It learns of appends of this node at once. PostgreSQL sends one notification for each group of another node; in
 * case one is lost, the table is read once a second.
 */
@ApplicationScoped
public class LedgerHead {
    /** The PostgreSQL channel on which a node notifies the others of its appends. */
    static final String CHANNEL = "askfirst_ledger";

    private static final Logger LOG = Logger.getLogger(LedgerHead.class);
    private static final int POLL_MILLIS = 1000;

    /** Ten polls that failed. */
    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<LedgerFollower> followers;
    private final AtomicLong position = new AtomicLong();
    private final Thread listener = new Thread(this::listen, "ledger-listener");
    private volatile CompletableFuture<Boolean> news = new CompletableFuture<>();
    private volatile long readAt = System.nanoTime() - MAX_AGE.toNanos();
    private volatile boolean stopping;

    LedgerHead(DataSource dataSource, LedgerStore store, @All List<LedgerFollower> followers) {
        this.dataSource = dataSource;
        this.store = store;
        this.followers = followers;
    }

    void start(@Observes @Priority(200) StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        reached(store.head().position());
        readAt = System.nanoTime();
        listener.setDaemon(true);
        listener.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        listener.interrupt();
        listener.join(2L * POLL_MILLIS);
    }

    /** Returns the last position that this node knows. Another node may have appended more in the last second. */
    public long position() {
        return position.get();
    }

    /** Returns a stage that completes when there may be more to read: after each append, and at least once a second. */
    public CompletionStage<Boolean> news() {
        // A copy, because a reader that disconnects cancels it, and must not cancel it for all others.
        return news.copy();
    }

    /** Returns true if the position was read within the last ten seconds, so that no older append is unknown here. */
    public boolean isCurrent() {
        return System.nanoTime() - readAt < MAX_AGE.toNanos();
    }

    void appended(LedgerGroup group) {
        for (LedgerFollower follower : followers) {
            try {
                follower.appended(group);
            } catch (RuntimeException failure) {
                LOG.error("A follower could not apply appended entries", failure);
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
        completeNews();
    }

    private synchronized void completeNews() {
        CompletableFuture<Boolean> waiting = news;
        news = new CompletableFuture<>();
        waiting.complete(true);
    }

    private void listen() {
        while (!stopping) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen " + CHANNEL);
                PGConnection listening = connection.unwrap(PGConnection.class);
                while (!stopping) {
                    PGNotification[] notifications = listening.getNotifications(POLL_MILLIS);
                    // PostgreSQL delivers notifications only after commit. If none arrives, read the table.
                    long notified = lastPosition(notifications);
                    reached(notified > 0 ? notified : store.head(connection).position());
                    readAt = System.nanoTime();
                }
            } catch (SQLException | RuntimeException | OutOfMemoryError lost) {
                // Without this thread the node would never learn of other nodes' entries again.
                if (!stopping) {
                    LOG.warnf("The connection that listens for other nodes failed, retrying: %s", lost.getMessage());
                }
                pause();
            }
        }
    }

    /** Returns the highest position in the notifications; 0 if they have none. */
    private static long lastPosition(PGNotification @Nullable [] notifications) {
        long position = 0;
        for (PGNotification notification : notifications == null ? new PGNotification[0] : notifications) {
            String parameter = notification.getParameter();
            // Nodes of the previous release send no position.
            position = parameter.isEmpty() ? position : Math.max(position, Long.parseLong(parameter));
        }
        return position;
    }

    private void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            // Only stop() interrupts, after it has set the flag that ends the loop.
            LOG.debug("The listener was interrupted to stop");
        }
        completeNews();
    }
}
