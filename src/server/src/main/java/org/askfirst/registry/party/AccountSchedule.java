package org.askfirst.registry.party;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.sql.SQLException;
import java.time.Clock;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;

/** Does the work on accounts that nobody asks for, every minute, on its own thread. Nodes may do it at the same time. */
@ApplicationScoped
class AccountSchedule {
    private static final Logger LOG = Logger.getLogger(AccountSchedule.class);
    private static final long PERIOD_MILLIS = 60_000;
    private static final long MAX_WAIT_MILLIS = 15_000;

    private final Parties parties;
    private final Sessions sessions;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "account-schedule");
    private volatile boolean stopping;

    AccountSchedule(Parties parties, Sessions sessions, Clock clock) {
        this.parties = parties;
        this.sessions = sessions;
        this.clock = clock;
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
                long recorded = parties.recordUnrecorded();
                if (recorded > 0) {
                    LOG.infof("Recorded the names and contacts of %d parties that had no entry", recorded);
                }
                int closed = parties.closeDue(clock.instant());
                if (closed > 0) {
                    LOG.infof("Closed %d parties", closed);
                }
                parties.storeUses();
                sessions.deleteEnded(clock.instant());
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop.
                LOG.debug("The schedule was interrupted to stop");
            } catch (SQLException | RuntimeException failure) {
                if (!stopping) {
                    LOG.warn("Work on accounts failed; retrying", failure);
                }
            }
        }
    }
}
