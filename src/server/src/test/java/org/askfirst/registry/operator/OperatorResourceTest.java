package org.askfirst.registry.operator;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Checks the acts of the operator, and that nobody else can do them. */
@QuarkusTest
class OperatorResourceTest extends RegistryTest {
    private static ValidatableResponse recordControl(String key, Map<String, ?> request) {
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
        ValidatableResponse first = recordControl(Party.operatorKey(), request)
                .statusCode(201)
                .body("party", equalTo(party.id()))
                .body("subject", equalTo("domain:" + domain))
                .body("method", equalTo("operator"));
        Map<String, String> repeated = Map.of(
                "party", party.id(), "subject", "domain:" + domain.toUpperCase(java.util.Locale.ROOT), "reason", "x");
        recordControl(Party.operatorKey(), repeated)
                .statusCode(200)
                .body("position", equalTo(first.extract().<Object>path("position")))
                .body("recordedAt", equalTo(first.extract().<String>path("recordedAt")));
    }

    @Test
    void nobodyElseRecordsProofs() {
        Party party = Party.open();
        Map<String, String> request =
                Map.of("party", party.id(), "subject", "domain:" + Names.domain(), "reason", "I say so");
        recordControl(party.key(), request).statusCode(403).body("type", containsString("forbidden"));
        recordControl("afo_" + "0".repeat(52), request).statusCode(401);
        recordControl("afk_" + "0".repeat(52), request).statusCode(401);
        given().contentType("application/json")
                .body(request)
                .post("/v1/operator/controls")
                .then()
                .statusCode(401);
    }

    @Test
    void theOperatorIsNotAParty() {
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
    void everyInvalidMemberIsNamed() {
        recordControl(Party.operatorKey(), Map.of("party", "p_1", "subject", "isbn:123", "raeson", "x"))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/party", "#/subject", "#/raeson", "#/reason"));
        recordControl(
                        Party.operatorKey(),
                        Map.of("party", "p_00000000000000000000000000", "subject", Names.url(), "reason", "x"))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/party"));
        recordControl(Party.operatorKey(), Map.of("party", Party.open().id(), "subject", "domain:co.kr", "reason", "x"))
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"));
    }

    @Test
    void aPendingDeclarationAppliesFromTheProofOn() {
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
                .body("statements.notAppliedReason", hasItems("pending", "pending"));
        int before = party.asks().get("/v1/declarations/" + declared).path("position");
        party.controls("domain:" + domain);
        party.asks().get("/v1/declarations/" + declared).then().body("pending", equalTo(java.util.List.of()));
        given().queryParam("subject", work)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("deny"))
                .body("statements.trust", hasItems("control-proved"));
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

    private static ValidatableResponse decide(Party party, String decision, String more) {
        return given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"decision\":\"" + decision + "\",\"reason\":\"It was seen\""
                        + more + "}")
                .post("/v1/operator/decisions")
                .then();
    }

    private static ValidatableResponse lookUp(String subject, String use) {
        return given().queryParam("subject", subject)
                .queryParam("use", use)
                .get("/v1/lookup")
                .then();
    }

    private static String permitsAndReserves(Party party, String subject) {
        return party.declares("{\"subjects\":[\"" + subject
                + "\"],\"stances\":{\"ai-training\":\"reserved\",\"ai-index\":\"permitted\"}}");
    }

    @Test
    void aVerifiedPartyMayPermitWhileItIsVerified() {
        Party party = Party.open();
        String file = Names.file();
        permitsAndReserves(party, file);
        lookUp(file, "ai-index").body("verdict", equalTo("unknown"));
        int verified = decide(party, "verified", "").statusCode(201).extract().path("position");
        decide(party, "verified", "").statusCode(200).body("position", equalTo(verified));
        lookUp(file, "ai-index").body("verdict", equalTo("allow")).body("statements[0].trust", equalTo("verified"));
        party.asks().get("/v1/parties/me").then().body("trust", equalTo("verified"));
        decide(party, "unverified", "").statusCode(201);
        lookUp(file, "ai-index").body("verdict", equalTo("unknown"));
        given().queryParam("subject", file)
                .queryParam("use", "ai-index")
                .queryParam("asOf", verified)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("allow"));
    }

    @Test
    void aSuspendedPartysPermissionsStopAtOnceAndItsReservationsStay() {
        Party party = Party.open();
        String file = Names.file();
        permitsAndReserves(party, file);
        decide(party, "verified", "").statusCode(201);
        int suspended = decide(party, "suspended", "").statusCode(201).extract().path("position");
        lookUp(file, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
        lookUp(file, "ai-training").body("verdict", equalTo("deny"));
        given().queryParam("subject", file)
                .queryParam("use", "ai-index")
                .queryParam("asOf", suspended - 1)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("allow"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("suspended", equalTo(true))
                .body("trust", equalTo("verified"));
        decide(party, "reinstated", "").statusCode(201);
        lookUp(file, "ai-index").body("verdict", equalTo("allow"));
    }

    @Test
    void aBodyMayPermitOnlyInItsSchemes() {
        Party society = Party.open();
        String file = Names.file();
        String address = Names.url();
        permitsAndReserves(society, file);
        permitsAndReserves(society, address);
        decide(society, "vouching-granted", ",\"schemes\":[\"sha256\",\"iswc\"]")
                .statusCode(201);
        lookUp(file, "ai-index").body("verdict", equalTo("allow")).body("statements[0].trust", equalTo("vouched"));
        lookUp(address, "ai-index").body("verdict", equalTo("unknown"));
        society.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("vouched"))
                .body("vouchableSchemes", equalTo(java.util.List.of("iswc", "sha256")));
        decide(society, "vouching-granted", ",\"schemes\":[\"url\"]").statusCode(201);
        lookUp(file, "ai-index").body("verdict", equalTo("unknown"));
        lookUp(address, "ai-index").body("verdict", equalTo("allow"));
        decide(society, "vouching-ended", "").statusCode(201);
        lookUp(address, "ai-index").body("verdict", equalTo("unknown"));
    }

    @Test
    void aMistakenProofIsRevoked() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/1";
        party.reserves("domain:" + domain);
        party.controls("domain:" + domain);
        lookUp(work, "ai-training").body("verdict", equalTo("deny"));
        String request = "{\"party\":\"" + party.id() + "\",\"subject\":\"domain:" + domain + "\",\"reason\":\"Sold\"}";
        party.says(request).post("/v1/operator/control-revocations").then().statusCode(403);
        int ended = given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body(request)
                .post("/v1/operator/control-revocations")
                .then()
                .statusCode(201)
                .extract()
                .path("position");
        given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body(request)
                .post("/v1/operator/control-revocations")
                .then()
                .statusCode(404);
        lookUp(work, "ai-training")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("pending"));
        given().queryParam("subject", work)
                .queryParam("asOf", ended - 1)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("deny"));
    }

    @Test
    void aDecisionNamesSchemesOnlyIfItGrantsVouching() {
        Party party = Party.open();
        decide(party, "vouching-granted", "").statusCode(422).body("errors.pointer", hasItems("#/schemes"));
        decide(party, "suspended", ",\"schemes\":[\"isbn\"]")
                .statusCode(422)
                .body("errors.pointer", hasItems("#/schemes"));
        decide(party, "vouching-granted", ",\"schemes\":[\"isbm\"]")
                .statusCode(422)
                .body("errors.pointer", hasItems("#/schemes/0"));
        decide(party, "reinstated", "").statusCode(409).body("type", containsString("nothing-to-change"));
        party.says("{\"party\":\"" + party.id() + "\",\"decision\":\"verified\",\"reason\":\"I say so\"}")
                .post("/v1/operator/decisions")
                .then()
                .statusCode(403);
    }
}
