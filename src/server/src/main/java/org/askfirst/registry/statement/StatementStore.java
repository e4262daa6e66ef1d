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
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/** Reads the standing tables by key, at any position of the ledger. */
@ApplicationScoped
public class StatementStore {

    private static final String COLUMNS = "key, position, declaration, party, subject, stances, address,"
            + " lasting_address, valid_from, valid_to, mandate";

    /** Rows that are in memory at once when all are read. */
    private static final int BLOCK = 5_000;

    private final DataSource dataSource;

    StatementStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A statement about one subject, as it stands in the table.
     *
     * @param subject canonical
     * @param address whether it names somebody who can be asked
     * @param lastingAddress whether it does even once the party's contacts are erased
     * @param mandate under which it is said for somebody else; null if the party says it for itself
     * @param listedAt position of the entry by which a repertoire lists the subject; 0 if the declaration names it
     */
    public record Stated(
            SubjectKey key,
            long position,
            DeclarationId declaration,
            PartyId party,
            String subject,
            Stances stances,
            boolean address,
            boolean lastingAddress,
            Period period,
            @Nullable MandateId mandate,
            long listedAt) {
        /** What it says, whatever the subject. */
        public StatementTerms said() {
            return new StatementTerms(party, position, stances, address, lastingAddress, period, mandate)
                    .ofListed(listedAt);
        }

        /** Whether it is said of what a repertoire lists, and so of no subject that the table names. */
        public boolean isOfRepertoire() {
            return subject.equals(Repertoire.nameOf(declaration));
        }

        private Stated of(Listings.ListingRow listed) {
            return new Stated(
                    listed.key(),
                    position,
                    declaration,
                    party,
                    listed.subject(),
                    stances,
                    address,
                    lastingAddress,
                    period,
                    mandate,
                    listed.position());
        }

        /** Where it was first kept under its key. */
        private long keptAt() {
            return listedAt == 0 ? position : listedAt;
        }
    }

    /**
     * All statements about subjects with those keys that stood at that position, those of repertoires that list them
     * among them, in the order in which they were made or the subject was listed.
     */
    public List<Stated> at(Collection<SubjectKey> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            List<Stated> found = at(connection, keys, position);
            List<Listings.ListingRow> listed = Listings.at(connection, keys, position);
            if (listed.isEmpty()) {
                return found;
            }
            Set<SubjectKey> repertoires = new HashSet<>();
            listed.forEach(one -> repertoires.add(Repertoire.keyOf(one.repertoire())));
            Map<DeclarationId, Stated> said = new HashMap<>();
            at(connection, repertoires, position).forEach(stated -> said.put(stated.declaration(), stated));
            for (Listings.ListingRow one : listed) {
                Stated stated = said.get(one.repertoire());
                if (stated != null) {
                    found.add(stated.of(one));
                }
            }
            found.sort(Comparator.comparing(Stated::keptAt));
            return found;
        }
    }

    private static List<Stated> at(Connection connection, Collection<SubjectKey> keys, long position)
            throws SQLException {
        List<Stated> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select " + COLUMNS + " from standing_statement"
                + " where key = any(?) and position <= ? and until_position > ? order by position")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            select.setFetchSize(0);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(stated(row));
                }
            }
        }
        return found;
    }

    /**
     * Gives all statements that stand now, in no order.
     *
     * @param connection of the transaction that says what is now
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

    /** Takes statements one after another. */
    public interface StatedReader {
        void read(Stated stated) throws IOException;
    }

    private static Stated stated(ResultSet row) throws SQLException {
        UUID mandate = row.getObject(11, UUID.class);
        return new Stated(
                SubjectKey.of(row.getBytes(1)),
                row.getLong(2),
                new DeclarationId(row.getObject(3, UUID.class)),
                new PartyId(row.getObject(4, UUID.class)),
                row.getString(5),
                Stances.fromPacked(row.getInt(6)),
                row.getBoolean(7),
                row.getBoolean(8),
                new Period(SqlColumns.momentOrNull(row, 9), SqlColumns.momentOrNull(row, 10)),
                mandate == null ? null : new MandateId(mandate),
                0);
    }

    Map<UUID, List<Long>> history(Collection<UUID> declarations) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return history(connection, declarations);
        }
    }

    /** The positions of the entries of those declarations, in order, as that transaction sees them. */
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
