package org.askfirst.registry.licensing;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.sql.SQLException;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;

/**
 * Does the work on license requests that nobody asks for, every minute, on its own thread: reminders, and agreements that
 * were not passed on. Nodes may do it at the same time.
 */
@ApplicationScoped
class LicenseSchedule {
    private static final Logger LOG = Logger.getLogger(LicenseSchedule.class);
    private static final long PERIOD_MILLIS = 60_000;
    private static final long MAX_WAIT_MILLIS = 15_000;

    private final Licensing licensing;
    private final Thread thread = new Thread(this::run, "license-schedule");
    private volatile boolean stopping;

    LicenseSchedule(Licensing licensing) {
        this.licensing = licensing;
    }

    /** Starts when the service is reachable, so that commands do not run it. */
    void start(@ObservesAsync HttpServerStart event, Mirror mirror) {
        if (!mirror.isOn() && thread.getState() == Thread.State.NEW) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(MAX_WAIT_MILLIS);
    }

    private void run() {
        while (!stopping) {
            try {
                licensing.raiseAlarms();
                licensing.issueMissing();
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The schedule was interrupted to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("Work on license requests failed; retrying", failure);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PERIOD_MILLIS);
        } catch (InterruptedException interrupted) {
            LOG.debug("The schedule was interrupted to stop");
        }
    }
}
