package org.askfirst.registry.journey;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import org.askfirst.testkit.contract.ContractFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The first day of a registry: parties open, declare, are asked about, and change their minds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstDayIT {
    private static final String BOOK = "isbn:9788936434120";
    private static final String FILE = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String PICTURE = "url:https://haneul.example.com/art/1.png";

    private final Service service = Service.inEmptyFolder();
    private String novelist = "";
    private String painter = "";
    private String society = "";
    private String societyId = "";
    private String book = "";
    private String choreography = "";
    private int beforeAmending;

    @BeforeAll
    void start() {
        ContractFilter.install();
        service.start();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private RequestSpecification anyone() {
        return given().baseUri("http://127.0.0.1").port(service.port());
    }

    private RequestSpecification by(String key) {
        return anyone().header("Authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    private ValidatableResponse declare(String key, String body) {
        return by(key).body(body).post("/v1/declarations").then().statusCode(201);
    }

    private ValidatableResponse ask(String... subjects) {
        return anyone().queryParam("subject", Arrays.asList(subjects))
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private String verdict(String... subjects) {
        return ask(subjects).extract().path("verdict");
    }

    @Test
    @Order(1)
    void theBannerTellsWhereEverythingIs() {
        String root = "http://localhost:" + service.port();
        assertEquals(root + "/", service.banner("page").orElseThrow());
        assertEquals(root + "/v1/", service.banner("API").orElseThrow());
        assertEquals(
                service.folder().resolve("data").toString(),
                service.banner("data").orElseThrow());
        assertEquals("", service.errors());
        // The page is for people and no part of the contract.
        assertEquals(200, service.send(HttpRequest.newBuilder(service.uri("/"))).statusCode());
        anyone().get("/openapi.yaml").then().statusCode(200).body(startsWith("openapi: 3.1"));
        anyone().get("/q/health").then().statusCode(200);
    }

    @Test
    @Order(2)
    void partiesOpen() {
        novelist = open("{\"name\":\"김하늘\",\"kind\":\"creator\",\"contact\":\"mailto:haneul@example.com\"}")
                .extract()
                .path("key");
        painter = open("{\"name\":\"Ada Painter\",\"kind\":\"creator\"}")
                .extract()
                .path("key");
        ValidatableResponse opened = open("{\"name\":\"한국무용협회\",\"kind\":\"society\"}");
        society = opened.extract().path("key");
        societyId = opened.extract().path("id");
        by(society)
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("한국무용협회"))
                .body("trust", equalTo("asserted"))
                .body("controls", empty());
    }

    private ValidatableResponse open(String body) {
        return anyone().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/parties")
                .then()
                .statusCode(201);
    }

    @Test
    @Order(3)
    void nobodyHasSpokenYet() {
        assertEquals("unknown", verdict(BOOK));
        assertEquals("unknown", verdict(PICTURE));
    }

    @Test
    @Order(4)
    void aNovelistReservesABook() {
        ValidatableResponse declared = declare(
                        novelist,
                        "{\"subjects\":[\"ISBN: 978-89-364-3412-0\"],\"stances\":{\"ai-training\":\"reserved\"}}")
                .body("subjects", contains(BOOK))
                .body("pending", empty())
                .body("status", equalTo("in-force"));
        book = declared.extract().path("id");

        // The party has a contact, so the answer is whom to ask, in all spellings of the book.
        ask("isbn:8936434128")
                .body("verdict", equalTo("ask"))
                .body("verdicts.generative-ai-training", equalTo("ask"))
                .body("verdicts.ai-index", equalTo("unknown"))
                .body("statements[0].declaration", equalTo(book))
                .body("statements[0].partyName", equalTo("김하늘"))
                .body("statements[0].contact", equalTo("mailto:haneul@example.com"));
        assertEquals(
                "unknown",
                anyone().queryParam("subject", BOOK)
                        .queryParam("use", "search-indexing")
                        .get("/v1/lookup")
                        .path("verdict"));
    }

    @Test
    @Order(5)
    void aPainterReservesPicturesByLinkAndFile() {
        declare(
                painter,
                "{\"subjects\":[\"" + PICTURE + "\",\"" + FILE
                        + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}");
        // No contact anywhere: there is nobody to ask.
        assertEquals("deny", verdict(PICTURE));
        assertEquals("deny", verdict("url:http://HANEUL.example.com:80/x/../art/%31.png?size=big#top"));
        assertEquals("deny", verdict("url:https://elsewhere.example.org/copy.png", FILE));
        assertEquals("unknown", verdict("url:https://haneul.example.com/art/2.png"));
    }

    @Test
    @Order(6)
    void aPermissionOfAStrangerGivesNothingAway() {
        declare(society, "{\"subjects\":[\"isbn:9780439023481\"],\"stances\":{\"ai-training\":\"permitted\"}}");
        ask("isbn:9780439023481")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].applied", equalTo(false))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
    }

    @Test
    @Order(7)
    void aDomainCountsOnceTheOperatorHasSeenProof() {
        String inside = "url:https://video.dance.example.com/2026/1";
        declare(
                        society,
                        "{\"subjects\":[\"domain:dance.example.com\"],"
                                + "\"stances\":{\"text-and-data-mining\":\"reserved\",\"search-indexing\":\"permitted\"},"
                                + "\"terms\":{\"contact\":\"https://dance.example.com/licence\"}}")
                .body("pending", contains("domain:dance.example.com"));
        ask(inside).body("verdict", equalTo("unknown")).body("statements[0].notAppliedReason", equalTo("pending"));

        String proof =
                "{\"party\":\"" + societyId + "\",\"subject\":\"domain:dance.example.com\",\"reason\":\"letter\"}";
        by(society).body(proof).post("/v1/operator/controls").then().statusCode(403);
        by(service.operatorKey())
                .body(proof)
                .post("/v1/operator/controls")
                .then()
                .statusCode(201)
                .body("method", equalTo("operator"));
        ask(inside)
                .body("verdict", equalTo("ask"))
                .body("statements[0].trust", equalTo("control-proved"))
                .body("statements[0].subject", equalTo("domain:dance.example.com"))
                .body("statements[0].contact", equalTo("https://dance.example.com/licence"));
        anyone().queryParam("subject", inside)
                .queryParam("use", "search-indexing")
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("allow"));
        by(society)
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("control-proved"))
                .body("controls.subject", contains("domain:dance.example.com"));
    }

    @Test
    @Order(8)
    void aChoreographyNeedsNeitherFileNorLink() {
        choreography = declare(
                        society,
                        "{\"stances\":{\"text-and-data-mining\":\"reserved\"},"
                                + "\"work\":{\"title\":\"봄의 끝\",\"creators\":[\"이서연\"],\"kind\":\"choreography\"}}")
                .body("subjects[0]", startsWith("work:"))
                .body("work.title", equalTo("봄의 끝"))
                .extract()
                .path("subjects[0]");
        assertEquals("deny", verdict(choreography));
    }

    @Test
    @Order(9)
    void aCrawlerAsksInEveryWay() {
        String items = "{\"items\":[{\"id\":\"a\",\"subjects\":[\"" + BOOK + "\"]},{\"id\":\"b\",\"subjects\":[\""
                + PICTURE + "\"]},{\"id\":\"c\",\"subjects\":[\"isbn:9788936434121\"]},{\"id\":\"d\",\"subjects\":[\""
                + choreography + "\"]},{\"id\":\"e\",\"subjects\":[\"url:https://example.org/\"]}]}";
        for (String method : List.of("POST", "QUERY")) {
            anyone().contentType(ContentType.JSON)
                    .body(items)
                    .request(method, "/v1/lookups")
                    .then()
                    .statusCode(200)
                    .body("answers.id", contains("a", "b", "c", "d", "e"))
                    .body("answers.verdict", contains("ask", "deny", null, "deny", "unknown"))
                    .body("answers[2].problem.detail", containsString("check digit"));
        }

        String lines =
                "{\"id\":\"a\",\"subjects\":[\"" + BOOK + "\"]}\n\nnot json\n{\"subjects\":[\"" + PICTURE + "\"]}";
        String answers = anyone().contentType("application/x-ndjson")
                .body(lines)
                .post("/v1/lookups?detail=verdict")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        List<String> answered = answers.lines().toList();
        assertEquals(3, answered.size(), answers);
        assertEquals("{\"id\":\"a\",\"verdict\":\"ask\",", answered.get(0).substring(0, 26));
        assertEquals("{\"id\":\"1\",\"problem\":", answered.get(1).substring(0, 20));
        assertEquals("{\"id\":\"2\",\"verdict\":\"deny\",", answered.get(2).substring(0, 27));

        anyone().contentType("text/plain")
                .body(PICTURE.substring(4) + "\nhttps://example.org/\nno link at all\nhttps://example.org/\n")
                .post("/api/v2/query/urls/")
                .then()
                .statusCode(200)
                .body("urls.optOut", contains(true, false, true, false))
                .body("urls.optIn", not(hasItem(true)));

        String etag = ask(BOOK).extract().header("ETag");
        anyone().queryParam("subject", BOOK)
                .header("If-None-Match", etag)
                .get("/v1/lookup")
                .then()
                .statusCode(304);
    }

    @Test
    @Order(10)
    void aMisspeltMemberIsRefused() {
        by(novelist)
                .body("{\"subjects\":[\"" + BOOK + "\"],\"stanses\":{\"ai-training\":\"reserved\"}}")
                .post("/v1/declarations")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("#/stanses", "#/stances"));
    }

    @Test
    @Order(11)
    void mindsChangeAndThePastStays() {
        beforeAmending = Integer.parseInt(ask(BOOK).extract().header("Askfirst-Position"));
        by(painter)
                .body("{\"stances\":{\"ai-training\":\"permitted\"}}")
                .put("/v1/declarations/" + book)
                .then()
                .statusCode(403);
        by(novelist)
                .body("{\"stances\":{\"ai-input\":\"reserved\"}}")
                .put("/v1/declarations/" + book)
                .then()
                .statusCode(200)
                .body("subjects", contains(BOOK))
                .body("position", equalTo(beforeAmending + 1));
        ask(BOOK).body("verdicts.ai-input", equalTo("ask")).body("verdicts.generative-ai-training", equalTo("unknown"));
        by(novelist).delete("/v1/declarations/" + book).then().statusCode(200).body("status", equalTo("withdrawn"));
        ask(BOOK).body("verdict", equalTo("unknown")).body("statements", empty());

        anyone().queryParam("subject", BOOK)
                .queryParam("asOf", beforeAmending)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("ask"))
                .body("verdicts.generative-ai-training", equalTo("ask"));
        anyone().get("/v1/declarations/" + book + "/history")
                .then()
                .statusCode(200)
                .body("entries.entry.type", contains("declared", "amended", "withdrawn"));
        by(novelist).get("/v1/parties/me/declarations").then().body("declarations", hasSize(1));
    }
}
