package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Asker.item;
import static org.askfirst.testkit.Asker.items;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.askfirst.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookups of one work, of many works and of a stream, now and as of earlier moments. */
@QuarkusTest
class LookupResourceTest extends RegistryTest {
    private static final String LINES = "application/x-ndjson";

    @Test
    void whatNobodySpokeOfIsUnknown() {
        anybody()
                .asks(Names.url())
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("verdicts.size()", equalTo(7))
                .body("statements", empty());
    }

    @Test
    void theAnswerSaysWhoWhatAndWhy() {
        Party party = Party.openReachable();
        String url = Names.url();
        String id = party.reserves(url);
        anybody()
                .asks(url + "?v=2")
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements", hasSize(1))
                .body("statements[0].declaration", equalTo(id))
                .body("statements[0].subject", equalTo(url))
                .body("statements[0].party", equalTo(party.id()))
                .body("statements[0].partyName", equalTo("김하늘 작가"))
                .body("statements[0].trust", equalTo("asserted"))
                .body("statements[0].stance", equalTo("reserved"))
                .body("statements[0].applied", equalTo(true))
                .body("statements[0].notAppliedReason", nullValue())
                .body("statements[0].contact", equalTo("mailto:haneul@example.com"))
                .body("statements[0].position", notNullValue());
    }

    @Test
    void aPermissionNeedsStanding() {
        Party party = Party.open();
        String domain = Names.domain();
        String url = "url:https://" + domain + "/a";
        party.declares(permitted("text-and-data-mining").of(url));
        anybody()
                .asks(url)
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        party.controls("domain:" + domain);
        anybody()
                .asks(url)
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("control-proved"));
    }

    @Test
    void aStrangerMakesAQuestionOfAPermissionWithEvidence() {
        Party owner = Party.open();
        Party stranger = Party.openReachable();
        String domain = Names.domain();
        String url = "url:https://" + domain + "/a";
        owner.controls("domain:" + domain);
        owner.declares(permitted("text-and-data-mining").of("domain:" + domain));
        stranger.reserves(url);
        anybody()
                .asks(url)
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements.party", equalTo(List.of(owner.id(), stranger.id())))
                .body("statements.evidenced", equalTo(List.of(true, false)))
                .body("statements.applied", equalTo(List.of(true, true)));
        OperatorClient.ofService().decides(stranger, "suspended");
        anybody()
                .asks(url)
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[1].notAppliedReason", equalTo("suspended"));
    }

    @Test
    void aPlatformsOfferDoesNotWeakenTheReservationOfAUser() {
        Party author = Party.open();
        Party platform = Party.openReachable();
        String name = "b" + Names.file().substring(7, 19);
        author.reserves("account:youtube:@" + name);
        platform.controls("domain:youtube.com");
        platform.declares(permittedWithTerms("text-and-data-mining")
                .of("domain:youtube.com")
                .with(terms().contact("mailto:data@platform.example")));
        anybody()
                .asks("url:https://www.youtube.com/@" + name)
                .answer()
                .body("verdict", equalTo("deny"))
                .body("statements.party", equalTo(List.of(author.id(), platform.id())))
                .body("statements.evidenced", equalTo(List.of(false, false)));
    }

    @Test
    void controlOfTheDoiResolverGivesNoStandingForDois() {
        Party resolver = Party.open();
        String doi = "10.5555/" + Names.host();
        resolver.declares(permitted("text-and-data-mining").of("doi:" + doi));
        resolver.controls("domain:doi.org");
        anybody().asks("url:https://doi.org/" + doi).answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void anotherSpellingIsFoundAndShownAsDeclared() {
        Party party = Party.openReachable();
        String host = Names.host();
        String declared = "url:https://www." + host + "/a/index.html?utm_source=mail";
        party.controls("domain:" + host);
        party.declares(permitted("ai-training").of("url:https://" + host + "/b/"));
        party.reserves(declared);
        anybody()
                .asks("url:http://m." + host + "/a")
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements", hasSize(1))
                .body("statements[0].subject", equalTo(declared));
        anybody()
                .asks("url:https://" + host + "/b")
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("other-spelling"));
        anybody().asks("url:https://" + host + "/b/").of("ai-training").answer().body("statements", hasSize(1));
    }

    @Test
    void anAccountIsFoundInEachSpellingOfItsAddresses() {
        Party author = Party.open();
        Party platform = Party.open();
        String name = "a" + Names.file().substring(7, 19);
        String account = "account:instagram:" + name;
        author.declares(reserved("text-and-data-mining").of(account));
        platform.controls("domain:instagram.com");
        platform.declares(permitted("text-and-data-mining").of("domain:instagram.com"));
        for (String address : List.of("www.instagram.com/" + name, "m.instagram.com/" + name + "/p/C1abc/?igsh=1")) {
            anybody()
                    .asks("url:https://" + address)
                    .answer()
                    .body("verdict", equalTo("deny"))
                    .body("statements[0].subject", equalTo(account))
                    .body(
                            "statements.find { it.party == '" + platform.id() + "' }.notAppliedReason",
                            equalTo("shared-site"));
        }
        anybody().asks("url:https://www.instagram.com/" + name + "x/").answer().body("verdict", equalTo("unknown"));
        platform.declares(permitted("text-and-data-mining").of("url:https://www.instagram.com/" + name + "x/"));
        anybody().asks("url:https://www.instagram.com/" + name + "x/").answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void everyItemIsAnsweredInOrderWhateverItsId() {
        String url = Names.url();
        Party.open().reserves(url);
        for (String method : List.of("POST", "QUERY")) {
            anybody()
                    .asksMany(
                            method,
                            Bodies.text(items(
                                            item("같은", url),
                                            item("같은", Names.url()),
                                            Bodies.object("subjects", List.of(url)),
                                            Bodies.object("id", 5, "subjects", List.of(url)),
                                            item("bad", "isbn:1"),
                                            item("none"),
                                            Bodies.object("id", "no"),
                                            Bodies.object("id", "misspelt", "subject", List.of(url)),
                                            NullNode.getInstance(),
                                            List.of(),
                                            url,
                                            item("half", url),
                                            item("😀".repeat(200), url)))
                                    .replace("half", "half \\ud800"))
                    .statusCode(200)
                    .body(
                            "answers.id",
                            equalTo(List.of(
                                    "같은",
                                    "같은",
                                    "2",
                                    "3",
                                    "bad",
                                    "none",
                                    "no",
                                    "misspelt",
                                    "8",
                                    "9",
                                    "10",
                                    "11",
                                    "😀".repeat(200))))
                    .body("answers[0].verdict", equalTo("deny"))
                    .body("answers[1].verdict", equalTo("unknown"))
                    .body("answers[2].verdict", equalTo("deny"))
                    .body("answers[4].problem.type", containsString("malformed-subject"))
                    .body("answers[4].problem.errors[0].pointer", equalTo("#/subjects/0"))
                    .body("answers[7].problem.detail", containsString("\"subjects\""))
                    .body("answers[12].verdict", equalTo("deny"))
                    .body("answers[3..11].findAll { it.verdict != null }", empty());
        }
    }

    @Test
    void aWorkIsFoundByAnyOfItsSubjects() {
        String file = Names.file();
        String url = Names.url();
        Party.open().reserves(file);
        anybody()
                .asksMany("POST", items(item("both", url, file), item("url", url)))
                .body("answers.verdict", equalTo(List.of("deny", "unknown")));
        anybody().asks(url, file).answer().body("statements.subject", equalTo(List.of(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "1e999"})
    void aRequestWithoutCanonicalFormGetsNoReceipt(String id) {
        String json = items(item("?", "isbn:9788936434120"))
                .put("receipt", true)
                .toString()
                .replace("\"?\"", id);
        anybody().asksMany("POST", json).statusCode(422).body("errors.pointer", equalTo(List.of("#/receipt")));
        anybody().asksMany("POST", json.replace("true", "false")).statusCode(200);
        given().contentType("application/json")
                .body(json.replace(",\"receipt\":true", ""))
                .post("/v1/lookups?receipt=true")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("receipt")));
    }

    @Test
    void severalUsesAreAskedAbout() {
        String url = Names.url();
        Party.open()
                .declares(reserved("generative-ai-training")
                        .permitting("search-indexing")
                        .of(url));
        anybody()
                .asksMany(
                        "POST",
                        items(item("a", url)).setAll(Bodies.object("uses", List.of("ai-training", "search-indexing"))))
                .body("answers[0].verdict", equalTo("deny"))
                .body("answers[0].verdicts.generative-ai-training", equalTo("deny"))
                .body("answers[0].verdicts.non-generative-ai-training", equalTo("unknown"))
                .body("answers[0].verdicts.search-indexing", equalTo("unknown"))
                .body("answers[0].verdicts.size()", equalTo(4));
        anybody()
                .asks(url)
                .of("search-indexing")
                .with("detail", "verdict")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements", nullValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|#/items",
                "{\"items\":[]}|#/items",
                "{\"items\":{}}|#/items",
                "{\"itmes\":[]}|#/itmes",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"uses\":[\"ai-trainign\"]}|#/uses/0",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":true}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":\"now\"}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":-1}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":0}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":1.5}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":99999999999999999999}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":\"2999-01-01T00:00:00Z\"}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"asOf\":\"0@\"}|#/asOf",
                "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}],\"detail\":\"some\"}|#/detail"
            })
    void whatIsWrongWithTheCallIsPointedAt(String json, String pointer) {
        anybody().asksMany("POST", json).statusCode(422).body("errors.pointer", hasItem(pointer));
        anybody().asksMany("QUERY", json).statusCode(422).body("errors.pointer", hasItem(pointer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use=ai-input|\"uses\":[\"ai-training\"]|#/uses",
                "use=ai-input|\"uses\":[\"ai-input\"]|#/uses",
                "asOf=0|\"asOf\":\"0\"|#/asOf",
                "detail=full|\"detail\":\"verdict\"|#/detail",
                "receipt=true|\"receipt\":false|#/receipt"
            })
    void aValueInBothQueryAndBodyIsRefused(String parameter, String member, String pointer) {
        String items = "{\"items\":[{\"subjects\":[\"isbn:9788936434120\"]}]";
        for (String method : List.of("POST", "QUERY")) {
            given().contentType("application/json")
                    .body(items + "," + member + "}")
                    .request(method, "/v1/lookups?" + parameter)
                    .then()
                    .statusCode(422)
                    .body("errors.pointer", equalTo(List.of(pointer)))
                    .body("errors.reason", equalTo(List.of("conflict")));
            given().contentType("application/json")
                    .body(items + "}")
                    .request(method, "/v1/lookups?" + parameter)
                    .then()
                    .statusCode(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "use,ai-trainign",
        "use,''",
        "asOf,2999-01-01T00:00:00Z",
        "asOf,tomorrow",
        "asOf,9999999999",
        "asOf,99999999999999999999999",
        "asOf,''",
        "asOf,@",
        "asOf,0@",
        "asOf,@2001-01-01T00:00:00Z",
        "asOf,-1@2001-01-01T00:00:00Z",
        "asOf,0@0",
        "asOf,0@2001-01-01T00:00:00Z@2001-01-01T00:00:00Z",
        "asOf,0@2999-01-01T00:00:00Z",
        "asOf,999999999@2001-01-01T00:00:00Z",
        "asOf,99999999999999999999999@2001-01-01T00:00:00Z",
        "asOf,1@1970-01-01T00:00:00Z",
        "detail,some",
        "uses,ai-training",
        "asof,0"
    })
    void whatIsWrongWithAParameterIsSaid(String parameter, String value) {
        anybody()
                .asks("isbn:9788936434120")
                .with(parameter, value)
                .response()
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of(parameter)));
    }

    @Test
    void oneWorkIsNamedByOneToTwentySubjects() {
        given().get("/v1/lookup").then().statusCode(422).body("errors.pointer", equalTo(List.of("subject")));
        anybody().asks("isbn:1").response().then().statusCode(422).body("type", containsString("malformed-subject"));
        String[] many = IntStream.range(0, 20).mapToObj(i -> Names.file()).toArray(String[]::new);
        anybody().asks(many).answer();
        anybody().asks(many).with("subject", Names.file()).response().then().statusCode(422);
        String[] more = Arrays.copyOf(many, 21);
        more[20] = Names.file();
        anybody()
                .asksMany("POST", items(item("twenty", many), item("more", more)))
                .body("answers[0].verdict", equalTo("unknown"))
                .body("answers[1].problem.errors[0].pointer", equalTo("#/subjects"));
    }

    @Test
    void aCallHasAtMostTenThousandItems() {
        String url = Names.url();
        Party.open().reserves(url);
        List<ObjectNode> many = new ArrayList<>();
        for (int i = 0; i < 9_999; i++) {
            many.add(item("i" + i, Names.file()));
        }
        many.add(item("last", url));
        Response response = anybody()
                .asksMany("POST", Bodies.object("detail", "verdict", "items", many))
                .extract()
                .response();
        assertEquals(200, response.statusCode());
        JsonPath answers = response.jsonPath();
        assertEquals(10_000, answers.getList("answers").size());
        assertEquals("i9998", answers.getString("answers[9998].id"));
        assertEquals("deny", answers.getString("answers[9999].verdict"));
        many.add(item("more", url));
        anybody().asksMany("POST", items(many.toArray())).statusCode(413).body("type", containsString("too-large"));
    }

    @Test
    void thePastIsAnsweredAsItWas() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.declares(reserved("ai-training").of(url)).id();
        JsonPath declared = given().get("/v1/declarations/" + id).jsonPath();
        JsonPath amended = party.says(permittedWithTerms("ai-training").with(terms().contact("mailto:a@example.com")))
                .put("/v1/declarations/" + id)
                .jsonPath();
        JsonPath withdrawn = party.asks().delete("/v1/declarations/" + id).jsonPath();
        String[][] expected = {
            {String.valueOf(declared.getLong("position") - 1), "unknown"},
            {declared.getString("position"), "deny"},
            {amended.getString("position"), "ask"},
            {withdrawn.getString("position"), "unknown"},
            {declared.getString("recordedAt"), "deny"},
            {Instant.parse(declared.getString("recordedAt")).minusNanos(1000).toString(), "unknown"},
            {Instant.parse(amended.getString("recordedAt")).minusNanos(1000).toString(), "deny"},
            {amended.getString("recordedAt"), "ask"},
            {Instant.parse(withdrawn.getString("recordedAt")).minusNanos(1000).toString(), "ask"},
            {withdrawn.getString("recordedAt"), "unknown"},
            {"0", "unknown"},
            {"1970-01-01T00:00:00Z", "unknown"},
            {"2001-02-03T04:05:06+09:00", "unknown"}
        };
        for (String[] then : expected) {
            anybody().asks(url).asOf(then[0]).of("ai-training").answer().body("verdict", equalTo(then[1]));
            anybody()
                    .asksMany(
                            "POST",
                            Bodies.object(
                                    "items", List.of(item("a", url)), "uses", List.of("ai-training"), "asOf", then[0]))
                    .statusCode(200)
                    .body("answers[0].verdict", equalTo(then[1]));
        }
        anybody()
                .asks(url)
                .asOf(amended.getString("position"))
                .answer()
                .header("Askfirst-Position", amended.getString("position"))
                .body("statements[0].contact", equalTo("mailto:a@example.com"));
    }

    @Test
    void askedAsOfItsPositionAnAnswerIsTheSame() {
        String url = Names.url();
        Party party = Party.open();
        party.reserves(url);
        Response now = anybody().asks(url).response();
        party.reserves(url, Names.url());
        Response then =
                anybody().asks(url).asOf(now.header("Askfirst-Position")).response();
        assertEquals(now.asString(), then.asString());
        assertEquals(now.header("ETag"), then.header("ETag"));
    }

    @Test
    void askedAsOfItsPositionAndMomentAnAnswerIsIdentical() {
        String url = Names.url();
        Party party = Party.open();
        Instant begins = TestClock.ofService().instant().plusSeconds(10).truncatedTo(ChronoUnit.MILLIS);
        String declared = party.says(reserved("ai-training").of(url).from(begins))
                .post("/v1/declarations")
                .jsonPath()
                .getString("recordedAt");
        ObjectNode question = items(item("a", url));
        Response before = anybody().asks(url).response();
        JsonPath batchBefore = anybody().asksMany("POST", question).extract().jsonPath();
        TestClock.ofService().forward(Duration.ofSeconds(10));
        Response after = anybody().asks(url).response();
        JsonPath batchAfter = anybody().asksMany("POST", question).extract().jsonPath();
        assertEquals("unknown", before.path("verdict"));
        assertEquals("deny", after.path("verdict"));
        assertEquals(before.header("Askfirst-Position"), after.header("Askfirst-Position"), "nothing was recorded");
        party.reserves(url, Names.url());
        for (Response answer : List.of(before, after)) {
            Response again =
                    anybody().asks(url).asOf(answer.header("Askfirst-As-Of")).response();
            assertEquals(answer.asString(), again.asString());
            assertEquals(answer.header("ETag"), again.header("ETag"));
            assertEquals(answer.header("Askfirst-As-Of"), again.header("Askfirst-As-Of"));
        }
        for (JsonPath answer : List.of(batchBefore, batchAfter)) {
            String pair = answer.getString("position") + "@" + answer.getString("answeredAt");
            assertEquals(pair, answer.getString("asOf"));
            JsonPath again = anybody()
                    .asksMany("POST", question.deepCopy().put("asOf", pair))
                    .header("Askfirst-As-Of", pair)
                    .extract()
                    .jsonPath();
            assertEquals(answer.<Object>get(), again.<Object>get());
        }
        anybody()
                .asks(url)
                .asOf(before.header("Askfirst-Position") + "@"
                        + Instant.parse(declared).minusNanos(1000))
                .response()
                .then()
                .statusCode(422)
                .body("detail", containsString("its entry was recorded at " + declared));
        anybody()
                .asks(url)
                .asOf("0@" + TestClock.ofService().instant())
                .answer()
                .body("verdict", equalTo("unknown"));
    }

    @Test
    void periodsAreEvaluatedAtTheAskedMoment() {
        String url = Names.url();
        Party.open().declares(reserved("text-and-data-mining").of(url).from("2999-01-01T00:00:00Z"));
        anybody().asks(url).answer().body("verdict", equalTo("unknown")).body("statements", empty());
    }

    @Test
    void theTagChangesWhenTheAnswerDoesAndOnlyThen() {
        String url = Names.url();
        Response first = anybody().asks(url).response();
        String tag = first.header("ETag");
        assertTrue(tag.matches("\"[^\"]+\""), tag);
        Party party = Party.open();
        party.reserves(Names.url());
        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            Response same = anybody().asks(url).header("If-None-Match", known).response();
            assertEquals(304, same.statusCode(), known);
            assertEquals(tag, same.header("ETag"));
            assertEquals("", same.asString());
        }
        anybody().asks(url).header("If-None-Match", "\"x\"").answer();
        party.reserves(url);
        Response changed = anybody().asks(url).header("If-None-Match", tag).response();
        assertEquals(200, changed.statusCode());
        assertNotEquals(tag, changed.header("ETag"));
        assertNotEquals(
                changed.header("ETag"),
                anybody().asks(url).of("ai-input").response().header("ETag"));
    }

    @Test
    void theSameQuestionGetsTheSameBytes() {
        String domain = Names.domain();
        String[] subjects = {"url:https://" + domain + "/a", Names.file(), Names.file(), Names.file()};
        Party controlling = Party.open();
        controlling.controls("domain:" + domain);
        for (int i = 0; i < 4; i++) {
            Party.open().reserves(subjects);
        }
        controlling.reserves(subjects);
        String first = anybody().asks(subjects).response().asString();
        for (int i = 0; i < 20; i++) {
            assertEquals(first, anybody().asks(subjects).response().asString());
        }
    }

    @Test
    void omittedStatementsAreCounted() {
        String url = Names.url();
        Party party = Party.open();
        List<Draft> lines = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add(reserved("ai-training").of(url).with(terms().member("text", "number " + i)));
        }
        party.sendsLines("/v1/declarations/batch", lines);
        anybody()
                .asks(url)
                .answer()
                .body("statements", hasSize(50))
                .body("omittedCount", equalTo(10))
                .body("statements[0].terms.text", equalTo("number 59"))
                .body("statements[0].applied", equalTo(true))
                .body("statements[1..49].notAppliedReason.unique()", equalTo(List.of("outranked")));
    }

    @Test
    void percentEncodingInTheQueryIsUndoneOnce() {
        String host = Names.host();
        Party.open().reserves("url:https://" + host + "/봄 날?q=1&r=a%26b");
        for (String encoded : List.of(
                "url%3Ahttps%3A%2F%2F" + host + "%2F%EB%B4%84%20%EB%82%A0%3Fq%3D1%26r%3Da%2526b",
                "url:https://" + host + "/%25EB%25B4%2584%2520%25EB%2582%25A0?q=1%26r=a%252526b")) {
            given().urlEncodingEnabled(false)
                    .get("/v1/lookup?subject=" + encoded)
                    .then()
                    .statusCode(200)
                    .body("verdict", equalTo("deny"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%z", "%zz", "%00", "%ff", "url:https://a.com/%00", "isbn%3A", "+"})
    void malformedQueriesAreRefused(String encoded) throws IOException {
        // Sent over a socket, because a client library would correct the request.
        try (java.net.Socket socket = new java.net.Socket("localhost", io.restassured.RestAssured.port)) {
            socket.getOutputStream()
                    .write(("GET /v1/lookup?subject=" + encoded
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int status = Integer.parseInt(answer.substring(9, 12));
            assertTrue(status < 500, answer);
            assertFalse(answer.contains("\"allow\""), answer);
        }
    }

    @Test
    void linesAreAnsweredALineEach() {
        String url = Names.url();
        Party.open().reserves(url);
        for (String method : List.of("POST", "QUERY")) {
            Response response = given().contentType(LINES)
                    .queryParam("use", "ai-training")
                    .queryParam("detail", "verdict")
                    .body("\ufeff" + item("a", url) + "\r\n\n{bad\n" + Bodies.object("subjects", List.of(url)) + "\n"
                            + item("long", "x".repeat(300_000)) + "\n"
                            + item("half", url).toString().replace("half", "\\udc00") + "\n" + item("z", Names.url()))
                    .request(method, "/v1/lookups");
            assertEquals(200, response.statusCode());
            assertNotNull(response.header("Askfirst-Position"));
            List<JsonPath> answers =
                    response.asString().lines().map(JsonPath::from).toList();
            assertEquals(
                    List.of(1, 3, 4, 5, 6, 7),
                    answers.stream().map(answer -> answer.getInt("line")).toList());
            assertEquals(
                    Arrays.asList("a", null, null, null, null, "z"),
                    Arrays.asList(answers.stream()
                            .map(answer -> answer.getString("id"))
                            .toArray()));
            assertEquals("deny", answers.get(0).getString("verdict"));
            assertTrue(answers.get(1).getString("problem.type").endsWith("malformed-json"));
            assertTrue(answers.get(1).getString("problem.detail").contains(" at line 3, column "));
            assertEquals("deny", answers.get(2).getString("verdict"));
            assertTrue(answers.get(3).getString("problem.type").endsWith("too-large"));
            assertTrue(answers.get(4).getString("problem.type").endsWith("invalid-request"));
            assertEquals("unknown", answers.get(5).getString("verdict"));
        }
    }

    @Test
    void allLinesAreAnsweredAsOfOnePosition() throws IOException {
        String url = Names.url();
        try (Wire wire = new Wire("POST", "/v1/lookups?use=ai-training", LINES)) {
            wire.send(item("before", url) + "\n");
            assertTrue(Objects.requireNonNull(wire.line()).contains("\"unknown\""));
            Party.open().reserves(url);
            wire.send(item("after", url) + "\n");
            assertTrue(Objects.requireNonNull(wire.line()).contains("\"unknown\""), "as of the position in the header");
            wire.end();
            assertEquals(List.of(), wire.lines());
        }
    }

    @Test
    void aClientThatReadsOnlyOnceAllIsSentGetsEverything() throws IOException {
        int lines = 20_000;
        String url = Names.url();
        Party.open().reserves(url);
        try (Wire wire = new Wire("QUERY", "/v1/lookups", LINES)) {
            StringBuilder block = new StringBuilder();
            for (int i = 0; i < lines; i++) {
                block.append(item("row-" + i, i % 2 == 0 ? url : "isbn:9788936434120"))
                        .append('\n');
                if (i % 500 == 499) {
                    wire.send(block.toString());
                    block.setLength(0);
                }
            }
            wire.end();
            List<String> answers = wire.lines();
            assertEquals(lines, answers.size());
            for (int i = 0; i < lines; i++) {
                assertTrue(
                        answers.get(i).startsWith("{\"line\":" + (i + 1) + ",\"id\":\"row-" + i + "\""),
                        answers.get(i));
            }
        }
    }

    @Test
    void violationsOfAStreamsParametersAreReportedBeforeTheFirstLine() {
        given().contentType(LINES)
                .queryParam("asOf", "tomorrow")
                .body(item("a", Names.url()))
                .post("/v1/lookups")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("asOf")));
    }

    @Test
    void whereQueryIsTakenItIsAnnounced() {
        anybody().asksMany("POST", items(item("a", Names.url()))).header("Accept-Query", containsString(LINES));
    }

    @Test
    void twoDeclarationsOfOnePartyAreBothListed() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/x/1.png";
        party.controls("domain:" + domain);
        party.reserves("under:https://" + domain + "/x/");
        party.declares(permitted("text-and-data-mining").of(work));
        anybody()
                .asks(work)
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements.applied", equalTo(List.of(true, false)))
                .body("statements[1].notAppliedReason", equalTo("outranked"))
                .body("statements[1].subject", equalTo("under:https://" + domain + "/x/"))
                .body("statements[0].subject", not(equalTo("")));
    }

    @Test
    void unusualSpellingsFindTheSameWork() {
        Party.open().reserves("isbn:9788954637909");
        List<String> verdicts = new ArrayList<>();
        for (String spelling : List.of("isbn:978-89-546-3790-9", "ISBN:9788954637909", "gtin:9788954637909")) {
            verdicts.add(anybody().asks(spelling).verdict());
        }
        assertEquals(List.of("deny", "deny", "deny"), verdicts);
    }
}
