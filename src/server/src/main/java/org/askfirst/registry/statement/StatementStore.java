package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/** Reads statements by subject key, as of any position of the ledger. */
@ApplicationScoped
public class StatementStore {

    private static final String COLUMNS = "key, position, declaration, party, subject, stances, address,"
            + " lasting_address, party_address, valid_from, valid_to, mandate";

    /** Number of rows that the driver fetches at a time when all rows are read. */
    private static final int BLOCK = 5_000;

    private final DataSource dataSource;

    StatementStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A statement about one subject, as it is stored.
     *
     * @param subject canonical
     * @param contact the address at which somebody can be asked
     * @param mandate under which the party speaks for a member; null if the party speaks for itself
     * @param listedAt position of the entry by which a repertoire lists the subject; 0 if the declaration names the
     *     subject
     */
    public record Stated(
            SubjectKey key,
            long position,
            DeclarationId declaration,
            PartyId party,
            String subject,
            Stances stances,
            Contact contact,
            Period period,
            @Nullable MandateId mandate,
            long listedAt) {
        /** Returns the terms of the statement, which do not depend on the subject. */
        public StatementTerms terms() {
            return new StatementTerms(party, position, stances, contact, period, mandate).ofListed(listedAt);
        }

        /**
         * Returns true if this is the statement of a repertoire, which applies to listed subjects and names none
         * itself.
         */
        public boolean isOfRepertoire() {
            return subject.equals(Repertoire.nameOf(declaration));
        }

        private Stated listedBy(Listings.ListingRow listing) {
            return new Stated(
                    listing.key(),
                    position,
                    declaration,
                    party,
                    listing.subject(),
                    stances,
                    contact,
                    period,
                    mandate,
                    listing.position());
        }

        /** Returns the position since which the statement has applied to the subject. */
        private long appliesSince() {
            return listedAt == 0 ? position : listedAt;
        }
    }

    /**
     * Returns all statements in force at {@code position} about subjects with the keys, those of repertoires that list
     * the subjects included. They are in the order in which they were made, or in which the subject was listed.
     */
    public List<Stated> at(Collection<SubjectKey> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            List<Stated> statements = at(connection, keys, position);
            if (addListed(connection, keys, position, statements)) {
                statements.sort(Comparator.comparing(Stated::appliesSince));
            }
            return statements;
        }
    }

    /** Returns only the statements of repertoires that list subjects with the keys, in no order. */
    public List<Stated> listed(Collection<SubjectKey> keys, long position) throws SQLException {
        List<Stated> statements = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            addListed(connection, keys, position, statements);
        }
        return statements;
    }

    /** Adds the statements of repertoires that list subjects with the keys; returns false if no repertoire does. */
    private static boolean addListed(
            Connection connection, Collection<SubjectKey> keys, long position, List<Stated> statements)
            throws SQLException {
        List<Listings.ListingRow> listings = Listings.at(connection, keys, position);
        if (listings.isEmpty()) {
            return false;
        }
        Set<SubjectKey> repertoires = new HashSet<>();
        listings.forEach(listing -> repertoires.add(Repertoire.keyOf(listing.repertoire())));
        Map<DeclarationId, Stated> ofRepertoires = new HashMap<>();
        at(connection, repertoires, position).forEach(stated -> ofRepertoires.put(stated.declaration(), stated));
        for (Listings.ListingRow listing : listings) {
            Stated stated = ofRepertoires.get(listing.repertoire());
            if (stated != null) {
                statements.add(stated.listedBy(listing));
            }
        }
        return true;
    }

    private static List<Stated> at(Connection connection, Collection<SubjectKey> keys, long position)
            throws SQLException {
        List<Stated> statements = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from standing_statement"
                + " where key = any(?) and position <= ? and until_position > ? order by position")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            select.setFetchSize(0);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    statements.add(stated(row));
                }
            }
        }
        return statements;
    }

    /**
     * Passes all statements in force to {@code reader}, in no order.
     *
     * @param connection with the transaction whose snapshot defines "in force"
     */
    public void all(Connection connection, StatedReader reader) throws SQLException, IOException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from standing_statement where until_position = " + Positions.NO_END)) {
            select.setFetchSize(BLOCK);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reader.read(stated(row));
                }
            }
        }
    }

    /** Receives statements one after another. */
    public interface StatedReader {
        void read(Stated stated) throws IOException;
    }

    private static Stated stated(ResultSet row) throws SQLException {
        UUID mandate = row.getObject(12, UUID.class);
        return new Stated(
                SubjectKey.of(row.getBytes(1)),
                row.getLong(2),
                new DeclarationId(row.getObject(3, UUID.class)),
                new PartyId(row.getObject(4, UUID.class)),
                row.getString(5),
                Stances.fromPacked(row.getInt(6)),
                contact(row.getBoolean(7), row.getBoolean(8), row.getBoolean(9)),
                new Period(SqlColumns.momentOrNull(row, 10), SqlColumns.momentOrNull(row, 11)),
                mandate == null ? null : new MandateId(mandate),
                0);
    }

    /** Returns true if a declaration of the party is in force, so that lookups can show the party's contact. */
    public boolean hasDeclared(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select 1 from standing_declaration where party = ? and not withdrawn limit 1")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Returns the number of declarations of the party that are not withdrawn, and at most {@code most}. */
    public long countDeclared(PartyId party, int most) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select count(*) from"
                        + " (select from standing_declaration where party = ? and not withdrawn limit ?) d")) {
            select.setObject(1, party.number());
            select.setInt(2, most);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Returns the positions of the first entries of declarations. Those that do not exist are left out. */
    public static Map<UUID, Long> firstPositions(Connection connection, Collection<UUID> declarations)
            throws SQLException {
        Map<UUID, Long> positions = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id, declared_at from standing_declaration where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, declarations.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
        }
        return positions;
    }

    /**
     * Returns the declarations that are not withdrawn and name or list the subject with this key, by the position of
     * their first entry.
     *
     * @param after the first entries have greater positions
     */
    public static Map<DeclarationId, Long> naming(Connection connection, SubjectKey key, long after, int limit)
            throws SQLException {
        Map<DeclarationId, Long> declarations = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select d.id, d.declared_at from ("
                + "select declaration from standing_statement where key = ? and until_position = " + Positions.NO_END
                + " union select declaration from standing_listing where key = ? and until_position = "
                + Positions.NO_END + ") n join standing_declaration d on d.id = n.declaration"
                + " where not d.withdrawn and d.declared_at > ? order by d.declared_at limit ?")) {
            select.setBytes(1, key.toBytes());
            select.setBytes(2, key.toBytes());
            select.setLong(3, after);
            select.setInt(4, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    declarations.put(new DeclarationId(row.getObject(1, UUID.class)), row.getLong(2));
                }
            }
        }
        return declarations;
    }

    private static Contact contact(boolean address, boolean lasting, boolean ofParty) {
        if (lasting) {
            return Contact.LICENSE;
        }
        if (!address) {
            return Contact.NONE;
        }
        return ofParty ? Contact.OF_PARTY : Contact.OF_TERMS;
    }

    Map<UUID, List<Long>> history(Collection<UUID> declarations) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return history(connection, declarations);
        }
    }

    /**
     * Returns the positions of the entries of each declaration, in order, as the transaction of {@code connection} sees
     * them.
     */
    static Map<UUID, List<Long>> history(Connection connection, Collection<UUID> declarations) throws SQLException {
        Map<UUID, List<Long>> histories = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select declaration, position from standing_history"
                + " where declaration = any(?) order by declaration, position")) {
            select.setArray(1, SqlArray.ids(connection, declarations.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    histories
                            .computeIfAbsent(row.getObject(1, UUID.class), id -> new ArrayList<>())
                            .add(row.getLong(2));
                }
            }
        }
        return histories;
    }
}
