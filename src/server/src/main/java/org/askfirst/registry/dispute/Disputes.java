package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Contest;
import org.jspecify.annotations.Nullable;

/** Reads rejections and disputes in their newest state. */
@ApplicationScoped
public class Disputes {
    private static final String SELECT = "select id, position, recorded_at, kind, challenger, respondent, declaration,"
            + " subjects, grounds, ends_at, state, appealed, arbiter from dispute";

    private static final Duration FIGURES = Duration.ofDays(731);

    /** The time for which figures are kept. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final DataSource dataSource;
    private volatile Figures kept = new Figures(List.of(), Instant.EPOCH);

    Disputes(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The kinds of dispute. */
    enum Kind {
        /** A party rejects what another party states without evidence. */
        REJECTION("rejection"),
        /** A party contests what another party states, with evidence or without. */
        DISPUTE("dispute"),
        /** The operator decided about what a party states, without a dispute before. */
        RULING("ruling");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        private static Kind named(String wireName) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The states that entries give a dispute. The end of a time is no entry, so it is no state. */
    enum State {
        /** Filed; the respondent can answer. */
        OPEN("open"),
        /** The operator found a defect; the challenger can mend it. */
        DEFECTIVE("defective"),
        /** The respondent answered; the challenger can go on. */
        ANSWERED("answered"),
        /** The challenger went on; the operator decides. */
        CONTINUED("continued"),
        /** One side appealed; the operator decides again. */
        APPEALED("appealed"),
        /** The challenger withdrew it. */
        WITHDRAWN("withdrawn"),
        /** The operator decided for the respondent. */
        UPHELD("upheld"),
        /** The operator decided against the respondent. */
        SET_ASIDE("set-aside");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        /** Returns true if the challenger can still withdraw, and if nobody has decided. */
        boolean isUndecided() {
            return compareTo(APPEALED) < 0;
        }

        private static State named(String wireName) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName.equals(wireName))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * A dispute.
     *
     * @param position the position of the entry that opened it
     * @param challenger the party that opened it; null if the operator did
     * @param declaration the declaration that was the cause; null if none was named
     * @param grounds the grounds of a dispute; null for a rejection and for a decision without a dispute
     * @param endsAt the moment at which the time of the present step ends; null if none runs
     * @param appealed true if one side has appealed
     * @param arbiter the party that decides next in the operator's place; null if the operator does
     */
    record Dispute(
            DisputeId id,
            long position,
            Instant recordedAt,
            Kind kind,
            @Nullable PartyId challenger,
            PartyId respondent,
            @Nullable DeclarationId declaration,
            List<Subject> subjects,
            @Nullable String grounds,
            @Nullable Instant endsAt,
            State state,
            boolean appealed,
            @Nullable PartyId arbiter) {
        /** Returns true if the time of the present step has ended. */
        boolean isOver(Instant now) {
            return endsAt != null && !now.isBefore(endsAt);
        }

        /** Returns true if the dispute is about the respondent's proof of control of its one subject. */
        boolean isAboutControl() {
            return kind == Kind.DISPUTE && declaration == null;
        }

        /** Returns true if the party is one of the two sides. */
        boolean concerns(@Nullable PartyId party) {
            return party != null && (party.equals(challenger) || party.equals(respondent));
        }
    }

    /**
     * Finds a dispute by its id as a caller sent it.
     *
     * @throws org.askfirst.problem.ProblemException {@link Problem#NOT_FOUND} if there is none
     */
    Dispute find(String id) throws SQLException {
        Optional<DisputeId> dispute = DisputeId.parse(id);
        if (dispute.isPresent()) {
            try (Connection connection = dataSource.getConnection()) {
                Optional<Dispute> found = find(connection, dispute.get());
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw Problem.NOT_FOUND.because("There is no such dispute");
    }

    /** Returns the dispute or the rejection with this id; one of the other kind is not found. */
    Dispute find(String id, Kind kind) throws SQLException {
        Dispute found = find(id);
        if (found.kind() != kind) {
            throw Problem.NOT_FOUND.because("There is no such " + kind.name().toLowerCase(Locale.ROOT));
        }
        return found;
    }

    static Optional<Dispute> find(Connection connection, DisputeId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " where id = ?")) {
            select.setObject(1, id.number());
            return read(select).stream().findFirst();
        }
    }

    /**
     * Returns the rejections or the disputes of a party, oldest first.
     *
     * @param respondent true for those against the party, false for those that it made
     * @param after the position of the last one of the previous page; 0 for the first page
     */
    List<Dispute> of(PartyId party, Kind kind, boolean respondent, long after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(SELECT + " where " + (respondent ? "respondent" : "challenger")
                                + " = ? and kind = ? and position > ? order by position limit ?")) {
            select.setObject(1, party.number());
            select.setString(2, kind.wireName());
            select.setLong(3, after);
            select.setInt(4, limit);
            return read(select);
        }
    }

    /** Returns the disputes that wait for a decision of the operator, oldest first. */
    List<Dispute> undecided(long after, int limit) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT
                        + " where state in ('continued', 'appealed') and position > ? order by position limit ?")) {
            select.setLong(1, after);
            select.setInt(2, limit);
            return read(select);
        }
    }

    /** Returns true if a dispute against the party is neither decided nor ended by time. */
    boolean isRunningAgainst(PartyId respondent, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1 from dispute where respondent = ?"
                        + " and kind = 'dispute' and state in ('open', 'defective', 'answered', 'continued', 'appealed')"
                        + " and (ends_at is null or ends_at > ?) limit 1")) {
            select.setObject(1, respondent.number());
            select.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Returns the disputes that the respondent did not answer in time, oldest first. */
    List<Dispute> unanswered(long after, int limit, Instant now) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT + " where state = 'open'"
                        + " and kind = 'dispute' and ends_at <= ? and position > ? order by position limit ?")) {
            select.setObject(1, now.atOffset(ZoneOffset.UTC));
            select.setLong(2, after);
            select.setInt(3, limit);
            return read(select);
        }
    }

    /** Returns how many rejections or disputes the party has made since that moment. */
    static long countSince(Connection connection, PartyId challenger, Kind kind, Instant since) throws SQLException {
        return count(
                connection,
                "select count(*) from dispute where challenger = ? and kind = ? and recorded_at > ?",
                challenger,
                kind,
                since);
    }

    /** Returns how many disputes of the party nobody has ended, and no time has. */
    static long countOpen(Connection connection, PartyId challenger, Instant now) throws SQLException {
        return count(
                connection,
                "select count(*) from dispute where challenger = ? and kind = ?"
                        + " and state in ('open', 'defective', 'answered', 'continued')"
                        + " and (ends_at is null or ends_at > ?)",
                challenger,
                Kind.DISPUTE,
                now);
    }

    private static long count(Connection connection, String sql, PartyId challenger, Kind kind, Instant moment)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, challenger.number());
            select.setString(2, kind.wireName());
            select.setObject(3, moment.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Returns true if the challenger disputed one of the subjects of that respondent before. */
    static boolean hasDisputed(Connection connection, PartyId challenger, PartyId respondent, List<Subject> subjects)
            throws SQLException {
        return has(connection, "kind = 'dispute'", challenger, respondent, subjects);
    }

    /** Returns true if the operator upheld one of the subjects of that respondent against a rejection of the party. */
    static boolean isUpheld(Connection connection, PartyId challenger, PartyId respondent, List<Subject> subjects)
            throws SQLException {
        return has(connection, "kind = 'rejection' and state = 'upheld'", challenger, respondent, subjects);
    }

    /**
     * Returns the parties, of those named, that the challenger need not or cannot reject at the subject any more: because
     * it did, or because the operator decided against its rejection.
     */
    Set<PartyId> settledBy(PartyId challenger, Subject subject, Collection<PartyId> respondents) throws SQLException {
        Set<PartyId> settled = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select c.respondent from dispute_contest c"
                        + " where c.respondent = any(?) and c.key = ? and c.challenger = ? and c.own and c.kind = "
                        + Contest.Kind.REJECTED.number() + " and c.until_position = " + Positions.NO_END
                        + " union select d.respondent from dispute d where d.respondent = any(?) and d.challenger = ?"
                        + " and d.kind = 'rejection' and d.state in ('upheld', 'set-aside') and ? = any(d.subjects)")) {
            Array ids = SqlArray.ids(connection, respondents.stream().map(PartyId::number));
            select.setArray(1, ids);
            select.setBytes(2, subject.key().toBytes());
            select.setObject(3, challenger.number());
            select.setArray(4, ids);
            select.setObject(5, challenger.number());
            select.setString(6, subject.canonical());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    settled.add(new PartyId(row.getObject(1, UUID.class)));
                }
            }
        }
        return settled;
    }

    private static boolean has(
            Connection connection, String which, PartyId challenger, PartyId respondent, List<Subject> subjects)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select 1 from dispute where challenger = ?"
                + " and respondent = ? and " + which + " and subjects && ? limit 1")) {
            select.setObject(1, challenger.number());
            select.setObject(2, respondent.number());
            select.setArray(3, SqlArray.texts(connection, subjects.stream().map(Subject::canonical)));
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * The number of entries of one type in one month.
     *
     * @param month in UTC, such as {@code 2026-11}
     */
    record Figure(String month, String type, long count) {}

    private record Figures(List<Figure> figures, Instant readAt) {}

    /** Returns the figures of the last two years, oldest month first. They may be some minutes old. */
    List<Figure> figures(Instant now) throws SQLException {
        Figures known = kept;
        if (Duration.between(known.readAt, now).abs().compareTo(KEPT) >= 0) {
            known = new Figures(List.copyOf(readFigures(now)), now);
            kept = known;
        }
        return known.figures;
    }

    private List<Figure> readFigures(Instant now) throws SQLException {
        List<Figure> figures = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select to_char(recorded_at at time zone 'UTC', 'YYYY-MM') as month, type, count(*)"
                                + " from dispute_step where recorded_at > ? group by month, type order by month, type")) {
            select.setObject(1, now.minus(FIGURES).atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    figures.add(new Figure(row.getString(1), row.getString(2), row.getLong(3)));
                }
            }
        }
        return figures;
    }

    /** Returns the positions of the entries of the dispute, oldest first. */
    List<Long> steps(DisputeId dispute) throws SQLException {
        List<Long> positions = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select position from dispute_step where dispute = ? order by position limit 100")) {
            select.setObject(1, dispute.number());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    positions.add(row.getLong(1));
                }
            }
        }
        return positions;
    }

    private static List<Dispute> read(PreparedStatement select) throws SQLException {
        List<Dispute> disputes = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID challenger = row.getObject(5, UUID.class);
                UUID declaration = row.getObject(7, UUID.class);
                UUID arbiter = row.getObject(13, UUID.class);
                disputes.add(new Dispute(
                        new DisputeId(row.getObject(1, UUID.class)),
                        row.getLong(2),
                        SqlColumns.moment(row, 3),
                        Kind.named(row.getString(4)),
                        challenger == null ? null : new PartyId(challenger),
                        new PartyId(row.getObject(6, UUID.class)),
                        declaration == null ? null : new DeclarationId(declaration),
                        subjects(row.getArray(8)),
                        row.getString(9),
                        SqlColumns.momentOrNull(row, 10),
                        State.named(row.getString(11)),
                        row.getBoolean(12),
                        arbiter == null ? null : new PartyId(arbiter)));
            }
        }
        return disputes;
    }

    private static List<Subject> subjects(Array texts) throws SQLException {
        return Stream.of((String[]) texts.getArray()).map(Subject::ofStored).toList();
    }
}
