package org.askfirst.registry.control;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Runs the checks that are due every 30 seconds, on its own thread. Nodes share the work. */
@ApplicationScoped
class ControlSchedule {
    private static final Logger LOG = Logger.getLogger(ControlSchedule.class);
    private static final long PERIOD_MILLIS = 30_000;
    private static final long MAX_WAIT_MILLIS = 15_000;

    private final ControlChallenges challenges;
    private final Clock clock;
    private final boolean serving;
    private final Thread thread = new Thread(this::run, "control-schedule");
    private volatile boolean stopping;

    ControlSchedule(
            ControlChallenges challenges,
            Clock clock,
            @ConfigProperty(name = "askfirst.serving", defaultValue = "true") boolean serving) {
        this.serving = serving;
        this.challenges = challenges;
        this.clock = clock;
    }

    void start(@Observes @Priority(300) StartupEvent event) {
        if (!serving) {
            return;
        }
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        challenges.stop();
        thread.join(MAX_WAIT_MILLIS);
    }

    private void run() {
        while (!stopping) {
            try {
                Thread.sleep(PERIOD_MILLIS);
                challenges.checkDue(clock.instant());
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The schedule was interrupted to stop");
            } catch (SQLException | RuntimeException | OutOfMemoryError failure) {
                if (!stopping) {
                    LOG.warn("Proofs of control could not be checked; retrying", failure);
                }
            }
        }
    }
}
