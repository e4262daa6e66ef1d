package org.askfirst.testkit;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.arc.Arc;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.askfirst.registry.operator.Operator;
import org.jspecify.annotations.Nullable;

/**
 * A party that speaks to the registry.
 *
 * @param id as the registry gave it
 * @param key its first key
 * @param keyId that key's id
 */
public record Party(String id, String key, String keyId) {
    private static @Nullable String operatorKey;

    /** A new one that can be reached only where its declarations say how. */
    public static Party open() {
        return open(Map.of("name", "하늘 출판사", "kind", "publisher"));
    }

    /** A new one with a contact of its own. */
    public static Party openReachable() {
        return open(Map.of("name", "김하늘 작가", "kind", "creator", "contact", "mailto:haneul@example.com"));
    }

    private static Party open(Map<String, ?> request) {
        JsonNode opened = Answers.tree(given().contentType("application/json")
                .body(request)
                .post("/v1/parties")
                .then()
                .statusCode(201));
        return new Party(
                opened.get("id").textValue(),
                opened.get("key").textValue(),
                opened.get("keyId").textValue());
    }

    /** The operator's key; made anew once for a run. */
    public static synchronized String operatorKey() {
        String key = operatorKey;
        if (key == null) {
            key = Arc.container().instance(Operator.class).get().makeKey(true).orElseThrow();
            operatorKey = key;
        }
        return key;
    }

    /** A request of this party. */
    public RequestSpecification asks() {
        return given().header("Authorization", "Bearer " + key);
    }

    /** A request of this party with that JSON. */
    public RequestSpecification says(String json) {
        return asks().contentType("application/json").body(json);
    }

    /** Declares, and gives the declaration's id. */
    public String declares(String json) {
        return Answers.id(says(json).post("/v1/declarations").then().statusCode(201));
    }

    /** Reserves all mining of those subjects. */
    public String reserves(String... subjects) {
        return declares("{\"subjects\":[\"" + String.join("\",\"", subjects)
                + "\"],\"stances\":{\"text-and-data-mining\":\"reserved\"}}");
    }

    /** Lets the operator record that this party controls that subject. */
    public void controls(String subject) {
        given().header("Authorization", "Bearer " + operatorKey())
                .contentType("application/json")
                .body(Map.of("party", id, "subject", subject, "reason", "A letter that was seen"))
                .post("/v1/operator/controls")
                .then()
                .statusCode(201);
    }
}
