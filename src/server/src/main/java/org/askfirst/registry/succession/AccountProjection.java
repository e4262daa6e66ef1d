package org.askfirst.registry.succession;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Positions;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.passkey.Passkeys;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.registry.webhook.Webhooks;
import org.askfirst.verdict.ContactCheck;
import org.jspecify.annotations.Nullable;

/**
 * Folds names and contacts, recoveries of lost keys, successions, and the closing of accounts.
 *
 * <p>The tables of keys and of webhooks are no projections. But the folds also revoke keys, add recovered keys, and
 * delete the webhook of a former holder, so that this is effective as soon as the entry is recorded. To fold an entry
 * again changes nothing, because an entry ends only what was made before it.
 */
@ApplicationScoped
class AccountProjection implements ActRule, Projection, ErasureListener {

    private final PartyStates states;
    private final RecoveryFacts facts;
    private final Clock clock;

    AccountProjection(PartyStates states, RecoveryFacts facts, Clock clock) {
        this.states = states;
        this.facts = facts;
        this.clock = clock;
    }

    private record Recovery(PartyId party, Recoveries.State state, Instant until) {}

    @Override
    public Stage stage() {
        return Stage.STATE;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof AccountEntry entry) {
                entry.handle(new Admission(connection, proposal));
            }
        }
    }

    private final class Admission implements AccountEntry.Cases<SQLException> {
        private final Connection connection;
        private final Proposal proposal;

        Admission(Connection connection, Proposal proposal) {
            this.connection = connection;
            this.proposal = proposal;
        }

        @Override
        public void described(AccountEntry.Described described) throws SQLException {
            admitDescription(connection, proposal, described);
        }

        @Override
        public void contactChecked(AccountEntry.ContactChecked checked) throws SQLException {
            admitCheck(connection, proposal, checked);
        }

        @Override
        public void recoveryChanged(AccountEntry.RecoveryChanged changed) throws SQLException {
            admitRecovery(connection, proposal, changed);
        }

        @Override
        public void successorNamed(AccountEntry.SuccessorNamed named) throws SQLException {
            admitNaming(connection, proposal, named);
        }

        @Override
        public void succeeded(AccountEntry.Succeeded succeeded) throws SQLException {
            admitSuccession(connection, proposal, succeeded);
        }

        @Override
        public void erased(AccountEntry.Erased erased) throws SQLException {
            if (proposal.authority().equals(Authority.REGISTRY) && !isDue(connection, erased.party())) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The party is not being closed"));
            }
        }
    }

    /** Answers a party that is recorded already, or that changes nothing, with the entry that is there. */
    private static void admitDescription(Connection connection, Proposal proposal, AccountEntry.Described described)
            throws SQLException {
        Confidential part = proposal.confidential();
        try (PreparedStatement select =
                connection.prepareStatement("select f.position, p.name is not distinct from ? and p.contact is not"
                        + " distinct from ? and p.relay = ?, p.contact is not null and p.contact = ? from party_profile f join party p on p.id = f.party"
                        + " where f.party = ? and f.until_position = " + Positions.NO_END)) {
            select.setString(1, part == null ? null : part.name());
            select.setString(2, part == null ? null : part.contact());
            select.setBoolean(3, part != null && part.relay());
            select.setString(4, part == null ? null : part.contact());
            select.setObject(5, described.party().number());
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    if (described.opens() || row.getBoolean(2)) {
                        proposal.answerWith(row.getLong(1));
                    } else if (described.sameContact() && !row.getBoolean(3)) {
                        proposal.refuse(Problem.UNAVAILABLE.withoutEffect(
                                "Another request changes the contact at the same time; try again"));
                    }
                }
            }
        }
    }

    /**
     * Refuses the answer of a mailbox about a contact that the party has changed meanwhile. A mailbox that refused once
     * cannot confirm the same contact: the link may have reached somebody else.
     */
    private static void admitCheck(Connection connection, Proposal proposal, AccountEntry.ContactChecked checked)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select c.position, c.result from party_profile f"
                + " left join party_contact_check c on c.party = f.party and c.until_position = " + Positions.NO_END
                + " where f.party = ? and f.position = ? and f.until_position = " + Positions.NO_END
                + " and not exists (select 1 from party_erasure e where e.party = f.party)")) {
            select.setObject(1, checked.party().number());
            select.setLong(2, checked.describedAt());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                            "The party has changed its name or its contact meanwhile"));
                } else if (checked.check().wireName().equals(row.getString(2))) {
                    proposal.answerWith(row.getLong(1));
                } else if (ContactCheck.REFUSED.wireName().equals(row.getString(2))) {
                    proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The mailbox has refused this contact"));
                }
            }
        }
    }

    private boolean isDue(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1 from party_closing where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private void admitRecovery(Connection connection, Proposal proposal, AccountEntry.RecoveryChanged changed)
            throws SQLException {
        Optional<Recovery> recovery = recovery(connection, changed.recovery());
        PartyId by = changed.by();
        if (states.now(connection, changed.party()).erased()) {
            proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
        } else if (changed.step() == RecoveryStep.BEGUN) {
            if (recovery.isPresent()) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The recovery has already begun"));
            } else if (by != null) {
                facts.obstacle(connection, by, changed.party())
                        .ifPresent(reason -> proposal.refuse(Problem.FORBIDDEN.because(reason)));
            } else {
                RecoveryDecisions.tooMany(facts.waitingBySite(connection, changed.party()))
                        .ifPresent(proposal::refuse);
            }
        } else if (recovery.isEmpty()
                || !recovery.get().party().equals(changed.party())
                || recovery.get().state() != Recoveries.State.WAITING) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("This party has no such recovery that is waiting"));
        } else if (changed.step() == RecoveryStep.DONE) {
            RecoveryDecisions.tooEarly(recovery.get().until(), clock.instant()).ifPresent(proposal::refuse);
            if (proposal.isOpen()) {
                facts.end(connection, changed.recovery())
                        .ifPresent(reason -> proposal.refuse(Problem.NOTHING_TO_CHANGE.because(reason)));
            }
        }
    }

    private static Optional<Recovery> recovery(Connection connection, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select party, state, until from party_recovery_state where recovery = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Recovery(
                                new PartyId(row.getObject(1, UUID.class)),
                                Recoveries.State.named(row.getString(2)),
                                SqlColumns.moment(row, 3)))
                        : Optional.empty();
            }
        }
    }

    private static void admitNaming(Connection connection, Proposal proposal, AccountEntry.SuccessorNamed named)
            throws SQLException {
        Optional<PartyId> before = successor(connection, named.party(), false);
        if (successor(connection, named.party(), true).isPresent()) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The account was already transferred to a successor"));
        } else if (named.party().equals(named.successor())) {
            proposal.refuse(
                    Problem.INVALID_REQUEST.at("/party", Reason.OWN_PARTY, "a party cannot be its own successor"));
        } else if (before.equals(Optional.ofNullable(named.successor()))) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                    named.successor() == null ? "The party has no successor" : "The party has this successor already"));
        }
    }

    private void admitSuccession(Connection connection, Proposal proposal, AccountEntry.Succeeded succeeded)
            throws SQLException {
        if (successor(connection, succeeded.party(), true).isPresent()) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The account was already transferred"));
        } else if (!successor(connection, succeeded.party(), false).equals(Optional.of(succeeded.successor()))
                || states.now(connection, succeeded.party()).erased()
                || states.now(connection, succeeded.successor()).erased()) {
            proposal.refuse(Problem.FORBIDDEN.because("The party has not named this successor"));
        }
    }

    private static Optional<PartyId> successor(Connection connection, PartyId party, boolean succeeded)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select successor from party_successor where party = ? and (succeeded is not null) = ?")) {
            select.setObject(1, party.number());
            select.setBoolean(2, succeeded);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new PartyId(row.getObject(1, UUID.class))) : Optional.empty();
            }
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof AccountEntry account) {
                account.handle(new Fold(connection, entry));
            }
        }
        return List.of();
    }

    private record Fold(Connection connection, LedgerEntry entry) implements AccountEntry.Cases<SQLException> {
        @Override
        public void described(AccountEntry.Described described) throws SQLException {
            foldDescription(connection, entry, described);
        }

        @Override
        public void contactChecked(AccountEntry.ContactChecked checked) throws SQLException {
            endCheck(connection, checked.party(), entry.position());
            change(
                    connection,
                    "insert into party_contact_check (party, position, result) values (?, ?, ?)",
                    checked.party().number(),
                    entry.position(),
                    checked.check().wireName());
        }

        @Override
        public void recoveryChanged(AccountEntry.RecoveryChanged changed) throws SQLException {
            foldRecovery(connection, entry, changed);
        }

        @Override
        public void successorNamed(AccountEntry.SuccessorNamed named) throws SQLException {
            foldNaming(connection, entry.position(), named.party(), named.successor());
        }

        @Override
        public void succeeded(AccountEntry.Succeeded succeeded) throws SQLException {
            change(
                    connection,
                    "update party_successor set succeeded = ? where party = ?",
                    entry.position(),
                    succeeded.party().number());
            endKeys(connection, succeeded.party(), entry.recordedAt());
        }

        @Override
        public void erased(AccountEntry.Erased erased) throws SQLException {
            change(
                    connection,
                    "insert into party_erasure (party, position) values (?, ?) on conflict do nothing",
                    erased.party().number(),
                    entry.position());
        }
    }

    /** Returns no effects, because an entry about an account states everything that it changes. */
    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) {
        return List.of();
    }

    @Override
    public String part() {
        return "account: name, contact, keys, sessions and notices, and the evidence of recoveries and successions";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        change(connection, "delete from party_notice where party = ?", party.number());
        change(connection, "delete from party_recovery where party = ?", party.number());
        change(
                connection,
                "update party set name = null, contact = null, relay = false where id = ?"
                        + " and (name is not null or contact is not null)",
                party.number());
        change(connection, "delete from party_session_link where party = ?", party.number());
        change(connection, "delete from party_session where party = ?", party.number());
        change(connection, "delete from party_mail_link where party = ?", party.number());
        change(connection, "delete from party_mail_sign_in where party = ?", party.number());
        change(connection, "delete from party_closing where party = ?", party.number());
        change(connection, "update party_key set label = null where party = ? and label is not null", party.number());
        change(
                connection,
                "update party_key set revoked_at = ? where party = ? and revoked_at is null",
                at.atOffset(ZoneOffset.UTC),
                party.number());
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_recovery_state where party = ? union"
                        + " select position from party_profile where party = ? union"
                        + " select succeeded from party_successor where party = ? and succeeded is not null")) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            select.setObject(3, party.number());
            return ErasureListener.positions(select);
        }
    }

    /**
     * Folds a name and a contact. The table of parties is not a projection, and an entry that is folded again must not
     * bring an older name back, so the table remembers the position of the entry that it shows.
     */
    private static void foldDescription(Connection connection, LedgerEntry entry, AccountEntry.Described described)
            throws SQLException {
        UUID party = described.party().number();
        if (!described.sameContact()) {
            endCheck(connection, described.party(), entry.position());
        }
        change(
                connection,
                "update party_profile set until_position = ? where party = ? and until_position = " + Positions.NO_END,
                entry.position(),
                party);
        change(
                connection,
                "insert into party_profile (party, position, changed, contactable, same_contact) values (?, ?, ?, ?, ?)",
                party,
                entry.position(),
                !described.opens(),
                described.contactable(),
                described.sameContact());
        Confidential part = entry.confidential();
        if (part != null) {
            change(
                    connection,
                    "update party set name = ?, contact = ?, relay = ?, profile_position = ? where id = ?"
                            + " and profile_position < ?",
                    part.name(),
                    part.contact(),
                    part.relay(),
                    entry.position(),
                    party,
                    entry.position());
        }
    }

    private static void endCheck(Connection connection, PartyId party, long position) throws SQLException {
        change(
                connection,
                "update party_contact_check set until_position = ? where party = ? and until_position = "
                        + Positions.NO_END,
                position,
                party.number());
    }

    private static void foldRecovery(Connection connection, LedgerEntry entry, AccountEntry.RecoveryChanged changed)
            throws SQLException {
        PartyId by = changed.by();
        switch (changed.step()) {
            case BEGUN ->
                change(
                        connection,
                        "insert into party_recovery_state (recovery, party, body, position, state, until)"
                                + " values (?, ?, ?, ?, ?, ?)",
                        changed.recovery(),
                        changed.party().number(),
                        by == null ? null : by.number(),
                        entry.position(),
                        Recoveries.State.WAITING.wireName(),
                        entry.recordedAt().plus(Recoveries.WAITING_PERIOD).atOffset(ZoneOffset.UTC));
            case STOPPED ->
                change(
                        connection,
                        "update party_recovery_state set state = ? where recovery = ?",
                        Recoveries.State.STOPPED.wireName(),
                        changed.recovery());
            case DONE -> {
                change(
                        connection,
                        "update party_recovery_state set state = ? where recovery = ?",
                        Recoveries.State.RECOVERED.wireName(),
                        changed.recovery());
                endKeys(connection, changed.party(), entry.recordedAt());
                change(
                        connection,
                        "insert into party_key (id, party, hash, created_at) select key_id, party, hash, ?"
                                + " from party_recovery where id = ? on conflict do nothing",
                        entry.recordedAt().atOffset(ZoneOffset.UTC),
                        changed.recovery());
            }
        }
    }

    /**
     * Revokes the keys and passkeys that were made before, ends the sign-in by e-mail, and deletes the webhook that one of
     * their holders may have set.
     */
    private static void endKeys(Connection connection, PartyId party, Instant at) throws SQLException {
        change(
                connection,
                "update party_key set revoked_at = ? where party = ? and revoked_at is null and created_at < ?",
                at.atOffset(ZoneOffset.UTC),
                party.number(),
                at.atOffset(ZoneOffset.UTC));
        Passkeys.removeMadeBefore(connection, party, at);
        MailSignIns.removeTurnedOnBefore(connection, party, at);
        Webhooks.deleteSetBefore(connection, party, at);
    }

    private static void foldNaming(Connection connection, long position, PartyId party, @Nullable PartyId successor)
            throws SQLException {
        change(connection, "delete from party_successor where party = ?", party.number());
        if (successor != null) {
            change(
                    connection,
                    "insert into party_successor (party, successor, position) values (?, ?, ?)",
                    party.number(),
                    successor.number(),
                    position);
        }
    }

    private static void change(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                change.setObject(i + 1, values[i]);
            }
            change.executeUpdate();
        }
    }

    @Override
    public List<String> tables() {
        return List.of(
                "party_recovery_state", "party_successor", "party_erasure", "party_profile", "party_contact_check");
    }
}
