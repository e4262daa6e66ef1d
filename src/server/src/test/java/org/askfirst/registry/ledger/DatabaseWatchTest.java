package org.askfirst.registry.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.embedded.TestDatabase;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** A node whose clock is wrong appends nothing. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DatabaseWatchTest {
    private final DataSource dataSource =
            Arc.container().instance(DataSource.class).get();

    private DatabaseWatch asked(TestClock clock) throws SQLException {
        DatabaseWatch watch = new DatabaseWatch(dataSource, new PooledConnections(), clock, Duration.ofSeconds(5));
        try (Connection connection = dataSource.getConnection()) {
            watch.ask(connection);
        }
        return watch;
    }

    @Test
    void clocksMayDifferByFiveSeconds() throws SQLException {
        TestClock clock = new TestClock(Clock.systemUTC());
        assertNull(asked(clock).reason());
        clock.forward(Duration.ofSeconds(4));
        assertNull(asked(clock).reason());
        clock.forward(Duration.ofSeconds(2));
        DatabaseWatch ahead = asked(clock);
        // The question lasts a moment, and the moment of the database lies within it.
        assertTrue(
                Math.abs(ahead.difference().toMillis() - 6000) < 500,
                ahead.difference().toString());
        assertTrue(String.valueOf(ahead.reason()).contains("nothing was recorded"), ahead.reason());
        clock.forward(Duration.ofDays(-2));
        DatabaseWatch behind = asked(clock);
        assertTrue(behind.difference().isNegative());
        assertNotNull(behind.reason());
    }

    @Test
    void nothingIsAppendedMeanwhile() throws SQLException {
        TestClock clock = new TestClock(Clock.systemUTC());
        clock.forward(Duration.ofDays(2));
        Ledger ledger = new Ledger(
                dataSource,
                Arc.container().instance(LedgerStore.class).get(),
                List.of(),
                Arc.container().instance(Projections.class).get(),
                Arc.container().instance(LedgerHead.class).get(),
                List.of(asked(clock)),
                Arc.container().instance(ReferenceStore.class).get(),
                clock,
                Arc.container().instance(MeterRegistry.class).get());
        ProblemException refused = assertThrows(ProblemException.class, ledger::requireAppendable);
        assertEquals(Problem.UNAVAILABLE, refused.problem());
    }

    @Test
    void aDatabaseThatAnswersIsNotSilent() throws SQLException {
        DatabaseWatch watch = asked(new TestClock(Clock.systemUTC()));
        assertTrue(watch.answers());
        watch.requireAnswer();
    }
}
