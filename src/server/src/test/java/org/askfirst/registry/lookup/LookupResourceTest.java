package org.askfirst.registry.lookup;

import static io.restassured.RestAssured.given;
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

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
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

    private static ValidatableResponse ask(String method, String json) {
        return given().contentType("application/json")
                .body(json)
                .request(method, "/v1/lookups")
                .then();
    }

    private static RequestSpecification about(String... subjects) {
        RequestSpecification request = given();
        for (String subject : subjects) {
            request.queryParam("subject", subject);
        }
        return request;
    }

    private static String items(String... items) {
        return "{\"items\":[" + String.join(",", items) + "]}";
    }

    private static String item(String id, String... subjects) {
        return "{\"id\":\"" + id + "\",\"subjects\":[\"" + String.join("\",\"", subjects) + "\"]}";
    }

    @Test
    void aWorkWithoutStatementsIsUnknown() {
        about(Names.url())
                .get("/v1/lookup")
                .then()
                .statusCode(200)
                .body("verdict", equalTo("unknown"))
                .body("verdicts.size()", equalTo(7))
                .body("statements", empty());
    }

    @Test
    void theAnswerSaysWhoWhatAndWhy() {
        Party party = Party.openReachable();
        String url = Names.url();
        String id = party.reserves(url);
        about(url + "?v=2")
                .get("/v1/lookup")
                .then()
                .statusCode(200)
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
        party.declares("{\"subjects\":[\"" + url + "\"],\"stances\":{\"text-and-data-mining\":\"permitted\"}}");
        about(url)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        party.controls("domain:" + domain);
        about(url)
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("allow"))
                .body("statements[0].trust", equalTo("control-proved"));
    }

    @Test
    void controlOfTheDoiResolverGivesNoStandingForDois() {
        Party resolver = Party.open();
        String doi = "10.5555/" + Names.host();
        resolver.declares("{\"subjects\":[\"doi:" + doi + "\"],\"stances\":{\"text-and-data-mining\":\"permitted\"}}");
        resolver.controls("domain:doi.org");
        about("url:https://doi.org/" + doi).get("/v1/lookup").then().body("verdict", equalTo("unknown"));
    }

    @Test
    void everyItemIsAnsweredInOrderWhateverItsId() {
        String url = Names.url();
        Party.open().reserves(url);
        for (String method : List.of("POST", "QUERY")) {
            ask(
                            method,
                            items(
                                    item("같은", url),
                                    item("같은", Names.url()),
                                    "{\"subjects\":[\"" + url + "\"]}",
                                    "{\"id\":5,\"subjects\":[\"" + url + "\"]}",
                                    "{\"id\":\"bad\",\"subjects\":[\"isbn:1\"]}",
                                    "{\"id\":\"none\",\"subjects\":[]}",
                                    "{\"id\":\"no\"}",
                                    "{\"id\":\"misspelt\",\"subject\":[\"" + url + "\"]}",
                                    "null",
                                    "[]",
                                    "\"" + url + "\"",
                                    "{\"id\":\"half \\ud800\",\"subjects\":[\"" + url + "\"]}",
                                    "{\"id\":\"" + "😀".repeat(200) + "\",\"subjects\":[\"" + url + "\"]}"))
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
        ask("POST", items(item("both", url, file), item("url", url)))
                .body("answers.verdict", equalTo(List.of("deny", "unknown")));
        about(url, file).get("/v1/lookup").then().body("statements.subject", equalTo(List.of(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "1e999"})
    void aRequestWithoutCanonicalFormGetsNoReceipt(String id) {
        String json = "{\"items\":[{\"id\":" + id + ",\"subjects\":[\"isbn:9788936434120\"]}],\"receipt\":true}";
        ask("POST", json).statusCode(422).body("errors.pointer", equalTo(List.of("#/receipt")));
        ask("POST", json.replace("true", "false")).statusCode(200);
    }

    @Test
    void severalUsesAreAskedAbout() {
        String url = Names.url();
        Party.open()
                .declares(
                        "{\"subjects\":[\"" + url
                                + "\"],\"stances\":{\"generative-ai-training\":\"reserved\",\"search-indexing\":\"permitted\"}}");
        ask("POST", "{\"items\":[" + item("a", url) + "],\"uses\":[\"ai-training\",\"search-indexing\"]}")
                .body("answers[0].verdict", equalTo("deny"))
                .body("answers[0].uses.generative-ai-training.verdict", equalTo("deny"))
                .body("answers[0].uses.non-generative-ai-training.verdict", equalTo("unknown"))
                .body("answers[0].uses.search-indexing.verdict", equalTo("unknown"))
                .body("answers[0].uses.size()", equalTo(4));
        about(url)
                .queryParam("use", "search-indexing")
                .queryParam("detail", "verdict")
                .get("/v1/lookup")
                .then()
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
    void violationsOfACallHavePointers(String json, String pointer) {
        ask("POST", json).statusCode(422).body("errors.pointer", hasItem(pointer));
        ask("QUERY", json).statusCode(422).body("errors.pointer", hasItem(pointer));
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
    void violationsOfParametersAreReported(String parameter, String value) {
        about("isbn:9788936434120")
                .queryParam(parameter, value)
                .get("/v1/lookup")
                .then()
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of(parameter)));
    }

    @Test
    void oneWorkIsNamedByOneToTwentySubjects() {
        given().get("/v1/lookup").then().statusCode(422).body("errors.pointer", equalTo(List.of("subject")));
        about("isbn:1").get("/v1/lookup").then().statusCode(422).body("type", containsString("malformed-subject"));
        String[] many = IntStream.range(0, 20).mapToObj(i -> Names.file()).toArray(String[]::new);
        about(many).get("/v1/lookup").then().statusCode(200);
        about(many).queryParam("subject", Names.file()).get("/v1/lookup").then().statusCode(422);
        String list = String.join("\",\"", many);
        ask("POST", items(item("twenty", list), item("more", list, Names.file())))
                .body("answers[0].verdict", equalTo("unknown"))
                .body("answers[1].problem.errors[0].pointer", equalTo("#/subjects"));
    }

    @Test
    void aCallHasAtMostTenThousandItems() {
        String url = Names.url();
        Party.open().reserves(url);
        String many = IntStream.range(0, 9_999)
                .mapToObj(i -> item("i" + i, Names.file()))
                .collect(Collectors.joining(","));
        Response response = given().contentType("application/json")
                .body("{\"detail\":\"verdict\",\"items\":[" + many + "," + item("last", url) + "]}")
                .post("/v1/lookups");
        assertEquals(200, response.statusCode());
        JsonPath answers = response.jsonPath();
        assertEquals(10_000, answers.getList("answers").size());
        assertEquals("i9998", answers.getString("answers[9998].id"));
        assertEquals("deny", answers.getString("answers[9999].verdict"));
        ask("POST", items(many, item("last", url), item("more", url)))
                .statusCode(413)
                .body("type", containsString("too-large"));
    }

    @Test
    void thePastIsAnsweredAsItWas() {
        Party party = Party.open();
        String url = Names.url();
        String id = party.declares("{\"subjects\":[\"" + url + "\"],\"stances\":{\"ai-training\":\"reserved\"}}");
        JsonPath declared = given().get("/v1/declarations/" + id).jsonPath();
        JsonPath amended = party.says("{\"stances\":{\"ai-training\":\"permitted-with-terms\"},"
                        + "\"terms\":{\"contact\":\"mailto:a@example.com\"}}")
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
            about(url)
                    .queryParam("asOf", then[0])
                    .queryParam("use", "ai-training")
                    .get("/v1/lookup")
                    .then()
                    .statusCode(200)
                    .body("verdict", equalTo(then[1]));
            ask("POST", "{\"items\":[" + item("a", url) + "],\"uses\":[\"ai-training\"],\"asOf\":\"" + then[0] + "\"}")
                    .statusCode(200)
                    .body("answers[0].verdict", equalTo(then[1]));
        }
        about(url)
                .queryParam("asOf", amended.getString("position"))
                .get("/v1/lookup")
                .then()
                .header("Askfirst-Position", amended.getString("position"))
                .body("statements[0].contact", equalTo("mailto:a@example.com"));
    }

    @Test
    void askedAsOfItsPositionAnAnswerIsTheSame() {
        String url = Names.url();
        Party party = Party.open();
        party.reserves(url);
        Response now = about(url).get("/v1/lookup");
        party.reserves(url, Names.url());
        Response then =
                about(url).queryParam("asOf", now.header("Askfirst-Position")).get("/v1/lookup");
        assertEquals(now.asString(), then.asString());
        assertEquals(now.header("ETag"), then.header("ETag"));
    }

    @Test
    void askedAsOfItsPositionAndMomentAnAnswerIsIdentical() {
        String url = Names.url();
        Party party = Party.open();
        Instant begins = TestClock.ofService().instant().plusSeconds(10).truncatedTo(ChronoUnit.MILLIS);
        String declared = party.says("{\"subjects\":[\"" + url + "\"],\"stances\":{\"ai-training\":\"reserved\"},"
                        + "\"validFrom\":\"" + begins + "\"}")
                .post("/v1/declarations")
                .jsonPath()
                .getString("recordedAt");
        String question = "{\"items\":[" + item("a", url) + "]";
        Response before = about(url).get("/v1/lookup");
        JsonPath batchBefore = ask("POST", question + "}").extract().jsonPath();
        TestClock.ofService().forward(Duration.ofSeconds(10));
        Response after = about(url).get("/v1/lookup");
        JsonPath batchAfter = ask("POST", question + "}").extract().jsonPath();
        assertEquals("unknown", before.path("verdict"));
        assertEquals("deny", after.path("verdict"));
        assertEquals(before.header("Askfirst-Position"), after.header("Askfirst-Position"), "nothing was recorded");
        party.reserves(url, Names.url());
        for (Response answer : List.of(before, after)) {
            Response again = about(url)
                    .queryParam("asOf", answer.header("Askfirst-As-Of"))
                    .get("/v1/lookup");
            assertEquals(answer.asString(), again.asString());
            assertEquals(answer.header("ETag"), again.header("ETag"));
            assertEquals(answer.header("Askfirst-As-Of"), again.header("Askfirst-As-Of"));
        }
        for (JsonPath answer : List.of(batchBefore, batchAfter)) {
            String pair = answer.getString("position") + "@" + answer.getString("answeredAt");
            assertEquals(pair, answer.getString("asOf"));
            JsonPath again = ask("POST", question + ",\"asOf\":\"" + pair + "\"}")
                    .header("Askfirst-As-Of", pair)
                    .extract()
                    .jsonPath();
            assertEquals(answer.<Object>get(), again.<Object>get());
        }
        about(url)
                .queryParam(
                        "asOf",
                        before.header("Askfirst-Position") + "@"
                                + Instant.parse(declared).minusNanos(1000))
                .get("/v1/lookup")
                .then()
                .statusCode(422)
                .body("detail", containsString("its entry was recorded at " + declared));
        about(url)
                .queryParam("asOf", "0@" + TestClock.ofService().instant())
                .get("/v1/lookup")
                .then()
                .body("verdict", equalTo("unknown"));
    }

    @Test
    void periodsAreEvaluatedAtTheAskedMoment() {
        String url = Names.url();
        Party.open()
                .declares(
                        "{\"subjects\":[\"" + url
                                + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"},\"validFrom\":\"2999-01-01T00:00:00Z\"}");
        about(url).get("/v1/lookup").then().body("verdict", equalTo("unknown")).body("statements", empty());
    }

    @Test
    void theTagChangesWhenTheAnswerDoesAndOnlyThen() {
        String url = Names.url();
        Response first = about(url).get("/v1/lookup");
        String tag = first.header("ETag");
        assertTrue(tag.matches("\"[^\"]+\""), tag);
        Party party = Party.open();
        party.reserves(Names.url());
        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            Response same = about(url).header("If-None-Match", known).get("/v1/lookup");
            assertEquals(304, same.statusCode(), known);
            assertEquals(tag, same.header("ETag"));
            assertEquals("", same.asString());
        }
        about(url).header("If-None-Match", "\"x\"").get("/v1/lookup").then().statusCode(200);
        party.reserves(url);
        Response changed = about(url).header("If-None-Match", tag).get("/v1/lookup");
        assertEquals(200, changed.statusCode());
        assertNotEquals(tag, changed.header("ETag"));
        assertNotEquals(
                changed.header("ETag"),
                about(url).queryParam("use", "ai-input").get("/v1/lookup").header("ETag"));
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
        String first = about(subjects).get("/v1/lookup").asString();
        for (int i = 0; i < 20; i++) {
            assertEquals(first, about(subjects).get("/v1/lookup").asString());
        }
    }

    @Test
    void omittedStatementsAreCounted() {
        String url = Names.url();
        Party party = Party.open();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            lines.append("{\"subjects\":[\"")
                    .append(url)
                    .append("\"],\"stances\":{\"ai-training\":\"reserved\"},")
                    .append("\"terms\":{\"text\":\"number ")
                    .append(i)
                    .append("\"}}\n");
        }
        party.asks()
                .contentType(LINES)
                .body(lines.toString())
                .post("/v1/declarations/batch")
                .then()
                .statusCode(200);
        about(url)
                .get("/v1/lookup")
                .then()
                .body("statements", hasSize(50))
                .body("more", equalTo(10))
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
                    .body("\ufeff" + item("a", url) + "\r\n\n{bad\n{\"subjects\":[\"" + url + "\"]}\n"
                            + item("long", "x".repeat(300_000)) + "\n{\"id\":\"\\udc00\",\"subjects\":[\"" + url
                            + "\"]}\n" + item("z", Names.url()))
                    .request(method, "/v1/lookups");
            assertEquals(200, response.statusCode());
            assertNotNull(response.header("Askfirst-Position"));
            List<JsonPath> answers =
                    response.asString().lines().map(JsonPath::from).toList();
            assertEquals(
                    List.of("a", "1", "2", "3", "4", "z"),
                    answers.stream().map(answer -> answer.getString("id")).toList());
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
                assertTrue(answers.get(i).startsWith("{\"id\":\"row-" + i + "\""), answers.get(i));
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
    void theMethodQueryIsAnnounced() {
        ask("POST", items(item("a", Names.url()))).header("Accept-Query", containsString(LINES));
    }

    @Test
    void twoDeclarationsOfOnePartyAreBothListed() {
        Party party = Party.open();
        String domain = Names.domain();
        String work = "url:https://" + domain + "/x/1.png";
        party.controls("domain:" + domain);
        party.reserves("under:https://" + domain + "/x/");
        party.declares("{\"subjects\":[\"" + work + "\"],\"stances\":{\"text-and-data-mining\":\"permitted\"}}");
        about(work)
                .get("/v1/lookup")
                .then()
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
            verdicts.add(about(spelling).get("/v1/lookup").path("verdict"));
        }
        assertEquals(List.of("deny", "deny", "deny"), verdicts);
    }
}
