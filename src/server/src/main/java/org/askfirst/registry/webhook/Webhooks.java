package org.askfirst.registry.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.erasure.ErasureListener;
import org.askfirst.registry.fetch.WebTarget;
import org.askfirst.registry.party.NoticeListener;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of parties, and the notices that wait for them.
 *
 * <p>A party has one webhook at most. Its notices are queued in the transaction that adds them, and leave the queue when
 * the receiver has confirmed them. So each is delivered at least once, in the order of their ids, whatever node dies.
 * A webhook is leased, not owned: a node that delivers sets {@code due_at} to the end of its lease, and its results are
 * stored only while that value is there. A webhook that is set again has another value.
 *
 * <p>INVARIANT: {@code due_at} is null only if no notice waits or the webhook is failing. Whoever changes the queue or
 * {@code due_at} locks the row of the webhook. Rows of the queue are locked before it, as an erasure does, so that
 * nobody waits in a circle.
 */
@ApplicationScoped
public class Webhooks implements NoticeListener, ErasureListener {
    private static final String ATTEMPT =
            " attempt_at = ?, attempt_outcome = ?, attempt_status = ?, attempt_detail = ?";

    private final DataSource dataSource;

    Webhooks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A webhook without its secret.
     *
     * @param failing true if it is paused until the party sets it again
     * @param waiting the number of notices that wait
     * @param nextAttemptAt the time of the next attempt after a failure; null if there was none
     */
    record State(
            String url,
            boolean failing,
            Instant setAt,
            int waiting,
            @Nullable Instant nextAttemptAt,
            @Nullable Attempt lastAttempt) {}

    /** The address and the secret of a webhook. */
    record Receiver(WebTarget target, WebhookSecret secret) {
        static Receiver of(String url, byte[] secret) {
            return new Receiver(WebTarget.of(url), WebhookSecret.ofStored(secret));
        }
    }

    /**
     * A webhook that this node delivers to until the end of its lease.
     *
     * @param failures the number of failed attempts to deliver the next notice
     */
    record Leased(PartyId party, Receiver receiver, int failures, Instant until) {}

    /**
     * Sets the webhook of the party, or replaces it. Notices that wait for the replaced one wait for this one. Unless
     * the replaced one is failing, its failures count on and its next attempt comes no earlier: otherwise receivers
     * that do not answer could be set again and again to hold the places of all others.
     */
    void set(PartyId party, WebTarget target, WebhookSecret secret, Instant now) throws SQLException {
        // The lock on the party keeps an erasure from passing by.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into webhook"
                        + " (party, url, secret, set_at, due_at) select id, ?, ?, ?, ? from party"
                        + " where id = ? and name is not null for share"
                        + " on conflict (party) do update set url = excluded.url, secret = excluded.secret,"
                        + " set_at = excluded.set_at,"
                        + " due_at = greatest(excluded.due_at, webhook.due_at + interval '1 microsecond'),"
                        + " failures = case when webhook.failing then 0 else webhook.failures end, failing = false,"
                        + " attempt_at = null, attempt_outcome = null, attempt_status = null,"
                        + " attempt_detail = null")) {
            insert.setString(1, target.toString());
            insert.setBytes(2, secret.toStored());
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.setObject(4, now.atOffset(ZoneOffset.UTC));
            insert.setObject(5, party.number());
            if (insert.executeUpdate() == 0) {
                throw Parties.unknownKey();
            }
        }
    }

    /** Deletes the webhook of the party with its queue. Returns false if there is none. */
    boolean delete(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return delete(connection, party);
        }
    }

    private static boolean delete(Connection connection, PartyId party) throws SQLException {
        boolean deleted = false;
        for (String table : List.of("webhook_delivery", "webhook")) {
            try (PreparedStatement delete = connection.prepareStatement("delete from " + table + " where party = ?")) {
                delete.setObject(1, party.number());
                deleted = delete.executeUpdate() > 0;
            }
        }
        return deleted;
    }

    /**
     * Deletes the webhook of the party with its queue if it was set before the time. The fold that ends the keys of the
     * party calls it: whoever had one of these keys may have set the webhook.
     */
    public static void deleteSetBefore(Connection connection, PartyId party, Instant at) throws SQLException {
        for (String table : List.of("webhook_delivery", "webhook")) {
            try (PreparedStatement delete = connection.prepareStatement("delete from " + table
                    + " where party = ? and party in (select party from webhook where party = ? and set_at < ?)")) {
                delete.setObject(1, party.number());
                delete.setObject(2, party.number());
                delete.setObject(3, at.atOffset(ZoneOffset.UTC));
                delete.executeUpdate();
            }
        }
    }

    @Override
    public String part() {
        return "webhooks: the address, its secret, and the notices that wait";
    }

    @Override
    public List<Long> erase(Connection connection, PartyId party, Instant at) throws SQLException {
        delete(connection, party);
        return List.of();
    }

    /** Returns the webhook of the party. */
    Optional<State> find(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select url, failing, set_at,"
                        + " (select count(*) from webhook_delivery d where d.party = w.party),"
                        + " case when failures > 0 then due_at end,"
                        + " attempt_at, attempt_outcome, attempt_status, attempt_detail"
                        + " from webhook w where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new State(
                                row.getString(1),
                                row.getBoolean(2),
                                SqlColumns.moment(row, 3),
                                row.getInt(4),
                                SqlColumns.momentOrNull(row, 5),
                                attempt(row)))
                        : Optional.empty();
            }
        }
    }

    private static @Nullable Attempt attempt(ResultSet row) throws SQLException {
        Instant at = SqlColumns.momentOrNull(row, 6);
        int status = row.getInt(8);
        Integer answered = row.wasNull() ? null : Integer.valueOf(status);
        return at == null ? null : new Attempt(at, Attempt.Outcome.named(row.getString(7)), answered, row.getString(9));
    }

    /** Returns the address and the secret of the party's webhook. */
    Optional<Receiver> receiver(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select url, secret from webhook where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Receiver.of(row.getString(1), row.getBytes(2))) : Optional.empty();
            }
        }
    }

    @Override
    public void added(Connection connection, PartyId party, long id, Instant at) throws SQLException {
        try (PreparedStatement wake = connection.prepareStatement(
                        "update webhook set due_at = case when failing then null else coalesce(due_at, ?) end"
                                + " where party = ?");
                PreparedStatement insert =
                        connection.prepareStatement("insert into webhook_delivery (notice, party) values (?, ?)")) {
            wake.setObject(1, at.atOffset(ZoneOffset.UTC));
            wake.setObject(2, party.number());
            if (wake.executeUpdate() > 0) {
                insert.setLong(1, id);
                insert.setObject(2, party.number());
                insert.executeUpdate();
            }
        }
    }

    /**
     * Leases webhooks that are due. Row locks keep other nodes from the same ones. Those whose last attempt succeeded
     * come first, so that receivers that do not answer delay no others.
     */
    List<Leased> lease(Instant now, Instant until, int most) throws SQLException {
        List<Leased> leased = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lease = connection.prepareStatement("update webhook set due_at = ?"
                        + " where party in (select party from webhook where due_at <= ?"
                        + " order by failures, due_at limit ? for update skip locked)"
                        + " returning party, url, secret, failures, due_at")) {
            lease.setObject(1, until.atOffset(ZoneOffset.UTC));
            lease.setObject(2, now.atOffset(ZoneOffset.UTC));
            lease.setInt(3, most);
            try (ResultSet row = lease.executeQuery()) {
                while (row.next()) {
                    leased.add(new Leased(
                            new PartyId(row.getObject(1, UUID.class)),
                            Receiver.of(row.getString(2), row.getBytes(3)),
                            row.getInt(4),
                            SqlColumns.moment(row, 5)));
                }
            }
        }
        return leased;
    }

    /** Returns the id of the notice that the party's webhook receives next. */
    OptionalLong next(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select min(notice) from webhook_delivery where party = ?")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long notice = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(notice);
            }
        }
    }

    /** Removes a notice that was delivered from the queue, and ends the lease. */
    void delivered(Leased webhook, long notice, Attempt attempt) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from webhook_delivery where notice = ?");
                PreparedStatement update = connection.prepareStatement(
                        "update webhook set failures = 0," + ATTEMPT + " where party = ? and due_at = ?")) {
            connection.setAutoCommit(false);
            delete.setLong(1, notice);
            delete.executeUpdate();
            lock(connection, webhook.party());
            int last = setAttempt(update, 1, attempt);
            update.setObject(last, webhook.party().number());
            update.setObject(last + 1, webhook.until().atOffset(ZoneOffset.UTC));
            update.executeUpdate();
            endLease(connection, webhook, attempt.time());
            connection.commit();
        }
    }

    /** Ends the lease of a webhook for which no notice waits. */
    void idle(Leased webhook, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection, webhook.party());
            endLease(connection, webhook, now);
            connection.commit();
        }
    }

    /** The statements after the lock see the notices of everybody who held it before. */
    private static void lock(Connection connection, PartyId party) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select 1 from webhook where party = ? for update")) {
            lock.setObject(1, party.number());
            lock.execute();
        }
    }

    private static void endLease(Connection connection, Leased webhook, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update webhook w set due_at ="
                + " case when exists (select from webhook_delivery d where d.party = w.party) then ? end"
                + " where party = ? and due_at = ?")) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setObject(2, webhook.party().number());
            update.setObject(3, webhook.until().atOffset(ZoneOffset.UTC));
            update.executeUpdate();
        }
    }

    /**
     * Stores a failed attempt, and ends the lease. If the webhook was set again meanwhile, the failure counts for it:
     * otherwise a party that sets it during each attempt would never be one whose receiver failed.
     *
     * @param nextAt the time of the next attempt; null to pause the webhook
     */
    void failed(Leased webhook, Attempt attempt, @Nullable Instant nextAt) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update webhook set failures = failures + 1, failing = ?, due_at = ?," + ATTEMPT
                                + " where party = ? and due_at = ?");
                PreparedStatement count = connection.prepareStatement("update webhook set failures = failures + 1"
                        + " where party = ? and failures = ? and not failing")) {
            update.setBoolean(1, nextAt == null);
            update.setObject(2, nextAt == null ? null : nextAt.atOffset(ZoneOffset.UTC));
            int last = setAttempt(update, 3, attempt);
            update.setObject(last, webhook.party().number());
            update.setObject(last + 1, webhook.until().atOffset(ZoneOffset.UTC));
            if (update.executeUpdate() == 0) {
                count.setObject(1, webhook.party().number());
                count.setInt(2, webhook.failures());
                count.executeUpdate();
            }
        }
    }

    /** Ends the lease of a webhook to which nothing was sent. */
    void defer(Leased webhook, Instant nextAt) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update webhook set due_at = ? where party = ? and due_at = ?")) {
            update.setObject(1, nextAt.atOffset(ZoneOffset.UTC));
            update.setObject(2, webhook.party().number());
            update.setObject(3, webhook.until().atOffset(ZoneOffset.UTC));
            update.executeUpdate();
        }
    }

    private static int setAttempt(PreparedStatement update, int first, Attempt attempt) throws SQLException {
        update.setObject(first, attempt.time().atOffset(ZoneOffset.UTC));
        update.setString(first + 1, attempt.outcome().wireName());
        update.setObject(first + 2, attempt.status(), Types.INTEGER);
        update.setString(first + 3, attempt.detail());
        return first + 4;
    }
}
