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
import org.askfirst.entry.Positions;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.postgres.SqlArray;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds declarations of one party by subject, title, creator, id, mandate, status, reference or time of change.
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

    /**
     * The rows that a search reads, called {@code d}, with the parameters of their text.
     *
     * @param from everything between {@code from} and further conditions
     */
    private record Source(String from, List<Object> values) {}

    /** Returns the ids of declarations that match, in order, after the cursor. */
    SearchPage find(DeclarationHistory.DeclarationFilter filter, long after, int limit) throws SQLException {
        String order = filter.newestFirst() ? "desc" : "asc";
        String beyond = filter.newestFirst() ? " and d.declared_at < ?" : " and d.declared_at > ?";
        try (Connection connection = dataSource.getConnection()) {
            Source source = source(connection, filter);
            List<Object> values = new ArrayList<>(source.values());
            values.add(after);
            Long windowEnd = null;
            try (PreparedStatement select = connection.prepareStatement("select d.declared_at from " + source.from()
                    + beyond + " order by d.declared_at " + order + " offset " + (WINDOW - 1) + " limit 1")) {
                set(select, values);
                try (ResultSet row = select.executeQuery()) {
                    windowEnd = row.next() ? row.getLong(1) : null;
                }
            }
            String within = "";
            if (windowEnd != null) {
                within = filter.newestFirst() ? " and d.declared_at >= ?" : " and d.declared_at <= ?";
                values.add(windowEnd);
            }
            String conditions = conditions(filter, declared(connection, filter.party(), filter.text()), values);
            List<UUID> ids = new ArrayList<>();
            long last = after;
            boolean more = false;
            try (PreparedStatement select =
                    connection.prepareStatement("select d.id, d.declared_at from " + source.from() + beyond + within
                            + conditions + " order by d.declared_at " + order + " limit " + (limit + 1))) {
                set(select, values);
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

    private static void set(PreparedStatement select, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            select.setObject(i + 1, values.get(i));
        }
    }

    /**
     * Returns the rows to search, by the index that leaves the fewest. A society has far more declarations than one
     * mandate, one subject or one reference has.
     */
    private static Source source(Connection connection, DeclarationHistory.DeclarationFilter filter)
            throws SQLException {
        UUID party = filter.party().number();
        if (filter.mandate() != null) {
            return new Source(
                    "standing_declaration d where d.mandate = ?",
                    List.of(filter.mandate().number()));
        }
        if (filter.subject() != null) {
            byte[] key = filter.subject().toBytes();
            return new Source(
                    "(select declaration as id, until_position from standing_statement where key = ? and party = ?"
                            + " union all select declaration, until_position from standing_listing where key = ?) n"
                            + " join standing_declaration d using (id) where d.party = ? and (n.until_position = "
                            + Positions.NO_END + " or d.withdrawn and n.until_position = d.position)",
                    List.of(key, party, key, party));
        }
        if (filter.reference() != null) {
            return new Source(
                    "(select d.id, d.party, r.declared_at, d.position, d.withdrawn from statement_reference r"
                            + " join standing_declaration d on d.id = r.declaration"
                            + " where r.party = ? and r.reference = ?) d where true",
                    List.of(party, filter.reference()));
        }
        Long changedAfter = filter.changedAfter();
        if (changedAfter != null && hasChangedFew(connection, party, changedAfter)) {
            // The offset keeps the planner from reading all declarations in their order.
            return new Source(
                    "(select id, party, declared_at, position, withdrawn from standing_declaration"
                            + " where party = ? and position > ? offset 0) d where true",
                    List.of(party, changedAfter));
        }
        return new Source("standing_declaration d where d.party = ?", List.of(party));
    }

    private static boolean hasChangedFew(Connection connection, UUID party, long changedAfter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from (select 1"
                + " from standing_declaration where party = ? and position > ? order by position desc limit "
                + (WINDOW + 1) + ") changed")) {
            select.setObject(1, party);
            select.setLong(2, changedAfter);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1) <= WINDOW;
            }
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
        if (filter.reference() != null) {
            conditions.append(
                    " and exists (select 1 from statement_reference r where r.declaration = d.id and r.reference = ?)");
            values.add(filter.reference());
        }
        if (filter.changedAfter() != null) {
            conditions.append(" and d.position > ?");
            values.add(filter.changedAfter());
        }
        DeclarationState.Status status = filter.status();
        if (status != null) {
            conditions.append(
                    status == DeclarationState.Status.WITHDRAWN ? " and d.withdrawn" : " and not d.withdrawn");
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
