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
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.PartyState;

/** Reads the states of parties, as of any position of the ledger. */
@ApplicationScoped
public class PartyStates {
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
     * Returns the current states of all parties that the operator has decided about or that a body vouches for.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public Map<PartyId, PartyState> all(Connection connection) throws SQLException {
        Set<PartyId> parties = new HashSet<>();
        try (PreparedStatement select =
                        connection.prepareStatement("select party from party_state where until_position = "
                                + Positions.NO_END
                                + " union select member from party_vouch where until_position = "
                                + Positions.NO_END);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                parties.add(new PartyId(row.getObject(1, UUID.class)));
            }
        }
        return read(connection, parties, Positions.NEWEST);
    }

    /** Returns the current state of the party, without the states of the bodies that vouch for it. */
    public PartyState now(Connection connection, PartyId party) throws SQLException {
        return at(connection, party, Positions.NEWEST);
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
                        + " and v.position <= n.position and v.until_position > n.position order by v.body)"
                        + " from unnest(?::uuid[]) as p (id) cross join (select ?::bigint) as n (position)"
                        + " left join party_erasure e on e.party = p.id and e.position <= n.position"
                        + " left join party_state s on s.party = p.id and s.position <= n.position"
                        + " and s.until_position > n.position")) {
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
                                    bodies));
                }
            }
        }
        return states;
    }

    static Set<SubjectScheme> schemes(String[] names) {
        Set<SubjectScheme> schemes = EnumSet.noneOf(SubjectScheme.class);
        Arrays.stream(names).forEach(name -> schemes.add(SubjectScheme.named(name).orElseThrow()));
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
