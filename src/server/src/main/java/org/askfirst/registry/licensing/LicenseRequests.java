package org.askfirst.registry.licensing;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlColumns;
import org.jspecify.annotations.Nullable;

/**
 * The license requests with their sides and works. Only the two sides may read one, and every method that serves a reader
 * takes the reader's party.
 */
@ApplicationScoped
class LicenseRequests {
    private static final String SELECT = "select r.id, r.asker, r.licensor, r.asker_alias, r.licensor_alias, r.offer,"
            + " r.evidenced, r.work_count, r.works_sha256, r.grant_id, s.position, s.recorded_at, s.state, s.ends_at,"
            + " s.last_alias, s.last_position, s.changed_at"
            + " from license_request r join license_state s on s.request = r.id";

    /** The condition that a request is open in the table and its time has not ended. */
    private static final String IN_TIME = "s.state in ('waiting', 'countered') and s.ends_at > ?";

    private final DataSource dataSource;

    LicenseRequests(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The two sides of a request. */
    enum Side {
        ASKER,
        LICENSOR;

        Side other() {
            return this == ASKER ? LICENSOR : ASKER;
        }

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The states that a reader sees. */
    enum Status {
        /** The licensor has not answered yet. */
        WAITING,
        /** One side proposed other terms. */
        COUNTERED,
        /** Both sides accepted the same terms. */
        GRANTED,
        /** One side refused. */
        REFUSED,
        /** The asker withdrew the request. */
        WITHDRAWN,
        /** The time ended before the side to act did. The verdict is still {@code ask}. */
        UNANSWERED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status named(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A license request.
     *
     * @param askerAlias the pseudonym of the asker in the entries of this request
     * @param licensorAlias the pseudonym of the licensor
     * @param offer the offer under which the asker asks; null without one
     * @param evidenced true if the licensor's right to every work is evidenced
     * @param worksSha256 SHA-256 of the list of works, 32 bytes
     * @param grant the id of the grant; null if there is none
     * @param position the position of the entry that made the request
     * @param state the state that the entries give it
     * @param endsAt the moment at which the time of the side to act ends; null if none runs
     * @param lastAlias the pseudonym of the side that acted last
     * @param lastPosition the position of the last entry
     */
    @SuppressWarnings("ArrayRecordComponent") // Objects of this record are never compared.
    record LicenseRequest(
            LicenseRequestId id,
            PartyId asker,
            PartyId licensor,
            PartyId askerAlias,
            PartyId licensorAlias,
            @Nullable OfferId offer,
            boolean evidenced,
            int workCount,
            byte[] worksSha256,
            @Nullable String grant,
            long position,
            Instant recordedAt,
            Status state,
            @Nullable Instant endsAt,
            PartyId lastAlias,
            long lastPosition,
            Instant changedAt) {
        /** Returns the status at a moment: the state of the entries, or unanswered after the time has ended. */
        Status statusAt(Instant moment) {
            return endsAt != null && !moment.isBefore(endsAt) ? Status.UNANSWERED : state;
        }

        /** Returns the side that did not act last. It is the one to act while the request is open. */
        Side sideToAct() {
            return lastAlias.equals(askerAlias) ? Side.LICENSOR : Side.ASKER;
        }

        /** Returns the side of the party; empty if it is neither. */
        Optional<Side> sideOf(PartyId party) {
            if (party.equals(asker)) {
                return Optional.of(Side.ASKER);
            }
            return party.equals(licensor) ? Optional.of(Side.LICENSOR) : Optional.empty();
        }

        PartyId party(Side side) {
            return side == Side.ASKER ? asker : licensor;
        }

        PartyId alias(Side side) {
            return side == Side.ASKER ? askerAlias : licensorAlias;
        }
    }

    /**
     * A request before it is recorded.
     *
     * @param works the works
     */
    record NewRequest(
            LicenseRequestId id,
            PartyId asker,
            PartyId licensor,
            PartyId askerAlias,
            PartyId licensorAlias,
            @Nullable OfferId offer,
            boolean evidenced,
            int workCount,
            WorkList works) {}

    /** Stores the sides and works of requests. They count only after their entries are recorded. */
    void insert(List<NewRequest> requests) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into license_request (id, asker,"
                        + " licensor, asker_alias, licensor_alias, offer, evidenced, work_count, works_sha256, works)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (NewRequest request : requests) {
                insert.setObject(1, request.id().number());
                insert.setObject(2, request.asker().number());
                insert.setObject(3, request.licensor().number());
                insert.setObject(4, request.askerAlias().number());
                insert.setObject(5, request.licensorAlias().number());
                insert.setObject(
                        6, request.offer() == null ? null : request.offer().number(), Types.OTHER);
                insert.setBoolean(7, request.evidenced());
                insert.setInt(8, request.workCount());
                insert.setBytes(9, request.works().sha256());
                insert.setBytes(10, request.works().compressed());
                insert.executeUpdate();
            }
            connection.commit();
        }
    }

    /** Returns the request if the reader is one of its sides. */
    Optional<LicenseRequest> find(LicenseRequestId id, PartyId reader) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(SELECT + " where r.id = ? and (r.asker = ? or r.licensor = ?)")) {
            select.setObject(1, id.number());
            select.setObject(2, reader.number());
            select.setObject(3, reader.number());
            return read(select).stream().findFirst();
        }
    }

    /** The side that can act in a request: one of the two, or nobody if the request has ended. */
    enum Turn {
        ASKER(" and " + IN_TIME + " and s.last_alias = r.licensor_alias"),
        LICENSOR(" and " + IN_TIME + " and s.last_alias = r.asker_alias"),
        NOBODY(" and not (" + IN_TIME + ")");

        /** The condition in SQL. Its parameter is the present moment. */
        private final String condition;

        Turn(String condition) {
            this.condition = condition;
        }

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Turn named(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * The requests that a list has, and their order.
     *
     * @param status only requests of this status; null for all
     * @param turn only requests in which this side can act; null for all
     * @param newestFirst true if the newest request is the first one
     */
    record Selection(@Nullable Status status, @Nullable Turn turn, boolean newestFirst) {}

    /**
     * Returns requests of a party.
     *
     * @param side the side of the party
     * @param after the position of the last one of the previous page; 0 for the first page
     */
    List<LicenseRequest> of(PartyId party, Side side, Selection selection, long after, int limit, Instant now)
            throws SQLException {
        Status status = selection.status();
        Turn turn = selection.turn();
        String condition = status == null
                ? ""
                : switch (status) {
                    case UNANSWERED -> " and s.state in ('waiting', 'countered') and s.ends_at <= ?";
                    case WAITING, COUNTERED -> " and s.ends_at > ? and s.state = '" + status.wireName() + "'";
                    case GRANTED, REFUSED, WITHDRAWN ->
                        " and s.recorded_at <= ? and s.state = '" + status.wireName() + "'";
                };
        boolean newestFirst = selection.newestFirst();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where r." + side.wireName()
                        + " = ? and s.position " + (newestFirst ? "<" : ">") + " ?" + condition
                        + (turn == null ? "" : turn.condition) + " order by s.position"
                        + (newestFirst ? " desc" : "") + " limit ?")) {
            int column = 1;
            select.setObject(column++, party.number());
            select.setLong(column++, newestFirst && after == 0 ? Long.MAX_VALUE : after);
            if (status != null) {
                select.setObject(column++, now.atOffset(ZoneOffset.UTC));
            }
            if (turn != null) {
                select.setObject(column++, now.atOffset(ZoneOffset.UTC));
            }
            select.setInt(column, limit);
            return read(select);
        }
    }

    /** Returns the requests that wait for the licensor, oldest first. */
    List<LicenseRequest> waitingFor(PartyId licensor, long after, int limit, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where r.licensor = ? and "
                        + "s.position > ? and " + IN_TIME + " and s.last_alias = s.asker_alias"
                        + " order by s.position limit ?")) {
            select.setObject(1, licensor.number());
            select.setLong(2, after);
            select.setObject(3, now.atOffset(ZoneOffset.UTC));
            select.setInt(4, limit);
            return read(select);
        }
    }

    /** Returns the list of works of a request. */
    WorkList works(LicenseRequestId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select works from license_request where id = ?")) {
            select.setObject(1, id.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return WorkList.decompress(row.getBytes(1));
            }
        }
    }

    /** Returns the positions of the entries of a request, oldest first. */
    List<Long> steps(LicenseRequestId id) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select position from license_step where request = ? order by position")) {
            select.setObject(1, id.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
        }
        return positions;
    }

    /** Returns how many requests of the party have each status now. */
    Map<Status, Long> counts(PartyId party, Side side, Instant now) throws SQLException {
        Map<Status, Long> counts = new EnumMap<>(Status.class);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select s.state, s.ends_at is not null and s.ends_at <= ?, count(*)"
                                + " from license_request r join license_state s on s.request = r.id where r."
                                + side.wireName() + " = ? group by 1, 2")) {
            select.setObject(1, now.atOffset(ZoneOffset.UTC));
            select.setObject(2, party.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Status status = row.getBoolean(2) ? Status.UNANSWERED : Status.named(row.getString(1));
                    counts.merge(status, row.getLong(3), Long::sum);
                }
            }
        }
        return counts;
    }

    /**
     * Claims the request, so that nobody else gives its grant until a moment.
     *
     * @param next the id of the grant, unless an earlier claim chose one
     * @return the id of the grant; empty if the grant is given, or if another claim holds
     */
    Optional<GrantId> claimGrant(LicenseRequestId id, GrantId next, Instant now, Instant until) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("update license_request set grant_id ="
                        + " coalesce(grant_id, ?), claimed_until = ? where id = ? and not issued"
                        + " and (claimed_until is null or claimed_until <= ?) returning grant_id")) {
            update.setString(1, next.toString());
            update.setObject(2, until.atOffset(ZoneOffset.UTC));
            update.setObject(3, id.number());
            update.setObject(4, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? GrantId.parse(row.getString(1)) : Optional.empty();
            }
        }
    }

    void setIssued(LicenseRequestId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update license_request set issued = true where id = ?")) {
            update.setObject(1, id.number());
            update.executeUpdate();
        }
    }

    /** Returns accepted requests that have no grant yet and that nobody claims. */
    List<LicenseRequest> notIssued(int limit, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        SELECT + " where s.state = 'granted' and not r.issued"
                                + " and (r.claimed_until is null or r.claimed_until <= ?) order by s.last_position limit ?")) {
            select.setObject(1, now.atOffset(ZoneOffset.UTC));
            select.setInt(2, limit);
            return read(select);
        }
    }

    /** The two things of which the registry tells a side when time passes. */
    enum Alarm {
        /** The time of the side to act ends soon. */
        REMINDER("reminded"),
        /** The time has ended. */
        END("told");

        private final String column;

        Alarm(String column) {
            this.column = column;
        }
    }

    /**
     * Marks and returns open requests whose time ends until a moment and for which the alarm was not raised. Two nodes
     * never return the same one.
     */
    List<LicenseRequest> raise(Alarm alarm, Instant until, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("with due as (update license_request set "
                        + alarm.column + " = true where id in (select s.request from license_state s join"
                        + " license_request q on q.id = s.request where s.ends_at <= ? and not q." + alarm.column
                        + " order by s.ends_at limit ?) and not " + alarm.column + " returning id) " + SELECT
                        + " join due on due.id = r.id")) {
            update.setObject(1, until.atOffset(ZoneOffset.UTC));
            update.setInt(2, limit);
            return read(update);
        }
    }

    /** Lets both alarms be raised again, because a new time began. */
    void resetAlarms(LicenseRequestId id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "update license_request set reminded = false, told = false where id = ?")) {
            update.setObject(1, id.number());
            update.executeUpdate();
        }
    }

    /** Deletes requests that were stored and never recorded. */
    void deleteUnrecorded(Instant now) throws SQLException {
        // The id begins with the time at which it was made, so the oldest ids are the smallest.
        Duration kept = Duration.ofHours(1);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from license_request r where r.id < ?"
                        + " and not exists (select from license_state s where s.request = r.id)")) {
            delete.setObject(1, new UUID(now.minus(kept).toEpochMilli() << Short.SIZE, 0));
            delete.executeUpdate();
        }
    }

    private static List<LicenseRequest> read(PreparedStatement select) throws SQLException {
        List<LicenseRequest> requests = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID offer = row.getObject(6, UUID.class);
                requests.add(new LicenseRequest(
                        new LicenseRequestId(row.getObject(1, UUID.class)),
                        party(row, 2),
                        party(row, 3),
                        party(row, 4),
                        party(row, 5),
                        offer == null ? null : new OfferId(offer),
                        row.getBoolean(7),
                        row.getInt(8),
                        row.getBytes(9),
                        row.getString(10),
                        row.getLong(11),
                        SqlColumns.moment(row, 12),
                        Status.named(row.getString(13)),
                        SqlColumns.momentOrNull(row, 14),
                        party(row, 15),
                        row.getLong(16),
                        SqlColumns.moment(row, 17)));
            }
        }
        return requests;
    }

    private static PartyId party(ResultSet row, int column) throws SQLException {
        return new PartyId(row.getObject(column, UUID.class));
    }
}
