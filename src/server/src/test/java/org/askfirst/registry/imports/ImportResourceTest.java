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
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Imports of files, through the endpoints that the pages use. */
@QuarkusTest
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
                Map.of("read", 3, "declared", 1, "alreadyDeclared", 0, "declaredWithWarnings", 0, "refused", 2),
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
                Map.of("read", 3, "declared", 2, "alreadyDeclared", 0, "declaredWithWarnings", 1, "refused", 1),
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
        String other = party.asks()
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
        party.asks().delete("/v1/parties/me").then().statusCode(204);
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

        assertEquals(422, post(party, "?size=10", whole).statusCode());
        assertEquals(422, post(party, "", whole.replace("\"file\"", "\"list\"")).statusCode());
        assertEquals(
                422,
                post(party, "", whole.replace("-----x--", head) + "\r\n-----x--\r\n")
                        .statusCode());
        assertEquals(400, post(party, "", whole.replace("-----x--", "")).statusCode());
        assertEquals(400, post(party, "", "title,isbn").statusCode());
        party.asks().get("/v1/imports").then().body("imports", hasSize(2));
    }
}
