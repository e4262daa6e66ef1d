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
import org.askfirst.entry.Positions;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.registry.trust.PartyStates;
import org.jspecify.annotations.Nullable;

/**
 * Folds recoveries of lost keys, successions, and the closing of accounts.
 *
 * <p>The table of keys is not a projection. But the folds also revoke keys and add recovered keys, so that this is
 * effective as soon as the entry is recorded. To fold an entry again changes nothing, because an entry revokes only
 * keys that were created before it.
 */
@ApplicationScoped
class AccountProjection implements ActRule, Projection, ErasureListener {

    private final PartyStates states;
    private final Clock clock;

    AccountProjection(PartyStates states, Clock clock) {
        this.states = states;
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
        public void erased(AccountEntry.Erased erased) {
            // Each key of the party may close it at any time. After that, no key works.
        }
    }

    private void admitRecovery(Connection connection, Proposal proposal, AccountEntry.RecoveryChanged changed)
            throws SQLException {
        Optional<Recovery> recovery = recovery(connection, changed.recovery());
        PartyId by = changed.by();
        if (changed.step() == RecoveryStep.BEGUN) {
            if (states.now(connection, changed.party()).erased()) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
            } else if (recovery.isPresent()) {
                proposal.refuse(Problem.NOTHING_TO_CHANGE.because("The recovery has already begun"));
            } else if (by != null && !vouches(connection, by, changed.party())) {
                proposal.refuse(Problem.FORBIDDEN.because("Only a body that vouches for the party may do this"));
            }
        } else if (recovery.isEmpty()
                || !recovery.get().party().equals(changed.party())
                || recovery.get().state() != Recoveries.State.WAITING) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because("This party has no such recovery that is waiting"));
        } else if (changed.step() == RecoveryStep.DONE
                && clock.instant().isBefore(recovery.get().until())) {
            proposal.refuse(Problem.NOTHING_TO_CHANGE.because(
                    "The holders of the party's keys may object until " + recovery.get().until()));
        }
    }

    private boolean vouches(Connection connection, PartyId body, PartyId member) throws SQLException {
        if (states.now(connection, body).suspended()) {
            return false;
        }
        try (PreparedStatement select = connection.prepareStatement("select 1 from party_vouch"
                + " where body = ? and member = ? and until_position = " + Positions.NO_END)) {
            select.setObject(1, body.number());
            select.setObject(2, member.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
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
            revokeKeys(connection, succeeded.party(), entry.recordedAt());
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
        return "account: name, contact, keys and notices, and the evidence of recoveries and successions";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        change(connection, "delete from party_notice where party = ?", party.number());
        change(connection, "update party set name = null, contact = null where id = ?", party.number());
        change(
                connection,
                "update party_key set revoked_at = ? where party = ? and revoked_at is null",
                at.atOffset(ZoneOffset.UTC),
                party.number());
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_recovery_state where party = ? union"
                        + " select succeeded from party_successor where party = ? and succeeded is not null")) {
            select.setObject(1, party.number());
            select.setObject(2, party.number());
            return ErasureListener.positions(select);
        }
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
                revokeKeys(connection, changed.party(), entry.recordedAt());
                change(
                        connection,
                        "insert into party_key (id, party, hash, created_at) select key_id, party, hash, ?"
                                + " from party_recovery where id = ? on conflict do nothing",
                        entry.recordedAt().atOffset(ZoneOffset.UTC),
                        changed.recovery());
            }
        }
    }

    private static void revokeKeys(Connection connection, PartyId party, Instant at) throws SQLException {
        change(
                connection,
                "update party_key set revoked_at = ? where party = ? and revoked_at is null and created_at < ?",
                at.atOffset(ZoneOffset.UTC),
                party.number(),
                at.atOffset(ZoneOffset.UTC));
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
        return List.of("party_recovery_state", "party_successor", "party_erasure");
    }
}
