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
 * Appends to the ledger, many proposals in one transaction.
 *
 * <p>What it promises:
 *
 * <ul>
 *   <li>An outcome that completes normally is durable: its transaction has committed.
 *   <li>Positions are 1, 2, 3 … without gaps and in the order of commit, also with several nodes on one
 *       database: whoever appends holds one advisory lock until its transaction has ended.
 *   <li>Projections are folded in the same transaction, so a party reads its own write at once.
 *   <li>The time of an entry is never before that of the entry in front of it.
 * </ul>
 *
 * <p>One thread of its own owns every proposal between {@link #propose} and its outcome. While one group is
 * being made durable the next one gathers, so the cost of a commit is shared by all who wait for it.
 */
@ApplicationScoped
public class Ledger {
    private static final Logger LOG = Logger.getLogger(Ledger.class);

    /** Past this many waiting proposals a caller is told to come back: about a second's work. */
    private static final int QUEUE_LIMIT = 20_000;

    /** Large enough to share one commit among many, small enough that nobody waits long for others. */
    private static final int GROUP_LIMIT = 2_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration REMEMBER_SUBMISSIONS = Duration.ofDays(7);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);

    private final BlockingQueue<Proposal> queue = new LinkedBlockingQueue<>(QUEUE_LIMIT);
    private final DataSource dataSource;
    private final LedgerStore store;
    private final List<ActRule> rules;
    private final Projections projections;
    private final LedgerHead head;
    private final Clock clock;
    private final Thread appender = new Thread(this::run, "ledger-appender");

    private volatile boolean stopping;
    private Instant forgotten = Instant.EPOCH;

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

    /** Requests in flight have ended by now; whatever they proposed is appended before the thread ends. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        appender.interrupt();
        appender.join(PATIENCE.toMillis());
    }

    /**
     * Hands a proposal to the appender.
     *
     * @return completes when it is durable, or exceptionally with a {@link ProblemException}
     * @throws ProblemException {@link Problem#UNAVAILABLE} if too many wait already
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
     * Hands a proposal to the appender, waiting for room: for batches, whose sender is slowed down instead of
     * being sent away.
     *
     * @throws ProblemException {@link Problem#UNAVAILABLE} if there is no room for long
     */
    public CompletionStage<Proposal.Outcome> proposeWaiting(Proposal proposal) {
        if (!prepare(proposal)) {
            return proposal.outcome();
        }
        try {
            if (!stopping && queue.offer(proposal, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
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
     * Waits for an outcome.
     *
     * @throws ProblemException the refusal, or {@link Problem#UNAVAILABLE} if it takes too long; then it is
     *     unknown whether the act is recorded, and sending it again is safe
     */
    public static Proposal.Outcome await(CompletionStage<Proposal.Outcome> outcome) {
        try {
            return outcome.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
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
                "It is not known whether this was recorded; send it again, it will not be recorded twice");
    }

    private static ProblemException notRecorded() {
        return Problem.INTERNAL_ERROR.because(
                "This was not recorded, by a fault of the registry and not of the request; it is logged");
    }

    private void run() {
        List<Proposal> heldOver = new ArrayList<>();
        while (!stopping || !queue.isEmpty() || !heldOver.isEmpty()) {
            try {
                heldOver = appendNextGroup(heldOver);
            } catch (InterruptedException interrupted) {
                // Only stop() interrupts, and it has set the flag that ends the loop once the queue is empty.
                LOG.debug("The appender was woken to stop");
            }
        }
    }

    /** Appends one group; gives back what conflicts with it and must wait for the next. */
    private List<Proposal> appendNextGroup(List<Proposal> heldOver) throws InterruptedException {
        List<Proposal> candidates = new ArrayList<>(heldOver);
        if (candidates.isEmpty()) {
            candidates.add(queue.take());
        }
        queue.drainTo(candidates, Math.max(0, GROUP_LIMIT - candidates.size()));
        try {
            return appendSome(candidates);
        } catch (RuntimeException | Error failure) {
            // Without this thread nothing would ever be recorded again, so it outlives whatever happens.
            LOG.errorf(failure, "The appender failed over %d proposals", candidates.size());
            candidates.forEach(proposal -> proposal.outcome().completeExceptionally(unknownOutcome()));
            return List.of();
        }
    }

    private List<Proposal> appendSome(List<Proposal> candidates) {
        List<Proposal> group = new ArrayList<>();
        List<Proposal> later = new ArrayList<>();
        Map<Object, Proposal> leading = new HashMap<>();
        Map<Proposal, Proposal> repetitions = new HashMap<>();
        Erasure.ClosedParties closed = new Erasure.ClosedParties();
        for (Proposal proposal : candidates) {
            if (closed.mustWait(proposal.entry())) {
                later.add(proposal);
                continue;
            }
            // Whoever has to wait keeps its keys, so that nobody who came later overtakes it.
            Proposal ahead = null;
            for (Object key : proposal.conflictKeys()) {
                Proposal other = leading.putIfAbsent(key, proposal);
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
            if (isAboutReaching(failure)) {
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
     * Whether the database could not be reached, so that what became of the transaction is unknown and trying again
     * at once is in vain: SQLSTATE 08 is the connection, 53 resources, 57 a server going down; the pool gives none.
     * Anything else is about what was to be appended.
     */
    private static boolean isAboutReaching(Exception failure) {
        if (!(failure instanceof SQLException sql)) {
            return false;
        }
        String state = sql.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    /** Appends what is not refused, and tells for each proposal which entry it became. */
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
                // Before the folds, one of which may erase what is remembered here.
                store.remember(connection, group, recorded, now);
                List<Effect> effects = projections.fold(connection, entries);
                forgetOldSubmissions(connection, now);
                connection.commit();
                return new LedgerGroup(entries, effects);
            } catch (SQLException | RuntimeException failure) {
                rollBack(connection);
                throw failure;
            }
        }
    }

    /** Asks the rules, stage by stage. An act that no rule permits is refused. */
    private void admit(Connection connection, List<Proposal> group) throws SQLException {
        ask(connection, group, ActRule.Stage.KEYS);
        for (Proposal proposal : open(group)) {
            if (!proposal.isPermitted()) {
                proposal.refuse(Problem.FORBIDDEN.because("This key may not do that"));
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

    /** Strictly after what was recorded before, in microseconds, which is what the database keeps. */
    private Instant after(Instant before) {
        Instant now = clock.instant();
        return now.isAfter(before) ? now : before.plus(1, ChronoUnit.MICROS);
    }

    private void forgetOldSubmissions(Connection connection, Instant now) throws SQLException {
        if (forgotten.plus(FORGET_EVERY).isBefore(now)) {
            store.forgetSubmissions(connection, now.minus(REMEMBER_SUBMISSIONS));
            forgotten = now;
        }
    }

    static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // The connection is gone, and its transaction with it.
            LOG.debug("Could not roll back", broken);
        }
    }
}
