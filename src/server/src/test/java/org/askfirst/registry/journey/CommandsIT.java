package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.askfirst.testkit.Bodies;
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
    private static final Pattern KEY = Pattern.compile("afk_[0-9a-z]{52}");

    private final DebianDatabase database;
    private final Service service;

    CommandsIT() throws IOException {
        database = DebianDatabase.start();
        service = Service.inEmptyFolder()
                .with("QUARKUS_DATASOURCE_JDBC_URL", database.url())
                .with("QUARKUS_DATASOURCE_USERNAME", DebianDatabase.USER)
                .with("QUARKUS_DATASOURCE_PASSWORD", DebianDatabase.PASSWORD);
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
        assertEquals(
                204,
                service.send(HttpRequest.newBuilder(service.uri("/v1/parties/me"))
                                .header("Authorization", "Bearer " + creator)
                                .DELETE())
                        .statusCode());
        String before = lookUp();
        assertEquals(Service.TERMINATED, service.stop());

        assertEquals(0, service.run("verify"), service.output() + service.errors());
        for (String line : new String[] {
            "entries      703, none is missing, each equals its hash",
            "checkpoint   covers 703 of them",
            "hashes       2 stored",
            "commitments  700, each",
            "projections  equal to the folded entries",
            "Everything matches."
        }) {
            assertTrue(service.output().contains(line), () -> line + " is not in\n" + service.output());
        }
        assertFalse(service.output().contains("Listening on"), "nothing is served meanwhile");
        assertEquals("", service.errors());

        assertEquals(0, service.run("rebuild"), service.output() + service.errors());
        assertTrue(service.output().contains("Rebuilt all projections from 703 entries."), service.output());
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
        service.start();
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
    void anythingElseIsMisuse() {
        assertEquals(2, service.run("verfy"));
        assertEquals("Usage: java -jar quarkus-run.jar [rebuild | verify]\n", service.errors());
        assertEquals(2, service.run("verify", "now"));
    }

    private void assertMismatch(String what) {
        assertEquals(MISMATCH, service.run("verify"), service.output() + service.errors());
        assertTrue(service.errors().startsWith("MISMATCH: ") && service.errors().contains(what), service.errors());
        assertEquals(1, service.errors().lines().count(), service.errors());
    }
}
