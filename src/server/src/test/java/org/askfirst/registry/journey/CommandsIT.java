package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.LedgerChecker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The commands of the program beside serving: verify and rebuild, on a ledger that somebody tampers with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandsIT {
    private static final int LINES = 700;
    private static final int MISMATCH = 3;
    private static final String ROLE_PASSWORD = "another secret";
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{59}");

    private final DebianDatabase database;
    private final Service service;

    CommandsIT() throws IOException {
        database = DebianDatabase.start();
        service = Service.inEmptyFolder()
                .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                .with("QUARKUS_DATASOURCE_USERNAME", "askfirst")
                .with("QUARKUS_DATASOURCE_PASSWORD", ROLE_PASSWORD)
                .with("QUARKUS_FLYWAY_MIGRATE_AT_START", "false");
    }

    @AfterAll
    void close() throws IOException {
        service.close();
        database.close();
    }

    private HttpResponse<String> post(String path, String type, String key, String body) {
        return service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Content-Type", type)
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Follows the operations page, with its own statements. */
    @Test
    @Order(0)
    void theOwnerOfTheTablesCreatesThemAndTheServiceDoesNot() throws IOException, SQLException {
        String page = Files.readString(Checkout.at("docs/operations.md"));
        Matcher blocks = Pattern.compile("(?s)```sql\n(.*?)```").matcher(page);
        List<String> statements = new ArrayList<>();
        while (blocks.find()) {
            for (String one : blocks.group(1).replace("…", ROLE_PASSWORD).split(";", -1)) {
                // The journey uses the database that is there.
                if (one.contains("create database")) {
                    statements.add("grant create, temporary on database postgres to askfirst_owner");
                } else if (!one.isBlank()) {
                    statements.add(one);
                }
            }
        }
        assertTrue(statements.size() >= 7, () -> "the page has other statements now: " + statements);
        sql(statements.toArray(String[]::new));

        assertEquals(1, service.run("verify"));
        assertEquals(
                "Ask First cannot start: the tables of the database are not those of this release. Run the command"
                        + " migrate\n",
                service.errors());
        service.with("QUARKUS_DATASOURCE_USERNAME", "askfirst_owner");
        assertEquals(0, service.run("migrate"), service.output() + service.errors());
        assertEquals(0, service.run("migrate"), service.output() + service.errors());
        assertTrue(service.output().contains("; 0 migrations were needed."), service.output());
        service.with("QUARKUS_DATASOURCE_USERNAME", "askfirst");
    }

    /** The service's password does not suffice to rewrite the ledger. */
    @Test
    @Order(3)
    void theRoleOfTheServiceCannotRemoveWhatGuardsTheLedger() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), "askfirst", ROLE_PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String attack : new String[] {
                "alter table ledger_entry disable trigger all",
                "drop trigger ledger_entry_append_only on ledger_entry",
                "drop trigger ledger_confidential_not_exchanged on ledger_confidential",
                "create or replace function ledger_refuse_rewriting() returns trigger language plpgsql as"
                        + " 'begin return null; end'",
                "create function another() returns int language sql as 'select 1'",
                "set session_replication_role = replica",
                "update ledger_entry set canonical = '{}' where position = 30",
                "delete from ledger_entry where position = 30",
                "truncate ledger_entry cascade",
                "update ledger_confidential set content = '{}' where position = 20",
                "drop table ledger_entry cascade",
                "set role askfirst_owner"
            }) {
                SQLException refused = assertThrows(SQLException.class, () -> statement.execute(attack), attack);
                assertTrue(
                        List.of("42501", "23001").contains(refused.getSQLState()),
                        () -> attack + ": " + refused.getSQLState() + " " + refused.getMessage());
            }
        }
        assertEquals(0, service.run("verify"), service.errors());
    }

    @Test
    @Order(1)
    void anEmptyLedgerMatchesAndKeepsTheOperatorsKeyForTheFirstStart() {
        assertEquals(0, service.run("verify"), service.output() + service.errors());
        assertTrue(service.output().endsWith("Everything matches.\n"), service.output());
        assertFalse(service.output().contains("afo_"), service.output());
        service.start();
        assertTrue(service.operatorKey().startsWith("afo_"));
    }

    @Test
    @Order(2)
    void whatWasDeclaredIsVerifiedAndRebuilt() {
        String society = open();
        String creator = open();
        List<Draft> lines = IntStream.range(0, LINES)
                .mapToObj(i -> reserved("ai-training")
                        .of("url:https://commands.example.com/" + i)
                        .with(terms().contact("mailto:a@example.com")))
                .toList();
        HttpResponse<String> batch =
                post("/v1/declarations/batch", "application/x-ndjson", society, Bodies.lines(lines));
        assertEquals(LINES, batch.body().lines().count());
        Matcher id = Pattern.compile("d_[0-9a-z]{26}").matcher(batch.body());
        assertTrue(id.find());
        assertEquals(
                200,
                service.send(HttpRequest.newBuilder(service.uri("/v1/declarations/" + id.group()))
                                .header("Authorization", "Bearer " + society)
                                .DELETE())
                        .statusCode());
        assertEquals(
                201,
                post(
                                "/v1/declarations",
                                "application/json",
                                creator,
                                reserved("ai-training")
                                        .of("isbn:9788936434120")
                                        .with(terms().contact("mailto:b@example.com"))
                                        .toString())
                        .statusCode());
        String before = lookUp();
        Service beside = service.another()
                .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                .with("QUARKUS_DATASOURCE_USERNAME", "askfirst")
                .with("QUARKUS_DATASOURCE_PASSWORD", ROLE_PASSWORD)
                .with("QUARKUS_FLYWAY_MIGRATE_AT_START", "false");
        assertEquals(0, beside.run("verify"), beside.output() + beside.errors());
        assertEquals("", beside.errors(), "the serving node keeps its index open");
        assertEquals(before, lookUp());
        assertEquals(Service.TERMINATED, service.stop());

        assertEquals(0, service.run("verify"), service.output() + service.errors());
        for (String line : new String[] {
            "entries      704, none is missing, each equals its hash",
            "checkpoint   covers 704 of them",
            "hashes       2 stored",
            "commitments  703, each",
            "projections  equal to the folded entries",
            "parties      each name and contact equals the entry that records it",
            "Everything matches."
        }) {
            assertTrue(service.output().contains(line), () -> line + " is not in\n" + service.output());
        }
        assertFalse(service.output().contains("Listening on"), "nothing is served meanwhile");
        assertEquals("", service.errors());

        assertEquals(0, service.run("rebuild"), service.output() + service.errors());
        assertTrue(service.output().contains("Rebuilt all projections from 704 entries."), service.output());
        LedgerChecker.check(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
        service.start();
        assertEquals(before, lookUp());
        assertEquals(Service.TERMINATED, service.stop());
    }

    private String open() {
        Matcher key = KEY.matcher(
                post("/v1/parties", "application/json", "none", Bodies.text(Map.of("name", "Ada", "kind", "society")))
                        .body());
        assertTrue(key.find());
        return key.group();
    }

    private String lookUp() {
        return service.send(HttpRequest.newBuilder(service.uri(
                        "/v1/lookup?subject=isbn:9788936434120&subject=url:https://commands.example.com/9")))
                .body();
    }

    @Test
    @Order(3)
    void projectionsThatWereDamagedAreFoundAndMended() throws SQLException {
        sql(
                "delete from standing_statement where position = 9",
                "update standing_declaration set withdrawn = true where position = 10");
        assertMismatch("the projections do not equal the folded entries; rows that differ: {standing_declaration=2,"
                + " standing_statement=1}");
        assertEquals(0, service.run("rebuild"), service.errors());
        assertEquals(0, service.run("verify"), service.errors());
    }

    @Test
    @Order(3)
    void aContactThatSomebodyChangedInTheTableIsFound() throws SQLException {
        String exchange = "update party set contact = %s where profile_position = 1";
        sql(exchange.formatted("'mailto:z@example.com'"));
        assertEquals(3, service.run("verify"), service.output());
        assertTrue(service.errors().contains("the name or the contact of these parties differs"), service.errors());
        sql(exchange.formatted("null"));
        assertEquals(0, service.run("verify"), service.errors());
    }

    @Test
    @Order(4)
    void whatIsKeptBesideAnEntryCannotBeExchanged() throws SQLException {
        String off = "alter table ledger_confidential disable trigger user";
        String on = "alter table ledger_confidential enable trigger user";
        String exchange = "update ledger_confidential set content = replace(content, '%s', '%s') where position = 20";
        sql(off, exchange.formatted("a@example", "z@example"), on);
        assertMismatch("the confidential part of the entry at position 20 does not match the entry's commitment");
        sql(off, exchange.formatted("z@example", "a@example"), on);
        assertEquals(0, service.run("verify"), service.errors());
    }

    @Test
    @Order(5)
    void aStoredHashThatIsNoneIsFound() throws SQLException {
        String flip = "update transparency_subtree set hash = set_byte(hash, 3, get_byte(hash, 3) # 1) where idx = 1";
        sql(flip);
        assertEquals(1, service.run("verify"));
        assertEquals(
                "Ask First cannot start: the ledger does not match the log: the stored hashes do not give the signed root."
                        + " The node stops; docs/operations.md describes what to do\n",
                service.errors());
        sql(flip);
    }

    @Test
    @Order(6)
    void anEntryThatWasRewrittenStopsEverything() throws SQLException {
        String off = "alter table ledger_entry disable trigger user";
        String on = "alter table ledger_entry enable trigger user";
        String rewrite = "update ledger_entry set canonical = replace(canonical, '%s', '%s') where position = 30";
        sql(off, rewrite.formatted("reserved", "permitted"), on);
        for (String command : new String[] {"verify", "rebuild"}) {
            assertEquals(1, service.run(command));
            assertTrue(
                    service.errors()
                            .startsWith(
                                    "Ask First cannot start: the ledger does not match the log: the entry at position"
                                            + " 30 does not match its leaf hash"),
                    service.errors());
            assertEquals(1, service.errors().lines().count(), service.errors());
        }
        sql(off, rewrite.formatted("permitted", "reserved"), on);
        assertEquals(0, service.run("verify"), service.errors());
    }

    /** Follows the operations page on the cost of losing each table. */
    @Test
    @Order(7)
    void theLogIsFoundedAnewToTheSameCheckpointAndErasuresAreFoldedAgain() throws SQLException {
        // An account whose seven days are over is erased as soon as the service runs.
        sql("insert into party_closing select id, now(), now() from party where profile_position = 1");
        service.start();
        for (int tries = 0; tries < 200 && erased() == 0; tries++) {
            Service.pause();
        }
        assertEquals(1, erased());
        // The checkpoint follows the entry of the erasure.
        for (int tries = 0; tries < 100 && !checkpoint().contains("\n" + entries() + "\n"); tries++) {
            Service.pause();
        }
        String before = checkpoint();
        String answered = lookUp();
        assertEquals(Service.TERMINATED, service.stop());
        sql("truncate transparency_log, transparency_subtree, party_erasure");
        assertMismatch("the projections do not equal the folded entries; rows that differ: {party_erasure=1}");
        assertEquals(0, service.run("rebuild"), service.errors());
        service.start();
        for (int tries = 0; tries < 100 && !before.equals(checkpoint()); tries++) {
            Service.pause();
        }
        assertEquals(before, checkpoint());
        assertEquals(answered, lookUp());
        assertEquals(Service.TERMINATED, service.stop());
        assertEquals(0, service.run("verify"), service.errors());
    }

    private int erased() throws SQLException {
        return count("party_erasure");
    }

    private int entries() throws SQLException {
        return count("ledger_entry");
    }

    private int count(String table) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), DebianDatabase.USER, DebianDatabase.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            assertTrue(row.next());
            return row.getInt(1);
        }
    }

    private String checkpoint() {
        return service.send(HttpRequest.newBuilder(service.uri("/log/checkpoint")))
                .body();
    }

    @Test
    @Order(8)
    void aKeyThatIsGoneIsAskedFor() throws IOException {
        Path key = service.folder().resolve("data/log.key");
        Path away = service.folder().resolve("away");
        Files.move(key, away);
        assertEquals(1, service.run("verify"));
        assertTrue(service.errors().contains("was created with a key that should be in " + key), service.errors());
        assertEquals(1, service.errors().lines().count(), service.errors());
        Files.move(away, key);
    }

    @Test
    @Order(9)
    void operatorKeysAreAddedListedAndRevoked() throws IOException {
        assertEquals(0, service.run("add-operator-key", "jiwoo"), service.errors());
        Path file = service.folder().resolve("data/operator-jiwoo.key");
        String key = Files.readString(file).strip();
        assertTrue(key.startsWith("afo_"));
        assertFalse(service.output().contains("afo_"), service.output());
        assertEquals(1, service.run("add-operator-key", "jiwoo"));
        assertEquals(0, service.run("operator-keys"), service.errors());
        assertTrue(service.output().contains("first  created "), service.output());
        assertTrue(service.output().contains("jiwoo  created "), service.output());
        assertEquals(0, service.run("revoke-operator-key", "first"), service.errors());
        assertEquals(1, service.run("revoke-operator-key", "first"));
        assertEquals(1, service.run("revoke-operator-key", "jiwoo"));
        assertTrue(service.errors().contains("last operator's key"), service.errors());
        assertEquals(2, service.run("add-operator-key", "../x"));
        service.start();
        assertEquals(
                200,
                service.send(HttpRequest.newBuilder(service.uri("/v1/operator/overview"))
                                .header("Authorization", "Bearer " + key))
                        .statusCode());
        assertEquals(Service.TERMINATED, service.stop());
    }

    @Test
    @Order(10)
    void anythingElseIsMisuse() {
        assertEquals(2, service.run("verfy"));
        assertEquals(
                "Usage: java -jar quarkus-run.jar [rebuild | verify | operator-keys | add-operator-key NAME |"
                        + " revoke-operator-key NAME | snapshot FOLDER | witness | testsite | migrate | backup FILE"
                        + " | restore FILE | --mirror=URL]\n",
                service.errors());
        assertEquals(2, service.run("verify", "now"));
        assertEquals(2, service.run("backup"));
        assertEquals(2, service.run("restore", "a", "b"));
    }

    private void assertMismatch(String what) {
        assertEquals(MISMATCH, service.run("verify"), service.output() + service.errors());
        assertTrue(service.errors().startsWith("MISMATCH: ") && service.errors().contains(what), service.errors());
        assertEquals(1, service.errors().lines().count(), service.errors());
    }
}
