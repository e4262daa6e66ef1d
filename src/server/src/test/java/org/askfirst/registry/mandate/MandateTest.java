package org.askfirst.registry.mandate;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Draft;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Registry;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.Test;

/** Checks vouching and mandates: who may declare for whom, and which effects stay after a mandate has ended. */
@QuarkusTest
class MandateTest extends RegistryTest {
    private static final OperatorClient OPERATOR = OperatorClient.ofService();
    private static final Draft STANCES =
            reserved("ai-training").permitting("ai-index").with(terms().contact("mailto:licence@society.example"));

    private static Party society(String... kinds) {
        Party society = Party.openReachable();
        OPERATOR.letsVouch(society, kinds);
        return society;
    }

    private static String mandate(Party society, Party member, Offer offer) {
        String id = society.offeringMandate(offer)
                .statusCode(201)
                .body("state", equalTo("offered"))
                .body("inForce", equalTo(false))
                .extract()
                .path("id");
        member.acceptingMandate(id)
                .statusCode(200)
                .body("state", equalTo("accepted"))
                .body("inForce", equalTo(true));
        return id;
    }

    private static String mandate(Party society, Party member) {
        return mandate(society, member, Offer.toMember(member));
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
        String first = society.recordsMember("KR-1204").path("id").asText();
        String second = society.recordsMember("KR-1205").path("id").asText();
        String accepted = mandate(society, member);
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
        society.declares(STANCES.of(subject).under(accepted));
        society.declares(STANCES.of(Names.url()).under(first));
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
        String mandate = mandate(society, member);
        String other = mandate(society, Party.open());
        String subject = Names.url();
        String first = society.declares(STANCES.of(subject).under(mandate)).id();
        society.declares(STANCES.of(subject).under(other));
        society.reserves(subject);
        member.reserves(subject);
        String listed =
                society.declares(STANCES.ofRepertoire("봄 시집").under(mandate)).id();
        society.lists(listed, "isbn:9788936434120");
        String withdrawn =
                society.declares(STANCES.of(Names.url()).under(mandate)).id();
        society.withdrawing(withdrawn).statusCode(200);

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
        member.endingMandate(mandate).statusCode(200);
        member.withdrawing(first).statusCode(200);
        for (Party side : List.of(society, member)) {
            assertEquals(List.of(first, withdrawn), under(side, mandate, "?status=withdrawn"));
        }
    }

    @Test
    void aMemberSeesTheDeclarationsForItAfterItClaimedItsMandate() {
        Party society = society("url");
        JsonNode recorded = society.recordsMember("1204");
        String mandate = recorded.path("id").asText();
        String declared =
                society.declares(STANCES.of(Names.url()).under(mandate)).id();
        Party member = Party.open();
        String path = "/v1/parties/me/mandates/" + mandate + "/declarations";
        member.asks().get(path).then().statusCode(404);
        member.claimingMandate(recorded.path("code").asText()).statusCode(200);
        assertEquals(List.of(declared), under(member, mandate, ""));
        assertEquals(List.of(declared), under(society, mandate, ""));
    }

    @Test
    void aSocietyDeclaresForItsMemberAndTheAnswerNamesTheMandate() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member);
        String file = Names.file();
        society.recordingControl(member, file).statusCode(201);
        society.declaring(STANCES.of(file).under(mandate)).statusCode(201).body("mandate", equalTo(mandate));
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].party", equalTo(society.id()))
                .body("statements[0].trust", equalTo("vouched"))
                .body("statements[0].evidenced", equalTo(true))
                .body("statements[0].mandate.id", equalTo(mandate))
                .body("statements[0].mandate.inForce", equalTo(true))
                .body("statements[0].mandate.member", equalTo(member.id()))
                .body("statements[0].mandate.memberName", equalTo("하늘 출판사"));
        anybody()
                .asks(file)
                .of("ai-training")
                .answer()
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
        society.declares(STANCES.of(file).under(mandate(society, member)));
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        anybody().asks(file).of("ai-training").answer().body("verdict", equalTo("ask"));
        // The society may use the member's proof of control under the mandate.
        member.controls(file);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
    }

    @Test
    void theMembersDeclarationOutranksTheSocietys() {
        Party society = society("sha256");
        Party member = Party.open();
        String file = Names.file();
        society.controls(file);
        member.reserves(file);
        society.declares(STANCES.of(file).under(mandate(society, member)));
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("deny"))
                .body("statements.applied", contains(true, false))
                .body("statements[1].notAppliedReason", equalTo("outranked"));
    }

    @Test
    void theEffectsOfAWithdrawnMandate() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member);
        String file = Names.file();
        member.controls(file);
        String declared = society.declares(STANCES.of(file).under(mandate)).id();
        int inForcePosition = Registry.underTest().position();
        society.endingMandate(mandate).statusCode(403);
        member.withdrawing(declared).statusCode(403);
        member.endingMandate(mandate)
                .statusCode(200)
                .body("state", equalTo("withdrawn"))
                .body("inForce", equalTo(false))
                .body("validTo", notNullValue());
        int ended = Registry.underTest().position();

        // The permissions end, the reservations still apply, and the society is no longer the contact.
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("mandate-ended"))
                .body("statements[0].mandate.inForce", equalTo(false));
        anybody()
                .asks(file)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("deny"))
                .body("statements[0].contact", nullValue())
                .body("statements[0].terms", nullValue());
        anybody().asks(file).of("ai-index").asOf(inForcePosition).answer().body("verdict", equalTo("allow"));
        anybody()
                .asks(file)
                .of("ai-training")
                .asOf(inForcePosition)
                .answer()
                .body("verdict", equalTo("ask"))
                .body("statements[0].contact", equalTo("mailto:licence@society.example"));

        // Now only the member can withdraw the declaration.
        society.withdrawing(declared).statusCode(403);
        society.amending(declared, permitted("ai-index").under(mandate)).statusCode(403);
        society.declaring(STANCES.of(Names.file()).under(mandate))
                .statusCode(422)
                .body("errors.pointer", contains("#/mandate"));
        Party.open().withdrawing(declared).statusCode(403);
        member.withdrawing(declared)
                .statusCode(200)
                .body("status", equalTo("withdrawn"))
                .body("party", equalTo(society.id()));
        anybody().asks(file).of("ai-training").answer().body("verdict", equalTo("unknown"));
        anybody().asks(file).of("ai-training").asOf(ended).answer().body("verdict", equalTo("deny"));
        member.endingMandate(mandate).statusCode(409);
    }

    @Test
    void aMandateCanEndAtATimeInTheFuture() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member);
        String file = Names.file();
        member.controls(file);
        society.declares(STANCES.of(file).under(mandate));
        String until = TestClock.ofService().instant().plus(Duration.ofDays(30)).toString();
        member.endingMandate(mandate, until)
                .statusCode(200)
                .body("state", equalTo("withdrawn"))
                .body("inForce", equalTo(true));
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        member.endingMandate(mandate, "2020-01-01T00:00:00Z").statusCode(422).body("errors.pointer", contains("until"));
        member.endingMandate(mandate).statusCode(200);
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void aDeclarationBeyondTheMandateIsRefused() {
        Party society = society("sha256", "isbn");
        Party member = Party.open();
        String mandate = mandate(
                society,
                member,
                Offer.toMember(member).schemes("sha256").uses("ai-training").territory("KR"));
        Draft reserves = reserved("generative-ai-training");
        society.declares(reserves.of(Names.file()).under(mandate));
        society.declaring(reserves.of("isbn:9788936434120").under(mandate))
                .statusCode(422)
                .body("errors.pointer", contains("#/mandate"));
        society.declaring(reserves.of(Names.file()).under("m_0"))
                .statusCode(422)
                .body("errors.pointer", contains("#/mandate"));
        // An amendment can neither add nor remove a mandate.
        String under =
                society.declares(reserves.of(Names.file()).under(mandate)).id();
        society.amending(under, reserves).statusCode(422);
        String own = society.reserves(Names.file());
        society.amending(own, reserves.under(mandate)).statusCode(422);
    }

    @Test
    void theOtherSideDecidesOnce() {
        Party society = Party.open();
        Party member = Party.open();
        String offered = member.offeringMandate(Offer.toSociety(society))
                .statusCode(201)
                .body("member", equalTo(member.id()))
                .extract()
                .path("id");
        member.acceptingMandate(offered).statusCode(403);
        society.declaring(reserved("ai-training").of(Names.file()).under(offered))
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
        society.endingMandate(offered).statusCode(200).body("state", equalTo("declined"));
        society.endingMandate(offered).statusCode(409);
        society.acceptingMandate(offered).statusCode(409).body("type", containsString("mandate-decided"));
        given().get("/v1/mandates/" + offered).then().statusCode(200).body("state", equalTo("declined"));
        given().get("/v1/mandates/m_0").then().statusCode(404);
        member.asks().get("/v1/parties/me/mandates").then().body("mandates.id", contains(offered));
        society.offeringMandate(Offer.toMember(society)).statusCode(422);
        society.offeringMandate(Bodies.object("member", "p_00000000000000000000000000"))
                .statusCode(422)
                .body("errors.pointer", contains("#/member"));
        society.offeringMandate(Bodies.object("schemes", List.of("isbm"), "validTo", "2020-01-01T00:00:00Z"))
                .statusCode(422)
                .body("errors.pointer", hasItems("#/member", "#/schemes/0", "#/validTo"));
    }

    @Test
    void membersWithoutAnAccountAreRecordedInBulkAndClaimTheirMandates() {
        Party society = society("sha256");
        List<Object> lines = List.of(
                Map.of("memberNumber", "1204", "uses", List.of("ai-training")),
                Map.of("memberNumber", "1205"),
                Map.of("referense", "1206"),
                Map.of("memberNumber", "1204"));
        List<JsonNode> answers = society.sendsLines("/v1/mandates/batch", lines);
        assertEquals(4, answers.size());
        String code = answers.get(0).path("code").asText();
        String mandate = answers.get(0).path("id").asText();
        assertEquals(422, answers.get(2).at("/problem/status").asInt());
        assertEquals(mandate, answers.get(3).path("id").asText());
        assertTrue(answers.get(3).path("alreadyDeclared").asBoolean());
        assertFalse(answers.get(3).has("code"));

        String file = Names.file();
        society.recordingControl(society, file).statusCode(201);
        String declared = society.declares(permitted("ai-training").of(file).under(mandate))
                .id();
        anybody()
                .asks(file)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].mandate.id", equalTo(mandate))
                .body("statements[0].mandate.member", nullValue());
        int before = Registry.underTest().position();

        Party member = Party.open();
        member.claimingMandate(code.toUpperCase(java.util.Locale.ROOT))
                .statusCode(200)
                .body("member", equalTo(member.id()))
                .body("memberNumber", nullValue());
        member.claimingMandate(code).statusCode(404);
        society.asks().get("/v1/mandates/" + mandate).then().body("memberNumber", equalTo("1204"));
        given().get("/v1/mandates/" + mandate).then().body("memberNumber", nullValue());
        anybody().asks(file).of("ai-training").answer().body("statements[0].mandate.member", equalTo(member.id()));
        anybody().asks(file).of("ai-training").asOf(before).answer().body("statements[0].mandate.member", nullValue());

        member.reserves(file);
        anybody().asks(file).of("ai-training").answer().body("verdict", equalTo("deny"));
        member.endingMandate(mandate).statusCode(200);
        member.withdrawing(declared).statusCode(200);
        // A member number whose mandate has ended can be recorded again.
        assertTrue(society.recordsMember("1204").path("code").asText().startsWith("afm_"));
        // The erasure of the member also erases the member number.
        closes(member);
        society.asks().get("/v1/mandates/" + mandate).then().body("memberNumber", nullValue());
    }

    @Test
    void aNewCodeReplacesALostCode() {
        Party society = society("sha256");
        Party member = Party.open();
        JsonNode recorded = society.recordsMember("1205");
        String path = "/v1/mandates/" + recorded.path("id").asText() + "/code";
        member.asks().post(path).then().statusCode(403);
        society.asks().post(path).then().statusCode(200);
        String code = society.asks()
                .post(path)
                .then()
                .statusCode(200)
                .body("id", equalTo(recorded.path("id").asText()))
                .extract()
                .path("code");
        member.claimingMandate(recorded.path("code").asText()).statusCode(404);
        member.claimingMandate(code).statusCode(200);
        Party.open().claimingMandate(code).statusCode(404);
        society.asks().post(path).then().statusCode(409);
    }

    @Test
    void aSocietyEndsAMandateWithoutAMember() {
        Party society = society("sha256");
        String mandate = society.recordsMember("7").path("id").asText();
        society.endingMandate(mandate).statusCode(200);
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
        stranger.offeringToVouchFor(member).statusCode(403);
        assertEquals(403, stranger.recordsMember("1").at("/problem/status").asInt());
        Party suspended = society("sha256");
        OPERATOR.decides(suspended, "suspended");
        suspended.offeringToVouchFor(member).statusCode(403);
        suspended.offeringMandate(Offer.toMember(member)).statusCode(403);
    }

    @Test
    void vouchingSaysWhoAMemberIsAndNotWhatIsIts() {
        Party society = society("sha256");
        Party member = Party.open();
        String file = Names.file();
        String address = Names.url();
        for (String subject : List.of(file, address)) {
            member.declares(permitted("ai-index").of(subject));
        }
        int position =
                society.offeringToVouchFor(member).statusCode(201).extract().path("position");
        society.offeringToVouchFor(member).statusCode(200).body("position", equalTo(position));
        member.acceptingVouching(society, false).statusCode(200);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].trust", equalTo("vouched"))
                .body("statements[0].evidenced", equalTo(false))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        member.asks()
                .get("/v1/parties/me")
                .then()
                .body("trust", equalTo("vouched"))
                .body("notices.kind", contains("vouching-offered"));
        society.asks().get("/v1/parties/me/members").then().body("members.party", contains(member.id()));

        // The body's word about the work is evidence, in its schemes.
        int recorded =
                society.recordingControl(member, file).statusCode(201).extract().path("position");
        society.recordingControl(member, address).statusCode(403);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].evidenced", equalTo(true));
        anybody().asks(address).of("ai-index").answer().body("verdict", equalTo("unknown"));
        anybody().asks(file).of("ai-index").asOf(recorded - 1).answer().body("verdict", equalTo("unknown"));
        society.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(204);
        society.asks().delete("/v1/parties/me/members/" + member.id()).then().statusCode(404);

        // The word is as good as the body.
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        OPERATOR.decides(society, "suspended");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        OPERATOR.decides(society, "reinstated");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        OPERATOR.letsVouch(society, "isrc");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
    }

    @Test
    void theListOfAVouchingBodyIsEvidenceWhileItMayVouch() {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member);
        String file = Names.file();
        member.declares(permitted("ai-index").of(file));
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        int before = Registry.underTest().position();
        society.lists(
                society.declares(reserved("ai-training").ofRepertoire("hers").under(mandate))
                        .id(),
                file);
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("allow"))
                .body("statements[0].party", equalTo(member.id()))
                .body("statements[0].evidenced", equalTo(true));
        anybody().asks(file).of("ai-index").asOf(before).answer().body("verdict", equalTo("unknown"));
        OPERATOR.decides(society, "suspended");
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("no-standing"));
        OPERATOR.decides(society, "reinstated");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        OPERATOR.letsVouch(society, "isrc");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
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
        String unproved = Names.file();
        member.controls(file);
        String mandate = mandate(society, member);
        society.declares(STANCES.of(file).under(mandate));
        society.declares(STANCES.of(unproved).under(mandate));
        OPERATOR.decides(member, "suspended");
        anybody()
                .asks(file)
                .of("ai-index")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
        OPERATOR.decides(member, "reinstated");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("allow"));
        OPERATOR.decides(society, "suspended");
        anybody().asks(file).of("ai-index").answer().body("verdict", equalTo("unknown"));
        anybody().asks(file).of("ai-training").answer().body("verdict", equalTo("ask"));
        // Without evidence the reservation stops as well.
        anybody()
                .asks(unproved)
                .of("ai-training")
                .answer()
                .body("verdict", equalTo("unknown"))
                .body("statements[0].notAppliedReason", equalTo("suspended"));
    }

    @Test
    void rebuiltProjectionsAreEqual() throws java.sql.SQLException {
        Party society = society("sha256");
        Party member = Party.open();
        String mandate = mandate(society, member);
        society.declares(STANCES.of(Names.file()).under(mandate));
        member.endingMandate(mandate).statusCode(200);
        io.quarkus.arc.Arc.container()
                .instance(org.askfirst.registry.ledger.ProjectionRebuild.class)
                .get()
                .rebuild(position -> {});
        org.askfirst.testkit.LedgerChecker.check();
    }
}
