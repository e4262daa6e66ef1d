package org.askfirst.testkit.contract;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One half of an exchange: its headers, found in any case, and its body as text.
 *
 * @param headers every field with its values in the order they came
 * @param body decoded text; empty where there is none
 */
public record Message(Map<String, List<String>> headers, String body) {
    public Message {
        Map<String, List<String>> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        inAnyCase.putAll(headers);
        headers = Collections.unmodifiableMap(inAnyCase);
    }

    /** The values of one field; empty where it was not sent. */
    List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** The media type in lower case and without parameters. */
    Optional<String> mediaType() {
        return header("Content-Type").stream()
                .findFirst()
                .map(Message::withoutParameters)
                .filter(type -> !type.isEmpty());
    }

    static String withoutParameters(String mediaType) {
        return mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
