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
 * Finds declarations of one party by what they name, what their works are called, and where they stand.
 *
 * <p>There is no index of titles: they may be erased, and every append would pay for it. So a call looks at no more
 * than {@value #WINDOW} declarations and says where it stopped; whoever wants all goes on from there.
 */
@ApplicationScoped
class DeclarationSearch {
    private static final int WINDOW = 5_000;

    private final DataSource dataSource;

    DeclarationSearch(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What was found.
     *
     * @param next the cursor to go on from; null if everything was looked at
     */
    record SearchPage(List<UUID> declarations, @Nullable Long next) {}

    /** Those that match, in order, after the cursor. */
    SearchPage find(DeclarationHistory.DeclarationFilter wanted, long after, int limit) throws SQLException {
        // Whoever speaks for many has far more than stands under one mandate, so either is found by its own index.
        String whose = wanted.mandate() == null ? "party = ?" : "mandate = ?";
        UUID who = wanted.mandate() == null
                ? wanted.party().number()
                : wanted.mandate().number();
        String order = wanted.newestFirst() ? "desc" : "asc";
        String beyond = wanted.newestFirst() ? "declared_at < ?" : "declared_at > ?";
        try (Connection connection = dataSource.getConnection()) {
            Long windowEnd = null;
            try (PreparedStatement select =
                    connection.prepareStatement("select declared_at from standing_declaration where " + whose + " and "
                            + beyond + " order by declared_at " + order + " offset ? limit 1")) {
                select.setObject(1, who);
                select.setLong(2, after);
                select.setInt(3, WINDOW - 1);
                try (ResultSet row = select.executeQuery()) {
                    windowEnd = row.next() ? row.getLong(1) : null;
                }
            }
            String within =
                    windowEnd == null ? "" : wanted.newestFirst() ? " and declared_at >= ?" : " and declared_at <= ?";
            List<Object> values = new ArrayList<>(List.of(who, after));
            if (windowEnd != null) {
                values.add(windowEnd);
            }
            String conditions = conditions(wanted, declared(connection, wanted.party(), wanted.text()), values);
            List<UUID> ids = new ArrayList<>();
            long last = after;
            boolean more = false;
            try (PreparedStatement select = connection.prepareStatement(
                    "select id, declared_at from standing_declaration d where " + whose + " and " + beyond + within
                            + conditions + " order by declared_at " + order + " limit " + (limit + 1))) {
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
            DeclarationHistory.DeclarationFilter wanted, @Nullable Array declared, List<Object> values) {
        StringBuilder conditions = new StringBuilder();
        String text = wanted.text();
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
        DeclarationState.Status status = wanted.status();
        if (status != null) {
            conditions.append(status == DeclarationState.Status.WITHDRAWN ? " and withdrawn" : " and not withdrawn");
            String from = "coalesce((e.canonical::jsonb ->> 'validFrom')::timestamptz, '-infinity')";
            String to = "coalesce((e.canonical::jsonb ->> 'validTo')::timestamptz, 'infinity')";
            String period = switch (status) {
                case IN_FORCE -> from + " <= ? and " + to + " > ?";
                case NOT_YET -> from + " > ? and " + to + " > ?";
                case ENDED -> to + " <= ? and " + to + " <= ?";
                case WITHDRAWN -> "";
            };
            if (!period.isEmpty()) {
                conditions
                        .append(" and exists (select 1 from ledger_entry e where e.position = d.position and ")
                        .append(period)
                        .append(")");
                values.add(wanted.now().atOffset(ZoneOffset.UTC));
                values.add(wanted.now().atOffset(ZoneOffset.UTC));
            }
        }
        return conditions.toString();
    }

    /**
     * What the party declared of the subject that the text names; null if it names none. Asked for by itself: within
     * the search the planner reads all statements there are for it.
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
