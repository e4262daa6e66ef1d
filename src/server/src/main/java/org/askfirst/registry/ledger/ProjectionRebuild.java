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

/** Folds the whole ledger anew: to repair the projections, or to find out whether they are right. */
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
     * Drops every projection and folds the whole ledger anew, in one transaction; appends wait for it.
     *
     * @param progress is told the position reached, now and then
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
     * Folds the whole ledger anew beside the projections and compares, in one snapshot; nothing is changed.
     *
     * @param progress is told the position reached, now and then
     * @return for each table whether it differs, as the number of rows that only one of the two has
     */
    public Map<String, Long> differences(LongConsumer progress) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read");
                Map<String, String> kept = new LinkedHashMap<>();
                for (String table : projections.tables()) {
                    kept.put(table, qualified(statement, table));
                }
                // A temporary table hides the one of the same name, so the folds write beside and not over it.
                for (Map.Entry<String, String> table : kept.entrySet()) {
                    statement.execute("create temporary table " + table.getKey() + " (like " + table.getValue()
                            + " including all)");
                }
                foldAll(connection, progress);
                Map<String, Long> differences = new LinkedHashMap<>();
                for (Map.Entry<String, String> table : kept.entrySet()) {
                    String folded = "table pg_temp." + table.getKey();
                    String there = "table " + table.getValue();
                    differences.put(
                            table.getKey(),
                            number(
                                    statement,
                                    "select count(*) from ((" + folded + " except all " + there + ") union all ("
                                            + there + " except all " + folded + ")) as different"));
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
