package org.askfirst.registry.offer;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.OfferCoverage;
import org.askfirst.entry.OfferEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** The table {@code offer}. */
@ApplicationScoped
class OfferStore {
    private static final String SELECT = "select id, position, until_position, first_position, recorded_at, party,"
            + " declarations, subjects, terms, automatic from offer";
    private static final String IN_FORCE = "until_position = " + Positions.NO_END;

    private final DataSource dataSource;

    OfferStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns the newest version of an offer, in force or not. */
    Optional<Offer> find(OfferId id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, id);
        }
    }

    static Optional<Offer> find(Connection connection, OfferId id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + " where id = ? order by position desc limit 1")) {
            select.setObject(1, id.number());
            return read(select).stream().findFirst();
        }
    }

    /** Returns how many offers of the party are in force. */
    static long count(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select count(*) from offer where party = ? and " + IN_FORCE)) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Returns offers in force, oldest version first.
     *
     * @param party the licensor; null for all
     * @param after the position of the last offer of the previous page; 0 for the first page
     */
    List<Offer> page(@Nullable PartyId party, long after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where " + IN_FORCE
                        + (party == null ? "" : " and party = ?") + " and position > ? order by position limit ?")) {
            int column = 1;
            if (party != null) {
                select.setObject(column++, party.number());
            }
            select.setLong(column++, after);
            select.setInt(column, limit);
            return read(select);
        }
    }

    /** Returns the offers of the parties that were in force at a position. */
    List<Offer> at(Collection<PartyId> parties, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        SELECT + " where party = any(?) and position <= ? and until_position > ? order by position")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            select.setLong(2, position);
            select.setLong(3, position);
            return read(select);
        }
    }

    /** Returns the versions that began after the position, or that began before it and ended after it. */
    List<Offer> changedSince(long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where position > ? union all "
                        + SELECT + " where until_position > ? and until_position < " + Positions.NO_END
                        + " and position <= ? order by 2")) {
            select.setLong(1, position);
            select.setLong(2, position);
            select.setLong(3, position);
            return read(select);
        }
    }

    /** Ends the version that is in force. Returns the position at which the offer was published; 0 if none is in force. */
    static long end(Connection connection, OfferId id, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update offer set until_position = ? where id = ? and " + IN_FORCE + " returning first_position")) {
            update.setLong(1, position);
            update.setObject(2, id.number());
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** Ends all offers of the party. */
    static void endAll(Connection connection, PartyId party, long position) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update offer set until_position = ? where party = ? and " + IN_FORCE)) {
            update.setLong(1, position);
            update.setObject(2, party.number());
            update.executeUpdate();
        }
    }

    static void insert(Connection connection, LedgerEntry entry, OfferEntry.OfferStated stated, long firstPosition)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into offer (id, position, first_position,"
                + " recorded_at, party, declarations, subjects, terms, automatic)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            OfferCoverage coverage = stated.coverage();
            insert.setObject(1, stated.offer().number());
            insert.setLong(2, entry.position());
            insert.setLong(3, firstPosition);
            insert.setObject(4, entry.recordedAt().atOffset(ZoneOffset.UTC));
            insert.setObject(5, stated.party().number());
            insert.setArray(
                    6, SqlArray.ids(connection, coverage.declarations().stream().map(DeclarationId::number)));
            insert.setArray(
                    7, SqlArray.texts(connection, coverage.subjects().stream().map(Subject::canonical)));
            insert.setString(8, stated.terms().toJson());
            insert.setBoolean(9, stated.automatic());
            insert.executeUpdate();
        }
    }

    private static List<Offer> read(PreparedStatement select) throws SQLException {
        List<Offer> offers = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                offers.add(new Offer(
                        new OfferId(row.getObject(1, UUID.class)),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        SqlColumns.moment(row, 5),
                        new PartyId(row.getObject(6, UUID.class)),
                        new OfferCoverage(
                                Stream.of((UUID[]) row.getArray(7).getArray())
                                        .map(DeclarationId::new)
                                        .toList(),
                                Stream.of((String[]) row.getArray(8).getArray())
                                        .map(Subject::ofStored)
                                        .toList()),
                        LicenseTerms.parse(row.getString(9)),
                        row.getBoolean(10)));
            }
        }
        return offers;
    }

    /** Returns the positions of all versions of the party's offers. */
    static List<Long> positions(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position from offer where party = ?")) {
            select.setObject(1, party.number());
            List<Long> positions = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
            return positions;
        }
    }
}
