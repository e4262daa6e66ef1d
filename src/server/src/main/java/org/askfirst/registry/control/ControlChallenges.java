package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.ControlMethod;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the control challenges: issues tokens, checks them on request and daily, and records the result.
 *
 * <p>Challenges and checks are rows of this package. Only the ledger's entries have legal effect. A check that is
 * interrupted is repeated.
 */
@ApplicationScoped
class ControlChallenges {
    private static final Logger LOG = Logger.getLogger(ControlChallenges.class);
    private static final int MAX_CHALLENGES = 1000;
    private static final int SHOWN_CHECKS = 10;
    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("c_[0-9a-f]{16}");
    private static final int DUE_AT_ONCE = 20;
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    /** A caller waits this long for the result of a check, which then continues without the caller. */
    private static final Duration CALLER_PATIENCE = Duration.ofSeconds(3);

    /** A check that was begun longer ago than this has ended, with its node. It lasts half a minute at most. */
    private static final Duration LONGEST_CHECK = Duration.ofMinutes(1);

    /** Daily checks that run at the same time. They do not compete with the checks that parties ask for. */
    private static final int DAILY_AT_ONCE = 8;

    private static final int STOP_SECONDS = 5;

    /** For this long, a check that has started prevents other nodes from starting it too. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final String COLUMNS = "c.id, c.party, c.subject, c.token, c.claimed_at, c.checked_at, c.gone_since,"
            + " c.failures, p.method, p.position, exists (select 1 from party_control e where e.key = c.key"
            + " and e.party = c.party and e.until_position < " + Positions.NO_END + "), c.checking_until"
            + " from party_control_claim c left join party_control p on p.key = c.key and p.party = c.party"
            + " and p.until_position = " + Positions.NO_END;

    private final DataSource dataSource;
    private final ControlCheck controlCheck;
    private final Controls controls;
    private final Ledger ledger;
    private final Budgets budgets;
    private final Notices notices;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Unlimited, because {@link CheckPlaces} limits its tasks. */
    private final ExecutorService asked = Executors.newCachedThreadPool(ControlChallenges::thread);

    private final ExecutorService daily = Executors.newFixedThreadPool(DAILY_AT_ONCE, ControlChallenges::thread);

    ControlChallenges(
            DataSource dataSource,
            ControlCheck controlCheck,
            Controls controls,
            Ledger ledger,
            Budgets budgets,
            Notices notices,
            Clock clock) {
        this.budgets = budgets;
        this.dataSource = dataSource;
        this.controlCheck = controlCheck;
        this.controls = controls;
        this.ledger = ledger;
        this.notices = notices;
        this.clock = clock;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "control-check");
        thread.setDaemon(true);
        return thread;
    }

    /** Aborts the checks that are running. They are repeated later. */
    void stop() throws InterruptedException {
        asked.shutdownNow();
        daily.shutdownNow();
        asked.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        daily.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * A challenge with its history.
     *
     * @param hadProof true if a proof of this subject by this party has ended
     * @param checking true while a check that the party asked for is running
     * @param checks the last ten results, newest first
     */
    record ChallengeState(ControlChallenge challenge, boolean hadProof, boolean checking, List<Check> checks) {}

    /** The stored result of one method of a check. */
    record Check(Instant at, String method, String outcome, boolean validated, String observation) {}

    /**
     * A challenge that a party asked for.
     *
     * @param fresh false if the party had started it before
     */
    record StartedChallenge(ChallengeState state, boolean fresh) {}

    /**
     * Starts a challenge, or returns the challenge that the party has started before.
     *
     * @param address the address of the party, for its budget
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if the registry cannot check control of the subject,
     *     {@link Problem#TOO_MANY_CLAIMS} if the party has 1,000 challenges, {@link Problem#BUDGET_SPENT}
     */
    StartedChallenge start(PartyId party, String address, Subject subject) throws SQLException {
        if (!ControlCheck.isCheckable(subject)) {
            String problem = subject.scheme().needsControl()
                    ? "only the operator, or a society that vouches for such subjects, can record control of this kind"
                            + " of subject; ask them"
                    : "this subject needs no proof of control, and the registry has no way to check it";
            throw Problem.INVALID_REQUEST.at("/subject", Reason.CONTROL_NOT_CHECKABLE, problem);
        }
        Optional<ChallengeState> before = find(party, subject);
        if (before.isPresent()) {
            return new StartedChallenge(before.get(), false);
        }
        budgets.take(Budget.CLAIMS, party, address);
        Instant now = now();
        boolean fresh = false;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count =
                        connection.prepareStatement("select count(*) from party_control_claim where party = ?");
                PreparedStatement insert = connection.prepareStatement("insert into party_control_claim"
                        + " (id, party, key, subject, token, claimed_at, next_check_at) values (?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (party, key) do nothing")) {
            count.setObject(1, party.number());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                if (row.getInt(1) >= MAX_CHALLENGES) {
                    throw Problem.TOO_MANY_CLAIMS.because("A party has at most " + MAX_CHALLENGES
                            + " control challenges; the domain of a site covers all its pages");
                }
            }
            insert.setString(1, newId());
            insert.setObject(2, party.number());
            insert.setBytes(3, subject.key().toBytes());
            insert.setString(4, subject.canonical());
            insert.setString(5, ApiKey.makeToken(random));
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.setObject(7, now.plus(LEASE).atOffset(ZoneOffset.UTC));
            fresh = insert.executeUpdate() == 1;
        }
        return new StartedChallenge(find(party, subject).orElseThrow(), fresh);
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return "c_" + HexFormat.of().formatHex(id);
    }

    private Optional<ChallengeState> find(PartyId party, Subject subject) throws SQLException {
        return queryOne(
                " where c.party = ? and c.key = ?",
                party.number(),
                subject.key().toBytes());
    }

    /** Returns all challenges of the party, oldest first. */
    List<ChallengeState> of(PartyId party) throws SQLException {
        return query(" where c.party = ? order by c.claimed_at, c.id", party.number());
    }

    /**
     * Starts a check of a challenge, and waits three seconds for its result. The state says whether the check is still
     * running then.
     *
     * @throws ProblemException {@link Problem#TOO_MANY_REQUESTS} if it was checked less than 5 seconds ago, or if two
     *     checks of the party or of the site are running
     */
    ChallengeState check(PartyId party, String id) throws SQLException {
        ControlChallenge challenge = own(party, id).challenge();
        Instant now = now();
        CheckPlaces.Place place = controlCheck.place(party.toString(), challenge.subject());
        CompletableFuture<Void> end = new CompletableFuture<>();
        try {
            begin(id, now);
            asked.execute(() -> finish(challenge, now, place, end));
        } catch (SQLException | RuntimeException failure) {
            place.close();
            throw failure;
        }
        try {
            end.get(CALLER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            // The check continues, and the state shows that.
            LOG.debugf("The check of %s is slow", challenge.subject());
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ProblemException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("a check of control failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return own(party, id);
    }

    private void begin(String id, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement begin = connection.prepareStatement("update party_control_claim"
                        + " set checked_at = ?, checking_until = ?"
                        + " where id = ? and (checked_at is null or checked_at <= ?)")) {
            begin.setObject(1, now.atOffset(ZoneOffset.UTC));
            begin.setObject(2, now.plus(LONGEST_CHECK).atOffset(ZoneOffset.UTC));
            begin.setString(3, id);
            begin.setObject(4, now.minus(BETWEEN_CHECKS).atOffset(ZoneOffset.UTC));
            if (begin.executeUpdate() == 0) {
                throw Problem.TOO_MANY_REQUESTS.because(
                        "This was checked a moment ago; try again in " + BETWEEN_CHECKS.toSeconds() + " seconds");
            }
        }
    }

    private void finish(ControlChallenge challenge, Instant now, CheckPlaces.Place place, CompletableFuture<Void> end) {
        try {
            try {
                settle(challenge, controlCheck.run(challenge.subject(), challenge.token()), now);
            } finally {
                place.close();
                endChecking(challenge.id());
            }
            end.complete(null);
        } catch (SQLException | RuntimeException failure) {
            LOG.debugf(failure, "The check of %s ended without a result", challenge.subject());
            end.completeExceptionally(failure);
        }
    }

    private void endChecking(String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement end = connection.prepareStatement(
                        "update party_control_claim set checking_until = null where id = ?")) {
            end.setString(1, id);
            end.executeUpdate();
        }
    }

    private ChallengeState own(PartyId party, String id) throws SQLException {
        return (ID.matcher(id).matches()
                        ? queryOne(" where c.party = ? and c.id = ?", party.number(), id)
                        : Optional.<ChallengeState>empty())
                .orElseThrow(() -> Problem.NOT_FOUND.because("The party has no such control challenge"));
    }

    /**
     * Deletes a challenge and revokes the proof of its subject. The proof is revoked first: if this is interrupted, the
     * challenge still exists and can be withdrawn again.
     */
    void withdraw(Caller caller, String id) throws SQLException {
        ControlChallenge challenge = own(caller.party(), id).challenge();
        if (challenge.proof() != null) {
            revokeWithdrawn(challenge, caller.authority());
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_control_claim where id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
        // A check that was running may have recorded a new proof in the meantime.
        if (isProved(challenge)) {
            revokeWithdrawn(challenge, caller.authority());
        }
    }

    private boolean isProved(ControlChallenge challenge) throws SQLException {
        return controls.at(List.of(challenge.subject().key()), Positions.NEWEST).stream()
                .anyMatch(proof -> proof.party().equals(challenge.party()));
    }

    private void revokeWithdrawn(ControlChallenge challenge, Authority authority) {
        try {
            propose(challenge, authority, null, "The party withdrew the proof");
        } catch (ProblemException refusal) {
            if (refusal.problem() != Problem.NOT_FOUND) {
                throw refusal;
            }
            // The operator or another request revoked the proof first.
        }
    }

    /**
     * Runs the checks that are due, at most 20, and waits for them. Row locks keep other nodes from the same
     * challenges. Challenges whose token was found the last time come first, so that claims on hosts that do not answer
     * delay no proof.
     */
    void checkDue(Instant now) throws SQLException {
        List<String> due = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement("update party_control_claim set next_check_at = ?"
                        + " where id in (select id from party_control_claim where next_check_at <= ?"
                        + " order by failures, next_check_at limit " + DUE_AT_ONCE
                        + " for update skip locked) returning id")) {
            take.setObject(1, now.plus(LEASE).atOffset(ZoneOffset.UTC));
            take.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    due.add(row.getString(1));
                }
            }
        }
        List<Callable<Boolean>> checks = due.stream()
                .map(id -> (Callable<Boolean>) () -> checkAgain(id, now))
                .toList();
        try {
            daily.invokeAll(checks);
        } catch (InterruptedException interrupted) {
            // The schedule is stopped: the leases of the challenges end, and the checks are repeated.
            Thread.currentThread().interrupt();
        }
    }

    private boolean checkAgain(String id, Instant now) {
        try {
            Optional<ChallengeState> state = queryOne(" where c.id = ?", id);
            if (state.isEmpty()) {
                return false;
            }
            ControlChallenge challenge = state.get().challenge();
            settle(challenge, controlCheck.run(challenge.subject(), challenge.token()), now);
            return true;
        } catch (ProblemException refusal) {
            LOG.debugf("%s is checked later, because the host was visited too often: %s", id, refusal.detail());
        } catch (SQLException | RuntimeException failure) {
            LOG.warn("A proof of control could not be checked; it is checked again later", failure);
        }
        return false;
    }

    private void settle(ControlChallenge challenge, List<ControlCheck.MethodResult> results, Instant now)
            throws SQLException {
        ControlChallenge.Step step = challenge.step(results, now);
        if (!record(challenge, results, now)) {
            return;
        }
        switch (step) {
            case PROVE -> {
                ControlCheck.MethodResult proving =
                        ControlChallenge.proving(results).orElseThrow();
                propose(challenge, Authority.REGISTRY, proving.method(), proving.observation());
                if (queryOne(" where c.id = ?", challenge.id()).isEmpty()) {
                    revokeWithdrawn(challenge, Authority.REGISTRY);
                    return;
                }
                notices.add(
                        challenge.party(),
                        now,
                        Notices.Kind.CONTROL_PROVED,
                        challenge.subject().canonical(),
                        null);
            }
            case WARN ->
                notices.add(
                        challenge.party(),
                        now,
                        Notices.Kind.CONTROL_GONE,
                        challenge.subject().canonical(),
                        now.plus(ControlChallenge.GRACE));
            case REVOKE -> {
                propose(challenge, Authority.REGISTRY, null, "The token has been gone since " + challenge.goneSince());
                notices.add(
                        challenge.party(),
                        now,
                        Notices.Kind.CONTROL_REVOKED,
                        challenge.subject().canonical(),
                        null);
            }
            case NONE -> {
                // There is nothing to record.
            }
        }
        // INVARIANT: stored last, so that the next check repeats what was interrupted above.
        store(challenge, results, step, now);
    }

    private void propose(
            ControlChallenge challenge, Authority authority, @Nullable ControlMethod method, String observation) {
        Confidential confidential = Confidential.ofReason(observation);
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                authority,
                commitment -> method == null
                        ? new ControlEntry.ControlRevoked(challenge.party(), challenge.subject(), commitment)
                        : new ControlEntry.ControlProved(challenge.party(), challenge.subject(), method, commitment))));
    }

    /** Stores the results. Returns false if the party has withdrawn the challenge in the meantime. */
    private boolean record(ControlChallenge challenge, List<ControlCheck.MethodResult> results, Instant now)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into party_control_check"
                        + " (claim, checked_at, method, outcome, validated, seen)"
                        + " select id, ?, ?, ?, ?, ? from party_control_claim where id = ? for key share"
                        + " on conflict do nothing")) {
            for (ControlCheck.MethodResult result : results) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                insert.setString(2, result.method().wireName());
                insert.setString(3, result.outcome().wireName());
                insert.setBoolean(4, result.validated());
                insert.setString(5, result.observation());
                insert.setString(6, challenge.id());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return queryOne(" where c.id = ?", challenge.id()).isPresent();
    }

    private void store(
            ControlChallenge challenge,
            List<ControlCheck.MethodResult> results,
            ControlChallenge.Step step,
            Instant now)
            throws SQLException {
        Instant gone = challenge.goneSince(results, step, now);
        Instant next = challenge.nextCheck(results, step, now, random.nextDouble());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update party_control_claim"
                        + " set checked_at = ?, gone_since = ?, failures = ?, next_check_at = ? where id = ?")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setObject(2, gone == null ? null : gone.atOffset(ZoneOffset.UTC));
            boolean proved = ControlChallenge.proving(results).isPresent();
            update.setInt(3, proved ? 0 : challenge.failures() + 1);
            update.setObject(4, next == null ? null : next.atOffset(ZoneOffset.UTC));
            update.setString(5, challenge.id());
            update.executeUpdate();
        }
    }

    private Optional<ChallengeState> queryOne(String where, Object... values) throws SQLException {
        return query(where, values).stream().findFirst();
    }

    private List<ChallengeState> query(String where, Object... values) throws SQLException {
        List<ChallengeState> states = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS + where);
                PreparedStatement checks = connection.prepareStatement(
                        "select checked_at, method, outcome, validated, seen from party_control_check"
                                + " where claim = ? order by checked_at desc, method limit " + SHOWN_CHECKS)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    states.add(new ChallengeState(
                            challenge(row),
                            row.getBoolean(11),
                            isAfter(SqlColumns.momentOrNull(row, 12), now()),
                            checks(checks, row.getString(1))));
                }
            }
        }
        return states;
    }

    private static boolean isAfter(@Nullable Instant end, Instant now) {
        return end != null && end.isAfter(now);
    }

    private static ControlChallenge challenge(ResultSet row) throws SQLException {
        String method = row.getString(9);
        return new ControlChallenge(
                row.getString(1),
                new PartyId(row.getObject(2, UUID.class)),
                Subject.ofStored(row.getString(3)),
                row.getString(4),
                SqlColumns.moment(row, 5),
                SqlColumns.momentOrNull(row, 6),
                SqlColumns.momentOrNull(row, 7),
                row.getInt(8),
                method == null
                        ? null
                        : new ControlChallenge.ProofInForce(
                                ControlMethod.named(method).orElseThrow(), row.getLong(10)));
    }

    private static List<Check> checks(PreparedStatement select, String challenge) throws SQLException {
        List<Check> checks = new ArrayList<>();
        select.setString(1, challenge);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                checks.add(new Check(
                        SqlColumns.moment(row, 1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getString(5)));
            }
        }
        return checks;
    }

    private Instant now() {
        return clock.instant();
    }
}
