package org.askfirst.registry.journey;

import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
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
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
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

    private static final Party NOBODY = new Party("", "", "");

    private final Service service = Service.inEmptyFolder();
    private final Registry registry = Registry.at(service::port, service::operatorKey);
    private Party novelist = NOBODY;
    private Party painter = NOBODY;
    private Party society = NOBODY;
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

    private ValidatableResponse ask(String... subjects) {
        return registry.asker().asks(subjects).answer();
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
        registry.anybody().get("/openapi.yaml").then().statusCode(200).body(startsWith("openapi: 3.1"));
        assertEquals(
                200, service.send(HttpRequest.newBuilder(service.health(""))).statusCode());
        registry.anybody().get("/q/health").then().statusCode(404);
    }

    /** The server reads these before our code; under the tests' class loader it does so without our handler. */
    @Test
    @Order(1)
    void requestsThatCannotBeReadGetAProblemToo() throws IOException {
        String end = "Host: localhost\r\nConnection: close\r\n\r\n";
        for (Map.Entry<String, Integer> refused : Map.of(
                        "garbage\r\n\r\n",
                        400,
                        "GET /v1/%zz HTTP/1.1\r\n" + end,
                        400,
                        "GET /v1/lookup?subject=%zz HTTP/1.1\r\n" + end,
                        400,
                        "POST /v1/parties?x=%4 HTTP/1.1\r\nContent-Length: 2\r\n" + end + "{}",
                        400,
                        "POST /v1/lookups HTTP/1.1\r\nContent-Length: 5000000000\r\n" + end,
                        413,
                        "GET /v1/statistics HTTP/9.9\r\n" + end,
                        400,
                        "GET /v1/" + "a".repeat(70_000) + " HTTP/1.1\r\n" + end,
                        414,
                        "GET /v1/statistics HTTP/1.1\r\nX: " + "a".repeat(40_000) + "\r\n" + end,
                        431)
                .entrySet()) {
            String asked =
                    refused.getKey().substring(0, Math.min(60, refused.getKey().length()));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(refused.getKey().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                byte[] head = new byte[4096];
                int length = socket.getInputStream().read(head);
                String answer = new String(head, 0, Math.max(0, length), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 " + refused.getValue()), asked + ": " + answer);
                assertTrue(answer.contains("application/problem+json"), asked + ": " + answer);
            }
        }
    }

    @Test
    @Order(2)
    void partiesOpen() {
        novelist = registry.opens(Map.of("name", "김하늘", "kind", "creator", "contact", "mailto:haneul@example.com"));
        painter = registry.opens(Map.of("name", "Ada Painter", "kind", "creator"));
        society = registry.opens(Map.of("name", "한국무용협회", "kind", "society"));
        society.asks()
                .get("/v1/parties/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("한국무용협회"))
                .body("trust", equalTo("asserted"))
                .body("controls", empty());
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
        ValidatableResponse declared = novelist.declaring(
                        reserved("ai-training").of("ISBN: 978-89-364-3412-0"))
                .statusCode(201)
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
                "unknown", registry.asker().asks(BOOK).of("search-indexing").verdict());
    }

    @Test
    @Order(5)
    void aPainterReservesPicturesByLinkAndFile() {
        painter.declares(reserved("text-and-data-mining").of(PICTURE, FILE));
        // No contact anywhere: there is nobody to ask.
        assertEquals("deny", verdict(PICTURE));
        assertEquals("deny", verdict("url:http://HANEUL.example.com:80/x/../art/%31.png?size=big#top"));
        assertEquals("deny", verdict("url:https://elsewhere.example.org/copy.png", FILE));
        assertEquals("unknown", verdict("url:https://haneul.example.com/art/2.png"));
    }

    @Test
    @Order(6)
    void aPermissionOfAStrangerGivesNothingAway() {
        society.declares(permitted("ai-training").of("isbn:9780439023481"));
        ask("isbn:9780439023481")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].applied", equalTo(false))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
    }

    @Test
    @Order(7)
    void aDomainCountsOnceTheOperatorHasSeenProof() {
        String inside = "url:https://video.dance.example.com/2026/1";
        society.declaring(reserved("text-and-data-mining")
                        .permitting("search-indexing")
                        .of("domain:dance.example.com")
                        .with(terms().contact("https://dance.example.com/licence")))
                .statusCode(201)
                .body("pending", contains("domain:dance.example.com"));
        ask(inside).body("verdict", equalTo("unknown")).body("statements[0].notAppliedReason", equalTo("pending"));

        ObjectNode proof =
                Bodies.object("party", society.id(), "subject", "domain:dance.example.com", "reason", "letter");
        society.says(proof).post("/v1/operator/controls").then().statusCode(403);
        registry.operator()
                .says(proof)
                .post("/v1/operator/controls")
                .then()
                .statusCode(201)
                .body("method", equalTo("operator"));
        ask(inside)
                .body("verdict", equalTo("ask"))
                .body("statements[0].trust", equalTo("control-proved"))
                .body("statements[0].subject", equalTo("domain:dance.example.com"))
                .body("statements[0].contact", equalTo("https://dance.example.com/licence"));
        registry.asker().asks(inside).of("search-indexing").answer().body("verdict", equalTo("allow"));
        society.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("control-proved"))
                .body("controls.subject", contains("domain:dance.example.com"));
    }

    @Test
    @Order(8)
    void aChoreographyNeedsNeitherFileNorLink() {
        choreography = society.declaring(reserved("text-and-data-mining")
                        .ofWork(Map.of("title", "봄의 끝", "creators", List.of("이서연"), "kind", "choreography")))
                .statusCode(201)
                .body("subjects[0]", startsWith("work:"))
                .body("work.title", equalTo("봄의 끝"))
                .extract()
                .path("subjects[0]");
        assertEquals("deny", verdict(choreography));
    }

    @Test
    @Order(9)
    void aCrawlerAsksInEveryWay() {
        ObjectNode items = items(
                item("a", BOOK),
                item("b", PICTURE),
                item("c", "isbn:9788936434121"),
                item("d", choreography),
                item("e", "url:https://example.org/"));
        for (String method : List.of("POST", "QUERY")) {
            registry.asker()
                    .asksMany(method, items)
                    .statusCode(200)
                    .body("answers.id", contains("a", "b", "c", "d", "e"))
                    .body("answers.verdict", contains("ask", "deny", null, "deny", "unknown"))
                    .body("answers[2].problem.detail", containsString("check digit"));
        }

        String lines = item("a", BOOK) + "\n\nnot json\n" + Bodies.object("subjects", List.of(PICTURE));
        String answers = registry.anybody()
                .contentType("application/x-ndjson")
                .body(lines)
                .post("/v1/lookups?detail=verdict")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        List<String> answered = answers.lines().toList();
        assertEquals(3, answered.size(), answers);
        assertEquals(
                "{\"line\":1,\"id\":\"a\",\"verdict\":\"ask\",", answered.get(0).substring(0, 35));
        assertEquals("{\"line\":3,\"problem\":", answered.get(1).substring(0, 20));
        assertEquals("{\"line\":4,\"verdict\":\"deny\",", answered.get(2).substring(0, 27));

        registry.anybody()
                .contentType("text/plain")
                .body(PICTURE.substring(4) + "\nhttps://example.org/\nno link at all\nhttps://example.org/\n")
                .post("/api/v2/query/urls/")
                .then()
                .statusCode(200)
                .body("urls.optOut", contains(true, false, true, false))
                .body("urls.optIn", not(hasItem(true)));

        String etag = ask(BOOK).extract().header("ETag");
        registry.asker()
                .asks(BOOK)
                .header("If-None-Match", etag)
                .response()
                .then()
                .statusCode(304);
    }

    @Test
    @Order(10)
    void aMisspeltMemberIsRefused() {
        novelist.declaring(Bodies.object("subjects", List.of(BOOK), "stanses", Map.of("ai-training", "reserved")))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/stanses", "#/stances"));
    }

    @Test
    @Order(11)
    void mindsChangeAndThePastStays() {
        beforeAmending = Integer.parseInt(ask(BOOK).extract().header("Askfirst-Position"));
        painter.amending(book, permitted("ai-training")).statusCode(403);
        novelist.amending(book, reserved("ai-input"))
                .statusCode(200)
                .body("subjects", contains(BOOK))
                .body("position", equalTo(beforeAmending + 1));
        ask(BOOK).body("verdicts.ai-input", equalTo("ask")).body("verdicts.generative-ai-training", equalTo("unknown"));
        novelist.withdrawing(book).statusCode(200).body("status", equalTo("withdrawn"));
        ask(BOOK).body("verdict", equalTo("unknown")).body("statements", empty());

        registry.asker()
                .asks(BOOK)
                .asOf(beforeAmending)
                .answer()
                .body("verdict", equalTo("ask"))
                .body("verdicts.generative-ai-training", equalTo("ask"));
        registry.anybody()
                .get("/v1/declarations/" + book + "/history")
                .then()
                .statusCode(200)
                .body("entries.entry.type", contains("declared", "amended", "withdrawn"));
        novelist.asks().get("/v1/parties/me/declarations").then().body("declarations", hasSize(1));
    }
}
