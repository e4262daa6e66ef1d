package org.askfirst.registry.control;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Looks again at what parties have proved, on a thread of its own; nodes share the work. */
@ApplicationScoped
class ControlSchedule {
    private static final Logger LOG = Logger.getLogger(ControlSchedule.class);
    private static final long EVERY_MILLIS = 30_000;
    private static final long PATIENCE_MILLIS = 15_000;

    private final ControlChallenges claims;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "control-schedule");
    private volatile boolean stopping;

    ControlSchedule(ControlChallenges claims, Clock clock) {
        this.claims = claims;
        this.clock = clock;
    }

    void start(@Observes @Priority(300) StartupEvent event) {
        thread.setDaemon(true);
        thread.start();
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(PATIENCE_MILLIS);
    }

    private void run() {
        while (!stopping) {
            try {
                Thread.sleep(EVERY_MILLIS);
                claims.checkDue(clock.instant());
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, and the loop ends by the flag it has set.
                LOG.debug("The schedule was woken to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("Proofs of control could not be looked at; trying again", failure);
                }
            }
        }
    }
}
