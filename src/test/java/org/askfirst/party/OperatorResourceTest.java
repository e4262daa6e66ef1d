package org.askfirst.party;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.askfirst.registry.Names;
import org.askfirst.registry.Party;
import org.askfirst.registry.RegistryTest;
import org.junit.jupiter.api.Test;

/** What the operator records, and that nobody else does. */
@QuarkusTest
class OperatorResourceTest extends RegistryTest {
    private static ValidatableResponse prove(String key, Map<String, ?> request) {
        return given().header("Authorization", "Bearer " + key)
                .contentType("application/json")
                .body(request)
                .post("/v1/operator/controls")
                .then();
    }

    @Test
    void aProofIsRecordedOnce() {
        Party party = Party.open();
        String domain = Names.domain();
        Map<String, String> request =
                Map.of("party", party.id(), "subject", "domain:" + domain, "reason", "A letter that was seen");
        ValidatableResponse first = prove(Party.operatorKey(), request)
                .statusCode(201)
                .body("party", equalTo(party.id()))
                .body("subject", equalTo("domain:" + domain))
                .body("method", equalTo("operator"));
        Map<String, String> again = Map.of(
                "party", party.id(), "subject", "domain:" + domain.toUpperCase(java.util.Locale.ROOT), "reason", "x");
        prove(Party.operatorKey(), again)
                .statusCode(200)
                .body("position", equalTo(first.extract().<Object>path("position")))
                .body("recordedAt", equalTo(first.extract().<String>path("recordedAt")));
    }

    @Test
    void nobodyElseRecordsProofs() {
        Party party = Party.open();
        Map<String, String> request =
                Map.of("party", party.id(), "subject", "domain:" + Names.domain(), "reason", "I say so");
        prove(party.key(), request).statusCode(403).body("type", containsString("forbidden"));
        prove("afo_" + "0".repeat(52), request).statusCode(401);
        prove("afk_" + "0".repeat(52), request).statusCode(401);
        given().contentType("application/json")
                .body(request)
                .post("/v1/operator/controls")
                .then()
                .statusCode(401);
    }

    @Test
    void theOperatorIsNoParty() {
        String authorization = "Bearer " + Party.operatorKey();
        given().header("Authorization", authorization)
                .get("/v1/parties/me")
                .then()
                .statusCode(403);
        given().header("Authorization", authorization)
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(403);
        given().header("Authorization", authorization)
                .get("/v1/parties/me/declarations")
                .then()
                .statusCode(403);
        given().header("Authorization", authorization)
                .contentType("application/json")
                .body("{\"subjects\":[\"" + Names.url() + "\"],\"stances\":{\"ai-training\":\"reserved\"}}")
                .post("/v1/declarations")
                .then()
                .statusCode(403);
    }

    @Test
    void everyMemberAtFaultIsPointedAt() {
        prove(Party.operatorKey(), Map.of("party", "p_1", "subject", "isbn:123", "raeson", "x"))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/party", "#/subject", "#/raeson", "#/reason"));
        prove(
                        Party.operatorKey(),
                        Map.of("party", "p_00000000000000000000000000", "subject", Names.url(), "reason", "x"))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/party"));
        prove(Party.operatorKey(), Map.of("party", Party.open().id(), "subject", "domain:co.kr", "reason", "x"))
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"));
    }

    @Test
    void whatWasPendingCountsFromTheProofOn() {
        Party party = Party.open();
        String domain = Names.domain();
        String declared = party.reserves("domain:" + domain, "under:https://www." + domain + "/art/");
        String work = "url:https://www." + domain + "/art/1.png";
        party.asks()
                .get("/v1/declarations/" + declared)
                .then()
                .body("pending", hasItems("domain:" + domain, "under:https://www." + domain + "/art/"));
        given().queryParam("subject", work)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("unknown"))
                .body("because.notCounted", hasItems("pending", "pending"));
        int before = party.asks().get("/v1/declarations/" + declared).path("position");
        party.controls("domain:" + domain);
        party.asks().get("/v1/declarations/" + declared).then().body("pending", equalTo(java.util.List.of()));
        given().queryParam("subject", work)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("deny"))
                .body("because.trust", hasItems("control-proved"));
        given().queryParam("subject", work)
                .queryParam("asOf", before)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("unknown"));
        assertEquals(
                "unknown",
                given().queryParam("subject", "url:https://" + Names.host() + "/art/1.png")
                        .get("/v1/lookup")
                        .path("verdict"));
    }
}
