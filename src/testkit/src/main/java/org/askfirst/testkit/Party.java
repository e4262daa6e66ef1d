package org.askfirst.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A party that speaks to the registry. A method in the present tense, such as {@link #declares}, must succeed; its twin
 * in the present participle, such as {@link #declaring}, leaves it to the test to judge the answer.
 *
 * @param registry to which it speaks
 * @param id as the registry gave it
 * @param key its first key
 * @param keyId that key's id
 */
public record Party(Registry registry, String id, String key, String keyId) {
    private static @Nullable String operatorKey;
    private static @Nullable String secondOperatorKey;
    private static Supplier<String> newOperatorKey = Party::noOperatorKey;
    private static Supplier<String> newSecondOperatorKey = Party::noOperatorKey;

    /** A party of the service under test. */
    public Party(String id, String key, String keyId) {
        this(Registry.underTest(), id, key, keyId);
    }

    /** A new one that can be reached only where its declarations say how. */
    public static Party open() {
        return Registry.underTest().opens(Map.of("name", "하늘 출판사", "kind", "publisher"));
    }

    /** A new one with a contact of its own. */
    public static Party openReachable() {
        return Registry.underTest()
                .opens(Map.of("name", "김하늘 작가", "kind", "creator", "contact", "mailto:haneul@example.com"));
    }

    private static String noOperatorKey() {
        throw new IllegalStateException("Nobody said where the operator's key comes from");
    }

    /** Says how the running service is asked for a new first key of the operator, and for a second one. */
    public static synchronized void operatorKeysFrom(Supplier<String> first, Supplier<String> second) {
        newOperatorKey = first;
        newSecondOperatorKey = second;
    }

    /** The operator's second key, which has the name {@code second}; made anew once for a run. */
    public static synchronized String secondOperatorKey() {
        String key = secondOperatorKey;
        if (key == null) {
            key = newSecondOperatorKey.get();
            secondOperatorKey = key;
        }
        return key;
    }

    /** The operator's key; made anew once for a run. */
    public static synchronized String operatorKey() {
        String key = operatorKey;
        if (key == null) {
            key = newOperatorKey.get();
            operatorKey = key;
        }
        return key;
    }

    /** Makes the second key anew. */
    public static synchronized void renewSecondOperatorKey() {
        secondOperatorKey = newSecondOperatorKey.get();
    }

    /** A request of this party. */
    public RequestSpecification asks() {
        return registry.with(key);
    }

    /** A request of this party with that body: a draft, a tree, a map, or text that is sent as it is. */
    public RequestSpecification says(Object body) {
        return asks().contentType("application/json").body(Bodies.text(body));
    }

    /** Sends one body on each line, and gives the lines of the answer. */
    public List<JsonNode> sendsLines(String path, Collection<?> bodies) {
        return Answers.lines(asks().contentType("application/x-ndjson")
                .body(Bodies.lines(bodies))
                .post(path)
                .then()
                .statusCode(200));
    }

    /** Declares. */
    public ValidatableResponse declaring(Object draft) {
        return says(draft).post("/v1/declarations").then();
    }

    /** Declares. */
    public Recorded declares(Draft draft) {
        return Recorded.of(declaring(draft).statusCode(201));
    }

    /** Reserves all mining of those subjects, and gives the declaration's id. */
    public String reserves(String... subjects) {
        return declares(Draft.reserved("text-and-data-mining").of(subjects)).id();
    }

    /** Amends a declaration. */
    public ValidatableResponse amending(String declaration, Object draft) {
        return says(draft).put("/v1/declarations/" + declaration).then();
    }

    /** Amends a declaration. */
    public Recorded amends(String declaration, Draft draft) {
        return Recorded.of(amending(declaration, draft).statusCode(200));
    }

    /** Withdraws a declaration. */
    public ValidatableResponse withdrawing(String declaration) {
        return asks().delete("/v1/declarations/" + declaration).then();
    }

    /** Withdraws a declaration. */
    public Recorded withdraws(String declaration) {
        return Recorded.of(withdrawing(declaration).statusCode(200));
    }

    /** Changes the list of a repertoire. */
    public ValidatableResponse changingList(String repertoire, Object change) {
        return says(change)
                .post("/v1/declarations/" + repertoire + "/repertoire")
                .then();
    }

    /** Adds subjects to a repertoire. */
    public ValidatableResponse lists(String repertoire, String... subjects) {
        return changingList(repertoire, Bodies.object("add", List.of(subjects))).statusCode(200);
    }

    /** Removes subjects from a repertoire. */
    public ValidatableResponse unlists(String repertoire, String... subjects) {
        return changingList(repertoire, Bodies.object("remove", List.of(subjects)))
                .statusCode(200);
    }

    /** Offers a mandate to the other side. */
    public ValidatableResponse offeringMandate(Object offer) {
        return says(offer).post("/v1/mandates").then();
    }

    /** Offers a mandate to the other side. */
    public Recorded offersMandate(Offer offer) {
        return Recorded.of(offeringMandate(offer).statusCode(201));
    }

    /** Accepts a mandate. */
    public ValidatableResponse acceptingMandate(String mandate) {
        return asks().post("/v1/mandates/" + mandate + "/acceptance").then();
    }

    /** Accepts a mandate. */
    public Recorded acceptsMandate(String mandate) {
        return Recorded.of(acceptingMandate(mandate).statusCode(200));
    }

    /** Ends a mandate, or declines it. */
    public ValidatableResponse endingMandate(String mandate) {
        return asks().delete("/v1/mandates/" + mandate).then();
    }

    /** Ends a mandate, or declines it. */
    public Recorded endsMandate(String mandate) {
        return Recorded.of(endingMandate(mandate).statusCode(200));
    }

    /** Ends a mandate at a moment. */
    public ValidatableResponse endingMandate(String mandate, String until) {
        return asks().queryParam("until", until)
                .delete("/v1/mandates/" + mandate)
                .then();
    }

    /** Records a mandate for a member who has no account, by its number at this society; gives the line of the answer. */
    public JsonNode recordsMember(String number) {
        return sendsLines("/v1/mandates/batch", List.of(Bodies.object("memberNumber", number)))
                .get(0);
    }

    /** Claims the mandate that was recorded with that code. */
    public ValidatableResponse claimingMandate(String code) {
        return says(Bodies.object("code", code)).post("/v1/mandates/claims").then();
    }

    /** Offers to vouch for a party. */
    public ValidatableResponse offeringToVouchFor(Party member) {
        return says(Bodies.object("party", member.id()))
                .post("/v1/parties/me/members")
                .then();
    }

    /** Accepts that a body vouches for it. */
    public ValidatableResponse acceptingVouching(Party body, boolean mayRecover) {
        return says(Bodies.object("mayRecover", mayRecover))
                .post("/v1/parties/me/memberships/" + body.id() + "/acceptance")
                .then();
    }

    /** Declines the offer of a body, or leaves it. */
    public ValidatableResponse leaving(Party body) {
        return asks().delete("/v1/parties/me/memberships/" + body.id()).then();
    }

    /** Vouches for a party, which accepts it and lets this one confirm a recovery of its keys. */
    public void vouchesFor(Party member) {
        offeringToVouchFor(member).statusCode(201);
        member.acceptingVouching(this, true).statusCode(200);
    }

    /** Starts, without any of its keys, a recovery that a body is to confirm. */
    public ValidatableResponse startingRecovery(Party body) {
        return registry.anybody()
                .contentType("application/json")
                .body(Bodies.text(Bodies.object("party", id, "body", body.id())))
                .post("/v1/recoveries")
                .then();
    }

    /** Confirms, as a body, that a member itself started that recovery. */
    public ValidatableResponse confirmingRecovery(Party member, String recovery) {
        return says(Bodies.object("recovery", recovery))
                .post("/v1/parties/me/members/" + member.id() + "/recovery")
                .then();
    }

    /** Names the party that succeeds it. */
    public void namesSuccessor(Party heir) {
        says(Bodies.object("party", heir.id()))
                .put("/v1/parties/me/successor")
                .then()
                .statusCode(204);
    }

    /** Sets its webhook. */
    public ValidatableResponse settingWebhook(String url) {
        return says(Bodies.object("url", url)).put("/v1/parties/me/webhook").then();
    }

    /** Sets its webhook, and gives the secret. */
    public String setsWebhook(String url) {
        return settingWebhook(url).statusCode(200).extract().path("secret");
    }

    /** Asks for the closing of its account. */
    public ValidatableResponse closes() {
        return asks().queryParam("party", id()).delete("/v1/parties/me").then().statusCode(202);
    }

    /** Starts a challenge to prove that it controls a subject. */
    public ValidatableResponse challenging(String subject) {
        return says(Bodies.object("subject", subject))
                .post("/v1/parties/me/controls")
                .then();
    }

    /** Checks a challenge. */
    public ValidatableResponse checking(String challenge) {
        return asks().post("/v1/parties/me/controls/" + challenge + "/check").then();
    }

    /** Records, as a vouching body, that a party controls that subject. */
    public ValidatableResponse recordingControl(Party party, String subject) {
        return says(Bodies.object("party", party.id(), "subject", subject, "reason", "Member 1204"))
                .post("/v1/parties/me/control-records")
                .then();
    }

    /** Lets the operator record that this party controls that subject. */
    public void controls(String subject) {
        registry.operator().recordingControl(this, subject).statusCode(201);
    }

    /** Rejects a declaration of another party, for those of its subjects that are this party's, or for the named ones. */
    public ValidatableResponse rejects(String declaration, String... subjects) {
        ObjectNode body = Bodies.object("declaration", declaration);
        if (subjects.length > 0) {
            body.setAll(Bodies.object("subjects", List.of(subjects)));
        }
        return says(body).post("/v1/rejections").then();
    }
}
