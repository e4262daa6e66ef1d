package org.askfirst.registry.snapshot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.askfirst.catalog.Catalog;
import org.askfirst.catalog.SnapshotFolder;
import org.askfirst.index.IndexCut;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.files.PrivateFiles;
import org.askfirst.registry.indexing.IndexFollower;
import org.askfirst.registry.transparency.NewestCheckpoint;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Writes the snapshot of this node's index in the background. Lookups do not wait for it. If a file cannot be written,
 * the catalogue stays as it is and expires, so readers notice.
 */
@ApplicationScoped
public class SnapshotPublisher {
    private static final Logger LOG = Logger.getLogger(SnapshotPublisher.class);

    private static final int AFTER_ALL_ELSE = 5_000;
    private static final int WAIT_FOR_CHECKPOINT_MILLIS = 100;
    private static final int TRIES = 100;

    private final IndexFollower index;
    private final NewestCheckpoint checkpoint;
    private final SnapshotConfig config;
    private final Clock clock;
    private final boolean serving;
    private final SnapshotFolder own;
    private final Thread thread = new Thread(this::run, "snapshot");
    private volatile boolean stopping;
    private volatile long publishedAt = System.nanoTime();

    SnapshotPublisher(
            IndexFollower index,
            NewestCheckpoint checkpoint,
            SnapshotConfig config,
            Clock clock,
            MeterRegistry meters,
            @ConfigProperty(name = "askfirst.serving", defaultValue = "true") boolean serving) {
        Gauge.builder("askfirst.snapshot.age", this, publisher -> publisher.age())
                .description("Time since the catalogue of the snapshot was written")
                .baseUnit("seconds")
                .register(meters);
        this.index = index;
        this.checkpoint = checkpoint;
        this.config = config;
        this.clock = clock;
        this.serving = serving;
        this.own = folder(config.folder());
    }

    void start(@Observes @Priority(AFTER_ALL_ELSE) StartupEvent event) {
        if (serving && config.publish()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException, IOException {
        stopping = true;
        thread.interrupt();
        thread.join(config.every().toMillis());
        own.close();
    }

    private void run() {
        while (!stopping) {
            try {
                publish();
            } catch (ProblemException | IOException | SQLException notNow) {
                // The end of the service interrupts what is being written.
                if (!stopping) {
                    LOG.warnf("The snapshot cannot be written, trying again: %s", notNow.getMessage());
                }
            } catch (RuntimeException | InternalError | OutOfMemoryError failure) {
                if (!stopping) {
                    LOG.error("The snapshot cannot be written, trying again", failure);
                }
            }
            try {
                Thread.sleep(config.every().toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Writes the next catalogue of this node's snapshot. */
    public Catalog publish() throws IOException, SQLException {
        // Beside the database and the index nothing is for others to read, until the operator gives them a folder.
        PrivateFiles.createFolder(config.folder());
        return publish(own);
    }

    /** Writes the next catalogue of the snapshot in that folder, and what it lists. */
    public Catalog publishTo(Path folder) throws IOException, SQLException {
        try (SnapshotFolder other = folder(folder)) {
            return publish(other);
        }
    }

    private SnapshotFolder folder(Path folder) {
        return new SnapshotFolder(
                folder,
                config.releaseEvery(),
                config.validFor(),
                reason -> LOG.warnf("The snapshot begins anew: %s", reason));
    }

    private Catalog publish(SnapshotFolder folder) throws IOException, SQLException {
        synchronized (this) {
            IndexCut cut = index.cut();
            Catalog catalog = folder.publish(cut, clock.instant(), this::sign);
            publishedAt = System.nanoTime();
            return catalog;
        }
    }

    private double age() {
        return (System.nanoTime() - publishedAt) / 1e9;
    }

    /** Signs a checkpoint with the catalogue's hash, once a checkpoint of the log covers its position. */
    private String sign(Catalog catalog) throws IOException {
        // Files were read since the cut. If one of them was damaged, or if the index may be stale, nothing is signed.
        index.view();
        try {
            for (int i = 0; i < TRIES && !stopping; i++) {
                Optional<String> note = checkpoint.noteAbout(catalog.position(), catalog.noteLine());
                if (note.isPresent()) {
                    return note.get();
                }
                Thread.sleep(WAIT_FOR_CHECKPOINT_MILLIS);
            }
            throw new IOException("no checkpoint covers position " + catalog.position());
        } catch (SQLException unreadable) {
            throw new IOException("the log cannot be read", unreadable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
