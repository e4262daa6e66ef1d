package org.askfirst.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.function.Supplier;

/** The operator that speaks to the registry. A method in the present participle leaves it to the test to judge the answer. */
public final class OperatorClient {
    private final Supplier<RequestSpecification> requests;

    OperatorClient(Supplier<RequestSpecification> requests) {
        this.requests = requests;
    }

    /** The operator of the service under test. */
    public static OperatorClient ofService() {
        return Registry.underTest().operator();
    }

    /** A request of the operator. */
    public RequestSpecification asks() {
        return requests.get();
    }

    /** A request of the operator with that body. */
    public RequestSpecification says(Object body) {
        return asks().contentType("application/json").body(Bodies.text(body));
    }

    /** The body of a decision about a party. */
    public static ObjectNode decision(Party party, String decision, String... schemes) {
        ObjectNode body = Bodies.object("party", party.id(), "decision", decision, "reason", "It was seen");
        if (schemes.length > 0) {
            body.setAll(Bodies.object("schemes", List.of(schemes)));
        }
        return body;
    }

    /** Names the party as the arbiter of the dispute. */
    public ValidatableResponse namingArbiter(String dispute, Party arbiter) {
        return says(Bodies.object("dispute", dispute, "party", arbiter.id(), "reason", "Both sides agreed"))
                .post("/v1/operator/dispute-arbiters")
                .then();
    }

    /** Decides about a party. */
    public ValidatableResponse deciding(Party party, String decision, String... schemes) {
        return says(decision(party, decision, schemes))
                .post("/v1/operator/decisions")
                .then();
    }

    /** Decides about a party, which must succeed. */
    public void decides(Party party, String decision, String... schemes) {
        deciding(party, decision, schemes).statusCode(201);
    }

    /** Lets a party vouch in those schemes. */
    public void letsVouch(Party body, String... schemes) {
        decides(body, "vouching-granted", schemes);
    }

    /** Records that a party controls a subject. */
    public ValidatableResponse recordingControl(Party party, String subject) {
        return says(Bodies.object("party", party.id(), "subject", subject, "reason", "A letter that was seen"))
                .post("/v1/operator/controls")
                .then();
    }

    /** Revokes the control that a party has of a subject. */
    public ValidatableResponse revokingControl(Party party, String subject) {
        return says(Bodies.object("party", party.id(), "subject", subject, "reason", "It was sold"))
                .post("/v1/operator/control-revocations")
                .then();
    }

    /** Sets the number of works that a party may declare a day. */
    public void allows(Party party, long works) {
        says(Bodies.object("party", party.id(), "works", works, "reason", "Asked by telephone"))
                .post("/v1/operator/budgets")
                .then()
                .statusCode(201);
    }

    /** Proposes to transfer the account of a party to the successor that it named. */
    public ValidatableResponse proposingTransfer(Party party) {
        // The service under test has two keys from here on.
        Party.secondOperatorKey();
        return says(Bodies.object("party", party.id(), "reason", "Certificate seen"))
                .post("/v1/operator/successions")
                .then();
    }

    /** Confirms a proposal with the second key. */
    public static ValidatableResponse confirming(String proposal) {
        return Registry.underTest()
                .with(Party.secondOperatorKey())
                .post("/v1/operator/proposals/" + proposal + "/confirmation")
                .then();
    }

    /** Transfers the account of a party to the successor that it named, with both keys. */
    public void transfers(Party party) {
        confirming(proposingTransfer(party).statusCode(202).extract().path("id"))
                .statusCode(201);
    }

    /** Sets a declaration aside for all its subjects, without a dispute before. */
    public ValidatableResponse decidingAgainst(String declaration) {
        return says(Bodies.object("declaration", declaration, "outcome", "set-aside", "reason", "An order was seen"))
                .post("/v1/operator/dispute-decisions")
                .then();
    }

    /** Decides a dispute or a rejection. */
    public ValidatableResponse decidingDispute(String dispute, String outcome) {
        return says(Bodies.object("dispute", dispute, "outcome", outcome, "reason", "Both were heard"))
                .post("/v1/operator/dispute-decisions")
                .then();
    }
}
