package org.askfirst.registry.mail;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.party.NoticeListener;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Sha256;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The notices that wait to be sent by e-mail: those about a party's account, and those about disputes and rejections, if
 * its contact is an e-mail address and the operator has set a sender ({@code quarkus.mailer.from}). Messages that
 * somebody left for a party wait here too.
 *
 * <p>Strangers can file disputes. So notices about disputes take only a part of each limit, and can never keep one about
 * the account from being sent.
 *
 * <p>A notice is queued in the transaction that adds it, and leaves the queue when a mail server has taken it. So it is
 * sent at least once, whatever node dies.
 */
@ApplicationScoped
public class MailQueue implements NoticeListener, ErasureListener {
    /** Number of e-mails to one party that may wait. The notices stay in the account. */
    private static final int MOST = 30;

    /** Number of e-mails to one party that may wait before one about a dispute is not queued. */
    static final int MOST_BEFORE_DISPUTES = 10;

    /** Number of notices that an address receives in a day. Further ones wait. */
    static final int MOST_OF_A_DAY = 5;

    /** Number of e-mails that an address receives in a day before one about a dispute waits. */
    static final int MOST_OF_A_DAY_BEFORE_DISPUTES = 3;

    /** The reasons for which an address receives e-mails. Each has its own limit, so that none takes the place of another. */
    enum Purpose {
        /** A notice about an account. */
        NOTICE("", MOST_OF_A_DAY),
        /** A link that verifies a contact. */
        LINK("link ", 3),
        /** Links that sign somebody in. */
        SIGN_IN("sign-in ", 10),
        /** A message that somebody left for the party. */
        MESSAGE("message ", 20);

        private final String prefix;
        private final int most;

        Purpose(String prefix, int most) {
            this.prefix = prefix;
            this.most = most;
        }

        byte[] hash(String address) {
            // Most servers deliver "name+anything@" to "name@".
            return Sha256.of(prefix + mailbox(address));
        }
    }

    private final DataSource dataSource;
    private final boolean sends;

    MailQueue(DataSource dataSource, @ConfigProperty(name = "quarkus.mailer.from") Optional<String> from) {
        this.dataSource = dataSource;
        this.sends = from.isPresent();
    }

    /**
     * A notice that this node sends until the end of its lease.
     *
     * @param failures the number of failed attempts
     * @param purpose the limit of the address that applies
     */
    record Leased(long notice, PartyId party, int failures, Purpose purpose) {}

    /** Returns true if the operator has set a sender. */
    boolean sends() {
        return sends;
    }

    @Override
    public void added(Connection connection, PartyId party, long id, Instant at) throws SQLException {
        if (!sends) {
            return;
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into mail_queue (notice, party, due_at, letter)"
                        + " select n.id, n.party, ?, n.kind = ? from party_notice n join party p on p.id = n.party"
                        + " where n.id = ? and n.kind = any(?) and p.contact like 'mailto:%'"
                        + " and (select count(*) from mail_queue q where q.party = n.party and q.letter = (n.kind = ?))"
                        + " < case when n.kind = any(?) then ? else ? end")) {
            String message = Notices.Kind.MESSAGE.wireName();
            List<String> disputes = Notices.kindsAboutDisputes();
            insert.setObject(1, at.atOffset(ZoneOffset.UTC));
            insert.setString(2, message);
            insert.setLong(3, id);
            insert.setArray(
                    4,
                    SqlArray.texts(
                            connection,
                            Stream.of(List.of(message), Notices.kindsAboutAccounts(), disputes)
                                    .flatMap(List::stream)));
            insert.setString(5, message);
            insert.setArray(6, SqlArray.texts(connection, disputes.stream()));
            insert.setInt(7, MOST_BEFORE_DISPUTES);
            insert.setInt(8, MOST);
            insert.executeUpdate();
        }
    }

    /** Leases a notice that is due. Row locks keep other nodes from the same one. */
    Optional<Leased> lease(Instant now, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lease = connection.prepareStatement("update mail_queue set due_at = ?"
                        + " where notice = (select notice from mail_queue where due_at <= ?"
                        + " order by due_at, notice limit 1 for update skip locked)"
                        + " returning notice, party, failures, letter")) {
            lease.setObject(1, until.atOffset(ZoneOffset.UTC));
            lease.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = lease.executeQuery()) {
                return row.next()
                        ? Optional.of(new Leased(
                                row.getLong(1),
                                new PartyId(row.getObject(2, UUID.class)),
                                row.getInt(3),
                                row.getBoolean(4) ? Purpose.MESSAGE : Purpose.NOTICE))
                        : Optional.empty();
            }
        }
    }

    /**
     * Returns true if the address has received its e-mails of the day. Strangers can name any address as the contact of
     * their parties.
     *
     * @param kind the kind of the notice that would be sent
     */
    boolean isFull(Purpose purpose, String address, LocalDate day, String kind) throws SQLException {
        int most = Notices.kindsAboutDisputes().contains(kind) ? MOST_OF_A_DAY_BEFORE_DISPUTES : purpose.most;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select sent from mail_sent where day = ? and address = ?")) {
            select.setObject(1, day);
            select.setBytes(2, purpose.hash(address));
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getInt(1) >= most;
            }
        }
    }

    /** Removes a notice that was sent to the address, and counts it. */
    void sent(long notice, Purpose purpose, String address, LocalDate day) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count = connection.prepareStatement("insert into mail_sent (day, address, sent)"
                        + " values (?, ?, 1) on conflict (day, address) do update set sent = mail_sent.sent + 1");
                PreparedStatement forget = connection.prepareStatement("delete from mail_sent where day < ?")) {
            count.setObject(1, day);
            count.setBytes(2, purpose.hash(address));
            count.executeUpdate();
            forget.setObject(1, day);
            forget.executeUpdate();
        }
        done(notice);
    }

    /**
     * Counts an e-mail that is about to be sent to the address. Two at once cannot both take the last place.
     *
     * @return false if the address has received its e-mails of the day
     */
    boolean take(Purpose purpose, String address, LocalDate day) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement count = connection.prepareStatement("insert into mail_sent (day, address, sent)"
                        + " values (?, ?, 1) on conflict (day, address) do update set sent = mail_sent.sent + 1"
                        + " where mail_sent.sent < ?")) {
            count.setObject(1, day);
            count.setBytes(2, purpose.hash(address));
            count.setInt(3, purpose.most);
            return count.executeUpdate() > 0;
        }
    }

    /** Returns the address in the form that is the same for all spellings of a mailbox. */
    static String mailbox(String address) {
        return address.toLowerCase(Locale.ROOT).replaceFirst("\\+[^@]*@", "@");
    }

    /** Lets a notice wait until a later day. It keeps its number of failures. */
    void postpone(long notice, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update mail_queue set due_at = ? where notice = ?")) {
            update.setObject(1, until.atOffset(ZoneOffset.UTC));
            update.setLong(2, notice);
            update.executeUpdate();
        }
    }

    /** Removes a notice that cannot be sent. */
    void done(long notice) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from mail_queue where notice = ?")) {
            delete.setLong(1, notice);
            delete.executeUpdate();
        }
    }

    /**
     * Stores a failed attempt.
     *
     * @param nextAt the time of the next attempt; null to give up
     */
    void failed(long notice, @Nullable Instant nextAt) throws SQLException {
        if (nextAt == null) {
            done(notice);
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update mail_queue set failures = failures + 1, due_at = ? where notice = ?")) {
            update.setObject(1, nextAt.atOffset(ZoneOffset.UTC));
            update.setLong(2, notice);
            update.executeUpdate();
        }
    }

    @Override
    public String part() {
        return "mail: the notices that wait to be sent";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from mail_queue where party = ?")) {
            delete.setObject(1, party.number());
            delete.executeUpdate();
        }
        return List.of();
    }
}
