package org.askfirst.registry.party;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.narayana.jta.QuarkusTransaction;
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
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.Positions;
import org.askfirst.id.IdSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/** Opens parties, authenticates them by their keys, and reads their names and contacts. */
@ApplicationScoped
public class Parties {
    private static final int MAX_KEYS = 20;
    private static final int MAX_CALLERS = 100_000;
    private static final int FETCHED = 5_000;
    private static final int SHOWN = 20;
    private static final int LOCKS = 64;
    private static final int CLOSED_AT_ONCE = 1_000;

    /** During this time, a party can undo its closing. */
    private static final Duration TIME_TO_UNDO = Duration.ofDays(7);

    private static final Face FACELESS = new Face(null, null, false);

    private final DataSource dataSource;
    private final Ledger ledger;
    private final Measures measures;
    private final IdSource ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** The uses of keys that are not stored yet. Each counts: a key that is in use is not lost. */
    private final Cache<String, Instant> uses =
            Caffeine.newBuilder().maximumSize(MAX_CALLERS).build();

    private final Object[] describing =
            Stream.generate(Object::new).limit(LOCKS).toArray();
    private final Cache<Authority, KeyHolder> callers = Caffeine.newBuilder()
            .maximumSize(MAX_CALLERS)
            .expireAfterWrite(Duration.ofSeconds(5))
            .build();

    Parties(DataSource dataSource, Ledger ledger, Measures measures, IdSource ids, Clock clock) {
        this.measures = measures;
        this.dataSource = dataSource;
        this.ledger = ledger;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The name and the contact of a party.
     *
     * @param name null if the party is erased
     * @param contact null if there is none, or if the party is erased; not published if {@code relay}
     * @param relay true if a form of the registry takes the place of the contact
     */
    public record Face(@Nullable String name, @Nullable String contact, boolean relay) {
        /** Returns true if somebody can be asked. */
        public boolean reachable() {
            return contact != null || relay;
        }

        /** Returns true if the form takes the place of that contact, of the party or in the terms of a declaration. */
        public boolean hides(@Nullable String ofTerms) {
            return relay && (ofTerms == null || !ofTerms.startsWith("http"));
        }

        /**
         * Returns the contact that everybody may see.
         *
         * @param ofTerms the contact in the terms of a declaration, which comes first; null if there is none
         * @param origin the address of the registry
         */
        public @Nullable String published(PartyId party, @Nullable String ofTerms, String origin) {
            if (hides(ofTerms)) {
                return origin + "/ask/" + party;
            }
            return ofTerms == null ? contact : ofTerms;
        }
    }

    /** A new party with its first key. The key is not stored, so it can be shown only now. */
    public record Opened(PartyRow party, ApiKey key) {}

    /**
     * Opens a party with its first key. The row gets its name and contact from the entry that records them. If the
     * entry is not recorded, the row stays without a name, and nobody knows its key.
     */
    public Opened open(String name, String kind, @Nullable String contact) {
        ledger.requireAppendable();
        PartyRow row = new PartyRow();
        row.id = ids.next();
        row.kind = kind;
        row.openedAt = now();
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        QuarkusTransaction.requiringNew().run(() -> {
            row.persist();
            KeyRow.of(key, row.id, row.openedAt).persist();
        });
        Ledger.await(ledger.propose(
                describing(new PartyId(row.id), true, new Face(name, contact, false), false, key.authority())));
        row.name = name;
        row.contact = contact;
        return new Opened(row, key);
    }

    private static Proposal describing(
            PartyId party, boolean opens, Face face, boolean sameContact, Authority authority) {
        return Proposal.confidential(
                Confidential.ofParty(String.valueOf(face.name()), face.contact(), face.relay()),
                authority,
                commitment -> new AccountEntry.Described(opens, party, face.reachable(), sameContact, commitment));
    }

    /**
     * Changes the name and the contact of the caller. The change is an entry, and is effective when this returns.
     *
     * @param change computes the new name and contact from the present ones
     */
    public void describe(Caller caller, UnaryOperator<Face> change) throws SQLException {
        // Two changes at once on this node must not undo each other.
        synchronized (describing[Math.floorMod(caller.party().hashCode(), describing.length)]) {
            Face before = own(List.of(caller.party())).getOrDefault(caller.party(), FACELESS);
            Face changed = change.apply(before);
            boolean sameContact = changed.contact() != null && changed.contact().equals(before.contact());
            Ledger.await(ledger.propose(describing(caller.party(), false, changed, sameContact, caller.authority())));
        }
    }

    /**
     * Records the names and contacts of parties that were opened by a release without such entries.
     *
     * @return the number of parties
     */
    public long recordUnrecorded() throws SQLException {
        Map<PartyId, Face> unrecorded = unrecorded();
        for (Map.Entry<PartyId, Face> party : unrecorded.entrySet()) {
            Ledger.await(ledger.proposeWaiting(
                    describing(party.getKey(), true, party.getValue(), false, Authority.REGISTRY)));
        }
        return unrecorded.size();
    }

    private Map<PartyId, Face> unrecorded() throws SQLException {
        Map<PartyId, Face> parties = new HashMap<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select id, name, contact, relay from party"
                        + " where profile_position = 0 and name is not null order by opened_at");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                parties.put(
                        new PartyId(row.getObject(1, UUID.class)),
                        new Face(row.getString(2), row.getString(3), row.getBoolean(4)));
            }
        }
        return parties;
    }

    /**
     * Compares the names and contacts that lookups show with the entries that record them.
     *
     * @return the parties that differ, at most 20
     */
    public List<PartyId> misdescribed() throws SQLException {
        List<PartyId> differing = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select p.id, p.name, p.contact, c.content, p.relay"
                                + " from party p left join party_profile f on f.party = p.id and f.until_position = "
                                + Positions.NO_END + " left join ledger_confidential c on c.position = f.position"
                                + " where p.name is not null or p.contact is not null or c.position is not null")) {
            connection.setAutoCommit(false);
            select.setFetchSize(FETCHED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next() && differing.size() < SHOWN) {
                    String content = row.getString(4);
                    Confidential part = content == null ? null : Confidential.parse(content);
                    if (part == null
                            || !Objects.equals(part.name(), row.getString(2))
                            || !Objects.equals(part.contact(), row.getString(3))
                            || part.relay() != row.getBoolean(5)) {
                        differing.add(new PartyId(row.getObject(1, UUID.class)));
                    }
                }
            }
            connection.rollback();
        }
        return differing;
    }

    /** Returns the times at which the parties were opened; parties that do not exist are left out. */
    public static Map<PartyId, Instant> openings(Connection connection, Collection<PartyId> parties)
            throws SQLException {
        Map<PartyId, Instant> openings = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id, opened_at from party where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    openings.put(new PartyId(row.getObject(1, UUID.class)), SqlColumns.moment(row, 2));
                }
            }
        }
        return openings;
    }

    /** Authenticates the party that makes a request, and requires a key of {@link KeyScope#FULL}. */
    public Caller caller(@Nullable String authorization) throws SQLException {
        return caller(authorization, KeyScope.FULL);
    }

    /**
     * Authenticates the party that makes a request. All checks of scopes are here.
     *
     * @param authorization the {@code Authorization} header; null if it was not sent
     * @param needed the scope that the call needs
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} without a valid key, {@link Problem#FORBIDDEN} with a
     *     key of another scope, and with the operator's key, because the operator is not a party
     */
    public Caller caller(@Nullable String authorization, KeyScope needed) throws SQLException {
        return holder(key(authorization)).as(needed);
    }

    /** The holder of a valid key. */
    private record KeyHolder(Caller caller, KeyScope scope) {
        Caller as(KeyScope needed) {
            if (!scope.covers(needed)) {
                KeyScope meant = needed == KeyScope.TEST ? KeyScope.DECLARE : needed;
                throw Problem.FORBIDDEN.because("This key has the scope " + scope.wireName()
                        + ", and this needs a key of the scope " + meant.wireName());
            }
            return caller;
        }
    }

    private KeyHolder holder(ApiKey key) throws SQLException {
        if (key.isOfSession()) {
            return holderOfSession(key);
        }
        if (key.text().startsWith(ApiKey.OPERATOR_PREFIX)) {
            throw Problem.FORBIDDEN.because("This is the operator's key; use the key of a party");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select p.id, p.contact is not null or p.relay, k.scope, k.expires_at"
                                + " from party_key k"
                                + " join party p on p.id = k.party where k.hash = ? and k.revoked_at is null")) {
            select.setBytes(1, key.hash());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw unknownKey();
                }
                Instant now = now();
                Instant expiresAt = SqlColumns.momentOrNull(row, 4);
                if (expiresAt != null && !now.isBefore(expiresAt)) {
                    throw Problem.UNAUTHENTICATED.because("This key expired at " + expiresAt);
                }
                uses.put(key.id(), now);
                KeyScope scope = KeyScope.named(row.getString(3));
                Caller caller = new Caller(
                        new PartyId(row.getObject(1, UUID.class)),
                        row.getBoolean(2),
                        key.authority(),
                        scope == KeyScope.TEST,
                        true);
                return new KeyHolder(caller, scope);
            }
        }
    }

    private KeyHolder holderOfSession(ApiKey token) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select p.id, p.contact is not null,"
                        + " s.signed_in_at from party_session s join party p on p.id = s.party where s.hash = ? and "
                        + Sessions.VALID)) {
            Instant now = now();
            select.setBytes(1, token.hash());
            select.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw Problem.UNAUTHENTICATED.because("This session has ended; sign in again");
                }
                uses.put(token.id(), now);
                Caller caller = new Caller(
                        new PartyId(row.getObject(1, UUID.class)),
                        row.getBoolean(2),
                        token.authority(),
                        false,
                        now.isBefore(SqlColumns.moment(row, 3).plus(Sessions.FRESH)));
                return new KeyHolder(caller, KeyScope.FULL);
            }
        }
    }

    /**
     * Stores the last use of each key and session that was used since the last call. The schedule calls it every minute,
     * so a node writes at most one row for a key in a minute.
     */
    public void storeUses() throws SQLException {
        // All nodes update in one order, so that none waits for another in a circle.
        Map<String, Instant> used = new TreeMap<>(uses.asMap());
        if (used.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update party_key set used_at = ? where id = ? and (used_at is null or used_at < ?)");
                PreparedStatement prolong = connection.prepareStatement(
                        "update party_session set used_at = ?, idle_until = ? where id = ? and used_at < ?")) {
            connection.setAutoCommit(false);
            for (Map.Entry<String, Instant> one : used.entrySet()) {
                OffsetDateTime at = one.getValue().atOffset(ZoneOffset.UTC);
                if (one.getKey().startsWith("s_")) {
                    prolong.setObject(1, at);
                    prolong.setObject(2, at.plus(Sessions.IDLE));
                    prolong.setString(3, one.getKey());
                    prolong.setObject(4, at);
                    prolong.addBatch();
                } else {
                    update.setObject(1, at);
                    update.setString(2, one.getKey());
                    update.setObject(3, at);
                    update.addBatch();
                }
            }
            update.executeBatch();
            prolong.executeBatch();
            connection.commit();
        }
        // Only now, so that a failure loses none; and a use that came meanwhile stays.
        used.forEach(uses.asMap()::remove);
    }

    /**
     * Returns the party that reads something that anybody may read. A party sees more of its own things.
     *
     * @return empty without a valid key of a party that may read
     */
    public Optional<PartyId> reader(@Nullable String authorization) throws SQLException {
        if (validKey(authorization).isEmpty() || isOperator(authorization)) {
            return Optional.empty();
        }
        KeyHolder holder = holder(key(authorization));
        return holder.scope().covers(KeyScope.READ)
                ? Optional.of(holder.caller().party())
                : Optional.empty();
    }

    /** Returns the key or the session's token in the header if it is valid, whoever holds it. */
    public Optional<ApiKey> validKey(@Nullable String authorization) throws SQLException {
        Optional<ApiKey> key = authorization == null
                ? Optional.empty()
                : ApiKey.fromHeader(authorization).filter(ApiKey::isSound);
        if (key.isEmpty()) {
            return key;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1 from party_key where hash = ?"
                        + " and revoked_at is null and (expires_at is null or expires_at > ?)"
                        + " union all select 1 from party_operator_key where hash = ? and revoked_at is null"
                        + " union all select 1 from party_session s where s.hash = ? and " + Sessions.VALID)) {
            select.setBytes(1, key.get().hash());
            select.setObject(2, now().atOffset(ZoneOffset.UTC));
            select.setBytes(3, key.get().hash());
            select.setBytes(4, key.get().hash());
            select.setObject(5, now().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? key : Optional.empty();
            }
        }
    }

    /** Returns true if a key of a party, or the token of a session, with this SHA-256 is valid. */
    public boolean isValid(byte[] keyHash) throws SQLException {
        OffsetDateTime now = now().atOffset(ZoneOffset.UTC);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1 from party_key where hash = ?"
                        + " and revoked_at is null and (expires_at is null or expires_at > ?)"
                        + " union all select 1 from party_session s where s.hash = ? and " + Sessions.VALID)) {
            select.setBytes(1, keyHash);
            select.setObject(2, now);
            select.setBytes(3, keyHash);
            select.setObject(4, now);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Returns true if the header has a valid key of the operator. */
    public boolean isValidOperator(@Nullable String authorization) throws SQLException {
        return validKey(authorization)
                .filter(key -> key.text().startsWith(ApiKey.OPERATOR_PREFIX))
                .isPresent();
    }

    /** Returns true if the key in the header has the form of the operator's key; the key is not verified. */
    public boolean isOperator(@Nullable String authorization) {
        return key(authorization).text().startsWith(ApiKey.OPERATOR_PREFIX);
    }

    /**
     * Authenticates the party for {@link KeyScope#DECLARE}, with a result that may be five seconds old. Use it only for
     * acts that go into the ledger, because the ledger checks the key again under its lock.
     *
     * @throws ProblemException as {@link #caller}
     */
    public Caller cachedCaller(@Nullable String authorization) throws SQLException {
        return cachedCaller(authorization, KeyScope.DECLARE);
    }

    /**
     * Authenticates the party as {@link #cachedCaller(String)} does, for another scope. A caller that {@link
     * Caller#onlyTests} must record nothing.
     */
    public Caller cachedCaller(@Nullable String authorization, KeyScope needed) throws SQLException {
        ApiKey key = key(authorization);
        KeyHolder cached = callers.getIfPresent(key.authority());
        if (cached != null) {
            uses.put(key.id(), now());
            return cached.as(needed);
        }
        KeyHolder holder = holder(key);
        callers.put(key.authority(), holder);
        return holder.as(needed);
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
        ApiKey key = ApiKey.fromHeader(authorization)
                .orElseThrow(() -> Problem.UNAUTHENTICATED.because(
                        "The Authorization header must be the word Bearer and a key; a key is afk_ and 59 characters"));
        if (!key.isSound()) {
            throw Problem.UNAUTHENTICATED.because(
                    "The key has a typing error: its last characters do not fit the others");
        }
        return key;
    }

    /** The refusal of a key that does not exist or is revoked. */
    public static ProblemException unknownKey() {
        return Problem.UNAUTHENTICATED.because("This key is unknown or revoked");
    }

    /** The refusal of an act of a party that asked to be closed. */
    static ProblemException closing() {
        return Problem.FORBIDDEN.because(
                "The party is being closed; POST /v1/parties/me/reopening undoes this, and then the party can act again");
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
    public Map.Entry<ApiKey, KeyRow> addKey(PartyId party, PartyViews.KeyRequest request) {
        PartyRow.lock(party.number());
        if (KeyRow.validOf(party.number()).stream()
                        .filter(key -> !key.isExpired(now()))
                        .count()
                >= MAX_KEYS) {
            throw Problem.TOO_MANY_KEYS.because("A party has at most " + MAX_KEYS + " keys; revoke one first");
        }
        ApiKey key = ApiKey.make(ApiKey.PARTY_PREFIX, random);
        KeyRow row = KeyRow.of(key, party.number(), now());
        row.label = request.label();
        row.scope = request.scope().wireName();
        row.expiresAt = request.expiresAt();
        row.persist();
        return Map.entry(key, row);
    }

    /**
     * Revokes a key of the party.
     *
     * @throws ProblemException {@link Problem#NOT_FOUND} if the party has no such valid key, {@link Problem#LAST_KEY}
     *     if no other key is left that can do everything and does not expire
     */
    @Transactional
    public void revokeKey(PartyId party, String id) {
        PartyRow.lock(party.number());
        List<KeyRow> keys = KeyRow.validOf(party.number());
        KeyRow revoked = keys.stream()
                .filter(key -> key.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.NOT_FOUND.because("The party has no such key, or it is revoked already"));
        if (revoked.isLasting() && keys.stream().filter(KeyRow::isLasting).count() == 1) {
            throw Problem.LAST_KEY.because("This is the party's last key that can do everything and does not expire;"
                    + " create another such key first");
        }
        revoked.revokedAt = now();
    }

    /**
     * The closing of a party that was requested.
     *
     * @param closesAt the time until which the party can undo it
     */
    public record Closing(Instant requestedAt, Instant closesAt) {}

    /**
     * Schedules the closing of the party in 7 days. Until then the party can read, and undo it, and do nothing else.
     *
     * @return the closing; if it was requested before, with the times of that request
     */
    public Closing close(PartyId party) throws SQLException {
        Instant now = now();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into party_closing"
                        + " (party, requested_at, closes_at) values (?, ?, ?) on conflict (party) do nothing")) {
            insert.setObject(1, party.number());
            insert.setObject(2, now.atOffset(ZoneOffset.UTC));
            insert.setObject(3, now.plus(TIME_TO_UNDO).atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        return closing(party).orElseThrow(Parties::unknownKey);
    }

    /** Returns the closing that the party has requested. */
    public Optional<Closing> closing(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select requested_at, closes_at from party_closing where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Closing(SqlColumns.moment(row, 1), SqlColumns.moment(row, 2)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Undoes the closing of the party.
     *
     * @throws ProblemException {@link Problem#NOTHING_TO_CHANGE} if none is requested, or if its time has passed
     */
    public void reopen(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_closing where party = ? and closes_at > ?")) {
            delete.setObject(1, party.number());
            delete.setObject(2, now().atOffset(ZoneOffset.UTC));
            if (delete.executeUpdate() == 0) {
                throw Problem.NOTHING_TO_CHANGE.because("The party is not being closed");
            }
        }
    }

    /**
     * Closes the parties whose time to undo has passed, and erases the personal data in all their acts.
     *
     * @return the number of parties that were closed
     */
    public int closeDue(Instant now) throws SQLException {
        List<PartyId> due = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select party from party_closing where closes_at <= ? order by closes_at limit "
                                + CLOSED_AT_ONCE)) {
            select.setObject(1, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(new PartyId(row.getObject(1, UUID.class)));
                }
            }
        }
        for (PartyId party : due) {
            Ledger.await(ledger.proposeWaiting(Proposal.of(new AccountEntry.Erased(party), Authority.REGISTRY)));
        }
        return due.size();
    }

    /**
     * Returns the names and contacts that others may see. Parties that do not exist are left out. If the operator hides
     * the face of a party, it has neither.
     */
    public Map<PartyId, Face> faces(Collection<PartyId> parties) throws SQLException {
        Map<PartyId, Face> faces = own(parties);
        faces.replaceAll(this::shown);
        return faces;
    }

    /** Returns the face that others may see. */
    public Face shown(PartyId party, Face face) {
        return measures.hidesFace(party) == null ? face : FACELESS;
    }

    /** Returns the names and contacts, for the parties themselves. Parties that do not exist are left out. */
    public Map<PartyId, Face> own(Collection<PartyId> parties) throws SQLException {
        Map<PartyId, Face> faces = new HashMap<>();
        if (parties.isEmpty()) {
            return faces;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id, name, contact, relay from party where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    faces.put(
                            new PartyId(row.getObject(1, UUID.class)),
                            new Face(row.getString(2), row.getString(3), row.getBoolean(4)));
                }
            }
        }
        return faces;
    }

    /**
     * The public data of a party that does not say how to reach it.
     *
     * @param name null if the party is erased
     */
    public record Profile(@Nullable String name, String kind, Instant openedAt) {}

    /** Returns the profiles of the parties. Parties that do not exist are left out. */
    public static Map<PartyId, Profile> profiles(Connection connection, Collection<PartyId> parties)
            throws SQLException {
        Map<PartyId, Profile> profiles = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("select id, name, kind, opened_at from party where id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, parties.stream().map(PartyId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    profiles.put(
                            new PartyId(row.getObject(1, UUID.class)),
                            new Profile(row.getString(2), row.getString(3), SqlColumns.moment(row, 4)));
                }
            }
        }
        return profiles;
    }

    private Instant now() {
        return clock.instant();
    }
}
