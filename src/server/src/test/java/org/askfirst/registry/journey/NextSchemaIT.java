package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.askfirst.testkit.LedgerChecker;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Yesterday's release still runs: the packaged service declares and answers while a newer schema is put in place, and
 * again after a restart on it.
 */
class NextSchemaIT {
    private static final int FIRST_VERSION = 9001;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HISTORY = "flyway_schema_history";

    @Test
    void aNodeServesWhileTheNextSchemaIsAppliedAndRestartsOnIt(@TempDir Path next) throws Exception {
        try (DebianDatabase database = DebianDatabase.start();
                Service service = Service.inEmptyFolder()
                        .onNewestJava()
                        .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                        .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                        .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD)
                        .start()) {
            int ours = appliedMigrations(database);
            int added;
            try (Writers writers = Writers.start(service, 2, 1)) {
                writers.awaitAcknowledgement(PATIENCE);
                added = applyNext(database, next);
                writers.awaitAcknowledgement(PATIENCE);
                writers.finish();
                assertEquals(
                        writers.acknowledged().size()
                                + " declarations acknowledged; attempts answered 503: 0, broken off: 0",
                        writers.tally());
                looksUp(service, writers.acknowledged());
            }
            assertEquals(ours + added, appliedMigrations(database), "the schema is newer than the service");
            assertEquals(Service.TERMINATED, service.stop());

            service.start();
            assertEquals(ours + added, appliedMigrations(database));
            try (Writers writers = Writers.start(service, 2, 1)) {
                writers.awaitAcknowledgement(PATIENCE);
                writers.finish();
                looksUp(service, writers.acknowledged());
            }
            LedgerChecker.check(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
            assertEquals(Service.TERMINATED, service.stop());
        }
    }

    /** Some of the subjects that were declared, spread over all of them. */
    private static void looksUp(Service service, Map<String, Long> acknowledged) {
        List<String> subjects = new ArrayList<>(acknowledged.keySet());
        assertTrue(subjects.size() >= 20, "nothing to look up");
        for (int i = 0; i < subjects.size(); i += 1 + subjects.size() / 20) {
            HttpResponse<String> answer = service.send(HttpRequest.newBuilder(
                    service.uri("/v1/lookup?use=ai-training&detail=verdict&subject=" + subjects.get(i))));
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("deny"), answer.body());
        }
    }

    /**
     * Does to every table what a release may do: adds a column that may be null, a column with a default, and an index.
     * A statement that does not name its columns then fails.
     *
     * @return how many migrations were applied
     */
    private static int applyNext(DebianDatabase database, Path next) throws IOException, SQLException {
        int version = FIRST_VERSION;
        write(next, version++, "create table next_table (id uuid primary key, party uuid not null references party);");
        for (String table : tables(database)) {
            write(
                    next,
                    version++,
                    "set local lock_timeout = '5s';\nalter table " + table
                            + " add column next_optional text, add column next_counted bigint not null default 0;");
            Files.writeString(next.resolve("V" + version + "__next.sql.conf"), "executeInTransaction=false\n");
            write(next, version++, "create index concurrently next_" + table + " on " + table + " (next_optional);");
        }
        return Flyway.configure()
                .dataSource(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD)
                .locations("classpath:db/migration", "filesystem:" + next)
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load()
                .migrate()
                .migrationsExecuted;
    }

    private static void write(Path next, int version, String sql) throws IOException {
        Files.writeString(next.resolve("V" + version + "__next.sql"), sql);
    }

    private static List<String> tables(DebianDatabase database) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select tablename from pg_tables where schemaname = 'public' and tablename <> '" + HISTORY
                                + "' order by tablename")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        assertTrue(tables.contains("ledger_entry"), tables::toString);
        return tables;
    }

    private static int appliedMigrations(DebianDatabase database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from " + HISTORY + " where success and version is not null")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection connect(DebianDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
    }
}
