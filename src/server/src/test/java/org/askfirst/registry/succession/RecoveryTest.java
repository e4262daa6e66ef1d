package org.askfirst.registry.succession;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.askfirst.entry.AccountEntry;
import org.askfirst.entry.RecoveryStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Parties;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.LoopbackInternet;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks the recovery of lost keys, and the transfer of an account to a successor. */
@QuarkusTest
class RecoveryTest extends RegistryTest {
    @RegisterExtension
    static final LoopbackInternet INTERNET = new LoopbackInternet();

    private static ValidatableResponse by(String key, String path) {
        return given().header("Authorization", "Bearer " + key).get(path).then();
    }

    private static ValidatableResponse askForKey(Party party, String subject) {
        return given().contentType("application/json")
                .body(Bodies.text(Map.of("party", party.id(), "subject", subject)))
                .post("/v1/recoveries")
                .then();
    }

    private static ValidatableResponse check(String recovery) {
        return given().post("/v1/recoveries/" + recovery + "/check").then();
    }

    private static void wait(String recovery, String sign) {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                PreparedStatement update = connection.prepareStatement("update party_recovery_state set until = until "
                        + sign + " interval '15 days' where recovery = ?")) {
            update.setString(1, recovery);
            assertEquals(1, update.executeUpdate());
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aPersonWhoControlsTheSiteGetsANewKeyAfterTheWaitingPeriod() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        String webhook = "https://" + Names.domain() + "/";
        party.setsWebhook(webhook);
        party.controls("domain:" + domain);
        ValidatableResponse started = askForKey(party, "domain:" + domain)
                .statusCode(201)
                .body("state", equalTo("unproved"))
                .body("methods.method", not(contains("page-token")));
        String unproved = started.extract().path("id");
        // It costs quota, because it visits the site.
        check(unproved)
                .statusCode(200)
                .header("RateLimit-Policy", containsString("works"))
                .body("state", equalTo("unproved"))
                .body("key", nullValue());
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        check(unproved).statusCode(429);
        started = askForKey(party, "domain:" + domain).statusCode(201);
        String id = started.extract().path("id");
        String key = started.extract().path("key");
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        check(id).statusCode(200).body("state", equalTo("waiting")).body("until", notNullValue());
        by(key, "/v1/parties/me").statusCode(401);
        check(id).statusCode(409);

        wait(id, "-");
        check(id).statusCode(200).body("state", equalTo("recovered"));
        wait(id, "+");
        by(key, "/v1/parties/me/webhook").statusCode(404);
        by(key, "/v1/parties/me").statusCode(200).body("id", equalTo(party.id()));
        party.asks().get("/v1/parties/me").then().statusCode(401);
        check(id).statusCode(409);
        // A rebuild revokes no key that was created after the recovery, and deletes no webhook that was set after it.
        given().header("Authorization", "Bearer " + key)
                .contentType("application/json")
                .body(Bodies.text(Map.of("url", webhook)))
                .put("/v1/parties/me/webhook")
                .then()
                .statusCode(200);
        Arc.container().instance(ProjectionRebuild.class).get().rebuild(position -> {});
        by(key, "/v1/parties/me").statusCode(200);
        by(key, "/v1/parties/me/webhook").statusCode(200);
    }

    private static long begunRecoveries() throws SQLException {
        try (Connection connection =
                        Arc.container().instance(DataSource.class).get().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select coalesce(sum(spent), 0) from budget_address where kind = 'recoveries'")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void strangersDoNotEndAnothersRecovery() throws SQLException {
        Party party = Party.open();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        String own =
                askForKey(party, "domain:" + domain).statusCode(201).extract().path("id");
        long begun = begunRecoveries();
        for (int i = 0; i < 30; i++) {
            askForKey(party, "domain:" + domain).statusCode(201);
        }
        assertTrue(begunRecoveries() >= begun + 30, "they cost their address nothing");
        check(own).statusCode(200).body("state", equalTo("unproved"));
        // A body that does not vouch for the party leaves no trace.
        Party.open().confirmingRecovery(party, own).statusCode(403);
        given().get("/v1/recoveries/" + own).then().statusCode(200);
    }

    @Test
    void offersOfStrangersDoNotHideAnOpenRecovery() {
        Party party = Party.open();
        Party body = Party.open();
        OperatorClient.ofService().letsVouch(body, "isbn");
        String id = confirmed(party, body);
        Party stranger = Party.open();
        for (int i = 0; i < 50; i++) {
            stranger.offersMandate(Offer.toMember(party));
        }
        stranger.offeringMandate(Offer.toMember(party)).statusCode(403);
        for (int i = 0; i < 5; i++) {
            stranger.namesSuccessor(party);
            stranger.asks().delete("/v1/parties/me/successor").then().statusCode(204);
        }
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("openRecoveries.id", contains(id))
                .body("openRecoveries[0].state", equalTo("waiting"))
                .body(
                        "notices.kind",
                        contains("successor-named", "mandate-offered", "recovery-begun", "vouching-offered"))
                .body("notices[0].count", equalTo(5))
                .body("notices[1].count", equalTo(50))
                .body("notices[1].text.en", containsString("49 more"));
        party.asks().post("/v1/recoveries/" + id + "/objection").then().statusCode(200);
        party.asks().get("/v1/parties/me").then().body("openRecoveries", empty());
    }

    @Test
    void noticesOfManyStrangersDoNotHideARecovery() {
        Party party = Party.open();
        Party body = body();
        confirmed(party, body);
        for (int i = 0; i < 51; i++) {
            Party.open().offersMandate(Offer.toMember(party));
        }
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("notices", hasSize(50))
                .body("notices.kind", hasItem("recovery-begun"))
                .body("notices.kind", hasItem("vouching-offered"));
    }

    @Test
    void allNoticesHaveACursor() {
        Party society = Party.open();
        OperatorClient.ofService().letsVouch(society, "url");
        int members = 60;
        for (int i = 0; i < members; i++) {
            Party.open()
                    .claimingMandate(society.recordsMember("m" + i).path("code").asText())
                    .statusCode(200);
        }
        society.asks().get("/v1/parties/me").then().body("notices", hasSize(50));
        List<Integer> ids = new ArrayList<>();
        Integer after = 0;
        while (after != null) {
            JsonPath page = society.asks()
                    .queryParam("after", after)
                    .queryParam("limit", 25)
                    .get("/v1/parties/me/notices")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            ids.addAll(page.getList("notices.id", Integer.class));
            after = page.get("next");
        }
        assertEquals(members, ids.size());
        assertEquals(ids.stream().sorted().distinct().toList(), ids);
        society.asks()
                .queryParam("after", -1)
                .get("/v1/parties/me/notices")
                .then()
                .statusCode(422);
    }

    /** Starts a recovery as somebody without a key, 31 days after the party let the body help. */
    private static ValidatableResponse startedWith(Party party, Party body) {
        body.vouchesFor(party);
        makeMembershipsOlder(party, Duration.ofDays(31));
        return party.startingRecovery(body).statusCode(201);
    }

    private static String confirmed(Party party, Party body) {
        String id = startedWith(party, body).extract().path("id");
        body.confirmingRecovery(party, id).statusCode(200).body("state", equalTo("waiting"));
        return id;
    }

    private static Party body() {
        Party body = Party.open();
        OperatorClient.ofService().letsVouch(body, "isbn", "url", "domain");
        return body;
    }

    @Test
    void aMemberGetsANewKeyThatItsSocietyNeverSees() {
        Party party = Party.open();
        Party body = body();
        ValidatableResponse started = startedWith(party, body)
                .body("state", equalTo("unproved"))
                .body("by", equalTo(body.id()))
                .body("methods", nullValue());
        String id = started.extract().path("id");
        String key = started.extract().path("key");
        check(id).statusCode(409);
        body.confirmingRecovery(party, id)
                .statusCode(200)
                .body("state", equalTo("waiting"))
                .body("until", notNullValue())
                .body("key", nullValue())
                .body("keyId", nullValue());
        body.confirmingRecovery(party, id).statusCode(409);
        check(id).statusCode(409);
        // Everybody sees it.
        given().get("/v1/parties/" + party.id())
                .then()
                .body("openRecoveries.id", contains(id))
                .body("openRecoveries.by", contains(body.id()));
        by(key, "/v1/parties/me").statusCode(401);
        wait(id, "-");
        check(id).statusCode(200).body("state", equalTo("recovered")).body("key", nullValue());
        wait(id, "+");
        by(key, "/v1/parties/me")
                .statusCode(200)
                .body("id", equalTo(party.id()))
                .body("openRecoveries", empty());
        given().get("/v1/parties/" + party.id()).then().body("openRecoveries", nullValue());
    }

    @Test
    void aHolderOfAKeyObjectsAndThenTheSocietyCannotTryAgain() {
        Party party = Party.open();
        Party body = body();
        ValidatableResponse started = startedWith(party, body);
        String id = started.extract().path("id");
        body.confirmingRecovery(party, id).statusCode(200);
        // One at a time, so that the holder has to object to one only.
        party.startingRecovery(body).statusCode(422);
        body.asks().post("/v1/recoveries/" + id + "/objection").then().statusCode(403);
        party.asks()
                .post("/v1/recoveries/" + id + "/objection")
                .then()
                .statusCode(200)
                .body("state", equalTo("stopped"));
        wait(id, "-");
        check(id).statusCode(409);
        wait(id, "+");
        by(started.extract().path("key"), "/v1/parties/me").statusCode(401);
        party.asks().get("/v1/parties/me").then().statusCode(200);
        party.startingRecovery(body)
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/body"))
                .body("errors[0].reason", equalTo("may-not-confirm"));
        // The party allows it anew, and this consent must be 30 days old too.
        party.acceptingVouching(body, true).statusCode(200).body("mayRecover", equalTo(true));
        party.startingRecovery(body).statusCode(422).body("errors[0].detail", containsString("30 days"));
        makeMembershipsOlder(party, Duration.ofDays(31));
        party.startingRecovery(body).statusCode(201);
    }

    @Test
    void aSocietyThatVouchesUnaskedTakesNoAccount() {
        Party party = Party.open();
        Party body = body();
        body.offeringToVouchFor(party).statusCode(201);
        String[] bodies = {body.id(), party.id()};
        for (String vouching : bodies) {
            given().contentType("application/json")
                    .body(Bodies.text(Map.of("party", party.id(), "body", vouching)))
                    .post("/v1/recoveries")
                    .then()
                    .statusCode(422)
                    .body("errors[0].reason", equalTo("may-not-confirm"));
        }
        body.confirmingRecovery(party, "r_0000000000000000").statusCode(404);
        // Accepted, but without the consent to recoveries: also after a month not.
        party.acceptingVouching(body, false).statusCode(200).body("mayRecover", equalTo(false));
        makeMembershipsOlder(party, Duration.ofDays(31));
        party.startingRecovery(body).statusCode(422);
        // Its word about a site of its own is no key to the account either.
        String site = "domain:" + Names.domain();
        body.recordingControl(party, site).statusCode(201);
        askForKey(party, site).statusCode(422).body("errors[0].reason", equalTo("control-not-proved"));
        party.asks().get("/v1/parties/me").then().body("openRecoveries", empty());
    }

    @Test
    void aMembershipOf29DaysIsTooYoung() {
        Party party = Party.open();
        Party body = body();
        body.vouchesFor(party);
        makeMembershipsOlder(party, Duration.ofDays(30).minusMinutes(10));
        party.startingRecovery(body).statusCode(422).body("errors[0].detail", containsString("30 days"));
        makeMembershipsOlder(party, Duration.ofMinutes(10));
        String id = party.startingRecovery(body).statusCode(201).extract().path("id");
        // To accept anew is a new consent, and it is young again.
        party.acceptingVouching(body, false).statusCode(200);
        party.acceptingVouching(body, true).statusCode(200);
        body.confirmingRecovery(party, id).statusCode(403);
    }

    @Test
    void aKeyThatIsUsedMeanwhileIsNotLost() throws SQLException {
        Party party = Party.open();
        Party body = body();
        String id = confirmed(party, body);
        // The use before, a moment ago, is stored already.
        Arc.container().instance(Parties.class).get().storeUses();
        party.asks().get("/v1/parties/me").then().statusCode(200);
        wait(id, "-");
        check(id).statusCode(200).body("state", equalTo("stopped"));
        wait(id, "+");
        party.asks().get("/v1/parties/me").then().statusCode(200).body("openRecoveries", empty());
    }

    @Test
    void nobodyRecoversAClosedAccount() throws SQLException {
        Party party = Party.open();
        Party body = body();
        String id = confirmed(party, body);
        party.closes();
        Arc.container()
                .instance(Parties.class)
                .get()
                .closeDue(TestClock.ofService().instant().plus(Duration.ofDays(7)));
        given().get("/v1/parties/" + party.id())
                .then()
                .body("status", equalTo("closed"))
                .body("openRecoveries", nullValue());
        wait(id, "-");
        check(id).statusCode(404);
        for (RecoveryStep step : RecoveryStep.values()) {
            ProblemException refusal = assertThrows(
                    ProblemException.class,
                    () -> Ledger.await(Arc.container()
                            .instance(Ledger.class)
                            .get()
                            .propose(Proposal.of(
                                    new AccountEntry.RecoveryChanged(
                                            step, PartyId.parse(party.id()).orElseThrow(), id, null, null),
                                    Authority.REGISTRY))),
                    step::name);
            assertEquals(Problem.NOT_FOUND, refusal.problem());
        }
        wait(id, "+");
    }

    @Test
    void aSocietyThatMayNotVouchAnyMoreCompletesNothing() {
        Party party = Party.open();
        Party body = body();
        String id = confirmed(party, body);
        OperatorClient.ofService().decides(body, "suspended");
        wait(id, "-");
        check(id).statusCode(200).body("state", equalTo("stopped"));
        wait(id, "+");
    }

    @Test
    void aSocietyConfirmsOnlyWhatItsMemberStartedWithIt() {
        Party party = Party.open();
        Party body = body();
        Party other = body();
        String id = startedWith(party, body).extract().path("id");
        other.vouchesFor(party);
        makeMembershipsOlder(party, Duration.ofDays(31));
        other.confirmingRecovery(party, id).statusCode(404);
        Party.open().confirmingRecovery(party, id).statusCode(403);
        body.confirmingRecovery(Party.open(), id).statusCode(403);
        body.confirmingRecovery(party, id).statusCode(200);
        // Another body's recovery of the same account stays as it is, whatever happens to this one.
        String second = party.startingRecovery(other).statusCode(201).extract().path("id");
        other.confirmingRecovery(party, second).statusCode(200);
        given().get("/v1/recoveries/" + id).then().body("state", equalTo("waiting"));
    }

    @Test
    void atMostThreeRecoveriesByASiteWait() {
        Party party = Party.open();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ValidatableResponse started = askForKey(party, "domain:" + domain).statusCode(201);
            ids.add(started.extract().path("id"));
            INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
            check(ids.get(i)).statusCode(i < 3 ? 200 : 409);
        }
        party.asks().post("/v1/recoveries/" + ids.get(0) + "/objection").then().statusCode(200);
        given().get("/v1/recoveries/" + ids.get(3)).then().body("state", equalTo("unproved"));
    }

    @Test
    void onlyAProvedSubjectOpensAnAccount() {
        Party party = Party.open();
        for (String subject : new String[] {"domain:" + Names.domain(), "isbn:9788936434120"}) {
            askForKey(party, subject).statusCode(422).body("errors.pointer", everyItem(equalTo("#/subject")));
        }
        given().get("/v1/recoveries/r_0").then().statusCode(404);
    }

    @Test
    void theBuyerOfASiteGetsNoKeyByAnEarlierRecovery() {
        Party party = Party.open();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        ValidatableResponse started = askForKey(party, "domain:" + domain).statusCode(201);
        OperatorClient.ofService().revokingControl(party, "domain:" + domain).statusCode(201);
        INTERNET.dns().text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        check(started.extract().path("id")).statusCode(409);
        given().get("/v1/recoveries/" + started.extract().path("id"))
                .then()
                .statusCode(200)
                .body("state", equalTo("unproved"));
    }

    @Test
    void theOperatorTransfersAnAccountToTheSuccessorThatThePartyNamed() {
        Party party = Party.open();
        Party heir = Party.open();
        String file = Names.file();
        String declared = party.reserves(file);
        OperatorClient.ofService().proposingTransfer(party).statusCode(409);
        party.namesSuccessor(Party.open());
        party.namesSuccessor(heir);
        party.asks().get("/v1/parties/me").then().body("successor", equalTo(heir.id()));
        heir.asks().get("/v1/parties/me").then().body("notices.kind", contains("successor-named"));
        heir.asks()
                .post("/v1/parties/me/successions/" + party.id() + "/keys")
                .then()
                .statusCode(404);
        OperatorClient.ofService().transfers(party);
        party.asks().get("/v1/parties/me").then().statusCode(401);
        heir.asks().get("/v1/parties/me").then().body("succeeds", contains(party.id()));
        String key = heir.asks()
                .post("/v1/parties/me/successions/" + party.id() + "/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        given().header("Authorization", "Bearer " + key)
                .delete("/v1/declarations/" + declared)
                .then()
                .statusCode(200);
        OperatorClient.ofService().proposingTransfer(party).statusCode(409);
    }
}
