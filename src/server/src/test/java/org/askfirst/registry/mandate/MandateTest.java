package org.askfirst.registry.mandate;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** Checks vouching and mandates: who may declare for whom, and which effects stay after a mandate has ended. */
@QuarkusTest
class MandateTest extends RegistryTest {
    private static final String STANCES = "\"stances\":{\"ai-training\":\"reserved\",\"ai-index\":\"permitted\"},"
            + "\"terms\":{\"contact\":\"mailto:licence@society.example\"}";

    private static ValidatableResponse decide(Party party, String decision, String more) {
        return given().header("Authorization", "Bearer " + Party.operatorKey())
                .contentType("application/json")
                .body("{\"party\":\"" + party.id() + "\",\"decision\":\"" + decision + "\",\"reason\":\"It was seen\""
                        + more + "}")
                .post("/v1/operator/decisions")
                .then()
                .statusCode(201);
    }

    private static Party society(String... kinds) {
        Party society = Party.openReachable();
        decide(society, "vouching-granted", ",\"schemes\":[\"" + String.join("\",\"", kinds) + "\"]");
        return society;
    }

    private static String mandate(Party society, Party member, String more) {
        String id = society.says("{\"member\":\"" + member.id() + "\"" + more + "}")
                .post("/v1/mandates")
                .then()
                .statusCode(201)
                .body("state", equalTo("offered"))
                .body("inForce", equalTo(false))
                .extract()
                .path("id");
        member.asks()
                .post("/v1/mandates/" + id + "/acceptance")
                .then()
                .statusCode(200)
                .body("state", equalTo("accepted"))
                .body("inForce", equalTo(true));
        return id;
    }

    private static ValidatableResponse declare(Party society, String mandate, String subject, String rest) {
        return society.says("{\"subjects\":[\"" + subject + "\"],\"mandate\":\"" + mandate + "\"," + rest + "}")
                .post("/v1/declarations")
                .then();
    }

    private static ValidatableResponse ask(String subject, String use) {
        return given().queryParam("subject", subject)
                .queryParam("use", use)
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse ask(String subject, String use, int asOf) {
        return given().queryParam("subject", subject)
                .queryParam("use", use)
                .queryParam("asOf", asOf)
                .get("/v1/lookup")
                .then()
                .statusCode(200);
    }

    private static JsonPath record(Party society, String reference) {
        return JsonPath.from(society.asks()
                .contentType("application/x-ndjson")
                .body("{\"memberNumber\":\"" + reference + "\"}\n")
                .post("/v1/mandates/batch")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    private static int position() {
        return Integer.parseInt(
                given().queryParam("subject", Names.url()).get("/v1/lookup").header("Askfirst-Position"));
    }

    private static List<String> own(Party party, String query) {
        return party.asks()
                .get("/v1/parties/me/mandates?" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("mandates.id");
    }

    @Test
    void aSocietyFindsItsMandatesAndTheDeclarationsUnderOne() {
        Party society = society("isbn");
        Party member = Party.openReachable();
        String first = record(society, "KR-1204").getString("id");
        String second = record(society, "KR-1205").getString("id");
        String accepted = mandate(society, member, "");
        assertEquals(List.of(first, second, accepted), own(society, "limit=10"));
        assertEquals(List.of(accepted, second), own(society, "order=newest&limit=2"));
        assertEquals(List.of(second), own(society, "text=kr-1205"));
        assertEquals(List.of(first, second), own(society, "text=KR&state=recorded"));
        assertEquals(List.of(accepted), own(society, "text=" + member.id()));
        assertEquals(List.of(accepted), own(member, "text=" + society.id()));
        assertEquals(List.of(accepted), own(member, "text=" + accepted + "&state=accepted"));
        assertEquals(List.of(), own(member, "text=KR"), "a member found its mandate by the society's number");
        assertEquals(List.of(), own(society, "state=withdrawn"));
        society.asks().get("/v1/parties/me/mandates?state=open").then().statusCode(422);
        society.asks().get("/v1/parties/me/mandates?order=best").then().statusCode(422);
        member.asks()
                .get("/v1/mandates/" + accepted)
                .then()
                .body("societyName", equalTo("김하늘 작가"))
                .body("memberName", equalTo("김하늘 작가"));

        String subject = Names.url();
        declare(society, accepted, subject, STANCES).statusCode(201);
        declare(society, first, Names.url(), STANCES).statusCode(201);
        society.asks()
                .get("/v1/parties/me/declarations?text=" + accepted)
                .then()
                .body("declarations", hasSize(1))
                .body("declarations[0].subjects[0]", equalTo(subject));
    }

    private static List<String> under(Party party, String mandate, String query) {
        return party.asks()
                .get("/v1/parties/me/mandates/" + mandate + "/declarations" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("declarations.id");
    }

    @Test
    void bothSidesSeeTheDeclarationsUnderTheirMandate() {
        Party society = society("isbn", "url");
        Party member = Party.open();
        String mandate = mandate(society, member, "");
        String other = mandate(society, Party.open(), "");
        String subject = Names.url();
        String first = declare(society, mandate, subject, STANCES)
                .statusCode(201)
                .extract()
                .path("id");
        declare(society, other, subject, STANCES).statusCode(201);
        society.reserves(subject);
        member.reserves(subject);
        String listed = society.declares(
                "{\"repertoire\":{\"title\":\"봄 시집\"},\"mandate\":\"" + mandate + "\"," + STANCES + "}");
        society.says("{\"add\":[\"isbn:9788936434120\"]}")
                .post("/v1/declarations/" + listed + "/repertoire")
                .then()
                .statusCode(200);
        String withdrawn = declare(society, mandate, Names.url(), STANCES)
                .statusCode(201)
                .extract()
                .path("id");
        society.asks().delete("/v1/declarations/" + withdrawn).then().statusCode(200);

        for (Party side : List.of(society, member)) {
            assertEquals(List.of(first, listed, withdrawn), under(side, mandate, ""));
            assertEquals(List.of(withdrawn, listed, first), under(side, mandate, "?order=newest"));
            assertEquals(List.of(first), under(side, mandate, "?text=" + subject));
            assertEquals(List.of(listed), under(side, mandate, "?text=978-89-364-3412-0"));
            assertEquals(List.of(listed), under(side, mandate, "?text=시집&status=in-force"));
            assertEquals(List.of(withdrawn), under(side, mandate, "?status=withdrawn"));
            Integer next = side.asks()
                    .get("/v1/parties/me/mandates/" + mandate + "/declarations?limit=2")
                    .then()
                    .body("declarations.id", contains(first, listed))
                    .body("declarations[0].mandate", equalTo(mandate))
                    .body("declarations[1].repertoire.listedCount", equalTo(1))
                    .extract()
                    .path("next");
            assertEquals(List.of(withdrawn), under(side, mandate, "?limit=2&after=" + next));
        }
        String path = "/v1/parties/me/mandates/" + mandate + "/declarations";
        Party.open().asks().get(path).then().statusCode(404);
        member.asks()
                .get("/v1/parties/me/mandates/" + other + "/declarations")
                .then()
                .statusCode(404);
        member.asks().get("/v1/parties/me/mandates/m_0/declarations").then().statusCode(404);
        member.asks().get(path + "?state=withdrawn").then().statusCode(422);
        member.asks().get(path + "?status=open").then().statusCode(422);

        // After the mandate, the member still sees the declarations, and can withdraw them.
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
        member.asks().delete("/v1/declarations/" + first).then().statusCode(200);
        for (Party side : List.of(society, member)) {
            assertEquals(List.of(first, withdrawn), under(side, mandate, "?status=withdrawn"));
        }
    }

    @Test
    void aMemberSeesTheDeclarationsForItAfterItClaimedItsMandate() {
        Party society = society("url");
        JsonPath recorded = record(society, "1204");
        String mandate = recorded.getString("id");
        String declared = declare(society, mandate, Names.url(), STANCES)
                .statusCode(201)
                .extract()
                .path("id");
        Party member = Party.open();
        String path = "/v1/parties/me/mandates/" + mandate + "/declarations";
        member.asks().get(path).then().statusCode(404);
        member.says("{\"code\":\"" + recorded.getString("code") + "\"}")
                .post("/v1/mandates/claims")
                .then()
                .statusCode(200);
        assertEquals(List.of(declared), under(member, mandate, ""));
        assertEquals(List.of(declared), under(society, mandate, ""));
    }

    @Test
    void aSocietyDeclaresForItsMemberAndTheAnswerNamesTheMandate() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member, "");
        String file = Names.file();
        declare(society, mandate, file, STANCES).statusCode(201).body("mandate", equalTo(mandate));
        ask(file, "ai-index")
                .body("verdict", equalTo("allow"))
                .body("statements[0].party", equalTo(society.id()))
                .body("statements[0].trust", equalTo("vouched"))
                .body("statements[0].mandate.id", equalTo(mandate))
                .body("statements[0].mandate.inForce", equalTo(true))
                .body("statements[0].mandate.member", equalTo(member.id()))
                .body("statements[0].mandate.memberName", equalTo("하늘 출판사"));
        ask(file, "ai-training")
                .body("verdict", equalTo("ask"))
                .body("statements[0].contact", equalTo("mailto:licence@society.example"));
        member.asks()
                .get("/v1/parties/me")
                .then()
                .body("notices.kind", contains("mandate-offered"))
                .body("notices[0].text.ko", containsString(mandate));
        society.asks().get("/v1/parties/me").then().body("notices.kind", contains("mandate-accepted"));
    }

    @Test
    void aMandateAloneGivesNoStanding() {
        Party society = Party.open();
        Party member = Party.open();
        String file = Names.file();
        declare(society, mandate(society, member, ""), file, STANCES).statusCode(201);
        ask(file, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        ask(file, "ai-training").body("verdict", equalTo("ask"));
        // The society may use the member's proof of control under the mandate.
        member.controls(file);
        ask(file, "ai-index").body("verdict", equalTo("allow"));
    }

    @Test
    void theMembersDeclarationOutranksTheSocietys() {
        Party society = society("sha256");
        Party member = Party.open();
        String file = Names.file();
        member.reserves(file);
        declare(society, mandate(society, member, ""), file, STANCES).statusCode(201);
        ask(file, "ai-index")
                .body("verdict", equalTo("deny"))
                .body("statements.applied", contains(true, false))
                .body("statements[1].notAppliedReason", equalTo("outranked"));
    }

    @Test
    void theEffectsOfAWithdrawnMandate() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member, "");
        String file = Names.file();
        String declared = declare(society, mandate, file, STANCES)
                .statusCode(201)
                .extract()
                .path("id");
        int inForcePosition = position();
        society.asks().delete("/v1/mandates/" + mandate).then().statusCode(403);
        member.asks().delete("/v1/declarations/" + declared).then().statusCode(403);
        member.asks()
                .delete("/v1/mandates/" + mandate)
                .then()
                .statusCode(200)
                .body("state", equalTo("withdrawn"))
                .body("inForce", equalTo(false))
                .body("validTo", notNullValue());
        int ended = position();

        // The permissions end, the reservations still apply, and the society is no longer the contact.
        ask(file, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("mandate-ended"))
                .body("statements[0].mandate.inForce", equalTo(false));
        ask(file, "ai-training")
                .body("verdict", equalTo("deny"))
                .body("statements[0].contact", nullValue())
                .body("statements[0].terms", nullValue());
        ask(file, "ai-index", inForcePosition).body("verdict", equalTo("allow"));
        ask(file, "ai-training", inForcePosition)
                .body("verdict", equalTo("ask"))
                .body("statements[0].contact", equalTo("mailto:licence@society.example"));

        // Now only the member can withdraw the declaration.
        society.asks().delete("/v1/declarations/" + declared).then().statusCode(403);
        society.says("{\"stances\":{\"ai-index\":\"permitted\"},\"mandate\":\"" + mandate + "\"}")
                .put("/v1/declarations/" + declared)
                .then()
                .statusCode(403);
        declare(society, mandate, Names.file(), STANCES).statusCode(422).body("errors.pointer", contains("#/mandate"));
        Party.open().asks().delete("/v1/declarations/" + declared).then().statusCode(403);
        member.asks()
                .delete("/v1/declarations/" + declared)
                .then()
                .statusCode(200)
                .body("status", equalTo("withdrawn"))
                .body("party", equalTo(society.id()));
        ask(file, "ai-training").body("verdict", equalTo("unknown"));
        ask(file, "ai-training", ended).body("verdict", equalTo("deny"));
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(409);
    }

    @Test
    void aMandateCanEndAtATimeInTheFuture() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member, "");
        String file = Names.file();
        declare(society, mandate, file, STANCES).statusCode(201);
        String until = TestClock.ofService().instant().plus(Duration.ofDays(30)).toString();
        member.asks()
                .queryParam("until", until)
                .delete("/v1/mandates/" + mandate)
                .then()
                .statusCode(200)
                .body("state", equalTo("withdrawn"))
                .body("inForce", equalTo(true));
        ask(file, "ai-index").body("verdict", equalTo("allow"));
        member.asks()
                .queryParam("until", "2020-01-01T00:00:00Z")
                .delete("/v1/mandates/" + mandate)
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("until"));
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
        ask(file, "ai-index").body("verdict", equalTo("unknown"));
    }

    @Test
    void aDeclarationBeyondTheMandateIsRefused() {
        Party society = society("sha256", "isbn");
        Party member = Party.open();
        String mandate =
                mandate(society, member, ",\"schemes\":[\"sha256\"],\"uses\":[\"ai-training\"],\"territory\":[\"KR\"]");
        String reserves = "\"stances\":{\"generative-ai-training\":\"reserved\"}";
        declare(society, mandate, Names.file(), reserves).statusCode(201);
        for (String[] beyond : new String[][] {
            {"isbn:9788936434120", reserves},
            {Names.file(), "\"stances\":{\"text-and-data-mining\":\"reserved\"}"},
            {Names.file(), "\"stances\":{\"ai-training\":\"permitted\"}"}
        }) {
            declare(society, mandate, beyond[0], beyond[1])
                    .statusCode(422)
                    .body("errors.pointer", contains("#/mandate"));
        }
        declare(Party.open(), mandate, Names.file(), reserves)
                .statusCode(422)
                .body("errors.pointer", contains("#/mandate"));
        declare(society, "m_0", Names.file(), reserves).statusCode(422).body("errors.pointer", contains("#/mandate"));
        // An amendment can neither add nor remove a mandate.
        String under = declare(society, mandate, Names.file(), reserves)
                .statusCode(201)
                .extract()
                .path("id");
        society.says("{" + reserves + "}")
                .put("/v1/declarations/" + under)
                .then()
                .statusCode(422);
        String own = society.reserves(Names.file());
        society.says("{" + reserves + ",\"mandate\":\"" + mandate + "\"}")
                .put("/v1/declarations/" + own)
                .then()
                .statusCode(422);
    }

    @Test
    void theOtherSideDecidesOnce() {
        Party society = Party.open();
        Party member = Party.open();
        String offered = member.says("{\"society\":\"" + society.id() + "\"}")
                .post("/v1/mandates")
                .then()
                .statusCode(201)
                .body("member", equalTo(member.id()))
                .extract()
                .path("id");
        member.asks().post("/v1/mandates/" + offered + "/acceptance").then().statusCode(403);
        Party.open()
                .asks()
                .post("/v1/mandates/" + offered + "/acceptance")
                .then()
                .statusCode(403);
        declare(society, offered, Names.file(), "\"stances\":{\"ai-training\":\"reserved\"}")
                .statusCode(422);
        society.asks()
                .queryParam(
                        "until",
                        TestClock.ofService()
                                .instant()
                                .plus(Duration.ofDays(30))
                                .toString())
                .delete("/v1/mandates/" + offered)
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("until"));
        society.asks().delete("/v1/mandates/" + offered).then().statusCode(200).body("state", equalTo("declined"));
        society.asks().delete("/v1/mandates/" + offered).then().statusCode(409);
        society.asks()
                .post("/v1/mandates/" + offered + "/acceptance")
                .then()
                .statusCode(409)
                .body("type", containsString("mandate-decided"));
        given().get("/v1/mandates/" + offered).then().statusCode(200).body("state", equalTo("declined"));
        given().get("/v1/mandates/m_0").then().statusCode(404);
        member.asks().get("/v1/parties/me/mandates").then().body("mandates.id", contains(offered));
        society.says("{\"member\":\"" + society.id() + "\"}")
                .post("/v1/mandates")
                .then()
                .statusCode(422);
        society.says("{\"member\":\"p_00000000000000000000000000\"}")
                .post("/v1/mandates")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("#/member"));
        society.says("{\"schemes\":[\"isbm\"],\"validTo\":\"2020-01-01T00:00:00Z\"}")
                .post("/v1/mandates")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItems("#/member", "#/schemes/0", "#/validTo"));
    }

    @Test
    void membersWithoutAnAccountAreRecordedInBulkAndClaimTheirMandates() {
        Party society = society("sha256");
        String lines = """
                {"memberNumber":"1204","uses":["ai-training"]}
                {"memberNumber":"1205"}
                {"referense":"1206"}
                {"memberNumber":"1204"}
                """;
        List<String> answers = society.asks()
                .contentType("application/x-ndjson")
                .body(lines)
                .post("/v1/mandates/batch")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
        assertEquals(4, answers.size());
        JsonPath first = JsonPath.from(answers.get(0));
        String code = first.getString("code");
        String mandate = first.getString("id");
        assertEquals(422, JsonPath.from(answers.get(2)).getInt("problem.status"));
        assertEquals(mandate, JsonPath.from(answers.get(3)).getString("id"));
        assertTrue(JsonPath.from(answers.get(3)).getBoolean("alreadyDeclared"));
        assertEquals(null, JsonPath.from(answers.get(3)).getString("code"));

        String file = Names.file();
        String declared = declare(society, mandate, file, "\"stances\":{\"ai-training\":\"permitted\"}")
                .statusCode(201)
                .extract()
                .path("id");
        ask(file, "ai-training")
                .body("verdict", equalTo("allow"))
                .body("statements[0].mandate.id", equalTo(mandate))
                .body("statements[0].mandate.member", nullValue());
        int before = position();

        Party member = Party.open();
        member.says("{\"code\":\"" + code.toUpperCase(java.util.Locale.ROOT) + "\"}")
                .post("/v1/mandates/claims")
                .then()
                .statusCode(200)
                .body("member", equalTo(member.id()))
                .body("memberNumber", nullValue());
        member.says("{\"code\":\"" + code + "\"}")
                .post("/v1/mandates/claims")
                .then()
                .statusCode(404);
        society.asks().get("/v1/mandates/" + mandate).then().body("memberNumber", equalTo("1204"));
        given().get("/v1/mandates/" + mandate).then().body("memberNumber", nullValue());
        ask(file, "ai-training").body("statements[0].mandate.member", equalTo(member.id()));
        ask(file, "ai-training", before).body("statements[0].mandate.member", nullValue());

        member.reserves(file);
        ask(file, "ai-training").body("verdict", equalTo("deny"));
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
        member.asks().delete("/v1/declarations/" + declared).then().statusCode(200);
        // A member number whose mandate has ended can be recorded again.
        assertTrue(record(society, "1204").getString("code").startsWith("afm_"));
        // The erasure of the member also erases the member number.
        member.asks().delete("/v1/parties/me").then().statusCode(204);
        society.asks().get("/v1/mandates/" + mandate).then().body("memberNumber", nullValue());
    }

    @Test
    void aNewCodeReplacesALostCode() {
        Party society = society("sha256");
        Party member = Party.open();
        JsonPath recorded = record(society, "1205");
        String path = "/v1/mandates/" + recorded.getString("id") + "/code";
        member.asks().post(path).then().statusCode(403);
        society.asks().post(path).then().statusCode(200);
        String code = society.asks()
                .post(path)
                .then()
                .statusCode(200)
                .body("id", equalTo(recorded.getString("id")))
                .extract()
                .path("code");
        String claim = "{\"code\":\"%s\"}";
        member.says(String.format(claim, recorded.getString("code")))
                .post("/v1/mandates/claims")
                .then()
                .statusCode(404);
        member.says(String.format(claim, code))
                .post("/v1/mandates/claims")
                .then()
                .statusCode(200);
        Party.open()
                .says(String.format(claim, code))
                .post("/v1/mandates/claims")
                .then()
                .statusCode(404);
        society.asks().post(path).then().statusCode(409);
    }

    @Test
    void aSocietyEndsAMandateWithoutAMember() {
        Party society = society("sha256");
        String mandate = record(society, "7").getString("id");
        society.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
    }

    @Test
    void csvIsReadAndAnsweredAsCsv() {
        Party society = society("sha256");
        String csv = """
                \uFEFFmemberNumber,schemes,uses,validTo
                "12,04",sha256 isbn,ai-training;ai-index,2099-01-01T00:00:00Z
                =1+1,,,
                1206,isbm,,
                1,2,3,4,5
                "open
                """;
        List<String> answers = society.asks()
                .contentType("text/csv")
                .body(csv.replace("\n", "\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post("/v1/mandates/batch")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .toList();
        assertEquals(6, answers.size(), answers.toString());
        assertEquals("line,memberNumber,id,code,position,alreadyDeclared,problem", answers.get(0));
        assertTrue(answers.get(1).matches("2,\"12,04\",m_[0-9a-z]{26},afm_[0-9a-z]{26},\\d+,,"), answers.get(1));
        assertTrue(answers.get(2).startsWith("3,'=1+1,m_"), answers.get(2));
        assertTrue(answers.get(3).startsWith("4,,,,,,\"schemes[0]: give one of"), answers.get(3));
        assertTrue(answers.get(4).contains("5 fields"), answers.get(4));
        assertTrue(answers.get(5).contains("not closed"), answers.get(5));
        society.asks()
                .get("/v1/parties/me/mandates")
                .then()
                .body("mandates", hasSize(2))
                .body("mandates[0].schemes", contains("isbn", "sha256"))
                .body("mandates[0].uses", contains("ai-training", "ai-index"));
    }

    @Test
    void onlyAVouchingBodyVouchesAndRecordsMandates() {
        Party stranger = Party.open();
        Party member = Party.open();
        stranger.says("{\"party\":\"" + member.id() + "\"}")
                .post("/v1/parties/me/members")
                .then()
                .statusCode(403);
        assertEquals(403, record(stranger, "1").getInt("problem.status"));
        Party suspended = society("sha256");
        decide(suspended, "suspended", "");
        suspended
                .says("{\"party\":\"" + member.id() + "\"}")
                .post("/v1/parties/me/members")
                .then()
                .statusCode(403);
        suspended
                .says("{\"member\":\"" + member.id() + "\"}")
                .post("/v1/mandates")
                .then()
                .statusCode(403);
    }

    @Test
    void aVouchedMemberMayPermitInTheSchemesOfItsBody() {
        Party society = society("sha256");
        Party member = Party.open();
        String file = Names.file();
        String address = Names.url();
        for (String subject : List.of(file, address)) {
            member.declares("{\"subjects\":[\"" + subject + "\"],\"stances\":{\"ai-index\":\"permitted\"}}");
        }
        int position = society.says("{\"party\":\"" + member.id() + "\"}")
                .post("/v1/parties/me/members")
                .then()
                .statusCode(201)
                .extract()
                .path("position");
        society.says("{\"party\":\"" + member.id() + "\"}")
                .post("/v1/parties/me/members")
                .then()
                .statusCode(200)
                .body("position", equalTo(position));
        ask(file, "ai-index").body("verdict", equalTo("allow")).body("statements[0].trust", equalTo("vouched"));
        ask(address, "ai-index").body("verdict", equalTo("unknown"));
        ask(file, "ai-index", position - 1).body("verdict", equalTo("unknown"));
        member.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("vouched"))
                .body("notices.kind", contains("vouched"));
        society.asks().get("/v1/parties/me/members").then().body("members.party", contains(member.id()));

        // Permissions that depend on a body stop when the body is suspended, and apply again after its reinstatement.
        decide(society, "suspended", "");
        ask(file, "ai-index").body("verdict", equalTo("unknown"));
        decide(society, "reinstated", "");
        ask(file, "ai-index").body("verdict", equalTo("allow"));
        society.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(204);
        ask(file, "ai-index").body("verdict", equalTo("unknown"));
        society.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(404);
    }

    @Test
    void aBodyRecordsControlOfSubjectsOfItsSchemes() {
        Party society = society("ipi");
        Party member = Party.open();
        Map<String, String> proof = Map.of("party", member.id(), "subject", "ipi:00014107338", "reason", "Member 1204");
        society.asks()
                .contentType("application/json")
                .body(proof)
                .post("/v1/parties/me/control-records")
                .then()
                .statusCode(201)
                .body("method", equalTo("vouching-body"));
        member.asks().get("/v1/parties/me").then().body("controls.method", contains("vouching-body"));
        society.asks()
                .contentType("application/json")
                .body(Map.of("party", member.id(), "subject", "domain:" + Names.domain(), "reason", "x"))
                .post("/v1/parties/me/control-records")
                .then()
                .statusCode(403);
        member.asks()
                .contentType("application/json")
                .body(proof)
                .post("/v1/parties/me/control-records")
                .then()
                .statusCode(403);
    }

    @Test
    void aSuspendedSocietysPermissionsForOthersStopToo() {
        Party society = society("sha256");
        Party member = Party.open();
        String file = Names.file();
        declare(society, mandate(society, member, ""), file, STANCES).statusCode(201);
        decide(member, "suspended", "");
        ask(file, "ai-index")
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
        decide(member, "reinstated", "");
        ask(file, "ai-index").body("verdict", equalTo("allow"));
        decide(society, "suspended", "");
        ask(file, "ai-index").body("verdict", equalTo("unknown"));
        ask(file, "ai-training").body("verdict", equalTo("ask"));
    }

    @Test
    void rebuiltProjectionsAreEqual() throws java.sql.SQLException {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member, "");
        declare(society, mandate, Names.file(), STANCES).statusCode(201);
        member.asks().delete("/v1/mandates/" + mandate).then().statusCode(200);
        io.quarkus.arc.Arc.container()
                .instance(org.askfirst.registry.ledger.ProjectionRebuild.class)
                .get()
                .rebuild(position -> {});
        org.askfirst.testkit.LedgerChecker.check();
    }
}
