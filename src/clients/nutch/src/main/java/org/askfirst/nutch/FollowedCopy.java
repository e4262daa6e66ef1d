package org.askfirst.nutch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.askfirst.catalog.Catalog;
import org.askfirst.client.Decision;
import org.askfirst.client.Refusal;
import org.askfirst.client.RefusedException;
import org.askfirst.client.Snapshot;
import org.askfirst.client.SnapshotSource;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a snapshot that a thread keeps current. All tasks of this process that name the same place share it.
 *
 * <p>Questions wait until the copy was loaded and brought up to date. If that fails, it is tried again, and after some
 * time an older copy answers, if it has not expired.
 */
final class FollowedCopy {
    /** The cause of a refusal if this code failed. */
    static final String ERROR = "error";

    private static final Logger LOG = LoggerFactory.getLogger(FollowedCopy.class);

    /** The time after a failure, unless the copy is updated more often. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Map<Place, FollowedCopy> ALL = new ConcurrentHashMap<>();

    private final Place place;
    private final Thread thread;
    private final CountDownLatch current = new CountDownLatch(1);
    private final long startedAt = System.nanoTime();

    /** The copy that answers; null if there is none. */
    private volatile @Nullable Snapshot snapshot;

    /** The name of the last failure, such as {@code bad-signature}. */
    private volatile String fault = Refusal.UNREACHABLE.wireName();

    /**
     * Where a copy is and how it is kept current.
     *
     * @param folder the folder of the copy
     * @param key the log's key
     * @param source the address or the folder of the snapshot; null if another program updates the copy
     * @param refresh the time between two updates
     * @param patience the time for which questions wait until the copy is current
     */
    record Place(Path folder, String key, @Nullable String source, Duration refresh, Duration patience) {}

    private FollowedCopy(Place place) {
        this.place = place;
        thread = new Thread(this::follow, "askfirst-copy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the copy at that place, and begins to follow it at the first call. */
    static FollowedCopy at(Place place) {
        return ALL.computeIfAbsent(place, FollowedCopy::new);
    }

    /** Follows nothing any more. Filters that have a copy already go on with it until it expires. */
    static void stopAll() throws InterruptedException {
        for (FollowedCopy one : ALL.values()) {
            one.thread.interrupt();
            one.thread.join();
        }
        ALL.clear();
    }

    /**
     * Returns null if the copy allows that address for all these uses. Otherwise it returns the cause: a verdict, a
     * reason why nothing could be learned, or the name under which the snapshot is refused.
     */
    @Nullable String refusal(String address, Set<Use> uses) {
        if (!waited()) {
            return Refusal.UNREACHABLE.wireName();
        }
        Snapshot now = snapshot;
        if (now == null || now.catalog() == null) {
            return fault;
        }
        Decision decision = now.decide(List.of("url:" + address), uses);
        if (decision.allowed()) {
            return null;
        }
        return decision.isAnswer()
                ? decision.verdict().wireName()
                : decision.reason().wireName();
    }

    /** Waits until the copy is current or the patience has ended. Returns false if the thread was interrupted. */
    private boolean waited() {
        try {
            // After the patience, an older copy answers, if there is one.
            long left = place.patience.toNanos() - (System.nanoTime() - startedAt);
            current.await(Math.max(0, left), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- In the thread

    private void follow() {
        String before = "";
        while (!Thread.currentThread().isInterrupted()) {
            String now = "";
            try {
                bringUpToDate();
                current.countDown();
            } catch (RefusedException refused) {
                fault = refused.refusal().wireName();
                now = String.valueOf(refused.getMessage());
            } catch (IOException busy) {
                // For example, another process updates the copy.
                fault = Refusal.UNREACHABLE.wireName();
                now = String.valueOf(busy.getMessage());
            } catch (RuntimeException | Error failed) {
                fault = ERROR;
                now = failed.toString();
            }
            if (!now.equals(before)) {
                say(now);
                before = now;
            }
            try {
                Duration pause = now.isEmpty() || place.refresh.compareTo(PAUSE) < 0 ? place.refresh : PAUSE;
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private void say(String failure) {
        Snapshot now = snapshot;
        Catalog catalog = now == null ? null : now.catalog();
        if (failure.isEmpty() && catalog != null) {
            LOG.info(
                    "The copy in {} is at position {} and may be used until {}",
                    place.folder,
                    catalog.position(),
                    catalog.expiresAt());
        } else if (catalog == null) {
            LOG.warn("Every address is refused, because there is no copy in {}: {}", place.folder, failure);
        } else {
            LOG.warn(
                    "The copy in {} was not updated, and every address is refused after {}: {}",
                    place.folder,
                    catalog.expiresAt(),
                    failure);
        }
    }

    private void bringUpToDate() throws IOException, RefusedException {
        String source = place.source;
        Snapshot now = snapshot;
        if (source == null) {
            if (!Files.isDirectory(place.folder)) {
                throw new RefusedException(Refusal.UNREACHABLE, "there is no folder yet");
            }
            use(Snapshot.open(place.folder, place.key));
            return;
        }
        if (now == null) {
            now = Snapshot.open(place.folder, place.key);
            snapshot = now;
        }
        now.update(SnapshotSource.of(source), file -> LOG.debug("Fetching {}", file.path()));
    }

    /** Uses the copy that another program updated. */
    private void use(Snapshot fresh) throws IOException, RefusedException {
        Catalog catalog = fresh.catalog();
        if (catalog == null) {
            fresh.verify();
            throw new RefusedException(Refusal.UNREACHABLE, "there is no copy yet");
        }
        Snapshot now = snapshot;
        Catalog used = now == null ? null : now.catalog();
        if (used != null && catalog.position() < used.position()) {
            throw new RefusedException(Refusal.ROLLED_BACK, "the copy was replaced by an older one");
        }
        snapshot = fresh;
        if (!catalog.expiresAt().isAfter(Instant.now())) {
            throw new RefusedException(Refusal.EXPIRED, "the copy was valid until " + catalog.expiresAt());
        }
    }
}
