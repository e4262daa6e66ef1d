package org.askfirst.registry.offer;

import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class OfferTest extends RegistryTest {
    private static final Map<String, Object> PER_WORK = Map.of(
            "uses",
            List.of("ai-training"),
            "model",
            Map.of("scope", "model-version"),
            "price",
            Map.of("basis", "per-work", "amount", "100", "currency", "KRW"));

    private Party licensor = new Party("", "", "");
    private String work = "";
    private String declaration = "";

    @BeforeEach
    void aCreatorReservesAWork() {
        licensor = Party.openReachable();
        work = Names.url();
        declaration = licensor.declares(reserved("ai-training").of(work)).id();
    }

    private static ValidatableResponse publishing(Party party, Map<String, ?> offer) {
        return party.says(offer).post("/v1/offers").then();
    }

    private String publishes(Map<String, ?> offer) {
        return Answers.id(publishing(licensor, offer).statusCode(201));
    }

    private static Map<String, Object> with(Map<String, ?> members, String name, Object value) {
        Map<String, Object> all = new TreeMap<>(members);
        all.put(name, value);
        return all;
    }

    private static ValidatableResponse asking(String subject) {
        return anybody().asks(subject).of("generative-ai-training").answer();
    }

    private static List<String> offersFor(String subject) {
        List<String> ids = new ArrayList<>();
        for (JsonNode offer : Answers.tree(asking(subject)).path("offers")) {
            ids.add(offer.path("id").asText());
        }
        return ids;
    }

    @Test
    void answersNameTheOffersThatFit() {
        assertEquals(List.of(), offersFor(work));
        String offer = publishes(Map.of("terms", PER_WORK, "acceptance", "automatic"));
        asking(work)
                .body("verdict", equalTo("ask"))
                .body("offers", hasSize(1))
                .body("offers[0].id", equalTo(offer))
                .body("offers[0].party", equalTo(licensor.id()))
                .body("offers[0].uses", contains("ai-training"))
                .body("offers[0].basis", equalTo("per-work"))
                .body("offers[0].acceptance", equalTo("automatic"));
        anybody()
                .asks(work)
                .of("generative-ai-training")
                .with("detail", "verdict")
                .answer()
                .body("offers", nullValue());
        anybody().asks(work).of("search-indexing").answer().body("offers", nullValue());
        assertEquals(List.of(), offersFor(Names.url()), "somebody else's work");
    }

    @Test
    void offersOfOthersDoNotFit() {
        Party other = Party.openReachable();
        publishing(other, Map.of("terms", PER_WORK, "subjects", List.of(work))).statusCode(201);
        assertEquals(List.of(), offersFor(work), "the other party declares nothing here");
        publishing(other, Map.of("terms", PER_WORK, "declarations", List.of(declaration)))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/declarations/0"));
    }

    @Test
    void offersAreLimitedToDeclarationsOrSubjects() {
        String elsewhere = Names.url();
        String second = licensor.declares(reserved("ai-training").of(elsewhere)).id();
        String ofDeclaration = publishes(Map.of("terms", PER_WORK, "declarations", List.of(second)));
        String ofSubject = publishes(Map.of("terms", PER_WORK, "subjects", List.of(work)));
        assertEquals(List.of(ofSubject), offersFor(work));
        assertEquals(List.of(ofDeclaration), offersFor(elsewhere));
        publishing(licensor, Map.of("terms", PER_WORK, "subjects", List.of(work), "declarations", List.of(second)))
                .statusCode(422);
        listing("subject", work).body("offers.id", contains(ofSubject));
        listing("party", licensor.id()).body("offers.id", contains(ofDeclaration, ofSubject));
    }

    @Test
    void repertoiresAreDeclarationsToo() {
        String repertoire =
                licensor.declares(reserved("ai-training").ofRepertoire("Poems")).id();
        String listed = Names.url();
        licensor.lists(repertoire, listed).statusCode(200);
        String offer = publishes(Map.of("terms", PER_WORK, "declarations", List.of(repertoire)));
        assertEquals(List.of(offer), offersFor(listed));
        assertEquals(List.of(), offersFor(work));
    }

    @Test
    void thePastHasTheOffersOfThePast() {
        String offer = publishes(Map.of("terms", PER_WORK));
        JsonNode published =
                Answers.tree(RestAssured.get("/v1/offers/" + offer).then().statusCode(200));
        long position = published.path("position").asLong();
        licensor.asks().delete("/v1/offers/" + offer).then().statusCode(204);
        assertEquals(List.of(), offersFor(work));
        anybody().asks(work).of("ai-training").asOf(position).answer().body("offers.id", contains(offer));
        anybody().asks(work).of("ai-training").asOf(position - 1).answer().body("offers", nullValue());
        RestAssured.get("/v1/offers/" + offer).then().statusCode(200).body("status", equalTo("withdrawn"));
        licensor.asks().delete("/v1/offers/" + offer).then().statusCode(409);
        licensor.says(Map.of("terms", PER_WORK))
                .put("/v1/offers/" + offer)
                .then()
                .statusCode(409);
    }

    @Test
    void amendmentsReplaceTheOffer() {
        String offer = publishes(Map.of("terms", PER_WORK));
        licensor.says(Map.of("terms", with(PER_WORK, "price", Map.of("basis", "free"))))
                .put("/v1/offers/" + offer)
                .then()
                .statusCode(200)
                .body("terms.price.basis", equalTo("free"))
                .body("acceptance", equalTo("licensor"));
        asking(work).body("offers.id", contains(offer)).body("offers[0].basis", equalTo("free"));
        Party.open()
                .says(Map.of("terms", PER_WORK))
                .put("/v1/offers/" + offer)
                .then()
                .statusCode(403);
        Party.open().asks().delete("/v1/offers/" + offer).then().statusCode(403);
    }

    @Test
    void templatesNeedOneCall() {
        for (JsonNode template : Answers.tree(
                        RestAssured.get("/v1/offer-templates").then().statusCode(200))
                .path("templates")) {
            Map<String, Object> price = new TreeMap<>();
            template.path("toFill").forEach(member -> {
                switch (member.asText()) {
                    case "price.percent" -> price.put("percent", "3.5");
                    case "price.amount" -> price.put("amount", "0.002");
                    case "price.currency" -> price.put("currency", "USD");
                    case "price.unit" -> price.put("unit", "answer");
                    default -> throw new AssertionError(member);
                }
            });
            String id = template.path("id").asText();
            publishing(
                            licensor,
                            price.isEmpty()
                                    ? Map.of("template", id)
                                    : Map.of("template", id, "terms", Map.of("price", price)))
                    .statusCode(201)
                    .body(
                            "terms.uses",
                            hasSize(template.path("terms").path("uses").size()))
                    .body("acceptance", equalTo(template.path("acceptance").asText()));
        }
        publishing(licensor, Map.of("template", "revenue-share"))
                .statusCode(422)
                .body("errors.pointer", contains("#/terms/price/percent"));
    }

    @Test
    void termsOfACouncilAreKeptExactly() {
        Map<String, Object> price = Map.of(
                "basis",
                "revenue-share",
                "percent",
                "3.250",
                "amount",
                "5000000",
                "currency",
                "KRW",
                "weights",
                Map.of("웹툰", "1.5", "소설", "2"));
        publishing(
                        licensor,
                        Map.of(
                                "terms",
                                Map.of(
                                        "uses",
                                        List.of("generative-ai-training"),
                                        "model",
                                        Map.of("scope", "model-version"),
                                        "transfer",
                                        "same-terms",
                                        "territory",
                                        List.of("KR", "JP"),
                                        "validTo",
                                        "2100-01-01T00:00:00Z",
                                        "price",
                                        price,
                                        "reporting",
                                        "quarter",
                                        "route",
                                        Map.of("kind", "x402", "uri", "https://pay.example/kr"),
                                        "attribution",
                                        "김하늘 작가",
                                        "text",
                                        "Ask for the long form.")))
                .statusCode(201)
                .body("terms.price.percent", equalTo("3.25"))
                .body("terms.price.weights.웹툰", equalTo("1.5"))
                .body("terms.territory", contains("JP", "KR"))
                .body("terms.attribution", equalTo("김하늘 작가"))
                .body("terms.route.kind", equalTo("x402"))
                .body("partyName", not(nullValue()));
    }

    @ParameterizedTest
    @CsvSource({
        "amount,1e3,malformed",
        "amount,-1,malformed",
        "amount,0.1234567890,malformed",
        "currency,XAU,unknown-value",
        "currency,BTC,unknown-value",
        "unit,token,conflict",
        "percent,3,conflict",
        "basis,gift,unknown-value"
    })
    void wrongPricesAreRefused(String member, String value, String reason) {
        Map<String, Object> price = with(Map.of("basis", "per-work", "amount", "1", "currency", "KRW"), member, value);
        licensor.says(Map.of("terms", with(PER_WORK, "price", price)))
                .post("/v1/offers")
                .then()
                .statusCode(422)
                .body("errors.reason", hasItem(reason));
    }

    @Test
    void listsArePaged() {
        List<String> published = IntStream.range(0, 3)
                .mapToObj(number -> publishes(Map.of("terms", PER_WORK)))
                .toList();
        JsonNode first = Answers.tree(listing("party", licensor.id(), "limit", 2));
        assertEquals(2, first.path("offers").size());
        listing("party", licensor.id(), "limit", 2, "after", first.path("next").asLong())
                .body("offers.id", contains(published.get(2)))
                .body("next", nullValue());
        listing("subject", work, "limit", 2).body("offers.id", contains(published.get(0), published.get(1)));
        RestAssured.given().queryParam("party", "p_x").get("/v1/offers").then().statusCode(422);
        RestAssured.get("/v1/offers/o_\0").then().statusCode(404);
    }

    @Test
    void aPartyHasAHundredOffers() {
        for (int i = 0; i < OfferProjection.MAX_OFFERS; i++) {
            publishes(Map.of("terms", PER_WORK));
        }
        publishing(licensor, Map.of("terms", PER_WORK)).statusCode(409);
    }

    @Test
    void offersFitPermissionsWithTermsToo() {
        String address = Names.url();
        licensor.declares(
                permittedWithTerms("ai-input").of(address).with(terms().contact("mailto:rights@example.com")));
        String offer =
                publishes(with(Map.of("terms", with(PER_WORK, "uses", List.of("ai-input"))), "acceptance", "licensor"));
        anybody().asks(address).of("ai-input").answer().body("offers.id", contains(offer));
    }

    private static ValidatableResponse listing(Object... parameters) {
        var request = RestAssured.given();
        for (int i = 0; i < parameters.length; i += 2) {
            request = request.queryParam(String.valueOf(parameters[i]), parameters[i + 1]);
        }
        return request.get("/v1/offers").then().statusCode(200);
    }
}
