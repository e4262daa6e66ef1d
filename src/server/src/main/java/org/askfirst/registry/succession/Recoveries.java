package org.askfirst.registry.succession;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.control.ControlChallenge;
import org.askfirst.registry.control.ControlCheck;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Control;
import org.jspecify.annotations.Nullable;

/**
 * Replaces lost API keys by a new one. The person who asks for it gets the key, and nobody else. Either the person shows
 * control of a subject that the party has proved, or a body that vouches for the party confirms who asks. The holders of
 * the party's keys then have 14 days to object ({@link RecoveryDecisions}).
 */
@ApplicationScoped
public class Recoveries {
    /** During this time, the holders of the party's keys may object. */
    static final Duration WAITING_PERIOD = Duration.ofDays(14);

    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("r_[0-9a-f]{16}");

    /** A recovery that nobody continues ends after this time. No other request ends it earlier. */
    private static final Duration UNPROVED_PERIOD = Duration.ofDays(14);

    /** So many that a stranger cannot easily keep the owner out, and few enough for the table. */
    private static final int MAX_OPEN = 100_000;

    private static final int SHOWN = 20;
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final RecoveryFacts facts;
    private final Parties parties;
    private final ControlCheck controlCheck;
    private final Controls controls;
    private final Ledger ledger;
    private final Notices notices;
    private final Budgets budgets;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Recoveries(
            DataSource dataSource,
            RecoveryFacts facts,
            Parties parties,
            ControlCheck controlCheck,
            Controls controls,
            Ledger ledger,
            Notices notices,
            Budgets budgets,
            Clock clock) {
        this.dataSource = dataSource;
        this.facts = facts;
        this.parties = parties;
        this.controlCheck = controlCheck;
        this.controls = controls;
        this.ledger = ledger;
        this.notices = notices;
        this.budgets = budgets;
        this.clock = clock;
    }

    /**
     * The current state of a recovery.
     *
     * @param subject the subject whose control must be shown; null if a body confirms who asks
     * @param by the vouching body that must confirm who asks, or did; null if control of the subject must be shown
     * @param until the end of the waiting period; null before it begins
     */
    record RecoveryState(
            String id,
            PartyId party,
            State state,
            @Nullable Subject subject,
            @Nullable String token,
            @Nullable PartyId by,
            @Nullable Instant until) {}

    /** The states of a recovery. */
    enum State {
        /** Nobody has shown control of the subject yet, or the body has not confirmed yet. */
        UNPROVED("unproved"),
        /** The holders of the party's keys may object. */
        WAITING("waiting"),
        /** A holder of a key objected or used it, or the body does not vouch any more. */
        STOPPED("stopped"),
        /** The new key works, and the old keys are revoked. */
        RECOVERED("recovered");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name of the state in the contract and in {@code party_recovery_state}. */
        String wireName() {
            return wireName;
        }

        static State named(String wireName) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A recovery with the key that works after it. Only the key's hash is stored, so it can be shown only now. */
    record StartedRecovery(RecoveryState recovery, ApiKey key) {}

    /**
     * Starts the recovery of an account by a subject that the party has proved control of.
     *
     * @param address the address of the person who asks, by which the budget tells askers apart
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST} if the party has no such proof,
     *     {@link Problem#BUDGET_SPENT} if the address has begun too many today
     */
    StartedRecovery start(PartyId party, Subject subject, String address) throws SQLException {
        if (!ControlCheck.isCheckable(subject) || !isProved(party, subject)) {
            throw Problem.INVALID_REQUEST.at(
                    "/subject",
                    Reason.CONTROL_NOT_PROVED,
                    "the party has not proved control of this subject, or its token is gone");
        }
        return open(party, subject, null, address);
    }

    /**
     * Starts the recovery of an account by a body that vouches for it, and that must then confirm who asks.
     *
     * @param address the address of the person who asks, by which the budget tells askers apart
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST} if the body could not confirm it
     *     now, {@link Problem#BUDGET_SPENT} if the address has begun too many today
     */
    StartedRecovery start(PartyId party, PartyId body, String address) throws SQLException {
        Optional<String> obstacle = obstacle(body, party);
        if (obstacle.isPresent()) {
            throw Problem.INVALID_REQUEST.at("/body", Reason.MAY_NOT_CONFIRM, obstacle.get());
        }
        return open(party, null, body, address);
    }

    private Optional<String> obstacle(PartyId body, PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return facts.obstacle(connection, body, party);
        }
    }

    /**
     * Returns true if the party's own proof is in force and its token is not gone. A later owner of the subject must
     * not be able to open the account of the seller. A body's word for a subject is no proof here: the body could name a
     * site of its own.
     */
    private boolean isProved(PartyId party, Subject subject) throws SQLException {
        return controls.of(party).stream()
                        .anyMatch(proof -> proof.subject().equals(subject.canonical())
                                && proof.control() == Control.PROVED
                                && proof.by() == null)
                && !isGone(party, subject);
    }

    private boolean isGone(PartyId party, Subject subject) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1 from party_control_claim"
                        + " where party = ? and key = ? and gone_since is not null")) {
            select.setObject(1, party.number());
            select.setBytes(2, subject.key().toBytes());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Confirms that the member itself started the recovery. The time for objections begins.
     *
     * @param body a body that the member lets confirm this
     * @param id the id of the recovery, which the member told the body
     * @throws org.askfirst.problem.ProblemException {@link Problem#FORBIDDEN} if the member does not, {@link
     *     Problem#NOT_FOUND} if the member started no such recovery with this body, {@link Problem#NOTHING_TO_CHANGE} if
     *     it is confirmed
     */
    RecoveryState confirm(Caller body, PartyId member, String id) throws SQLException {
        // Asked here for the answer, and again under the ledger's lock.
        Optional<String> obstacle = obstacle(body.party(), member);
        RecoveryState recovery = find(id);
        boolean own = recovery.party().equals(member) && body.party().equals(recovery.by());
        if (own && recovery.state() != State.UNPROVED) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The recovery is " + recovery.state().wireName());
        }
        if (obstacle.isPresent()) {
            throw Problem.FORBIDDEN.because(obstacle.get());
        }
        if (!own) {
            throw Problem.NOT_FOUND.because("This member has started no such recovery with this body");
        }
        begin(recovery, body.party(), body.authority(), "The body confirmed who asks");
        return find(id);
    }

    /** Returns the recoveries of all parties that wait, those that end first first. */
    public List<RecoveryResource.RecoveryView> allWaiting(int limit) throws SQLException {
        List<RecoveryResource.RecoveryView> waiting = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select s.recovery from party_recovery_state s join party_recovery r on r.id = s.recovery"
                                + " where s.state = ? order by s.position limit ?")) {
            select.setString(1, State.WAITING.wireName());
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        }
        for (String id : ids) {
            waiting.add(RecoveryResource.RecoveryView.of(find(id), null));
        }
        return waiting;
    }

    /** Returns the recoveries of the party to which the holders of its keys may object now, newest first. */
    public List<RecoveryResource.RecoveryView> waiting(PartyId party) throws SQLException {
        List<RecoveryResource.RecoveryView> waiting = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select s.recovery from party_recovery_state s join party_recovery r on r.id = s.recovery"
                                + " where s.party = ? and s.state = ? order by s.position desc limit " + SHOWN)) {
            select.setObject(1, party.number());
            select.setString(2, State.WAITING.wireName());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
        }
        for (String id : ids) {
            waiting.add(RecoveryResource.RecoveryView.of(find(id), null));
        }
        return waiting;
    }

    private StartedRecovery open(PartyId party, @Nullable Subject subject, @Nullable PartyId body, String address)
            throws SQLException {
        budgets.take(Budget.RECOVERIES, null, address);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String recovery = "r_" + HexFormat.of().formatHex(id);
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prune = connection.prepareStatement("delete from party_recovery where party = ?"
                        + " and not exists (select 1 from party_recovery_state s where s.recovery = id)"
                        + " and created_at < ?");
                PreparedStatement count =
                        connection.prepareStatement("select count(*) from party_recovery where party = ?");
                PreparedStatement insert = connection.prepareStatement("insert into party_recovery"
                        + " (id, party, key_id, hash, subject, token, created_at, body) select ?, id, ?, ?, ?, ?, ?, ?::uuid"
                        + " from party where id = ?")) {
            prune.setObject(1, party.number());
            prune.setObject(2, now().minus(UNPROVED_PERIOD).atOffset(ZoneOffset.UTC));
            prune.executeUpdate();
            count.setObject(1, party.number());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                if (row.getLong(1) >= MAX_OPEN) {
                    throw Problem.TOO_MANY_REQUESTS.because("Too many recoveries of this party were started; those that"
                            + " nobody continues end after " + UNPROVED_PERIOD.toDays() + " days");
                }
            }
            insert.setString(1, recovery);
            insert.setString(2, key.id());
            insert.setBytes(3, key.hash());
            insert.setString(4, subject == null ? null : subject.canonical());
            insert.setString(5, subject == null ? null : ApiKey.makeToken(random));
            insert.setObject(6, now().atOffset(ZoneOffset.UTC));
            insert.setObject(7, body == null ? null : body.number(), Types.OTHER);
            insert.setObject(8, party.number());
            if (insert.executeUpdate() == 0) {
                throw Problem.NOT_FOUND.because("There is no such party");
            }
        }
        return new StartedRecovery(find(recovery), key);
    }

    /**
     * Moves a recovery on: checks for the token, or completes the recovery after the waiting period.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOTHING_TO_CHANGE} if the waiting period has not
     *     ended or the recovery has, {@link Problem#TOO_MANY_REQUESTS} if it was checked less than 5 seconds ago
     */
    RecoveryState check(String id) throws SQLException {
        RecoveryState recovery = find(id);
        switch (recovery.state()) {
            case WAITING -> complete(recovery);
            case UNPROVED -> checkControl(recovery);
            case STOPPED, RECOVERED ->
                throw Problem.NOTHING_TO_CHANGE.because(
                        "The recovery is " + recovery.state().wireName());
        }
        return find(id);
    }

    /** Activates the new key, unless something happened meanwhile that ends the recovery. */
    private void complete(RecoveryState recovery) throws SQLException {
        Optional<ProblemException> early = RecoveryDecisions.tooEarly(Objects.requireNonNull(recovery.until()), now());
        if (early.isPresent()) {
            throw early.get();
        }
        parties.storeUses();
        Optional<String> end;
        try (Connection connection = dataSource.getConnection()) {
            end = facts.end(connection, recovery.id());
        }
        if (end.isPresent()) {
            propose(recovery, RecoveryStep.STOPPED, null, Authority.REGISTRY, end.get());
        } else {
            propose(recovery, RecoveryStep.DONE, null, Authority.REGISTRY, null);
            notices.add(recovery.party(), now(), Notices.Kind.RECOVERED, recovery.id(), null);
        }
    }

    private void checkControl(RecoveryState recovery) throws SQLException {
        Subject subject = recovery.subject();
        String token = recovery.token();
        if (subject == null || token == null) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The body " + recovery.by() + " has not confirmed yet who asks; give it the id of the recovery");
        }
        Instant now = now();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement begin = connection.prepareStatement("update party_recovery set checked_at = ?"
                        + " where id = ? and (checked_at is null or checked_at <= ?)")) {
            begin.setObject(1, now.atOffset(ZoneOffset.UTC));
            begin.setString(2, recovery.id());
            begin.setObject(3, now.minus(BETWEEN_CHECKS).atOffset(ZoneOffset.UTC));
            if (begin.executeUpdate() == 0) {
                throw Problem.TOO_MANY_REQUESTS.because(
                        "This was checked a moment ago; try again in " + BETWEEN_CHECKS.toSeconds() + " seconds");
            }
        }
        Optional<ControlCheck.MethodResult> proving =
                ControlChallenge.proving(controlCheck.run("recovery of " + recovery.party(), subject, token));
        if (proving.isPresent() && proving.get().method().control() == Control.PROVED) {
            if (!isProved(recovery.party(), subject)) {
                throw Problem.NOTHING_TO_CHANGE.because(
                        "The party's own proof of control has ended, or its token is gone");
            }
            begin(recovery, null, Authority.REGISTRY, proving.get().observation());
        }
    }

    private void begin(RecoveryState recovery, @Nullable PartyId by, Authority authority, String evidence)
            throws SQLException {
        propose(recovery, RecoveryStep.BEGUN, by, authority, evidence);
        notices.add(recovery.party(), now(), Notices.Kind.RECOVERY_BEGUN, recovery.id(), now().plus(WAITING_PERIOD));
    }

    /**
     * Stops a recovery, because a holder of one of the party's keys objects.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#FORBIDDEN} with the key of another party
     */
    RecoveryState object(Caller caller, String id) throws SQLException {
        RecoveryState recovery = find(id);
        if (!recovery.party().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only a holder of one of the party's keys may object");
        }
        propose(recovery, RecoveryStep.STOPPED, null, caller.authority(), null);
        return find(id);
    }

    private void propose(
            RecoveryState recovery,
            RecoveryStep step,
            @Nullable PartyId by,
            Authority authority,
            @Nullable String evidence) {
        Confidential confidential = evidence == null ? null : Confidential.ofReason(evidence);
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                authority,
                commitment ->
                        new AccountEntry.RecoveryChanged(step, recovery.party(), recovery.id(), by, commitment))));
    }

    /**
     * Finds a recovery by its id as a caller sent it.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if there is none
     */
    RecoveryState find(String id) throws SQLException {
        if (!ID.matcher(id).matches()) {
            throw Problem.NOT_FOUND.because("There is no such recovery");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select r.party, s.state, r.subject, r.token,"
                        + " coalesce(s.body, r.body), s.until"
                        + " from party_recovery r left join party_recovery_state s on s.recovery = r.id"
                        + " where r.id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw Problem.NOT_FOUND.because("There is no such recovery");
                }
                String state = row.getString(2);
                String subject = row.getString(3);
                UUID by = row.getObject(5, UUID.class);
                return new RecoveryState(
                        id,
                        new PartyId(row.getObject(1, UUID.class)),
                        state == null ? State.UNPROVED : State.named(state),
                        subject == null ? null : Subject.ofStored(subject),
                        row.getString(4),
                        by == null ? null : new PartyId(by),
                        SqlColumns.momentOrNull(row, 6));
            }
        }
    }

    private Instant now() {
        return clock.instant();
    }
}
