package org.askfirst.registry.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.askfirst.problem.Problem;
import org.askfirst.registry.mirror.Mirror;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database twice a second if it still answers, and for its time.
 *
 * <p>A database that is frozen neither answers nor closes its connections. Requests that need it fail at once after
 * {@link #SILENT_AFTER}, and all connections are aborted after {@link #ABORT_AFTER}, so that no thread waits longer.
 *
 * <p>INVARIANT: nothing is appended while the clocks of this node and of the database differ by more than the
 * tolerance. The time of an entry is never before that of the previous one, so one entry of a clock that is two days
 * ahead would put two days on every later entry.
 */
@ApplicationScoped
public class DatabaseWatch implements AppendObstacle {
    static final Duration SILENT_AFTER = Duration.ofMillis(1300);
    static final Duration ABORT_AFTER = Duration.ofSeconds(4);

    private static final Logger LOG = Logger.getLogger(DatabaseWatch.class);
    private static final int PERIOD_MILLIS = 500;

    private final DataSource dataSource;
    private final PooledConnections connections;
    private final Clock clock;
    private final Duration tolerance;
    private final Thread watch = new Thread(this::watch, "database-watch");
    private final Thread guard = new Thread(this::guard, "database-guard");

    /** The time of the oldest question without an answer; null if every question was answered. */
    private volatile @Nullable Long waitingSince;

    private volatile Duration difference = Duration.ZERO;
    private volatile boolean stopping;

    @Inject
    DatabaseWatch(
            DataSource dataSource,
            PooledConnections connections,
            Clock clock,
            MeterRegistry meters,
            @ConfigProperty(name = "askfirst.ledger.clock-tolerance", defaultValue = "5S") Duration tolerance) {
        this(dataSource, connections, clock, tolerance);
        meters.gauge("askfirst.clock.difference.seconds", this, self -> self.difference.toMillis() / 1000.0);
    }

    /** For tests, which have a clock of their own. */
    DatabaseWatch(DataSource dataSource, PooledConnections connections, Clock clock, Duration tolerance) {
        this.dataSource = dataSource;
        this.connections = connections;
        this.clock = clock;
        this.tolerance = tolerance;
    }

    /** Compares the clocks once before anything is appended. */
    void start(@Observes @Priority(60) StartupEvent event, Mirror mirror) throws SQLException {
        if (mirror.isOn()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            ask(connection);
        }
        for (Thread thread : new Thread[] {watch, guard}) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(Integer.MAX_VALUE - 1) ShutdownEvent event) {
        stopping = true;
        watch.interrupt();
        guard.interrupt();
    }

    /** Returns false if a question has had no answer for {@link #SILENT_AFTER}. */
    public boolean answers() {
        return silence().compareTo(SILENT_AFTER) < 0;
    }

    private Duration silence() {
        Long since = waitingSince;
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /**
     * Does nothing if the database answers.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAVAILABLE} if it does not
     */
    public void requireAnswer() {
        if (!answers()) {
            throw Problem.UNAVAILABLE.because("The database does not answer; try again in a few seconds");
        }
    }

    /** Returns how far the clock of this node is ahead of the database's; negative if it is behind. */
    public Duration difference() {
        return difference;
    }

    @Override
    public @Nullable String reason() {
        return difference.abs().compareTo(tolerance) <= 0
                ? null
                : "The clock of this node differs from that of the database by " + difference.toSeconds()
                        + " seconds; nothing was recorded";
    }

    private void beginWaiting() {
        if (waitingSince == null) {
            waitingSince = System.nanoTime();
        }
    }

    void ask(Connection connection) throws SQLException {
        beginWaiting();
        Instant before = clock.instant();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")) {
            row.next();
            Instant database = Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS);
            Instant after = clock.instant();
            // The database read its clock somewhen between. A moment outside proves that the clocks differ.
            difference = database.isBefore(before)
                    ? Duration.between(database, before)
                    : database.isAfter(after) ? Duration.between(database, after) : Duration.ZERO;
        }
        waitingSince = null;
    }

    private void watch() {
        while (!stopping) {
            beginWaiting();
            try (Connection connection = dataSource.getConnection()) {
                while (!stopping) {
                    ask(connection);
                    Thread.sleep(PERIOD_MILLIS);
                }
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The watch was interrupted to stop");
            } catch (SQLException | RuntimeException | OutOfMemoryError failure) {
                LOG.debug("The database does not answer", failure);
                pause();
            }
        }
    }

    /** Aborts the connections once for each time that the database falls silent, and again while it stays silent. */
    private void guard() {
        long abortedAt = System.nanoTime();
        while (!stopping) {
            pause();
            boolean again = System.nanoTime() - abortedAt > ABORT_AFTER.toNanos();
            if (!stopping && again && silence().compareTo(ABORT_AFTER) > 0) {
                int aborted = connections.abortAll();
                LOG.warnf(
                        "The database has not answered for %d ms; aborted %d connections",
                        silence().toMillis(), aborted);
                abortedAt = System.nanoTime();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PERIOD_MILLIS);
        } catch (InterruptedException interrupted) {
            // Only stop() interrupts, after it has set the flag that ends the loop.
            LOG.debug("The watch was interrupted to stop");
        }
    }
}
