package org.askfirst.registry.mirror;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final MirrorConfig config;
    private final Clock clock;
    private final boolean on;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread updater = new Thread(this::follow, "mirror-updater");
    private final Thread checker = new Thread(this::check, "mirror-checker");

    /** The catalogues of all views that are still in use: a long stream keeps the one with which it began. */
    private final Map<IndexView, Catalog> catalogs = Collections.synchronizedMap(new WeakHashMap<>());

    private @Nullable Snapshot copy;
    private volatile boolean stopping;

    Mirror(MirrorConfig config, Clock clock, MeterRegistry meters) {
        this.config = config;
        this.clock = clock;
        this.on = config.source().isPresent();
        if (on) {
            Gauge.builder("askfirst.mirror.age", this, mirror -> mirror.seconds(Catalog::issuedAt))
                    .description("Time since the catalogue of the copy was written; without a copy, since 1970")
                    .baseUnit("seconds")
                    .register(meters);
            Gauge.builder("askfirst.mirror.left", this, mirror -> -mirror.seconds(Catalog::expiresAt))
                    .description("Time until the copy expires and lookups fail")
                    .baseUnit("seconds")
                    .register(meters);
        }
    }

    private double seconds(Function<Catalog, Instant> moment) {
        Snapshot.Content now = content();
        Instant then = now == null ? Instant.EPOCH : moment.apply(now.catalog());
        return Duration.between(then, clock.instant()).toMillis() / 1e3;
    }

    /** Returns true if this node is a mirror. */
    public boolean isOn() {
        return on;
    }

    void start(@Observes @Priority(FIRST) StartupEvent event) throws IOException, RefusedException {
        if (!on) {
            return;
        }
        PrivateFiles.createFolder(config.folder());
        copy = Snapshot.open(config.folder(), config.key().orElseThrow());
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

    private Snapshot.@Nullable Content content() {
        Snapshot own = copy;
        return own == null ? null : own.content();
    }

    /** Returns true if {@link #view} answers. */
    public boolean isUsable() {
        Snapshot.Content now = content();
        return now != null && now.isInTime(clock.instant());
    }

    /**
     * Returns the content of the copy.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if there is no copy, or if it has expired or is damaged
     */
    public IndexView view() {
        Snapshot.Content now = content();
        if (now == null) {
            throw Problem.UNAVAILABLE.because(
                    "This mirror is fetching its copy, or has found it damaged; try again later, or ask the registry itself");
        }
        requireInTime(now);
        catalogs.putIfAbsent(now.view(), now.catalog());
        return now.view();
    }

    private void requireInTime(Snapshot.Content content) {
        if (!content.isInTime(clock.instant())) {
            throw Problem.UNAVAILABLE.because("The copy of this mirror was valid until "
                    + content.catalog().expiresAt() + "; try again later, or ask the registry itself");
        }
    }

    /**
     * Does nothing if that view may still be answered from. A long stream keeps the view with which it began.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if its catalogue has expired, or if the copy is damaged
     */
    public void requireInTime(IndexView view) {
        if (on) {
            view();
            Catalog catalog = catalogs.get(view);
            if (catalog != null) {
                requireInTime(new Snapshot.Content(view, catalog));
            }
        }
    }

    /** Returns the name of the registry's log; empty without a copy. */
    public String log() {
        Snapshot.Content now = content();
        return now == null ? "" : now.catalog().log();
    }

    /** Returns the time of the catalogue; 1970 if there is none. */
    public Instant issuedAt() {
        Snapshot.Content now = content();
        return now == null ? Instant.EPOCH : now.catalog().issuedAt();
    }

    /** Takes the copy out of use, because a read found something that cannot be true. It is fetched again. */
    public ProblemException damaged(Throwable cause) {
        Snapshot own = copy;
        if (own != null && own.content() != null) {
            LOG.error("The copy is damaged and is checked again", cause);
            own.distrust("a read failed");
            wakeUps.release();
        }
        return Problem.UNAVAILABLE.because("The copy of this mirror is damaged and is fetched again; try again later");
    }

    /**
     * Does nothing if this node is no mirror.
     *
     * @param lack what a mirror lacks, as the end of a sentence, such as "gives no receipts"
     * @throws ProblemException {@link Problem#MISDIRECTED} if it is a mirror
     */
    public void refuse(String lack) {
        if (on) {
            throw misdirected(lack);
        }
    }

    ProblemException misdirected(String lack) {
        return Problem.MISDIRECTED.because(
                "This is a mirror of " + origin() + ". It " + lack + ". Ask the registry itself");
    }

    /** Returns the host of the source. Its path may be nobody's business. */
    private String origin() {
        String source = config.source().orElse("");
        return source.startsWith("http") ? source.replaceFirst("(https?://[^/?#]*).*", "$1") : "another registry";
    }

    /** Returns where the answers come from, for the operator. */
    public String place() {
        return config.folder() + ", a copy of " + config.source().orElse("")
                + (isUsable() ? "" : "; there is none yet that may be used");
    }

    private void follow() {
        Snapshot own = Objects.requireNonNull(copy);
        Duration every = config.every().compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : config.every();
        while (!stopping) {
            try {
                Catalog before = own.catalog();
                Catalog now = own.update(SnapshotSource.of(config.source().orElseThrow()), file -> {});
                if (before == null || before.position() != now.position()) {
                    LOG.infof("The copy is at position %d, valid until %s", now.position(), now.expiresAt());
                }
            } catch (RefusedException | IOException refused) {
                if (!stopping) {
                    LOG.warnf("The copy is not updated: %s", refused.getMessage());
                }
            } catch (RuntimeException | Error failure) {
                if (!stopping) {
                    LOG.error("The copy cannot be updated, trying again", failure);
                }
            }
            try {
                if (wakeUps.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Takes the copy out of use when somebody changes its files. */
    private void check() {
        Snapshot own = Objects.requireNonNull(copy);
        while (!stopping) {
            try {
                Snapshot.Content now = own.content();
                // An update may have replaced and deleted the files meanwhile.
                if (now != null && !now.view().isIntact() && isStill(own, now)) {
                    LOG.error("A file of the copy was changed, cut short or removed; the copy is checked again");
                    own.distrust("somebody changed a file");
                    wakeUps.release();
                }
                Thread.sleep(CHECK_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error failure) {
                LOG.error("The copy cannot be checked and is not used", failure);
                own.distrust("it cannot be checked");
            }
        }
    }

    private static boolean isStill(Snapshot own, Snapshot.Content content) {
        Snapshot.Content now = own.content();
        return now != null && now.view() == content.view();
    }
}
