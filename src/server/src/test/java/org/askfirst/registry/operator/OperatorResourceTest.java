package org.askfirst.registry.operator;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Checks the acts of the operator, and that nobody else can do them. */
@QuarkusTest
class OperatorResourceTest extends RegistryTest {
    private static final OperatorClient OPERATOR = OperatorClient.ofService();
    private static final Draft BOTH = reserved("ai-training").permitting("ai-index");

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
                .body(reserved("ai-training").of(Names.url()).toString())
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
        anybody()
                .asks(work)
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements.notAppliedReason", hasItems("pending", "pending"));
        int before = party.asks().get("/v1/declarations/" + declared).path("position");
        party.controls("domain:" + domain);
        party.asks().get("/v1/declarations/" + declared).then().body("pending", equalTo(java.util.List.of()));
        anybody()
                .asks(work)
                .answer()
                .body("verdict", equalTo("deny"))
                .body("statements.trust", hasItems("control-proved"));
        anybody().asks(work).asOf(before).answer().body("verdict", equalTo("unknown"));
        assertEquals(
                "unknown",
                anybody().asks("url:https://" + Names.host() + "/art/1.png").verdict());
    }

    @Test
    void aVerifiedPartyMayPermitWhileItIsVerified() {
        Party party = Party.open();
        String file = Names.file();
        party.declares(BOTH.of(file));
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        int verified =
                OPERATOR.deciding(party, "verified").statusCode(201).extract().path("position");
        OPERATOR.deciding(party, "verified").statusCode(200).body("position", equalTo(verified));
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("verified"));
        party.asks().get("/v1/parties/me").then().body("trust", equalTo("verified"));
        OPERATOR.deciding(party, "unverified").statusCode(201);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        anybody().asks(file).of("ai-index").asOf(verified).answer().body("verdict", equalTo("allow"));
    }

    @Test
    void aSuspendedPartysPermissionsStopAtOnceAndItsReservationsStay() {
        Party party = Party.open();
        String file = Names.file();
        party.declares(BOTH.of(file));
        OPERATOR.deciding(party, "verified").statusCode(201);
        int suspended =
                OPERATOR.deciding(party, "suspended").statusCode(201).extract().path("position");
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
        anybody().asks(file).of("ai-training").answer().body("verdict", equalTo("deny"));
        anybody().asks(file).of("ai-index").asOf(suspended - 1).answer().body("verdict", equalTo("allow"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("suspended", equalTo(true))
                .body("trust", equalTo("verified"));
        OPERATOR.deciding(party, "reinstated").statusCode(201);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
    }

    @Test
    void aBodyMayPermitOnlyInItsSchemes() {
        Party society = Party.open();
        String file = Names.file();
        String address = Names.url();
        society.declares(BOTH.of(file));
        society.declares(BOTH.of(address));
        OPERATOR.deciding(society, "vouching-granted", "sha256", "iswc").statusCode(201);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("vouched"));
        anybody().asks(address).of("ai-index").answer().body("verdict", equalTo("unknown"));
        society.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("vouched"))
                .body("vouchableSchemes", equalTo(java.util.List.of("iswc", "sha256")));
        OPERATOR.deciding(society, "vouching-granted", "url").statusCode(201);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        anybody().asks(address).of("ai-index").answer().body("verdict", equalTo("allow"));
        OPERATOR.deciding(society, "vouching-ended").statusCode(201);
        anybody().asks(address).of("ai-index").answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void aMistakenProofIsRevoked() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/1";
        party.reserves("domain:" + domain);
        party.controls("domain:" + domain);
        anybody().asks(work).of("ai-training").answer().body("verdict", equalTo("deny"));
        ObjectNode request = Bodies.object("party", party.id(), "subject", "domain:" + domain, "reason", "Sold");
        party.says(request).post("/v1/operator/control-revocations").then().statusCode(403);
        int ended = OPERATOR.says(request)
                .post("/v1/operator/control-revocations")
                .then()
                .statusCode(201)
                .extract()
                .path("position");
        OPERATOR.says(request).post("/v1/operator/control-revocations").then().statusCode(404);
        anybody()
                .asks(work)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("pending"));
        anybody().asks(work).asOf(ended - 1).answer().body("verdict", equalTo("deny"));
    }

    @Test
    void aDecisionNamesSchemesOnlyIfItGrantsVouching() {
        Party party = Party.open();
        OPERATOR.deciding(party, "vouching-granted").statusCode(422).body("errors.pointer", hasItems("#/schemes"));
        OPERATOR.deciding(party, "suspended", "isbn").statusCode(422).body("errors.pointer", hasItems("#/schemes"));
        OPERATOR.deciding(party, "vouching-granted", "isbm")
                .statusCode(422)
                .body("errors.pointer", hasItems("#/schemes/0"));
        OPERATOR.deciding(party, "reinstated").statusCode(409).body("type", containsString("nothing-to-change"));
        party.says(Bodies.object("party", party.id(), "decision", "verified", "reason", "I say so"))
                .post("/v1/operator/decisions")
                .then()
                .statusCode(403);
    }
}
