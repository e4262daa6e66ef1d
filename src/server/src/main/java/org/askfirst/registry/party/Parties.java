package org.askfirst.registry.party;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.postgres.SqlArray;
import org.jspecify.annotations.Nullable;

/** Opens parties, authenticates them by their keys, and reads their names and contacts. */
@ApplicationScoped
public class Parties {
    private static final int MAX_KEYS = 20;
    private static final int MAX_CALLERS = 100_000;

    private final DataSource dataSource;
    private final Ledger ledger;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Cache<Authority, Caller> callers = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterWrite(Duration.ofSeconds(5))
            .build();

    Parties(DataSource dataSource, Ledger ledger, IdSource ids, Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The public data of a party.
     *
     * @param name null if the party is erased
     * @param contact null if there is none, or if the party is erased
     */
    public record Face(@Nullable String name, @Nullable String contact) {}

    /** A new party with its first key. The key is not stored, so it can be shown only now. */
    public record Opened(PartyRow party, ApiKey key) {}

    /** Opens a party with its first key. */
    @Transactional
    public Opened open(String name, String kind, @Nullable String contact) {
        PartyRow row = new PartyRow();
        row.id = ids.next();
        row.name = name;
        row.kind = kind;
        row.contact = contact;
        row.openedAt = now();
        row.persist();
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        KeyRow.of(key, row.id, row.openedAt).persist();
        return new Opened(row, key);
    }

    /**
     * Authenticates the party that makes a request.
     *
     * @param authorization the {@code Authorization} header; null if it was not sent
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} without a valid key, {@link Problem#FORBIDDEN} with the
     *     operator's key, because the operator is not a party
     */
    public Caller caller(@Nullable String authorization) throws SQLException {
        ApiKey key = key(authorization);
        if (key.text().startsWith(ApiKey.OPERATOR_PREFIX)) {
            throw Problem.FORBIDDEN.because("This is the operator's key; use the key of a party");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select p.id, p.contact is not null from party_key k"
                                + " join party p on p.id = k.party where k.hash = ? and k.revoked_at is null")) {
            select.setBytes(1, key.hash());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw unknownKey();
                }
                return new Caller(new PartyId(row.getObject(1, UUID.class)), row.getBoolean(2), key.authority());
            }
        }
    }

    /** Returns true if the key in the header has the form of the operator's key; the key is not verified. */
    public boolean isOperator(@Nullable String authorization) {
        return key(authorization).text().startsWith(ApiKey.OPERATOR_PREFIX);
    }

    /**
     * Authenticates the party like {@link #caller}, with a result that may be five seconds old. Use it only for acts
     * that go into the ledger, because the ledger checks the key again under its lock.
     *
     * @throws ProblemException as {@link #caller}
     */
    public Caller cachedCaller(@Nullable String authorization) throws SQLException {
        Authority authority = key(authorization).authority();
        Caller cached = callers.getIfPresent(authority);
        if (cached != null) {
            return cached;
        }
        Caller caller = caller(authorization);
        callers.put(authority, caller);
        return caller;
    }

    /**
     * Reads the key from the {@code Authorization} header, without verifying it.
     *
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} if there is no well-formed key
     */
    public static ApiKey key(@Nullable String authorization) {
        if (authorization == null) {
            throw Problem.UNAUTHENTICATED.because("Send the header Authorization: Bearer with a key of your party");
        }
        return ApiKey.fromHeader(authorization)
                .orElseThrow(() -> Problem.UNAUTHENTICATED.because(
                        "The Authorization header must be the word Bearer and a key; a key is afk_ and 52 characters"));
    }

    /** The refusal of a key that does not exist or is revoked. */
    public static ProblemException unknownKey() {
        return Problem.UNAUTHENTICATED.because("This key is unknown or revoked");
    }

    /** Finds the party's row. An erased party still has one, without name and contact. */
    public Optional<PartyRow> find(PartyId id) {
        return Optional.ofNullable(PartyRow.findById(id.number()));
    }

    /** Returns the party's keys that are not revoked, oldest first. */
    public List<KeyRow> keys(PartyId id) {
        return KeyRow.validOf(id.number());
    }

    /**
     * Creates another key for the party.
     *
     * @throws ProblemException {@link Problem#TOO_MANY_KEYS} if the party has 20 valid keys
     */
    @Transactional
    public Map.Entry<ApiKey, KeyRow> addKey(PartyId party) {
        PartyRow.lock(party.number());
        if (KeyRow.validOf(party.number()).size() >= MAX_KEYS) {
            throw Problem.TOO_MANY_KEYS.because("A party has at most " + MAX_KEYS + " keys; revoke one first");
        }
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        KeyRow row = KeyRow.of(key, party.number(), now());
        row.persist();
        return Map.entry(key, row);
    }

    /**
     * Revokes a key of the party.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND} if the party has no such valid key, {@link Problem#LAST_KEY}
     *     if it is the only one
     */
    @Transactional
    public void revokeKey(PartyId party, String id) {
        PartyRow.lock(party.number());
        List<KeyRow> keys = KeyRow.validOf(party.number());
        KeyRow revoked = keys.stream()
                .filter(key -> key.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.NOT_FOUND.because("The party has no such key, or it is revoked already"));
        if (keys.size() == 1) {
            throw Problem.LAST_KEY.because("This is the party's last key; create another key first");
        }
        revoked.revokedAt = now();
    }

    /** Closes the party, and erases the personal data in all its acts. */
    public void close(Caller caller) {
        Ledger.await(ledger.propose(Proposal.of(new AccountEntry.Erased(caller.party()), caller.authority())));
    }

    /** Returns the public data of the parties. Parties that do not exist are left out. */
    public Map<PartyId, Face> faces(Collection<PartyId> parties) throws SQLException {
        Map<PartyId, Face> faces = new HashMap<>();
        if (parties.isEmpty()) {
            return faces;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id, name, contact from party where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    faces.put(new PartyId(row.getObject(1, UUID.class)), new Face(row.getString(2), row.getString(3)));
                }
            }
        }
        return faces;
    }

    private Instant now() {
        return clock.instant();
    }
}
