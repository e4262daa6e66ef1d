package org.askfirst.registry.dispute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.testkit.Names;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ContestStoreTest extends RegistryTest {
    private static final int MANY = 10_000;
    private static final Pattern ROWS = Pattern.compile("(?:actual [^)]*rows=|Rows Removed by [^:]+: )(\\d+)");

    @Inject
    DataSource dataSource;

    @Test
    void aDeclaredLineReadsOnlyTheContestsOfItsPartyUnderItsKeys() throws SQLException {
        PartyId respondent = new PartyId(UUID.randomUUID());
        SubjectKey key = Subject.parse(Names.file()).key();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "sha256(i::text::bytea), gen_random_uuid(), ?::uuid", respondent);
            insert(connection, "?::bytea, gen_random_uuid(), gen_random_uuid()", key);
            try (PreparedStatement one = connection.prepareStatement(
                    "insert into dispute_contest (key, position, dispute, kind, respondent, subject, own)"
                            + " values (?, 1, gen_random_uuid(), 0, ?, 'x', true)")) {
                one.setBytes(1, key.toBytes());
                one.setObject(2, respondent.number());
                one.executeUpdate();
            }
            try (Statement analyze = connection.createStatement()) {
                analyze.execute("analyze dispute_contest");
            }
            try (PreparedStatement select = connection.prepareStatement(ContestStore.AGAINST);
                    PreparedStatement explain =
                            connection.prepareStatement("explain (analyze, costs off) " + ContestStore.AGAINST)) {
                List<SubjectKey> keys = List.of(key, Subject.parse(Names.file()).key());
                assertEquals(
                        1,
                        ContestStore.read(ContestStore.bind(select, respondent, keys))
                                .size());
                long read = rowsRead(ContestStore.bind(explain, respondent, keys));
                assertTrue(read >= 1 && read < 10, read + " rows were read");
            } finally {
                connection.rollback();
            }
        }
    }

    private static void insert(Connection connection, String values, Object value) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into dispute_contest (key, position, kind, subject, own, dispute, respondent)"
                        + " select k, 1000000 + i, 0, 'x', true, d, r from generate_series(1, " + MANY
                        + ") i, lateral (select " + values + ") v (k, d, r)")) {
            if (value instanceof PartyId party) {
                insert.setObject(1, party.number());
            } else {
                insert.setBytes(1, ((SubjectKey) value).toBytes());
            }
            assertEquals(MANY, insert.executeUpdate());
        }
    }

    /** Returns the number of rows that the nodes of the plan read, in all its loops. */
    private static long rowsRead(PreparedStatement explain) throws SQLException {
        long read = 0;
        try (ResultSet row = explain.executeQuery()) {
            while (row.next()) {
                Matcher rows = ROWS.matcher(row.getString(1));
                while (rows.find()) {
                    read += Long.parseLong(rows.group(1));
                }
            }
        }
        return read;
    }
}
