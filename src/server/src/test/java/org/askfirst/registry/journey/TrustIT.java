package org.askfirst.registry.journey;

import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.LoopbackDns;
import org.askfirst.testkit.LoopbackWeb;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.askfirst.testkit.contract.ContractFilter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Who may speak: a site proves itself, a society is let vouch, speaks for its members, is left by one, and keeps the
 * repertoire of another until that one leaves too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrustIT {
    private static final String SONG = "iswc:T0345246801";
    private static final int MEMBERS = 5_000;

    /** The recordings of a producer; the first of them are sold later. */
    private static final List<String> RECORDINGS = IntStream.rangeClosed(1, 1_000)
            .mapToObj(number -> String.format(Locale.ROOT, "isrc:KRM7726%05d", number))
            .toList();

    private static final int SOLD = 200;
    private static final Party NOBODY = new Party("", "", "");

    private final LoopbackWeb web = new LoopbackWeb(0);
    private final LoopbackDns dns = new LoopbackDns(0);
    private final Service service = Service.inEmptyFolder()
            .with("ASKFIRST_FETCH_NAME_SERVERS", "127.0.0.1:" + dns.port())
            .with("ASKFIRST_FETCH_LOOPBACK_PORT", "" + web.port());
    private String operator = "";
    private final Registry registry = Registry.at(service::port, () -> operator);
    private Party painter = NOBODY;
    private Party society = NOBODY;
    private Party composer = NOBODY;
    private String mandate = "";
    private String code = "";
    private String said = "";
    private int whileItHeld;
    private Party producer = NOBODY;
    private String producersMandate = "";
    private String producersCode = "";
    private String repertoire = "";
    private final List<Moment> timeline = new ArrayList<>();

    /** The answers at a position of the ledger about recordings that were sold later, and those that were kept. */
    private record Moment(long position, String use, String sold, String kept) {}

    @BeforeAll
    void start() {
        ContractFilter.install();
        service.start();
        operator = service.operatorKey();
        painter = registry.opens(Map.of("name", "Ada Painter", "kind", "creator"));
        society = registry.opens(Map.of("name", "한국음악저작권협회", "kind", "society"));
        composer = registry.opens(Map.of("name", "이서연", "kind", "creator"));
        producer = registry.opens(Map.of("name", "바다 레코드", "kind", "publisher"));
    }

    @AfterAll
    void stop() {
        service.close();
        web.close();
        dns.close();
    }

    private ValidatableResponse ask(String subject, String use) {
        return registry.asker().asks(subject).of(use).answer();
    }

    @Test
    @Order(1)
    void aPainterProvesHerSiteAndItsProofOutlivesACrash() {
        String site = "domain:ada-painter.com";
        painter.declares(permitted("ai-index").of(site));
        ask("url:https://ada-painter.com/1.png", "ai-index").body("statements[0].notAppliedReason", equalTo("pending"));
        ValidatableResponse claimed = painter.challenging(site).statusCode(201);
        web.answer(
                "ada-painter.com/.well-known/askfirst.txt",
                200,
                "Content-Type: text/plain",
                claimed.extract().path("token"));
        painter.checking(claimed.extract().path("id"))
                .statusCode(200)
                .body("state", equalTo("proved"))
                .body("method", equalTo("well-known-file"));
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
        service.kill();
        service.start();
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
        painter.asks().get("/v1/parties/me/controls").then().body("controls.state", contains("proved"));
    }

    @Test
    @Order(2)
    void theRegistryIsNotSentToThisMachinesOwnServices() {
        painter.challenging("url:http://169.254.169.254/latest/meta-data/")
                .statusCode(422)
                .body("errors[0].reason", equalTo("not-public-host"));
    }

    @Test
    @Order(3)
    void theOperatorLetsASocietyVouch() {
        ObjectNode ruling = OperatorClient.decision(society, "vouching-granted", "iswc", "isrc", "ipi");
        society.says(ruling).post("/v1/operator/decisions").then().statusCode(403);
        registry.operator().says(ruling).post("/v1/operator/decisions").then().statusCode(201);
        society.asks().get("/v1/parties/me").then().body("vouchableSchemes", contains("ipi", "isrc", "iswc"));
    }

    @Test
    @Order(4)
    void theSocietyRecordsItsMembersFromASpreadsheet() {
        StringBuilder sheet = new StringBuilder("memberNumber,schemes,uses\r\n");
        for (int member = 1; member <= MEMBERS; member++) {
            sheet.append("K-").append(member).append(",iswc isrc,\r\n");
        }
        List<String> answers = society.asks()
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
        fields = answers.get(77).split(",", -1);
        producersMandate = fields[2];
        producersCode = fields[3];
    }

    @Test
    @Order(5)
    void theSocietySpeaksForAMemberWhoHasNoAccount() {
        society.recordingControl(society, SONG).statusCode(201);
        said = society.declares(permittedWithTerms("ai-training")
                        .permitting("ai-index")
                        .of(SONG)
                        .with(terms().contact("mailto:ai@society.example"))
                        .under(mandate))
                .id();
        ask(SONG, "ai-index")
                .body("verdict", equalTo("allow"))
                .body("statements[0].partyName", equalTo("한국음악저작권협회"))
                .body("statements[0].mandate.id", equalTo(mandate));
        ask(SONG, "ai-training")
                .body("verdict", equalTo("ask"))
                .body("statements[0].contact", equalTo("mailto:ai@society.example"));
    }

    @Test
    @Order(6)
    void theMemberClaimsItAndSpeaksOverTheSociety() {
        composer.claimingMandate(code).statusCode(200).body("member", equalTo(composer.id()));
        ask(SONG, "ai-index").body("statements[0].mandate.memberName", equalTo("이서연"));
        String own = composer.declares(reserved("ai-index").of(SONG)).id();
        ask(SONG, "ai-index").body("verdict", equalTo("deny")).body("statements.applied", contains(true, false));
        composer.withdrawing(own).statusCode(200);
        whileItHeld = Integer.parseInt(ask(SONG, "ai-index")
                .body("verdict", equalTo("allow"))
                .extract()
                .header("Askfirst-Position"));
    }

    @Test
    @Order(7)
    void theMemberLeavesAndItsReservationStays() {
        composer.endingMandate(mandate).statusCode(200).body("inForce", equalTo(false));
        ask(SONG, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("mandate-ended"));
        ask(SONG, "ai-training").body("verdict", equalTo("deny"));
        registry.asker().asks(SONG).of("ai-index").asOf(whileItHeld).answer().body("verdict", equalTo("allow"));
        society.withdrawing(said).statusCode(403);
        composer.withdrawing(said).statusCode(200);
        ask(SONG, "ai-training").body("verdict", equalTo("unknown"));
    }

    @Test
    @Order(8)
    void aSuspendedPartysPermissionsStopAtOnce() {
        registry.operator().decides(painter, "suspended");
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("unknown"));
        registry.operator().decides(painter, "reinstated");
        ask("url:https://ada-painter.com/1.png", "ai-index").body("verdict", equalTo("allow"));
    }

    private List<String> verdicts(String use, @Nullable Object asOf) {
        List<Map<String, List<String>>> items =
                RECORDINGS.stream().map(one -> Map.of("subjects", List.of(one))).toList();
        Map<String, Object> question = new TreeMap<>(Map.of("items", items, "uses", List.of(use), "detail", "verdict"));
        if (asOf != null) {
            question.put("asOf", asOf.toString());
        }
        return registry.anybody()
                .contentType(ContentType.JSON)
                .body(question)
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .path("answers.verdict");
    }

    private void assertAnswered(Moment moment, @Nullable Object asOf) {
        List<String> verdicts = verdicts(moment.use(), asOf);
        assertEquals(RECORDINGS.size(), verdicts.size());
        assertEquals(Set.of(moment.sold()), Set.copyOf(verdicts.subList(0, SOLD)), () -> "sold " + moment);
        assertEquals(
                Set.of(moment.kept()), Set.copyOf(verdicts.subList(SOLD, verdicts.size())), () -> "kept " + moment);
    }

    /** All recordings are answered so now, and whenever somebody asks as of now. */
    private void nowAndEver(String use, String sold, String kept) {
        long position = Long.parseLong(ask(RECORDINGS.get(0), use).extract().header("Askfirst-Position"));
        Moment moment = new Moment(position, use, sold, kept);
        assertAnswered(moment, null);
        timeline.add(moment);
    }

    private List<JsonNode> list(List<?> lines) {
        return society.sendsLines("/v1/declarations/" + repertoire + "/repertoire", lines);
    }

    private static List<Map<String, String>> lines(String change, List<String> subjects) {
        return subjects.stream().map(subject -> Map.of(change, subject)).toList();
    }

    private int position(String declaration) {
        return registry.anybody()
                .get("/v1/declarations/" + declaration)
                .then()
                .extract()
                .path("position");
    }

    @Test
    @Order(9)
    void theSocietyListsAProducersThousandRecordings() {
        nowAndEver("ai-training", "unknown", "unknown");
        repertoire = society.declares(permittedWithTerms("ai-training")
                        .ofRepertoire("바다 레코드 음반")
                        .with(terms().contact("mailto:ai@society.example"))
                        .under(producersMandate))
                .id();
        nowAndEver("ai-training", "unknown", "unknown");
        List<JsonNode> listed = list(lines("add", RECORDINGS));
        assertEquals(
                RECORDINGS,
                listed.stream().map(line -> line.path("subject").asText()).toList());
        assertTrue(listed.stream().allMatch(line -> line.has("position") && !line.has("alreadyDeclared")));
        // Sent again, as after a broken connection, it changes nothing.
        List<JsonNode> again = list(lines("add", RECORDINGS));
        assertTrue(again.stream().allMatch(line -> line.path("alreadyDeclared").asBoolean()));
        nowAndEver("ai-training", "ask", "ask");
        nowAndEver("ai-index", "unknown", "unknown");
        ask(RECORDINGS.get(500), "ai-training")
                .body("statements", hasSize(1))
                .body("statements[0].declaration", equalTo(repertoire))
                .body("statements[0].subject", equalTo(RECORDINGS.get(500)))
                .body("statements[0].partyName", equalTo("한국음악저작권협회"))
                .body("statements[0].contact", equalTo("mailto:ai@society.example"))
                .body("statements[0].mandate.id", equalTo(producersMandate))
                .body("statements[0].through.repertoire", equalTo(repertoire))
                .body("statements[0].through.title", equalTo("바다 레코드 음반"))
                .body(
                        "statements[0].through.listedPosition",
                        equalTo(listed.get(500).path("position").asInt()));
    }

    @Test
    @Order(10)
    void aSongThatNoMandateReachesIsRefusedOnItsLineAlone() {
        List<JsonNode> answers = list(lines("add", List.of("isbn:9788936434120", "isrc:KRM772600001", "isrc:KRM77")));
        assertEquals(422, answers.get(0).at("/problem/status").asInt());
        assertTrue(answers.get(1).path("alreadyDeclared").asBoolean());
        assertEquals(422, answers.get(2).at("/problem/status").asInt());
    }

    @Test
    @Order(11)
    void whatIsSoldIsTakenOffTheListAndIsUnknown() {
        List<JsonNode> removed = list(lines("remove", RECORDINGS.subList(0, SOLD)));
        assertEquals(SOLD, removed.stream().filter(line -> line.has("position")).count());
        nowAndEver("ai-training", "unknown", "ask");
        registry.anybody()
                .get("/v1/declarations/" + repertoire + "/repertoire?limit=1")
                .then()
                .statusCode(200)
                .body("listedCount", equalTo(RECORDINGS.size() - SOLD));
    }

    @Test
    @Order(12)
    void newTermsForAllThatIsListedAreOneEntry() {
        long before = timeline.get(timeline.size() - 1).position();
        society.amending(
                        repertoire,
                        permittedWithTerms("ai-training")
                                .permitting("ai-index")
                                .with(terms().contact("mailto:licence@society.example")
                                        .license("https://society.example/ai-2027"))
                                .under(producersMandate))
                .statusCode(200)
                .body("repertoire.listedCount", equalTo(RECORDINGS.size() - SOLD))
                .body("position", equalTo((int) before + 1));
        nowAndEver("ai-training", "unknown", "ask");
        nowAndEver("ai-index", "unknown", "allow");
        for (String one : List.of(RECORDINGS.get(SOLD), RECORDINGS.get(999))) {
            ask(one, "ai-training")
                    .body("statements[0].contact", equalTo("mailto:licence@society.example"))
                    .body("statements[0].terms.license", equalTo("https://society.example/ai-2027"))
                    .body("statements[0].through.repertoire", equalTo(repertoire));
        }
    }

    @Test
    @Order(13)
    void forAllItsMembersTheSocietySpeaksByThePrefixOnceItIsProved() {
        String all = society.declares(reserved("ai-training")
                        .ofRepertoire("협회 관리 음반")
                        .with(terms().contact("mailto:ai@society.example")))
                .id();
        society.changingList(all, Bodies.object("add", List.of("isrc-registrant:KRS01", RECORDINGS.get(999))))
                .statusCode(200)
                .body("added", equalTo(2))
                .body("pending", contains("isrc-registrant:KRS01"));
        String tomorrows = "isrc:KRS012700001";
        ask(tomorrows, "ai-training")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("pending"));
        society.controls("isrc-registrant:KRS01");
        ask(tomorrows, "ai-training")
                .body("verdict", equalTo("ask"))
                .body("statements[0].subject", equalTo("isrc-registrant:KRS01"))
                .body("statements[0].trust", equalTo("control-proved"))
                .body("statements[0].through.repertoire", equalTo(all));
        // What it says for itself and what it says for a member do not outrank each other.
        ask(RECORDINGS.get(999), "ai-training")
                .body("verdict", equalTo("ask"))
                .body("statements.through.repertoire", containsInAnyOrder(all, repertoire));
        society.withdrawing(all).statusCode(200);
        ask(tomorrows, "ai-training").body("verdict", equalTo("unknown"));
    }

    @Test
    @Order(14)
    void theProducerClaimsItsMandateAndSeesWhatWasDeclaredForIt() {
        String declared = "/v1/parties/me/mandates/" + producersMandate + "/declarations";
        producer.asks().get(declared).then().statusCode(404);
        producer.claimingMandate(producersCode).statusCode(200);
        for (Party side : List.of(producer, society)) {
            side.asks()
                    .get(declared)
                    .then()
                    .statusCode(200)
                    .body("declarations.id", contains(repertoire))
                    .body("declarations[0].repertoire.title", equalTo("바다 레코드 음반"))
                    .body("declarations[0].repertoire.listedCount", equalTo(RECORDINGS.size() - SOLD));
        }
        composer.asks().get(declared).then().statusCode(404);
        ask(RECORDINGS.get(999), "ai-training").body("statements[0].mandate.memberName", equalTo("바다 레코드"));
        nowAndEver("ai-index", "unknown", "allow");
    }

    @Test
    @Order(15)
    void whenTheMandateEndsTheListIsTheProducersReservation() {
        producer.endingMandate(producersMandate).statusCode(200);
        nowAndEver("ai-training", "unknown", "deny");
        nowAndEver("ai-index", "unknown", "unknown");
        ask(RECORDINGS.get(999), "ai-training")
                .body("statements[0].contact", nullValue())
                .body("statements[0].mandate.inForce", equalTo(false))
                .body("statements[0].through.repertoire", equalTo(repertoire));
        ask(RECORDINGS.get(999), "ai-index").body("statements[0].notAppliedReason", equalTo("mandate-ended"));
        // The list is the society's to change no more.
        int before = position(repertoire);
        for (JsonNode line : list(lines("remove", RECORDINGS.subList(SOLD, SOLD + 2)))) {
            assertEquals(403, line.at("/problem/status").asInt());
        }
        society.withdrawing(repertoire).statusCode(403);
        assertEquals(before, position(repertoire));
        producer.withdrawing(repertoire).statusCode(200);
        nowAndEver("ai-training", "unknown", "unknown");
    }

    @Test
    @Order(16)
    void everyMomentOfItIsAnsweredAsItWasEvenAfterACrash() {
        service.kill();
        service.start();
        for (Moment moment : timeline) {
            assertAnswered(moment, moment.position());
        }
        assertAnswered(timeline.get(timeline.size() - 1), null);
        // And by the clock: when its terms were amended.
        String amended = registry.anybody()
                .get("/v1/declarations/" + repertoire + "/history")
                .then()
                .body("entries.entry.type", contains("declared", "amended", "withdrawn"))
                .extract()
                .path("entries[1].recordedAt");
        Moment then = timeline.stream()
                .filter(moment -> moment.kept().equals("allow"))
                .findFirst()
                .orElseThrow();
        assertAnswered(then, amended);
    }

    @Test
    @Order(17)
    void allOfItStandsInTheFeed() {
        String feed = registry.anybody()
                .queryParam("limit", 10_000)
                .get("/v1/changes")
                .asString();
        for (String type : List.of(
                "control-proved",
                "party-status-decided",
                "mandate-recorded",
                "mandate-claimed",
                "mandate-withdrawn",
                "declared",
                "listed",
                "amended",
                "withdrawn")) {
            assertTrue(feed.contains("\"type\":\"" + type + "\""), type);
        }
    }
}
