package org.askfirst.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.response.ValidatableResponse;

/**
 * An act that the registry has recorded.
 *
 * @param id of the declaration or mandate that it is about
 * @param position of its entry, or 0 where the answer tells none; the ledger of a test is small
 */
public record Recorded(String id, int position) {
    static Recorded of(ValidatableResponse answer) {
        JsonNode tree = Answers.tree(answer);
        return new Recorded(tree.path("id").asText(), tree.path("position").asInt());
    }
}
