package org.askfirst.registry.statistics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts lookup calls in memory, and adds the count to the day's number in the database every 5 seconds. A crash loses
 * at most the count of 5 seconds; nothing depends on it.
 */
@ApplicationScoped
class LookupCount {
    private static final Logger LOG = Logger.getLogger(LookupCount.class);
    private static final int SECONDS = 5;
    private static final int BEFORE_RESOURCES = 90;

    private final DataSource dataSource;
    private final Clock clock;
    private final LongAdder calls = new LongAdder();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lookup-count");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable ScheduledFuture<?> ticking;

    LookupCount(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    void register(@Observes Filters filters) {
        filters.register(this::count, BEFORE_RESOURCES);
    }

    private void count(RoutingContext exchange) {
        String path = exchange.request().path();
        if (path != null && (path.startsWith("/v1/lookup") || path.startsWith("/api/v2/query/"))) {
            calls.increment();
        }
        exchange.next();
    }

    void start(@Observes StartupEvent event, Mirror mirror) {
        if (mirror.isOn()) {
            return;
        }
        ticking = timer.scheduleWithFixedDelay(this::store, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes @Priority(10) ShutdownEvent event) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        timer.shutdown();
        if (ticking != null) {
            store();
        }
    }

    /** Returns the number of calls that are not yet in the database. */
    long unstored() {
        return calls.sum();
    }

    private void store() {
        long count = calls.sumThenReset();
        if (count == 0) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement add = connection.prepareStatement("insert into statistics_lookups as a (day, lookups)"
                        + " values (?, ?) on conflict (day) do update set lookups = a.lookups + excluded.lookups")) {
            add.setObject(1, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
            add.setLong(2, count);
            add.executeUpdate();
        } catch (SQLException | RuntimeException failure) {
            calls.add(count);
            LOG.debug("The number of lookups cannot be stored, trying again", failure);
        }
    }
}
