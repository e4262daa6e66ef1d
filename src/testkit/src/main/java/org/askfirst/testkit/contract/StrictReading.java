package org.askfirst.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Reads the contract more strictly than clients must, to judge our own service.
 *
 * <p>Clients ignore members of answers that they do not know, so the contract leaves answers open; here every object
 * that names its members is closed, or an answer could have a member that the contract does not know. Generators of
 * clients stumble over {@code oneOf}, so the contract says by {@code x-exactly-one-of} which groups of members exclude one
 * another, and by {@code x-one-of} which schemas a value may have; here both are a {@code oneOf}.
 */
final class StrictReading {
    private static final String EXCLUSIVE = "x-exactly-one-of";
    private static final String ALTERNATIVES = "x-one-of";
    private static final String VARIABLES = "x-enum-varnames";
    private static final String CLOSED = "additionalProperties";

    /** Marks an object with members that the contract leaves to another document. */
    private static final String OPEN = "unevaluatedProperties";

    private StrictReading() {}

    /** A copy of the contract with stricter schemas. */
    static JsonNode of(JsonNode document) {
        JsonNode copy = document.deepCopy();
        for (JsonNode node : copy.path("components").path("schemas")) {
            tighten(node);
        }
        tighten(copy.path("paths"));
        return copy;
    }

    private static void tighten(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("type").asText().equals("object")
                    && object.path("properties").isObject()
                    && !object.has(CLOSED)
                    && !object.has(OPEN)) {
                object.put(CLOSED, false);
            }
            if (object.path(EXCLUSIVE).isArray()) {
                ArrayNode alternatives = object.putArray("oneOf");
                for (JsonNode required : object.remove(EXCLUSIVE)) {
                    alternatives.addObject().set("required", required);
                }
            }
            if (object.has(ALTERNATIVES)) {
                object.set("oneOf", object.remove(ALTERNATIVES));
            }
            object.remove(VARIABLES);
        }
        node.forEach(StrictReading::tighten);
    }
}
