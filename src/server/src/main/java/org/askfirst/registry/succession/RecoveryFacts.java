package org.askfirst.registry.succession;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.trust.Membership;
import org.askfirst.registry.trust.Memberships;
import org.askfirst.registry.trust.PartyStates;

/** Reads what {@link RecoveryDecisions} needs, in the transaction of the caller. */
@ApplicationScoped
class RecoveryFacts {
    private final PartyStates states;
    private final Clock clock;

    RecoveryFacts(PartyStates states, Clock clock) {
        this.states = states;
        this.clock = clock;
    }

    /** Returns the reason why the body may not confirm now who asks for a new key of the member. */
    Optional<String> obstacle(Connection connection, PartyId body, PartyId member) throws SQLException {
        Optional<Membership> membership = Memberships.find(connection, body, member, clock.instant());
        RecoveryDecisions.Earlier earlier = membership.isEmpty()
                ? RecoveryDecisions.Earlier.NONE
                : earlier(connection, body, member, membership.get().position());
        return RecoveryDecisions.obstacle(membership, states.now(connection, body), earlier, clock.instant());
    }

    /** Returns the number of recoveries of the party by its sites to which the holders of its keys may still object. */
    int waitingBySite(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from party_recovery_state"
                + " where party = ? and body is null and state = ? and until > ?")) {
            select.setObject(1, party.number());
            select.setString(2, Recoveries.State.WAITING.wireName());
            select.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static RecoveryDecisions.Earlier earlier(Connection connection, PartyId body, PartyId member, long since)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select coalesce(bool_or(state = ?), false),"
                + " coalesce(bool_or(state = ?), false) from party_recovery_state"
                + " where party = ? and body = ? and position > ?")) {
            select.setString(1, Recoveries.State.WAITING.wireName());
            select.setString(2, Recoveries.State.STOPPED.wireName());
            select.setObject(3, member.number());
            select.setObject(4, body.number());
            select.setLong(5, since);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new RecoveryDecisions.Earlier(row.getBoolean(1), row.getBoolean(2));
            }
        }
    }

    /** Returns the reason why a recovery that waits must not be completed any more. */
    Optional<String> end(Connection connection, String recovery) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select s.party, s.body, s.position,"
                + " exists (select 1 from party_key k where k.party = s.party and k.scope = ?"
                + " and k.used_at > e.recorded_at)"
                + " from party_recovery_state s join ledger_entry e on e.position = s.position"
                + " where s.recovery = ?")) {
            select.setString(1, KeyScope.FULL.wireName());
            select.setString(2, recovery);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                boolean keyUsed = row.getBoolean(4);
                UUID by = row.getObject(2, UUID.class);
                if (by == null) {
                    return RecoveryDecisions.end(keyUsed);
                }
                PartyId member = new PartyId(row.getObject(1, UUID.class));
                PartyId body = new PartyId(by);
                return RecoveryDecisions.end(
                        keyUsed,
                        row.getLong(3),
                        Memberships.find(connection, body, member, clock.instant()),
                        states.now(connection, body));
            }
        }
    }
}
