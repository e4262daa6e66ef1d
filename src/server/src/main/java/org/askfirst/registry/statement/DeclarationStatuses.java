package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.DeclarationId;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.registry.postgres.SqlColumns;
import org.askfirst.verdict.Period;

/** Reads the statuses of many declarations, without their contents. */
@ApplicationScoped
public class DeclarationStatuses {
    private final DataSource dataSource;

    DeclarationStatuses(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The last entry of a declaration.
     *
     * @param period of the last entry; if it is a withdrawal, always
     */
    public record Latest(long position, Instant recordedAt, boolean withdrawn, Period period) {
        /** Returns the status of the declaration at {@code moment}. */
        public DeclarationState.Status statusAt(Instant moment) {
            return DeclarationState.Status.of(withdrawn, period, moment);
        }
    }

    /** Returns the last entries of the declarations. Declarations that do not exist are left out. */
    public Map<DeclarationId, Latest> of(Collection<DeclarationId> ids) throws SQLException {
        Map<DeclarationId, Latest> latest = new HashMap<>();
        if (ids.isEmpty()) {
            return latest;
        }
        // In canonical JSON a quotation mark inside of a string is escaped, so these texts are whole members.
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select d.id, d.position, e.recorded_at,"
                        + " d.withdrawn, substring(e.canonical from '\"validFrom\":\"([^\"]*)\"')::timestamptz,"
                        + " substring(e.canonical from '\"validTo\":\"([^\"]*)\"')::timestamptz"
                        + " from standing_declaration d join ledger_entry e on e.position = d.position"
                        + " where d.id = any(?)")) {
            select.setArray(1, SqlArray.ids(connection, ids.stream().map(DeclarationId::number)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    latest.put(
                            new DeclarationId(row.getObject(1, UUID.class)),
                            new Latest(
                                    row.getLong(2),
                                    SqlColumns.moment(row, 3),
                                    row.getBoolean(4),
                                    new Period(SqlColumns.momentOrNull(row, 5), SqlColumns.momentOrNull(row, 6))));
                }
            }
        }
        return latest;
    }
}
