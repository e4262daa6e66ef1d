package org.askfirst.testkit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a JSON text strictly: it rejects repeated members and any text after the value, and it does not round numbers.
 */
final class StrictJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /**
     * Returns the value of the text. If the text is not JSON, adds a breach with the pointer {@code where} and the
     * reason, and returns a missing node.
     */
    static JsonNode read(String text, String where, List<Breach> breaches) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                breaches.add(new Breach(where, "is empty and so not JSON"));
            }
            return value;
        } catch (JsonProcessingException e) {
            breaches.add(new Breach(where, "is not JSON: " + e.getOriginalMessage()));
            return MAPPER.missingNode();
        }
    }

    /**
     * Returns the possible values of a parameter: its text, and then the number or boolean if the text is written like
     * one.
     */
    static List<JsonNode> readings(String text) {
        List<JsonNode> readings = new ArrayList<>();
        readings.add(MAPPER.getNodeFactory().textNode(text));
        if (text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false")) {
            readings.add(read(text, "", new ArrayList<>()));
        }
        return readings;
    }

    /**
     * Returns the two possible values of a parameter that is a list: the array of its texts, and the same array with
     * numbers and booleans in place of the texts that are written like them.
     */
    static List<JsonNode> readings(List<String> texts) {
        var asText = MAPPER.createArrayNode();
        var asSpelt = MAPPER.createArrayNode();
        for (String text : texts) {
            List<JsonNode> readings = readings(text);
            asText.add(readings.get(0));
            asSpelt.add(readings.get(readings.size() - 1));
        }
        return List.of(asText, asSpelt);
    }
}
