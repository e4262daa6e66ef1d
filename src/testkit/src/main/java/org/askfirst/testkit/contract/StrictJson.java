package org.askfirst.testkit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/** Reads one JSON text: no member twice, nothing after the end, no number rounded. */
final class StrictJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    /** The value, or a breach at {@code where} that says why there is none. */
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

    /** Returns the values that a parameter's text can mean: itself, and the number or truth value it spells. */
    static List<JsonNode> readings(String text) {
        List<JsonNode> readings = new ArrayList<>();
        readings.add(MAPPER.getNodeFactory().textNode(text));
        if (text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false")) {
            readings.add(read(text, "", new ArrayList<>()));
        }
        return readings;
    }

    /** The same for a parameter that is a list: all of its texts, or all of what they spell. */
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
