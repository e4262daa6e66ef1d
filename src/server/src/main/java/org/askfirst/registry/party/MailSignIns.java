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
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Sha256;

/**
 * The e-mail addresses to which parties let the registry send links that sign them in, and the links. A party has at most
 * one address. It stays when the party changes its contact, so that nobody locks herself out by a misspelt contact.
 *
 * <p>Only the hash of a link's secret is stored. A link works once, and ends when the party turns the address off.
 */
@ApplicationScoped
public class MailSignIns {
    /** Time for which a link works. */
    public static final Duration VALID = Duration.ofMinutes(15);

    /** Number of links of a party in 24 hours. */
    static final int MOST_IN_A_DAY = 10;

    /** Number of parties of one mailbox that get links. */
    private static final int MOST_OF_A_MAILBOX = 5;

    private static final Duration DAY = Duration.ofDays(1);

    private final DataSource dataSource;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    MailSignIns(DataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * The address with which a party signs in.
     *
     * @param address without {@code mailto:}
     */
    public record MailSignIn(PartyId party, String address, Instant since) {}

    /**
     * Lets the party sign in with the address, and no longer with another one. The sessions that began with another
     * address end. If it is the address already, nothing changes.
     */
    public MailSignIn turnOn(PartyId party, String address, byte[] mailbox) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into party_mail_sign_in"
                        + " (party, address, mailbox, since) values (?, ?, ?, ?) on conflict (party) do update"
                        + " set address = excluded.address, mailbox = excluded.mailbox, since = excluded.since"
                        + " where party_mail_sign_in.address <> excluded.address")) {
            insert.setObject(1, party.number());
            insert.setString(2, address);
            insert.setBytes(3, mailbox);
            insert.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        return of(party).orElseThrow();
    }

    /** Turns the address off, and ends its links and sessions. Returns false if there was none. */
    public boolean turnOff(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_mail_sign_in where party = ?")) {
            delete.setObject(1, party.number());
            return delete.executeUpdate() > 0;
        }
    }

    /** Turns the address off if it is in the mailbox, whose holder says that the party is not its own. */
    public void turnOff(PartyId party, byte[] mailbox) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from party_mail_sign_in where party = ? and mailbox = ?")) {
            delete.setObject(1, party.number());
            delete.setBytes(2, mailbox);
            delete.executeUpdate();
        }
    }

    /** Returns the address with which the party signs in; empty if there is none. */
    public Optional<MailSignIn> of(PartyId party) throws SQLException {
        List<MailSignIn> own = select("party = ?", party.number());
        return own.isEmpty() ? Optional.empty() : Optional.of(own.get(0));
    }

    /** Returns the parties that sign in with the mailbox, at most five, the oldest first. */
    public List<MailSignIn> with(byte[] mailbox) throws SQLException {
        return select("mailbox = ?", mailbox);
    }

    private List<MailSignIn> select(String condition, Object value) throws SQLException {
        List<MailSignIn> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select party, address, since"
                        + " from party_mail_sign_in where " + condition + " order by since, party limit "
                        + MOST_OF_A_MAILBOX)) {
            select.setObject(1, value);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new MailSignIn(
                            new PartyId(row.getObject(1, UUID.class)), row.getString(2), SqlColumns.moment(row, 3)));
                }
            }
        }
        return found;
    }

    /** Makes a link for the party, and returns its token; empty if the party has got its links of the day. */
    public Optional<String> link(PartyId party) throws SQLException {
        Instant now = clock.instant();
        ApiKey token = ApiKey.make(ApiKey.MAIL_PREFIX, random);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement forget =
                        connection.prepareStatement("delete from party_mail_link where made_at <= ?");
                PreparedStatement insert = connection.prepareStatement("insert into party_mail_link"
                        + " (hash, party, made_at) select ?, ?, ? where"
                        + " (select count(*) from party_mail_link where party = ?) < ?")) {
            forget.setObject(1, now.minus(DAY).atOffset(ZoneOffset.UTC));
            forget.executeUpdate();
            insert.setBytes(1, token.hash());
            insert.setObject(2, party.number());
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.setObject(4, party.number());
            insert.setInt(5, MOST_IN_A_DAY);
            return insert.executeUpdate() > 0 ? Optional.of(token.text()) : Optional.empty();
        }
    }

    /**
     * Returns that with which a session may begin by a link. The link then ends.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#UNAUTHENTICATED} if the link does not work
     */
    public Sessions.Beginning follow(String token) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update party_mail_link l set used_at = ?"
                        + " from party_mail_sign_in m where l.hash = ? and l.used_at is null and l.made_at > ?"
                        + " and m.party = l.party and m.since <= l.made_at returning l.party")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setBytes(2, Sha256.of(token));
            update.setObject(3, now.minus(VALID).atOffset(ZoneOffset.UTC));
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    throw Problem.UNAUTHENTICATED.because(
                            "This link is unknown, was used, or has expired; let a new one be sent");
                }
                return Sessions.Beginning.byMail(new PartyId(row.getObject(1, UUID.class)));
            }
        }
    }

    /** Removes the address that was turned on before the moment, because the account has got another holder. */
    public static void removeTurnedOnBefore(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from party_mail_sign_in where party = ? and since < ?")) {
            delete.setObject(1, party.number());
            delete.setObject(2, at.atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
    }
}
