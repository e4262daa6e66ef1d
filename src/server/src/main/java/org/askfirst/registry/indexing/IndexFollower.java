package org.askfirst.registry.indexing;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.askfirst.index.IndexChange;
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
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerFollower;
import org.askfirst.registry.ledger.LedgerGroup;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Projections;
import org.askfirst.registry.mandate.Mandates;
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
 * <p>What it promises: what this node appended is in the index before whoever declared it is told; what other nodes
 * appended, within a second. An index that may be behind, or that does not fit the ledger, answers nobody: silence is
 * never permission. It is made again from the database whenever it cannot go on.
 */
@ApplicationScoped
public class IndexFollower implements LedgerFollower {
    private static final Logger LOG = Logger.getLogger(IndexFollower.class);

    /** After the log was checked, and before anything is appended or followed. */
    private static final int BEFORE_THE_LEDGER = 75;

    private static final int BLOCK = 2_000;
    private static final int LOOK_EVERY_MILLIS = 1000;

    /** Past so many entries reading the tables is faster than reading the entries. */
    private static final long REBUILD_AT = 200_000;

    private final DataSource dataSource;
    private final LedgerStore ledger;
    private final LedgerHead head;
    private final Projections projections;
    private final StatementStore statements;
    private final Listings listings;
    private final Controls controls;
    private final PartyStates parties;
    private final Mandates mandates;
    private final LogKeys log;
    private final IndexConfig config;
    private final Semaphore news = new Semaphore(0);
    private final Thread follower = new Thread(this::follow, "index-follower");
    private final Thread merger = new Thread(this::merge, "index-merger");
    private @Nullable LookupIndex index;
    private volatile Instant recordedAt = Instant.EPOCH;
    private volatile boolean usable;

    /** What this node appended while the index could not take it in: until it has, nobody is answered. */
    private volatile long owed;

    private volatile boolean stopping;

    IndexFollower(
            DataSource dataSource,
            LedgerStore ledger,
            LedgerHead head,
            Projections projections,
            StatementStore statements,
            Listings listings,
            Controls controls,
            PartyStates parties,
            Mandates mandates,
            LogKeys log,
            IndexConfig config) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.head = head;
        this.projections = projections;
        this.statements = statements;
        this.listings = listings;
        this.controls = controls;
        this.parties = parties;
        this.mandates = mandates;
        this.log = log;
        this.config = config;
    }

    void start(@Observes @Priority(BEFORE_THE_LEDGER) StartupEvent event) throws IOException, SQLException {
        synchronized (this) {
            long begun = System.nanoTime();
            LookupIndex opened = LookupIndex.open(config.folder(), log.origin());
            index = opened;
            if (opened.unusableReason() != null) {
                LOG.warnf("The lookup index is made again: %s", opened.unusableReason());
            }
            if (!fits(opened)) {
                rebuild(opened);
            }
            catchUp(opened);
            usable = true;
            LOG.infof(
                    "The lookup index is open: %d keys, %d bytes, position %d, after %d ms",
                    keys(), bytes(), position(), (System.nanoTime() - begun) / 1_000_000);
        }
        follower.setDaemon(true);
        follower.start();
        merger.setDaemon(true);
        merger.start();
    }

    void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) throws InterruptedException, IOException {
        stopping = true;
        news.release();
        merger.interrupt();
        follower.join(2L * LOOK_EVERY_MILLIS);
        merger.join(2L * LOOK_EVERY_MILLIS);
        LookupIndex open = index;
        if (open != null) {
            if (open.isMergeWorthwhile()) {
                mergeNow();
            }
            open.close();
        }
    }

    /**
     * Everything that stands now.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the index is not at the end of the ledger, or nobody can
     *     tell whether it is
     */
    public IndexView view() {
        LookupIndex open = index;
        if (open == null || !usable || open.view().position() < owed) {
            throw Problem.UNAVAILABLE.because("The registry is making its index; ask again in a moment");
        }
        if (!head.isCurrent()) {
            throw Problem.UNAVAILABLE.because(
                    "The registry cannot tell whether it knows the newest declarations; ask again in a moment");
        }
        return open.view();
    }

    long position() {
        LookupIndex open = index;
        return open == null ? 0 : open.view().position();
    }

    long keys() {
        LookupIndex open = index;
        return open == null ? 0 : open.view().keys();
    }

    long bytes() {
        LookupIndex open = index;
        return open == null ? 0 : open.view().bytes();
    }

    /** When the last entry that is in the index, or about to be, was recorded. */
    public Instant recordedAt() {
        return recordedAt;
    }

    @Override
    public void reached(long position) {
        news.release();
    }

    @Override
    public void appended(LedgerGroup group) {
        List<LedgerEntry> entries = group.entries();
        LookupIndex open = index;
        if (open == null || !usable) {
            owed = entries.get(entries.size() - 1).position();
            return;
        }
        synchronized (this) {
            try {
                if (entries.get(0).position() == open.view().position() + 1) {
                    apply(open, entries, group.effects());
                } else {
                    catchUp(open);
                }
            } catch (SQLException | RuntimeException failure) {
                // Nobody is answered from it until the follower has put it right.
                usable = false;
                owed = entries.get(entries.size() - 1).position();
                LOG.error("The lookup index does not follow the ledger", failure);
                news.release();
            }
        }
    }

    private void follow() {
        while (!stopping) {
            try {
                if (news.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
                followOnce();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void followOnce() {
        LookupIndex open = index;
        if (open == null || stopping || (usable && open.view().position() >= head.position())) {
            return;
        }
        try {
            if (!usable && !fits(open)) {
                rebuild(open);
            }
            catchUp(open);
            usable = true;
        } catch (SQLException | IOException unreachable) {
            LOG.warnf("The lookup index cannot follow the ledger, trying again: %s", unreachable.getMessage());
        } catch (IllegalStateException broken) {
            LOG.error("The lookup index does not fit the ledger and is made again", broken);
            rebuildAfter(open);
        }
    }

    /** Makes the index again from the tables, as where it does not fit them. */
    public synchronized void makeAgain() {
        LookupIndex open = index;
        if (open != null) {
            rebuildAfter(open);
        }
    }

    private void rebuildAfter(LookupIndex open) {
        usable = false;
        try {
            rebuild(open);
            catchUp(open);
            usable = true;
        } catch (SQLException | IOException | RuntimeException failure) {
            LOG.error("The lookup index cannot be made again, trying again", failure);
        }
    }

    private void merge() {
        while (!stopping) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS / 4);
                LookupIndex open = index;
                if (open != null) {
                    mergeIfDue(open);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void mergeIfDue(LookupIndex open) {
        try {
            if (!stopping && open.isMergeDue()) {
                mergeNow();
            }
        } catch (IOException full) {
            LOG.warnf("The lookup index cannot be written, trying again: %s", full.getMessage());
        }
    }

    /** Merges, however little there is to merge. */
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

    /** Whether the index is of this ledger's past, and near enough its end to go on from. */
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

    /** Reads what stands from the tables, all of it as of one position. */
    private void rebuild(LookupIndex open) throws SQLException, IOException {
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
                        builder.add(stated.key(), Posting.of(stated.said(), false));
                        return;
                    }
                    Subject subject = Subject.parse(stated.subject());
                    builder.add(
                            stated.key(),
                            subject,
                            Posting.of(stated.said(), !subject.key().equals(stated.key())));
                });
                listings.all(connection, listed -> {
                    Subject subject = Subject.parse(listed.subject());
                    builder.add(
                            listed.key(),
                            subject,
                            new Listing(
                                    listed.repertoire(),
                                    listed.position(),
                                    !subject.key().equals(listed.key())));
                });
                for (Controls.ControlRecord proof : controls.all(connection)) {
                    builder.add(proof.key(), Posting.proof(proof.party(), proof.position(), proof.control()));
                }
                PartyRegisterSnapshot held = new PartyRegisterSnapshot(
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
                        held);
                open.replace(rebuilt);
                LOG.infof(
                        "Made a lookup index of %d keys at position %d in %d ms",
                        rebuilt.keys(), end.position(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            } finally {
                connection.rollback();
                connection.setReadOnly(false);
                connection.setTransactionIsolation(isolation);
            }
        }
    }

    /** From where the index is to the end of the ledger, merging on the way: not all of it may fit on the heap. */
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
