package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Market evidence is declared, shown, signed and erased. */
@QuarkusTest
class MarketTest extends RegistryTest {
    private static String declaring(String file, String market) {
        return "{\"subjects\":[\"" + file + "\"],\"stances\":{\"ai-training\":\"reserved\"},\"market\":" + market + "}";
    }

    private static final String MARKET = "{\"rightsholderIdentified\":true,\"offers\":[{\"market\":\"Music licences\","
            + "\"licensor\":\"이서연 에이전시\",\"contact\":\"mailto:agent@example.com\",\"since\":\"2019-03-01\","
            + "\"evidence\":\"https://example.com/licences\"},{\"market\":\"Stock music\"}]}";

    @Test
    void itIsInAnswersAndInTheEntryWithoutNames() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET));
        given().get("/v1/declarations/" + id)
                .then()
                .body("market.rightsholderIdentified", equalTo(true))
                .body("market.offers[0].licensor", equalTo("이서연 에이전시"))
                .body("market.offers[1].licensor", nullValue());
        given().queryParam("subject", file)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("deny"))
                .body("statements[0].market.offers[0].contact", equalTo("mailto:agent@example.com"))
                .body("statements[0].market.offers[0].since", equalTo("2019-03-01"));
        given().get("/v1/declarations/" + id + "/history")
                .then()
                .body("entries[0].entry.market.identified", equalTo(true))
                .body("entries[0].entry.market.offers[0].evidence", equalTo("https://example.com/licences"))
                .body(not(containsString("이서연")))
                .body(not(containsString("agent@example.com")));
    }

    @Test
    void aSignedAnswerCoversIt() {
        Party party = Party.open();
        String file = Names.file();
        party.declares(declaring(file, MARKET));
        String receipt = given().contentType("application/json")
                .body("{\"items\":[{\"subjects\":[\"" + file + "\"]}],\"receipt\":true}")
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .body("answers[0].statements[0].market.offers[1].market", equalTo("Stock music"))
                .extract()
                .path("receipt");
        given().contentType("application/json")
                .body("{\"receipt\":\"" + receipt + "\"}")
                .post("/v1/receipts/verify")
                .then()
                .body("valid", equalTo(true))
                .body("kind", equalTo("lookup"));
    }

    @Test
    void otherEvidenceIsOtherContent() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET));
        party.says(declaring(file, MARKET))
                .post("/v1/declarations")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        party.says(declaring(file, MARKET.replace("agent@", "other@")))
                .post("/v1/declarations")
                .then()
                .statusCode(201);
    }

    @Test
    void closingTheAccountErasesTheNames() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET));
        party.asks().delete("/v1/parties/me").then().statusCode(204);
        given().get("/v1/declarations/" + id)
                .then()
                .body("market.offers[0].licensor", nullValue())
                .body("market.offers[0].contact", nullValue())
                .body("market.offers[0].evidence", equalTo("https://example.com/licences"));
    }

    @Test
    void eachViolationHasItsPointer() {
        Party.open()
                .says(
                        declaring(
                                Names.file(),
                                "{\"offers\":[{\"since\":\"2019-02-30\",\"contact\":\"me\",\"evidence\":\"here\",\"licenser\":\"x\"},1]}"))
                .post("/v1/declarations")
                .then()
                .statusCode(422)
                .body(
                        "errors.pointer",
                        hasItems(
                                "#/market/rightsholderIdentified",
                                "#/market/offers/0/since",
                                "#/market/offers/0/contact",
                                "#/market/offers/0/evidence",
                                "#/market/offers/0/licenser",
                                "#/market/offers/0/market",
                                "#/market/offers/1"));
    }
}
