package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Market evidence is declared, shown, signed and erased. */
@QuarkusTest
class MarketTest extends RegistryTest {
    private static Draft declaring(String file, Object market) {
        return reserved("ai-training").of(file).member("market", market);
    }

    private static Map<String, Object> market(String contact) {
        return Map.of(
                "rightsholderIdentified",
                true,
                "offers",
                List.of(
                        Map.of(
                                "market", "Music licences",
                                "licensor", "이서연 에이전시",
                                "contact", contact,
                                "since", "2019-03-01",
                                "evidence", "https://example.com/licences"),
                        Map.of("market", "Stock music")));
    }

    private static final Map<String, Object> MARKET = market("mailto:agent@example.com");

    @Test
    void itIsInAnswersAndInTheEntryWithoutNames() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET)).id();
        given().get("/v1/declarations/" + id)
                .then()
                .body("market.rightsholderIdentified", equalTo(true))
                .body("market.offers[0].licensor", equalTo("이서연 에이전시"))
                .body("market.offers[1].licensor", nullValue());
        anybody()
                .asks(file)
                .answer()
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
                .body(Bodies.object("items", List.of(Map.of("subjects", List.of(file))), "receipt", true)
                        .toString())
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .body("answers[0].statements[0].market.offers[1].market", equalTo("Stock music"))
                .extract()
                .path("receipt");
        given().contentType("application/json")
                .body(Bodies.object("receipt", receipt).toString())
                .post("/v1/receipts/verify")
                .then()
                .body("valid", equalTo(true))
                .body("kind", equalTo("lookup"));
    }

    @Test
    void otherEvidenceIsOtherContent() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET)).id();
        party.declaring(declaring(file, MARKET)).statusCode(200).body("id", equalTo(id));
        party.declaring(declaring(file, market("mailto:other@example.com"))).statusCode(201);
    }

    @Test
    void closingTheAccountErasesTheNames() {
        Party party = Party.open();
        String file = Names.file();
        String id = party.declares(declaring(file, MARKET)).id();
        closes(party);
        given().get("/v1/declarations/" + id)
                .then()
                .body("market.offers[0].licensor", nullValue())
                .body("market.offers[0].contact", nullValue())
                .body("market.offers[0].evidence", equalTo("https://example.com/licences"));
    }

    @Test
    void eachViolationHasItsPointer() {
        Party.open()
                .declaring(declaring(
                        Names.file(),
                        Map.of(
                                "offers",
                                List.of(
                                        Map.of(
                                                "since", "2019-02-30",
                                                "contact", "me",
                                                "evidence", "here",
                                                "licenser", "x"),
                                        1))))
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
