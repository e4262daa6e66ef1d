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
 * Puts a new key in place of lost ones: for whoever still controls what the party proved control of, or for whom a
 * body speaks that vouches for the party; and not before whoever holds a key had time to object.
 */
@ApplicationScoped
public class Recoveries {
    /** For so long whoever holds a key of the party may object. */
    static final Duration WAITING_PERIOD = Duration.ofDays(14);

    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("r_[0-9a-f]{16}");
    private static final int MAX_OPEN = 20;
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final ControlCheck looks;
    private final Controls controls;
    private final Ledger ledger;
    private final Notices notices;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Recoveries(
            DataSource dataSource, ControlCheck looks, Controls controls, Ledger ledger, Notices notices, Clock clock) {
        this.dataSource = dataSource;
        this.looks = looks;
        this.controls = controls;
        this.ledger = ledger;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * A recovery, as it stands.
     *
     * @param state unproved, waiting, stopped or recovered
     * @param subject by control of which it is shown whose wish it is; null if a body says so
     * @param by that body
     * @param until when the waiting ends; null before it began
     */
    record RecoveryState(
            String id,
            PartyId party,
            String state,
            @Nullable Subject subject,
            @Nullable String token,
            @Nullable PartyId by,
            @Nullable Instant until) {}

    /** A recovery and the key that it would bring, which is nowhere else. */
    record Asked(RecoveryState recovery, ApiKey key) {}

    /** Asks for a new key by control of a subject that the party has proved control of. */
    Asked ask(PartyId party, Subject subject) throws SQLException {
        if (!ControlCheck.isLookedAt(subject) || !isProved(party, subject)) {
            throw Problem.INVALID_REQUEST.at(
                    "/subject",
                    Reason.CONTROL_NOT_PROVED,
                    "the party has not proved control of this subject, or its token is gone from there");
        }
        return open(party, subject);
    }

    /** Whether its own proof stands: what was sold since must not open the account of whoever sold it. */
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

    /** Asks for a new key for a member, on the word of a body that vouches for it. */
    public Asked askFor(Caller body, PartyId member) throws SQLException {
        Asked asked = open(member, null);
        begin(asked.recovery(), body.party(), body.authority(), "The body says so");
        return new Asked(find(asked.recovery().id()), asked.key());
    }

    private Asked open(PartyId party, @Nullable Subject subject) throws SQLException {
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
        return new Asked(find(recovery), key);
    }

    /** Looks whether the wish is the party's, and once the waiting is over puts the new key in place. */
    RecoveryState check(String id) throws SQLException {
        RecoveryState known = find(id);
        if (known.state().equals("waiting")) {
            propose(known, RecoveryStep.DONE, null, Authority.REGISTRY, null);
            notices.tell(known.party(), now(), Notices.Kind.RECOVERED, id, null);
        } else if (known.state().equals("unproved")) {
            look(known);
        } else {
            throw Problem.NOTHING_TO_CHANGE.because("The recovery is " + known.state());
        }
        return find(id);
    }

    private void look(RecoveryState known) throws SQLException {
        Subject subject = known.subject();
        String token = known.token();
        if (subject == null || token == null) {
            throw Problem.NOTHING_TO_CHANGE.because("The body that asked for it may not speak for the party");
        }
        Instant now = now();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement begin = connection.prepareStatement("update party_recovery set checked_at = ?"
                        + " where id = ? and (checked_at is null or checked_at <= ?)")) {
            begin.setObject(1, now.atOffset(ZoneOffset.UTC));
            begin.setString(2, known.id());
            begin.setObject(3, now.minus(BETWEEN_CHECKS).atOffset(ZoneOffset.UTC));
            if (begin.executeUpdate() == 0) {
                throw Problem.TOO_MANY_REQUESTS.because(
                        "This was checked a moment ago; try again in " + BETWEEN_CHECKS.toSeconds() + " seconds");
            }
        }
        Optional<ControlCheck.MethodResult> found = ControlChallenge.found(looks.look(subject, token));
        if (found.isPresent() && found.get().method().control() == Control.PROVED) {
            if (!isProved(known.party(), subject)) {
                throw Problem.NOTHING_TO_CHANGE.because(
                        "The party's own proof of control has ended, or its token is gone from there");
            }
            begin(known, null, Authority.REGISTRY, found.get().seen());
        }
    }

    private void begin(RecoveryState known, @Nullable PartyId by, Authority authority, String seen)
            throws SQLException {
        propose(known, RecoveryStep.BEGUN, by, authority, seen);
        notices.tell(known.party(), now(), Notices.Kind.RECOVERY_BEGUN, known.id(), now().plus(WAITING_PERIOD));
    }

    /** Stops it: whoever holds a key of the party says that the party did not ask. */
    RecoveryState object(Caller caller, String id) throws SQLException {
        RecoveryState known = find(id);
        if (!known.party().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only whoever holds a key of the party may object");
        }
        propose(known, RecoveryStep.STOPPED, null, caller.authority(), null);
        return find(id);
    }

    private void propose(
            RecoveryState known, RecoveryStep step, @Nullable PartyId by, Authority authority, @Nullable String seen) {
        Confidential confidential = seen == null ? null : Confidential.ofReason(seen);
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                authority,
                commitment -> new AccountEntry.RecoveryChanged(step, known.party(), known.id(), by, commitment))));
    }

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
                        state == null ? "unproved" : state,
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
