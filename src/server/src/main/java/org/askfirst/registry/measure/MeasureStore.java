package org.askfirst.registry.measure;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.entry.MeasureEntry.Ground;
import org.askfirst.entry.MeasureEntry.Kind;
import org.askfirst.entry.MeasureEntry.MeasureChanged;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Reads and writes the table {@code measure}. */
@ApplicationScoped
class MeasureStore {
    private static final String IN_FORCE = " until_position = " + Positions.NO_END;
    private static final String SAME = " where kind = ? and party = ? and declaration is not distinct from ?"
            + " and subject_key is not distinct from ? and" + IN_FORCE;

    private final DataSource dataSource;

    MeasureStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A measure in force: the position of its entry, and its ground. */
    record Standing(long position, Ground ground) {}

    MeasuresInForce inForce() throws SQLException {
        MeasuresInForce.Builder measures = new MeasuresInForce.Builder();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select kind, party, declaration, subject_key, ground from measure where" + IN_FORCE);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                UUID declaration = row.getObject(3, UUID.class);
                byte[] key = row.getBytes(4);
                Target target = new Target(
                        new PartyId(row.getObject(2, UUID.class)),
                        declaration == null ? null : new DeclarationId(declaration),
                        key == null ? null : SubjectKey.of(key));
                measures.add(
                        Kind.valueOf(row.getString(1)),
                        target,
                        Ground.named(row.getString(5)).orElseThrow());
            }
        }
        return measures.build();
    }

    @Nullable Standing find(Kind kind, Target target) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return find(connection, kind, target);
        }
    }

    @Nullable Standing find(Connection connection, Kind kind, Target target) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select position, ground from measure" + SAME)) {
            set(select, 1, kind, target);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Standing(
                                row.getLong(1), Ground.named(row.getString(2)).orElseThrow())
                        : null;
            }
        }
    }

    void fold(Connection connection, long position, MeasureChanged changed) throws SQLException {
        Ground ground = changed.ground();
        if (ground == null) {
            try (PreparedStatement end = connection.prepareStatement("update measure set until_position = ?" + SAME)) {
                end.setLong(1, position);
                set(end, 2, changed.kind(), changed.target());
                end.executeUpdate();
            }
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into measure"
                + " (kind, party, declaration, subject_key, position, ground) values (?, ?, ?, ?, ?, ?)")) {
            set(insert, 1, changed.kind(), changed.target());
            insert.setLong(5, position);
            insert.setString(6, ground.wireName());
            insert.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int first, Kind kind, Target target) throws SQLException {
        DeclarationId declaration = target.declaration();
        SubjectKey subject = target.subject();
        statement.setString(first, kind.name());
        statement.setObject(first + 1, target.party().number());
        statement.setObject(first + 2, declaration == null ? null : declaration.number(), Types.OTHER);
        statement.setBytes(first + 3, subject == null ? null : subject.toBytes());
    }
}
