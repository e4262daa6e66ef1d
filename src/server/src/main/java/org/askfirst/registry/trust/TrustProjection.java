package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Positions;
import org.askfirst.entry.TrustEntry;
import org.askfirst.entry.VouchingStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.PartyState;
import org.jspecify.annotations.Nullable;

/**
 * Folds the operator's decisions about parties, and the vouching of bodies for members. Under the ledger's lock, it
 * refuses acts that these do not permit ({@link VouchingDecisions}).
 */
@ApplicationScoped
class TrustProjection implements ActRule, Projection, ErasureListener {
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private final PartyStates states;
    private final Clock clock;

    TrustProjection(PartyStates states, Clock clock) {
        this.states = states;
        this.clock = clock;
    }

    @Override
    public Stage stage() {
        return Stage.PERMISSIONS;
    }

    @Override
    public void admit(Connection connection, List<Proposal> open) throws SQLException {
        GroupStates group = new GroupStates(connection, states);
        for (Proposal proposal : open) {
            if (proposal.entry() instanceof TrustEntry entry) {
                entry.handle(new Admission(connection, group, proposal, clock.instant()));
            } else if (proposal.entry() instanceof ControlEntry.ControlProved proved && proved.by() != null) {
                admitProofBy(group, proposal, proved, proved.by());
            }
        }
    }

    private record Admission(Connection connection, GroupStates group, Proposal proposal, Instant now)
            implements TrustEntry.Cases<SQLException> {
        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided decision) throws SQLException {
            PartyState before = group.of(decision.party());
            if (before.erased()) {
                proposal.refuse(Problem.NOT_FOUND.because("There is no such party"));
            } else if (before.equals(before.after(decision.ruling(), schemes(decision)))) {
                long position = statePosition(connection, decision.party());
                if (position > 0) {
                    proposal.answerWith(position);
                } else {
                    proposal.refuse(
                            Problem.NOTHING_TO_CHANGE.because("The operator has decided nothing about this party yet"));
                }
            }
        }

        @Override
        public void vouchingChanged(TrustEntry.VouchingChanged changed) throws SQLException {
            List<Membership> ofMember = Memberships.of(connection, changed.member(), now);
            Optional<Membership> membership = ofMember.stream()
                    .filter(one -> one.body().equals(changed.body()))
                    .findFirst();
            switch (changed.step()) {
                case OFFERED -> {
                    if (!group.isVouchingBody(proposal)) {
                        return;
                    }
                }
                case ACCEPTED -> group.refuseSuspended(proposal);
                default -> {
                    // A suspended party may still do what restricts only itself.
                }
            }
            Optional<Membership> repeated =
                    VouchingDecisions.repeated(changed.step(), membership, changed.mayRecover());
            if (!proposal.isOpen()) {
                return;
            }
            if (repeated.isPresent()) {
                proposal.answerWith(repeated.get().position());
                return;
            }
            (switch (changed.step()) {
                        case OFFERED, VOUCHED -> VouchingDecisions.offer(changed.body(), changed.member(), ofMember);
                        case ACCEPTED, DECLINED, LEFT ->
                            VouchingDecisions.ofMember(changed.step(), membership, ofMember);
                        case UNVOUCHED -> VouchingDecisions.end(membership);
                    })
                    .ifPresent(proposal::refuse);
        }
    }

    private static Set<SubjectScheme> schemes(TrustEntry.PartyStatusDecided decision) {
        Set<SubjectScheme> schemes = EnumSet.noneOf(SubjectScheme.class);
        schemes.addAll(decision.schemes());
        return schemes;
    }

    /** Returns the position of the last decision about the party; 0 if there is none. */
    private static long statePosition(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_state where party = ?" + NOT_ENDED)) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static void admitProofBy(
            GroupStates group, Proposal proposal, ControlEntry.ControlProved proved, PartyId body) throws SQLException {
        if (!group.of(body).mayVouchFor(proved.subject().scheme())) {
            proposal.refuse(Problem.FORBIDDEN.because("This party may not vouch for subjects of the kind "
                    + proved.subject().scheme().wireName()));
        }
    }

    @Override
    public List<Effect> fold(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof TrustEntry trust) {
                trust.handle(new Fold(connection, states, entry, effects));
            }
        }
        return effects;
    }

    private record Fold(Connection connection, PartyStates states, LedgerEntry entry, List<Effect> effects)
            implements TrustEntry.Cases<SQLException> {
        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided decision) throws SQLException {
            PartyState after = states.now(connection, decision.party()).after(decision.ruling(), schemes(decision));
            insertState(connection, entry.position(), decision.party(), after);
            effects.add(effect(entry.position(), decision.party(), after));
        }

        @Override
        public void vouchingChanged(TrustEntry.VouchingChanged changed) throws SQLException {
            foldVouching(connection, entry, changed);
            if (changed.changesState()) {
                effects.add(effect(entry.position(), changed.member(), states.now(connection, changed.member())));
            }
        }
    }

    private static Effect effect(long position, PartyId party, PartyState state) {
        return new Effect.PartyStateChanged(
                position, party, state.withErased(false).withContact(null, ContactCheck.NONE));
    }

    @Override
    public List<Effect> effectsOf(Connection connection, List<LedgerEntry> entries) throws SQLException {
        List<Effect> effects = new ArrayList<>();
        for (LedgerEntry entry : entries) {
            if (entry.entry() instanceof TrustEntry trust) {
                trust.handle(new Reading(connection, entry.position(), effects));
            }
        }
        return effects;
    }

    private record Reading(Connection connection, long position, List<Effect> effects)
            implements TrustEntry.Cases<SQLException> {
        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided decision) throws SQLException {
            read(decision.party());
        }

        @Override
        public void vouchingChanged(TrustEntry.VouchingChanged changed) throws SQLException {
            if (changed.changesState()) {
                read(changed.member());
            }
        }

        private void read(PartyId party) throws SQLException {
            effects.add(effect(position, party, PartyStates.at(connection, party, position)));
        }
    }

    private static void insertState(Connection connection, long position, PartyId party, PartyState state)
            throws SQLException {
        try (PreparedStatement end = connection.prepareStatement(
                        "update party_state set until_position = ? where party = ?" + NOT_ENDED);
                PreparedStatement insert = connection.prepareStatement("insert into party_state"
                        + " (party, position, verified, suspended, vouches_for) values (?, ?, ?, ?, ?)")) {
            end.setLong(1, position);
            end.setObject(2, party.number());
            end.executeUpdate();
            insert.setObject(1, party.number());
            insert.setLong(2, position);
            insert.setBoolean(3, state.verified());
            insert.setBoolean(4, state.suspended());
            insert.setArray(5, SqlArray.texts(connection, PartyStates.names(state.vouchesFor()).stream()));
            insert.executeUpdate();
        }
    }

    private static void foldVouching(Connection connection, LedgerEntry entry, TrustEntry.VouchingChanged changed)
            throws SQLException {
        UUID member = changed.member().number();
        UUID body = changed.body().number();
        OffsetDateTime at = entry.recordedAt().atOffset(ZoneOffset.UTC);
        switch (changed.step()) {
            case OFFERED ->
                change(
                        connection,
                        "insert into party_vouch_offer (member, body, position, offered_at) values (?, ?, ?, ?)"
                                + " on conflict (member, body) do update set position = excluded.position,"
                                + " offered_at = excluded.offered_at, declined = false",
                        member,
                        body,
                        entry.position(),
                        at);
            case DECLINED ->
                change(
                        connection,
                        "update party_vouch_offer set declined = true where member = ? and body = ?",
                        member,
                        body);
            case UNVOUCHED, LEFT -> end(connection, entry.position(), member, body);
            case ACCEPTED, VOUCHED -> {
                end(connection, entry.position(), member, body);
                change(
                        connection,
                        "insert into party_vouch (position, member, body, accepted_at, may_recover)"
                                + " values (?, ?, ?, ?, ?)",
                        entry.position(),
                        member,
                        body,
                        changed.step() == VouchingStep.ACCEPTED ? at : null,
                        changed.mayRecover());
            }
        }
    }

    private static void end(Connection connection, long position, UUID member, UUID body) throws SQLException {
        change(connection, "delete from party_vouch_offer where member = ? and body = ?", member, body);
        change(
                connection,
                "update party_vouch set until_position = ? where member = ? and body = ?" + NOT_ENDED,
                position,
                member,
                body);
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
    public String part() {
        return "trust: the reasons for the operator's decisions";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select position from party_state where party = ?")) {
            select.setObject(1, party.number());
            return ErasureListener.positions(select);
        }
    }

    @Override
    public List<String> tables() {
        return List.of("party_state", "party_vouch", "party_vouch_offer");
    }
}
