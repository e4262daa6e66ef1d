package org.askfirst.registry.indexing;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;
import org.askfirst.index.IndexChange;
import org.askfirst.index.IndexCut;
import org.askfirst.index.IndexView;
import org.askfirst.index.Listing;
import org.askfirst.index.LookupIndex;
import org.askfirst.index.Origin;
import org.askfirst.index.PartyRegisterSnapshot;
import org.askfirst.index.Posting;
import org.askfirst.index.Segment;
import org.askfirst.index.SegmentBuilder;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.dispute.ContestStore;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Projections;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.statement.Listings;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.transparency.LogKeys;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node's lookup index at the end of the ledger.
 *
 * <p>An entry that this node appended is in the index before its submitter gets the answer (read-your-writes). An entry
 * that another node appended is in the index within a second. If the index may be stale, or does not fit the ledger,
 * lookups fail with 503. It is rebuilt from the database when it cannot catch up, or when one of its files was changed,
 * cut short or removed. The files are compared four times a second.
 *
 * <p>The index has one writer at a time: methods that change it hold this object's lock. Readers never wait for it.
 */
@Singleton
public class IndexFollower implements LedgerFollower {
    private static final Logger LOG = Logger.getLogger(IndexFollower.class);

    /** Startup priority: after the log is checked, and before anything is appended or followed. */
    private static final int START_PRIORITY = 75;

    private static final int BLOCK = 2_000;
    private static final int POLL_MILLIS = 1000;

    /** Number of missing entries from which a rebuild from the tables is faster than reading the entries. */
    private static final long REBUILD_AT = 200_000;

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final LedgerHead head;
    private final Projections projections;
    private final StatementStore statements;
    private final Listings listings;
    private final Controls controls;
    private final ContestStore contests;
    private final PartyStates parties;
    private final Mandates mandates;
    private final LogKeys log;
    private final IndexConfig config;
    private final Mirror mirror;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread follower = new Thread(this::follow, "index-follower");
    private final Thread merger = new Thread(this::merge, "index-merger");
    private @Nullable LookupIndex index;
    private volatile Instant recordedAt = Instant.EPOCH;
    private volatile boolean usable;

    /** True if a file of the index is damaged. Then the follower rebuilds it, and lookups are refused until it has. */
    private volatile boolean damaged;

    /** Last position appended on this node that the index has not applied yet. Lookups are refused until it has. */
    private volatile long requiredPosition;

    private volatile boolean stopping;

    IndexFollower(
            DataSource dataSource,
            LedgerStore ledger,
            LedgerHead head,
            Projections projections,
            StatementStore statements,
            Listings listings,
            Controls controls,
            ContestStore contests,
            PartyStates parties,
            Mandates mandates,
            LogKeys log,
            IndexConfig config,
            Mirror mirror) {
        this.mirror = mirror;
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.head = head;
        this.projections = projections;
        this.statements = statements;
        this.listings = listings;
        this.controls = controls;
        this.contests = contests;
        this.parties = parties;
        this.mandates = mandates;
        this.log = log;
        this.config = config;
    }

    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) throws IOException, SQLException {
        if (!config.open()) {
            return;
        }
        synchronized (this) {
            long start = System.nanoTime();
            LookupIndex opened = LookupIndex.open(config.folder(), log.origin());
            index = opened;
            if (opened.unusableReason() != null) {
                LOG.warnf("The lookup index is rebuilt: %s", opened.unusableReason());
            }
            if (!fits(opened)) {
                rebuildFromTables(opened);
            }
            catchUp(opened);
            usable = true;
            LOG.infof(
                    "The lookup index is open: %d keys, %d bytes, position %d, after %d ms",
                    keys(), bytes(), position(), (System.nanoTime() - start) / 1_000_000);
        }
        follower.setDaemon(true);
        follower.start();
        merger.setDaemon(true);
        merger.start();
    }

    void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) throws InterruptedException, IOException {
        stopping = true;
        wakeUps.release();
        merger.interrupt();
        follower.join(2L * POLL_MILLIS);
        merger.join(2L * POLL_MILLIS);
        LookupIndex open = index;
        if (open != null) {
            if (open.isMergeWorthwhile() && open.damagedFile() == null) {
                mergeNow();
            }
            open.close();
        }
    }

    /**
     * Returns the current index.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the index is not at the end of the ledger, or the node
     *     does not know where the end is
     */
    public IndexView view() {
        if (mirror.isOn()) {
            return mirror.view();
        }
        LookupIndex open = index;
        if (open == null || !usable || damaged || open.view().position() < requiredPosition) {
            throw Problem.UNAVAILABLE.because("The registry is building its index; try again in a moment");
        }
        if (!head.isCurrent()) {
            throw Problem.UNAVAILABLE.because(
                    "The registry does not know whether its index has the newest declarations; try again in a moment");
        }
        return open.view();
    }

    /**
     * Runs a read of a view.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if a file of the index turns out to be damaged; then the index
     *     is being rebuilt
     */
    public <T> T reading(Supplier<T> read) {
        if (mirror.isOn()) {
            return readingCopy(read);
        }
        try {
            return read.get();
        } catch (InternalError fault) {
            // A part of a mapped file is missing.
            throw damaged(fault);
        } catch (IndexOutOfBoundsException nonsense) {
            LookupIndex open = index;
            if (open == null || open.damagedFile() == null) {
                throw nonsense;
            }
            throw damaged(nonsense);
        }
    }

    /** Runs a read of a mirror's view. Whatever is wrong with the files must not become an answer. */
    private <T> T readingCopy(Supplier<T> read) {
        try {
            T found = read.get();
            // The copy may have been found damaged meanwhile.
            mirror.view();
            return found;
        } catch (ProblemException refused) {
            throw refused;
        } catch (RuntimeException | InternalError damage) {
            throw mirror.damaged(damage);
        }
    }

    private ProblemException damaged(Throwable cause) {
        if (!damaged) {
            LOG.error("The lookup index is damaged and is rebuilt", cause);
        }
        usable = false;
        damaged = true;
        wakeUps.release();
        return Problem.UNAVAILABLE.because("The registry is building its index; try again in a moment");
    }

    /** Returns a figure of the view, also of one that may not be answered from; 0 if there is none. */
    private long current(ToLongFunction<IndexView> figure) {
        if (mirror.isOn()) {
            return mirror.isUsable() ? figure.applyAsLong(mirror.view()) : 0;
        }
        LookupIndex open = index;
        return open == null ? 0 : figure.applyAsLong(open.view());
    }

    long position() {
        return current(IndexView::position);
    }

    long keys() {
        return current(IndexView::keys);
    }

    long bytes() {
        return current(IndexView::bytes);
    }

    /** Returns the name of the log of the registry that is answered for. */
    public String log() {
        return mirror.isOn() ? mirror.log() : log.origin();
    }

    /** Returns the time of the last entry that is in the index, or that is being applied. */
    public Instant recordedAt() {
        if (mirror.isOn()) {
            return mirror.issuedAt();
        }
        return recordedAt;
    }

    @Override
    public void reached(long position) {
        wakeUps.release();
    }

    @Override
    public void appended(LedgerGroup group) {
        List<LedgerEntry> entries = group.entries();
        LookupIndex open = index;
        if (open == null || !usable) {
            requiredPosition = entries.get(entries.size() - 1).position();
            return;
        }
        synchronized (this) {
            try {
                if (entries.get(0).position() == open.view().position() + 1) {
                    apply(open, entries, group.effects());
                } else {
                    catchUp(open);
                }
            } catch (SQLException | RuntimeException | InternalError | OutOfMemoryError failure) {
                // Lookups fail until the follower has repaired the index. The entries are recorded in any case, so the
                // appender must not see this failure.
                usable = false;
                damaged = damaged || failure instanceof InternalError;
                requiredPosition = entries.get(entries.size() - 1).position();
                LOG.error("The lookup index cannot apply an appended entry", failure);
                wakeUps.release();
            }
        }
    }

    private void follow() {
        while (!stopping) {
            try {
                if (wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
                followOnce();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | InternalError | OutOfMemoryError failure) {
                usable = false;
                damaged = damaged || failure instanceof InternalError;
                LOG.error("The lookup index cannot follow the ledger, trying again", failure);
            }
        }
    }

    private synchronized void followOnce() {
        LookupIndex open = index;
        if (open == null || stopping || (usable && open.view().position() >= head.position())) {
            return;
        }
        if (damaged) {
            rebuildAndCatchUp(open);
            return;
        }
        try {
            if (!usable && !fits(open)) {
                rebuildFromTables(open);
            }
            catchUp(open);
            usable = !damaged;
        } catch (SQLException | IOException unreachable) {
            LOG.warnf("The lookup index cannot follow the ledger, trying again: %s", unreachable.getMessage());
        } catch (IllegalStateException broken) {
            LOG.error("The lookup index does not fit the ledger and is rebuilt", broken);
            rebuildAndCatchUp(open);
        }
    }

    /** Rebuilds the index from the tables, as after an error. For tests and operators. */
    public synchronized void rebuild() {
        LookupIndex open = index;
        if (open != null) {
            rebuildAndCatchUp(open);
        }
    }

    private void rebuildAndCatchUp(LookupIndex open) {
        usable = false;
        try {
            rebuildFromTables(open);
            damaged = false;
            catchUp(open);
            usable = !damaged;
        } catch (SQLException | IOException | RuntimeException failure) {
            LOG.error("The lookup index cannot be rebuilt, trying again", failure);
        }
    }

    private void merge() {
        while (!stopping) {
            try {
                Thread.sleep(POLL_MILLIS / 4);
                LookupIndex open = index;
                if (open != null) {
                    checkFiles(open);
                    mergeIfDue(open);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } catch (InternalError fault) {
                LOG.debug("A merge met a damaged file", damaged(fault));
            } catch (RuntimeException | OutOfMemoryError failure) {
                LOG.error("The lookup index cannot be merged, trying again", failure);
            }
        }
    }

    private void checkFiles(LookupIndex open) {
        String file = damaged || stopping ? null : open.damagedFile();
        if (file != null) {
            LOG.errorf("The file %s of the lookup index was changed, cut short or removed; the index is rebuilt", file);
            usable = false;
            damaged = true;
            wakeUps.release();
        }
    }

    private void mergeIfDue(LookupIndex open) {
        try {
            if (!stopping && !damaged && open.isMergeDue()) {
                mergeNow();
            }
        } catch (IOException full) {
            LOG.warnf("The lookup index cannot be written, trying again: %s", full.getMessage());
        }
    }

    /** Merges the delta into a new segment, even if the delta is small. */
    public void mergeNow() throws IOException {
        LookupIndex open = index;
        if (open != null) {
            synchronized (merger) {
                long start = System.nanoTime();
                open.merge();
                LOG.debugf("Merged the index in %d ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
        }
    }

    /**
     * Returns the whole content of the index at one position, for a copy. Lookups continue meanwhile. After the copy was
     * written, call {@link #view}: if a file was damaged meanwhile, it fails, and the copy is not to be used.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} under the conditions of {@link #view}
     */
    public IndexCut cut() throws IOException {
        view();
        LookupIndex open = index;
        if (open == null) {
            throw Problem.UNAVAILABLE.because("The registry is building its index; try again in a moment");
        }
        synchronized (merger) {
            return open.cut();
        }
    }

    /**
     * Returns true if the index belongs to this ledger, and is near enough to its end to catch up by reading entries.
     */
    private boolean fits(LookupIndex open) throws SQLException {
        Origin origin = open.origin();
        long end = ledger.head().position();
        if (origin.position() > end || end - origin.position() > REBUILD_AT) {
            return false;
        }
        return origin.position() == 0
                || ledger.at(List.of(origin.position())).stream()
                        .allMatch(entry -> entry.leafHash().hex().equals(origin.leafHash()));
    }

    /**
     * Builds the index from the tables, in one snapshot of the database. Only rows with the own key of their subject
     * are read, so that the other keys are those of this release also if an older one wrote the rows.
     */
    private void rebuildFromTables(LookupIndex open) throws SQLException, IOException {
        long start = System.nanoTime();
        try (Connection connection = dataSource.getConnection();
                SegmentBuilder builder = open.builder()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            int isolation = connection.getTransactionIsolation();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                LedgerStore.Head end = ledger.head(connection);
                statements.all(connection, stated -> {
                    if (stated.isOfRepertoire()) {
                        builder.add(stated.key(), Posting.of(stated.terms(), false));
                        return;
                    }
                    Subject subject = Subject.ofStored(stated.subject());
                    if (subject.key().equals(stated.key())) {
                        builder.addStatement(subject, Posting.of(stated.terms(), false));
                    }
                });
                listings.all(connection, listing -> {
                    Subject subject = Subject.ofStored(listing.subject());
                    if (subject.key().equals(listing.key())) {
                        builder.addListing(subject, new Listing(listing.repertoire(), listing.position(), false));
                    }
                });
                for (Controls.ControlRecord proof : controls.all(connection)) {
                    builder.add(
                            proof.key(), Posting.proof(proof.party(), proof.position(), proof.control(), proof.by()));
                }
                for (ContestStore.StoredContest contested : contests.all(connection)) {
                    builder.addContest(Subject.ofStored(contested.subject()), contested.contest());
                }
                PartyRegisterSnapshot register = new PartyRegisterSnapshot(
                        controls.erasures(connection), parties.all(connection), mandates.all(connection));
                String leafHash = end.position() == 0
                        ? ""
                        : ledger.at(List.of(end.position())).get(0).leafHash().hex();
                Segment rebuilt = builder.finish(
                        new Origin(
                                log.origin(),
                                end.position(),
                                leafHash,
                                PublicSuffixes.bundled().version()),
                        register);
                open.replace(rebuilt);
                LOG.infof(
                        "Built a lookup index of %d keys at position %d in %d ms",
                        rebuilt.keys(), end.position(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            } finally {
                connection.rollback();
                connection.setReadOnly(false);
                connection.setTransactionIsolation(isolation);
            }
        }
    }

    /**
     * Applies all entries after the position of the index. Merges in between, because not all changes may fit on the
     * heap.
     */
    private void catchUp(LookupIndex open) throws SQLException {
        recordedAt = ledger.recordedAt(open.view().position()).orElse(Instant.EPOCH);
        List<LedgerEntry> entries = ledger.after(open.view().position(), BLOCK);
        while (!entries.isEmpty()) {
            apply(open, entries, projections.effectsOf(entries));
            if (entries.size() < BLOCK) {
                break;
            }
            mergeIfDue(open);
            entries = ledger.after(open.view().position(), BLOCK);
        }
    }

    private void apply(LookupIndex open, List<LedgerEntry> entries, List<Effect> effects) {
        LedgerEntry last = entries.get(entries.size() - 1);
        List<IndexChange> changes = EntryChanges.of(entries, effects);
        recordedAt = last.recordedAt();
        open.apply(changes, last.position(), last.leafHash().hex());
    }
}
