package org.askfirst.registry.report;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.subject.Sha256;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.junit.jupiter.api.Test;

/** Usage reports over HTTP: received, judged, filed, corrected, disputed, and seen by two sides alone. */
@QuarkusTest
class ReportTest extends RegistryTest {
    private static final Map<String, String> PRICE = Map.of("basis", "per-work", "amount", "500", "currency", "KRW");
    private static final String NDJSON = "application/x-ndjson";

    @Test
    void eachLineHasAVerdict() {
        Reporting reporting = new Reporting(PRICE);
        String others = Names.file();
        Party.open().declares(reserved("text-and-data-mining").of(others));
        String nobodys = Names.file();
        reporting.opening(1, Map.of()).statusCode(200).body("status", equalTo("receiving"));
        String[] lines = {
            Reporting.line(reporting.book, "10", "1", "", ""),
            Reporting.line(reporting.book, "10.0", "1.00", "", ""),
            Reporting.line(others, "1", "1", "", ""),
            Reporting.line(nobodys, "1", "1", "", ""),
            "{\"work\":\"isbn:123\"}",
            "{\"work\":\"" + reporting.poem + "\",\"unit\":\"1\"}",
            "not JSON",
            Reporting.line(reporting.ownBook, "1", "1.2", "", ""),
            Reporting.line(reporting.poem, "1", "0.6", "", "a"),
            Reporting.line(reporting.poem, "2", "0.6", "", "a"),
            Reporting.line(reporting.poem, "3", "0.4", "", "a"),
            Reporting.line(reporting.poem, "3", "1", "", "b")
        };
        reporting.sending(1, lines).statusCode(200).body("lines", equalTo(12));
        reporting
                .filing(1, 12)
                .statusCode(200)
                .body("status", equalTo("filed"))
                .body("verdicts.accepted", equalTo(4))
                .body("verdicts.unknown", equalTo(4))
                .body("verdicts.outside-grant", equalTo(1))
                .body("verdicts.over-claimed", equalTo(2))
                .body("verdicts.duplicate", equalTo(1));
        assertEquals(
                List.of(
                        "accepted",
                        "duplicate",
                        "outside-grant",
                        "unknown",
                        "unknown",
                        "unknown",
                        "unknown",
                        "over-claimed",
                        "accepted",
                        "over-claimed",
                        "accepted",
                        "accepted"),
                reporting.ofLines(1, "verdict"));
        List<String> reasons = reporting.ofLines(1, "reason");
        assertEquals(List.of("no-statement", "wrong-shape", "unknown-member", "syntax-error"), reasons.subList(3, 7));
        assertEquals(reporting.moon.id(), reporting.ofLines(1, "member").get(0));
        assertEquals("not JSON", reporting.ofLines(1, "work").get(6));
        reporting
                .society
                .asks()
                .queryParam("verdict", "over-claimed")
                .get(reporting.path(1) + "/lines")
                .then()
                .body("lines.line", equalTo(List.of(8, 10)));
        reporting
                .society
                .asks()
                .queryParam("member", reporting.river.id())
                .queryParam("limit", 2)
                .get(reporting.path(1) + "/lines")
                .then()
                .body("lines.line", equalTo(List.of(9, 10)))
                .body("next", equalTo(10));
    }

    @Test
    void aGrantOfEverythingCoversWhatTheLicensorStates() {
        Reporting reporting = new Reporting(PRICE);
        String everything = reporting.granted(Map.of("everything", true), PRICE);
        String path = "/v1/grants/" + everything + "/reports/" + reporting.period + "/1";
        reporting.licensee.says(Map.of()).put(path).then().statusCode(200);
        String other = Names.file();
        Party.open().reserves(other);
        reporting
                .licensee
                .asks()
                .contentType(NDJSON)
                .body(Reporting.line(reporting.book, "1", "1", "", "") + "\n" + Reporting.line(other, "1", "1", "", "")
                        + "\n\n")
                .patch(path + "/lines")
                .then()
                .body("lines", equalTo(2))
                .body("verdicts.accepted", equalTo(1))
                .body("verdicts.outside-grant", equalTo(1));
    }

    @Test
    void aTableIsReadLikeLines() {
        Reporting reporting = new Reporting(PRICE);
        reporting.opening(1, Map.of()).statusCode(200);
        String table = "\uFEFFunits,work,share,ref\r\n10," + reporting.book + ",1,\"a, b\"\r\n,\"" + reporting.poem
                + "\",0.5,\r\n1," + reporting.ownBook + ",1,x,y\r\n-1," + reporting.ownBook + ",1,\r\n";
        reporting
                .sending(1, 0, "text/csv", table)
                .statusCode(200)
                .body("lines", equalTo(4))
                .body("verdicts.accepted", equalTo(2));
        assertEquals(
                "a, b",
                reporting
                        .licensee
                        .asks()
                        .get(reporting.path(1) + "/lines")
                        .then()
                        .extract()
                        .path("lines[0].ref"));
        reporting
                .sending(1, 4, "text/csv", "title\nx\n")
                .statusCode(422)
                .body("type", containsString("unreadable-table"));
        reporting.sending(1, 0, "text/csv", "").statusCode(422);
        String csv = reporting
                .licensee
                .asks()
                .accept("text/csv")
                .get(reporting.path(1) + "/lines")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertTrue(csv.contains("1,accepted," + reporting.book + ",10,1,,\"a, b\""), csv);
    }

    @Test
    void sendingContinuesAndRepeats() {
        Reporting reporting = new Reporting(PRICE);
        reporting.opening(1, Map.of()).statusCode(200);
        String[] lines = reporting.usual();
        reporting.sending(1, lines[0], lines[1]).body("lines", equalTo(2));
        reporting.sending(1, lines).body("lines", equalTo(3));
        reporting.sending(1, lines).body("lines", equalTo(3));
        reporting
                .sending(1, 5, NDJSON, lines[0])
                .statusCode(409)
                .body("type", containsString("report-not-ready"))
                .body("detail", containsString("3 lines"));
        reporting.filing(1, 4).statusCode(409);
        String first = reporting.filing(1, 3).statusCode(200).extract().asString();
        assertEquals(first, reporting.filing(1, 3).statusCode(200).extract().asString());
        reporting.sending(1, 3, NDJSON, lines[0]).statusCode(409);
        reporting.licensee.asks().delete(reporting.path(1)).then().statusCode(409);
        reporting.opening(1, Map.of()).statusCode(200).body("status", equalTo("filed"));
        assertEquals(List.of("500", "250", "500"), reporting.ofLines(1, "part"));
    }

    @Test
    void aCorrectionIsARevision() {
        Reporting reporting = new Reporting(PRICE);
        reporting.opening(2, Map.of()).statusCode(409);
        reporting.files(1, Map.of(), reporting.usual());
        reporting.opening(3, Map.of()).statusCode(409);
        reporting.files(2, Map.of(), reporting.usual()[0]);
        reporting
                .society
                .asks()
                .get("/v1/grants/" + reporting.grant + "/reports")
                .then()
                .body("reports.revision", equalTo(List.of(1, 2)))
                .body("reports.current", equalTo(List.of(false, true)))
                .body("reports.due", equalTo(List.of("1250", "500")));
        for (Party side : List.of(reporting.society, reporting.licensee)) {
            side.asks()
                    .queryParam("role", side.equals(reporting.society) ? "licensor" : "licensee")
                    .get("/v1/statements")
                    .then()
                    .body("statements", hasSize(1))
                    .body("statements[0].revision", equalTo(2))
                    .body("statements[0].due", equalTo("500"));
        }
        reporting
                .society
                .asks()
                .queryParam("role", "licensor")
                .queryParam("revisions", "all")
                .queryParam("limit", 1)
                .get("/v1/statements")
                .then()
                .body("statements", hasSize(1))
                .body("statements[0].revision", equalTo(1))
                .body("next", notNullValue());
        reporting
                .society
                .asks()
                .queryParam("role", "licensor")
                .queryParam("period", "2001-Q1")
                .get("/v1/statements")
                .then()
                .body("statements", hasSize(0));
        String csv = reporting
                .society
                .asks()
                .accept("text/csv")
                .queryParam("role", "licensor")
                .get("/v1/statements")
                .then()
                .extract()
                .asString();
        assertTrue(csv.contains("1 works × 500 KRW = 500 → 500 KRW,500,KRW"), csv);
    }

    @Test
    void theOtherSideSeesItOnceItIsFiled() {
        Reporting reporting = new Reporting(PRICE);
        reporting.opening(1, Map.of()).statusCode(200);
        reporting.society.asks().get(reporting.path(1)).then().statusCode(404);
        reporting.society.says(Map.of()).put(reporting.path(1)).then().statusCode(403);
        reporting.sending(1, reporting.usual());
        reporting.filing(1, 3).statusCode(200);
        reporting.society.asks().get(reporting.path(1)).then().statusCode(200).body("verdicts.accepted", equalTo(3));
        reporting
                .society
                .asks()
                .get("/v1/parties/me/notices")
                .then()
                .body("notices.find { it.kind == 'report-filed' }.subjectId", equalTo(reporting.grant));
    }

    @Test
    void onlyTheTwoSidesSeeAnything() {
        Reporting reporting = new Reporting(PRICE);
        reporting.files(1, Map.of(), reporting.usual());
        List<String> reads = List.of(
                "/v1/grants/" + reporting.grant + "/reports",
                reporting.path(1),
                reporting.path(1) + "/lines",
                reporting.path(1) + "/statement",
                reporting.path(1) + "/statement/signed",
                reporting.path(1) + "/statement/members",
                reporting.path(1) + "/disputes",
                "/v1/grants/" + reporting.grant + "/training-summary",
                "/v1/grants/" + reporting.grant + "/usage-info");
        for (String read : reads) {
            for (Party other : List.of(Party.open(), reporting.moon)) {
                other.asks().get(read).then().statusCode(404);
                if (read.matches(".*/(lines|statement|members|training-summary)")) {
                    other.asks().accept("text/csv").get(read).then().statusCode(404);
                }
            }
            given().get(read).then().statusCode(401);
            reporting.licensee.asks().get(read).then().statusCode(200);
            reporting.society.asks().get(read).then().statusCode(200);
        }
        for (Party other : List.of(Party.open(), reporting.moon)) {
            for (String role : List.of("licensor", "licensee")) {
                other.asks()
                        .queryParam("role", role)
                        .queryParam("revisions", "all")
                        .get("/v1/statements")
                        .then()
                        .body("statements", hasSize(0));
            }
            other.asks().get("/v1/statements/members").then().body("members", hasSize(0));
            other.says(Map.of("text", "x"))
                    .put(reporting.path(1) + "/disputes/1")
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void entriesNameNobody() {
        Reporting reporting = new Reporting(PRICE);
        reporting.files(1, Map.of(), reporting.usual());
        String report = reporting
                .licensee
                .asks()
                .get(reporting.path(1))
                .then()
                .extract()
                .path("id");
        String feed = given().queryParam("after", position(reporting) - 1)
                .get("/v1/changes")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertTrue(feed.contains("report-filed") && feed.contains("statement-issued") && feed.contains(report), feed);
        for (String secret :
                List.of(reporting.grant, reporting.licensee.id(), reporting.society.id(), reporting.book, "1250")) {
            assertFalse(feed.contains(secret), secret + " in " + feed);
        }
    }

    private static int position(Reporting reporting) {
        return reporting.licensee.asks().get(reporting.path(1)).then().extract().path("position");
    }

    @Test
    void theSignedStatementOpensTheCommitment() {
        Reporting reporting = new Reporting(PRICE);
        reporting.files(1, Map.of(), reporting.usual());
        Response signed = reporting.society.asks().get(reporting.path(1) + "/statement/signed");
        String jws = signed.path("jws");
        String payload = jws.substring(jws.indexOf('.') + 1, jws.lastIndexOf('.'));
        JsonNode claims = Answers.tree(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
        assertEquals("usage-statement", claims.path("kind").asText());
        JsonNode entry = Answers.tree(claims.path("entry").asText());
        assertEquals("statement-issued", entry.path("type").asText());
        byte[] salt = HexFormat.of().parseHex(claims.path("salt").asText());
        String text = claims.path("confidential").asText();
        assertEquals(
                entry.path("commitment").asText(),
                HexFormat.of().formatHex(Sha256.of(salt, text.getBytes(StandardCharsets.UTF_8))));
        JsonNode statement = Answers.tree(text).path("license");
        assertEquals("1250", statement.path("due").asText());
        assertEquals(reporting.licensee.id(), statement.path("licensee").asText());
        signed.then().body("proof", startsWith("c2sp.org/tlog-proof"));
        given().contentType("application/json")
                .body(Map.of("receipt", jws))
                .post("/v1/receipts/verify")
                .then()
                .body("valid", equalTo(true))
                .body("kind", equalTo("usage-statement"));
    }

    @Test
    void theLinesHaveTheHashOfTheReport() {
        Reporting reporting = new Reporting(PRICE);
        reporting.files(1, Map.of(), reporting.usual());
        byte[] lines = reporting
                .licensee
                .asks()
                .accept(NDJSON)
                .get(reporting.path(1) + "/lines")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        reporting
                .society
                .asks()
                .get(reporting.path(1))
                .then()
                .body("linesSha256", equalTo(HexFormat.of().formatHex(Sha256.of(lines))));
    }

    @Test
    void eitherSideDisputesALine() {
        Reporting reporting = new Reporting(PRICE);
        reporting.files(1, Map.of(), reporting.usual());
        String dispute = reporting.path(1) + "/disputes/2";
        reporting
                .society
                .says(Map.of("text", "Two lines are missing."))
                .put(dispute)
                .then()
                .statusCode(200)
                .body("by", equalTo("licensor"))
                .body("status", equalTo("open"));
        reporting.licensee.asks().get(reporting.path(1)).then().body("openDisputes", equalTo(1));
        reporting
                .licensee
                .asks()
                .get("/v1/parties/me/notices")
                .then()
                .body("notices.find { it.kind == 'report-disputed' }.subjectId", equalTo(reporting.grant));
        Map<String, String> answer = Map.of("outcome", "accepted", "text", "Revision 2 has them.");
        reporting.society.says(answer).put(dispute + "/answer").then().statusCode(409);
        reporting.licensee.says(Map.of("text", "x")).put(dispute).then().statusCode(409);
        reporting
                .licensee
                .says(answer)
                .put(dispute + "/answer")
                .then()
                .statusCode(200)
                .body("status", equalTo("accepted"))
                .body("answer", equalTo("Revision 2 has them."));
        reporting.licensee.says(answer).put(dispute + "/answer").then().statusCode(200);
        reporting
                .licensee
                .says(Map.of("outcome", "rejected"))
                .put(dispute + "/answer")
                .then()
                .statusCode(409);
        reporting.society.says(Map.of("text", "y")).put(dispute).then().statusCode(409);
        reporting
                .licensee
                .says(Map.of("text", "Not ours."))
                .put(reporting.path(1) + "/disputes/3")
                .then()
                .body("by", equalTo("licensee"));
        for (String none : List.of("0", "4", "x", "99999999999")) {
            reporting
                    .licensee
                    .says(Map.of("text", "x"))
                    .put(reporting.path(1) + "/disputes/" + none)
                    .then()
                    .statusCode(404);
        }
        reporting
                .licensee
                .says(answer)
                .put(reporting.path(1) + "/disputes/1/answer")
                .then()
                .statusCode(404);
        closes(reporting.society);
        reporting
                .licensee
                .asks()
                .get(reporting.path(1) + "/disputes")
                .then()
                .body("disputes.line", equalTo(List.of(2, 3)))
                .body("disputes[0].text", nullValue())
                .body("disputes[0].answer", equalTo("Revision 2 has them."))
                .body("disputes[1].text", equalTo("Not ours."));
        reporting.licensee.asks().get(reporting.path(1) + "/statement").then().body("due", equalTo("1250"));
    }

    @Test
    void thePeriodFitsTheGrant() {
        Reporting reporting = new Reporting(PRICE);
        String reports = "/v1/grants/" + reporting.grant + "/reports/";
        for (String refused : List.of("2026", "2026-Q4", "2001-01", "2098-12")) {
            reporting
                    .licensee
                    .says(Map.of())
                    .put(reports + refused + "/1")
                    .then()
                    .statusCode(422)
                    .body("errors[0].parameter", not(equalTo("x")));
        }
        for (String none : List.of("2026-13/1", "x/1", "2026-11%00/1", "2026-11/0", "2026-11/1000", "2026-11/x")) {
            reporting
                    .licensee
                    .says(Map.of())
                    .urlEncodingEnabled(false)
                    .put(reports + none)
                    .then()
                    .statusCode(404);
        }
        assertEquals(
                "2026-12-01T00:00:00Z",
                ReportPeriod.parse("2026-11").orElseThrow().to().toString());
        assertEquals(
                "2026-10-01T00:00:00Z",
                ReportPeriod.parse("2026-Q4").orElseThrow().from().toString());
        assertEquals(
                "2027-01-01T00:00:00Z",
                ReportPeriod.parse("2026").orElseThrow().to().toString());
        assertTrue(YearMonth.parse(reporting.period).isAfter(YearMonth.of(2001, 1)));
    }

    @Test
    void theKeyOfDistributionIsASetting() {
        Party society = Party.open();
        String path = "/v1/parties/me/distribution-key";
        society.asks().get(path).then().body("deduction", equalTo("0")).body("changedAt", nullValue());
        Map<String, Object> key = Map.of("deduction", "12.5", "weights", Map.of(society.id(), "3"));
        society.says(key).put(path).then().statusCode(200).body("changedAt", notNullValue());
        society.asks()
                .get(path)
                .then()
                .body("deduction", equalTo("12.5"))
                .body("weights", equalTo(Map.of(society.id(), "3")));
        society.says(Map.of("deduction", "101")).put(path).then().statusCode(422);
        society.says(Map.of("deduction", "1", "weights", Map.of("x", "1")))
                .put(path)
                .then()
                .statusCode(422);
        society.says(Map.of()).put(path).then().statusCode(422);
    }

    @Test
    void whatMustBeDisclosedElsewhereIsFilledIn() {
        Reporting reporting = new Reporting(PRICE);
        String domain = reporting.poem.replaceAll("url:https?://([^/]*)/.*", "$1");
        String summary = "/v1/grants/" + reporting.grant + "/training-summary";
        reporting
                .licensee
                .asks()
                .get(summary)
                .then()
                .body("source", equalTo("works"))
                .body("domains", hasSize(1));
        reporting.files(1, Map.of(), reporting.usual());
        reporting
                .licensee
                .asks()
                .get(summary)
                .then()
                .body("source", equalTo("reports"))
                .body("domains", hasSize(1))
                .body("domains[0].units", equalTo("301"))
                .body("domains[0].works", equalTo(1));
        String csv = reporting.licensee.asks().accept("text/csv").get(summary).asString();
        String named = reporting.licensee.asks().get(summary).path("domains[0].domain");
        assertTrue(domain.endsWith(named) && csv.contains(named + ",1,301"), domain + " " + csv);
        reporting
                .licensee
                .asks()
                .get("/v1/grants/" + reporting.grant + "/usage-info")
                .then()
                .body("usageInfo.'@type'", equalTo(List.of("CreativeWork", "odrl:Offer")))
                .body("usageInfo.identifier", equalTo(reporting.grant))
                .body(
                        "usageInfo.'odrl:permission'.'odrl:constraint'[0].'odrl:rightOperand'",
                        equalTo(List.of("generative-ai-training")));
    }

    @Test
    void aReportSurvivesTheEndOfItsGrant() {
        Reporting reporting = new Reporting(PRICE);
        reporting
                .society
                .says(Map.of())
                .post("/v1/grants/" + reporting.grant + "/revocation")
                .then()
                .statusCode(201);
        reporting.files(1, Map.of(), reporting.usual());
        assertEquals("1250", reporting.statement(1).get("due"));
    }

    @Test
    void membersWithoutAnAccountAreNamedByTheirMandate() {
        Party society = Party.openReachable();
        OperatorClient.ofService().letsVouch(society, "url", "sha256");
        String mandate = society.recordsMember("17").path("id").asText();
        String work = Names.file();
        society.declares(reserved("text-and-data-mining").of(work).under(mandate));
        Reporting reporting = new Reporting(PRICE);
        String grant = Answers.id(society.says(Map.of(
                        "licensee",
                        reporting.licensee.id(),
                        "works",
                        Map.of("subjects", List.of(work)),
                        "terms",
                        Map.of(
                                "uses",
                                List.of("generative-ai-training"),
                                "model",
                                Map.of("scope", "any"),
                                "validTo",
                                "2999-01-01T00:00:00Z",
                                "reporting",
                                "month",
                                "price",
                                PRICE)))
                .post("/v1/grants")
                .then()
                .statusCode(201));
        String path = "/v1/grants/" + grant + "/reports/" + reporting.period + "/1";
        reporting.licensee.says(Map.of()).put(path).then().statusCode(200);
        reporting
                .licensee
                .asks()
                .contentType(NDJSON)
                .body("{\"work\":\"" + work + "\"}")
                .patch(path + "/lines")
                .then()
                .statusCode(200);
        reporting.licensee.says(Map.of("lines", 1)).put(path + "/filing").then().statusCode(200);
        society.asks()
                .get(path + "/statement/members")
                .then()
                .body("members[0].member", equalTo(mandate))
                .body("members[0].amount", equalTo("500"));
    }
}
