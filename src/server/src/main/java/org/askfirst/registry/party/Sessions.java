package org.askfirst.registry.party;

import jakarta.enterprise.context.ApplicationScoped;
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
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of people in browsers. A session can do what a key of {@link KeyScope#FULL} can do. It begins with a key, a
 * passkey or an e-mail, and ends with it, after 30 days without use, and after 90 days in any case.
 */
@ApplicationScoped
public class Sessions {
    /** Time after which a session ends in any case. */
    public static final Duration LONGEST = Duration.ofDays(90);

    /** Time without use after which a session ends. */
    static final Duration IDLE = Duration.ofDays(30);

    /** Time after a sign-in in which the session can change who gets into the account. */
    static final Duration FRESH = Duration.ofMinutes(15);

    /** The condition that a row {@code s} of {@code party_session} is valid at a moment, which is its only parameter. */
    static final String VALID = "least(s.idle_until, s.until) > ? and (s.key is null or exists"
            + " (select from party_key b where b.id = s.key and b.revoked_at is null))"
            + " and (not s.mail or exists (select from party_mail_sign_in m"
            + " where m.party = s.party and m.since <= s.signed_in_at))";

    private static final int MOST = 50;
    private static final Duration TIME_OF_LINK = Duration.ofMinutes(5);

    private final DataSource dataSource;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Sessions(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * That with which a session begins: a key, a passkey or an e-mail.
     *
     * @param mail true if it is a link in an e-mail; then there is neither a key nor a passkey
     * @param until the end of the key; null if it does not expire
     */
    public record Beginning(
            PartyId party,
            @Nullable String key,
            @Nullable String passkey,
            boolean mail,
            @Nullable Instant until) {
        /** Returns the passkey as a beginning. */
        public static Beginning byPasskey(PartyId party, String passkey) {
            return new Beginning(party, null, passkey, false, null);
        }

        static Beginning byMail(PartyId party) {
            return new Beginning(party, null, null, true, null);
        }
    }

    /** A session of a party, without its token. */
    public record Session(
            String id, String method, Instant signedInAt, Instant freshUntil, Instant lastUsedAt, Instant expiresAt) {}

    /** A new session with its token, which is not stored. */
    public record Opened(PartyId party, Session session, String token) {}

    /** Returns the valid key of the header with which a session may begin, which can do everything. */
    public Beginning beginning(Caller caller) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select id, null, false, expires_at"
                        + " from party_key where hash = ? union all select key, passkey, mail, until"
                        + " from party_session where hash = ?")) {
            select.setBytes(1, caller.authority().keyHash());
            select.setBytes(2, caller.authority().keyHash());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw Parties.unknownKey();
                }
                return new Beginning(
                        caller.party(),
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        SqlColumns.momentOrNull(row, 4));
            }
        }
    }

    /** Opens a session. If the party has 50 of them, the oldest ends. */
    public Opened open(Beginning beginning) throws SQLException {
        Instant now = clock.instant();
        ApiKey token = ApiKey.make(ApiKey.SESSION_PREFIX, random);
        Instant longest = now.plus(LONGEST);
        Instant until = beginning.until() == null || beginning.until().isAfter(longest) ? longest : beginning.until();
        try (Connection connection = dataSource.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement("insert into party_session"
                    + " (id, party, hash, key, passkey, signed_in_at, used_at, idle_until, until, mail)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, token.id());
                insert.setObject(2, beginning.party().number());
                insert.setBytes(3, token.hash());
                insert.setString(4, beginning.key());
                insert.setString(5, beginning.passkey());
                insert.setObject(6, now.atOffset(ZoneOffset.UTC));
                insert.setObject(7, now.atOffset(ZoneOffset.UTC));
                insert.setObject(8, now.plus(IDLE).atOffset(ZoneOffset.UTC));
                insert.setObject(9, until.atOffset(ZoneOffset.UTC));
                insert.setBoolean(10, beginning.mail());
                insert.executeUpdate();
            }
            try (PreparedStatement delete = connection.prepareStatement("delete from party_session where id in"
                    + " (select id from party_session where party = ? order by signed_in_at desc, id offset " + MOST
                    + ")")) {
                delete.setObject(1, beginning.party().number());
                delete.executeUpdate();
            }
        }
        Session session = new Session(
                token.id(),
                method(beginning.passkey(), beginning.mail()),
                now,
                now.plus(FRESH),
                now,
                earlier(now.plus(IDLE), until));
        return new Opened(beginning.party(), session, token.text());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static String method(@Nullable String passkey, boolean mail) {
        if (mail) {
            return "mail";
        }
        return passkey == null ? "key" : "passkey";
    }

    /** A link that opens the account on another device. Its token is not stored. */
    public record Link(String token, Instant expiresAt) {}

    /** Makes a link. An earlier link of the party ends. */
    public Link link(Beginning beginning) throws SQLException {
        ApiKey token = ApiKey.make(ApiKey.LINK_PREFIX, random);
        Instant expiresAt = clock.instant().plus(TIME_OF_LINK);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into party_session_link"
                        + " (party, hash, key, passkey, until, expires_at, mail) values (?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (party) do update set hash = excluded.hash, key = excluded.key,"
                        + " passkey = excluded.passkey, until = excluded.until, expires_at = excluded.expires_at,"
                        + " mail = excluded.mail")) {
            insert.setObject(1, beginning.party().number());
            insert.setBytes(2, token.hash());
            insert.setString(3, beginning.key());
            insert.setString(4, beginning.passkey());
            insert.setObject(
                    5, beginning.until() == null ? null : beginning.until().atOffset(ZoneOffset.UTC));
            insert.setObject(6, expiresAt.atOffset(ZoneOffset.UTC));
            insert.setBoolean(7, beginning.mail());
            insert.executeUpdate();
        }
        return new Link(token.text(), expiresAt);
    }

    /**
     * Returns that with which a session may begin by a link. The link then ends.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAUTHENTICATED} if the link does not work
     */
    public Beginning follow(String token) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from party_session_link l"
                        + " where l.hash = ? and l.expires_at > ? and (l.key is null or exists"
                        + " (select from party_key b where b.id = l.key and b.revoked_at is null))"
                        + " returning l.party, l.key, l.passkey, l.until, l.mail")) {
            delete.setBytes(1, Sha256.of(token));
            delete.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = delete.executeQuery()) {
                if (!row.next()) {
                    throw Problem.UNAUTHENTICATED.because(
                            "This link is unknown, was used, or has expired; make a new one on the other device");
                }
                return new Beginning(
                        new PartyId(row.getObject(1, UUID.class)),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(5),
                        SqlColumns.momentOrNull(row, 4));
            }
        }
    }

    /** Returns the sessions of the party, the newest first. */
    public List<Session> of(PartyId party) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select s.id, s.passkey, s.signed_in_at,"
                        + " s.used_at, least(s.idle_until, s.until), s.mail from party_session s where s.party = ? and "
                        + VALID + " order by s.signed_in_at desc, s.id")) {
            select.setObject(1, party.number());
            select.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Instant signedInAt = SqlColumns.moment(row, 3);
                    sessions.add(new Session(
                            row.getString(1),
                            method(row.getString(2), row.getBoolean(6)),
                            signedInAt,
                            signedInAt.plus(FRESH),
                            SqlColumns.moment(row, 4),
                            SqlColumns.moment(row, 5)));
                }
            }
        }
        return sessions;
    }

    /**
     * Ends a session of the party.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if the party has no such session
     */
    public void end(PartyId party, String id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_session where party = ? and id = ?")) {
            delete.setObject(1, party.number());
            delete.setString(2, id);
            // PostgreSQL refuses this character, which a path may have.
            if (id.indexOf('\0') >= 0 || delete.executeUpdate() == 0) {
                throw Problem.NOT_FOUND.because("The party has no such session, or it has ended already");
            }
        }
    }

    /** Returns the id of the session with this token; null if the text is no token. */
    public static @Nullable String idOf(String token) {
        return ApiKey.ofSession(token).map(ApiKey::id).orElse(null);
    }

    /** Ends the session with this token, if there is one, because another has taken its place in the browser. */
    public void replace(String token) throws SQLException {
        String id = idOf(token);
        if (id != null) {
            try (Connection connection = dataSource.getConnection();
                    PreparedStatement delete = connection.prepareStatement("delete from party_session where id = ?")) {
                delete.setString(1, id);
                delete.executeUpdate();
            }
        }
    }

    /** Deletes the sessions that have ended. */
    void deleteEnded(Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_session s where not (" + VALID + ")")) {
            delete.setObject(1, now.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }
}
