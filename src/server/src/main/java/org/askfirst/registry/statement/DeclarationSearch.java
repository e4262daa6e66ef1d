package org.askfirst.registry.statement;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds declarations of one party by subject, title, creator, id, mandate or status.
 *
 * <p>No index of titles exists, because titles may be erased and each append would pay for it. So a call searches at
 * most {@value #WINDOW} declarations and returns a cursor; the caller continues from there.
 */
@ApplicationScoped
class DeclarationSearch {
    private static final int WINDOW = 5_000;

    private final DataSource dataSource;

    DeclarationSearch(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The result of a search.
     *
     * @param next the cursor to continue from; null if all declarations were searched
     */
    record SearchPage(List<UUID> declarations, @Nullable Long next) {}

    /** Returns the ids of declarations that match, in order, after the cursor. */
    SearchPage find(DeclarationHistory.DeclarationFilter filter, long after, int limit) throws SQLException {
        // A society has far more declarations than one mandate has, so each case has its own index.
        String ownerCondition = filter.mandate() == null ? "party = ?" : "mandate = ?";
        UUID owner = filter.mandate() == null
                ? filter.party().number()
                : filter.mandate().number();
        String order = filter.newestFirst() ? "desc" : "asc";
        String beyond = filter.newestFirst() ? "declared_at < ?" : "declared_at > ?";
        try (Connection connection = dataSource.getConnection()) {
            Long windowEnd = null;
            try (PreparedStatement select =
                    connection.prepareStatement("select declared_at from standing_declaration where " + ownerCondition
                            + " and " + beyond + " order by declared_at " + order + " offset ? limit 1")) {
                select.setObject(1, owner);
                select.setLong(2, after);
                select.setInt(3, WINDOW - 1);
                try (ResultSet row = select.executeQuery()) {
                    windowEnd = row.next() ? row.getLong(1) : null;
                }
            }
            String within = "";
            List<Object> values = new ArrayList<>(List.of(owner, after));
            if (windowEnd != null) {
                within = filter.newestFirst() ? " and declared_at >= ?" : " and declared_at <= ?";
                values.add(windowEnd);
            }
            String conditions = conditions(filter, declared(connection, filter.party(), filter.text()), values);
            List<UUID> ids = new ArrayList<>();
            long last = after;
            boolean more = false;
            try (PreparedStatement select = connection.prepareStatement(
                    "select id, declared_at from standing_declaration d where " + ownerCondition + " and " + beyond
                            + within + conditions + " order by declared_at " + order + " limit " + (limit + 1))) {
                for (int i = 0; i < values.size(); i++) {
                    select.setObject(i + 1, values.get(i));
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (ids.size() == limit) {
                            more = true;
                            break;
                        }
                        ids.add(row.getObject(1, UUID.class));
                        last = row.getLong(2);
                    }
                }
            }
            return new SearchPage(ids, more ? Long.valueOf(last) : windowEnd);
        }
    }

    private static String conditions(
            DeclarationHistory.DeclarationFilter filter, @Nullable Array declared, List<Object> values) {
        StringBuilder conditions = new StringBuilder();
        String text = filter.text();
        if (text != null) {
            conditions.append(" and (exists (select 1 from standing_history h join ledger_entry e using (position)"
                    + " left join ledger_confidential c using (position) where h.declaration = d.id"
                    + " and position(? in lower(concat_ws(' ', e.canonical::jsonb ->> 'subjects',"
                    + " e.canonical::jsonb ->> 'mandate',"
                    + " c.content::jsonb #>> '{work,title}', c.content::jsonb #>> '{work,creators}',"
                    + " c.content::jsonb ->> 'repertoire'))) > 0)");
            values.add(text.toLowerCase(Locale.ROOT));
            if (declared != null) {
                conditions.append(" or d.id = any(?)");
                values.add(declared);
            }
            Optional<DeclarationId> id = DeclarationId.parse(text);
            if (id.isPresent()) {
                conditions.append(" or d.id = ?");
                values.add(id.get().number());
            }
            conditions.append(")");
        }
        DeclarationState.Status status = filter.status();
        if (status != null) {
            conditions.append(status == DeclarationState.Status.WITHDRAWN ? " and withdrawn" : " and not withdrawn");
            String from = "coalesce((e.canonical::jsonb ->> 'validFrom')::timestamptz, '-infinity')";
            String to = "coalesce((e.canonical::jsonb ->> 'validTo')::timestamptz, 'infinity')";
            String period = switch (status) {
                case IN_FORCE -> from + " <= ? and " + to + " > ?";
                case SCHEDULED -> from + " > ? and " + to + " > ?";
                case EXPIRED -> to + " <= ? and " + to + " <= ?";
                case WITHDRAWN -> "";
            };
            if (!period.isEmpty()) {
                conditions
                        .append(" and exists (select 1 from ledger_entry e where e.position = d.position and ")
                        .append(period)
                        .append(")");
                values.add(filter.now().atOffset(ZoneOffset.UTC));
                values.add(filter.now().atOffset(ZoneOffset.UTC));
            }
        }
        return conditions.toString();
    }

    /**
     * Returns the ids of the party's declarations of the subject that {@code text} names, and of all repertoires that
     * list it; null if {@code text} names no subject. This is a query of its own: as part of the search, the planner
     * would read all statements.
     */
    private static @Nullable Array declared(Connection connection, PartyId party, @Nullable String text)
            throws SQLException {
        Optional<SubjectKey> key = text == null ? Optional.empty() : key(text);
        if (key.isEmpty()) {
            return null;
        }
        try (PreparedStatement select =
                connection.prepareStatement("select declaration from standing_statement where key = ? and party = ?"
                        + " union select declaration from standing_listing where key = ?")) {
            select.setBytes(1, key.get().toBytes());
            select.setObject(2, party.number());
            select.setBytes(3, key.get().toBytes());
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
            return SqlArray.ids(connection, ids.stream());
        }
    }

    private static Optional<SubjectKey> key(String text) {
        try {
            return Optional.of(Subject.recognise(text).key());
        } catch (ProblemException none) {
            return Optional.empty();
        }
    }
}
