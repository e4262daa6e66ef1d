package org.askfirst.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that an answer keeps the contract: status, headers, media type and body.
 *
 * <p>A header that the contract names is a promise and must be there, unless it says {@code required: false}.
 */
final class AnswerRules {
    private final Schemas schemas;
    private final Place root;

    AnswerRules(Schemas schemas, Place root) {
        this.schemas = schemas;
        this.root = root;
    }

    List<Breach> breaches(Operation operation, Exchange exchange) {
        int status = exchange.status();
        if (status >= 500 && status != 503) {
            return List.of(new Breach("answer status", "no input may give a " + status + excerpt(exchange)));
        }
        Place response = operation.response(status).orElse(null);
        if (response == null) {
            return List.of(new Breach(
                    "answer status",
                    status + " is not in the contract, which has "
                            + operation.place().at("responses").names() + excerpt(exchange)));
        }
        List<Breach> breaches = new ArrayList<>(breachesOfHeaders(response.at("headers"), exchange.answer()));
        breaches.addAll(breachesOfBody(response.at("content"), exchange));
        return breaches;
    }

    /** An operation that the contract does not name may only be answered with a problem. */
    List<Breach> breachesOfUnknown(Exchange exchange) {
        int status = exchange.status();
        if (status != 404 && status != 405) {
            return List.of(new Breach(
                    "answer status", "what the contract does not name is answered 404 or 405, not " + status));
        }
        List<Breach> breaches = new ArrayList<>();
        if (status == 405 && exchange.answer().header("Allow").isEmpty()) {
            breaches.add(new Breach("answer header Allow", "a 405 names the methods there are (RFC 9110)"));
        }
        if (exchange.method().equals("HEAD")) {
            return breaches;
        }
        String type = exchange.answer().mediaType().orElse("");
        if (!type.equals(MediaTypes.PROBLEM)) {
            breaches.add(new Breach("answer header Content-Type", "'" + type + "' is no " + MediaTypes.PROBLEM));
            return breaches;
        }
        breaches.addAll(breachesOfValue(
                root.at("components").at("schemas").at("Problem"),
                type,
                exchange.answer().body(),
                status));
        return breaches;
    }

    private List<Breach> breachesOfHeaders(Place headers, Message answer) {
        List<Breach> breaches = new ArrayList<>();
        for (String name : headers.names()) {
            String where = "answer header " + name;
            List<String> values = answer.header(name);
            Place required = headers.at(name).at("required");
            if (values.isEmpty() && (!required.exists() || required.value().asBoolean())) {
                breaches.add(new Breach(where, "is missing"));
            }
            for (String value : values) {
                breaches.addAll(breachesOfHeader(headers.at(name).at("schema"), value, where));
            }
        }
        return breaches;
    }

    private List<Breach> breachesOfHeader(Place schema, String value, String where) {
        List<Breach> breaches = List.of();
        for (JsonNode reading : StrictJson.readings(value)) {
            breaches = schemas.breaches(schema, reading, where);
            if (breaches.isEmpty()) {
                return breaches;
            }
        }
        return breaches;
    }

    private List<Breach> breachesOfBody(Place content, Exchange exchange) {
        String body = exchange.answer().body();
        if (exchange.method().equals("HEAD")) {
            return List.of();
        }
        if (content.names().isEmpty()) {
            return body.isEmpty() ? List.of() : List.of(new Breach("answer body", "the contract has none here"));
        }
        String type = exchange.answer().mediaType().orElse("");
        if (!content.at(type).exists()) {
            return List.of(new Breach(
                    "answer header Content-Type",
                    "'" + type + "' is not in the contract, which has " + content.names() + excerpt(exchange)));
        }
        return breachesOfValue(content.at(type).at("schema"), type, body, exchange.status());
    }

    private List<Breach> breachesOfValue(Place schema, String type, String body, int status) {
        if (MediaTypes.isLines(type)) {
            return breachesOfLines(schema, body);
        }
        if (!MediaTypes.isJson(type)) {
            return schemas.breaches(schema, TextNode.valueOf(body), "answer body");
        }
        List<Breach> breaches = new ArrayList<>();
        JsonNode value = StrictJson.read(body, "answer body", breaches);
        if (!breaches.isEmpty()) {
            return breaches;
        }
        breaches.addAll(schemas.breaches(schema, value, "answer body"));
        if (type.equals(MediaTypes.PROBLEM) && value.path("status").asInt() != status) {
            breaches.add(new Breach("answer body /status", "is not the answer's status " + status));
        }
        return breaches;
    }

    private List<Breach> breachesOfLines(Place schema, String body) {
        List<Breach> breaches = new ArrayList<>();
        if (!body.isEmpty() && !body.endsWith("\n")) {
            breaches.add(new Breach("answer body", "the last line has no end, so a reader cannot tell it is whole"));
        }
        int number = 0;
        for (String line : body.lines().toList()) {
            number++;
            String where = "answer body line " + number;
            List<Breach> unread = new ArrayList<>();
            JsonNode value = StrictJson.read(line, where, unread);
            breaches.addAll(unread.isEmpty() ? schemas.breaches(schema, value, where) : unread);
        }
        return breaches;
    }

    private static String excerpt(Exchange exchange) {
        String body = exchange.answer().body();
        return body.isEmpty() ? "" : "; it reads: " + body.substring(0, Math.min(300, body.length()));
    }
}
