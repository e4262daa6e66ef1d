package org.askfirst.registry.trust;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlColumns;

/** Reads the offers of bodies to vouch, and for whom they vouch. */
@ApplicationScoped
public class Memberships {
    private static final String ROWS = "select body, member, position, offered_at, false,"
            + " case when declined then 'declined' else 'offered' end from party_vouch_offer where %1$s"
            + " union all select body, member, position, accepted_at, may_recover,"
            + " case when accepted_at is null then 'recorded' else 'accepted' end from party_vouch where %1$s"
            + " and until_position = " + Positions.NO_END + " order by position";

    private final DataSource dataSource;
    private final Clock clock;

    Memberships(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** Returns the offers to the member, and the bodies that vouch for it, in the order of their entries. */
    public List<Membership> of(PartyId member) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return of(connection, member, clock.instant());
        }
    }

    static List<Membership> of(Connection connection, PartyId member, Instant now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ROWS.formatted("member = ?"))) {
            select.setObject(1, member.number());
            select.setObject(2, member.number());
            return read(select, now);
        }
    }

    /** Returns the membership between the two. */
    public Optional<Membership> find(PartyId body, PartyId member) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, body, member, clock.instant());
        }
    }

    /**
     * Returns the membership between the two.
     *
     * @param connection the connection whose transaction defines what is recorded
     */
    public static Optional<Membership> find(Connection connection, PartyId body, PartyId member, Instant now)
            throws SQLException {
        return of(connection, member, now).stream()
                .filter(membership -> membership.body().equals(body))
                .findFirst();
    }

    /** Returns those memberships of the body whose position is later than {@code after}, in that order. */
    List<Membership> ofBody(PartyId body, long after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(ROWS.formatted("body = ? and position > ?") + " limit ?")) {
            select.setObject(1, body.number());
            select.setLong(2, after);
            select.setObject(3, body.number());
            select.setLong(4, after);
            select.setInt(5, limit);
            return read(select, clock.instant());
        }
    }

    private static List<Membership> read(PreparedStatement select, Instant now) throws SQLException {
        List<Membership> memberships = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                memberships.add(new Membership(
                                new PartyId(row.getObject(1, UUID.class)),
                                new PartyId(row.getObject(2, UUID.class)),
                                state(row.getString(6)),
                                row.getLong(3),
                                SqlColumns.momentOrNull(row, 4),
                                row.getBoolean(5))
                        .at(now));
            }
        }
        return memberships;
    }

    private static Membership.State state(String name) {
        for (Membership.State state : Membership.State.values()) {
            if (state.wireName().equals(name)) {
                return state;
            }
        }
        throw new IllegalArgumentException(name);
    }
}
