package org.askfirst.registry.control;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that a party can prove control of a site or a page, and that answers change accordingly. */
@QuarkusTest
class ControlResourceTest extends RegistryTest {
    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    private static void makeCheckable(String challenge) {
        change("update party_control_claim set checked_at = checked_at - interval '1 minute' where id = ?", challenge);
    }

    private static void change(String sql, String challenge) {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, challenge);
            assertEquals(1, update.executeUpdate());
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aSiteIsProvedInTheDnsAndItsDeclarationAppliesFromThenOn() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://www." + domain + "/art/1.png";
        String declared = party.reserves("domain:" + domain);
        ValidatableResponse started = party.challenging("domain:" + domain)
                .statusCode(201)
                .body("state", equalTo("pending"))
                .body("methods.method", contains("dns-txt", "well-known-file", "meta-tag"))
                .body("methods[0].location", equalTo("_askfirst." + domain))
                .body("methods[1].location", equalTo("https://" + domain + "/.well-known/askfirst.txt"))
                .body("methods[2].location", equalTo("https://" + domain + "/"));
        String id = started.extract().path("id");
        party.challenging("DOMAIN: " + domain)
                .statusCode(200)
                .body("id", equalTo(id))
                .body("token", equalTo(started.extract().<String>path("token")));
        party.checking(id)
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("checks.method", hasItems("dns-txt", "well-known-file", "meta-tag"))
                .body("checks.outcome", not(hasItem("found")));
        assertEquals("unknown", anybody().asks(work).verdict());

        INTERNET.dns()
                .text("_askfirst." + domain, "v=spf1 -all", started.extract().path("methods[0].text"));
        party.checking(id).statusCode(429).header("Retry-After", notNullValue());
        makeCheckable(id);
        int position = party.checking(id)
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("dns-txt"))
                .body("checks[0].outcome", equalTo("found"))
                .body("checks[0].dnssec", nullValue())
                .extract()
                .path("position");
        assertEquals("deny", anybody().asks(work).verdict());
        anybody()
                .asks(work)
                .asOf(position - 1)
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements.notAppliedReason", contains("pending"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("control-proved"))
                .body("controls.method", contains("dns-txt"))
                .body("notices.kind", contains("control-proved"))
                .body("notices[0].text.ko", containsString(domain));
        party.asks().get("/v1/declarations/" + declared).then().body("pending", empty());
    }

    @Test
    void aSignedAnswerOfTheDnsIsShownAsSuch() {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        INTERNET.dns().validating(true);
        try {
            party.checking(started.extract().path("id"))
                    .statusCode(200)
                    .body("state", equalTo("proved"))
                    .body("checks[0].dnssec", equalTo(true))
                    .body("checks[0].observation", containsString("DNSSEC"));
        } finally {
            INTERNET.dns().validating(false);
        }
    }

    @Test
    void aFileOrTheHeadOfThePageProvesTheSame() {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse file = party.challenging("domain:" + domain).statusCode(201);
        INTERNET.web()
                .answer(
                        domain + "/.well-known/askfirst.txt",
                        200,
                        "Content-Type: text/plain",
                        "# ours\r\naskfirst-00000000000000000000000000\r\n"
                                + file.extract().path("token") + "\r\n");
        party.checking(file.extract().path("id"))
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("well-known-file"));

        String other = Names.domain();
        ValidatableResponse meta = party.challenging("domain:" + other).statusCode(201);
        INTERNET.web().show(other + "/", "<html><head>" + meta.extract().path("methods[2].text") + "</head><body>x");
        party.checking(meta.extract().path("id"))
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("meta-tag"));
    }

    @Test
    void aTokenInTheTextOfAPageLetsReservationsApplyAndNoPermission() {
        Party party = Party.open();
        String host = Names.host();
        String channel = "under:https://" + host + "/@haneul/";
        String work = "url:https://" + host + "/@haneul/1";
        party.declares(reserved("ai-training").permitting("ai-index").of(channel));
        ValidatableResponse started = party.challenging(channel)
                .statusCode(201)
                .body("methods.method", contains("dns-txt", "well-known-file", "meta-tag", "page-token"));
        INTERNET.web()
                .show(
                        host + "/@haneul/",
                        "<title>Haneul</title><p>Ask me. " + started.extract().path("token"));
        party.checking(started.extract().path("id"))
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("page-token"));
        anybody()
                .asks(work)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("deny"))
                .body("statements[0].trust", equalTo("asserted"));
        anybody()
                .asks(work)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        party.asks().get("/v1/parties/me").then().body("trust", equalTo("asserted"));

        // A title and a description may be texts of a visitor too.
        String token = started.extract().path("token");
        INTERNET.web()
                .show(
                        host + "/@haneul/",
                        "<title>" + token + "</title><meta property='og:description' content='" + token + "'>");
        makeCheckable(started.extract().path("id"));
        party.checking(started.extract().path("id")).statusCode(200).body("method", equalTo("page-token"));

        // In its own meta element, the same token proves more.
        INTERNET.web().show(host + "/@haneul/", "<title>Haneul</title><meta name=askfirst content=" + token + ">");
        makeCheckable(started.extract().path("id"));
        party.checking(started.extract().path("id")).statusCode(200).body("method", equalTo("meta-tag"));
        anybody().asks(work).of("ai-index").answer().body("verdict", equalTo("allow"));
        party.asks().get("/v1/parties/me").then().body("controls", hasSize(1));
    }

    @Test
    void aFrontPageIsNotReadForAWholeSite() {
        Party party = Party.open();
        String host = Names.host();
        party.challenging("under:https://" + host + "/")
                .statusCode(201)
                .body("methods.method", contains("dns-txt", "well-known-file", "meta-tag"));
        party.challenging("url:https://" + host + "/")
                .statusCode(201)
                .body("methods.method", contains("dns-txt", "well-known-file", "meta-tag", "page-token"));
    }

    @Test
    void aProofCoversOnlyTheAddressesBelowIt() {
        Party party = Party.open();
        String host = Names.host();
        ValidatableResponse started =
                party.challenging("under:https://" + host + "/a/").statusCode(201);
        INTERNET.dns().text("_askfirst." + host, started.extract().<String>path("methods[0].text"));
        party.checking(started.extract().path("id")).statusCode(200).body("state", equalTo("proved"));
        party.reserves("under:https://" + host + "/a/b/", "under:https://" + host + "/c/");
        assertEquals("deny", anybody().asks("url:https://" + host + "/a/b/1").verdict());
        assertEquals("unknown", anybody().asks("url:https://" + host + "/c/1").verdict());
    }

    @Test
    void aProofWhoseTokenIsGoneAppliesForFourteenDaysAndThePartyGetsANotice() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/1";
        party.reserves("domain:" + domain);
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        party.checking(id).statusCode(200).body("state", equalTo("proved"));
        INTERNET.dns().text("_askfirst." + domain, "v=spf1 -all");

        ControlChallenges challenges =
                Arc.container().instance(ControlChallenges.class).get();
        Instant now = TestClock.ofService().instant();
        checkAt(challenges, id, now.plus(Duration.ofDays(1)));
        party.asks()
                .get("/v1/parties/me/controls")
                .then()
                .body("controls.state", contains("gone"))
                .body("controls[0].expiresAt", notNullValue());
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("notices.kind", contains("control-gone", "control-proved"))
                .body("notices[0].until", notNullValue());
        assertEquals("deny", anybody().asks(work).verdict());
        checkAt(challenges, id, now.plus(Duration.ofDays(14)));
        assertEquals("deny", anybody().asks(work).verdict());

        checkAt(challenges, id, now.plus(Duration.ofDays(16)));
        assertEquals("unknown", anybody().asks(work).verdict());
        party.asks().get("/v1/parties/me/controls").then().body("controls.state", contains("revoked"));
        ValidatableResponse own = party.asks().get("/v1/parties/me").then();
        own.body("notices.kind", contains("control-revoked", "control-gone", "control-proved"))
                .body("controls", empty())
                .body("trust", equalTo("asserted"));
        // As of an earlier position, the proof is still in force.
        int revoked = Registry.underTest().position();
        anybody().asks(work).asOf(revoked - 1).answer().body("verdict", equalTo("deny"));

        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        change("update party_control_claim set checked_at = null where id = ?", id);
        party.checking(id).statusCode(200).body("state", equalTo("proved"));
        assertEquals("deny", anybody().asks(work).verdict());
    }

    private static void checkAt(ControlChallenges challenges, String id, Instant now) throws SQLException {
        change("update party_control_claim set next_check_at = 'epoch' where id = ?", id);
        challenges.checkDue(now);
    }

    @Test
    void aDeclarationIsPendingAfterThePartyWithdrewTheProof() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/1";
        String declared = party.reserves("domain:" + domain);
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        party.checking(id).statusCode(200).body("state", equalTo("proved"));
        assertEquals("deny", anybody().asks(work).verdict());
        Party other = Party.open();
        int proved = Registry.underTest().position();

        other.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(404);
        assertEquals("deny", anybody().asks(work).verdict());
        party.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(204);
        assertEquals(proved + 1, Registry.underTest().position());
        anybody()
                .asks(work)
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements.notAppliedReason", contains("pending"));
        anybody().asks(work).asOf(proved).answer().body("verdict", equalTo("deny"));
        given().get("/v1/changes?after=" + proved)
                .then()
                .body(containsString("\"type\":\"control-revoked\""))
                .body(containsString(domain));
        party.asks().get("/v1/declarations/" + declared).then().body("pending", contains("domain:" + domain));
        party.asks().get("/v1/parties/me/controls").then().body("controls", empty());
        party.asks().get("/v1/parties/me").then().body("controls", empty()).body("trust", equalTo("asserted"));
        party.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(404);
        party.checking(id).statusCode(404);

        // The old token proves nothing for a new challenge.
        ValidatableResponse second = party.challenging("domain:" + domain).statusCode(201);
        party.checking(second.extract().path("id")).statusCode(200).body("method", nullValue());
        assertEquals("unknown", anybody().asks(work).verdict());
        INTERNET.dns().text("_askfirst." + domain, second.extract().<String>path("methods[0].text"));
        makeCheckable(second.extract().path("id"));
        party.checking(second.extract().path("id")).statusCode(200).body("state", equalTo("proved"));
        assertEquals("deny", anybody().asks(work).verdict());
        Arc.container()
                .instance(org.askfirst.registry.ledger.ProjectionRebuild.class)
                .get()
                .rebuild(position -> {});
        org.askfirst.testkit.LedgerChecker.check();
    }

    @Test
    void aChallengeThatWasNeverProvedIsWithdrawnWithoutAnEntry() {
        Party party = Party.open();
        String id = party.challenging("domain:" + Names.domain()).extract().path("id");
        party.checking(id).statusCode(200).body("state", equalTo("pending"));
        int before = Registry.underTest().position();
        party.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(204);
        assertEquals(before, Registry.underTest().position());
        party.asks().delete("/v1/parties/me/controls/%00").then().statusCode(404);
    }

    @Test
    void aProofByTheOperatorCanBeWithdrawnToo() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/1";
        party.reserves("domain:" + domain);
        String id = party.challenging("domain:" + domain).extract().path("id");
        party.controls("domain:" + domain);
        assertEquals("deny", anybody().asks(work).verdict());
        party.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(204);
        assertEquals("unknown", anybody().asks(work).verdict());
    }

    @Test
    void aRunningCheckDoesNotRestoreAWithdrawnProof() throws Exception {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        INTERNET.web().reply(domain + "/.well-known/askfirst.txt", out -> {
            party.asks().delete("/v1/parties/me/controls/" + id).then().statusCode(204);
            String token = started.extract().path("token");
            out.write(("HTTP/1.1 200 X\r\nContent-Type: text/plain\r\nContent-Length: " + token.length() + "\r\n\r\n"
                            + token)
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        party.checking(id).statusCode(404);
        party.asks().get("/v1/parties/me").then().body("controls", empty());
    }

    @Test
    void aProofByTheOperatorDoesNotExpire() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        party.controls("domain:" + domain);
        ControlChallenges challenges =
                Arc.container().instance(ControlChallenges.class).get();
        checkAt(challenges, id, TestClock.ofService().instant().plus(Duration.ofDays(1)));
        checkAt(challenges, id, TestClock.ofService().instant().plus(Duration.ofDays(99)));
        party.asks()
                .get("/v1/parties/me/controls")
                .then()
                .body("controls.state", contains("proved"))
                .body("controls.method", contains("operator"));
    }

    @Test
    void aSubjectThatCannotBeCheckedIsRefused() {
        Party party = Party.open();
        party.challenging("doi-prefix:10.1234").statusCode(422).body("errors.pointer", contains("#/subject"));
        party.challenging("isbn:9788936434120").statusCode(422).body("errors.pointer", contains("#/subject"));
        party.challenging("domain:co.kr").statusCode(422).body("type", containsString("undeclarable-subject"));
        party.says(Bodies.object("subjet", "domain:example.com"))
                .post("/v1/parties/me/controls")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("#/subjet", "#/subject"));
    }

    @Test
    void nobodySeesOrChecksAnothersChallenges() {
        Party party = Party.open();
        String id = party.challenging("domain:" + Names.domain()).extract().path("id");
        Party other = Party.open();
        other.checking(id).statusCode(404);
        other.asks().get("/v1/parties/me/controls").then().body("controls", empty());
        given().get("/v1/parties/me/controls").then().statusCode(401);
        given().header("Authorization", "Bearer " + Party.operatorKey())
                .get("/v1/parties/me/controls")
                .then()
                .statusCode(403);
        assertEquals(List.of(), other.asks().get("/v1/parties/me").path("controls"));
    }

    @Test
    void anotherPartysTokenProvesNothing() {
        String domain = Names.domain();
        Party owner = Party.open();
        ValidatableResponse owners = owner.challenging("domain:" + domain).statusCode(201);
        INTERNET.dns().text("_askfirst." + domain, owners.extract().<String>path("methods[0].text"));
        Party stranger = Party.open();
        ValidatableResponse strangers = stranger.challenging("domain:" + domain).statusCode(201);
        stranger.checking(strangers.extract().path("id")).statusCode(200).body("state", equalTo("pending"));
        owner.checking(owners.extract().path("id")).statusCode(200).body("state", equalTo("proved"));
    }

    @Test
    void aMetaElementBehindARedirectProvesNothing() {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        String tag = started.extract().path("methods[2].text");
        INTERNET.web().answer(domain + "/", 302, "Location: /thread/9", "");
        INTERNET.web().show(domain + "/thread/9", "<head>" + tag);
        party.checking(id)
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("checks.find { it.method == 'meta-tag' }.observation", containsString("redirects to"));
        // Another host may belong to somebody else, also if its name differs by www only.
        INTERNET.web().answer(domain + "/", 301, "Location: http://www." + domain + "/", "");
        INTERNET.web().show("www." + domain + "/", "<head>" + tag);
        makeCheckable(id);
        party.checking(id)
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("checks.find { it.method == 'meta-tag' }.observation", containsString("redirects to"));
        INTERNET.web().show(domain + "/", "<head>" + tag);
        makeCheckable(id);
        party.checking(id).statusCode(200).body("method", equalTo("meta-tag"));
    }

    @Test
    void brokenSignaturesOfTheDnsFailTheWholeCheck() {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        INTERNET.web().show(domain + "/", "<head>" + started.extract().<String>path("methods[2].text"));
        INTERNET.dns().breakSignatures(domain);
        party.checking(id)
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("checks.size()", equalTo(1))
                .body("checks[0].outcome", equalTo("unreachable"))
                .body("checks[0].observation", containsString("DNSSEC"));
    }

    @Test
    void eightClaimsOnHostsWhoseNameServersNeverAnswerHoldUpNobody() throws Exception {
        List<Party> attackers = new java.util.ArrayList<>();
        List<java.util.concurrent.CompletableFuture<ValidatableResponse>> slow = new java.util.ArrayList<>();
        List<String> claims = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Party attacker = Party.open();
            String domain = Names.domain();
            INTERNET.dns().silence(domain);
            String id = attacker.challenging("domain:" + domain)
                    .statusCode(201)
                    .extract()
                    .path("id");
            attackers.add(attacker);
            claims.add(id);
            slow.add(java.util.concurrent.CompletableFuture.supplyAsync(() -> attacker.checking(id)));
        }
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        long before = System.nanoTime();
        party.checking(started.extract().path("id")).statusCode(200).body("state", equalTo("proved"));
        long millis = (System.nanoTime() - before) / 1_000_000;
        assertEquals(true, millis < 2000, millis + " ms");
        for (int i = 0; i < 8; i++) {
            int status = slow.get(i).get().extract().statusCode();
            assertEquals(true, status == 200 || status == 202, "status " + status);
            String id = claims.get(i);
            Party attacker = attackers.get(i);
            awaitEnd(attacker);
            attacker.asks()
                    .get("/v1/parties/me/controls")
                    .then()
                    .body("controls[0].checks.outcome", not(hasItem("found")))
                    .body("controls[0].checks.outcome", hasItem("unreachable"));
            change("update party_control_claim set next_check_at = null where id = ?", id);
        }
    }

    private static void awaitEnd(Party party) {
        Eventually.get(
                () -> party.asks().get("/v1/parties/me/controls").path("controls[0].checking"),
                java.util.Objects::isNull);
    }

    @Test
    void aSlowCheckContinuesAfterTheAnswer() throws Exception {
        Party party = Party.open();
        String domain = Names.domain();
        ValidatableResponse started = party.challenging("domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        String token = started.extract().path("token");
        java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
        INTERNET.web().reply(domain + "/.well-known/askfirst.txt", out -> {
            release.await();
            out.write(("HTTP/1.1 200 X\r\nContent-Length: " + token.length() + "\r\n\r\n" + token)
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        party.checking(id).statusCode(202).body("state", equalTo("pending")).body("checking", equalTo(true));
        party.asks().get("/v1/parties/me/controls").then().body("controls[0].checking", equalTo(true));
        makeCheckable(id);
        String second = "url:https://" + domain + "/2";
        String third = "url:https://" + domain + "/3";
        String two = party.challenging(second).extract().path("id");
        String three = party.challenging(third).extract().path("id");
        party.checking(two).statusCode(202);
        // Two checks of the party and of the site are running.
        party.checking(three).statusCode(429).body("detail", containsString("Two checks"));
        Party other = Party.open();
        String others = other.challenging("domain:" + domain).extract().path("id");
        other.checking(others).statusCode(429).body("detail", containsString(domain));
        release.countDown();
        awaitEnd(party);
        party.asks()
                .get("/v1/parties/me/controls")
                .then()
                .body("controls[0].state", equalTo("proved"))
                .body("controls[0].method", equalTo("well-known-file"));
    }

    @Test
    void theSchemaFillsInTheBodiesOfEarlierRecords() throws SQLException, IOException {
        String file = "/db/migration/V28__control_body_of_before.sql";
        String migration = new String(
                Objects.requireNonNull(ControlProjection.class.getResourceAsStream(file))
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        String proofs = "select string_agg(position || ' ' || coalesce(body::text, '-'), ',' order by position, key)"
                + " from party_control";
        Party member = Party.open();
        for (int i = 0; i < 3; i++) {
            Party society = Party.open();
            OperatorClient.ofService().letsVouch(society, "domain");
            society.vouchesFor(member);
            society.recordingControl(member, "domain:" + Names.domain()).statusCode(201);
        }
        member.controls("domain:" + Names.domain());
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            String before = text(statement, proofs);
            assertEquals(
                    3,
                    statement.executeUpdate(
                            "update party_control set body = null" + " where body is not null and party = '"
                                    + PartyId.parse(member.id()).orElseThrow().number() + "'"));
            statement.execute(migration);
            assertEquals(before, text(statement, proofs));
            connection.rollback();
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
