package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.DeclarationEntry;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.registry.ledger.Effect;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Reads the subjects that repertoires list. */
@ApplicationScoped
public class Listings {
    /** Number of rows that the driver fetches at a time when all rows are read. */
    private static final int BLOCK = 5_000;

    private final DataSource dataSource;

    Listings(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The listing of one subject in one repertoire.
     *
     * @param key one of the keys under which the subject is stored
     * @param subject canonical
     * @param position of the entry that lists it
     */
    public record ListingRow(SubjectKey key, DeclarationId repertoire, String subject, long position) {}

    /**
     * Returns the number of subjects that each of the repertoires lists now. Declarations that are not repertoires are
     * left out.
     */
    public Map<DeclarationId, Long> counts(Collection<DeclarationId> repertoires) throws SQLException {
        if (repertoires.isEmpty()) {
            return Map.of();
        }
        try (Connection connection = dataSource.getConnection()) {
            return counts(connection, repertoires);
        }
    }

    /** Returns the same as {@link #counts(Collection)}, as the transaction of {@code connection} sees it. */
    static Map<DeclarationId, Long> counts(Connection connection, Collection<DeclarationId> repertoires)
            throws SQLException {
        Map<DeclarationId, Long> counts = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select declaration, listed from standing_repertoire where declaration = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, repertoires.stream().map(DeclarationId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.put(new DeclarationId(row.getObject(1, UUID.class)), row.getLong(2));
                }
            }
        }
        return counts;
    }

    /** Returns the subjects that the repertoire lists now, each with the position of the entry that lists it. */
    public Map<String, Long> now(DeclarationId repertoire, Collection<Subject> subjects) throws SQLException {
        Map<String, Long> listed = new HashMap<>();
        try (Connection connection = dataSource.getConnection()) {
            List<SubjectKey> keys = subjects.stream().map(Subject::key).toList();
            for (ListingRow listing : now(connection, repertoire, keys)) {
                listed.putIfAbsent(listing.subject(), listing.position());
            }
        }
        return listed;
    }

    /**
     * Returns the current listings of the repertoire under the keys, as the transaction of {@code connection} sees
     * them.
     */
    static List<ListingRow> now(Connection connection, DeclarationId repertoire, List<SubjectKey> keys)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select key, declaration, subject, position from standing_listing"
                        + " where key = any(?) and declaration = ? and until_position = "
                        + Positions.NO_END)) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setObject(2, repertoire.number());
            return read(select);
        }
    }

    /** Returns the listings of all repertoires under the keys at {@code position}. */
    static List<ListingRow> at(Connection connection, Collection<SubjectKey> keys, long position) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select key, declaration, subject, position from standing_listing"
                        + " where key = any(?) and position <= ? and until_position > ?")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            return read(select);
        }
    }

    /**
     * Returns a page of the repertoire's current listings, in the order of their keys.
     *
     * @param after the last key of the previous page; null for the first page
     */
    public List<ListingRow> page(DeclarationId repertoire, @Nullable SubjectKey after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select key, declaration, subject, position from standing_listing"
                                + " where declaration = ? and key > ? and own and until_position = "
                                + Positions.NO_END + " order by key limit ?")) {
            select.setObject(1, repertoire.number());
            select.setBytes(2, after == null ? new byte[0] : after.toBytes());
            select.setInt(3, limit);
            return read(select);
        }
    }

    /** The effect of an entry: subjects that were not listed before it, and subjects that were listed until then. */
    static Effect.ListingChanged effectOf(Connection connection, long position, DeclarationEntry.Listed listed)
            throws SQLException {
        List<Subject> subjects = new ArrayList<>(listed.added());
        subjects.addAll(listed.removed());
        Map<String, Long> since = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("select subject, position from standing_listing"
                + " where key = any(?) and declaration = ? and own and (position = ? or until_position = ?)")) {
            select.setArray(
                    1,
                    SqlArray.keys(
                            connection, subjects.stream().map(Subject::key).toList()));
            select.setObject(2, listed.declaration().number());
            select.setLong(3, position);
            select.setLong(4, position);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    since.put(row.getString(1), row.getLong(2));
                }
            }
        }
        Map<Subject, Long> removed = new LinkedHashMap<>();
        for (Subject subject : listed.removed()) {
            Long before = since.get(subject.canonical());
            if (before != null) {
                removed.put(subject, before);
            }
        }
        return new Effect.ListingChanged(
                position,
                listed.added().stream()
                        .filter(subject -> since.containsKey(subject.canonical()))
                        .toList(),
                removed);
    }

    /**
     * Passes all current listings of repertoires that are not withdrawn to {@code reader}, in no order.
     *
     * @param connection with the transaction whose snapshot defines "current"
     */
    public void all(Connection connection, ListedReader reader) throws SQLException, IOException {
        try (PreparedStatement select =
                connection.prepareStatement("select l.key, l.declaration, l.subject, l.position from standing_listing l"
                        + " join standing_declaration d on d.id = l.declaration where not d.withdrawn"
                        + " and l.until_position = " + Positions.NO_END)) {
            select.setFetchSize(BLOCK);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reader.read(listing(row));
                }
            }
        }
    }

    /** Receives listings one after another. */
    public interface ListedReader {
        void read(ListingRow listing) throws IOException;
    }

    private static List<ListingRow> read(PreparedStatement select) throws SQLException {
        List<ListingRow> listings = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                listings.add(listing(row));
            }
        }
        return listings;
    }

    private static ListingRow listing(ResultSet row) throws SQLException {
        return new ListingRow(
                SubjectKey.of(row.getBytes(1)),
                new DeclarationId(row.getObject(2, UUID.class)),
                row.getString(3),
                row.getLong(4));
    }
}
