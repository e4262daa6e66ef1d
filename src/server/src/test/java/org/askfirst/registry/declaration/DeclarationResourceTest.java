package org.askfirst.registry.declaration;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Declaring, amending and withdrawing, over HTTP. */
@QuarkusTest
class DeclarationResourceTest extends RegistryTest {
    private static Draft reserving(String subject) {
        return reserved("ai-training").of(subject);
    }

    /** Returns the answer without its signature, which differs each time. */
    private static String facts(Response answer) {
        java.util.Map<String, Object> facts =
                new java.util.TreeMap<>(answer.jsonPath().getMap("$"));
        facts.put(
                "receipt",
                answer.path("receipt.position") + " " + answer.path("receipt.leafHash") + " "
                        + answer.path("receipt.recordedAt"));
        return facts.toString();
    }

    /** Generated clients send a list that nobody filled as an empty one. */
    @Test
    void emptyListsAndTermsCountAsAbsent() {
        Party party = Party.open();
        ValidatableResponse work = party.declaring("""
                {"subjects":[],"stances":{"ai-training":"reserved"},"work":{"title":"봄의 끝","creators":[]},
                 "terms":{"userClass":[],"territory":[]},"market":{"rightsholderIdentified":true,"offers":[]}}""")
                .statusCode(201)
                .body("subjects", hasSize(1))
                .body("subjects[0]", startsWith("work:"))
                .body("terms", nullValue())
                .body("market.offers", nullValue());
        String subject = work.extract().path("subjects[0]");
        party.declaring(reserved("ai-training").of(Names.url()).with(terms()))
                .statusCode(201)
                .body("terms", nullValue());
        given().contentType("application/json")
                .body(Bodies.object("items", List.of(Map.of("subjects", List.of(subject))), "uses", List.of())
                        .toString())
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .body("answers[0].verdict", equalTo("deny"));
    }

    @Test
    void aDeclarationIsShownAsItWasMade() {
        Party party = Party.open();
        String host = Names.host();
        ValidatableResponse declared =
                party.declaring("""
                {"subjects":["url:https://%s/Art#top","isbn:978-89-364-3412-0","url:http://%s/Art"],
                 "stances":{"text-and-data-mining":"permitted-with-terms","search-indexing":"permitted"},
                 "terms":{"contact":"mailto:rights@example.com","license":"https://example.com/licence",
                   "policy":"https://example.com/policy","attribution":"김하늘","purpose":"research",
                   "payment":{"type":"training","amount":"0.05","currency":"KRW"},
                   "userClass":["education"],"territory":["KR","EU"],"text":"Ring twice"},
                 "validFrom":"2026-01-01T09:00:00+09:00","validTo":"2099-01-01T00:00:00Z",
                 "work":{"title":"봄의 끝","creators":["이서연"],"kind":"novel"}}""".formatted(host, host)).statusCode(201);
        String id = declared.extract().path("id");
        declared.header("Location", endsWith("/v1/declarations/" + id));
        Response shown = given().get("/v1/declarations/" + id);
        assertEquals(facts(shown), facts(declared.extract().response()), "as it was acknowledged");
        declared.body("status", equalTo("in-force"))
                .body("party", equalTo(party.id()))
                .body("subjects", hasSize(2))
                .body("subjects", hasItem("isbn:9788936434120"))
                .body("pending", empty())
                .body(
                        "stances",
                        equalTo(java.util.Map.of(
                                "text-and-data-mining", "permitted-with-terms", "search-indexing", "permitted")))
                .body("terms.contact", equalTo("mailto:rights@example.com"))
                .body("terms.attribution", equalTo("김하늘"))
                .body("terms.payment.amount", equalTo("0.05"))
                .body("terms.territory", equalTo(List.of("KR", "EU")))
                .body("validFrom", equalTo("2026-01-01T00:00:00Z"))
                .body("work.title", equalTo("봄의 끝"))
                .body("work.creators", equalTo(List.of("이서연")))
                .body("receipt.position", equalTo(declared.extract().<Object>path("position")));
    }

    @Test
    void theReceiptNamesTheLeafOfTheEntryInTheHistory() {
        Party party = Party.open();
        ValidatableResponse declared = party.declaring(reserving(Names.url())).statusCode(201);
        Response history = given().get("/v1/declarations/" + declared.extract().path("id") + "/history");
        String raw = history.asString();
        String entry = raw.substring(raw.indexOf("\"entry\":") + 8, raw.lastIndexOf("}]"));
        assertEquals(
                declared.extract().path("receipt.leafHash"),
                LedgerStore.leafHash(entry).hex());
        assertEquals(entry, org.askfirst.json.CanonicalJson.write(org.askfirst.json.CanonicalJson.parse(entry)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|#/subjects,#/stances",
                "{\"subjects\":[],\"stances\":{}}|#/subjects,#/stances",
                "{\"subjects\":null,\"stances\":null}|#/subjects,#/stances",
                "{\"subjects\":\"isbn:9788936434120\",\"stances\":[]}|#/subjects,#/stances",
                "{\"subject\":[\"isbn:9788936434120\"],\"stanses\":{\"ai-training\":\"reserved\"}}|#/subject,#/stanses,#/stances,#/subjects",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-trainign\":\"reserved\"}}|#/stances/ai-trainign",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"denied\"}}|#/stances/ai-training",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":true}}|#/stances/ai-training",
                "{\"subjects\":[\"isbn:9788936434120\",5,\"\"],\"stances\":{\"ai-training\":\"reserved\"}}|#/subjects/1,#/subjects/2",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"terms\":{\"contakt\":\"x\"}}|#/terms/contakt",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"terms\":{\"payment\":{\"amount\":5,\"curency\":\"KRW\"}}}|#/terms/payment/amount,#/terms/payment/curency,#/terms/payment/type,#/terms/payment/currency",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"terms\":{\"userClass\":[\"education\",\"education\"],\"territory\":[\"kr\"]}}|#/terms/userClass,#/terms/territory/0",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"permitted-with-terms\"}}|#/terms",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"permitted-with-terms\"},\"terms\":{\"text\":\"ask\"}}|#/terms",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"validFrom\":\"2030-01-01T00:00:00Z\",\"validTo\":\"2030-01-01T00:00:00Z\"}|#/validTo",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"validTo\":\"2020-01-01T00:00:00Z\"}|#/validTo",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"validFrom\":\"tomorrow\",\"validTo\":20300101}|#/validFrom,#/validTo",
                "{\"subjects\":[\"isbn:9788936434120\"],\"stances\":{\"ai-training\":\"reserved\"},\"work\":{\"titel\":\"x\",\"creators\":[1]}}|#/work/titel,#/work/title,#/work/creators/0",
                "[]|",
                "\"text\"|",
                "null|"
            })
    void eachViolationHasItsPointer(String json, String pointers) {
        ValidatableResponse refused =
                Party.open().declaring(json).statusCode(422).body("type", containsString("invalid-request"));
        if (pointers != null) {
            refused.body("errors.pointer.toSet()", equalTo(Set.of(pointers.split(",", -1))));
        }
    }

    @Test
    void aMisspeltMemberAnywhereIsToldWhatWasMeant() {
        Party.open()
                .declaring(reserved("ai-trainign").of("isbn:9788936434120"))
                .statusCode(422)
                .body("errors[0].detail", containsString("\"ai-training\""));
    }

    @ParameterizedTest
    @CsvSource({
        "isbn:9788936434121,malformed-subject",
        "book:9788936434120,malformed-subject",
        "9788936434120,malformed-subject",
        "url:https://,malformed-subject",
        "domain:co.kr,undeclarable-subject",
        "domain:github.io,undeclarable-subject"
    })
    void aSubjectThatCannotBeDeclaredIsPointedAt(String subject, String slug) {
        Party.open()
                .declaring(reserved("ai-training").of("isbn:9788936434120", subject))
                .statusCode(422)
                .body("type", containsString(slug))
                .body("errors.pointer", equalTo(List.of("#/subjects/1")));
    }

    @Test
    void aDeclarationHasAtMostAHundredSubjects() {
        Party party = Party.open();
        for (int number : new int[] {100, 101}) {
            List<String> subjects =
                    IntStream.range(0, number).mapToObj(i -> Names.file()).toList();
            party.declaring(reserved("ai-training").of(subjects)).statusCode(number == 100 ? 201 : 422);
        }
    }

    @Test
    void aBodyTooLargeIsRefused() {
        Party.open()
                .declaring(Bodies.object("subjects", List.of("x".repeat(300_000))))
                .statusCode(413);
    }

    @Test
    void aPartyWithAContactMayPermitOnTermsWithoutContact() {
        Party party = Party.openReachable();
        String url = Names.url();
        party.declares(permittedWithTerms("ai-training").of(url));
        anybody()
                .asks(url)
                .answer()
                .body("verdicts.ai-training", equalTo("ask"))
                .body("statements[0].contact", equalTo("mailto:haneul@example.com"));
    }

    @Test
    void aWorkWithoutSubjectGetsAWorkId() {
        Party party = Party.open();
        Draft json = reserved("ai-training").ofWork(Map.of("title", "봄의 끝 " + Names.host()));
        ValidatableResponse declared =
                party.declaring(json).statusCode(201).body("subjects[0]", matchesPattern("work:[0-9a-z]+"));
        String work = declared.extract().path("subjects[0]");
        party.declaring(json)
                .statusCode(200)
                .body("id", equalTo(declared.extract().<String>path("id")))
                .body("subjects", equalTo(List.of(work)));
        anybody().asks(work).answer().body("verdicts.ai-training", equalTo("deny"));
        party.amending(declared.extract().path("id"), permitted("ai-training"))
                .statusCode(200)
                .body("subjects", equalTo(List.of(work)))
                .body("work", nullValue());
    }

    @Test
    void theSameContentTwiceIsOneDeclaration() {
        Party party = Party.open();
        String url = Names.url();
        ValidatableResponse first = party.declaring(reserving(url)).statusCode(201);
        party.declaring(" " + reserving(url.replace("url:https", "URL:HTTP")))
                .statusCode(200)
                .body("id", equalTo(first.extract().<String>path("id")))
                .body("position", equalTo(first.extract().<Object>path("position")));
        Party.open().declaring(reserving(url)).statusCode(201);
        party.withdrawing(first.extract().path("id")).statusCode(200);
        String anew = party.declaring(reserving(url)).statusCode(201).extract().path("id");
        assertNotEquals(first.extract().path("id"), anew, "what was withdrawn stands no more");
    }

    @Test
    void aRepeatedRequestGetsTheSameAnswer() {
        Party party = Party.open();
        String url = Names.url();
        Response first =
                party.says(reserving(url)).header("Idempotency-Key", "한-1").post("/v1/declarations");
        Response again =
                party.says(reserving(url)).header("Idempotency-Key", "한-1").post("/v1/declarations");
        assertEquals(201, first.statusCode());
        assertEquals(201, again.statusCode());
        assertEquals(facts(first), facts(again));
        party.says(reserving(Names.url()))
                .header("Idempotency-Key", "한-1")
                .post("/v1/declarations")
                .then()
                .statusCode(422)
                .body("type", containsString("idempotency-key-reused"));
        Response other =
                party.says(reserving(url)).header("Idempotency-Key", "2").post("/v1/declarations");
        Response otherAgain =
                party.says(reserving(url)).header("Idempotency-Key", "2").post("/v1/declarations");
        assertEquals(200, other.statusCode());
        assertEquals(200, otherAgain.statusCode());
        party.says(reserving(Names.url()))
                .header("Idempotency-Key", "2")
                .post("/v1/declarations")
                .then()
                .statusCode(422);
        Party.open()
                .says(reserving(Names.url()))
                .header("Idempotency-Key", "2")
                .post("/v1/declarations")
                .then()
                .statusCode(201);
    }

    @Test
    void aRepeatedRequestGetsTheSameAnswerThoughTheDeclarationWasAmended() {
        Party party = Party.open();
        Draft json = reserving(Names.url());
        Response first = party.says(json).header("Idempotency-Key", "a").post("/v1/declarations");
        party.amending(first.path("id"), reserved("ai-input")).statusCode(200);
        Response again = party.says(json).header("Idempotency-Key", "a").post("/v1/declarations");
        assertEquals(first.statusCode(), again.statusCode());
        assertEquals(facts(first), facts(again));
    }

    @Test
    void anAmendmentSentTwiceIsOneEntry() {
        Party party = Party.open();
        String id = party.reserves(Names.url());
        Draft json = reserved("ai-input");
        Response first = party.says(json).header("Idempotency-Key", "put").put("/v1/declarations/" + id);
        Response again = party.says(json).header("Idempotency-Key", "put").put("/v1/declarations/" + id);
        assertEquals(200, first.statusCode());
        assertEquals(facts(first), facts(again));
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(2));
    }

    @Test
    void anAmendmentWithoutChangeIsNotRecorded() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.reserves(url);
        Draft said = reserving(url);
        Draft other = reserved("ai-input").with(terms().contact("mailto:a@example.com"));
        Draft another = reserved("ai-input").with(terms().contact("mailto:b@example.com"));
        List<Integer> positions = new ArrayList<>();
        for (Draft json : List.of(said, other, other, another, another, said, said)) {
            positions.add(party.amending(id, json)
                    .statusCode(200)
                    .body("receipt.jws", notNullValue())
                    .extract()
                    .path("position"));
        }
        assertEquals(positions.get(1), positions.get(2));
        assertEquals(positions.get(3), positions.get(4));
        assertEquals(positions.get(5), positions.get(6));
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(5));
    }

    @Test
    void anEntryTooLargeForABundleIsRefused() {
        Party party = Party.open();
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            subjects.add(Names.url() + "/" + "한".repeat(590));
        }
        Draft most = reserved("ai-training").of(subjects);
        subjects.add(Names.url() + "/" + "한".repeat(590));
        Draft tooMuch = reserved("ai-training").of(subjects);
        party.declaring(tooMuch).statusCode(413).body("detail", containsString("65535"));
        String id = party.declares(most).id();
        party.amending(id, tooMuch).statusCode(413);
        party.asks()
                .contentType("application/x-ndjson")
                .body(tooMuch + "\n" + reserving(Names.url()))
                .post("/v1/declarations/batch")
                .then()
                .statusCode(200)
                .body(containsString("65535"));
        int index = given().get("/v1/declarations/" + id + "/proof")
                .then()
                .statusCode(200)
                .extract()
                .path("index");
        given().get("/log/tile/entries/" + String.format(java.util.Locale.ROOT, "%03d", index / 256) + ".p/"
                        + (index % 256 + 1))
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"256", "0"})
    void anIdempotencyKeyHasALength(int length) {
        Party.open()
                .says(reserving(Names.url()))
                .header("Idempotency-Key", "k".repeat(length))
                .post("/v1/declarations")
                .then()
                .statusCode(422);
    }

    @Test
    void theSameContentSentConcurrentlyIsOneDeclaration() throws Exception {
        for (boolean withKeys : new boolean[] {false, true}) {
            Party party = Party.open();
            Draft json = reserving(Names.url());
            int threads = 8;
            CyclicBarrier together = new CyclicBarrier(threads);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            Set<String> ids = new TreeSet<>();
            int created = 0;
            try {
                List<Future<Response>> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    String key = "k" + t;
                    running.add(pool.submit(() -> {
                        together.await();
                        var request = party.says(json);
                        return (withKeys ? request.header("Idempotency-Key", key) : request).post("/v1/declarations");
                    }));
                }
                for (Future<Response> one : running) {
                    ids.add(one.get().path("id"));
                    created += one.get().statusCode() == 201 ? 1 : 0;
                }
            } finally {
                pool.shutdown();
            }
            assertEquals(1, ids.size(), "one declaration, not " + ids);
            assertEquals(1, created);
        }
    }

    @Test
    void anIdempotencyKeyUsedConcurrentlyIsOneRequest() throws Exception {
        Party party = Party.open();
        Draft json = reserving(Names.url());
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            List<Future<Response>> running = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                running.add(pool.submit(() -> {
                    together.await();
                    return party.says(json).header("Idempotency-Key", "twice").post("/v1/declarations");
                }));
            }
            assertEquals(201, running.get(0).get().statusCode());
            assertEquals(201, running.get(1).get().statusCode());
            assertEquals(facts(running.get(0).get()), facts(running.get(1).get()));
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void theHistoryKeepsAmendmentAndWithdrawal() {
        Party party = Party.open();
        String url = Names.url();
        ValidatableResponse declared = party.declaring(reserving(url)).statusCode(201);
        String id = declared.extract().path("id");
        int first = declared.extract().path("position");
        ValidatableResponse amended = party.amending(id, reserved("ai-input").of(url, Names.file()))
                .statusCode(200)
                .body("id", equalTo(id))
                .body("firstPosition", equalTo(first))
                .body("subjects", hasSize(2))
                .body("stances", equalTo(java.util.Map.of("ai-input", "reserved")));
        int second = amended.extract().path("position");
        ValidatableResponse withdrawn = party.withdrawing(id)
                .statusCode(200)
                .body("status", equalTo("withdrawn"))
                .body("firstPosition", equalTo(first))
                .body("stances", equalTo(java.util.Map.of("ai-input", "reserved")));
        int third = withdrawn.extract().path("position");
        String taken = facts(withdrawn.extract().response());
        assertEquals(taken, facts(party.asks().delete("/v1/declarations/" + id)));
        assertEquals(taken, facts(given().get("/v1/declarations/" + id)));
        party.amending(id, reserving(url)).statusCode(409).body("type", containsString("already-withdrawn"));
        given().get("/v1/declarations/" + id + "/history")
                .then()
                .statusCode(200)
                .body("declaration", equalTo(id))
                .body("entries.position", equalTo(List.of(first, second, third)))
                .body("entries.entry.type", equalTo(List.of("declared", "amended", "withdrawn")));
    }

    @Test
    void onlyItsPartyChangesADeclaration() {
        Party party = Party.open();
        Party other = Party.open();
        String id = party.reserves(Names.url());
        other.amending(id, reserving(Names.url())).statusCode(403);
        other.withdrawing(id).statusCode(403);
        given().get("/v1/declarations/" + id + "/history").then().body("entries", hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({"d_00000000000000000000000000", "d_1", "x", "p_00000000000000000000000000"})
    void anUnknownDeclarationIsNotFound(String id) {
        Party party = Party.open();
        given().get("/v1/declarations/" + id).then().statusCode(404).body("type", containsString("not-found"));
        given().get("/v1/declarations/" + id + "/history").then().statusCode(404);
        party.amending(id, reserving(Names.url())).statusCode(404);
        party.withdrawing(id).statusCode(404);
    }

    @Test
    void aFuturePeriodIsScheduled() {
        Party party = Party.open();
        String id = party.declares(reserved("ai-training").of(Names.url()).from("2999-01-01T00:00:00Z"))
                .id();
        given().get("/v1/declarations/" + id).then().body("status", equalTo("scheduled"));
    }

    @Test
    void ownDeclarationsAreListedPageByPage() {
        Party party = Party.open();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(party.reserves(Names.url()));
        }
        Party.open().reserves(Names.url());
        party.amending(made.get(0), reserved("ai-input")).statusCode(200);
        party.withdrawing(made.get(3)).statusCode(200);
        List<String> listed = new ArrayList<>();
        Number after = 0;
        int pages = 0;
        while (after != null) {
            Response page = party.asks()
                    .queryParam("after", after)
                    .queryParam("limit", 3)
                    .get("/v1/parties/me/declarations");
            listed.addAll(page.jsonPath().getList("declarations.id", String.class));
            after = page.path("next");
            pages++;
        }
        assertEquals(made, listed, "each once, in the order in which they were first declared");
        assertEquals(3, pages);
        party.asks()
                .get("/v1/parties/me/declarations")
                .then()
                .body("declarations.status", hasItems("in-force", "withdrawn"))
                .body("declarations[0].stances", equalTo(java.util.Map.of("ai-input", "reserved")))
                .body("declarations[3].stances", equalTo(java.util.Map.of("text-and-data-mining", "reserved")))
                .body("next", nullValue());
        Party.open().asks().get("/v1/parties/me/declarations").then().body("declarations", empty());
    }

    @ParameterizedTest
    @CsvSource({"limit,0", "limit,1001", "limit,x", "limit,''", "after,-1", "after,1.5", "after,99999999999999999999"})
    void pagesHaveBounds(String parameter, String value) {
        Party.open()
                .asks()
                .queryParam(parameter, value)
                .get("/v1/parties/me/declarations")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of(parameter)));
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        Party party = Party.open();
        for (byte[] body : new byte[][] {
            "{".getBytes(StandardCharsets.UTF_8),
            "{\"subjects\":[],\"subjects\":[]}".getBytes(StandardCharsets.UTF_8),
            {(byte) 0xff, (byte) 0xfe},
            "[".repeat(10_000).getBytes(StandardCharsets.UTF_8)
        }) {
            party.asks()
                    .contentType("application/json")
                    .body(body)
                    .post("/v1/declarations")
                    .then()
                    .statusCode(400)
                    .body("type", containsString("malformed-json"));
        }
        party.asks()
                .contentType("application/json")
                .post("/v1/declarations")
                .then()
                .statusCode(400);
    }
}
