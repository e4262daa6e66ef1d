package org.askfirst.registry.imports;

import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Eventually;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Imports of files, through the endpoints that the pages use. */
@QuarkusTest
@SuppressWarnings("StringConcatToTextBlock")
class ImportResourceTest extends RegistryTest {
    private static final Draft RESERVED = reserved("text-and-data-mining");
    private static final String FILE = "application/octet-stream";

    private static JsonPath receive(Party party, String file) {
        return party.asks()
                .contentType("text/csv")
                .body(file.getBytes(StandardCharsets.UTF_8))
                .post("/v1/imports?name=list.csv")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private static ValidatableResponse planning(Party party, String id, Object plan) {
        return party.says(plan).put("/v1/imports/" + id + "/plan").then();
    }

    private static void plan(Party party, String id, Object plan) {
        planning(party, id, plan).statusCode(200);
    }

    private static JsonPath startAndWait(Party party, String id) {
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        return awaitNot(party, id, "running");
    }

    private static JsonPath awaitNot(Party party, String id, String status) {
        return Eventually.get(
                        () -> party.asks().get("/v1/imports/" + id).then().statusCode(200),
                        one -> !Answers.tree(one).get("status").textValue().equals(status))
                .extract()
                .jsonPath();
    }

    private static List<JsonNode> report(Party party, String id) {
        return Answers.lines(party.asks()
                .accept("application/x-ndjson")
                .get("/v1/imports/" + id + "/report")
                .then()
                .statusCode(200));
    }

    @Test
    void aFileIsDeclaredUnderAMandateAsFarAsItCovers() {
        Party society = Party.openReachable();
        Party member = Party.open();
        String mandate = society.offersMandate(
                        Offer.toMember(member).schemes("url").uses("ai-training"))
                .id();
        String url = Names.url().substring("url:".length());
        String id = receive(society, "제목,ISBN,링크\n봄의 끝,," + url + "\n바다의 책,9788954651134,\n이름만,,\n")
                .getString("id");
        planning(society, id, reserved("ai-training").under(mandate))
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("#/mandate")));
        member.acceptingMandate(mandate).statusCode(200);
        planning(society, id, Bodies.object("mandate", mandate))
                .statusCode(200)
                .body("check.declarable", equalTo(1))
                .body("check.refused", equalTo(2));
        planning(society, id, reserved("text-and-data-mining").under(mandate))
                .statusCode(200)
                .body("check.declarable", equalTo(0));
        plan(society, id, reserved("ai-training").under(mandate));
        JsonPath done = startAndWait(society, id);
        assertEquals(
                Map.of(
                        "read",
                        3,
                        "declared",
                        1,
                        "alreadyDeclared",
                        0,
                        "declaredWithWarnings",
                        0,
                        "refused",
                        2,
                        "skipped",
                        0,
                        "repaired",
                        0,
                        "placeholders",
                        0),
                done.getMap("counts"));
        assertEquals(mandate, done.getString("plan.mandate"));
        List<JsonNode> report = report(society, id);
        society.asks()
                .get("/v1/declarations/" + report.get(0).get("id").textValue())
                .then()
                .body("mandate", equalTo(mandate));
        assertEquals(
                "mandate: the mandate does not cover subjects of the scheme isbn",
                report.get(1).at("/problem/detail").textValue());
        String others = receive(member, "링크\n" + url + "\n").getString("id");
        planning(member, others, Bodies.object("mandate", mandate))
                .statusCode(422)
                .body("errors.pointer", equalTo(List.of("#/mandate")));
    }

    @Test
    void aFileIsCheckedThenDeclaredThenReported() {
        Party party = Party.openReachable();
        String url = Names.url().substring("url:".length());
        JsonPath received =
                receive(party, "제목,저자,ISBN,링크\n봄의 끝,이서연,9788936434121," + url + "\n,,,\n이름만,김하늘,,\n,누구,123,\n");
        String id = received.getString("id");
        assertEquals("ready", received.getString("status"));
        assertEquals(List.of("title", "creators", "isbn", "url"), received.getList("table.columns.role"));
        assertEquals(3, received.getInt("table.rows"));
        assertEquals(2, received.getInt("check.declarable"));
        assertEquals(1, received.getInt("check.declaredWithWarnings"));
        assertEquals(1, received.getInt("check.refused"));
        party.asks().get("/v1/parties/me/declarations").then().body("declarations", hasSize(0));
        party.asks()
                .post("/v1/imports/" + id + "/start")
                .then()
                .statusCode(409)
                .body("detail", containsString("stances"));

        plan(party, id, reserved("ai-training").member("kind", "book"));
        JsonPath done = startAndWait(party, id);
        assertEquals("done", done.getString("status"));
        assertEquals(
                Map.of(
                        "read",
                        3,
                        "declared",
                        2,
                        "alreadyDeclared",
                        0,
                        "declaredWithWarnings",
                        1,
                        "refused",
                        1,
                        "skipped",
                        0,
                        "repaired",
                        0,
                        "placeholders",
                        0),
                done.getMap("counts"));

        List<JsonNode> report = report(party, id);
        assertEquals(
                List.of(2, 4, 5),
                report.stream().map(line -> line.get("row").intValue()).toList());
        assertEquals("9788936434121", report.get(0).at("/notes/0/text").textValue());
        assertTrue(report.get(2).at("/problem/detail").asText().startsWith("It does not have the right shape"));
        assertEquals("누구", report.get(2).at("/cells/1").textValue());
        party.asks()
                .get("/v1/declarations/" + report.get(0).get("id").textValue())
                .then()
                .body("subjects", equalTo(List.of("url:" + url)))
                .body("work.title", equalTo("봄의 끝"))
                .body("work.creators", equalTo(List.of("이서연")))
                .body("work.kind", equalTo("book"));
        party.asks()
                .get("/v1/declarations/" + report.get(1).get("id").textValue())
                .then()
                .body("subjects[0]", containsString("work:"));
        party.asks()
                .accept("text/csv")
                .get("/v1/imports/" + id + "/report")
                .then()
                .statusCode(200)
                .body(containsString("5,refused,,,malformed-subject"));
    }

    @Test
    void theSameFileAgainDeclaresNothingNew() {
        Party party = Party.openReachable();
        StringBuilder file = new StringBuilder("url\n");
        for (int i = 0; i < 2_500; i++) {
            file.append(Names.url().substring("url:".length())).append('\n');
        }
        Set<String> ids = new HashSet<>();
        for (String outcome : List.of("declared", "alreadyDeclared")) {
            String id = receive(party, file.toString()).getString("id");
            plan(party, id, RESERVED);
            JsonPath done = startAndWait(party, id);
            assertEquals(2_500, done.getInt("counts." + outcome), outcome);
            report(party, id).forEach(line -> ids.add(line.get("id").textValue()));
        }
        assertEquals(2_500, ids.size());
    }

    @Test
    void aFileArrivesInPiecesAndContinuesAfterABreak() {
        Party party = Party.open();
        byte[] file = ("title\n" + "소설\n".repeat(1000)).getBytes(StandardCharsets.UTF_8);
        String id = party.asks()
                .contentType(FILE)
                .body(java.util.Arrays.copyOf(file, 100))
                .post("/v1/imports?name=a.csv&size=" + file.length)
                .then()
                .statusCode(201)
                .body("status", equalTo("receiving"))
                .body("received", equalTo(100))
                .extract()
                .path("id");
        byte[] rest = java.util.Arrays.copyOfRange(file, 100, file.length);
        party.asks()
                .contentType(FILE)
                .body(rest)
                .patch("/v1/imports/" + id + "?offset=99")
                .then()
                .statusCode(409)
                .body("detail", containsString("has 100 bytes"));
        party.asks()
                .contentType(FILE)
                .body(new byte[file.length])
                .patch("/v1/imports/" + id + "?offset=100")
                .then()
                .statusCode(413);
        planning(party, id, RESERVED).statusCode(409);
        party.asks()
                .contentType(FILE)
                .body(rest)
                .patch("/v1/imports/" + id + "?offset=100")
                .then()
                .statusCode(200)
                .body("status", equalTo("ready"))
                .body("check.rows", equalTo(1000));
        party.asks()
                .contentType(FILE)
                .body(rest)
                .patch("/v1/imports/" + id + "?offset=100")
                .then()
                .statusCode(409);
    }

    @Test
    void aCancelledImportContinuesWithoutLosingARow() {
        Party party = Party.openReachable();
        int rows = 12_000;
        StringBuilder file = new StringBuilder("url\n");
        for (int i = 0; i < rows; i++) {
            file.append(Names.url().substring("url:".length())).append('\n');
        }
        String id = receive(party, file.toString()).getString("id");
        plan(party, id, RESERVED);
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        party.asks()
                .post("/v1/imports/" + id + "/cancel")
                .then()
                .statusCode(200)
                .body("status", equalTo("cancelled"));
        JsonPath done = startAndWait(party, id);
        while (!done.getString("status").equals("done")) {
            done = startAndWait(party, id);
        }
        assertEquals(rows, done.getInt("counts.read"));
        assertEquals(0, done.getInt("counts.refused"));
        List<Integer> numbers = new ArrayList<>();
        report(party, id).forEach(line -> numbers.add(line.get("row").intValue()));
        assertEquals(java.util.stream.IntStream.rangeClosed(2, rows + 1).boxed().toList(), numbers);
    }

    @Test
    void aRevokedKeyStopsAnImportAndAnotherKeyContinuesIt() {
        Party party = Party.openReachable();
        String id = receive(party, "url\n" + Names.url().substring("url:".length()) + "\n")
                .getString("id");
        plan(party, id, RESERVED);
        String other = party.says("{}")
                .post("/v1/parties/me/keys")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        Party again = new Party(party.id(), other, "");
        // The import is started with the first key, which is revoked while the import waits.
        String blocker = receive(again, "url\n" + (Names.url().substring("url:".length()) + "\n").repeat(30_000))
                .getString("id");
        plan(again, blocker, RESERVED);
        again.asks().post("/v1/imports/" + blocker + "/start").then().statusCode(202);
        party.asks().post("/v1/imports/" + id + "/start").then().statusCode(202);
        again.asks().delete("/v1/parties/me/keys/" + party.keyId()).then().statusCode(204);
        JsonPath stopped = awaitNot(again, id, "running");
        assertEquals("stopped", stopped.getString("status"));
        assertTrue(stopped.getString("problem.type").endsWith("unauthenticated"));
        assertEquals("done", startAndWait(again, id).getString("status"));
    }

    @Test
    void rowsThatAreNoWorksAreSkippedCountedAndShown() {
        Party party = Party.openReachable();
        JsonPath received = receive(
                party,
                "회원 저작물 목록,,\n문의 https://society.example/ask,,\n제목,저자,ISBN\n(필수),(필수),\n봄의 끝,이서연,9788936434120\n"
                        + "제목,저자,ISBN\n---,---,---\n합계,1,\n#N/A,#N/A,\n여름,김하늘,\n");
        String id = received.getString("id");
        assertEquals(3, received.getInt("table.headerRow"));
        assertEquals(2, received.getInt("table.rowsAbove"));
        assertEquals(2, received.getInt("check.rows"));
        assertEquals(7, received.getInt("check.skipped"));
        assertEquals(
                List.of(
                        "above-header",
                        "above-header",
                        "explains-columns",
                        "repeats-header",
                        "no-content",
                        "total",
                        "no-content"),
                received.getList("check.skippedRows.skipped"));
        plan(party, id, RESERVED);
        JsonPath done = startAndWait(party, id);
        assertEquals(
                Map.of(
                        "read",
                        9,
                        "declared",
                        2,
                        "alreadyDeclared",
                        0,
                        "declaredWithWarnings",
                        0,
                        "refused",
                        0,
                        "skipped",
                        7,
                        "repaired",
                        0,
                        "placeholders",
                        0),
                done.getMap("counts"));
        List<JsonNode> report = report(party, id);
        assertEquals(9, report.size());
        assertEquals("above-header", report.get(1).get("skipped").textValue());
        assertEquals("total", report.get(6).get("skipped").textValue());
        assertEquals("합계", report.get(6).at("/cells/0").textValue());
        assertTrue(party.asks()
                .accept("text/csv")
                .get("/v1/imports/" + id + "/report")
                .asString()
                .contains("8,skipped: total"));
    }

    @Test
    void aFileThatIsNotATableIsRefusedAndDeleted() {
        Party party = Party.open();
        party.asks()
                .contentType(FILE)
                .body("%PDF-1.7 …".getBytes(StandardCharsets.UTF_8))
                .post("/v1/imports?name=a.pdf")
                .then()
                .statusCode(422)
                .body("type", containsString("unreadable-table"));
        party.asks().get("/v1/imports").then().body("imports", hasSize(0));
    }

    @Test
    void aPlanIsReadAsStrictlyAsADeclaration() {
        Party party = Party.open();
        String id = receive(party, "title\n봄\n").getString("id");
        planning(party, id, Bodies.object("stanses", Map.of()))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/stanses"));
        planning(party, id, Bodies.object("columns", List.of("titel"))).statusCode(422);
        planning(party, id, permittedWithTerms("ai-training"))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/terms"));
        planning(party, id, Bodies.object("encoding", "klingon")).statusCode(422);
        planning(party, id, reserved("ai-training").member("columns", Collections.singletonList(null)))
                .statusCode(200)
                .body("check.refused", equalTo(1))
                .body("check.sampleRows[0].problem", notNullValue());
    }

    @Test
    void otherPartiesDoNotSeeAnImport() {
        Party party = Party.open();
        String id = receive(party, "title\n봄\n").getString("id");
        Party other = Party.open();
        other.asks().get("/v1/imports/" + id).then().statusCode(404);
        other.asks().get("/v1/imports/" + id + "/report").then().statusCode(404);
        other.asks().delete("/v1/imports/" + id).then().statusCode(404);
        party.asks().delete("/v1/imports/" + id).then().statusCode(204);
        party.asks().get("/v1/imports/" + id).then().statusCode(404);
    }

    @Test
    void erasureOfThePartyDeletesItsImports() throws Exception {
        Party party = Party.open();
        receive(party, "title\n봄\n");
        closes(party);
        try (var connection = io.quarkus.arc.Arc.container()
                        .instance(javax.sql.DataSource.class)
                        .get()
                        .getConnection();
                var select = connection.prepareStatement("select count(*) from intake_import where name = 'list.csv'"
                        + " and party = (select party from party_key where id = ?)")) {
            select.setString(1, party.keyId());
            try (var row = select.executeQuery()) {
                row.next();
                assertEquals(0, row.getInt(1));
            }
        }
    }

    @Test
    void thePartysOpenImportsAreLimited() {
        Party party = Party.open();
        for (int i = 0; i < 20; i++) {
            receive(party, "title\n봄\n");
        }
        party.asks()
                .contentType("text/csv")
                .body("title\n봄\n".getBytes(StandardCharsets.UTF_8))
                .post("/v1/imports")
                .then()
                .statusCode(409)
                .body("type", containsString("too-many-imports"));
    }

    private static java.net.http.HttpResponse<String> post(Party party, String query, String form)
            throws java.io.IOException, InterruptedException {
        return java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://localhost:"
                                        + io.restassured.RestAssured.port + "/v1/imports/form" + query))
                                .header("Authorization", "Bearer " + party.key())
                                .header("Content-Type", "multipart/form-data; boundary=---x")
                                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aFileMayBeSentInAForm() throws Exception {
        Party party = Party.open();
        String head = "-----x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"책 목록.csv\"\r\n\r\n";
        String whole = head + "title,isbn\n봄의 끝,9788936434120\n\r\n-----x--\r\n";
        var received = post(party, "", whole);
        assertEquals(201, received.statusCode(), received.body());
        JsonPath one = JsonPath.from(received.body());
        assertEquals("책 목록.csv", one.getString("name"));
        assertEquals("ready", one.getString("status"));
        assertEquals(1, one.getInt("check.declarable"));
        assertEquals(
                "list", JsonPath.from(post(party, "?name=list", whole).body()).getString("name"));

        String longName = whole.replace("책 목록", "n".repeat(3_000));
        assertEquals(201, post(party, "", longName).statusCode());
        assertEquals(
                400,
                post(party, "", whole.replace("책 목록", "\\\"n".repeat(50_000))).statusCode());
        assertEquals(422, post(party, "?size=10", whole).statusCode());
        assertEquals(422, post(party, "", whole.replace("\"file\"", "\"list\"")).statusCode());
        assertEquals(
                422,
                post(party, "", whole.replace("-----x--", head) + "\r\n-----x--\r\n")
                        .statusCode());
        assertEquals(400, post(party, "", whole.replace("-----x--", "")).statusCode());
        assertEquals(400, post(party, "", "title,isbn").statusCode());
        party.asks().get("/v1/imports").then().body("imports", hasSize(3));
    }

    private static Party society() {
        Party society = Party.openReachable();
        OperatorClient.ofService().letsVouch(society, "isbn", "work");
        return society;
    }

    /** The society's lists name its members by its own numbers. */
    @Test
    void aColumnOfMemberNumbersChoosesTheMandateRowByRow() {
        Party society = society();
        List<String> mandates = java.util.stream.Stream.of("1204", "1205", "0306")
                .map(number -> society.recordsMember(number).get("id").textValue())
                .toList();
        society.asks().delete("/v1/mandates/" + mandates.get(2)).then().statusCode(200);
        String file = "회원번호,제목,작사,작곡·편곡,ISBN\n1204,봄,김하늘,이서연,9788936434120\n1205,여름,,이서연,\n"
                + "9999,가을,,,\n0306,겨울,,,\n,다섯,,,\n-,여섯,,,\n";
        JsonPath received = receive(society, file);
        String id = received.getString("id");
        assertEquals(
                List.of("memberNumber", "title", "creators", "creators", "isbn"),
                received.getList("table.columns.role"));
        assertEquals(2, received.getInt("check.refused"));
        assertEquals(2, received.getInt("check.withoutMember"));
        assertEquals(mandates.get(0), received.getString("check.sampleRows[0].mandate"));
        planning(society, id, reserved("ai-training"))
                .statusCode(200)
                .body("check.declarable", equalTo(4))
                .body("check.problemRows.memberNumber", equalTo(List.of("9999", "0306")))
                .body(
                        "check.problemRows.problem.errors.reason",
                        equalTo(List.of(List.of("unknown-mandate"), List.of("mandate-not-in-force"))))
                .body("check.problemRows[0].problem.detail", containsString("9999"));
        JsonPath done = startAndWait(society, id);
        assertEquals(4, done.getInt("counts.declared"));
        assertEquals(2, done.getInt("counts.refused"));
        List<JsonNode> report = report(society, id);
        assertEquals("1204", report.get(0).get("memberNumber").textValue());
        assertTrue(report.get(3).at("/problem/detail").textValue().contains("0306"));
        for (int row = 0; row < 2; row++) {
            society.asks()
                    .get("/v1/declarations/" + report.get(row).get("id").textValue())
                    .then()
                    .body("mandate", equalTo(mandates.get(row)));
        }
        society.asks()
                .get("/v1/declarations/" + report.get(0).get("id").textValue())
                .then()
                .body("work.creators", equalTo(List.of("김하늘", "이서연")));
        society.asks()
                .get("/v1/declarations/" + report.get(4).get("id").textValue())
                .then()
                .body("mandate", equalTo(null));
        society.asks()
                .accept("text/csv")
                .get("/v1/imports/" + id + "/report")
                .then()
                .body(containsString("9999"));

        String others = receive(society, "회원번호,제목\n,다섯\n1204,여섯\n").getString("id");
        planning(society, others, reserved("ai-training").under(mandates.get(1)))
                .statusCode(200);
        startAndWait(society, others);
        assertEquals(
                List.of(mandates.get(1), mandates.get(0)),
                report(society, others).stream()
                        .map(line -> society.asks()
                                .get("/v1/declarations/" + line.get("id").textValue())
                                .then()
                                .extract()
                                .<String>path("mandate"))
                        .toList());
        assertEquals(
                Collections.singletonList((Object) null),
                receive(Party.open(), "회원번호,제목\n1204,봄\n")
                        .getList("table.columns.role")
                        .subList(0, 1),
                "a party without members has no use for the column");
    }

    @Test
    void suggestionsAreListedAndOnlyAcceptedOnesAreApplied() {
        Party party = Party.openReachable();
        String file = "제목,ISBN\n봄,9788936434121\n여름,9788936434121\n가을,9788954651135\n겨울,신청중\n다섯,123\n";
        JsonPath received = receive(party, file);
        String id = received.getString("id");
        assertEquals(List.of("9788936434121", "9788954651135"), received.getList("check.repairs.text"));
        assertEquals(List.of(2, 1), received.getList("check.repairs.rows"));
        assertEquals(List.of(false, false), received.getList("check.repairs.accepted"));
        assertEquals(1, received.getInt("check.placeholders"));
        assertEquals(4, received.getInt("check.declaredWithWarnings"));
        assertTrue(received.getBoolean("check.complete"));
        Object accepted = List.of(
                Map.of("column", 1, "text", "9788936434121", "subject", "isbn:9788936434120"),
                Map.of("column", 1, "text", "123", "subject", "isbn:9788954651134"));
        planning(party, id, reserved("ai-training").member("repairs", accepted))
                .statusCode(200)
                .body("check.repaired", equalTo(2))
                .body("check.declaredWithWarnings", equalTo(2))
                .body("check.repairs.accepted", equalTo(List.of(true, false)));
        JsonPath done = startAndWait(party, id);
        assertEquals(2, done.getInt("counts.repaired"));
        assertEquals(1, done.getInt("counts.placeholders"));
        List<JsonNode> report = report(party, id);
        assertEquals("9788936434121", report.get(0).at("/repairs/0/text").textValue());
        assertEquals(
                "isbn:9788936434120", report.get(0).at("/repairs/0/subject").textValue());
        assertEquals(1, report.get(3).get("placeholders").intValue());
        assertEquals("123", report.get(4).at("/notes/0/text").textValue());
        party.asks()
                .get("/v1/declarations/" + report.get(0).get("id").textValue())
                .then()
                .body("subjects", equalTo(List.of("isbn:9788936434120")));
        party.asks()
                .accept("text/csv")
                .get("/v1/imports/" + id + "/report")
                .then()
                .body(containsString("9788936434121 → isbn:9788936434120"));
    }

    @Test
    void rowsAreLeftOutByNumberAndByWhatACellHas() {
        Party party = Party.openReachable();
        String id = receive(party, "제목,비고,작가\n봄,,김하늘\n여름,권리 분쟁 중,이서연\n가을,,\n겨울,,박산\n다섯,,최강\n")
                .getString("id");
        Object leaveOut = Map.of(
                "rows",
                List.of("5-6"),
                "where",
                List.of(Map.of("column", 1, "contains", "분쟁"), Map.of("column", 2, "empty", true)));
        planning(party, id, reserved("ai-training").member("leaveOut", leaveOut))
                .statusCode(200)
                .body("check.leftOut", equalTo(4))
                .body("check.declarable", equalTo(1))
                .body("check.skippedRows.skipped", equalTo(Collections.nCopies(4, "left-out")));
        JsonPath done = startAndWait(party, id);
        assertEquals(1, done.getInt("counts.declared"));
        assertEquals(4, done.getInt("counts.skipped"));
        assertEquals("left-out", report(party, id).get(1).get("skipped").textValue());

        String other = receive(party, "제목\n봄\n").getString("id");
        for (Object wrong : List.of(
                Map.of("rows", List.of("0")),
                Map.of("rows", List.of("9-7")),
                Map.of("rows", List.of("x")),
                Map.of("where", List.of(Map.of("column", 1, "contains", "분쟁"))),
                Map.of("where", List.of(Map.of("column", -1, "contains", "분쟁"))),
                Map.of("where", List.of(Map.of("column", 0))),
                Map.of("where", List.of(Map.of("column", 0, "contains", "a", "empty", true))),
                Map.of("where", List.of(Map.of("contains", "a"))),
                Map.of("what", 1))) {
            planning(party, other, Bodies.object("leaveOut", wrong)).statusCode(422);
        }
        for (Object wrong : List.of(
                Map.of("column", 0, "text", "a"),
                Map.of("column", 500, "text", "a", "subject", "isbn:9788936434120"),
                Map.of("text", "a", "subject", "isbn:9788936434120"))) {
            planning(party, other, Bodies.object("repairs", List.of(wrong))).statusCode(422);
        }
    }

    @Test
    void aTableThatIsNoListOfWorksIsReadAndNotStored() {
        Party party = Party.open();
        byte[] file = "회원 명부,,\n,,\n회원번호,이름,종료일\n0306,김하늘,2028-12-01\n1205,이서연\n합계,2,\n"
                .getBytes(java.nio.charset.Charset.forName("x-windows-949"));
        party.asks()
                .contentType(FILE)
                .body(file)
                .post("/v1/tables")
                .then()
                .statusCode(200)
                .body("headerRow", equalTo(3))
                .body("columns", equalTo(List.of("회원번호", "이름", "종료일")))
                .body("rows.row", equalTo(List.of(4, 5)))
                .body("rows[0].cells", equalTo(List.of("0306", "김하늘", "2028-12-01")));
        party.asks()
                .contentType(FILE)
                .body(new byte[(16 << 20) + 1])
                .post("/v1/tables")
                .then()
                .statusCode(413);
        party.asks()
                .contentType(FILE)
                .body("%PDF-1.7".getBytes(StandardCharsets.UTF_8))
                .post("/v1/tables")
                .then()
                .statusCode(422);
        party.asks()
                .contentType(FILE)
                .body(("회원번호\n" + "1\n".repeat(50_001)).getBytes(StandardCharsets.UTF_8))
                .post("/v1/tables")
                .then()
                .statusCode(413);
        party.asks().get("/v1/imports").then().body("imports", hasSize(0));
    }

    /** Several blocks of rows, each of which finds the mandates of its members with one query. */
    @Test
    void eachRowOfALongListIsDeclaredForItsMember() {
        Party society = society();
        Map<String, String> numbers = new java.util.HashMap<>();
        for (String number : List.of("가-1", "가-2", "가-3")) {
            numbers.put(society.recordsMember(number).get("id").textValue(), number);
        }
        StringBuilder file = new StringBuilder("제목,회원번호\n");
        for (int i = 0; i < 2_400; i++) {
            file.append("작품 ").append(i).append(",가-").append(i % 4 + 1).append('\n');
        }
        String id = receive(society, file.toString()).getString("id");
        plan(society, id, RESERVED);
        JsonPath done = startAndWait(society, id);
        assertEquals(1_800, done.getInt("counts.declared"));
        assertEquals(600, done.getInt("counts.refused"));
        Map<String, Integer> declared = new java.util.TreeMap<>();
        for (String mandate : numbers.keySet()) {
            List<Object> titles = society.asks()
                    .get("/v1/parties/me/mandates/" + mandate + "/declarations?limit=1000")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("declarations.work.title");
            declared.put(numbers.get(mandate), titles.size());
        }
        assertEquals(Map.of("가-1", 600, "가-2", 600, "가-3", 600), declared);
    }
}
