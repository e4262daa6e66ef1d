package org.askfirst.testkit;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.function.Supplier;

/** The registry that a test speaks to. */
public final class Registry {
    private static final Registry UNDER_TEST = new Registry(() -> given(), Party::operatorKey);

    private final Supplier<RequestSpecification> requests;
    private final Supplier<String> operatorKey;

    private Registry(Supplier<RequestSpecification> requests, Supplier<String> operatorKey) {
        this.requests = requests;
        this.operatorKey = operatorKey;
    }

    /** The service that runs in this process, at the port that REST Assured knows. */
    public static Registry underTest() {
        return UNDER_TEST;
    }

    /** A service on this machine. Both are asked for with each request, since a service may start again elsewhere. */
    public static Registry at(Supplier<Integer> port, Supplier<String> operatorKey) {
        return new Registry(() -> given().baseUri("http://127.0.0.1").port(port.get()), operatorKey);
    }

    /** A request without a key. */
    public RequestSpecification anybody() {
        return requests.get();
    }

    /** An asker without a key. */
    public Asker asker() {
        return new Asker(requests);
    }

    /** The operator. */
    public OperatorClient operator() {
        return new OperatorClient(() -> with(operatorKey.get()));
    }

    /** A request with that key. */
    public RequestSpecification with(String key) {
        return requests.get().header("Authorization", "Bearer " + key);
    }

    /** Opens an account. */
    public Party opens(Map<String, ?> request) {
        JsonNode opened = Answers.tree(requests.get()
                .contentType("application/json")
                .body(Bodies.text(request))
                .post("/v1/parties")
                .then()
                .statusCode(201));
        return new Party(
                this,
                opened.get("id").textValue(),
                opened.get("key").textValue(),
                opened.get("keyId").textValue());
    }

    /** The position of the newest entry. */
    public int position() {
        return Integer.parseInt(asker().asks(Names.url()).answer().extract().header("Askfirst-Position"));
    }
}
