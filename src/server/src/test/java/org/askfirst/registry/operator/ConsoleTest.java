package org.askfirst.registry.operator;

import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** The reads of the operator's console. */
@QuarkusTest
class ConsoleTest extends RegistryTest {
    private static final OperatorClient OPERATOR = OperatorClient.ofService();

    private static ValidatableResponse overview() {
        return OPERATOR.asks().get("/v1/operator/overview").then().statusCode(200);
    }

    private static void asks(Party party, Map<String, ?> request, int status) {
        party.says(request).put("/v1/parties/me/operator-request").then().statusCode(status);
    }

    @Test
    void requestsOfPartiesWaitUntilTheyAreDecided() {
        Party writer = Party.openReachable();
        Party society = Party.open();
        asks(writer, Map.of("wants", "verification", "statement", "I am she"), 200);
        asks(society, Map.of("wants", "verification", "statement", "first thought"), 200);
        asks(society, Map.of("wants", "body", "schemes", List.of("iswc", "isrc"), "statement", "Licence 3"), 200);
        asks(society, Map.of("wants", "body", "statement", "no schemes"), 422);
        asks(society, Map.of("wants", "verification", "schemes", List.of("isrc"), "statement", "x"), 422);
        asks(society, Map.of("wants", "money", "statement", "x"), 422);
        overview()
                .body("key", equalTo("first"))
                .body("keys", hasItem("first"))
                .body("verifications.party", hasItem(writer.id()))
                .body("verifications.name", hasItem("김하늘 작가"))
                .body("verifications.party", not(hasItem(society.id())))
                .body("bodies.party", hasItem(society.id()))
                .body("bodies.find { it.party == '" + society.id() + "' }.schemes", equalTo(List.of("isrc", "iswc")));
        OPERATOR.letsVouch(society, "isrc");
        OPERATOR.asks().delete("/v1/operator/requests/" + writer.id()).then().statusCode(204);
        OPERATOR.asks().delete("/v1/operator/requests/" + writer.id()).then().statusCode(404);
        OPERATOR.asks().delete("/v1/operator/requests/nonsense").then().statusCode(404);
        overview()
                .body("bodies.party", not(hasItem(society.id())))
                .body("verifications.party", not(hasItem(writer.id())));
    }

    @Test
    void whatLooksWrongIsCounted() {
        Party owner = Party.open();
        String domain = Names.domain();
        owner.controls("domain:" + domain);
        Party stranger = Party.open();
        // More than are looked at, so that the tests of others, in the same registry, do not push it out of the list.
        stranger.sendsLines(
                "/v1/declarations/batch",
                IntStream.range(0, 3)
                        .mapToObj(i -> reserved("ai-training")
                                .of(IntStream.range(0, 100)
                                        .mapToObj(j -> "url:https://" + domain + "/" + i + "/" + j)
                                        .toList()))
                        .toList());
        owner.reserves("url:https://" + domain + "/c");
        Party permitting = Party.open();
        String own = Names.domain();
        permitting.controls("domain:" + own);
        permitting.sendsLines(
                "/v1/declarations/batch",
                IntStream.range(0, 60)
                        .mapToObj(i -> permittedWithTerms("ai-training")
                                .of(IntStream.range(0, 10)
                                        .mapToObj(j -> "url:https://" + own + "/" + i + "/" + j)
                                        .toList())
                                .with(terms().contact("mailto:a@example.com")))
                        .toList());
        JsonPath alarms = overview().extract().jsonPath();
        assertEquals(Watch.MOST_SUBJECTS_OF_A_PARTY, count(alarms, "overlaps", stranger));
        assertEquals(0, count(alarms, "overlaps", owner));
        assertEquals(60, count(alarms, "permissions", permitting));
        assertEquals(600, count(alarms, "works", permitting));
        assertTrue(alarms.getInt("alarms.entries") > 60);
    }

    private static int count(JsonPath overview, String alarm, Party party) {
        Integer count = overview.get("alarms." + alarm + ".find { it.party == '" + party.id() + "' }?.count");
        return count == null ? 0 : count;
    }

    @Test
    void everyActIsInTheLogWithTheNameOfItsKey() {
        Party party = Party.open();
        String domain = Names.domain();
        OPERATOR.recordingControl(party, "domain:" + domain).statusCode(201);
        OPERATOR.revokingControl(party, "domain:" + domain).statusCode(201);
        OPERATOR.decides(party, "suspended");
        OPERATOR.decidingAgainst(party.reserves(Names.url())).statusCode(201);
        OPERATOR.asks()
                .queryParam("limit", 4)
                .get("/v1/operator/acts")
                .then()
                .statusCode(200)
                .body(
                        "acts.type",
                        equalTo(List.of(
                                "dispute-decided", "party-status-decided", "control-revoked", "control-proved")))
                .body("acts.party", hasItems(party.id()))
                .body("acts.operators.flatten().unique()", equalTo(List.of("first")))
                .body("acts[1].reason", equalTo("It was seen"));
        int next = OPERATOR.asks()
                .queryParam("limit", 1)
                .get("/v1/operator/acts")
                .then()
                .extract()
                .path("next");
        OPERATOR.asks()
                .queryParam("limit", 1)
                .queryParam("before", next)
                .get("/v1/operator/acts")
                .then()
                .body("acts[0].type", equalTo("party-status-decided"))
                .body("next", greaterThanOrEqualTo(1));
        closes(party);
        OPERATOR.asks()
                .queryParam("limit", 10)
                .get("/v1/operator/acts")
                .then()
                .body(
                        "acts.findAll { it.party == '" + party.id() + "' }.reason.findAll { it != null }",
                        equalTo(List.of()));
    }
}
