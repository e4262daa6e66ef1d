package org.askfirst.registry.mirror;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Objects;
import org.askfirst.catalog.Catalog;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.index.IndexView;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.files.PrivateFiles;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Answers lookups from a copy of another registry's snapshot, if this node is a mirror.
 *
 * <p>A mirror has no database. It knows no keys, grants, contacts and names, so it refuses what needs them with {@link
 * Problem#MISDIRECTED}. It follows the snapshot, and refuses to answer once the catalogue of its copy has expired.
 */
@Singleton
public class Mirror {
    private static final Logger LOG = Logger.getLogger(Mirror.class);

    /** Before everything that would use the database. */
    private static final int FIRST = 10;

    private static final int CHECK_MILLIS = 250;

    private final MirrorConfig config;
    private final boolean on;
    private final Thread updater = new Thread(this::follow, "mirror-updater");
    private final Thread checker = new Thread(this::check, "mirror-checker");
    private @Nullable Snapshot copy;

    /** What may be answered from; null if nothing may. */
    private volatile @Nullable IndexView usable;

    private volatile boolean stopping;

    Mirror(MirrorConfig config) {
        this.config = config;
        this.on = config.source().isPresent();
    }

    /** Returns true if this node is a mirror. */
    public boolean isOn() {
        return on;
    }

    void start(@Observes @Priority(FIRST) StartupEvent event) throws IOException, RefusedException {
        if (!isOn()) {
            return;
        }
        PrivateFiles.createFolder(config.folder());
        Snapshot opened = Snapshot.open(config.folder(), config.key().orElseThrow());
        copy = opened;
        usable = opened.view();
        for (Thread thread : new Thread[] {updater, checker}) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        for (Thread thread : new Thread[] {updater, checker}) {
            thread.interrupt();
            thread.join(2L * CHECK_MILLIS);
        }
    }

    /**
     * Returns the content of the copy.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if there is no copy, or if it has expired or is damaged
     */
    public IndexView view() {
        IndexView now = usable;
        if (now == null) {
            throw Problem.UNAVAILABLE.because(
                    "This mirror has no copy that may be answered from: it was not fetched yet,"
                            + " or it has expired. Ask the registry itself");
        }
        return now;
    }

    /** Returns where the answers come from, for people. */
    public String place() {
        return config.folder() + ", a copy of " + config.source().orElse("");
    }

    /** Returns true if {@link #view} answers. */
    public boolean isUsable() {
        return usable != null;
    }

    /**
     * Does nothing if this node is no mirror.
     *
     * @param lack what a mirror lacks, as the end of a sentence, such as "gives no receipts"
     * @throws ProblemException {@link Problem#MISDIRECTED} if it is a mirror
     */
    public void refuse(String lack) {
        if (isOn()) {
            throw misdirected(lack);
        }
    }

    ProblemException misdirected(String lack) {
        return Problem.MISDIRECTED.because(
                "This is a mirror of " + config.source().orElse("") + ". It " + lack + ". Ask the registry itself");
    }

    private void follow() {
        Snapshot own = Objects.requireNonNull(copy);
        SnapshotSource source = SnapshotSource.of(config.source().orElseThrow());
        while (!stopping) {
            try {
                Catalog before = own.catalog();
                Catalog now = own.update(source, file -> {});
                if (before == null || before.position() != now.position()) {
                    LOG.infof("The copy is at position %d, valid until %s", now.position(), now.expiresAt());
                }
                usable = own.view();
            } catch (RefusedException | IOException refused) {
                if (!stopping) {
                    LOG.warnf("The copy is not updated: %s", refused.getMessage());
                }
            } catch (RuntimeException | InternalError | OutOfMemoryError failure) {
                LOG.error("The copy cannot be updated, trying again", failure);
            }
            pause(config.every().toMillis());
        }
    }

    /** Takes the copy out of use when it expires, or when somebody changes its files. */
    private void check() {
        Snapshot own = Objects.requireNonNull(copy);
        while (!stopping) {
            usable = own.view();
            pause(CHECK_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            // Only stop() interrupts, after it has set the flag that ends the loops.
            Thread.currentThread().interrupt();
        }
    }
}
