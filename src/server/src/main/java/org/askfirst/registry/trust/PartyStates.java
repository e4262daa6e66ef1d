package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.budget.ProvedParties;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Trust;

/** Reads the states of parties, as of any position of the ledger. */
@ApplicationScoped
public class PartyStates implements ProvedParties {
    private final DataSource dataSource;

    PartyStates(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns the states of the parties, and of the bodies that vouch for them, as of the position. */
    public Map<PartyId, PartyState> at(Collection<PartyId> parties, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return at(connection, parties, position);
        }
    }

    /** Returns the current states of the parties, and of the bodies that vouch for them. */
    public Map<PartyId, PartyState> now(Collection<PartyId> parties) throws SQLException {
        return at(parties, Positions.NEWEST);
    }

    /**
     * Returns the current states of all parties that the operator has decided about, that a body vouches for, that
     * changed their contact, or whose mailbox answered.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public Map<PartyId, PartyState> all(Connection connection) throws SQLException {
        Set<PartyId> parties = new HashSet<>();
        try (PreparedStatement select =
                        connection.prepareStatement("select party from party_state where until_position = "
                                + Positions.NO_END
                                + " union select member from party_vouch where until_position = "
                                + Positions.NO_END
                                + " union select party from party_profile where changed and until_position = "
                                + Positions.NO_END
                                + " union select party from party_contact_check where until_position = "
                                + Positions.NO_END);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                parties.add(new PartyId(row.getObject(1, UUID.class)));
            }
        }
        return read(connection, parties, Positions.NEWEST);
    }

    /**
     * Returns the answers of the mailboxes that were in force at the position, of parties that have not changed their
     * contact since: answers show the contact of today, whatever their position.
     */
    public Map<PartyId, ContactCheck> contactChecks(Collection<PartyId> parties, long position) throws SQLException {
        Map<PartyId, ContactCheck> checks = new HashMap<>();
        if (parties.isEmpty()) {
            return checks;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select party, result from party_contact_check c"
                        + " where party = any(?) and position <= ? and until_position > ? and not exists"
                        + " (select 1 from party_profile f where f.party = c.party and f.position > c.position"
                        + " and not f.same_contact)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setLong(2, position);
            select.setLong(3, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    checks.put(
                            new PartyId(row.getObject(1, UUID.class)),
                            ContactCheck.named(row.getString(2)).orElseThrow());
                }
            }
        }
        return checks;
    }

    /** Returns the current state of the party, without the states of the bodies that vouch for it. */
    public PartyState now(Connection connection, PartyId party) throws SQLException {
        return at(connection, party, Positions.NEWEST);
    }

    /** Returns true if the party may vouch for others now. */
    public boolean isVouching(Connection connection, PartyId party) throws SQLException {
        PartyState state = now(connection, party);
        return !state.suspended() && !state.vouchesFor().isEmpty();
    }

    /** Returns the state of the party as of the position, without the states of the bodies that vouch for it. */
    static PartyState at(Connection connection, PartyId party, long position) throws SQLException {
        return read(connection, List.of(party), position).getOrDefault(party, PartyState.PLAIN);
    }

    private static Map<PartyId, PartyState> at(Connection connection, Collection<PartyId> parties, long position)
            throws SQLException {
        Map<PartyId, PartyState> states = read(connection, parties, position);
        Set<PartyId> bodies = new HashSet<>();
        states.values().forEach(state -> bodies.addAll(state.vouchedBy()));
        bodies.removeAll(states.keySet());
        if (!bodies.isEmpty()) {
            states.putAll(read(connection, bodies, position));
        }
        return states;
    }

    private static Map<PartyId, PartyState> read(Connection connection, Collection<PartyId> parties, long position)
            throws SQLException {
        Map<PartyId, PartyState> states = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select p.id, e.party is not null, coalesce(s.verified, false), coalesce(s.suspended, false),"
                        + " coalesce(s.vouches_for, '{}'), array(select v.body from party_vouch v where v.member = p.id"
                        + " and v.position <= n.position and v.until_position > n.position order by v.body),"
                        + " c.contactable, coalesce(k.result, 'none')"
                        + " from unnest(?::uuid[]) as p (id) cross join (select ?::bigint) as n (position)"
                        + " left join party_erasure e on e.party = p.id and e.position <= n.position"
                        + " left join party_state s on s.party = p.id and s.position <= n.position"
                        + " and s.until_position > n.position"
                        + " left join party_profile c on c.party = p.id and c.position <= n.position"
                        + " and c.until_position > n.position and c.changed"
                        + " left join party_contact_check k on k.party = p.id and k.position <= n.position"
                        + " and k.until_position > n.position")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setLong(2, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    List<PartyId> bodies = Arrays.stream(
                                    (UUID[]) row.getArray(6).getArray())
                            .map(PartyId::new)
                            .toList();
                    states.put(
                            new PartyId(row.getObject(1, UUID.class)),
                            new PartyState(
                                    row.getBoolean(2),
                                    row.getBoolean(3),
                                    row.getBoolean(4),
                                    schemes((String[]) row.getArray(5).getArray()),
                                    bodies,
                                    row.getObject(7, Boolean.class),
                                    ContactCheck.named(row.getString(8)).orElseThrow()));
                }
            }
        }
        return states;
    }

    /** Returns the parties that are verified, that vouch, or that a body vouches for, unless they are suspended. */
    @Override
    public Set<PartyId> among(Connection connection, Collection<PartyId> parties) throws SQLException {
        Map<PartyId, PartyState> states = at(connection, parties, Positions.NEWEST);
        PartyRegister register = PartyRegister.of(states, Map.of());
        Set<PartyId> proved = new HashSet<>();
        for (PartyId party : parties) {
            PartyState state = states.getOrDefault(party, PartyState.PLAIN);
            if (!state.suspended() && state.trust(register) != Trust.ASSERTED) {
                proved.add(party);
            }
        }
        return proved;
    }

    static Set<SubjectScheme> schemes(String[] names) {
        Set<SubjectScheme> schemes = EnumSet.noneOf(SubjectScheme.class);
        Arrays.stream(names)
                .forEach(name -> schemes.add(SubjectScheme.named(name).orElseThrow()));
        return schemes;
    }

    /** Returns the names of the schemes in alphabetical order. */
    public static List<String> names(Collection<SubjectScheme> schemes) {
        List<String> names = new ArrayList<>();
        schemes.forEach(scheme -> names.add(scheme.wireName()));
        names.sort(String::compareTo);
        return names;
    }
}
