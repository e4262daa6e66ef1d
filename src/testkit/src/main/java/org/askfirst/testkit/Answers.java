package org.askfirst.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.List;

/**
 * Answers read as trees, for what is read thousands of times: REST Assured's paths are scripts, and it compiles one
 * anew, for some milliseconds, each time that something is read.
 */
public final class Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    /** The tree of that text. */
    public static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException unreadable) {
            throw new AssertionError(json, unreadable);
        }
    }

    /** The tree that was answered. */
    public static JsonNode tree(ValidatableResponse answer) {
        return tree(answer.extract().asString());
    }

    /** The trees of the lines that were answered. */
    public static List<JsonNode> lines(ValidatableResponse answer) {
        return answer.extract().asString().lines().map(Answers::tree).toList();
    }

    /** The id that was answered; empty if none was. */
    public static String id(Response answer) {
        return tree(answer.asString()).path("id").asText();
    }

    /** The id that was answered; empty if none was. */
    public static String id(ValidatableResponse answer) {
        return tree(answer).path("id").asText();
    }
}
