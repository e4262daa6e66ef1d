package org.askfirst.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The database in one snapshot: the confidential content, and comparisons of tables with the folded entries. */
final class LedgerSnapshot {
    private final Connection connection;
    private final Map<Long, Beside> beside = new HashMap<>();

    LedgerSnapshot(Connection connection) throws SQLException {
        this.connection = connection;
        readBeside();
    }

    /** The confidential content that is kept beside an entry. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Beside(byte[] salt, String content) {}

    private void readBeside() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select position, salt, content from ledger_confidential")) {
            while (row.next()) {
                beside.put(row.getLong(1), new Beside(row.getBytes(2), row.getString(3)));
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /** The confidential content beside the entry at that position; null if there is none. */
    @Nullable Beside beside(long position) {
        return beside.get(position);
    }

    /** The positions beside which something is kept. */
    Set<Long> positionsBeside() {
        return beside.keySet();
    }

    /** Fails unless the query, of one column, finds the expected rows. */
    void compare(String table, Set<String> expected, String query) throws SQLException {
        TreeSet<String> found = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        compare(table, expected, found);
    }

    void compare(String table, Set<String> expected, Set<String> found) {
        TreeMap<String, String> different = new TreeMap<>();
        expected.stream().filter(row -> !found.contains(row)).limit(5).forEach(row -> different.put(row, "is missing"));
        found.stream()
                .filter(row -> !expected.contains(row))
                .limit(5)
                .forEach(row -> different.put(row, "is too much"));
        assertEquals(Map.of(), different, table + " is not what the entries give");
    }
}
