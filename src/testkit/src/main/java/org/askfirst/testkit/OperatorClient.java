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

    /** Transfers the account of a party to the successor that it named. */
    public ValidatableResponse transferring(Party party) {
        return says(Bodies.object("party", party.id(), "reason", "Certificate seen"))
                .post("/v1/operator/successions")
                .then();
    }
}
