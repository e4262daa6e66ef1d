package org.askfirst.registry.olp;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;

/** The tokens of licenses, as hashes, and which license requests each client has made through OLP. */
@ApplicationScoped
class OlpStore implements ErasureListener {
    /** The tokens that a client can have. The oldest are deleted first. */
    static final int MAX_TOKENS = 20_000;

    private static final int DELETED_TOGETHER = 100;

    private final DataSource dataSource;

    OlpStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A token of a license.
     *
     * @param key SHA-256 of the key with which the client got it, 32 bytes; it ends with that key
     * @param resource the resource as the client named it
     * @param subject what the resource means
     * @param license the license as an element of RSL
     * @param grants the grants that it stands for; empty if everybody may use the resource
     */
    @SuppressWarnings("ArrayRecordComponent") // Tokens are never compared.
    record Token(
            PartyId client,
            byte[] key,
            String resource,
            Subject subject,
            Set<Use> uses,
            String license,
            List<GrantId> grants,
            Instant issuedAt,
            Instant expiresAt) {}

    /** Stores a token, and deletes some that nobody can use any more. */
    void insert(byte[] hash, Token token) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("insert into olp_token (hash, client, key_hash,"
                            + " resource, subject, uses, license, grants, issued_at, expires_at)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                    PreparedStatement expired = connection.prepareStatement("delete from olp_token where hash in"
                            + " (select hash from olp_token where expires_at <= ? limit " + DELETED_TOGETHER
                            + " for update skip locked)");
                    PreparedStatement oldest = connection.prepareStatement("delete from olp_token where hash in"
                            + " (select hash from olp_token where client = ? order by issued_at desc offset "
                            + MAX_TOKENS + ")")) {
                insert.setBytes(1, hash);
                insert.setObject(2, token.client().number());
                insert.setBytes(3, token.key());
                insert.setString(4, token.resource());
                insert.setString(5, token.subject().canonical());
                insert.setString(6, token.uses().stream().map(Use::wireName).collect(Collectors.joining(" ")));
                insert.setString(7, token.license());
                insert.setArray(
                        8, SqlArray.ids(connection, token.grants().stream().map(GrantId::number)));
                insert.setObject(9, token.issuedAt().atOffset(ZoneOffset.UTC));
                insert.setObject(10, token.expiresAt().atOffset(ZoneOffset.UTC));
                insert.executeUpdate();
                expired.setObject(1, token.issuedAt().atOffset(ZoneOffset.UTC));
                expired.executeUpdate();
                oldest.setObject(1, token.client().number());
                oldest.executeUpdate();
            }
            connection.commit();
        }
    }

    /** Returns the token with that SHA-256 if it has not expired. */
    Optional<Token> find(byte[] hash, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select client, key_hash, resource, subject, uses,"
                                + " license, grants, issued_at, expires_at from olp_token"
                                + " where hash = ? and expires_at > ?")) {
            select.setBytes(1, hash);
            select.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Token(
                                new PartyId(row.getObject(1, UUID.class)),
                                row.getBytes(2),
                                row.getString(3),
                                Subject.ofStored(row.getString(4)),
                                RslUsage.ofStored(row.getString(5)),
                                row.getString(6),
                                ids(row.getArray(7)).stream().map(GrantId::new).toList(),
                                SqlColumns.moment(row, 8),
                                SqlColumns.moment(row, 9)))
                        : Optional.empty();
            }
        }
    }

    /**
     * The license requests that a client made for a license.
     *
     * @param requests the license requests; empty while they are being made
     */
    record Asked(List<LicenseRequestId> requests, Instant at) {}

    /**
     * Returns what the client asked before.
     *
     * @param wanted SHA-256 of the license and the resource, 32 bytes
     */
    Optional<Asked> asked(PartyId client, byte[] wanted) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select requests, asked_at from olp_request where client = ? and wanted = ?")) {
            select.setObject(1, client.number());
            select.setBytes(2, wanted);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Asked(
                                ids(row.getArray(1)).stream()
                                        .map(LicenseRequestId::new)
                                        .toList(),
                                SqlColumns.moment(row, 2)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Lets the caller ask, and nobody else at the same time.
     *
     * @param before the row that {@link #asked} returned; empty if there was none
     * @return false if somebody else was faster
     */
    boolean claim(PartyId client, byte[] wanted, Optional<Asked> before, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement claim = connection.prepareStatement(
                        before.isEmpty()
                                ? "insert into olp_request (asked_at, client, wanted, requests) values (?, ?, ?, '{}')"
                                        + " on conflict do nothing"
                                : "update olp_request set requests = '{}', asked_at = ?"
                                        + " where client = ? and wanted = ? and asked_at = ?")) {
            claim.setObject(1, now.atOffset(ZoneOffset.UTC));
            claim.setObject(2, client.number());
            claim.setBytes(3, wanted);
            if (before.isPresent()) {
                claim.setObject(4, before.get().at().atOffset(ZoneOffset.UTC));
            }
            return claim.executeUpdate() == 1;
        }
    }

    /** Stores the requests that were made after {@link #claim}. */
    void setRequests(PartyId client, byte[] wanted, List<LicenseRequestId> requests) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update olp_request set requests = ? where client = ? and wanted = ?")) {
            update.setArray(1, SqlArray.ids(connection, requests.stream().map(LicenseRequestId::number)));
            update.setObject(2, client.number());
            update.setBytes(3, wanted);
            update.executeUpdate();
        }
    }

    /** Undoes {@link #claim}, because no request could be made. */
    void release(PartyId client, byte[] wanted) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "delete from olp_request where client = ? and wanted = ? and requests = '{}'")) {
            delete.setObject(1, client.number());
            delete.setBytes(2, wanted);
            delete.executeUpdate();
        }
    }

    private static List<UUID> ids(Array array) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        for (Object id : (Object[]) array.getArray()) {
            ids.add((UUID) id);
        }
        return ids;
    }

    @Override
    public String part() {
        return "olp: tokens, and which license requests the party made through it";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        for (String table : List.of("olp_token", "olp_request")) {
            try (PreparedStatement delete = connection.prepareStatement("delete from " + table + " where client = ?")) {
                delete.setObject(1, party.number());
                delete.executeUpdate();
            }
        }
        return List.of();
    }
}
