package org.askfirst.registry.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/** Folds the whole ledger again, to repair the projections or to check them. */
@ApplicationScoped
public class ProjectionRebuild {
    private static final int BLOCK = 2_000;

    private final DataSource dataSource;
    private final LedgerStore store;
    private final Projections projections;

    ProjectionRebuild(DataSource dataSource, LedgerStore store, Projections projections) {
        this.dataSource = dataSource;
        this.store = store;
        this.projections = projections;
    }

    /**
     * Empties every projection and folds the whole ledger again, in one transaction. Appends wait until it ends.
     *
     * @param progress receives the position after each block of 2,000 entries
     */
    public void rebuild(LongConsumer progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                store.forceIndexPlans(connection);
                store.lock(connection);
                statement.execute("truncate " + String.join(", ", projections.tables()));
                foldAll(connection, progress);
                connection.commit();
            } catch (SQLException | RuntimeException failure) {
                Ledger.rollBack(connection);
                throw failure;
            }
        }
    }

    /**
     * Folds the whole ledger into temporary tables and compares them with the projections, in one snapshot. It changes
     * nothing.
     *
     * @param progress receives the position after each block of 2,000 entries
     * @return for each table, the number of rows that only one of the two has
     */
    public Map<String, Long> differences(LongConsumer progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read");
                Map<String, String> qualifiedNames = new LinkedHashMap<>();
                for (String table : projections.tables()) {
                    qualifiedNames.put(table, qualified(statement, table));
                }
                // A temporary table hides the projection's table of the same name, so the folds write to the copy.
                for (Map.Entry<String, String> table : qualifiedNames.entrySet()) {
                    statement.execute("create temporary table " + table.getKey() + " (like " + table.getValue()
                            + " including all)");
                }
                foldAll(connection, progress);
                Map<String, Long> differences = new LinkedHashMap<>();
                for (Map.Entry<String, String> table : qualifiedNames.entrySet()) {
                    String folded = "table pg_temp." + table.getKey();
                    String existing = "table " + table.getValue();
                    differences.put(
                            table.getKey(),
                            number(
                                    statement,
                                    "select count(*) from ((" + folded + " except all " + existing + ") union all ("
                                            + existing + " except all " + folded + ")) as different"));
                }
                return differences;
            } finally {
                Ledger.rollBack(connection);
            }
        }
    }

    private void foldAll(Connection connection, LongConsumer progress) throws SQLException {
        long position = 0;
        List<LedgerEntry> entries = store.read(connection, position, BLOCK);
        while (!entries.isEmpty()) {
            projections.fold(connection, entries);
            position = entries.get(entries.size() - 1).position();
            progress.accept(position);
            entries = store.read(connection, position, BLOCK);
        }
    }

    private static String qualified(Statement statement, String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("select quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
                + " from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = '" + table
                + "'::regclass")) {
            row.next();
            return row.getString(1);
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
