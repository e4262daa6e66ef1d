package org.askfirst.registry.succession;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.ControlChallenge;
import org.askfirst.registry.control.ControlCheck;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Control;
import org.jspecify.annotations.Nullable;

/**
 * Replaces lost API keys by a new one. Somebody who still controls a subject that the party has proved control of can
 * ask for it, or a body that vouches for the party. The holders of the party's keys then have 14 days to object.
 */
@ApplicationScoped
public class Recoveries {
    /** During this time, the holders of the party's keys may object. */
    static final Duration WAITING_PERIOD = Duration.ofDays(14);

    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("r_[0-9a-f]{16}");
    private static final int MAX_OPEN = 20;
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final ControlCheck controlCheck;
    private final Controls controls;
    private final Ledger ledger;
    private final Notices notices;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Recoveries(
            DataSource dataSource, ControlCheck controlCheck, Controls controls, Ledger ledger, Notices notices, Clock clock) {
        this.dataSource = dataSource;
        this.controlCheck = controlCheck;
        this.controls = controls;
        this.ledger = ledger;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * The current state of a recovery.
     *
     * @param subject the subject whose control must be shown; null if a body asked for the recovery
     * @param by the vouching body that asked for the recovery; null if control of the subject must be shown
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
        /** Nobody has shown control of the subject yet. */
        UNPROVED("unproved"),
        /** The holders of the party's keys may object. */
        WAITING("waiting"),
        /** A holder of a key objected. */
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
     * @throws org.askfirst.problem.ProblemException {@link Problem#INVALID_REQUEST} if the party has no such proof
     */
    StartedRecovery start(PartyId party, Subject subject) throws SQLException {
        if (!ControlCheck.isCheckable(subject) || !isProved(party, subject)) {
            throw Problem.INVALID_REQUEST.at(
                    "/subject",
                    Reason.CONTROL_NOT_PROVED,
                    "the party has not proved control of this subject, or its token is gone");
        }
        return open(party, subject);
    }

    /**
     * Returns true if the party's own proof is in force and its token is not gone. A later owner of the subject must
     * not be able to open the account of the seller.
     */
    private boolean isProved(PartyId party, Subject subject) throws SQLException {
        return controls.of(party).stream()
                        .anyMatch(proof ->
                                proof.subject().equals(subject.canonical()) && proof.control() == Control.PROVED)
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

    /** Starts the recovery of a member's account, on the word of a body that vouches for the member. */
    public StartedRecovery startFor(Caller body, PartyId member) throws SQLException {
        StartedRecovery started = open(member, null);
        begin(started.recovery(), body.party(), body.authority(), "A vouching body asked for the recovery");
        return new StartedRecovery(find(started.recovery().id()), started.key());
    }

    private StartedRecovery open(PartyId party, @Nullable Subject subject) throws SQLException {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String recovery = "r_" + HexFormat.of().formatHex(id);
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prune = connection.prepareStatement("delete from party_recovery where party = ?"
                        + " and not exists (select 1 from party_recovery_state s where s.recovery = id)"
                        + " and id not in (select id from party_recovery where party = ? order by created_at desc limit "
                        + MAX_OPEN + ")");
                PreparedStatement insert = connection.prepareStatement("insert into party_recovery"
                        + " (id, party, key_id, hash, subject, token, created_at) select ?, id, ?, ?, ?, ?, ?"
                        + " from party where id = ?")) {
            prune.setObject(1, party.number());
            prune.setObject(2, party.number());
            prune.executeUpdate();
            insert.setString(1, recovery);
            insert.setString(2, key.id());
            insert.setBytes(3, key.hash());
            insert.setString(4, subject == null ? null : subject.canonical());
            insert.setString(5, subject == null ? null : ApiKey.makeToken(random));
            insert.setObject(6, now().atOffset(ZoneOffset.UTC));
            insert.setObject(7, party.number());
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
            case WAITING -> {
                propose(recovery, RecoveryStep.DONE, null, Authority.REGISTRY, null);
                notices.add(recovery.party(), now(), Notices.Kind.RECOVERED, id, null);
            }
            case UNPROVED -> checkControl(recovery);
            case STOPPED, RECOVERED ->
                throw Problem.NOTHING_TO_CHANGE.because(
                        "The recovery is " + recovery.state().wireName());
        }
        return find(id);
    }

    private void checkControl(RecoveryState recovery) throws SQLException {
        Subject subject = recovery.subject();
        String token = recovery.token();
        if (subject == null || token == null) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The body that asked for the recovery does not vouch for the party");
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
        Optional<ControlCheck.MethodResult> proving = ControlChallenge.proving(controlCheck.run(subject, token));
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
                commitment -> new AccountEntry.RecoveryChanged(step, recovery.party(), recovery.id(), by, commitment))));
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
                PreparedStatement select =
                        connection.prepareStatement("select r.party, s.state, r.subject, r.token, s.body, s.until"
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
                        subject == null ? null : Subject.parse(subject),
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
