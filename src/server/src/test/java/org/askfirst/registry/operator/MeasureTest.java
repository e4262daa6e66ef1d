package org.askfirst.registry.operator;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.ProjectionRebuild;
import org.askfirst.registry.transparency.LogCheck;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Bodies;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.Recorded;
import org.junit.jupiter.api.Test;

/** The operator hides, restricts, and lifts both; proofs still verify. */
@QuarkusTest
class MeasureTest extends RegistryTest {
    private static final OperatorClient OPERATOR = OperatorClient.ofService();

    @Inject
    ProjectionRebuild rebuild;

    @Inject
    LogCheck log;

    private static ValidatableResponse measure(Object... members) {
        return OPERATOR.says(Bodies.object(members))
                .post("/v1/operator/measures")
                .then();
    }

    private static ValidatableResponse show(String path) {
        return given().get(path).then().statusCode(200);
    }

    @Test
    void aHiddenNameIsShownToNobodyElse() throws Exception {
        Party party = Party.openReachable();
        String url = Names.url();
        party.reserves(url);
        anybody().asks(url).with("detail", "full").answer().body(containsString("김하늘 작가"));
        int position = measure(
                        "measure", "hide", "party", party.id(), "ground", "impersonation", "reason", "Not her name")
                .statusCode(201)
                .body("ground", equalTo("impersonation"))
                .extract()
                .path("position");
        measure("measure", "hide", "party", party.id(), "ground", "impersonation", "reason", "again")
                .statusCode(200)
                .body("position", equalTo(position));
        measure("measure", "hide", "party", party.id(), "ground", "law", "reason", "x")
                .statusCode(409);
        anybody()
                .asks(url)
                .with("detail", "full")
                .answer()
                .body(not(containsString("김하늘")))
                .body(not(containsString("haneul@example.com")))
                .body(containsString(party.id()));
        show("/v1/parties/" + party.id())
                .body("name", nullValue())
                .body("contact", nullValue())
                .body("nameHidden", equalTo("impersonation"));
        party.asks()
                .get("/v1/parties/me")
                .then()
                .body("name", equalTo("김하늘 작가"))
                .body("nameHidden", equalTo("impersonation"))
                .body("notices.kind", hasItem("hidden"));
        // A change of the contact keeps the name that is hidden.
        party.says(Map.of("contact", "mailto:other@example.com"))
                .patch("/v1/parties/me")
                .then()
                .statusCode(200);
        party.asks().get("/v1/parties/me").then().body("name", equalTo("김하늘 작가"));
        show("/v1/parties/" + party.id()).body("contact", nullValue());
        assertProved();
        measure("measure", "unhide", "party", party.id(), "reason", "It was her name")
                .statusCode(201);
        measure("measure", "unhide", "party", party.id(), "reason", "x").statusCode(409);
        anybody().asks(url).with("detail", "full").answer().body(containsString("김하늘 작가"));
        show("/v1/parties/" + party.id()).body("name", equalTo("김하늘 작가")).body("nameHidden", nullValue());
    }

    @Test
    void hiddenTextsOfADeclarationAreShownOnlyToItsParty() throws Exception {
        Party party = Party.open();
        String url = Names.url();
        Recorded declared = party.declares(reserved("ai-training")
                .of(url)
                .ofWork(Map.of("title", "비밀의 제목", "creators", List.of("누구")))
                .with(terms().contact("mailto:secret@example.com").member("text", "Secret text")));
        String path = "/v1/declarations/" + declared.id();
        show(path).body("work.title", equalTo("비밀의 제목"));
        measure("measure", "hide", "declaration", declared.id(), "ground", "court-order", "reason", "Order 3")
                .statusCode(201)
                .body("party", equalTo(party.id()))
                .body("declaration", equalTo(declared.id()));
        show(path)
                .body("work", nullValue())
                .body("terms", nullValue())
                .body("textsHidden", equalTo("court-order"))
                .body("subjects", contains(url));
        anybody()
                .asks(url)
                .with("detail", "full")
                .answer()
                .body(not(containsString("secret@")))
                .body(not(containsString("Secret")))
                .body("verdict", equalTo("ask"));
        party.asks().get(path).then().body("work.title", equalTo("비밀의 제목"));
        assertProved();
        // A court required it, so one key cannot show it again.
        String proposal = measure("measure", "unhide", "declaration", declared.id(), "reason", "Reversed")
                .statusCode(202)
                .body("act", equalTo("unhide"))
                .body("declaration", equalTo(declared.id()))
                .extract()
                .path("id");
        show(path).body("work", nullValue());
        OPERATOR.asks()
                .post("/v1/operator/proposals/" + proposal + "/confirmation")
                .then()
                .statusCode(403);
        OperatorClient.confirming(proposal).statusCode(201);
        show(path).body("work.title", equalTo("비밀의 제목")).body("textsHidden", nullValue());
    }

    @Test
    void aHiddenSubjectIsShownByItsKeyAndStillProved() throws Exception {
        Party party = Party.open();
        String url = Names.url() + "kim-minsu";
        Recorded declared = party.declares(reserved("ai-training").of(url, Names.url()));
        String shown = "hidden:" + Subject.parse(url).key().hex();
        String path = "/v1/declarations/" + declared.id();
        measure("measure", "hide", "party", party.id(), "subject", url, "ground", "personal-data", "reason", "A name")
                .statusCode(201)
                .body("subjectKey", equalTo(Subject.parse(url).key().hex()));
        show(path).body(not(containsString("kim-minsu"))).body("subjects", hasItem(shown));
        show(path + "/history").body(not(containsString("kim-minsu"))).body("entries[0].withheld", equalTo(true));
        JsonPath proof = show(path + "/proof")
                .body(not(containsString("kim-minsu")))
                .body("withheld", equalTo(true))
                .extract()
                .jsonPath();
        String feed = given().queryParam("after", declared.position() - 1)
                .get("/v1/changes")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertFalse(feed.contains("kim-minsu"), feed);
        assertTrue(feed.contains(shown), feed);
        assertTrue(feed.lines().findFirst().orElseThrow().contains(proof.getString("leafHash")), feed);
        // The entry itself has its leaf hash still.
        assertEquals(
                proof.getString("leafHash"),
                LedgerStore.leafHash(ledger.at(List.of((long) declared.position()))
                                .get(0)
                                .canonical())
                        .hex());
        byte[] bundle = given().get(
                        String.format("/log/tile/entries/%s", bundle(declared.position(), proof.getInt("size"))))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertFalse(new String(bundle, StandardCharsets.UTF_8).contains("kim-minsu"));
        anybody().asks(url).answer().body(containsString("deny"));
        party.asks().get(path).then().body("subjects", hasItem(url));
        assertProved();
        measure("measure", "unhide", "party", party.id(), "subject", url, "reason", "He agreed")
                .statusCode(201);
        show(path).body("subjects", hasItem(url));
        show(path + "/proof").body("withheld", nullValue());
    }

    /** The path of the bundle with the entry, in a tree of that size. */
    private static String bundle(int position, int size) {
        int index = (position - 1) / 256;
        int width = Math.min(256, size - index * 256);
        String number =
                index < 1000 ? String.format("%03d", index) : String.format("x%03d/%03d", index / 1000, index % 1000);
        return width == 256 ? number : number + ".p/" + width;
    }

    @Inject
    LedgerStore ledger;

    private void assertProved() throws Exception {
        log.whole(position -> {});
        Map<String, Long> differences = rebuild.differences(position -> {});
        assertTrue(differences.values().stream().allMatch(rows -> rows == 0), differences::toString);
    }

    @Test
    void aRestrictedPartyKeepsWhatItHasAndPermitsNothingNew() throws SQLException {
        Party party = Party.open();
        Party society = Party.open();
        String domain = Names.domain();
        OPERATOR.recordingControl(party, "domain:" + domain).statusCode(201);
        OPERATOR.letsVouch(society, "url");
        String permitted = "url:https://" + domain + "/permitted";
        Recorded before = party.declares(
                permittedWithTerms("ai-training").of(permitted).with(terms().contact("mailto:a@example.com")));
        String verdict = anybody().asks(permitted).verdict();
        measure("measure", "restrict", "party", party.id(), "ground", "abuse", "reason", "Mass permissions")
                .statusCode(201);
        assertEquals(verdict, anybody().asks(permitted).verdict());
        show("/v1/parties/" + party.id()).body("restricted", equalTo("abuse"));
        party.declaring(permittedWithTerms("ai-training")
                        .of("url:https://" + domain + "/new")
                        .with(terms().contact("mailto:a@example.com")))
                .statusCode(403)
                .body("detail", containsString("restricted"));
        party.amends(before.id(), reserved("ai-training").of(permitted));
        party.offeringMandate(Offer.toMember(society)).statusCode(403);
        society.offeringToVouchFor(party).statusCode(201);
        party.acceptingVouching(society, false).statusCode(403);
        for (int i = 0; i < 9; i++) {
            party.reserves("url:https://" + domain + "/" + i);
        }
        party.declaring(reserved("ai-training").of("url:https://" + domain + "/more"))
                .statusCode(429)
                .body("type", containsString("budget-spent"));
        measure("measure", "unrestrict", "party", party.id(), "reason", "Explained")
                .statusCode(201);
        party.declaring(permittedWithTerms("ai-training")
                        .of("url:https://" + domain + "/new")
                        .with(terms().contact("mailto:a@example.com")))
                .statusCode(201);
    }

    @Test
    void everyInvalidMemberIsNamed() {
        Party party = Party.open();
        measure("measure", "hide", "party", party.id(), "reason", "x")
                .statusCode(422)
                .body("errors.pointer", contains("#/ground"));
        measure("measure", "unhide", "party", party.id(), "ground", "law", "reason", "x")
                .statusCode(422)
                .body("errors.pointer", contains("#/ground"));
        measure("measure", "restrict", "party", party.id(), "subject", Names.url(), "ground", "law", "reason", "x")
                .statusCode(422)
                .body("errors.pointer", contains("#/subject"));
        measure("measure", "hide", "declaration", "d_00000000000000000000000000", "ground", "law", "reason", "x")
                .statusCode(422)
                .body("errors.pointer", contains("#/declaration"));
        measure("measure", "hide", "party", "p_00000000000000000000000000", "ground", "law", "reason", "x")
                .statusCode(422)
                .body("errors.pointer", contains("#/party"));
        measure("measure", "delete", "ground", "law").statusCode(422);
        party.says(Map.of("measure", "hide", "party", party.id(), "ground", "law", "reason", "x"))
                .post("/v1/operator/measures")
                .then()
                .statusCode(403);
    }
}
