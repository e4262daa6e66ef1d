package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.entry.ControlEntry;
import org.askfirst.entry.Positions;
import org.askfirst.entry.TrustEntry;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.ledger.ActRule;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.Projection;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyState;

/**
 * Folds the operator's decisions about parties, and the vouching of bodies for members. Under the ledger's lock, it
 * refuses acts that these do not permit.
 */
@ApplicationScoped
class TrustProjection implements ActRule, Projection, ErasureListener {
    private static final int MAX_BODIES = 16;
    private static final String NOT_ENDED = " and until_position = " + Positions.NO_END;

    private final PartyStates states;

    TrustProjection(PartyStates states) {
        this.states = states;
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
                entry.handle(new Admission(connection, group, proposal));
            } else if (proposal.entry() instanceof ControlEntry.ControlProved proved && proved.by() != null) {
                admitProofBy(group, proposal, proved, proved.by());
            }
        }
    }

    private record Admission(Connection connection, GroupStates group, Proposal proposal)
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
        public void memberVouched(TrustEntry.MemberVouched vouched) throws SQLException {
            Map<PartyId, Long> bodies = bodies(connection, vouched.member());
            Long since = bodies.get(vouched.party());
            if (vouched.ends()) {
                if (since == null) {
                    proposal.refuse(Problem.NOT_FOUND.because("This party does not vouch for that one"));
                }
            } else if (group.isVouchingBody(proposal)) {
                if (since != null) {
                    proposal.answerWith(since);
                } else if (vouched.member().equals(vouched.party())) {
                    proposal.refuse(
                            Problem.INVALID_REQUEST.at("/party", Reason.OWN_PARTY, "a party cannot vouch for itself"));
                } else if (bodies.size() >= MAX_BODIES) {
                    proposal.refuse(Problem.FORBIDDEN.because(MAX_BODIES + " bodies vouch for this party already"));
                }
            }
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

    private static Map<PartyId, Long> bodies(Connection connection, PartyId member) throws SQLException {
        Map<PartyId, Long> bodies = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select body, position from party_vouch where member = ?" + NOT_ENDED)) {
            select.setObject(1, member.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    bodies.put(new PartyId(row.getObject(1, UUID.class)), row.getLong(2));
                }
            }
        }
        return bodies;
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
                trust.handle(new Fold(connection, states, entry.position(), effects));
            }
        }
        return effects;
    }

    private record Fold(Connection connection, PartyStates states, long position, List<Effect> effects)
            implements TrustEntry.Cases<SQLException> {
        @Override
        public void partyStatusDecided(TrustEntry.PartyStatusDecided decision) throws SQLException {
            PartyState after = states.now(connection, decision.party()).after(decision.ruling(), schemes(decision));
            insertState(connection, position, decision.party(), after);
            effects.add(effect(position, decision.party(), after));
        }

        @Override
        public void memberVouched(TrustEntry.MemberVouched vouched) throws SQLException {
            foldVouching(connection, position, vouched);
            effects.add(effect(position, vouched.member(), states.now(connection, vouched.member())));
        }
    }

    private static Effect effect(long position, PartyId party, PartyState state) {
        return new Effect.PartyStateChanged(position, party, state.withErased(false));
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
        public void memberVouched(TrustEntry.MemberVouched vouched) throws SQLException {
            read(vouched.member());
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

    private static void foldVouching(Connection connection, long position, TrustEntry.MemberVouched vouched)
            throws SQLException {
        String sql = vouched.ends()
                ? "update party_vouch set until_position = ? where member = ? and body = ?" + NOT_ENDED
                : "insert into party_vouch (position, member, body) values (?, ?, ?)";
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            change.setLong(1, position);
            change.setObject(2, vouched.member().number());
            change.setObject(3, vouched.party().number());
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
        return List.of("party_state", "party_vouch");
    }
}
