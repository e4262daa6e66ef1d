package org.askfirst.registry.dispute;

import static io.restassured.RestAssured.given;
import static org.askfirst.testkit.Asker.anybody;
import static org.askfirst.testkit.Draft.permitted;
import static org.askfirst.testkit.Draft.permittedWithTerms;
import static org.askfirst.testkit.Draft.reserved;
import static org.askfirst.testkit.Draft.terms;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.askfirst.entry.DisputeEntry;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.DisputeId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.house.RegistryTest;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Ledger;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.subject.Subject;
import org.askfirst.testkit.Answers;
import org.askfirst.testkit.Names;
import org.askfirst.testkit.Offer;
import org.askfirst.testkit.OperatorClient;
import org.askfirst.testkit.Party;
import org.askfirst.testkit.TestClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DisputeTest extends RegistryTest {
    @Inject
    Ledger ledger;

    @Inject
    Disputes disputes;

    private final OperatorClient operator = OperatorClient.ofService();
    private final List<Party> parties = new ArrayList<>();
    private String file = "";
    private String permission = "";

    @BeforeEach
    void aPublisherPermitsAWork() {
        parties.clear();
        parties.addAll(List.of(Party.open(), Party.open()));
        file = Names.file();
        publisher().controls(file);
        permission = publisher().declares(permitted("ai-training").of(file)).id();
    }

    private Party author() {
        return parties.get(0);
    }

    private Party publisher() {
        return parties.get(1);
    }

    private ValidatableResponse disputing(Party party, String declaration) {
        return party.says(Map.of(
                        "declaration",
                        declaration,
                        "grounds",
                        "false-permission",
                        "statement",
                        "I never agreed to this",
                        "evidence",
                        List.of("a".repeat(64))))
                .post("/v1/disputes")
                .then();
    }

    private String disputed() {
        return Answers.id(disputing(author(), permission).statusCode(201));
    }

    private static ValidatableResponse stepping(Party party, String dispute, String step) {
        return party.says(Map.of("step", step, "statement", "My words at " + step))
                .post("/v1/disputes/" + dispute + "/steps")
                .then();
    }

    private String verdict() {
        return anybody().asks(file).of("ai-training").verdict();
    }

    private Object ofStatement(String member) {
        JsonPath answer =
                anybody().asks(file).of("ai-training").answer().extract().jsonPath();
        return answer.get("statements[0]." + member);
    }

    private static ValidatableResponse dispute(String id) {
        return given().get("/v1/disputes/{id}", id).then().statusCode(200);
    }

    /** Records a dispute whose time to answer has ended already. */
    private String disputeWithoutTime(String declaration, String subject) {
        DisputeId id = new DisputeId(UUID.randomUUID());
        Ledger.await(ledger.propose(withoutTime(id, declaration, subject)));
        return id.toString();
    }

    private Proposal withoutTime(DisputeId id, String declaration, String subject) {
        return Proposal.of(
                new DisputeEntry.DisputeFiled(
                        id,
                        PartyId.parse(author().id()).orElseThrow(),
                        PartyId.parse(publisher().id()).orElseThrow(),
                        DeclarationId.parse(declaration).orElseThrow(),
                        List.of(Subject.parse(subject)),
                        "other",
                        List.of(),
                        0,
                        null),
                authority(author().key()));
    }

    private static Authority authority(String key) {
        try {
            return Authority.of(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aContestedPermissionReadsAskAtOnce() {
        assertEquals("allow", verdict());
        ValidatableResponse filed = disputing(author(), permission)
                .statusCode(201)
                .body("status", equalTo("filed"))
                .body("waitingFor", equalTo("respondent"))
                .body("ifNobodyActs", equalTo("permissions-end"))
                .body("subjects", equalTo(List.of(file)))
                .body("steps[0].statement", equalTo("I never agreed to this"));
        assertEquals("ask", verdict());
        assertEquals(true, ofStatement("contested"));
        Instant endsAt = Instant.parse(filed.extract().path("endsAt"));
        Instant recordedAt = Instant.parse(filed.extract().path("recordedAt"));
        assertEquals(Duration.ofDays(30), Duration.between(recordedAt, endsAt));
    }

    @Test
    void aDisputeGoesThroughItsSteps() {
        String id = disputed();
        stepping(author(), id, "answer").statusCode(403);
        stepping(author(), id, "continue").statusCode(409);
        stepping(publisher(), id, "answer")
                .statusCode(201)
                .body("status", equalTo("answered"))
                .body("waitingFor", equalTo("challenger"))
                .body("ifNobodyActs", equalTo("closed"));
        assertEquals("ask", verdict());
        stepping(publisher(), id, "answer").statusCode(409);
        stepping(publisher(), id, "continue").statusCode(403);
        stepping(author(), id, "continue").statusCode(201).body("waitingFor", equalTo("operator"));
        operator.asks()
                .queryParam("limit", 1000)
                .get("/v1/operator/disputes")
                .then()
                .statusCode(200)
                .body("disputes.id", hasItem(id));
        stepping(author(), id, "appeal").statusCode(409);
        operator.decidingDispute(id, "set-aside").statusCode(201);
        assertEquals("unknown", verdict());
        assertEquals("set-aside", ofStatement("notAppliedReason"));
        dispute(id).body("status", equalTo("set-aside")).body("ifNobodyActs", equalTo("final"));
        stepping(publisher(), id, "appeal").statusCode(201).body("status", equalTo("appealed"));
        assertEquals("unknown", verdict());
        operator.decidingDispute(id, "upheld").statusCode(201);
        assertEquals("allow", verdict());
        stepping(author(), id, "appeal").statusCode(409);
        dispute(id)
                .body("status", equalTo("upheld"))
                .body("waitingFor", equalTo("nobody"))
                .body(
                        "steps.type",
                        equalTo(List.of(
                                "dispute-filed",
                                "dispute-answered",
                                "dispute-continued",
                                "dispute-decided",
                                "dispute-appealed",
                                "dispute-decided")))
                .body("steps[0].statement", nullValue())
                .body("steps[0].evidence", equalTo(List.of("a".repeat(64))));
        publisher()
                .asks()
                .get("/v1/disputes/" + id)
                .then()
                .body("steps[0].statement", equalTo("I never agreed to this"));
    }

    @Test
    void aPermissionThatNobodyDefendsEnds() {
        String id = disputeWithoutTime(permission, file);
        assertEquals("unknown", verdict());
        dispute(id).body("status", equalTo("unanswered")).body("endsAt", nullValue());
        stepping(publisher(), id, "answer").statusCode(409).body("detail", containsString("ended"));
        operator.asks()
                .queryParam("limit", 1000)
                .queryParam("status", "unanswered")
                .get("/v1/operator/disputes")
                .then()
                .statusCode(200)
                .body("disputes.id", hasItem(id));
        operator.asks()
                .queryParam("status", "x")
                .get("/v1/operator/disputes")
                .then()
                .statusCode(422);
        author().asks().delete("/v1/disputes/" + id).then().statusCode(204);
        assertEquals("allow", verdict());
    }

    @Test
    void whatIsPermittedAfterAnUnansweredDisputeCounts() {
        disputeWithoutTime(permission, file);
        assertEquals("unknown", verdict());
        publisher().declares(permitted("ai-training", "ai-input").of(file));
        assertEquals("allow", verdict());
    }

    @Test
    void theDisputesOfASuspendedOrClosedPartyHaveNoEffect() {
        String id = disputed();
        stepping(publisher(), id, "answer").statusCode(201);
        operator.decides(author(), "suspended");
        assertEquals("allow", verdict());
        stepping(author(), id, "continue").statusCode(403);
        operator.decides(author(), "reinstated");
        assertEquals("ask", verdict());
        closes(author());
        assertEquals("allow", verdict());
    }

    @Test
    void aReservationThatNobodyDefendsEndsOnlyAgainstEvidence() {
        String mine = publisher().declares(reserved("ai-training").of(file)).id();
        assertEquals("deny", verdict());
        disputeWithoutTime(mine, file);
        assertEquals("deny", verdict());
        operator.revokingControl(publisher(), file);
        assertEquals("deny", verdict());
        author().controls(file);
        assertEquals("unknown", verdict());
    }

    @Test
    void aDefectStopsTheClockOfTheRespondent() {
        String id = disputed();
        operator.says(Map.of("dispute", id, "reason", "It does not say whose work this is"))
                .post("/v1/operator/dispute-defects")
                .then()
                .statusCode(201)
                .body("status", equalTo("defective"))
                .body("waitingFor", equalTo("challenger"));
        assertEquals("ask", verdict());
        stepping(publisher(), id, "answer").statusCode(409);
        stepping(publisher(), id, "cure").statusCode(403);
        stepping(author(), id, "cure").statusCode(201).body("status", equalTo("filed"));
        stepping(publisher(), id, "answer").statusCode(201);
    }

    @Test
    void aWithdrawnDisputeLeavesAllAsItWas() {
        String id = disputed();
        publisher().asks().delete("/v1/disputes/" + id).then().statusCode(403);
        author().asks().delete("/v1/disputes/" + id).then().statusCode(204);
        assertEquals("allow", verdict());
        assertNull(ofStatement("contested"));
        author().asks().delete("/v1/disputes/" + id).then().statusCode(409);
        disputing(author(), permission).statusCode(409).body("detail", containsString("once"));
    }

    @Test
    void bothSidesFindTheDisputeAndTheRespondentIsTold() {
        String another = Answers.id(
                disputing(author(), publisher().reserves(Names.url())).statusCode(201));
        String id = disputed();
        for (Party party : parties) {
            party.asks()
                    .queryParam("side", party.equals(author()) ? "challenger" : "respondent")
                    .get("/v1/parties/me/disputes")
                    .then()
                    .statusCode(200)
                    .body("disputes.id", equalTo(List.of(another, id)));
        }
        JsonPath notices = publisher().asks().get("/v1/parties/me/notices").jsonPath();
        assertEquals(List.of(another, id), notices.getList("notices.findAll { it.kind == 'disputed' }.subjectId"));
        Map<String, Object> notice = notices.getMap("notices.find { it.kind == 'disputed' }");
        assertTrue(notice.containsKey("until"), notice::toString);
        stepping(publisher(), id, "answer").statusCode(201);
        author().asks().get("/v1/parties/me/notices").then().body("notices.kind", hasItem("dispute-changed"));
    }

    @Test
    void theFiguresAreSomeMinutesOld() throws SQLException {
        Instant now = TestClock.ofService().instant();
        long before = filed(now.plus(Duration.ofHours(1)));
        disputed();
        assertEquals(before, filed(now.plus(Duration.ofMinutes(64))));
        assertTrue(filed(now.plus(Duration.ofMinutes(66))) > before);
        given().get("/v1/disputes").then().statusCode(200).body("months[-1].entries.dispute-filed", greaterThan(0));
    }

    private long filed(Instant moment) throws SQLException {
        return disputes.figures(moment).stream()
                .filter(figure -> figure.type().equals("dispute-filed"))
                .mapToLong(Disputes.Figure::count)
                .sum();
    }

    @Test
    void theNumberOfDisputesIsLimited() {
        for (int i = 0; i < 10; i++) {
            disputing(author(), publisher().reserves(Names.url())).statusCode(201);
        }
        disputing(author(), permission).statusCode(429);
        // The limit holds under the ledger's lock too, where parallel requests meet.
        ProblemException refused = assertThrows(ProblemException.class, () -> disputeWithoutTime(permission, file));
        assertEquals(Problem.TOO_MANY_REQUESTS, refused.problem());
    }

    @Test
    void ofFilingsAtOnceOnlyTheFirstIsRecorded() {
        CompletionStage<Proposal.Outcome> first =
                ledger.propose(withoutTime(new DisputeId(UUID.randomUUID()), permission, file));
        CompletionStage<Proposal.Outcome> second =
                ledger.propose(withoutTime(new DisputeId(UUID.randomUUID()), permission, file));
        Ledger.await(first);
        ProblemException refused = assertThrows(ProblemException.class, () -> Ledger.await(second));
        assertEquals(Problem.NOTHING_TO_CHANGE, refused.problem());
    }

    @Test
    void aDisputeNeedsGroundsAStatementAndAnothersDeclaration() {
        disputing(publisher(), permission).statusCode(422);
        disputing(author(), "d_0000000000000000000000000z").statusCode(422);
        author().says(Map.of("declaration", permission, "grounds", "envy", "statement", "x"))
                .post("/v1/disputes")
                .then()
                .statusCode(422);
        author().says(Map.of("declaration", permission, "grounds", "other"))
                .post("/v1/disputes")
                .then()
                .statusCode(422);
        given().get("/v1/disputes/x_0000000000000000000000000z").then().statusCode(404);
        operator.decides(author(), "suspended");
        disputing(author(), permission).statusCode(403);
    }

    /** The registry knows a new respondent after some seconds. */
    private static void letTheRespondentBeKnown() {
        TestClock.ofService().forward(Duration.ofSeconds(6));
    }

    private static void isTooMuch(ValidatableResponse answer) {
        answer.statusCode(422)
                .body("type", containsString("undeclarable-subject"))
                .body("errors[0].reason", equalTo("disputed"));
    }

    @Test
    void whileADisputeRunsTheRecordOnlyBecomesMoreRestrictive() {
        String id = disputed();
        letTheRespondentBeKnown();
        isTooMuch(publisher().declaring(permitted("ai-training", "ai-input").of(file)));
        isTooMuch(publisher().amending(permission, permitted("ai-training", "ai-index")));
        publisher().declaring(permitted("ai-training").of(Names.url())).statusCode(201);
        stepping(publisher(), id, "answer").statusCode(201);
        publisher().amends(permission, permittedWithTerms("ai-training").with(terms().contact("mailto:a@b.example")));
        isTooMuch(publisher().amending(permission, permitted("ai-training")));
        String reserved = publisher().reserves(file);
        isTooMuch(publisher()
                .declaring(permittedWithTerms("ai-training").of(file).with(terms().contact("mailto:a@b.example"))));
        publisher().withdraws(reserved);
        publisher().withdraws(permission);
        // Nothing is declared any more, so only a reservation may follow.
        isTooMuch(publisher().declaring(permitted("ai-training").of(file)));
        publisher().reserves(file);
        author().asks().delete("/v1/disputes/" + id).then().statusCode(204);
        publisher().declaring(permitted("ai-training").of(file)).statusCode(201);
    }

    @Test
    void whileADisputeRunsNoListPermitsMore() {
        String reserved = publisher().reserves(file);
        String list = publisher()
                .declares(permitted("ai-training").ofRepertoire("all ours"))
                .id();
        String other = Names.file();
        publisher().lists(list, other);
        String id = Answers.id(disputing(author(), reserved).statusCode(201));
        author().says(Map.of(
                        "declaration", list, "subjects", List.of(other), "grounds", "other", "statement", "Not theirs"))
                .post("/v1/disputes")
                .then()
                .statusCode(201);
        letTheRespondentBeKnown();
        isTooMuch(publisher().changingList(list, Map.of("add", List.of(file))));
        publisher().lists(list, Names.file());
        isTooMuch(
                publisher().amending(list, permitted("ai-training", "ai-input").ofRepertoire("all ours")));
        publisher().amends(list, reserved("ai-training").ofRepertoire("all ours"));
        author().asks().delete("/v1/disputes/" + id).then().statusCode(204);
    }

    @Test
    void whileADisputeRunsNobodyElsePermitsForTheRespondent() {
        Party society = Party.open();
        operator.letsVouch(society, "url");
        String page = Names.url();
        publisher().controls(page);
        String mandate = publisher()
                .offersMandate(Offer.toSociety(society).schemes("url"))
                .id();
        society.acceptsMandate(mandate);
        disputing(author(), publisher().reserves(page)).statusCode(201);
        letTheRespondentBeKnown();
        isTooMuch(society.declaring(permitted("ai-training").of(page).under(mandate)));
        society.declares(reserved("ai-training").of(page).under(mandate));
    }

    @Test
    void whileADisputeRunsTheAccountDoesNotChangeHands() {
        publisher().namesSuccessor(Party.open());
        String id = disputed();
        operator.proposingTransfer(publisher()).statusCode(409).body("detail", containsString("dispute"));
        author().asks().delete("/v1/disputes/" + id).then().statusCode(204);
        operator.transfers(publisher());
    }

    private static ValidatableResponse disputingControl(Party challenger, Party party, String subject) {
        return challenger
                .says(Map.of(
                        "control",
                        Map.of("party", party.id(), "subject", subject),
                        "grounds",
                        "not-theirs",
                        "statement",
                        "I bought this site"))
                .post("/v1/disputes")
                .then();
    }

    @Test
    void aDisputedProofOfControlEndsByTheDecision() {
        String reserved = publisher().declares(reserved("ai-input").of(file)).id();
        String id = Answers.id(disputingControl(author(), publisher(), file)
                .statusCode(201)
                .body("aboutControl", equalTo(true))
                .body("declaration", nullValue())
                .body("subjects", equalTo(List.of(file))));
        assertEquals("ask", verdict());
        stepping(publisher(), id, "answer").statusCode(201);
        stepping(author(), id, "continue").statusCode(201);
        operator.decidingDispute(id, "set-aside")
                .statusCode(201)
                .body("outcome", equalTo("set-aside"))
                .body("subjects", equalTo(List.of(file)));
        dispute(id).body("status", equalTo("set-aside")).body("aboutControl", equalTo(true));
        // The proof has ended, so the permission does not count. The reservation needs no proof.
        assertEquals("unknown", verdict());
        assertEquals("deny", anybody().asks(file).of("ai-input").verdict());
        anybody().asks(file).of("ai-input").answer().body("statements[0].declaration", equalTo(reserved));
        publisher().asks().get("/v1/parties/me/controls").then().body("controls.size()", equalTo(0));
        // Deciding again after a crash repeats nothing.
        operator.decidingDispute(id, "set-aside").statusCode(201);
        operator.decidingDispute(id, "upheld").statusCode(201);
        publisher().controls(file);
        assertEquals("allow", verdict());
    }

    @Test
    void onlyAProofOfAnotherThatIsInForceCanBeDisputed() {
        disputingControl(publisher(), publisher(), file)
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/control/party"));
        disputingControl(author(), publisher(), Names.file()).statusCode(422);
        author().says(Map.of("control", Map.of("party", "x"), "grounds", "other", "statement", "x"))
                .post("/v1/disputes")
                .then()
                .statusCode(422);
        author().says(Map.of(
                        "declaration",
                        permission,
                        "control",
                        Map.of("party", publisher().id(), "subject", file),
                        "grounds",
                        "other",
                        "statement",
                        "x"))
                .post("/v1/disputes")
                .then()
                .statusCode(422);
        author().says(Map.of("grounds", "other", "statement", "x"))
                .post("/v1/disputes")
                .then()
                .statusCode(422);
    }

    private static ValidatableResponse deciding(Party arbiter, String dispute, String outcome) {
        return arbiter.says(Map.of("outcome", outcome, "reason", "The contract has ended"))
                .post("/v1/disputes/" + dispute + "/decision")
                .then();
    }

    @Test
    void anArbiterDecidesInTheOperatorsPlace() {
        Party arbiter = Party.open();
        String id = disputed();
        deciding(arbiter, id, "set-aside").statusCode(403);
        operator.namingArbiter(id, author()).statusCode(422);
        operator.namingArbiter(id, arbiter).statusCode(201).body("arbiter", equalTo(arbiter.id()));
        for (Party told : List.of(arbiter, author(), publisher())) {
            told.asks().get("/v1/parties/me/notices").then().body("notices.kind", hasItem("dispute-changed"));
        }
        deciding(arbiter, id, "set-aside").statusCode(409);
        stepping(publisher(), id, "answer").statusCode(201);
        stepping(author(), id, "continue").statusCode(201);
        arbiter.asks().get("/v1/disputes/" + id).then().body("steps[0].statement", equalTo("I never agreed to this"));
        deciding(Party.open(), id, "set-aside").statusCode(403);
        deciding(author(), id, "set-aside").statusCode(403);
        operator.decides(arbiter, "suspended");
        deciding(arbiter, id, "set-aside").statusCode(403);
        operator.decides(arbiter, "reinstated");
        deciding(arbiter, id, "set-aside").statusCode(201).body("outcome", equalTo("set-aside"));
        assertEquals("unknown", verdict());
        dispute(id)
                .body("status", equalTo("set-aside"))
                .body("arbiter", nullValue())
                .body("steps[-1].type", equalTo("dispute-decided"))
                .body("steps[-1].arbiter", equalTo(arbiter.id()))
                .body("steps[-1].arbiterName", notNullValue())
                .body("steps[-1].statement", nullValue());
        // The appeal is for somebody else.
        stepping(publisher(), id, "appeal").statusCode(201);
        deciding(arbiter, id, "set-aside").statusCode(403);
        operator.decidingDispute(id, "upheld").statusCode(201);
        assertEquals("allow", verdict());
    }

    @Test
    void onlyAnOpenDisputeGetsAnArbiter() {
        Party arbiter = Party.open();
        String id = Answers.id(disputingControl(author(), publisher(), file).statusCode(201));
        operator.namingArbiter(id, arbiter).statusCode(422);
        String other = Answers.id(
                disputing(author(), publisher().reserves(Names.url())).statusCode(201));
        author().asks().delete("/v1/disputes/" + other).then().statusCode(204);
        operator.namingArbiter(other, arbiter).statusCode(409);
        closes(arbiter);
        operator.namingArbiter(id, arbiter).statusCode(422);
        operator.namingArbiter("x_0000000000000000000000000z", arbiter).statusCode(404);
    }

    @Test
    void theMemberOfADisputedSocietyIsTold() {
        Party society = Party.open();
        String mandate = publisher()
                .offersMandate(Offer.toSociety(society).schemes("url"))
                .id();
        society.acceptsMandate(mandate);
        String declared = society.declares(
                        reserved("ai-training").of(Names.url()).under(mandate))
                .id();
        String id = Answers.id(disputing(author(), declared).statusCode(201));
        publisher()
                .asks()
                .get("/v1/parties/me/notices")
                .then()
                .body("notices.findAll { it.kind == 'dispute-changed' }.subjectId", equalTo(List.of(id)));
    }
}
