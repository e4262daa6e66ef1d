package org.askfirst.registry.succession;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks the recovery of lost keys, and the transfer of an account to a successor. */
@QuarkusTest
class RecoveryTest extends RegistryTest {
    private static LoopbackDns dns;

    @BeforeAll
    static void open() {
        String server = ConfigProvider.getConfig().getValue("askfirst.fetch.name-server", String.class);
        dns = new LoopbackDns(Integer.parseInt(server.substring(server.indexOf(':') + 1)));
    }

    @AfterAll
    static void close() {
        dns.close();
    }

    private static ValidatableResponse asOperator(String path, String json) {
        return given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body(json)
                .post(path)
                .then();
    }

    private static ValidatableResponse by(String key, String path) {
        return given().header("Authorization", "Bearer " + key).get(path).then();
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
        party.controls("domain:" + domain);
        ValidatableResponse started = given().contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"subject\":\"domain:" + domain + "\"}")
                .post("/v1/recoveries")
                .then()
                .statusCode(201)
                .body("state", equalTo("unproved"))
                .body("methods.method", not(contains("page-token")));
        String unproved = started.extract().path("id");
        check(unproved).statusCode(200).body("state", equalTo("unproved")).body("key", nullValue());
        dns.text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        check(unproved).statusCode(429);
        started = given().contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"subject\":\"domain:" + domain + "\"}")
                .post("/v1/recoveries")
                .then()
                .statusCode(201);
        String id = started.extract().path("id");
        String key = started.extract().path("key");
        dns.text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
        check(id).statusCode(200).body("state", equalTo("waiting")).body("until", notNullValue());
        party.asks()
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("notices[0].kind", equalTo("recovery-begun"))
                .body("notices[0].text.ko", containsString("이의"));
        by(key, "/v1/parties/me").statusCode(401);
        check(id).statusCode(409);

        wait(id, "-");
        check(id).statusCode(200).body("state", equalTo("recovered"));
        wait(id, "+");
        by(key, "/v1/parties/me").statusCode(200).body("id", equalTo(party.id()));
        party.asks().get("/v1/parties/me").then().statusCode(401);
        check(id).statusCode(409);
        // A rebuild revokes no key that was created after the recovery.
        Arc.container().instance(ProjectionRebuild.class).get().rebuild(position -> {});
        by(key, "/v1/parties/me").statusCode(200);
    }

    @Test
    void aHolderOfAKeyObjects() {
        Party party = Party.open();
        Party body = Party.open();
        asOperator(
                        "/v1/operator/decisions",
                        "{\"party\":\"" + body.id()
                                + "\",\"decision\":\"vouching-granted\",\"schemes\":[\"isbn\"],\"reason\":\"x\"}")
                .statusCode(201);
        String path = "/v1/parties/me/members/" + party.id() + "/recovery";
        body.asks().post(path).then().statusCode(403);
        body.says("{\"party\":\"" + party.id() + "\"}")
                .post("/v1/parties/me/members")
                .then()
                .statusCode(201);
        ValidatableResponse started = body.asks()
                .post(path)
                .then()
                .statusCode(201)
                .body("state", equalTo("waiting"))
                .body("by", equalTo(body.id()));
        String id = started.extract().path("id");
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
    }

    @Test
    void onlyAProvedSubjectOpensAnAccount() {
        Party party = Party.open();
        for (String subject : new String[] {"domain:" + Names.domain(), "isbn:9788936434120"}) {
            given().contentType("application/json")
                    .body("{\"party\":\"" + party.id() + "\",\"subject\":\"" + subject + "\"}")
                    .post("/v1/recoveries")
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", everyItem(equalTo("#/subject")));
        }
        given().get("/v1/recoveries/r_0").then().statusCode(404);
    }

    @Test
    void theBuyerOfASiteGetsNoKeyByAnEarlierRecovery() {
        Party party = Party.open();
        String domain = Names.domain();
        party.controls("domain:" + domain);
        ValidatableResponse started = given().contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"subject\":\"domain:" + domain + "\"}")
                .post("/v1/recoveries")
                .then()
                .statusCode(201);
        asOperator(
                        "/v1/operator/control-revocations",
                        "{\"party\":\"" + party.id() + "\",\"subject\":\"domain:" + domain
                                + "\",\"reason\":\"It was sold\"}")
                .statusCode(201);
        dns.text("_askfirst." + domain, started.extract().<String>path("methods[0].text"));
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
        String death = "{\"party\":\"" + party.id() + "\",\"reason\":\"Certificate seen\"}";
        asOperator("/v1/operator/successions", death).statusCode(409);
        party.says("{\"party\":\"" + Party.open().id() + "\"}")
                .put("/v1/parties/me/successor")
                .then()
                .statusCode(204);
        party.says("{\"party\":\"" + heir.id() + "\"}")
                .put("/v1/parties/me/successor")
                .then()
                .statusCode(204);
        party.asks().get("/v1/parties/me").then().body("successor", equalTo(heir.id()));
        heir.asks().get("/v1/parties/me").then().body("notices.kind", contains("successor-named"));
        heir.asks()
                .post("/v1/parties/me/successions/" + party.id() + "/keys")
                .then()
                .statusCode(404);
        asOperator("/v1/operator/successions", death).statusCode(201).body("successor", equalTo(heir.id()));
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
        asOperator("/v1/operator/successions", death).statusCode(409);
    }
}
