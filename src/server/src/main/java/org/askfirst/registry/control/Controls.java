package org.askfirst.registry.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlMethod;

/** Reads which party has proved control of which subject, as of any position of the ledger. */
@ApplicationScoped
public class Controls {
    private static final String COLUMNS = "key, party, position, recorded_at, subject, method";

    private final DataSource dataSource;

    Controls(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A proof of control.
     *
     * @param key the key of the subject
     * @param position the position of the entry that records the proof
     */
    public record ControlRecord(
            SubjectKey key, PartyId party, long position, Instant recordedAt, String subject, ControlMethod method) {
        /** Returns how strongly the method proves control. */
        public Control control() {
            return method.control();
        }
    }

    /** Returns the proofs of the subjects with these keys, as of the position. */
    public ControlsByKey byKey(Collection<SubjectKey> keys, long position) throws SQLException {
        return new ControlsByKey(at(keys, position));
    }

    /** Returns all proofs of the subjects with these keys that were in force at the position. */
    List<ControlRecord> at(Collection<SubjectKey> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where key = any(?) and position <= ? and until_position > ?")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            return controls(select);
        }
    }

    /** Returns the proofs of the party that are in force, oldest first, at most 1,000. */
    public List<ControlRecord> of(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where party = ? and until_position = " + Positions.NO_END
                        + " order by position limit 1000")) {
            select.setObject(1, party.number());
            return controls(select);
        }
    }

    /**
     * Returns all proofs that are in force now.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public List<ControlRecord> all(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select " + COLUMNS + " from party_control where until_position = " + Positions.NO_END)) {
            return controls(select);
        }
    }

    /**
     * Returns all erased parties, each with the position of its erasure.
     *
     * @param connection the connection whose transaction defines "now"
     */
    public Map<PartyId, Long> erasures(Connection connection) throws SQLException {
        Map<PartyId, Long> erasures = new TreeMap<>(Comparator.comparing(PartyId::number));
        try (PreparedStatement select = connection.prepareStatement("select party, position from party_erasure");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                erasures.put(new PartyId(row.getObject(1, UUID.class)), row.getLong(2));
            }
        }
        return erasures;
    }

    private static List<ControlRecord> controls(PreparedStatement select) throws SQLException {
        List<ControlRecord> controls = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                controls.add(new ControlRecord(
                        SubjectKey.of(row.getBytes(1)),
                        new PartyId(row.getObject(2, UUID.class)),
                        row.getLong(3),
                        SqlColumns.moment(row, 4),
                        row.getString(5),
                        ControlMethod.named(row.getString(6)).orElseThrow()));
            }
        }
        return controls;
    }
}
