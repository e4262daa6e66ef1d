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

/** Opens parties, knows them by their keys, and tells their names and contacts. */
@ApplicationScoped
public class Parties {
    private static final int MAX_KEYS = 20;
    private static final int MOST_CALLERS = 100_000;

    private final DataSource dataSource;
    private final Ledger ledger;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Cache<Authority, Caller> callers = Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            .expireAfterWrite(Duration.ofSeconds(5))
            .build();

    Parties(DataSource dataSource, Ledger ledger, IdSource ids, Clock clock) {
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What the public may know of a party.
     *
     * @param name null once it was erased
     * @param contact null if there is none, or once it was erased
     */
    public record Face(@Nullable String name, @Nullable String contact) {}

    /** A party and its first key, which is nowhere else. */
    record Opened(PartyRow party, ApiKey key) {}

    @Transactional
    Opened open(String name, String kind, @Nullable String contact) {
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
     * The party that calls.
     *
     * @param authorization the header, if it was sent
     * @throws ProblemException {@link Problem#UNAUTHENTICATED}, or {@link Problem#FORBIDDEN} to the operator, who
     *     is no party
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

    /** Whether that header has a key of the operator's form. */
    public boolean isOperator(@Nullable String authorization) {
        return key(authorization).text().startsWith(ApiKey.OPERATOR_PREFIX);
    }

    /**
     * The party that calls, as it was known a few seconds ago: for acts that go into the ledger, which asks once more, under
     * its lock, whether the key still works.
     *
     * @throws ProblemException as {@link #caller}
     */
    public Caller cachedCaller(@Nullable String authorization) throws SQLException {
        Authority authority = key(authorization).authority();
        Caller known = callers.getIfPresent(authority);
        if (known != null) {
            return known;
        }
        Caller caller = caller(authorization);
        callers.put(authority, caller);
        return caller;
    }

    static ApiKey key(@Nullable String authorization) {
        if (authorization == null) {
            throw Problem.UNAUTHENTICATED.because("Send the header Authorization: Bearer with a key of your party");
        }
        return ApiKey.fromHeader(authorization)
                .orElseThrow(() -> Problem.UNAUTHENTICATED.because(
                        "The Authorization header must be the word Bearer and a key; a key is afk_ and 52 characters"));
    }

    static ProblemException unknownKey() {
        return Problem.UNAUTHENTICATED.because("This key is unknown or revoked");
    }

    Optional<PartyRow> find(PartyId id) {
        return Optional.ofNullable(PartyRow.findById(id.number()));
    }

    List<KeyRow> keys(PartyId id) {
        return KeyRow.workingOf(id.number());
    }

    @Transactional
    Map.Entry<ApiKey, KeyRow> addKey(PartyId party) {
        PartyRow.lock(party.number());
        if (KeyRow.workingOf(party.number()).size() >= MAX_KEYS) {
            throw Problem.TOO_MANY_KEYS.because("A party has at most " + MAX_KEYS + " keys; revoke one first");
        }
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        KeyRow row = KeyRow.of(key, party.number(), now());
        row.persist();
        return Map.entry(key, row);
    }

    @Transactional
    void revokeKey(PartyId party, String id) {
        PartyRow.lock(party.number());
        List<KeyRow> keys = KeyRow.workingOf(party.number());
        KeyRow revoked = keys.stream()
                .filter(key -> key.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.NOT_FOUND.because("The party has no such key, or it is revoked already"));
        if (keys.size() == 1) {
            throw Problem.LAST_KEY.because("This is the party's last key; make another one first");
        }
        revoked.revokedAt = now();
    }

    /** Erases what names a person in all that the party declared, and closes it. */
    void close(Caller caller) {
        Ledger.await(ledger.propose(Proposal.of(new AccountEntry.Erased(caller.party()), caller.authority())));
    }

    /** Names and contacts of those parties that exist. */
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
