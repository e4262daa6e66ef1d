package org.askfirst.registry.licensing;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.askfirst.entry.Confidential;
import org.askfirst.entry.LicenseEntry;
import org.askfirst.id.GrantId;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.PartyId;
import org.askfirst.license.LicenseTerms;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LicensingTest extends RegistryTest {
    private static final Map<String, Object> MODEL =
            Map.of("scope", "model-version", "name", "Hangang", "version", "2");
    private static final Map<String, Object> WANTED =
            Map.of("uses", List.of("generative-ai-training"), "model", MODEL, "validTo", "2100-01-01T00:00:00Z");
    private static final Map<String, Object> PRICE = Map.of("basis", "per-work", "amount", "100", "currency", "KRW");
    private static final Map<String, Object> OFFERED =
            Map.of("uses", List.of("ai-training"), "model", Map.of("scope", "model-version"), "price", PRICE);

    @Inject
    Licensing licensing;

    @Inject
    LicenseRequests requests;

    @Inject
    LedgerStore entries;

    private Party asker = new Party("", "", "");
    private Party novelist = new Party("", "", "");
    private Party society = new Party("", "", "");
    private String novel = "";
    private String poem = "";

    @BeforeEach
    void twoLicensorsReserveWorks() {
        asker = Party.open();
        novelist = Party.openReachable();
        society = Party.openReachable();
        novel = Names.url();
        poem = Names.url();
        novelist.reserves(novel);
        society.declares(reserved("ai-training").of(poem));
    }

    private static Map<String, Object> draft(List<String> works, Map<String, ?> terms) {
        Map<String, Object> draft = new TreeMap<>();
        List<Object> items = new ArrayList<>();
        works.forEach(work -> items.add(Map.of("id", work, "subjects", List.of(work))));
        draft.put("items", items);
        draft.put("terms", terms);
        return draft;
    }

    private static Map<String, Object> with(Map<String, ?> members, String name, Object value) {
        Map<String, Object> all = new TreeMap<>(members);
        all.put(name, value);
        return all;
    }

    private ValidatableResponse asking(Map<String, ?> draft) {
        return asker.says(draft).post("/v1/license-requests").then();
    }

    private String asksFor(String work) {
        return asking(draft(List.of(work), WANTED)).statusCode(200).extract().path("requests[0].id");
    }

    private static ValidatableResponse reading(Party party, String request) {
        return party.asks().get("/v1/license-requests/" + request).then();
    }

    private static ValidatableResponse stepping(Party party, String request, Map<String, ?> step) {
        return party.says(step)
                .post("/v1/license-requests/" + request + "/steps")
                .then();
    }

    private static String offers(Party party, Map<String, ?> offer) {
        return Answers.id(party.says(offer).post("/v1/offers").then().statusCode(201));
    }

    @Test
    void theReceiptOfALookupNamesTheWorks() {
        String nobodys = Names.url();
        Map<String, Object> lookup = Map.of(
                "items",
                List.of(
                        Map.of("id", "a", "subjects", List.of(novel), "title", "봄의 끝"),
                        Map.of("subjects", List.of(poem)),
                        Map.of("subjects", List.of(nobodys))),
                "uses",
                List.of("ai-training"),
                "receipt",
                true);
        String receipt = asker.says(lookup)
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .path("receipt");
        Map<String, Object> draft =
                with(Map.of("terms", WANTED), "lookup", Map.of("request", lookup, "receipt", receipt));
        asking(draft)
                .statusCode(200)
                .body("requests.licensor", containsInAnyOrder(novelist.id(), society.id()))
                .body("skipped.id", contains("2"));
        asking(with(draft, "items", List.of(Map.of("subjects", List.of(novel)))))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/lookup"))
                .body("errors[0].reason", equalTo("conflict"));
        Map<String, Object> another = with(lookup, "items", List.of(Map.of("subjects", List.of(novel))));
        String elsewhere = asker.asks().get("/v1/license-requests").jsonPath().getString("requests[0].id");
        for (Object wrong : List.of(
                Map.of("request", another, "receipt", receipt),
                Map.of("request", Map.of(), "receipt", receipt),
                Map.of("request", lookup, "receipt", receipt.substring(0, receipt.length() - 4) + "AAAA"),
                Map.of("request", lookup, "receipt", elsewhere))) {
            asking(with(draft, "lookup", wrong)).statusCode(422).body("errors[0].pointer", equalTo("#/lookup/receipt"));
        }
        asking(Map.of("terms", WANTED)).statusCode(422).body("errors[0].pointer", equalTo("#/items"));
    }

    @Test
    void oneCallIsSplitByLicensor() {
        String nobodys = Names.url();
        Map<String, Object> draft = draft(List.of(novel, poem, nobodys), WANTED);
        List<Object> items = new ArrayList<>((List<?>) Objects.requireNonNull(draft.get("items")));
        items.add(Map.of("id", "x", "subjects", List.of("isbn:1")));
        draft.put("items", items);
        draft.put("purpose", "A language model");
        draft.put("message", "We would like to train on it");
        JsonNode made = Answers.tree(asking(draft)
                .statusCode(200)
                .body("requests.licensor", containsInAnyOrder(novelist.id(), society.id()))
                .body("requests.workCount", contains(1, 1))
                .body("requests.status", contains("waiting", "waiting"))
                .body("requests.waitingFor", contains("licensor", "licensor"))
                .body("skipped.id", containsInAnyOrder("x", nobodys))
                .body("skipped.verdict", hasItem("unknown"))
                .body("skipped.problem.status", hasItem(422)));
        String toNovelist = "";
        for (JsonNode request : made.path("requests")) {
            toNovelist = request.path("licensor").asText().equals(novelist.id())
                    ? request.path("id").asText()
                    : toNovelist;
        }
        reading(novelist, toNovelist)
                .statusCode(200)
                .body("purpose", equalTo("A language model"))
                .body("asker", equalTo(asker.id()))
                .body("terms.model.name", equalTo("Hangang"))
                .body("terms.price.basis", equalTo("negotiated"))
                .body("steps[0].message", equalTo("We would like to train on it"))
                .body("askerRecord.requests", equalTo(2));
        reading(asker, toNovelist).statusCode(200).body("askerRecord", nullValue());
        novelist.asks()
                .get("/v1/license-requests/" + toNovelist + "/works")
                .then()
                .statusCode(200)
                .body("works", contains(List.of(novel)));
        novelist.asks()
                .queryParam("side", "licensor")
                .get("/v1/license-requests")
                .then()
                .body("requests.id", contains(toNovelist));
        asker.asks().get("/v1/license-requests").then().body("requests", hasSize(2));
        assertTrue(notices(novelist).contains("license-requested"));
    }

    private static List<String> notices(Party party) {
        return party.asks().get("/v1/parties/me/notices").then().extract().path("notices.kind");
    }

    @Test
    void nobodyElseLearnsAnything() throws SQLException {
        String secret = "No stranger reads this sentence";
        Map<String, Object> draft = draft(List.of(novel, poem), WANTED);
        draft.put("message", secret);
        JsonNode made = Answers.tree(asking(draft).statusCode(200)).path("requests");
        Party stranger = Party.openReachable();
        for (JsonNode request : made) {
            String id = request.path("id").asText();
            boolean isNovelists = request.path("licensor").asText().equals(novelist.id());
            Party addressee = isNovelists ? novelist : society;
            Party other = isNovelists ? society : novelist;
            for (Party outsider : List.of(stranger, other)) {
                reading(outsider, id).statusCode(404);
                outsider.asks()
                        .get("/v1/license-requests/" + id + "/works")
                        .then()
                        .statusCode(404);
                outsider.asks()
                        .get("/v1/license-requests/" + id + "/unanswered")
                        .then()
                        .statusCode(404);
                stepping(outsider, id, Map.of("step", "accept")).statusCode(404);
                outsider.asks().delete("/v1/license-requests/" + id).then().statusCode(404);
            }
            RestAssured.get("/v1/license-requests/" + id).then().statusCode(401);
            given().header("Authorization", "Bearer " + Party.operatorKey())
                    .get("/v1/license-requests/" + id)
                    .then()
                    .statusCode(403);
            stepping(addressee, id, Map.of("step", "refuse", "message", secret)).statusCode(200);
        }
        long first = made.path(0).path("position").asLong();
        for (LedgerEntry entry : entries.after(first - 1, 1_000)) {
            if (entry.entry() instanceof LicenseEntry) {
                for (String hidden : List.of(asker.id(), novelist.id(), society.id(), novel, poem, secret, "Hangang")) {
                    assertFalse(entry.canonical().contains(hidden), entry.canonical());
                }
            }
        }
        String feed = stranger.asks()
                .queryParam("after", first - 1)
                .queryParam("limit", 1000)
                .get("/v1/changes")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertFalse(feed.contains(secret));
        assertFalse(feed.lines()
                .filter(line -> line.contains("license-"))
                .anyMatch(line -> line.contains(asker.id()) || line.contains(novelist.id())));
        for (String path : List.of("/v1/statistics", "/v1/parties/" + asker.id(), "/v1/search?q=Hangang")) {
            String answer = stranger.asks().get(path).then().extract().asString();
            assertFalse(answer.contains(secret), path);
            assertFalse(answer.contains("q_"), path);
        }
        Asker.anybody()
                .asks(novel)
                .of("generative-ai-training")
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements", hasSize(1));
    }

    @Test
    void theSidesTakeTurns() {
        String id = asksFor(novel);
        stepping(asker, id, Map.of("step", "accept")).statusCode(409);
        stepping(novelist, id, Map.of("step", "counter", "terms", with(WANTED, "price", PRICE), "message", "For money"))
                .statusCode(200)
                .body("status", equalTo("countered"))
                .body("waitingFor", equalTo("asker"))
                .body("terms.price.amount", equalTo("100"));
        stepping(novelist, id, Map.of("step", "accept")).statusCode(409);
        assertTrue(notices(asker).contains("license-changed"));
        stepping(asker, id, Map.of("step", "accept"))
                .statusCode(200)
                .body("status", equalTo("granted"))
                .body("waitingFor", equalTo("nobody"))
                .body("until", nullValue())
                .body("terms.price.currency", equalTo("KRW"))
                .body("steps.type", contains("requested", "countered", "accepted"))
                .body("steps.side", contains("asker", "licensor", "asker"));
        stepping(novelist, id, Map.of("step", "refuse")).statusCode(409);
        asker.asks().delete("/v1/license-requests/" + id).then().statusCode(409);
        reading(novelist, id).body("askerRecord.granted", equalTo(1));
    }

    private static List<String> listed(Party party, String side, String waitingFor, String order) {
        return party.asks()
                .queryParam("side", side)
                .queryParam("waitingFor", waitingFor)
                .queryParam("order", order)
                .get("/v1/license-requests")
                .then()
                .statusCode(200)
                .extract()
                .path("requests.id");
    }

    @Test
    void aListSaysWhoseTurnItIs() {
        String waiting = asksFor(novel);
        String countered = asksFor(novel);
        stepping(novelist, countered, Map.of("step", "counter", "terms", with(WANTED, "price", PRICE)))
                .statusCode(200);
        String refused = asksFor(novel);
        stepping(novelist, refused, Map.of("step", "refuse")).statusCode(200);
        String withdrawn = asksFor(novel);
        asker.asks().delete("/v1/license-requests/" + withdrawn).then().statusCode(204);
        for (Map.Entry<String, Party> side :
                Map.of("asker", asker, "licensor", novelist).entrySet()) {
            assertEquals(List.of(waiting), listed(side.getValue(), side.getKey(), "licensor", "oldest"));
            assertEquals(List.of(countered), listed(side.getValue(), side.getKey(), "asker", "newest"));
            assertEquals(List.of(refused, withdrawn), listed(side.getValue(), side.getKey(), "nobody", "oldest"));
            assertEquals(List.of(withdrawn, refused), listed(side.getValue(), side.getKey(), "nobody", "newest"));
        }
        int next = asker.asks()
                .get("/v1/license-requests?order=newest&limit=1")
                .then()
                .body("requests.id", contains(withdrawn))
                .extract()
                .path("next");
        asker.asks()
                .get("/v1/license-requests?order=newest&limit=1&after=" + next)
                .then()
                .body("requests.id", contains(refused));
        asker.asks().get("/v1/license-requests?waitingFor=me").then().statusCode(422);
        asker.asks().get("/v1/license-requests?order=up").then().statusCode(422);
    }

    @Test
    void anAcceptedRequestBecomesOneGrantThatLookupsFollow() throws SQLException {
        String domain = Names.domain();
        novelist.controls("domain:" + domain);
        String work = "url:https://" + domain + "/novel";
        novelist.reserves(work);
        String id = asksFor(work);
        assertEquals("ask", verdict(asker, work));
        stepping(novelist, id, Map.of("step", "accept"))
                .statusCode(200)
                .body("status", equalTo("granted"))
                .body("grant", notNullValue());
        String grant = reading(asker, id).extract().path("grant");
        licensing.issueMissing();
        for (Party side : List.of(asker, novelist)) {
            side.asks()
                    .get("/v1/grants/" + grant)
                    .then()
                    .statusCode(200)
                    .body("licensor", equalTo(novelist.id()))
                    .body("licensee", equalTo(asker.id()))
                    .body("terms.uses", equalTo(List.of("generative-ai-training")));
        }
        assertEquals(
                List.of(grant), asker.asks().get("/v1/grants").then().extract().path("grants.id"));
        assertEquals("allow", verdict(asker, work));
        assertEquals("ask", verdict(society, work));
    }

    @Test
    void oneAtATimeGivesTheGrantOfARequest() throws SQLException {
        LicenseRequestId id = LicenseRequestId.parse(asksFor(novel)).orElseThrow();
        Instant now = Instant.parse("2026-11-30T00:00:00Z");
        GrantId chosen = new GrantId(new UUID(1, 1));
        GrantId other = new GrantId(new UUID(1, 2));
        Instant until = now.plusSeconds(60);
        assertEquals(Optional.of(chosen), requests.claimGrant(id, chosen, now, until));
        assertEquals(Optional.empty(), requests.claimGrant(id, other, until.minusSeconds(1), until));
        assertEquals(Optional.of(chosen), requests.claimGrant(id, other, until, until.plusSeconds(60)));
        requests.setIssued(id);
        assertEquals(Optional.empty(), requests.claimGrant(id, other, until.plusSeconds(60), until.plusSeconds(90)));
    }

    private static String verdict(Party party, String subject) {
        return party.asks()
                .queryParam("subject", subject)
                .queryParam("use", "generative-ai-training")
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .extract()
                .path("verdict");
    }

    @Test
    void refusalsAndWithdrawalsEndARequest() {
        String refused = asksFor(novel);
        stepping(novelist, refused, Map.of("step", "refuse", "message", "Never"))
                .statusCode(200)
                .body("status", equalTo("refused"));
        String withdrawn = asksFor(novel);
        novelist.asks().delete("/v1/license-requests/" + withdrawn).then().statusCode(403);
        asker.asks().delete("/v1/license-requests/" + withdrawn).then().statusCode(204);
        reading(asker, withdrawn).body("status", equalTo("withdrawn"));
        stepping(novelist, withdrawn, Map.of("step", "accept")).statusCode(409);
        asker.asks()
                .queryParam("status", "refused")
                .get("/v1/license-requests")
                .then()
                .body("requests.id", contains(refused));
    }

    @Test
    void silenceEndsUnansweredAndPermitsNothing() throws SQLException {
        LicenseDraft draft = new LicenseDraft(
                List.of(new LicenseDraft.Item("0", List.of(Subject.parse(novel)), null)),
                LicenseTerms.parse("{\"model\":{\"scope\":\"any\"},\"price\":{\"basis\":\"negotiated\"},"
                        + "\"reporting\":\"none\",\"territory\":[\"world\"],\"transfer\":\"none\","
                        + "\"uses\":[\"ai-training\"],\"validTo\":\"2100-01-01T00:00:00.000000Z\"}"),
                List.of(),
                null,
                null);
        PartyId party = PartyId.parse(asker.id()).orElseThrow();
        LicenseRequestId request = licensing.ask(party, "test", draft, 0).made().get(0);
        String id = request.toString();
        reading(asker, id).body("status", equalTo("unanswered")).body("waitingFor", equalTo("nobody"));
        stepping(novelist, id, Map.of("step", "accept")).statusCode(409);
        licensing.raiseAlarms();
        assertTrue(notices(asker).contains("license-unanswered"));
        int before = notices(asker).size();
        licensing.raiseAlarms();
        assertEquals(before, notices(asker).size(), "told once");
        String record = asker.asks()
                .get("/v1/license-requests/" + id + "/unanswered")
                .then()
                .statusCode(200)
                .extract()
                .path("jws");
        given().contentType("application/json")
                .body(Map.of("receipt", record))
                .post("/v1/receipts/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(true))
                .body("kind", equalTo("license-unanswered"))
                .body("claims.request", equalTo(id))
                .body("claims.licensor", equalTo(novelist.id()))
                .body("claims.silent", equalTo("licensor"));
        String open = asksFor(novel);
        asker.asks().get("/v1/license-requests/" + open + "/unanswered").then().statusCode(409);
        Asker.anybody().asks(novel).of("ai-training").answer().body("verdict", equalTo("ask"));
        asker.asks()
                .queryParam("status", "unanswered")
                .get("/v1/license-requests")
                .then()
                .body("requests.id", contains(id));
    }

    @Test
    void theClockIsThatOfTheEntry() throws SQLException {
        String id = asksFor(novel);
        JsonNode view = Answers.tree(reading(asker, id).statusCode(200));
        LedgerEntry entry = entries.at(List.of(view.path("position").asLong())).get(0);
        LicenseEntry.LicenseRequested requested = (LicenseEntry.LicenseRequested) entry.entry();
        assertEquals(Duration.ofDays(30), Duration.between(entry.recordedAt(), requested.endsAt(entry.recordedAt())));
        assertEquals(
                requested.endsAt(entry.recordedAt()),
                Instant.parse(view.path("until").asText()));
    }

    @Test
    void bothSidesCanOpenTheCommitments() throws SQLException {
        String id = asksFor(novel);
        for (Party side : List.of(asker, novelist)) {
            JsonNode step = Answers.tree(reading(side, id).statusCode(200))
                    .path("steps")
                    .path(0);
            byte[] salt = HexFormat.of().parseHex(step.path("salt").asText());
            String text = step.path("confidential").asText();
            LedgerEntry entry =
                    entries.at(List.of(step.path("position").asLong())).get(0);
            assertEquals(entry.entry().commitment(), Confidential.parse(text).commitment(salt));
            assertTrue(text.contains(asker.id()) && text.contains(novelist.id()), text);
        }
    }

    @Test
    void sidesAreRemindedOnceBeforeTheEnd() throws SQLException {
        LicenseRequestId id = LicenseRequestId.parse(asksFor(novel)).orElseThrow();
        PartyId party = PartyId.parse(asker.id()).orElseThrow();
        Instant end =
                Objects.requireNonNull(requests.find(id, party).orElseThrow().endsAt());
        List<LicenseRequestId> raised = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            requests.raise(LicenseRequests.Alarm.REMINDER, end, 10_000).stream()
                    .map(LicenseRequests.LicenseRequest::id)
                    .filter(id::equals)
                    .forEach(raised::add);
        }
        assertEquals(List.of(id), raised);
        stepping(novelist, id.toString(), Map.of("step", "counter", "terms", WANTED))
                .statusCode(200);
        assertTrue(
                requests.raise(LicenseRequests.Alarm.REMINDER, end.plus(Duration.ofDays(1)), 10_000).stream()
                        .anyMatch(request -> request.id().equals(id)),
                "a new time began");
    }

    @Test
    void anAutomaticOfferAcceptsEvidencedWorksAtOnce() {
        String site = Names.host();
        society.controls("domain:" + site);
        String proved = "url:https://" + site + "/poem";
        society.declares(reserved("ai-training").of(proved));
        String offer = offers(society, Map.of("terms", OFFERED, "acceptance", "automatic"));
        asking(with(draft(List.of(proved), WANTED), "offers", List.of(offer)))
                .statusCode(200)
                .body("requests", hasSize(1))
                .body("requests[0].status", equalTo("granted"))
                .body("requests[0].evidenced", equalTo(true))
                .body("requests[0].offer", equalTo(offer));
        asking(with(draft(List.of(poem), WANTED), "offers", List.of(offer)))
                .statusCode(200)
                .body("requests[0].status", equalTo("waiting"))
                .body("requests[0].evidenced", equalTo(false));
        assertTrue(notices(society).contains("license-changed"));
    }

    @Test
    void offersApplyToTheWorksThatTheyCover() {
        String other = Names.url();
        society.declares(reserved("ai-training").of(other));
        String offer = offers(society, Map.of("terms", OFFERED, "subjects", List.of(poem)));
        asking(with(draft(List.of(poem, other), WANTED), "offers", List.of(offer)))
                .statusCode(200)
                .body("requests", hasSize(2))
                .body("requests.offer", containsInAnyOrder(offer, null));
        asking(with(draft(List.of(poem), with(WANTED, "uses", List.of("ai-input"))), "offers", List.of(offer)))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/offers/0"));
        asking(with(draft(List.of(poem), WANTED), "offers", List.of("o_00000000000000000000000000")))
                .statusCode(422);
    }

    @Test
    void aSocietyAnswersManyRequestsAtOnce() {
        String offer = offers(society, Map.of("terms", OFFERED));
        List<String> underOffer = IntStream.range(0, 3)
                .mapToObj(number -> asking(with(draft(List.of(poem), WANTED), "offers", List.of(offer)))
                        .statusCode(200)
                        .extract()
                        .<String>path("requests[0].id"))
                .toList();
        String withoutPrice = asksFor(poem);
        String wider = asking(draft(List.of(poem), with(WANTED, "model", Map.of("scope", "any"))))
                .statusCode(200)
                .extract()
                .path("requests[0].id");
        JsonNode first =
                Answers.tree(answering(Map.of("offer", offer, "limit", 2)).statusCode(200));
        assertEquals(2, first.path("granted").size());
        answering(Map.of("offer", offer, "after", first.path("next").asLong()))
                .statusCode(200)
                .body("granted", contains(underOffer.get(2)))
                .body("countered", contains(withoutPrice))
                .body("left", contains(wider))
                .body("next", nullValue());
        reading(asker, withoutPrice).body("status", equalTo("countered")).body("terms.price.amount", equalTo("100"));
        stepping(asker, withoutPrice, Map.of("step", "accept")).body("status", equalTo("granted"));
        novelist.says(Map.of("offer", offer))
                .post("/v1/license-requests/answers")
                .then()
                .statusCode(422);
    }

    private ValidatableResponse answering(Map<String, ?> body) {
        return society.says(body).post("/v1/license-requests/answers").then();
    }

    @Test
    void wrongDraftsAreRefused() {
        asking(draft(List.of(Names.url()), WANTED)).statusCode(422);
        asking(Map.of("items", List.of(), "terms", WANTED)).statusCode(422);
        asking(draft(List.of(novel), with(WANTED, "validTo", "2001-01-01T00:00:00Z")))
                .statusCode(422)
                .body("errors.pointer", contains("#/terms/validTo"));
        asking(draft(List.of(novel), with(WANTED, "model", Map.of("scope", "model-version"))))
                .statusCode(422)
                .body("errors.pointer", contains("#/terms/model/name", "#/terms/model/version"));
        reading(asker, "q_\0").statusCode(404);
        stepping(novelist, asksFor(novel), Map.of("step", "accept", "terms", WANTED))
                .statusCode(422);
    }

    @Test
    void aPartyIsNotAskedByItself() {
        novelist.says(draft(List.of(novel), WANTED))
                .post("/v1/license-requests")
                .then()
                .statusCode(422);
    }

    @Test
    void strangersAskAsManyLicensorsADayAsTheirBudgetSays() {
        List<String> works = IntStream.range(0, 20)
                .mapToObj(number -> {
                    String work = Names.url();
                    Party.openReachable().reserves(work);
                    return work;
                })
                .toList();
        String first = asksFor(novel);
        asking(draft(works, WANTED)).statusCode(429);
        asker.asks().get("/v1/license-requests").then().body("requests.id", contains(first));
    }

    @Test
    void oneCallNamesAHundredThousandWorks() {
        String site = Names.host();
        society.controls("domain:" + site);
        society.declares(reserved("ai-training").of("domain:" + site));
        String offer = offers(society, Map.of("terms", OFFERED, "acceptance", "automatic"));
        List<String> works = IntStream.range(0, 100_000)
                .mapToObj(number -> "url:https://" + site + "/" + number)
                .toList();
        String id = asking(with(draft(works, WANTED), "offers", List.of(offer)))
                .statusCode(200)
                .body("requests", hasSize(1))
                .body("requests[0].status", equalTo("granted"))
                .body("requests[0].workCount", equalTo(100_000))
                .extract()
                .path("requests[0].id");
        society.asks()
                .queryParam("after", 99_999)
                .get("/v1/license-requests/" + id + "/works")
                .then()
                .body("works", contains(List.of(works.get(99_999))))
                .body("next", nullValue());
        List<String> more = new ArrayList<>(works);
        more.add(novel);
        asking(draft(more, WANTED)).statusCode(413);
    }

    @Test
    void erasedPartiesTakeTheirTextsWithThem() {
        String id = asksFor(novel);
        stepping(novelist, id, Map.of("step", "counter", "terms", WANTED, "message", "My words"))
                .statusCode(200);
        reading(asker, id).body("steps[1].message", equalTo("My words"));
        closes(novelist);
        reading(asker, id)
                .statusCode(200)
                .body("steps[1].message", nullValue())
                .body("steps.type", contains("requested", "countered"))
                .body("terms.model.name", equalTo("Hangang"))
                .body("licensorName", not(equalTo("My words")));
    }
}
