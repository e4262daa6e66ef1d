package org.askfirst.registry.dispute;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.reserved;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.PartyId;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RejectionTest extends RegistryTest {
    @Inject
    Ledger ledger;

    private final OperatorClient operator = OperatorClient.ofService();
    private final List<Party> parties = new ArrayList<>();
    private String site = "";
    private String page = "";
    private String claim = "";

    @BeforeEach
    void aStrangerReservesAPageOfASite() {
        parties.clear();
        parties.addAll(List.of(Party.open(), Party.open()));
        String domain = Names.domain();
        site = "domain:" + domain;
        page = "url:https://" + domain + "/art/1";
        owner().controls(site);
        owner().declares(permitted("ai-training").of(site));
        claim = stranger().reserves(page);
    }

    private Party owner() {
        return parties.get(0);
    }

    private Party stranger() {
        return parties.get(1);
    }

    /** Records a rejection of the stranger whose time has ended already. */
    private String rejectWithoutTime(String subject) {
        DisputeId id = new DisputeId(UUID.randomUUID());
        Ledger.await(ledger.propose(Proposal.of(
                new DisputeEntry.Rejected(
                        id,
                        id(owner()),
                        id(stranger()),
                        DeclarationId.parse(claim).orElseThrow(),
                        List.of(Subject.parse(subject)),
                        0,
                        null),
                authority(owner().key()))));
        return id.toString();
    }

    private static PartyId id(Party party) {
        return PartyId.parse(party.id()).orElseThrow();
    }

    private static Authority authority(String key) {
        try {
            return Authority.of(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String verdict(String subject) {
        return anybody().asks(subject).of("ai-training").verdict();
    }

    /** Returns the member of the stranger's statement in the answer about the page. */
    private Object ofClaim(String member) {
        JsonPath answer =
                anybody().asks(page).of("ai-training").answer().extract().jsonPath();
        return answer.get("statements.find { it.declaration == '" + claim + "' }." + member);
    }

    @Test
    void whatIsRejectedIsContestedAndCountsForThirtyDays() {
        ValidatableResponse rejection = owner().rejects(claim)
                .statusCode(201)
                .body("status", equalTo("open"))
                .body("party", equalTo(owner().id()))
                .body("respondent", equalTo(stranger().id()))
                .body("declaration", equalTo(claim))
                .body("subjects", equalTo(List.of(page)));
        Instant endsAt = Instant.parse(rejection.extract().path("endsAt"));
        Instant recordedAt = Instant.parse(rejection.extract().path("recordedAt"));
        assertEquals(Duration.ofDays(30), Duration.between(recordedAt, endsAt));
        assertEquals("ask", verdict(page));
        assertEquals(true, ofClaim("contested"));
        assertEquals(endsAt, Instant.parse(String.valueOf(ofClaim("contestedUntil"))));
        assertEquals(true, ofClaim("applied"));
        given().get("/v1/rejections/{id}", rejection.extract().<String>path("id"))
                .then()
                .statusCode(200)
                .body("status", equalTo("open"))
                .body("reason", nullValue());
    }

    @Test
    void theRespondentIsToldAndFindsIt() {
        String wide = Answers.id(owner().rejects(claim, site).statusCode(201));
        String id = Answers.id(owner().rejects(claim).statusCode(201));
        JsonPath notices = stranger().asks().get("/v1/parties/me/notices").jsonPath();
        assertEquals(List.of(wide, id), notices.getList("notices.findAll { it.kind == 'rejected' }.subjectId"));
        Map<String, Object> notice = notices.getMap("notices.find { it.kind == 'rejected' }");
        assertTrue(notice.containsKey("until"), notice::toString);
        assertTrue(String.valueOf(notice.get("text")).contains("근거"), notice::toString);
        for (Party party : List.of(owner(), stranger())) {
            String side = party.equals(owner()) ? "challenger" : "respondent";
            party.asks()
                    .queryParam("side", side)
                    .get("/v1/parties/me/rejections")
                    .then()
                    .statusCode(200)
                    .body("rejections.id", equalTo(List.of(wide, id)));
        }
        stranger().asks().get("/v1/parties/me/rejections").then().body("rejections.size()", equalTo(0));
    }

    @Test
    void afterItsTimeTheStatementDoesNotCount() {
        rejectWithoutTime(site);
        assertEquals("allow", verdict(page));
        assertEquals("set-aside", ofClaim("notAppliedReason"));
        assertNull(ofClaim("contested"));
        assertEquals("allow", verdict(page + "?size=2"));
        // What others say is not.
        Party.open().reserves(page);
        assertEquals("ask", verdict(page));
    }

    @Test
    void evidenceThatIsShownLaterCountsFromThenOn() {
        String id = rejectWithoutTime(site);
        assertEquals("allow", verdict(page));
        String before = anybody().asks(page).of("ai-training").response().header("Askfirst-As-Of");
        stranger().controls(page);
        assertEquals("deny", verdict(page));
        assertEquals(
                "allow", anybody().asks(page).of("ai-training").asOf(before).verdict());
        given().get("/v1/rejections/{id}", id).then().body("status", equalTo("ended"));
        operator.revokingControl(stranger(), page);
        assertEquals("allow", verdict(page));
    }

    @Test
    void aRejectionHoldsWhileTheChallengersRightIsEvidenced() {
        rejectWithoutTime(site);
        assertEquals("allow", verdict(page));
        operator.revokingControl(owner(), site);
        assertEquals("deny", verdict(page));
        owner().controls(site);
        assertEquals("allow", verdict(page));
        operator.decides(owner(), "suspended");
        assertEquals("deny", verdict(page));
    }

    @Test
    void withoutEvidenceNothingCanBeRejected() {
        Party other = Party.open();
        other.rejects(claim).statusCode(403).body("errors[0].pointer", equalTo("#/declaration"));
        other.rejects(claim, site).statusCode(403).body("errors[0].pointer", equalTo("#/subjects/0"));
        stranger().rejects(owner().declares(reserved("ai-index").of(site)).id()).statusCode(403);
        owner().rejects(claim, "domain:" + Names.domain()).statusCode(422);
        owner().rejects("d_0000000000000000000000000z").statusCode(422);
        owner().rejects("x").statusCode(422);
        stranger().rejects(claim).statusCode(422).body("detail", containsString("withdraw"));
        operator.decides(owner(), "suspended");
        owner().rejects(claim).statusCode(403);
    }

    @Test
    void whatIsEvidencedCannotBeRejected() {
        stranger().controls(page);
        owner().rejects(claim).statusCode(409);
        owner().rejects(claim, site).statusCode(409);
        assertEquals("deny", verdict(page));
    }

    private ValidatableResponse rejectsBelow(String subject, String... after) {
        Map<String, Object> body = after.length == 0
                ? Map.of("subject", subject, "reason", "We publish this")
                : Map.of("subject", subject, "after", after[0], "reason", "We publish this");
        return owner().says(body).post("/v1/rejections/below").then();
    }

    /** Calls until there is no next, and returns all respondents. */
    private List<String> sweeps(String subject) {
        List<String> respondents = new ArrayList<>();
        JsonPath answer = rejectsBelow(subject).statusCode(200).extract().body().jsonPath();
        respondents.addAll(answer.getList("rejections.respondent"));
        while (answer.getString("next") != null) {
            answer = rejectsBelow(subject, answer.getString("next"))
                    .statusCode(200)
                    .extract()
                    .body()
                    .jsonPath();
            respondents.addAll(answer.getList("rejections.respondent"));
        }
        return respondents;
    }

    @Test
    void everybodyWithoutEvidenceBelowASiteIsRejectedAtOnce() {
        String host = site.substring("domain:".length());
        Party inSubdomain = Party.open();
        String deep = "url:https://pics.art." + host + "/" + "long/".repeat(40) + "1.png";
        inSubdomain.reserves(deep);
        Party withList = Party.open();
        String list = withList.declares(reserved("ai-training").ofRepertoire("all mine"))
                .id();
        String listed = "url:https://" + host + "/listed";
        withList.lists(list, listed);
        Party author = Party.open();
        author.reserves(page + "/theirs");
        author.controls(page + "/theirs");
        Party elsewhere = Party.open();
        elsewhere.reserves("url:https://x" + host + "/art", "url:https://" + host + "x.example/art");
        owner().reserves(page);

        assertEquals(
                List.of(inSubdomain.id(), stranger().id(), withList.id()).stream()
                        .sorted()
                        .toList(),
                sweeps(site).stream().sorted().toList());
        for (Party party : List.of(stranger(), inSubdomain, withList)) {
            party.asks()
                    .get("/v1/parties/me/notices")
                    .then()
                    .body("notices.findAll { it.kind == 'rejected' }.size()", equalTo(1));
            String id = party.asks()
                    .queryParam("side", "respondent")
                    .get("/v1/parties/me/rejections")
                    .path("rejections[0].id");
            party.asks()
                    .get("/v1/rejections/" + id)
                    .then()
                    .body("subjects", equalTo(List.of(site)))
                    .body("reason", equalTo("We publish this"));
        }
        author.asks().get("/v1/parties/me/rejections?side=respondent").then().body("rejections.size()", equalTo(0));
        for (String subject : List.of(page, deep, listed)) {
            JsonPath answer =
                    anybody().asks(subject).of("ai-training").answer().extract().jsonPath();
            assertEquals(true, answer.getList("statements.contested").contains(true), answer::prettify);
        }
        assertEquals(List.of(), sweeps(site));
        Party late = Party.open();
        late.reserves(page + "/late");
        assertEquals(List.of(late.id()), sweeps(site));
    }

    @Test
    void everybodyBelowAPathOrAPrefixIsRejectedAtOnce() {
        String path = page.replace("url:", "under:") + "/";
        Party below = Party.open();
        below.reserves(page + "/2.png");
        Party beside = Party.open();
        beside.reserves(page + "-2");
        assertEquals(Set.of(stranger().id(), below.id()), Set.copyOf(sweeps(path)));

        String number = "9788" + (10_000_000 + Math.floorMod(UUID.randomUUID().hashCode(), 80_000_000));
        String isbn = "isbn:" + number + checkDigit(number);
        String prefix = "isbn-prefix:" + number.substring(0, 11);
        owner().controls(prefix);
        Party bookseller = Party.open();
        bookseller.reserves(isbn);
        assertEquals(List.of(bookseller.id()), sweeps(prefix));
    }

    private static int checkDigit(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            sum += (number.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return (10 - sum % 10) % 10;
    }

    @Test
    void oneCallRejectsFewAndTellsWhereToContinue() {
        List<String> strangers = new ArrayList<>(List.of(stranger().id()));
        for (int i = 0; i < Rejections.MAX_RESPONDENTS + 2; i++) {
            Party one = Party.open();
            one.reserves(page + "/" + i);
            strangers.add(one.id());
        }
        JsonPath first = rejectsBelow(site).statusCode(200).extract().body().jsonPath();
        assertEquals(Rejections.MAX_RESPONDENTS, first.getList("rejections.id").size());
        assertEquals(strangers.size() + 1, first.getInt("statementsRead"), "with that of the owner");
        JsonPath second = rejectsBelow(site, first.getString("next"))
                .statusCode(200)
                .extract()
                .body()
                .jsonPath();
        List<String> told = new ArrayList<>(first.getList("rejections.respondent"));
        told.addAll(second.getList("rejections.respondent"));
        assertEquals(
                strangers.stream().sorted().toList(), told.stream().sorted().toList());
    }

    @Test
    void onlyTheOneWithEvidenceRejectsEverybody() {
        stranger()
                .says(Map.of("subject", site))
                .post("/v1/rejections/below")
                .then()
                .statusCode(403);
        rejectsBelow(page).statusCode(422).body("errors[0].pointer", equalTo("#/subject"));
        for (String cursor : List.of("x", "s1", "s1-\u0000", "s9999999999999999999-YQ", "l1-====")) {
            rejectsBelow(site, cursor).statusCode(422).body("errors[0].pointer", equalTo("#/after"));
        }
        operator.decides(owner(), "suspended");
        rejectsBelow(site).statusCode(403);
    }

    @Test
    void theSameRejectionIsOneEntry() {
        String id = Answers.id(owner().rejects(claim, site).statusCode(201));
        owner().rejects(claim, site).statusCode(200).body("id", equalTo(id));
        owner().rejects(claim).statusCode(201);
    }

    @Test
    void aWithdrawnRejectionHasNoEffect() {
        String id = rejectWithoutTime(site);
        stranger().asks().delete("/v1/rejections/" + id).then().statusCode(403);
        owner().asks().delete("/v1/rejections/" + id).then().statusCode(204);
        assertEquals("ask", verdict(page));
        owner().asks().delete("/v1/rejections/" + id).then().statusCode(409);
        given().get("/v1/rejections/{id}", id).then().body("status", equalTo("withdrawn"));
    }

    @Test
    void onlyTheTwoSidesAndTheOperatorSeeTheReason() {
        String id = Answers.id(owner().says(Map.of("declaration", claim, "reason", "It is ours"))
                .post("/v1/rejections")
                .then()
                .statusCode(201)
                .body("reason", equalTo("It is ours")));
        stranger().asks().get("/v1/rejections/" + id).then().body("reason", equalTo("It is ours"));
        operator.asks().get("/v1/rejections/" + id).then().body("reason", equalTo("It is ours"));
        Party.open().asks().get("/v1/rejections/" + id).then().statusCode(200).body("reason", nullValue());
        closes(owner());
        stranger().asks().get("/v1/rejections/" + id).then().statusCode(200).body("reason", nullValue());
    }

    @Test
    void aRejectionReachesOtherSpellings() {
        String other = page.replace("https://", "https://www.") + "/index.html?utm_source=mail";
        assertEquals("ask", verdict(other));
        String mine = stranger().declares(reserved("ai-index").of(other)).id();
        owner().rejects(mine).statusCode(201);
        JsonPath answer = anybody().asks(page).of("ai-index").answer().extract().jsonPath();
        assertEquals(
                true, answer.get("statements.find { it.declaration == '" + mine + "' }.contested"), answer::prettify);
    }

    @Test
    void theOwnerOfAListedWorkRejectsTheListing() {
        String file = Names.file();
        String list = stranger()
                .declares(reserved("ai-training").ofRepertoire("all mine"))
                .id();
        stranger().lists(list, file);
        assertEquals("deny", verdict(file));
        owner().controls(file);
        owner().rejects(list).statusCode(422).body("errors[0].pointer", equalTo("#/subjects"));
        owner().rejects(list, page).statusCode(422);
        owner().rejects(list, file).statusCode(201);
        JsonPath answer =
                anybody().asks(file).of("ai-training").answer().extract().jsonPath();
        assertEquals(true, answer.get("statements[0].contested"), answer::prettify);
    }

    @Test
    void theOperatorSetsAsideAndUpholds() {
        owner().declares(permitted("ai-training").of(page));
        stranger().controls(page);
        assertEquals("deny", verdict(page));
        ValidatableResponse decision = operator.decidingAgainst(claim)
                .statusCode(201)
                .body("party", equalTo(stranger().id()))
                .body("outcome", equalTo("set-aside"))
                .body("subjects", equalTo(List.of(page)));
        assertEquals("allow", verdict(page));
        assertEquals("set-aside", ofClaim("notAppliedReason"));
        String dispute = decision.extract().path("dispute");
        stranger()
                .asks()
                .get("/v1/disputes/" + dispute)
                .then()
                .statusCode(200)
                .body("kind", equalTo("ruling"))
                .body("status", equalTo("set-aside"))
                .body("steps[0].subjects", equalTo(List.of(page)))
                .body("steps[0].statement", notNullValue());
        operator.asks().get("/v1/disputes/" + dispute).then().statusCode(200);
        Party.open().asks().get("/v1/disputes/" + dispute).then().statusCode(404);
        operator.decidingDispute(dispute, "upheld").statusCode(201);
        assertEquals("deny", verdict(page));
        operator.decidingDispute("x_0000000000000000000000000z", "upheld").statusCode(404);
        JsonPath notices = stranger().asks().get("/v1/parties/me/notices").jsonPath();
        assertEquals(
                2,
                notices.getList("notices.findAll { it.kind == 'dispute-decided' }")
                        .size());
    }

    @Test
    void aRejectionThatTheOperatorUpholdsEnds() {
        String id = Answers.id(owner().rejects(claim).statusCode(201));
        operator.decidingDispute(id, "set-aside").statusCode(201);
        assertEquals("allow", verdict(page));
        given().get("/v1/rejections/{id}", id).then().body("status", equalTo("set-aside"));
        operator.decidingDispute(id, "upheld").statusCode(201);
        assertEquals("ask", verdict(page));
        assertNull(ofClaim("contested"));
        owner().asks().delete("/v1/rejections/" + id).then().statusCode(409);
        owner().asks()
                .get("/v1/disputes/" + id)
                .then()
                .statusCode(200)
                .body("kind", equalTo("rejection"))
                .body("status", equalTo("upheld"))
                .body("waitingFor", equalTo("nobody"))
                .body("endsAt", nullValue())
                .body("steps.statement[2]", equalTo("Both were heard"));
        owner().rejects(claim).statusCode(422).body("errors[0].pointer", equalTo("#/subjects"));
    }

    @Test
    void aDeclarationShowsWhatIsContestedAndWhatIsSetAside() {
        owner().rejects(claim).statusCode(201);
        seeing(claim).body("contested", equalTo(List.of(page))).body("setAside", nullValue());
        rejectWithoutTime(site);
        seeing(claim).body("contested", nullValue()).body("setAside", equalTo(List.of(page)));
        stranger().controls(page);
        seeing(claim).body("contested", nullValue()).body("setAside", nullValue());
    }

    /** The declaration, after the registry has noticed the last contest. */
    private static ValidatableResponse seeing(String declaration) {
        TestClock.ofService().forward(Duration.ofSeconds(6));
        return given().get("/v1/declarations/{id}", declaration).then().statusCode(200);
    }

    @Test
    void afterItsTimeThePartyCannotStateTheSameWithoutEvidence() {
        owner().rejects(claim).statusCode(201);
        TestClock.ofService().forward(Duration.ofSeconds(6));
        stranger().declaring(reserved("ai-index").of(page)).statusCode(201);
        rejectWithoutTime(site);
        TestClock.ofService().forward(Duration.ofSeconds(6));
        stranger()
                .declaring(reserved("ai-input").of(Names.url(), page))
                .statusCode(422)
                .body("type", containsString("undeclarable-subject"))
                .body("errors[0].pointer", equalTo("#/subjects/1"));
        Party.open().declaring(reserved("ai-input").of(page)).statusCode(201);
        stranger().controls(page);
        stranger().declaring(reserved("ai-input").of(page)).statusCode(201);
    }
}
