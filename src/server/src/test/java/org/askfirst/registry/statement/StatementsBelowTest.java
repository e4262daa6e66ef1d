package org.askfirst.registry.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.registry.house.RegistryTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
class StatementsBelowTest extends RegistryTest {
    private static final Pattern ROWS = Pattern.compile("(?:actual [^)]*rows=|Rows Removed by [^:]+: )(\\d+)");

    @Inject
    DataSource dataSource;

    @Test
    void onePageReadsOnlyRowsBelowTheSite() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "url:https://other.example/");
            insert(connection, "url:https://www.below.example/" + "folder/".repeat(100));
            try (Statement analyze = connection.createStatement()) {
                analyze.execute("analyze standing_statement");
                analyze.execute(StatementsBelow.IN_ORDER);
            }
            try (PreparedStatement explain =
                    connection.prepareStatement("explain (analyze, costs off) " + StatementsBelow.STATED)) {
                explain.setObject(1, UUID.randomUUID());
                explain.setString(2, "elpmaxe.woleb.");
                explain.setString(3, "elpmaxe.woleb0");
                explain.setString(4, "");
                explain.setLong(5, 0);
                StringBuilder plan = new StringBuilder();
                long most = 0;
                try (ResultSet row = explain.executeQuery()) {
                    while (row.next()) {
                        plan.append(row.getString(1)).append('\n');
                        Matcher rows = ROWS.matcher(row.getString(1));
                        while (rows.find()) {
                            most = Math.max(most, Long.parseLong(rows.group(1)));
                        }
                    }
                }
                assertTrue(plan.toString().contains("standing_statement_place"), plan::toString);
                assertEquals(StatementsBelow.WINDOW, most, plan::toString);
            } finally {
                connection.rollback();
            }
        }
    }

    private static void insert(Connection connection, String start) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into standing_statement"
                + " (key, position, declaration, party, subject, stances, address)"
                + " select sha256((? || i)::bytea), 1000000000 + i, gen_random_uuid(), gen_random_uuid(), ? || i, 0, false"
                + " from generate_series(1, 20000) i")) {
            insert.setString(1, start);
            insert.setString(2, start);
            insert.executeUpdate();
        }
    }
}
