package org.askfirst.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Bodies of requests, built as trees. */
public final class Bodies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Bodies() {}

    /** An object with those members: a name and its value by turns. A value is text, a number, a list, a map or a tree. */
    public static ObjectNode object(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return JSON.valueToTree(members);
    }

    /** The JSON text of a body. Text is taken as it is, so that a test can send what is no JSON. */
    public static String text(Object body) {
        if (body instanceof String || body instanceof Draft || body instanceof Offer) {
            return body.toString();
        }
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException unwritable) {
            throw new AssertionError(unwritable);
        }
    }

    /** One body on each line. */
    public static String lines(Collection<?> bodies) {
        return bodies.stream().map(body -> text(body) + "\n").collect(Collectors.joining());
    }
}
