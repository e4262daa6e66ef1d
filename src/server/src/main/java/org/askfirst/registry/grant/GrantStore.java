package org.askfirst.registry.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.GrantId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** The confidential parts of grants, and the events of the ledger about them. */
@ApplicationScoped
class GrantStore {
    /** Number of subjects of a part of the works. */
    static final int PART = 1_000;

    private static final String SELECT = "select r.id, r.licensor, r.licensee, r.everything, r.works, r.terms, r.salts,"
            + " r.erased, e.position, e.recorded_at, e.other from grant_record r"
            + " join grant_event e on e.grant_id = r.id and e.kind = 'given'";

    private final DataSource dataSource;

    GrantStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Stores a grant before it is given, durably. Until the entry is recorded, it counts for nothing. */
    void write(
            GrantId id,
            PartyId licensor,
            PartyId licensee,
            GrantWorks works,
            LicenseTerms terms,
            byte[] salts,
            Instant now)
            throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("insert into grant_record (id, licensor,"
                    + " licensee, everything, works, schemes, terms, salts, written_at)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setObject(1, id.number());
                insert.setObject(2, licensor.number());
                insert.setObject(3, licensee.number());
                insert.setBoolean(4, works.everything());
                insert.setInt(5, works.subjects().size());
                insert.setLong(6, works.schemes());
                insert.setString(7, terms.toJson());
                insert.setBytes(8, salts);
                insert.setObject(9, now.atOffset(ZoneOffset.UTC));
                insert.executeUpdate();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into grant_work (grant_id, part, keys, subjects) values (?, ?, ?, ?)")) {
                List<Subject> subjects = works.subjects();
                for (int from = 0; from < subjects.size(); from += PART) {
                    List<Subject> some = subjects.subList(from, Math.min(subjects.size(), from + PART));
                    ByteArrayOutputStream keys = new ByteArrayOutputStream(some.size() * SubjectKey.BYTES);
                    StringBuilder lines = new StringBuilder();
                    for (Subject subject : some) {
                        keys.writeBytes(subject.key().toBytes());
                        lines.append(subject.canonical()).append('\n');
                    }
                    insert.setObject(1, id.number());
                    insert.setInt(2, from / PART);
                    insert.setBytes(3, keys.toByteArray());
                    insert.setString(4, lines.toString());
                    insert.executeUpdate();
                }
            }
            connection.commit();
        }
    }

    /** Deletes a grant that was written and refused. A grant that was given stays. */
    void forget(GrantId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from grant_record where id = ?"
                        + " and not exists (select 1 from grant_event where grant_id = ?)")) {
            delete.setObject(1, id.number());
            delete.setObject(2, id.number());
            delete.executeUpdate();
        }
    }

    /** Deletes the grants that were written before that moment and never given, as after a crash. */
    void forgetBefore(Instant moment) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from grant_record r where written_at < ?"
                        + " and not exists (select 1 from grant_event e where e.grant_id = r.id)")) {
            delete.setObject(1, moment.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    /** Returns the grant; empty if it was never given. */
    Optional<GivenGrant> find(GrantId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where r.id = ?")) {
            select.setObject(1, id.number());
            return read(connection, select).stream().findFirst();
        }
    }

    /** Returns the grant that the entry at this position gives. */
    Optional<GivenGrant> givenAt(long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where e.position = ?")) {
            select.setLong(1, position);
            return read(connection, select).stream().findFirst();
        }
    }

    /**
     * Returns grants of a party.
     *
     * @param received true for those that it received; false for those that it gave
     * @param newestFirst true if the newest grant is the first one
     * @param after the position of the last grant of the page before; 0 for the first page
     */
    List<GivenGrant> of(PartyId party, boolean received, boolean newestFirst, long after, int limit)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(SELECT + " where r." + (received ? "licensee" : "licensor")
                                + " = ? and e.position " + (newestFirst ? "<" : ">") + " ? order by e.position"
                                + (newestFirst ? " desc" : "") + " limit ?")) {
            select.setObject(1, party.number());
            select.setLong(2, newestFirst && after == 0 ? Long.MAX_VALUE : after);
            select.setInt(3, limit);
            return read(connection, select);
        }
    }

    private static List<GivenGrant> read(Connection connection, PreparedStatement select) throws SQLException {
        List<GivenGrant> rows = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID other = row.getObject(11, UUID.class);
                rows.add(new GivenGrant(
                        new GrantId(row.getObject(1, UUID.class)),
                        new PartyId(row.getObject(2, UUID.class)),
                        new PartyId(row.getObject(3, UUID.class)),
                        row.getBoolean(4),
                        row.getInt(5),
                        LicenseTerms.parse(row.getString(6)),
                        row.getBytes(7),
                        row.getBoolean(8),
                        row.getLong(9),
                        SqlColumns.moment(row, 10),
                        other == null ? null : new GrantId(other),
                        List.of()));
            }
        }
        Map<UUID, List<GivenGrant.End>> endings =
                endings(connection, rows.stream().map(one -> one.id().number()).toList());
        return rows.stream()
                .map(one -> new GivenGrant(
                        one.id(),
                        one.licensor(),
                        one.licensee(),
                        one.everything(),
                        one.works(),
                        one.terms(),
                        one.salts(),
                        one.erased(),
                        one.position(),
                        one.recordedAt(),
                        one.supersedes(),
                        endings.getOrDefault(one.id().number(), List.of())))
                .toList();
    }

    /** Returns the revocations and supersessions of the grants, in the order of positions. */
    static Map<UUID, List<GivenGrant.End>> endings(Connection connection, Collection<UUID> grants) throws SQLException {
        Map<UUID, List<GivenGrant.End>> endings = new HashMap<>();
        if (grants.isEmpty()) {
            return endings;
        }
        try (PreparedStatement select = connection.prepareStatement("select grant_id, position, ends_at, other"
                + " from grant_event where grant_id = any(?) and kind = 'ended' order by position")) {
            select.setArray(1, SqlArray.ids(connection, grants.stream()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID by = row.getObject(4, UUID.class);
                    endings.computeIfAbsent(row.getObject(1, UUID.class), id -> new ArrayList<>())
                            .add(new GivenGrant.End(
                                    row.getLong(2), SqlColumns.moment(row, 3), by == null ? null : new GrantId(by)));
                }
            }
        }
        return endings;
    }

    /** Returns the terms of these grants. */
    Map<GrantId, LicenseTerms> terms(Collection<GrantId> grants) throws SQLException {
        Map<GrantId, LicenseTerms> terms = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id, terms from grant_record where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, grants.stream().map(GrantId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    terms.put(new GrantId(row.getObject(1, UUID.class)), LicenseTerms.parse(row.getString(2)));
                }
            }
        }
        return terms;
    }

    /** Returns the canonical subjects from a place on, in order. */
    List<String> works(GrantId id, int from, int limit) throws SQLException {
        List<String> works = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select subjects from grant_work"
                        + " where grant_id = ? and part between ? and ? order by part")) {
            select.setObject(1, id.number());
            select.setInt(2, from / PART);
            select.setInt(3, (from + limit - 1) / PART);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    works.addAll(row.getString(1).lines().toList());
                }
            }
        }
        int skipped = Math.min(works.size(), from % PART);
        return works.subList(skipped, Math.min(works.size(), skipped + limit));
    }

    /** Receives the keys of a part of the works. */
    interface KeyReader {
        void read(byte[] keys) throws IOException;
    }

    /** Passes the keys of all works of a grant to {@code reader}. */
    static void readKeys(Connection connection, UUID grant, KeyReader reader) throws SQLException, IOException {
        try (PreparedStatement select =
                connection.prepareStatement("select keys from grant_work where grant_id = ? order by part")) {
            select.setObject(1, grant);
            select.setFetchSize(10);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reader.read(row.getBytes(1));
                }
            }
        }
    }

    /** Returns the id as a number for a query; null for a path that is no id. */
    static @Nullable GrantId id(String path) {
        return GrantId.parse(path).orElse(null);
    }
}
