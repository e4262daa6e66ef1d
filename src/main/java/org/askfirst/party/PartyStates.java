package org.askfirst.party;

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
import org.askfirst.declaration.PartyId;
import org.askfirst.declaration.PartyState;
import org.askfirst.ledger.SqlArray;
import org.askfirst.subject.SubjectScheme;

/** Reads what is held of parties, at any position of the ledger. */
@ApplicationScoped
public class PartyStates {
    private final DataSource dataSource;

    PartyStates(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Of those parties, and of the bodies that vouch for them, whatever is held at that position. */
    public Map<PartyId, PartyState> at(Collection<PartyId> parties, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return at(connection, parties, position);
        }
    }

    /** The same, now. */
    public Map<PartyId, PartyState> now(Collection<PartyId> parties) throws SQLException {
        return at(parties, ControlProjection.FOR_EVER - 1);
    }

    /** Of that party, now; without those that vouch for it. */
    PartyState now(Connection connection, PartyId party) throws SQLException {
        return at(connection, List.of(party), ControlProjection.FOR_EVER - 1).getOrDefault(party, PartyState.PLAIN);
    }

    private static Map<PartyId, PartyState> at(Connection connection, Collection<PartyId> parties, long position)
            throws SQLException {
        Map<PartyId, List<PartyId>> vouchedBy = vouchedBy(connection, parties, position);
        Set<PartyId> all = new HashSet<>(parties);
        vouchedBy.values().forEach(all::addAll);
        Set<PartyId> erased = erased(connection, all, position);
        Map<PartyId, PartyState> states = new HashMap<>();
        for (PartyId party : all) {
            boolean gone = erased.contains(party);
            List<PartyId> bodies = vouchedBy.getOrDefault(party, List.of());
            if (gone || !bodies.isEmpty()) {
                states.put(party, new PartyState(gone, false, false, Set.of(), bodies));
            }
        }
        try (PreparedStatement select =
                connection.prepareStatement("select party, verified, suspended, vouches_for from party_state"
                        + " where party = any(?) and position <= ? and until_position > ?")) {
            select.setArray(1, SqlArray.ids(connection, all.stream().map(PartyId::number)));
            select.setLong(2, position);
            select.setLong(3, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    PartyId party = new PartyId(row.getObject(1, UUID.class));
                    PartyState known = states.getOrDefault(party, PartyState.PLAIN);
                    states.put(
                            party,
                            new PartyState(
                                    known.erased(),
                                    row.getBoolean(2),
                                    row.getBoolean(3),
                                    kinds((String[]) row.getArray(4).getArray()),
                                    known.vouchedBy()));
                }
            }
        }
        return states;
    }

    private static Map<PartyId, List<PartyId>> vouchedBy(
            Connection connection, Collection<PartyId> members, long position) throws SQLException {
        Map<PartyId, List<PartyId>> bodies = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select member, body from party_vouch"
                + " where member = any(?) and position <= ? and until_position > ? order by member, body")) {
            select.setArray(1, SqlArray.ids(connection, members.stream().map(PartyId::number)));
            select.setLong(2, position);
            select.setLong(3, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    bodies.computeIfAbsent(new PartyId(row.getObject(1, UUID.class)), member -> new ArrayList<>())
                            .add(new PartyId(row.getObject(2, UUID.class)));
                }
            }
        }
        return bodies;
    }

    private static Set<PartyId> erased(Connection connection, Collection<PartyId> parties, long position)
            throws SQLException {
        Set<PartyId> erased = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select party from party_erasure where party = any(?) and position <= ?")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setLong(2, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    erased.add(new PartyId(row.getObject(1, UUID.class)));
                }
            }
        }
        return erased;
    }

    static Set<SubjectScheme> kinds(String[] names) {
        Set<SubjectScheme> kinds = EnumSet.noneOf(SubjectScheme.class);
        Arrays.stream(names).forEach(name -> kinds.add(SubjectScheme.named(name).orElseThrow()));
        return kinds;
    }

    static List<String> names(Collection<SubjectScheme> kinds) {
        List<String> names = new ArrayList<>();
        kinds.forEach(kind -> names.add(kind.wireName()));
        names.sort(String::compareTo);
        return names;
    }
}
