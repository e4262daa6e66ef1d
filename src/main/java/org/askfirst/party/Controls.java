package org.askfirst.party;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.declaration.Control;
import org.askfirst.declaration.ControlMethod;
import org.askfirst.declaration.PartyId;
import org.askfirst.ledger.SqlArray;
import org.askfirst.subject.Key;

/** Reads which party had proved control of which subject, at any position of the ledger. */
@ApplicationScoped
public class Controls {
    private static final String COLUMNS = "key, party, position, recorded_at, subject, method";

    private final DataSource dataSource;

    Controls(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A proof.
     *
     * @param key of the subject
     * @param position of the entry that says so
     */
    public record Proof(
            Key key, PartyId party, long position, Instant recordedAt, String subject, ControlMethod method) {
        /** How far control is proved by it. */
        public Control control() {
            return method.control();
        }
    }

    /** All proofs of subjects with those keys that stood at that position. */
    public List<Proof> at(Collection<Key> keys, long position) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where key = any(?) and position <= ? and until_position > ?")) {
            select.setArray(1, SqlArray.keys(connection, keys));
            select.setLong(2, position);
            select.setLong(3, position);
            return controls(select);
        }
    }

    /** What that party has proved, oldest first; at most a thousand. */
    List<Proof> of(PartyId party) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select " + COLUMNS
                        + " from party_control where party = ? and until_position = " + ControlProjection.FOR_EVER
                        + " order by position limit 1000")) {
            select.setObject(1, party.number());
            return controls(select);
        }
    }

    private static List<Proof> controls(PreparedStatement select) throws SQLException {
        List<Proof> controls = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                controls.add(new Proof(
                        Key.of(row.getBytes(1)),
                        new PartyId(row.getObject(2, UUID.class)),
                        row.getLong(3),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getString(5),
                        ControlMethod.named(row.getString(6)).orElseThrow()));
            }
        }
        return controls;
    }
}
