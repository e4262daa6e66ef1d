package org.askfirst.registry.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the tables of the database from PostgreSQL's catalogue, so that no table of a later migration is forgotten. */
final class Schema {
    /** The history of migrations. It is not copied: a restore migrates, which writes it again. */
    static final String HISTORY = "flyway_schema_history";

    private Schema() {}

    /** Returns the columns of each table except {@link #HISTORY}, quoted, without generated columns. */
    static Map<String, List<String>> tables(Connection connection) throws SQLException {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "select c.relname, quote_ident(a.attname) from pg_class c join pg_attribute a"
                                + " on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''"
                                + " where c.relkind = 'r' and c.relpersistence = 'p' and c.relname <> ?"
                                + " and c.relnamespace = current_schema()::regnamespace"
                                + " order by c.relname, a.attnum");
                ResultSet row = execute(select, HISTORY)) {
            while (row.next()) {
                tables.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(row.getString(2));
            }
        }
        return tables;
    }

    private static ResultSet execute(PreparedStatement select, String value) throws SQLException {
        select.setString(1, value);
        return select.executeQuery();
    }

    /** Returns the sequences with their values. */
    static List<Manifest.Sequence> sequences(Connection connection) throws SQLException {
        List<Manifest.Sequence> sequences = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select relname from pg_class where relkind = 'S'"
                        + " and relnamespace = current_schema()::regnamespace order by relname")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        for (String name : names) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select last_value, is_called from " + quoted(name))) {
                row.next();
                sequences.add(new Manifest.Sequence(name, row.getLong(1), row.getBoolean(2)));
            }
        }
        return sequences;
    }

    /** Returns the newest migration of the database; an empty text if it has none. */
    static String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("select to_regclass('" + HISTORY + "') is not null")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return "";
                }
            }
            try (ResultSet row = statement.executeQuery("select version from " + HISTORY
                    + " where success and version is not null order by string_to_array(version, '.')::int[] desc"
                    + " limit 1")) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    /** Returns the names in an order in which every row comes after the rows that it references. */
    static List<String> inOrderOfReferences(Connection connection, Set<String> names)
            throws SQLException, BackupException {
        Map<String, Set<String>> references = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select a.relname, b.relname from pg_constraint f"
                        + " join pg_class a on a.oid = f.conrelid join pg_class b on b.oid = f.confrelid"
                        + " where f.contype = 'f' and a.oid <> b.oid"
                        + " and a.relnamespace = current_schema()::regnamespace")) {
            while (row.next()) {
                references
                        .computeIfAbsent(row.getString(1), name -> new HashSet<>())
                        .add(row.getString(2));
            }
        }
        List<String> ordered = new ArrayList<>();
        List<String> left = new ArrayList<>(names);
        while (!left.isEmpty()) {
            List<String> next = left.stream()
                    .filter(name -> ordered.containsAll(references.getOrDefault(name, Set.of())))
                    .toList();
            if (next.isEmpty()) {
                throw new BackupException("these tables reference each other in a circle: " + left);
            }
            ordered.addAll(next);
            left.removeAll(next);
        }
        return ordered;
    }

    /** Quotes a name for SQL. */
    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
