package org.askfirst.registry.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.AssertionResult;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.RegistrationResult;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.exception.AssertionFailedException;
import com.yubico.webauthn.exception.RegistrationFailedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.party.Sessions;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The passkeys of parties. A browser first gets a challenge, which is random, expires after five minutes and can be
 * answered once. An answer registers a passkey or signs its holder in.
 */
@ApplicationScoped
public class Passkeys implements ErasureListener {
    private static final Duration TIME_TO_ANSWER = Duration.ofMinutes(5);
    private static final int MOST = 20;

    /** Number of challenges to sign in that an address gets in five minutes from this node. */
    private static final int CHALLENGES_OF_AN_ADDRESS = 600;

    private static final int MOST_ADDRESSES = 100_000;
    private static final int ID_HEX_DIGITS = 16;
    private static final int UUID_BYTES = 16;
    private static final Pattern ID = Pattern.compile("pk_[0-9a-f]{" + ID_HEX_DIGITS + "}");

    private final DataSource dataSource;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Cache<String, AtomicInteger> challenged = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(TIME_TO_ANSWER)
            .build();

    Passkeys(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** A challenge, with the options that the browser needs for {@code navigator.credentials}. */
    public record Challenge(String id, Instant expiresAt, JsonNode options) {}

    /** {@code Passkey}. */
    public record Passkey(
            String id,
            Instant createdAt,
            @Nullable String label,
            @Nullable Instant lastUsedAt) {}

    /** Returns the passkeys of the party, the oldest first. */
    public List<Passkey> of(PartyId party) throws SQLException {
        List<Passkey> passkeys = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select id, created_at, label, used_at"
                        + " from passkey where party = ? order by created_at, id")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    passkeys.add(new Passkey(
                            row.getString(1),
                            SqlColumns.moment(row, 2),
                            row.getString(3),
                            SqlColumns.momentOrNull(row, 4)));
                }
            }
        }
        return passkeys;
    }

    /**
     * Begins the registration of a passkey. An earlier one of the party that was not completed ends.
     *
     * @param origin of the registry
     * @param name of the party, which the authenticator shows to its holder
     */
    Challenge beginRegistration(String origin, PartyId party, String name) throws SQLException, IOException {
        requireRoom(party);
        ByteArray handle = handle(party.number());
        Ceremony ceremony = new Ceremony(origin, handle, party.toString(), registered(party, handle));
        PublicKeyCredentialCreationOptions options = ceremony.registration(name, TIME_TO_ANSWER);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from passkey_challenge where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        return store(party, options.toJson(), options.toCredentialsCreateJson());
    }

    /**
     * Completes the registration of a passkey.
     *
     * @param credential the answer of the browser
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if the answer is not right
     */
    Passkey register(String origin, PartyId party, String challenge, JsonNode credential, @Nullable String label)
            throws SQLException {
        requireRoom(party);
        String request = take(challenge, party);
        ByteArray handle = handle(party.number());
        RegistrationResult registered;
        try {
            registered = new Ceremony(origin, handle, party.toString(), registered(party, handle))
                    .register(PublicKeyCredentialCreationOptions.fromJson(request), credential.toString());
        } catch (RegistrationFailedException | IOException | IllegalArgumentException | IllegalStateException refused) {
            throw Problem.INVALID_REQUEST.at(
                    "/credential", Reason.MALFORMED, "the browser's answer does not fit the challenge and this site");
        }
        byte[] id = registered.getKeyId().getId().getBytes();
        Passkey passkey = new Passkey(
                "pk_" + HexFormat.of().formatHex(Sha256.of(id)).substring(0, ID_HEX_DIGITS),
                clock.instant(),
                label,
                null);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into passkey"
                        + " (id, party, credential, public_key, sign_count, label, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing")) {
            insert.setString(1, passkey.id());
            insert.setObject(2, party.number());
            insert.setBytes(3, id);
            insert.setBytes(4, registered.getPublicKeyCose().getBytes());
            insert.setLong(5, registered.getSignatureCount());
            insert.setString(6, label);
            insert.setObject(7, passkey.createdAt().atOffset(ZoneOffset.UTC));
            if (insert.executeUpdate() == 0) {
                throw Problem.INVALID_REQUEST.at("/credential", Reason.CONFLICT, "this passkey is registered already");
            }
        }
        return passkey;
    }

    private void requireRoom(PartyId party) throws SQLException {
        if (of(party).size() >= MOST) {
            throw Problem.TOO_MANY_KEYS.because("A party has at most " + MOST + " passkeys; remove one first");
        }
    }

    /** Changes the name that the party gave to the passkey; null removes it. */
    void rename(PartyId party, String id, @Nullable String label) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update passkey set label = ? where party = ? and id = ?")) {
            update.setString(1, label);
            update.setObject(2, party.number());
            update.setString(3, known(id));
            requireOne(update);
        }
    }

    /** Removes the passkey, and ends the sessions that began with it. */
    void remove(PartyId party, String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from passkey where party = ? and id = ?")) {
            delete.setObject(1, party.number());
            delete.setString(2, known(id));
            requireOne(delete);
        }
    }

    private static void requireOne(PreparedStatement change) throws SQLException {
        if (change.executeUpdate() == 0) {
            throw unknown();
        }
    }

    /** Returns the id if it has the form of one: PostgreSQL refuses some texts that a path may have. */
    private static String known(String id) {
        if (!ID.matcher(id).matches()) {
            throw unknown();
        }
        return id;
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because("The party has no such passkey");
    }

    /** Begins a sign-in of somebody who is not known yet. */
    public Challenge beginSignIn(String origin, String address) throws SQLException, IOException {
        if (challenged.get(address, any -> new AtomicInteger()).incrementAndGet() > CHALLENGES_OF_AN_ADDRESS) {
            throw Problem.TOO_MANY_REQUESTS.because(
                    "This address began too many sign-ins; try again in " + TIME_TO_ANSWER.toMinutes() + " minutes");
        }
        AssertionRequest request =
                new Ceremony(origin, new ByteArray(new byte[0]), "", List.of()).signIn(TIME_TO_ANSWER);
        return store(null, request.toJson(), request.toCredentialsGetJson());
    }

    /**
     * Completes a sign-in.
     *
     * @param credential the answer of the browser
     * @return the passkey, with which a session may begin
     * @throws ProblemException {@link Problem#UNAUTHENTICATED} if the passkey is unknown, or if the answer is not right
     */
    public Sessions.Beginning signIn(String origin, String challenge, JsonNode credential) throws SQLException {
        String request = take(challenge, null);
        Held held = held(credential.path("id").asText());
        if (held == null) {
            throw refused("this registry does not know the passkey; it may have been removed");
        }
        AssertionResult result;
        try {
            result = new Ceremony(
                            origin, handle(held.party().number()), held.party().toString(), List.of(held.credential()))
                    .signIn(AssertionRequest.fromJson(request), credential.toString());
        } catch (AssertionFailedException | IOException | IllegalArgumentException | IllegalStateException wrong) {
            throw refused("the browser's answer does not fit the challenge, this site, or the passkey");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update passkey set sign_count = ?, used_at = ?"
                        + " where id = ? and (sign_count < ? or (sign_count = 0 and ? = 0))")) {
            update.setLong(1, result.getSignatureCount());
            update.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            update.setString(3, held.id());
            update.setLong(4, result.getSignatureCount());
            update.setLong(5, result.getSignatureCount());
            if (!result.isSuccess() || update.executeUpdate() == 0) {
                throw refused("the passkey was used elsewhere meanwhile, so it may have been copied");
            }
        }
        return Sessions.Beginning.byPasskey(held.party(), held.id());
    }

    private static ProblemException refused(String why) {
        return Problem.UNAUTHENTICATED.because("The sign-in with a passkey failed: " + why);
    }

    /** A registered passkey as the library needs it. */
    private record Held(String id, PartyId party, RegisteredCredential credential) {}

    private @Nullable Held held(String credential) throws SQLException {
        ByteArray id;
        try {
            id = ByteArray.fromBase64Url(credential);
        } catch (com.yubico.webauthn.data.exception.Base64UrlException | IllegalArgumentException malformed) {
            return null;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select id, party, public_key, sign_count from passkey where credential = ?")) {
            select.setBytes(1, id.getBytes());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                UUID party = row.getObject(2, UUID.class);
                return new Held(
                        row.getString(1),
                        new PartyId(party),
                        RegisteredCredential.builder()
                                .credentialId(id)
                                .userHandle(handle(party))
                                .publicKeyCose(new ByteArray(row.getBytes(3)))
                                .signatureCount(row.getLong(4))
                                .build());
            }
        }
    }

    /** Returns the registered passkeys of the party, so that an authenticator does not register twice. */
    private List<RegisteredCredential> registered(PartyId party, ByteArray handle) throws SQLException {
        List<RegisteredCredential> registered = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select credential, public_key, sign_count from passkey where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    registered.add(RegisteredCredential.builder()
                            .credentialId(new ByteArray(row.getBytes(1)))
                            .userHandle(handle)
                            .publicKeyCose(new ByteArray(row.getBytes(2)))
                            .signatureCount(row.getLong(3))
                            .build());
                }
            }
        }
        return registered;
    }

    static Set<PublicKeyCredentialDescriptor> descriptors(List<RegisteredCredential> credentials) {
        return credentials.stream()
                .map(credential -> PublicKeyCredentialDescriptor.builder()
                        .id(credential.getCredentialId())
                        .build())
                .collect(Collectors.toSet());
    }

    /** The handle of a user is the number of the party, which says nothing about the person. */
    private static ByteArray handle(UUID party) {
        return new ByteArray(ByteBuffer.allocate(UUID_BYTES)
                .putLong(party.getMostSignificantBits())
                .putLong(party.getLeastSignificantBits())
                .array());
    }

    private Challenge store(@Nullable PartyId party, String request, String options) throws SQLException {
        byte[] bytes = new byte[UUID_BYTES];
        random.nextBytes(bytes);
        String id = "pc_" + HexFormat.of().formatHex(bytes);
        Instant now = clock.instant();
        Instant expiresAt = now.plus(TIME_TO_ANSWER);
        try (Connection connection = dataSource.getConnection()) {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from passkey_challenge where expires_at <= ?")) {
                delete.setObject(1, now.atOffset(ZoneOffset.UTC));
                delete.executeUpdate();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into passkey_challenge (id, party, request, expires_at) values (?, ?, ?, ?)")) {
                insert.setString(1, id);
                insert.setObject(2, party == null ? null : party.number());
                insert.setString(3, request);
                insert.setObject(4, expiresAt.atOffset(ZoneOffset.UTC));
                insert.executeUpdate();
            }
        }
        return new Challenge(id, expiresAt, Json.parse(options.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** Takes the challenge, so that nobody can answer it again. */
    private String take(String challenge, @Nullable PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from passkey_challenge where id = ?"
                        + " and party is not distinct from ? and expires_at > ? returning request")) {
            delete.setString(1, challenge);
            delete.setObject(2, party == null ? null : party.number(), java.sql.Types.OTHER);
            delete.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = delete.executeQuery()) {
                if (!row.next()) {
                    throw party == null
                            ? refused("the challenge is unknown, answered or expired; begin anew")
                            : Problem.INVALID_REQUEST.at(
                                    "/challenge",
                                    Reason.UNKNOWN_VALUE,
                                    "the challenge is unknown, answered or expired; begin anew");
                }
                return row.getString(1);
            }
        }
    }

    /** Removes the passkeys that a party made before its access was given to somebody else. */
    public static void removeMadeBefore(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from passkey where party = ? and created_at < ?")) {
            delete.setObject(1, party.number());
            delete.setObject(2, at.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }

    @Override
    public String part() {
        return "passkeys: public keys, their names and their challenges";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        for (String table : List.of("passkey_challenge", "passkey")) {
            try (PreparedStatement delete = connection.prepareStatement("delete from " + table + " where party = ?")) {
                delete.setObject(1, party.number());
                delete.executeUpdate();
            }
        }
        return List.of();
    }
}
