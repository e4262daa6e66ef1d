package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Random;
import org.askfirst.testkit.LedgerChecker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Service and database are killed again and again while clients declare: nothing that was acknowledged is lost or
 * moved, nothing is recorded twice, and the log only grows; {@code mvn verify -Plong}.
 */
@Tag("long")
class CrashIT {
    private static final int KILLS = 20;
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final long seed = Long.getLong("askfirst.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void theServiceIsKilledAgainAndAgain() throws Exception {
        long begun = System.nanoTime();
        try (Service service = Service.inEmptyFolder().onNewestJava().start();
                Writers writers = Writers.start(service, 4, 2)) {
            Witness witness = Witness.of(service);
            int whileStarting = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                long until = System.nanoTime() + random.nextInt(100, 700) * 1_000_000L;
                while (System.nanoTime() < until) {
                    witness.glance();
                    Thread.sleep(20);
                }
                service.kill();
                if (kill % 5 == 0) {
                    // Again before it is up: recovery itself may be cut short anywhere.
                    service.launch();
                    Thread.sleep(random.nextInt(200, 4000));
                    service.kill();
                    whileStarting++;
                }
                service.start();
                witness.catchUp(writers.acknowledged());
            }
            writers.finish();
            witness.catchUp(writers.acknowledged());
            report(
                    "service killed " + KILLS + " times, and " + whileStarting + " times while starting",
                    begun,
                    writers,
                    witness);
            LedgerChecker.check(service.databaseUrl(), "askfirst", service.databasePassword());
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    @Test
    void theDatabaseIsKilledAgainAndAgainWhileTheServiceStaysUp() throws Exception {
        long begun = System.nanoTime();
        try (DebianDatabase database = DebianDatabase.start();
                Service service = Service.inEmptyFolder()
                        .onNewestJava()
                        .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                        .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                        .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD)
                        .start();
                Writers writers = Writers.start(service, 4, 2)) {
            Witness witness = Witness.of(service);
            long longest = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                writers.awaitAcknowledgement(RECOVERY);
                long until = System.nanoTime() + random.nextInt(100, 1000) * 1_000_000L;
                while (System.nanoTime() < until) {
                    witness.glance();
                    Thread.sleep(20);
                }
                database.kill();
                Thread.sleep(random.nextInt(500));
                database.startAgain();
                longest = Math.max(longest, writers.awaitAcknowledgement(RECOVERY));
                witness.catchUp(writers.acknowledged());
                assertTrue(service.handle().isAlive(), "the service stays up");
            }
            writers.finish();
            witness.catchUp(writers.acknowledged());
            report(
                    "database killed " + KILLS + " times; from its return to the next acknowledgements at most "
                            + longest + " ms",
                    begun,
                    writers,
                    witness);
            LedgerChecker.check(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
            assertFalse(service.output().contains("INTERNAL"), service.output());
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    @Test
    void anEmbeddedDatabaseThatDiesIsStartedAgain() throws Exception {
        long begun = System.nanoTime();
        try (Service service = Service.inEmptyFolder().onNewestJava().start();
                Writers writers = Writers.start(service, 2, 1)) {
            Witness witness = Witness.of(service);
            writers.awaitAcknowledgement(RECOVERY);
            ProcessHandle before = service.database().orElseThrow();
            DebianDatabase.kill(before);
            long recovered = writers.awaitAcknowledgement(RECOVERY);
            witness.catchUp(writers.acknowledged());
            assertTrue(service.output().contains("PostgreSQL has ended unexpectedly; restarting it"), service.output());
            assertFalse(before.equals(service.database().orElseThrow()), "another process");
            writers.finish();
            witness.catchUp(writers.acknowledged());
            report("embedded database killed once, back after " + recovered + " ms", begun, writers, witness);
            LedgerChecker.check(service.databaseUrl(), "askfirst", service.databasePassword());

            // Where it cannot be started again, the service stays up, says so, and tries until it can.
            Path global = service.folder().resolve("data/database/global");
            Path elsewhere = service.folder().resolve("data/database/elsewhere");
            Files.move(global, elsewhere);
            DebianDatabase.kill(service.database().orElseThrow());
            for (int i = 0; i < 600 && !service.output().contains("does not restart, trying again"); i++) {
                Service.pause();
            }
            assertTrue(service.output().contains("PostgreSQL does not restart, trying again"), service.output());
            assertTrue(service.handle().isAlive(), "the service stays up");
            Files.move(elsewhere, global);
            // The readiness check may not have noticed yet that the database was gone.
            awaitConnection(service);
            service.awaitReady();
            LedgerChecker.check(service.databaseUrl(), "askfirst", service.databasePassword());
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    private static void awaitConnection(Service service) {
        for (int i = 0; i < 600; i++) {
            try (Connection connection =
                    DriverManager.getConnection(service.databaseUrl(), "askfirst", service.databasePassword())) {
                assertTrue(connection.isValid(5));
                return;
            } catch (SQLException | NoSuchElementException notYet) {
                Service.pause();
            }
        }
    }

    private void report(String what, long begun, Writers writers, Witness witness) {
        System.out.printf(
                "CrashIT: %s, in %d s, seed %d%n  %s%n  %s%n",
                what, (System.nanoTime() - begun) / 1_000_000_000L, seed, writers.tally(), witness.tally());
    }
}
