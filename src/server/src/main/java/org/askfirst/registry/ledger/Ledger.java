package org.askfirst.registry.ledger;

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
import java.util.List;
import java.util.Map;
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
    private static final Duration SUBMISSION_RETENTION = Duration.ofDays(7);
    private static final Duration PURGE_INTERVAL = Duration.ofHours(1);

    private final BlockingQueue<Proposal> queue = new LinkedBlockingQueue<>(QUEUE_LIMIT);
    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<ActRule> rules;
    private final Projections projections;
    private final LedgerHead head;
    private final Clock clock;
    private final Thread appender = new Thread(this::run, "ledger-appender");

    private volatile boolean stopping;
    private Instant purgedAt = Instant.EPOCH;

    Ledger(
            DataSource dataSource,
            LedgerStore store,
            @All List<ActRule> rules,
            Projections projections,
            LedgerHead head,
            Clock clock) {
        this.dataSource = dataSource;
        this.store = store;
        this.rules = rules;
        this.projections = projections;
        this.head = head;
        this.clock = clock;
    }

    void start(@Observes @Priority(100) StartupEvent event) {
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
     * @throws ProblemException {@link Problem#UNAVAILABLE} if the queue is full
     */
    public CompletionStage<Proposal.Outcome> propose(Proposal proposal) {
        if (!prepare(proposal)) {
            return proposal.outcome();
        }
        if (stopping || !queue.offer(proposal)) {
            throw Problem.UNAVAILABLE.because("More is being declared than can be recorded; try again in a second");
        }
        return proposal.outcome();
    }

    /**
     * Queues a proposal for the appender, and waits for room in the queue. Batches use it: a full queue slows their
     * sender down instead of refusing.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if there is no room within 30 seconds
     */
    public CompletionStage<Proposal.Outcome> proposeWaiting(Proposal proposal) {
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
        throw Problem.UNAVAILABLE.because("More is being declared than can be recorded; try again in a second");
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

    private static ProblemException notRecorded() {
        return Problem.INTERNAL_ERROR.because(
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
        List<Proposal> group = new ArrayList<>();
        List<Proposal> later = new ArrayList<>();
        Map<Object, Proposal> firstByKey = new HashMap<>();
        Map<Proposal, Proposal> repetitions = new HashMap<>();
        Erasure.ClosedParties closed = new Erasure.ClosedParties();
        for (Proposal proposal : candidates) {
            if (closed.mustWait(proposal.entry())) {
                later.add(proposal);
                continue;
            }
            // A proposal that must wait keeps its keys, so that no later proposal overtakes it.
            Proposal ahead = null;
            for (Object key : proposal.conflictKeys()) {
                Proposal other = firstByKey.putIfAbsent(key, proposal);
                ahead = ahead == null ? other : ahead;
            }
            if (ahead == null) {
                group.add(proposal);
            } else if (proposal.repeats(ahead)) {
                repetitions.put(proposal, ahead);
            } else {
                later.add(proposal);
            }
        }
        append(group);
        repetitions.forEach((proposal, first) -> proposal.settleAs(first));
        return later;
    }

    private void append(List<Proposal> group) {
        try {
            Map<Proposal, LedgerEntry> recorded = new HashMap<>();
            LedgerGroup entries = appendInOneTransaction(group, recorded);
            if (!entries.entries().isEmpty()) {
                head.appended(entries);
            }
            group.forEach(proposal -> proposal.settle(recorded.get(proposal), entries));
        } catch (SQLException | RuntimeException failure) {
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

                List<Proposal> accepted = open(group);
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
                purgeSubmissions(connection, now);
                connection.commit();
                return new LedgerGroup(entries, effects);
            } catch (SQLException | RuntimeException failure) {
                rollBack(connection);
                throw failure;
            }
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
