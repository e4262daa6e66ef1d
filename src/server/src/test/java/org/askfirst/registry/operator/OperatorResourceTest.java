package org.askfirst.registry.operator;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import javax.sql.DataSource;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.testkit.Answers;
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

    @Inject
    OperatorKeys keys;

    @Inject
    LedgerStore ledger;

    @Inject
    DataSource dataSource;

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
                .contentType("application/json")
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
    void aVerifiedPartyNeedsEvidenceToPermit() {
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
                .body("verdict", equalTo("unknown"))
                .body("statements[0].trust", equalTo("verified"))
                .body("statements[0].evidenced", equalTo(false))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        party.asks().get("/v1/parties/me").then().body("trust", equalTo("verified"));
        party.controls(file);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("verified"))
                .body("statements[0].evidenced", equalTo(true));
        OPERATOR.deciding(party, "unverified").statusCode(201);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("control-proved"));
        anybody().asks(file).of("ai-index").asOf(verified).answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void aSuspendedPartysPermissionsStopAtOnceAndItsReservationsWithEvidenceStay() {
        Party party = Party.open();
        String file = Names.file();
        String unproved = Names.file();
        party.declares(BOTH.of(file));
        party.declares(BOTH.of(unproved));
        party.controls(file);
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
        anybody()
                .asks(unproved)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
        anybody().asks(unproved).of("ai-training").asOf(suspended - 1).answer().body("verdict", equalTo("deny"));
        anybody().asks(file).of("ai-index").asOf(suspended - 1).answer().body("verdict", equalTo("allow"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("suspended", equalTo(true))
                .body("trust", equalTo("verified"));
        OPERATOR.deciding(party, "reinstated").statusCode(201);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        anybody().asks(unproved).of("ai-training").answer().body("verdict", equalTo("deny"));
    }

    @Test
    void theListOfABodyIsEvidenceOnlyInItsSchemes() {
        Party society = Party.open();
        String file = Names.file();
        String address = Names.url();
        society.declares(BOTH.of(file));
        OPERATOR.deciding(society, "vouching-granted", "sha256", "iswc").statusCode(201);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].trust", equalTo("vouched"));
        society.lists(society.declares(BOTH.ofRepertoire("ours")).id(), file, address);
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

    @Test
    void aTransferNeedsTwoKeysWithTheirNames() throws SQLException {
        Party party = Party.open();
        Party heir = Party.open();
        party.namesSuccessor(heir);
        String id = OPERATOR.proposingTransfer(party)
                .statusCode(202)
                .body("act", equalTo("succession"))
                .body("successor", equalTo(heir.id()))
                .body("proposedBy", equalTo("first"))
                .body("position", nullValue())
                .extract()
                .path("id");
        party.asks().get("/v1/parties/me").then().statusCode(200);
        OPERATOR.asks().get("/v1/operator/proposals").then().statusCode(200).body("proposals.id", hasItems(id));
        OPERATOR.asks()
                .post("/v1/operator/proposals/" + id + "/confirmation")
                .then()
                .statusCode(403)
                .body("type", containsString("forbidden"));
        int position = OperatorClient.confirming(id)
                .statusCode(201)
                .body("confirmedBy", equalTo("second"))
                .extract()
                .path("position");
        party.asks().get("/v1/parties/me").then().statusCode(401);
        OperatorClient.confirming(id).statusCode(404);
        OPERATOR.proposingTransfer(party).statusCode(409).body("type", containsString("nothing-to-change"));
        assertEquals(
                List.of("first", "second"),
                Objects.requireNonNull(
                                ledger.at(List.of((long) position)).get(0).confidential())
                        .operators());
    }

    @Test
    void aWithdrawnOrLapsedProposalCannotBeConfirmed() throws SQLException {
        Party party = Party.open();
        party.namesSuccessor(Party.open());
        String withdrawn = OPERATOR.proposingTransfer(party).extract().path("id");
        OPERATOR.asks().delete("/v1/operator/proposals/" + withdrawn).then().statusCode(204);
        OPERATOR.asks().delete("/v1/operator/proposals/" + withdrawn).then().statusCode(404);
        OperatorClient.confirming(withdrawn).statusCode(404);
        String lapsed = OPERATOR.proposingTransfer(party).extract().path("id");
        try (Connection connection = dataSource.getConnection();
                PreparedStatement lapse = connection.prepareStatement(
                        "update operator_proposal set expires_at = proposed_at where party = ?")) {
            lapse.setObject(1, PartyId.parse(party.id()).orElseThrow().number());
            lapse.executeUpdate();
        }
        OperatorClient.confirming(lapsed).statusCode(404);
        OperatorClient.confirming("o_1").statusCode(404);
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void anotherSuccessorSinceTheProposalIsNotGivenTheAccount() {
        Party party = Party.open();
        party.namesSuccessor(Party.open());
        String id = OPERATOR.proposingTransfer(party).extract().path("id");
        party.namesSuccessor(Party.open());
        OperatorClient.confirming(id).statusCode(403);
        party.asks().get("/v1/parties/me").then().statusCode(200);
    }

    @Test
    void keysHaveNamesAndTheLastOneStays() throws IOException {
        Party.operatorKey();
        Party.secondOperatorKey();
        Path file = Path.of("target", "test-database", "operator-third.key");
        Files.deleteIfExists(file);
        assertTrue(keys.add("third", file));
        String third = Files.readString(file).strip();
        assertThrows(UncheckedIOException.class, () -> keys.add("fourth", file));
        assertFalse(keys.add("third", Path.of("target", "test-database", "no.key")));
        Party party = Party.open();
        party.namesSuccessor(Party.open());
        String id = Answers.id(given().header("Authorization", "Bearer " + third)
                .contentType("application/json")
                .body(Map.of("party", party.id(), "reason", "x"))
                .post("/v1/operator/successions"));
        assertTrue(keys.revoke("third"));
        assertThrows(NoSuchElementException.class, () -> keys.revoke("third"));
        recordControl(third, Map.of("party", party.id(), "subject", "domain:" + Names.domain(), "reason", "x"))
                .statusCode(401);
        OperatorClient.confirming(id).statusCode(409);
        assertEquals(
                List.of("first", "second"),
                keys.all().stream().map(OperatorKeys.NamedKey::name).sorted().toList());
        assertTrue(OperatorKeys.isName("jiwoo-2"));
        for (String name : List.of("", "Jiwoo", "../x", "a".repeat(33), "1a")) {
            assertFalse(OperatorKeys.isName(name), name);
        }
    }

    @Test
    void withOneKeyNothingThatNeedsTwoIsProposed() throws IOException {
        Party.operatorKey();
        Party.secondOperatorKey();
        Party party = Party.open();
        party.namesSuccessor(Party.open());
        keys.revoke("second");
        try {
            OPERATOR.says(Bodies.object("party", party.id(), "reason", "x"))
                    .post("/v1/operator/successions")
                    .then()
                    .statusCode(409)
                    .body("type", containsString("second-key-needed"));
            assertFalse(keys.revoke("first"));
        } finally {
            Party.renewSecondOperatorKey();
        }
    }
}
