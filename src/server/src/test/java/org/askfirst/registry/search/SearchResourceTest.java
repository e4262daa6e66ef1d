package org.askfirst.registry.search;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.askfirst.id.DeclarationId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Asker;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches find public names only, in one order, and decide nothing. */
@QuarkusTest
class SearchResourceTest extends RegistryTest {
    @Inject
    NameIndex index;

    @Inject
    LedgerHead head;

    /** A word that no other test uses. */
    private static String word() {
        StringBuilder word = new StringBuilder();
        new java.util.Random().ints(4, '가', '힣').forEach(each -> word.appendCodePoint(each));
        return word.toString();
    }

    private static String isbn() {
        StringBuilder digits = new StringBuilder("9788936");
        new java.util.Random().ints(5, 1, 10).forEach(digits::append);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return digits.append((10 - sum % 10) % 10).toString();
    }

    private static String declares(Party party, String title, String... creators) {
        return party.declares(reserved("ai-training")
                        .of(Names.url())
                        .ofWork(Map.of("title", title, "creators", List.of(creators))))
                .id();
    }

    private void followed() {
        long reached = head.position();
        assertTrue(Eventually.get(this::position, position -> position >= reached) >= reached);
    }

    private long position() {
        try {
            return index.position();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Response asked(String text, Object... parameters) {
        var request = given().queryParam("q", text);
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam((String) parameters[i], parameters[i + 1]);
        }
        return request.get("/v1/search");
    }

    private static ValidatableResponse found(String text, Object... parameters) {
        return asked(text, parameters).then().statusCode(200);
    }

    @Test
    void aTitleIsFoundInEverySpelling() {
        String word = word();
        Party party = Party.open();
        String declaration = declares(party, "달 토끼 " + word + " Ｍoon", "김하늘");
        followed();
        for (String text : List.of(
                "달토끼" + word + "moon",
                "달 토끼 " + word + " MOON",
                "「달토끼」 " + word + "Ｍｏｏｎ",
                java.text.Normalizer.normalize("달토끼" + word + "moon", java.text.Normalizer.Form.NFD))) {
            found(text)
                    .body("results[0].declaration", equalTo(declaration))
                    .body("results[0].match", equalTo("title"))
                    .body("results[0].kind", equalTo("work"))
                    .body("results[0].title", equalTo("달 토끼 " + word + " Ｍoon"))
                    .body("results[0].creators", contains("김하늘"))
                    .body("results[0].status", equalTo("in-force"))
                    .body("results[0].subjectCount", equalTo(1))
                    .body("results[0].party.id", equalTo(party.id()))
                    .body("results[0].party.trust", equalTo("asserted"))
                    .body("results[0].verdict", nullValue())
                    .body("results[0].stances", nullValue());
        }
        found(word).body("results[0].match", equalTo("words"));
        found(word + " 하늘").body("results[0].declaration", equalTo(declaration));
        found("하늘 " + word + " 달").body("results[0].declaration", equalTo(declaration));
        found(word + " 없는말").body("results.declaration", not(hasItem(declaration)));
    }

    @Test
    void aMisspeltTitleIsSimilar() {
        String word = word() + word();
        String declaration = declares(Party.open(), word + "토끼");
        followed();
        found(word + "토기")
                .body("results[0].declaration", equalTo(declaration))
                .body("results[0].match", equalTo("similar"));
    }

    @Test
    void identifiersComeFirst() {
        String isbn = isbn();
        Party party = Party.open();
        String named = party.reserves("isbn:" + isbn);
        String titled = declares(party, "isbn " + isbn);
        followed();
        found(isbn.substring(0, 3) + "-" + isbn.substring(3))
                .body("results[0].declaration", equalTo(named))
                .body("results[0].match", equalTo("identifier"))
                .body("results[0].title", nullValue())
                .body("results[0].subjects", contains("isbn:" + isbn));
        found("isbn " + isbn)
                .body("results.declaration", contains(named, titled))
                .body("results.match", contains("identifier", "title"));
        found(named).body("results[0].declaration", equalTo(named)).body("results[0].match", equalTo("identifier"));
        found(party.id()).body("results[0].kind", equalTo("party")).body("results[0].party.id", equalTo(party.id()));
        found(new DeclarationId(UUID.randomUUID()).toString()).body("results", empty());
    }

    @Test
    void partiesAreFoundByTheirName() {
        String word = word();
        Party party = Registry.underTest().opens(Map.of("name", word + " 출판사", "kind", "publisher"));
        declares(Party.open(), word + " 출판사");
        followed();
        found(word + "출판사").body("results.kind", containsInAnyOrder("party", "work"));
        found(word + "출판사", "kind", "party")
                .body("results", hasSize(1))
                .body("results[0].match", equalTo("title"))
                .body("results[0].party.id", equalTo(party.id()))
                .body("results[0].party.kind", equalTo("publisher"));
        found(word, "kind", "work").body("results.kind", contains("work"));
        party.says(Bodies.object("name", "다른 이름"))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        found(word, "kind", "party").body("results", empty());
        followed();
        found("다른 이름", "kind", "party").body("results.party.id", hasItem(party.id()));
    }

    @Test
    void withdrawnAndAmendedTitlesAreNotFoundAtOnce() {
        String word = word();
        Party party = Party.open();
        String withdrawn = declares(party, word + " 하나");
        String amended = declares(party, word + " 둘");
        followed();
        found(word).body("results", hasSize(2));
        party.withdraws(withdrawn);
        found(word).body("results.declaration", contains(amended));
        String other = word();
        party.amends(amended, reserved("ai-training").of(Names.url()).ofWork(Map.of("title", other)));
        found(word).body("results", empty());
        followed();
        found(word).body("results", empty());
        found(other).body("results.declaration", contains(amended));
    }

    @Test
    void erasedNamesAreNotFoundAtOnceAndLeaveNoRow() {
        String word = word();
        Party party = Registry.underTest().opens(Map.of("name", word + " 님", "kind", "creator"));
        String isbn = isbn();
        String declaration = party.declares(
                        reserved("ai-training").of("isbn:" + isbn).ofWork(Map.of("title", word)))
                .id();
        followed();
        found(word).body("results", hasSize(2));
        closes(party);
        found(word).body("results", empty());
        found("isbn " + isbn)
                .body("results[0].declaration", equalTo(declaration))
                .body("results[0].title", nullValue())
                .body("results[0].party.name", nullValue());
        found(party.id()).body("results", empty());
        followed();
        found(word).body("results", empty());
    }

    @Test
    void suspendedPartiesAreNotFound() {
        String word = word();
        Party party = Registry.underTest().opens(Map.of("name", word, "kind", "creator"));
        String declaration = declares(party, word + " 춤");
        followed();
        found(word).body("results", hasSize(2));
        Registry.underTest().operator().decides(party, "suspended");
        found(word).body("results", empty());
        found(declaration).body("results", empty());
        Registry.underTest().operator().decides(party, "reinstated");
        found(word).body("results", hasSize(2));
    }

    @Test
    void hiddenNamesAndTextsAreNotFound() {
        String word = word();
        Party party = Registry.underTest().opens(Map.of("name", word, "kind", "creator"));
        String declaration = declares(party, word + " 춤");
        followed();
        found(word).body("results", hasSize(2));
        hides("party", party.id());
        found(word).body("results.kind", contains("work")).body("results[0].party.name", nullValue());
        hides("declaration", declaration);
        found(word).body("results", empty());
        found(declaration).body("results[0].title", nullValue());
    }

    private static void hides(String target, String id) {
        Registry.underTest()
                .operator()
                .says(Map.of("measure", "hide", target, id, "ground", "law", "reason", "A court asked for it"))
                .post("/v1/operator/measures")
                .then()
                .statusCode(201);
    }

    @Test
    void pagesNeitherRepeatNorSkipWhileOthersAreDeclared() {
        String word = word();
        Party party = Party.open();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            expected.add(declares(party, word + " 이야기 " + (char) ('가' + i)));
        }
        followed();
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int pages = 0;
        do {
            JsonNode page =
                    Answers.tree(cursor == null ? found(word, "limit", 2) : found(word, "limit", 2, "cursor", cursor));
            page.get("results")
                    .forEach(result -> seen.add(result.get("declaration").textValue()));
            cursor = page.path("next").textValue();
            if (pages++ == 1) {
                // Better than all others: it would be on the first page.
                declares(party, word);
                followed();
            }
        } while (cursor != null);
        assertEquals(expected, seen);
        found(word).body("results", hasSize(8)).body("results[0].match", equalTo("title"));
    }

    @Test
    void titlesOfSeveralWorksAreInTheOrderOfTheirDeclaration() {
        String word = word();
        Party party = Party.open();
        List<String> same = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            same.add(declares(party, word));
        }
        followed();
        found(word).body("results.declaration", equalTo(same)).body("next", nullValue());
        JsonNode first = Answers.tree(found(word, "limit", 5));
        assertTrue(first.path("next").isMissingNode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "_",
                "' or 1=1 --",
                "\\",
                "🐇",
                "🏳️‍🌈",
                "a\u202Eb",
                "춤",
                "{1,2}",
                "(((",
                "https://",
                "isbn:1",
                "p_x",
                "d_x",
                "::::",
                "http://[",
                "\uD55C\u0301",
                "ﷺ"
            })
    void strangeTextsAreAnswered(String text) {
        found(text).body("results", notNullValue());
        found(text.repeat(200 / text.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%E2%80%AE", "%20", "%00", "%E3%85%A4"})
    void textsWithoutAVisibleCharacterAreRefused(String encoded) {
        given().urlEncodingEnabled(false).get("/v1/search?q=" + encoded).then().statusCode(422);
    }

    @Test
    void limitsAreTold() {
        asked("가".repeat(200)).then().statusCode(200);
        asked("🐇".repeat(200)).then().statusCode(200);
        asked("가".repeat(201)).then().statusCode(422).body("errors[0].reason", equalTo("too-long"));
        given().get("/v1/search").then().statusCode(422).body("errors[0].reason", equalTo("missing"));
        asked("a", "limit", 0).then().statusCode(422);
        asked("a", "limit", 101).then().statusCode(422);
        asked("a", "kind", "verdict").then().statusCode(422);
        for (String cursor : List.of("x", "9-1-1", "1-1", "2-99999-1", "2-1-9999999999999999999")) {
            asked("a", "cursor", cursor).then().statusCode(422).body("errors[0].reason", equalTo("malformed"));
        }
        found("a", "cursor", "3-9999-999999999999999999");
    }

    @Test
    void aSearchCostsOfTheQuotaAndHasItsHeaders() {
        Party asker = Party.open();
        String before = asker.asks()
                .queryParam("q", "춤")
                .get("/v1/search")
                .then()
                .statusCode(200)
                .extract()
                .header("RateLimit");
        String after = asker.asks()
                .queryParam("q", "춤")
                .get("/v1/search")
                .then()
                .statusCode(200)
                .extract()
                .header("RateLimit");
        assertNotEquals(before, after);
        assertTrue(left(before) - left(after) > 0 && left(before) - left(after) <= 1_000);
    }

    private static long left(String header) {
        return Long.parseLong(header.replaceAll(".*r=([0-9]+).*", "$1"));
    }

    @Test
    void nothingOfTheSandboxIsFound() {
        found("https://allow.askfirst.example/").body("results", empty());
        found("allow.askfirst.example").body("results.match", everyItem(not(equalTo("identifier"))));
    }

    private static JsonNode looksUp(Object... items) {
        return Answers.tree(Asker.anybody().asksMany("POST", Asker.items(items)).statusCode(200));
    }

    @Test
    void aTitleInALookupGivesCandidatesAndNoVerdict() {
        String word = word();
        Party party = Party.open();
        String url = Names.url();
        String other = declares(party, word, "박바다");
        String declaration = party.declares(permitted("text-and-data-mining")
                        .of(url)
                        .ofWork(Map.of("title", word, "creators", List.of("이서연"))))
                .id();
        followed();
        JsonNode answer = looksUp(Bodies.object("id", "a", "title", word, "creators", List.of("이 서연")))
                .at("/answers/0");
        assertEquals("unknown", answer.get("verdict").textValue());
        assertEquals(declaration, answer.at("/candidates/0/declaration").textValue());
        assertEquals(url, answer.at("/candidates/0/subject").textValue());
        assertEquals("title", answer.at("/candidates/0/match").textValue());
        assertTrue(answer.at("/candidates/0/creatorMatches").booleanValue());
        assertEquals(party.id(), answer.at("/candidates/0/party").textValue());
        assertEquals(other, answer.at("/candidates/1/declaration").textValue());
        assertEquals(2, answer.get("candidates").size());

        JsonNode both = looksUp(Bodies.object("id", "b", "title", word, "subjects", List.of(Names.url())))
                .at("/answers/0");
        assertEquals("unknown", both.get("verdict").textValue());
        assertEquals(2, both.get("candidates").size());
        JsonNode none = looksUp(Bodies.object("id", "c", "subjects", List.of(Names.url())))
                .at("/answers/0");
        assertTrue(none.path("candidates").isMissingNode());
        for (int i = 0; i < 6; i++) {
            declares(party, word);
        }
        followed();
        assertEquals(
                5,
                looksUp(Bodies.object("title", word))
                        .at("/answers/0/candidates")
                        .size());
    }

    @Test
    void itemsWithoutAnyNameAreRefused() {
        assertEquals("missing", reason(looksUp(Bodies.object("id", "a"))));
        assertEquals(
                "conflict", reason(looksUp(Bodies.object("subjects", List.of(Names.url()), "creators", List.of("a")))));
        assertEquals("too-long", reason(looksUp(Bodies.object("title", "가".repeat(1_001)))));
    }

    private static String reason(JsonNode answers) {
        return answers.at("/answers/0/problem/errors/0/reason").textValue();
    }

    @Test
    void aCallHasAtMostAHundredTitles() {
        Object[] items = new Object[101];
        List<Object> lines = new ArrayList<>();
        for (int i = 0; i < items.length; i++) {
            items[i] = Bodies.object("title", word());
            lines.add(items[i]);
        }
        JsonNode answers = looksUp(items).get("answers");
        assertTrue(answers.get(99).has("candidates"));
        assertEquals(413, answers.at("/100/problem/status").intValue());
        lines.add(Bodies.object("id", "last", "subjects", List.of(Names.url())));
        List<JsonNode> streamed = Answers.lines(given().contentType("application/x-ndjson")
                .body(Bodies.lines(lines))
                .post("/v1/lookups")
                .then()
                .statusCode(200));
        assertEquals(102, streamed.size());
        assertTrue(streamed.get(99).has("candidates"));
        assertEquals(413, streamed.get(100).at("/problem/status").intValue());
        assertEquals("unknown", streamed.get(101).get("verdict").textValue());
        assertEquals(102, streamed.get(101).get("line").intValue());
    }

    @Test
    void aStreamOfTitlesEndsWithTheQuotaAtAWholeLine() {
        List<Object> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add(Bodies.object("title", "춤"));
        }
        List<JsonNode> streamed = Party.open().sendsLines("/v1/lookups", lines);
        int answered = streamed.size() - 1;
        assertTrue(answered > 10 && answered < 60, answered + " lines");
        assertTrue(streamed.get(answered - 1).has("candidates"));
        assertEquals(answered + 1, streamed.get(answered).at("/continue/line").intValue());
    }

    @Test
    void titlesCostOfTheQuota() {
        Party asker = Party.open();
        long before = left(asker.says(Asker.items(Bodies.object("subjects", List.of(Names.url()))))
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .header("RateLimit"));
        Object[] items = new Object[10];
        for (int i = 0; i < items.length; i++) {
            items[i] = Bodies.object("title", "춤");
        }
        long after = left(asker.says(Asker.items(items))
                .post("/v1/lookups")
                .then()
                .statusCode(200)
                .extract()
                .header("RateLimit"));
        assertTrue(before - after > 5_000, before + " " + after);
    }

    @Test
    void theTableEqualsTheLedgerAndCanBeRebuilt() throws SQLException {
        declares(Party.open(), word(), "가", "나");
        followed();
        assertEquals(0, index.differences(position -> {}));
        index.rebuild(position -> {});
        assertEquals(0, index.differences(position -> {}));
        assertTrue(index.position() > 0);
    }
}
