package org.askfirst.registry.transparency;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.askfirst.problem.Problem;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.tlog.Frontier;
import org.askfirst.tlog.Hash;
import org.askfirst.tlog.Subtree;
import org.askfirst.tlog.Tile;
import org.jboss.logging.Logger;

/**
 * Follows the ledger, and publishes a signed checkpoint within two seconds of each append.
 *
 * <p>It promises two things. Every checkpoint extends the previous one, also with several nodes on one database,
 * because the node that publishes locks the row of the last checkpoint. Each checkpoint's hashes for proofs are stored
 * in the same transaction. The row also has the publisher's position, so the process can be killed at any moment.
 */
@ApplicationScoped
class LogPublisher implements LedgerFollower {
    private static final Logger LOG = Logger.getLogger(LogPublisher.class);

    /** The priority before everything that appends or answers, so that each acknowledged entry can be published. */
    static final int BEFORE_OTHERS = 50;

    /** The maximum number of leaves in one transaction. A longer gap needs several transactions. */
    private static final int LEAVES = 65_536;

    /** The pause between checkpoints, so that a busy ledger is signed a few times a second and not for each group. */
    private static final int PAUSE_MILLIS = 250;

    private static final int POLL_MILLIS = 1000;
    private static final int POLL_CHECKPOINT_MILLIS = 50;
    private static final int WAIT_FOR_CHECKPOINT_MILLIS = 5_000;

    private final DataSource dataSource;
    private final LogStore store;
    private final LogKeys keys;
    private final LogCheck check;
    private final Witnesses witnesses;
    private final Clock clock;
    private final Thread publisher = new Thread(this::run, "log-publisher");
    private final Semaphore news = new Semaphore(0);
    private volatile boolean stopping;
    private volatile long coveredAt = System.nanoTime();

    LogPublisher(
            DataSource dataSource,
            LogStore store,
            LogKeys keys,
            LogCheck check,
            Witnesses witnesses,
            Clock clock,
            MeterRegistry meters) {
        this.witnesses = witnesses;
        this.dataSource = dataSource;
        this.store = store;
        this.keys = keys;
        this.check = check;
        this.clock = clock;
        Gauge.builder("askfirst.log.checkpoint.age", this, publisher -> (System.nanoTime() - publisher.coveredAt) / 1e9)
                .description("Time since a checkpoint covered every entry that was recorded then")
                .baseUnit("seconds")
                .register(meters);
    }

    void start(@Observes @Priority(BEFORE_OTHERS) StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        keys.open();
        check.beforeStart(keys.verifier());
        publisher.start();
    }

    /** Stops after the ledger has stopped, so that a checkpoint covers its last entries too. */
    void stop(@Observes @Priority(Integer.MAX_VALUE - 1) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        news.release();
        publisher.join(4L * POLL_MILLIS);
    }

    @Override
    public void reached(long position) {
        news.release();
    }

    /**
     * Waits until the checkpoint covers the position, and returns it.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAVAILABLE} if it does not within 5 seconds
     */
    LogStore.Published covering(long position) throws SQLException {
        long deadline = System.nanoTime() + WAIT_FOR_CHECKPOINT_MILLIS * 1_000_000L;
        int wait = POLL_CHECKPOINT_MILLIS;
        while (true) {
            Optional<LogStore.Published> published = store.published(witnesses.quorum() > 0);
            if (published.isPresent() && published.get().size() >= position) {
                return published.get();
            }
            if (System.nanoTime() > deadline || stopping) {
                throw Problem.UNAVAILABLE.because("The entry is recorded but not yet in a checkpoint; try again");
            }
            pause(wait);
            // Witnesses may keep it waiting, and many callers would ask the database meanwhile.
            wait = Math.min(2 * wait, 10 * POLL_CHECKPOINT_MILLIS);
        }
    }

    private void run() {
        boolean last = false;
        while (!last) {
            last = stopping;
            try {
                long begun = System.nanoTime();
                while (publish()) {
                    LOG.debug("More to publish");
                }
                coveredAt = begun;
            } catch (SQLException | RuntimeException | OutOfMemoryError failure) {
                LOG.warn("A checkpoint could not be published; retrying", failure);
            }
            if (!last) {
                awaitNews();
            }
        }
    }

    private void awaitNews() {
        try {
            if (news.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                pause(stopping ? 0 : PAUSE_MILLIS);
                news.drainPermits();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Publishes a checkpoint for at most {@link #LEAVES} new entries. Returns true if there may be more. */
    private boolean publish() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Optional<LogStore.Signed> before = store.signedToReplace(connection);
                if (before.isEmpty()) {
                    connection.rollback();
                    return false;
                }
                List<Hash> leaves = LogStore.leaves(connection, before.get().size(), LEAVES);
                if (!leaves.isEmpty()) {
                    Map<Subtree, Hash> completed = new LinkedHashMap<>();
                    Frontier frontier = before.get().frontier().append(leaves, (subtree, hash) -> {
                        if (subtree.level() > 0 && subtree.level() % Tile.HEIGHT == 0) {
                            completed.put(subtree, hash);
                        }
                    });
                    LogStore.Signed next = new LogStore.Signed(
                            keys.origin(), before.get().verifierKey(), frontier, keys.sign(frontier));
                    store.replace(connection, next, completed, clock.instant());
                }
                connection.commit();
                return leaves.size() == LEAVES;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }
}
