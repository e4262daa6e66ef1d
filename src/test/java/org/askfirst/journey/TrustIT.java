package org.askfirst.journey;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.askfirst.contract.ContractFilter;
import org.askfirst.probe.LoopbackDns;
import org.askfirst.probe.LoopbackWeb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Who may speak: a site proves itself, a society is let vouch, speaks for its members, and is left by one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrustIT {
    private static final String SONG = "iswc:T0345246801";
    private static final int MEMBERS = 5_000;

    private final LoopbackWeb web = new LoopbackWeb(0);
    private final LoopbackDns dns = new LoopbackDns(0);
    private final Service service = Service.inEmptyFolder()
            .with("ASKFIRST_PROBE_NAME_SERVER", "127.0.0.1:" + dns.port())
            .with("ASKFIRST_PROBE_LOOPBACK_PORT", "" + web.port());
    private String operator = "";
    private Map<String, String> painter = Map.of();
    private Map<String, String> society = Map.of();
    private Map<String, String> composer = Map.of();
    private String mandate = "";
    private String code = "";
    private String said = "";
    private int whileItHeld;

    @BeforeAll
    void start() {
        ContractFilter.install();
        service.start();
        operator = service.operatorKey();
        painter = open("Ada Painter", "creator");
        society = open("한국음악저작권협회", "society");
        composer = open("이서연", "creator");
    }

    @AfterAll
    void stop() {
        service.close();
        web.close();
        dns.close();
    }

    private RequestSpecification anyone() {
        return given().baseUri("http://127.0.0.1").port(service.port());
    }

    private RequestSpecification by(String key) {
        return anyone().header("Authorization", "Bearer " + key).contentType(ContentType.JSON);
    }

    private Map<String, String> open(String name, String kind) {
        ValidatableResponse opened = anyone().contentType(ContentType.JSON)
                .body(Map.of("name", name, "kind", kind))
                .post("/v1/parties")
                .then()
                .statusCode(201);
        return Map.of("id", opened.extract().path("id"), "key", opened.extract().path("key"));
    }

    private static String key(Map<String, String> party) {
        return party.getOrDefault("key", "");
    }

    private static String id(Map<String, String> party) {
        return party.getOrDefault("id", "");
    }

    private ValidatableResponse ask(String subject, String use) {
        return anyone().queryParam("subject", subject)
                .queryParam("use", use)
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private String declare(Map<String, String> party, String body) {
        return by(key(party))
                .body(body)
                .post("/v1/declarations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @Test
    @Order(1)
    void aPainterProvesHerSiteAndItsProofOutlivesACrash() {
        String site = "domain:ada-painter.com";
        declare(painter, "{\"subjects\":[\"" + site + "\"],\"stances\":{\"ai-index\":\"permitted\"}}");
        ask("url:https://ada-painter.com/1.png", "ai-index").body("because[0].notCounted", equalTo("pending"));
        ValidatableResponse claimed = by(key(painter))
                .body("{\"subject\":\"" + site + "\"}")
                .post("/v1/parties/me/controls")
                .then()
                .statusCode(201);
        web.answer(
                "ada-painter.com/.well-known/askfirst.txt",
                200,
                "Content-Type: text/plain",
                claimed.extract().path("token"));
        anyone().header("Authorization", "Bearer " + key(painter))
                .post("/v1/parties/me/controls/" + claimed.extract().path("id") + "/check")
                .then()
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("well-known-file"));
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
        service.kill();
        service.start();
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
        by(key(painter)).get("/v1/parties/me/controls").then().body("controls.state", contains("proved"));
    }

    @Test
    @Order(2)
    void theRegistryIsNotSentToThisMachinesOwnServices() {
        ValidatableResponse claimed = by(key(painter))
                .body("{\"subject\":\"url:http://169.254.169.254/latest/meta-data/\"}")
                .post("/v1/parties/me/controls")
                .then()
                .statusCode(201);
        anyone().header("Authorization", "Bearer " + key(painter))
                .post("/v1/parties/me/controls/" + claimed.extract().path("id") + "/check")
                .then()
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("checks.outcome", hasItems("unreachable"));
    }

    @Test
    @Order(3)
    void theOperatorLetsASocietyVouch() {
        String ruling = "{\"party\":\"" + id(society) + "\",\"ruling\":\"vouching-granted\","
                + "\"kinds\":[\"iswc\",\"isrc\",\"ipi\"],\"reason\":\"Trust body licence seen\"}";
        by(key(society)).body(ruling).post("/v1/operator/rulings").then().statusCode(403);
        by(operator).body(ruling).post("/v1/operator/rulings").then().statusCode(201);
        by(key(society)).get("/v1/parties/me").then().body("vouchesFor", contains("ipi", "isrc", "iswc"));
    }

    @Test
    @Order(4)
    void theSocietyRecordsItsMembersFromASpreadsheet() {
        StringBuilder sheet = new StringBuilder("reference,kinds,uses\r\n");
        for (int member = 1; member <= MEMBERS; member++) {
            sheet.append("K-").append(member).append(",iswc isrc,\r\n");
        }
        List<String> answers = anyone().header("Authorization", "Bearer " + key(society))
                .contentType("text/csv")
                .body(sheet.toString().getBytes(StandardCharsets.UTF_8))
                .post("/v1/mandates/batch")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
        assertEquals(MEMBERS + 1, answers.size());
        String[] fields = answers.get(1204).split(",", -1);
        assertEquals("K-1204", fields[1]);
        mandate = fields[2];
        code = fields[3];
        assertTrue(code.startsWith("afm_"), code);
    }

    @Test
    @Order(5)
    void theSocietySpeaksForAMemberWhoHasNoAccount() {
        said = declare(
                society,
                "{\"subjects\":[\"" + SONG + "\"],\"mandate\":\"" + mandate + "\","
                        + "\"stances\":{\"ai-training\":\"permitted-with-terms\",\"ai-index\":\"permitted\"},"
                        + "\"terms\":{\"contact\":\"mailto:ai@society.example\"}}");
        ask(SONG, "ai-index")
                .body("verdict", equalTo("allow"))
                .body("because[0].partyName", equalTo("한국음악저작권협회"))
                .body("because[0].mandate.id", equalTo(mandate));
        ask(SONG, "ai-training")
                .body("verdict", equalTo("ask"))
                .body("because[0].contact", equalTo("mailto:ai@society.example"));
    }

    @Test
    @Order(6)
    void theMemberClaimsItAndSpeaksOverTheSociety() {
        by(key(composer))
                .body("{\"code\":\"" + code + "\"}")
                .post("/v1/mandates/claims")
                .then()
                .statusCode(200)
                .body("member", equalTo(id(composer)));
        ask(SONG, "ai-index").body("because[0].mandate.memberName", equalTo("이서연"));
        String own = declare(composer, "{\"subjects\":[\"" + SONG + "\"],\"stances\":{\"ai-index\":\"reserved\"}}");
        ask(SONG, "ai-index").body("verdict", equalTo("deny")).body("because.counted", contains(true, false));
        by(key(composer)).delete("/v1/declarations/" + own).then().statusCode(200);
        whileItHeld = Integer.parseInt(ask(SONG, "ai-index")
                .body("verdict", equalTo("allow"))
                .extract()
                .header("Askfirst-Position"));
    }

    @Test
    @Order(7)
    void theMemberLeavesAndItsReservationStays() {
        by(key(composer))
                .body("{}")
                .post("/v1/mandates/" + mandate + "/withdrawal")
                .then()
                .statusCode(200)
                .body("inForce", equalTo(false));
        ask(SONG, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("because[0].notCounted", equalTo("mandate-ended"));
        ask(SONG, "ai-training").body("verdict", equalTo("deny"));
        anyone().queryParam("subject", SONG)
                .queryParam("use", "ai-index")
                .queryParam("asOf", whileItHeld)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("allow"));
        by(key(society)).delete("/v1/declarations/" + said).then().statusCode(403);
        by(key(composer)).delete("/v1/declarations/" + said).then().statusCode(200);
        ask(SONG, "ai-training").body("verdict", equalTo("unknown"));
    }

    @Test
    @Order(8)
    void aSuspendedPartysPermissionsStopAtOnce() {
        String ruling = "{\"party\":\"" + id(painter) + "\",\"ruling\":\"%s\",\"reason\":\"A complaint\"}";
        by(operator)
                .body(String.format(ruling, "suspended"))
                .post("/v1/operator/rulings")
                .then()
                .statusCode(201);
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("unknown"));
        by(operator)
                .body(String.format(ruling, "reinstated"))
                .post("/v1/operator/rulings")
                .then()
                .statusCode(201);
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
    }

    @Test
    @Order(9)
    void allOfItStandsInTheFeed() {
        String feed = anyone().queryParam("limit", 10_000).get("/v1/changes").asString();
        for (String type : List.of(
                "control-proved",
                "ruled",
                "mandate-recorded",
                "mandate-claimed",
                "mandate-withdrawn",
                "declared",
                "withdrawn")) {
            assertTrue(feed.contains("\"type\":\"" + type + "\""), type);
        }
    }
}
