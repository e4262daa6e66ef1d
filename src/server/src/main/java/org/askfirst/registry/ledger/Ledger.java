package org.askfirst.registry.ledger;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.erasure.Erasure;
import org.askfirst.registry.mirror.Mirror;
import org.jboss.logging.Logger;

/**
 * Appends proposals to the ledger, many in one transaction.
 *
 * <p>It promises:
 *
 * <ul>
 *   <li>An outcome that completes normally is durable: its transaction has committed.
 *   <li>Positions are 1, 2, 3 … without gaps and in the order of commit, also with several nodes on one
 *       database: the node that appends holds one advisory lock until its transaction has ended.
 *   <li>Projections are folded in the same transaction, so a party reads its own write at once.
 *   <li>The time of an entry is after the time of the previous entry.
 * </ul>
 *
 * <p>One thread owns every proposal between {@link #propose} and its outcome. While one group is being committed, the
 * next group gathers in the queue. All proposals of a group share the cost of one commit.
 */
@ApplicationScoped
public class Ledger {
    private static final Logger LOG = Logger.getLogger(Ledger.class);

    /** If this many proposals wait, further ones are refused with 503. They are about one second of work. */
    private static final int QUEUE_LIMIT = 20_000;

    /** Large enough that many proposals share one commit, and small enough that none waits long for the others. */
    private static final int GROUP_LIMIT = 2_000;

    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final Duration FULL_FOR = Duration.ofSeconds(30);

    /** SQLSTATE of PostgreSQL if a table cannot grow. The transaction is then known to be rolled back. */
    private static final String DISK_FULL = "53100";

    private static final Duration SUBMISSION_RETENTION = Duration.ofDays(7);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final BlockingQueue<Proposal> queue = new LinkedBlockingQueue<>(QUEUE_LIMIT);
    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<ActRule> rules;
    private final Projections projections;
    private final LedgerHead head;
    private final List<AppendObstacle> obstacles;
    private final ReferenceStore references;
    private final Clock clock;
    private final Timer commits;
    private final DistributionSummary groups;
    private final Thread appender = new Thread(this::run, "ledger-appender");

    private volatile boolean stopping;

    /** The time at which the database last had no room; in the distant past if it never happened. */
    private volatile long fullAt = System.nanoTime() - Duration.ofDays(1).toNanos();

    private Instant purgedAt = Instant.EPOCH;

    Ledger(
            DataSource dataSource,
            LedgerStore store,
            @All List<ActRule> rules,
            Projections projections,
            LedgerHead head,
            @All List<AppendObstacle> obstacles,
            ReferenceStore references,
            Clock clock,
            MeterRegistry meters) {
        this.obstacles = obstacles;
        this.references = references;
        this.dataSource = dataSource;
        this.store = store;
        this.rules = rules;
        this.projections = projections;
        this.head = head;
        this.clock = clock;
        commits = Timer.builder("askfirst.ledger.commit")
                .description("Time to append one group, from the lock to the commit")
                .register(meters);
        groups = DistributionSummary.builder("askfirst.ledger.group")
                .description("Entries that one transaction appended")
                .register(meters);
        Gauge.builder("askfirst.ledger.queue", queue, BlockingQueue::size)
                .description("Proposals that wait for the appender; it refuses more than " + QUEUE_LIMIT)
                .register(meters);
        Gauge.builder("askfirst.ledger.position", head, LedgerHead::position)
                .description("Last position that this node knows")
                .register(meters);
    }

    void start(@Observes @Priority(100) StartupEvent event, Mirror mirror) {
        if (mirror.isOn()) {
            return;
        }
        appender.start();
    }

    /** Stops the appender. Requests in flight have ended by now; the thread appends their proposals before it ends. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        appender.interrupt();
        appender.join(MAX_WAIT.toMillis());
    }

    /**
     * Queues a proposal for the appender.
     *
     * @return completes when the entry is durable, or exceptionally with a {@link ProblemException}
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the queue is full, or {@link #requireAppendable}
     */
    public CompletionStage<Proposal.Outcome> propose(Proposal proposal) {
        requireAppendable();
        if (!prepare(proposal)) {
            return proposal.outcome();
        }
        if (stopping || !queue.offer(proposal)) {
            throw Problem.UNAVAILABLE.withoutEffect(
                    "More is being declared than can be recorded; try again in a second");
        }
        return proposal.outcome();
    }

    /**
     * Queues a proposal for the appender, and waits for room in the queue. Batches use it: a full queue slows their
     * sender down instead of refusing.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if there is no room within 30 seconds, or {@link
     *     #requireAppendable}
     */
    public CompletionStage<Proposal.Outcome> proposeWaiting(Proposal proposal) {
        requireAppendable();
        if (!prepare(proposal)) {
            return proposal.outcome();
        }
        try {
            if (!stopping && queue.offer(proposal, MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return proposal.outcome();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw Problem.UNAVAILABLE.withoutEffect("More is being declared than can be recorded; try again in a second");
    }

    /**
     * Does nothing if this node may write. Whoever stores anything outside the ledger calls this too.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} with the reason, if an {@link AppendObstacle} exists
     */
    public void requireAppendable() {
        for (AppendObstacle obstacle : obstacles) {
            String reason = obstacle.reason();
            if (reason != null) {
                throw Problem.UNAVAILABLE.withoutEffect(reason);
            }
        }
    }

    /** Returns true if the database had no room for an entry within the last half minute. */
    boolean isStorageFull() {
        return System.nanoTime() - fullAt < FULL_FOR.toNanos();
    }

    private static boolean prepare(Proposal proposal) {
        try {
            proposal.prepare();
            return true;
        } catch (RuntimeException failure) {
            LOG.error("A proposal could not be written", failure);
            proposal.outcome().completeExceptionally(notRecorded());
            return false;
        }
    }

    /**
     * Waits for an outcome, at most 30 seconds.
     *
     * @throws ProblemException the refusal, or {@link Problem#UNAVAILABLE} if it takes too long; then it is
     *     unknown whether the act is recorded, and it is safe to send it again
     */
    public static Proposal.Outcome await(CompletionStage<Proposal.Outcome> outcome) {
        try {
            return outcome.toCompletableFuture().get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ProblemException refused) {
                throw refused;
            }
            throw new CompletionException(failed.getCause());
        } catch (TimeoutException slow) {
            throw unknownOutcome();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unknownOutcome();
        }
    }

    static ProblemException unknownOutcome() {
        return Problem.UNAVAILABLE.because(
                "The registry does not know whether this was recorded; send it again, it will not be recorded twice");
    }

    private static ProblemException storageFull() {
        return Problem.UNAVAILABLE.withoutEffect("The storage of the registry is full; nothing was recorded");
    }

    private static ProblemException notRecorded() {
        return Problem.INTERNAL_ERROR.withoutEffect(
                "This was not recorded because of an error in the registry, not in the request; the error is logged");
    }

    private void run() {
        List<Proposal> deferred = new ArrayList<>();
        while (!stopping || !queue.isEmpty() || !deferred.isEmpty()) {
            try {
                deferred = appendNextGroup(deferred);
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, after it has set the flag that ends the loop when the queue is empty.
                LOG.debug("The appender was interrupted to stop");
            }
        }
    }

    /** Appends one group. Returns the proposals that conflict with it and must wait for the next group. */
    private List<Proposal> appendNextGroup(List<Proposal> deferred) throws InterruptedException {
        List<Proposal> candidates = new ArrayList<>(deferred);
        if (candidates.isEmpty()) {
            candidates.add(queue.take());
        }
        queue.drainTo(candidates, Math.max(0, GROUP_LIMIT - candidates.size()));
        try {
            return appendSome(candidates);
        } catch (RuntimeException | Error failure) {
            // Without this thread nothing would be recorded any longer, so it survives every failure.
            LOG.errorf(failure, "The appender failed on %d proposals", candidates.size());
            candidates.forEach(proposal -> proposal.outcome().completeExceptionally(unknownOutcome()));
            return List.of();
        }
    }

    private List<Proposal> appendSome(List<Proposal> candidates) {
        Set<Proposal> group = new LinkedHashSet<>();
        List<Proposal> later = new ArrayList<>();
        Map<Object, Proposal> lastByKey = new HashMap<>();
        Map<Proposal, Proposal> repetitions = new HashMap<>();
        Erasure.ClosedParties closed = new Erasure.ClosedParties();
        for (Proposal proposal : candidates) {
            if (closed.mustWait(proposal.entry())) {
                later.add(proposal);
                continue;
            }
            Set<Proposal> ahead = new HashSet<>();
            for (Object key : proposal.conflictKeys()) {
                Proposal other = lastByKey.get(key);
                if (other != null) {
                    ahead.add(other);
                }
            }
            Proposal first = ahead.size() == 1 ? ahead.iterator().next() : null;
            if (first != null && group.contains(first) && proposal.repeats(first)) {
                repetitions.put(proposal, first);
                continue;
            }
            // A proposal that must wait takes its keys too, so that no later proposal overtakes it.
            proposal.conflictKeys().forEach(key -> lastByKey.put(key, proposal));
            if (ahead.isEmpty()) {
                group.add(proposal);
            } else {
                later.add(proposal);
            }
        }
        append(List.copyOf(group));
        repetitions.forEach((proposal, first) -> proposal.settleAs(first));
        return later;
    }

    private void append(List<Proposal> group) {
        try {
            Map<Proposal, LedgerEntry> recorded = new HashMap<>();
            long begun = System.nanoTime();
            LedgerGroup entries = appendInOneTransaction(group, recorded);
            if (!entries.entries().isEmpty()) {
                commits.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                groups.record(entries.entries().size());
                head.appended(entries);
            }
            group.forEach(proposal -> proposal.settle(recorded.get(proposal), entries));
        } catch (SQLException | RuntimeException failure) {
            if (failure instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())) {
                LOG.errorf("A group of %d could not be appended: %s", group.size(), failure.getMessage());
                fullAt = System.nanoTime();
                group.forEach(proposal -> proposal.outcome().completeExceptionally(storageFull()));
                return;
            }
            if (isUnreachable(failure)) {
                LOG.errorf(failure, "A group of %d could not be appended", group.size());
                group.forEach(proposal -> proposal.outcome().completeExceptionally(unknownOutcome()));
                return;
            }
            if (group.size() > 1) {
                LOG.warnf(failure, "A group of %d could not be appended; appending one by one", group.size());
                for (Proposal proposal : group) {
                    proposal.reopen();
                    append(List.of(proposal));
                }
                return;
            }
            LOG.error("A proposal could not be appended", failure);
            group.forEach(proposal -> proposal.outcome().completeExceptionally(notRecorded()));
        }
    }

    /**
     * Returns true if the database could not be reached. The outcome of the transaction is then unknown, and it is
     * useless to try again at once. SQLSTATE class 08 is a connection exception, 53 insufficient resources, 57 a
     * server that shuts down; exceptions of the connection pool have no SQLSTATE. Every other failure is caused by
     * the proposals.
     */
    private static boolean isUnreachable(Exception failure) {
        if (!(failure instanceof SQLException sql)) {
            return false;
        }
        String state = sql.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    /**
     * Appends the proposals that no rule refuses.
     *
     * @param recorded receives the entry of each appended proposal
     */
    private LedgerGroup appendInOneTransaction(List<Proposal> group, Map<Proposal, LedgerEntry> recorded)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                store.forceIndexPlans(connection);
                store.lock(connection);
                LedgerStore.Head end = store.head(connection);
                Instant now = after(end.recordedAt());
                admit(connection, group);

                List<Proposal> accepted = open(group).stream()
                        .filter(proposal -> !proposal.isRehearsal())
                        .toList();
                for (ActRule rule : rules) {
                    rule.recorded(connection, accepted);
                }
                List<LedgerEntry> entries = new ArrayList<>(accepted.size());
                for (Proposal proposal : accepted) {
                    LedgerEntry entry = LedgerStore.entry(end.position() + entries.size() + 1, now, proposal);
                    recorded.put(proposal, entry);
                    entries.add(entry);
                }
                if (!entries.isEmpty()) {
                    store.insert(connection, entries, accepted);
                }
                // Before the folds, because a fold may erase the submissions that are stored here.
                store.remember(connection, group, recorded, now);
                List<Effect> effects = projections.fold(connection, entries);
                storeReferences(connection, group, recorded);
                purgeSubmissions(connection, now);
                connection.commit();
                if (entries.isEmpty()) {
                    // A repeated act is answered with the position of an entry of which this node may not know yet: its
                    // commit succeeded, and the connection broke before the node learnt so.
                    head.reached(end.position());
                }
                return new LedgerGroup(entries, effects);
            } catch (SQLException | RuntimeException failure) {
                rollBack(connection);
                throw failure;
            }
        }
    }

    private void storeReferences(Connection connection, List<Proposal> group, Map<Proposal, LedgerEntry> recorded)
            throws SQLException {
        Map<Long, String> given = new HashMap<>();
        for (Proposal proposal : group) {
            String reference = proposal.newReference();
            if (reference != null) {
                LedgerEntry entry = recorded.get(proposal);
                given.put(entry == null ? proposal.existingPosition() : entry.position(), reference);
            }
        }
        if (!given.isEmpty()) {
            references.store(connection, given);
        }
    }

    /** Runs the rules, stage by stage. An act that no rule permits is refused. */
    private void admit(Connection connection, List<Proposal> group) throws SQLException {
        ask(connection, group, ActRule.Stage.KEYS);
        for (Proposal proposal : open(group)) {
            if (!proposal.isPermitted()) {
                proposal.refuse(Problem.FORBIDDEN.because("This key is not allowed to do this"));
            }
        }
        store.admitRepeated(connection, open(group));
        ask(connection, group, ActRule.Stage.PERMISSIONS);
        ask(connection, group, ActRule.Stage.STATE);
        ask(connection, group, ActRule.Stage.BUDGETS);
    }

    private void ask(Connection connection, List<Proposal> group, ActRule.Stage stage) throws SQLException {
        for (ActRule rule : rules) {
            if (rule.stage() == stage) {
                rule.admit(connection, open(group));
            }
        }
    }

    private static List<Proposal> open(List<Proposal> group) {
        return group.stream().filter(Proposal::isOpen).toList();
    }

    /** Returns a time at least one microsecond after the last entry, because PostgreSQL stores microseconds. */
    private Instant after(Instant before) {
        Instant now = clock.instant();
        return now.isAfter(before) ? now : before.plus(1, ChronoUnit.MICROS);
    }

    private void purgeSubmissions(Connection connection, Instant now) throws SQLException {
        if (purgedAt.plus(PURGE_INTERVAL).isBefore(now)) {
            store.forgetSubmissions(connection, now.minus(SUBMISSION_RETENTION));
            purgedAt = now;
        }
    }

    static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // The connection is lost; PostgreSQL rolls its transaction back.
            LOG.debug("Could not roll back", broken);
        }
    }
}
