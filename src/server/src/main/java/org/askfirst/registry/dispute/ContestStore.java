package org.askfirst.registry.dispute;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contest;

/** Reads contests by subject key, as of any position of the ledger. */
@ApplicationScoped
public class ContestStore {
    static final String SELECT =
            "select key, subject, position, kind, respondent, challenger, ends_at, lapses_at from dispute_contest";

    static final String AGAINST =
            SELECT + " where respondent = ? and key = any(?) and until_position = " + Positions.NO_END;

    private final DataSource dataSource;

    ContestStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A contest as it is stored under one key.
     *
     * @param subject the contested subject, canonical
     */
    public record StoredContest(SubjectKey key, String subject, Contest contest) {}

    /** Returns the contests under the keys that were in force at the position, oldest first. */
    public List<StoredContest> at(Collection<SubjectKey> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        SELECT + " where key = any(?) and position <= ? and until_position > ? order by position")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            return read(select);
        }
    }

    /**
     * Returns all contests that are in force now.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public List<StoredContest> all(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + " where own and until_position = " + Positions.NO_END)) {
            return read(select);
        }
    }

    /**
     * Returns the contests of the party's statements that are in force now, under the keys. Neither the party's contests
     * under other keys nor those of other parties under the same keys are read.
     */
    List<StoredContest> against(PartyId respondent, Collection<SubjectKey> keys) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(AGAINST)) {
            return read(bind(select, respondent, keys));
        }
    }

    /** Fills in the parameters of {@link #AGAINST}. */
    static PreparedStatement bind(PreparedStatement select, PartyId respondent, Collection<SubjectKey> keys)
            throws SQLException {
        select.setObject(1, respondent.number());
        select.setArray(2, SqlArray.keys(select.getConnection(), keys));
        return select;
    }

    /** Returns the subjects over which disputes with the party run. */
    List<Subject> disputedOf(PartyId respondent, Instant now) throws SQLException {
        List<Subject> subjects = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select subject from dispute_contest"
                        + " where respondent = ? and own and kind = " + Contest.Kind.DISPUTED.number()
                        + " and until_position = " + Positions.NO_END
                        + " and (ends_at is null or ends_at > ?) and (lapses_at is null or lapses_at > ?)")) {
            select.setObject(1, respondent.number());
            select.setObject(2, now.atOffset(ZoneOffset.UTC));
            select.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    subjects.add(Subject.ofStored(row.getString(1)));
                }
            }
        }
        return subjects;
    }

    /** Returns true if a statement of the party is contested now. */
    boolean isRespondent(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select exists (select from dispute_contest where respondent = ?"
                                + " and until_position = " + Positions.NO_END + ")")) {
            select.setObject(1, party.number());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Returns all parties whose statements are contested now. */
    Set<PartyId> respondents() throws SQLException {
        Set<PartyId> respondents = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select distinct respondent from dispute_contest where until_position = " + Positions.NO_END);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                respondents.add(new PartyId(row.getObject(1, UUID.class)));
            }
        }
        return respondents;
    }

    static List<StoredContest> read(PreparedStatement select) throws SQLException {
        List<StoredContest> contests = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID challenger = row.getObject(6, UUID.class);
                contests.add(new StoredContest(
                        SubjectKey.of(row.getBytes(1)),
                        row.getString(2),
                        new Contest(
                                Contest.Kind.numbered(row.getInt(4)).orElseThrow(),
                                new PartyId(row.getObject(5, UUID.class)),
                                challenger == null ? null : new PartyId(challenger),
                                row.getLong(3),
                                SqlColumns.momentOrNull(row, 7),
                                SqlColumns.momentOrNull(row, 8))));
            }
        }
        return contests;
    }
}
