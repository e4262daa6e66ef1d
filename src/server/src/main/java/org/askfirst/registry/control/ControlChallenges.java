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
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
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
 * What parties claim to control: gives out tokens, looks for them now and daily, and has the outcome recorded.
 *
 * <p>Claims and looks are kept here; what counts is in the ledger alone. A look that is interrupted is made again.
 */
@ApplicationScoped
class ControlChallenges {
    private static final Logger LOG = Logger.getLogger(ControlChallenges.class);
    private static final int MAX_CLAIMS = 1000;
    private static final int SHOWN_CHECKS = 10;
    private static final int ID_BYTES = 8;
    private static final Pattern ID = Pattern.compile("c_[0-9a-f]{16}");
    private static final int DUE_AT_ONCE = 20;
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

    /** For how long a look that was begun keeps others from beginning it too. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(5);

    private static final String COLUMNS = "c.id, c.party, c.subject, c.token, c.claimed_at, c.checked_at, c.gone_since,"
            + " c.failures, p.method, p.position, exists (select 1 from party_control e where e.key = c.key"
            + " and e.party = c.party and e.until_position < " + Positions.NO_END + ")"
            + " from party_control_claim c left join party_control p on p.key = c.key and p.party = c.party"
            + " and p.until_position = " + Positions.NO_END;

    private final DataSource dataSource;
    private final ControlCheck looks;
    private final Controls controls;
    private final Ledger ledger;
    private final Notices notices;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ControlChallenges(
            DataSource dataSource, ControlCheck looks, Controls controls, Ledger ledger, Notices notices, Clock clock) {
        this.dataSource = dataSource;
        this.looks = looks;
        this.controls = controls;
        this.ledger = ledger;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * A claim, and how it came to be so.
     *
     * @param hadProof whether a proof of it has ended
     * @param checks the latest, newest first
     */
    record ChallengeState(ControlChallenge claim, boolean hadProof, List<Check> checks) {}

    /** One way of a look, as it is kept. */
    record Check(Instant at, String method, String outcome, boolean validated, String seen) {}

    /** Claims control, if the party did not before: {@code fresh} tells whether it did not. */
    record Claimed(ChallengeState known, boolean fresh) {}

    Claimed claim(PartyId party, Subject subject) throws SQLException {
        if (!ControlCheck.isLookedAt(subject)) {
            String fault = subject.scheme().needsControl()
                    ? "control of this kind of subject is proved by the operator, or by a society that vouches for"
                            + " such subjects; ask them"
                    : "this subject needs no proof of control, and there is none that could be looked for";
            throw Problem.INVALID_REQUEST.at("/subject", Reason.CONTROL_NOT_CHECKABLE, fault);
        }
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
                if (row.getInt(1) >= MAX_CLAIMS && find(party, subject).isEmpty()) {
                    throw Problem.TOO_MANY_CLAIMS.because("A party claims at most " + MAX_CLAIMS
                            + " subjects; a site's domain covers all that lies below it");
                }
            }
            insert.setString(1, newId());
            insert.setObject(2, party.number());
            insert.setBytes(3, subject.key().toBytes());
            insert.setString(4, subject.canonical());
            insert.setString(5, ApiKey.makeToken(random));
            insert.setObject(6, now.atOffset(ZoneOffset.UTC));
            insert.setObject(7, now.plus(UNDER_WAY).atOffset(ZoneOffset.UTC));
            fresh = insert.executeUpdate() == 1;
        }
        return new Claimed(find(party, subject).orElseThrow(), fresh);
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return "c_" + HexFormat.of().formatHex(id);
    }

    private Optional<ChallengeState> find(PartyId party, Subject subject) throws SQLException {
        return one(
                " where c.party = ? and c.key = ?",
                party.number(),
                subject.key().toBytes());
    }

    /** All of that party's, oldest first. */
    List<ChallengeState> of(PartyId party) throws SQLException {
        return some(" where c.party = ? order by c.claimed_at, c.id", party.number());
    }

    /** Looks now, unless it was looked a moment ago. */
    ChallengeState check(PartyId party, String id) throws SQLException {
        ChallengeState known = own(party, id);
        Instant now = now();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement begin = connection.prepareStatement("update party_control_claim set checked_at = ?"
                        + " where id = ? and (checked_at is null or checked_at <= ?)")) {
            begin.setObject(1, now.atOffset(ZoneOffset.UTC));
            begin.setString(2, id);
            begin.setObject(3, now.minus(BETWEEN_CHECKS).atOffset(ZoneOffset.UTC));
            if (begin.executeUpdate() == 0) {
                throw Problem.TOO_MANY_REQUESTS.because(
                        "This was checked a moment ago; try again in " + BETWEEN_CHECKS.toSeconds() + " seconds");
            }
        }
        settle(known.claim(), looks.look(known.claim().subject(), known.claim().token()), now);
        return own(party, id);
    }

    private ChallengeState own(PartyId party, String id) throws SQLException {
        return (ID.matcher(id).matches()
                        ? one(" where c.party = ? and c.id = ?", party.number(), id)
                        : Optional.<ChallengeState>empty())
                .orElseThrow(() -> Problem.NOT_FOUND.because("The party has no such claim"));
    }

    /**
     * Gives a claim up, and with it any proof of its subject. The proof goes first: if this is interrupted the claim is
     * there to be given up again.
     */
    void giveUp(Caller caller, String id) throws SQLException {
        ControlChallenge claim = own(caller.party(), id).claim();
        if (claim.standing() != null) {
            endGivenUp(claim, caller.authority());
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_control_claim where id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
        // A look that was under way may have proved it meanwhile.
        if (isProved(claim)) {
            endGivenUp(claim, caller.authority());
        }
    }

    private boolean isProved(ControlChallenge claim) throws SQLException {
        return controls.at(List.of(claim.subject().key()), Positions.NEWEST).stream()
                .anyMatch(proof -> proof.party().equals(claim.party()));
    }

    private void endGivenUp(ControlChallenge claim, Authority authority) {
        try {
            propose(claim, authority, null, "The party gave it up");
        } catch (ProblemException ended) {
            if (ended.problem() != Problem.NOT_FOUND) {
                throw ended;
            }
            // Somebody else ended it first.
        }
    }

    /** Looks wherever it is time to; other nodes look elsewhere. */
    void checkDue(Instant now) throws SQLException {
        List<String> due = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement take = connection.prepareStatement("update party_control_claim set next_check_at = ?"
                        + " where id in (select id from party_control_claim where next_check_at <= ?"
                        + " order by next_check_at limit " + DUE_AT_ONCE + " for update skip locked) returning id")) {
            take.setObject(1, now.plus(UNDER_WAY).atOffset(ZoneOffset.UTC));
            take.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    due.add(row.getString(1));
                }
            }
        }
        for (String id : due) {
            Optional<ChallengeState> known = one(" where c.id = ?", id);
            if (known.isEmpty()) {
                continue;
            }
            ControlChallenge claim = known.get().claim();
            try {
                settle(claim, looks.look(claim.subject(), claim.token()), now);
            } catch (ProblemException later) {
                // Visited often enough, or too much under way: it stays due, and nothing was seen.
                LOG.debugf("%s is looked at later: %s", claim.subject(), later.detail());
            }
        }
    }

    private void settle(ControlChallenge claim, List<ControlCheck.MethodResult> look, Instant now) throws SQLException {
        ControlChallenge.Step step = claim.step(look, now);
        if (!record(claim, look, now)) {
            return;
        }
        switch (step) {
            case PROVE -> {
                ControlCheck.MethodResult found = ControlChallenge.found(look).orElseThrow();
                propose(claim, Authority.REGISTRY, found.method(), found.seen());
                if (one(" where c.id = ?", claim.id()).isEmpty()) {
                    endGivenUp(claim, Authority.REGISTRY);
                    return;
                }
                notices.tell(
                        claim.party(),
                        now,
                        Notices.Kind.CONTROL_PROVED,
                        claim.subject().canonical(),
                        null);
            }
            case WARN ->
                notices.tell(
                        claim.party(),
                        now,
                        Notices.Kind.CONTROL_GONE,
                        claim.subject().canonical(),
                        now.plus(ControlChallenge.GRACE));
            case LAPSE -> {
                propose(claim, Authority.REGISTRY, null, "The token was not seen since " + claim.goneSince());
                notices.tell(
                        claim.party(),
                        now,
                        Notices.Kind.CONTROL_LAPSED,
                        claim.subject().canonical(),
                        null);
            }
            case NONE -> {
                // Nothing to record.
            }
        }
        // Last, so that what was interrupted above is done again at the next look.
        remember(claim, look, step, now);
    }

    private void propose(ControlChallenge claim, Authority authority, @Nullable ControlMethod method, String seen) {
        Confidential confidential = Confidential.ofReason(seen);
        Ledger.await(ledger.propose(Proposal.confidential(
                confidential,
                authority,
                commitment -> method == null
                        ? new ControlEntry.ControlRevoked(claim.party(), claim.subject(), commitment)
                        : new ControlEntry.ControlProved(claim.party(), claim.subject(), method, commitment))));
    }

    /** Keeps what was seen; false if the claim was given up meanwhile. */
    private boolean record(ControlChallenge claim, List<ControlCheck.MethodResult> look, Instant now)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into party_control_check"
                        + " (claim, checked_at, method, outcome, validated, seen)"
                        + " select id, ?, ?, ?, ?, ? from party_control_claim where id = ? for key share"
                        + " on conflict do nothing")) {
            for (ControlCheck.MethodResult finding : look) {
                insert.setObject(1, now.atOffset(ZoneOffset.UTC));
                insert.setString(2, finding.method().wireName());
                insert.setString(3, finding.outcome().wireName());
                insert.setBoolean(4, finding.validated());
                insert.setString(5, finding.seen());
                insert.setString(6, claim.id());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return one(" where c.id = ?", claim.id()).isPresent();
    }

    private void remember(
            ControlChallenge claim, List<ControlCheck.MethodResult> look, ControlChallenge.Step step, Instant now)
            throws SQLException {
        Instant gone = claim.goneSince(look, step, now);
        Instant next = claim.nextLook(look, step, now, random.nextDouble());
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update party_control_claim"
                        + " set checked_at = ?, gone_since = ?, failures = ?, next_check_at = ? where id = ?")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setObject(2, gone == null ? null : gone.atOffset(ZoneOffset.UTC));
            update.setInt(3, ControlChallenge.found(look).isPresent() ? 0 : claim.failures() + 1);
            update.setObject(4, next == null ? null : next.atOffset(ZoneOffset.UTC));
            update.setString(5, claim.id());
            update.executeUpdate();
        }
    }

    private Optional<ChallengeState> one(String where, Object... values) throws SQLException {
        return some(where, values).stream().findFirst();
    }

    private List<ChallengeState> some(String where, Object... values) throws SQLException {
        List<ChallengeState> some = new ArrayList<>();
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
                    some.add(new ChallengeState(claim(row), row.getBoolean(11), checks(checks, row.getString(1))));
                }
            }
        }
        return some;
    }

    private static ControlChallenge claim(ResultSet row) throws SQLException {
        String method = row.getString(9);
        return new ControlChallenge(
                row.getString(1),
                new PartyId(row.getObject(2, UUID.class)),
                Subject.parse(row.getString(3)),
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

    private static List<Check> checks(PreparedStatement select, String claim) throws SQLException {
        List<Check> checks = new ArrayList<>();
        select.setString(1, claim);
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
