package org.askfirst.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that a request keeps the contract: path, query and header parameters, key, media type and body.
 *
 * <p>A batch is answered item by item, so its items are not judged: the lines of {@code application/x-ndjson},
 * and the elements of the array that the media type's {@code x-answered-each} names. Nor are the parts of a form.
 */
final class RequestRules {
    private final Schemas schemas;

    RequestRules(Schemas schemas) {
        this.schemas = schemas;
    }

    List<Breach> breaches(Operation operation, Exchange exchange, Map<String, String> pathValues) {
        List<Breach> breaches = new ArrayList<>();
        Map<String, List<String>> query = exchange.query();
        Set<String> unnamed = new HashSet<>(query.keySet());
        for (Place parameter : operation.parameters()) {
            String in = parameter.at("in").text();
            String name = parameter.at("name").text();
            List<String> values = switch (in) {
                case "path" -> List.of(pathValues.getOrDefault(name, ""));
                case "query" -> query.getOrDefault(name, List.of());
                case "header" -> exchange.request().header(name);
                default -> throw new IllegalStateException("No rule for parameters in " + in);
            };
            breaches.addAll(breachesOf(parameter, values, "request " + in + " " + name));
            if (in.equals("query")) {
                unnamed.remove(name);
            }
        }
        for (String name : unnamed) {
            breaches.add(new Breach("request query " + name, "the contract names no such parameter"));
        }
        if (operation.needsKey()
                && exchange.request().header("Askfirst-Session").isEmpty()
                && exchange.request().header("Authorization").stream()
                        .noneMatch(value -> operation.keySchemes().stream().anyMatch(value::startsWith))) {
            breaches.add(
                    new Breach("request header Authorization", "the operation needs one of " + operation.keySchemes()));
        }
        breaches.addAll(breachesOfBody(operation.place().at("requestBody"), exchange.request()));
        return breaches;
    }

    private List<Breach> breachesOf(Place parameter, List<String> values, String where) {
        if (values.isEmpty()) {
            return parameter.at("required").value().asBoolean()
                    ? List.of(new Breach(where, "is required and missing"))
                    : List.of();
        }
        Place schema = parameter.at("schema");
        boolean list = schema.at("type").text().equals("array");
        if (!list && values.size() > 1) {
            return List.of(new Breach(where, "was given " + values.size() + " times and is no list"));
        }
        List<JsonNode> readings = list ? StrictJson.readings(values) : StrictJson.readings(values.get(0));
        List<Breach> breaches = List.of();
        for (JsonNode reading : readings) {
            breaches = schemas.breaches(schema, reading, where);
            if (breaches.isEmpty()) {
                return breaches;
            }
        }
        return breaches;
    }

    private List<Breach> breachesOfBody(Place requestBody, Message request) {
        if (!requestBody.exists()) {
            return List.of();
        }
        if (request.body().isEmpty()) {
            return requestBody.at("required").value().asBoolean()
                    ? List.of(new Breach("request body", "is required and missing"))
                    : List.of();
        }
        String type = request.mediaType().orElse("");
        Place media = requestBody.at("content").at(type);
        if (!media.exists()) {
            return List.of(new Breach("request header Content-Type", "'" + type + "' is not in the contract"));
        }
        if (MediaTypes.isLines(type) || MediaTypes.isForm(type)) {
            return List.of();
        }
        List<Breach> breaches = new ArrayList<>();
        JsonNode body;
        if (MediaTypes.isUrlEncoded(type)) {
            body = members(request.body());
        } else {
            body = MediaTypes.isJson(type)
                    ? StrictJson.read(request.body(), "request body", breaches)
                    : TextNode.valueOf(request.body());
        }
        if (breaches.isEmpty()) {
            String each = media.at("x-answered-each").text();
            schemas.breaches(media.at("schema"), body, "request body").stream()
                    .filter(breach -> each.isEmpty() || !breach.pointer().startsWith("request body /" + each + "/"))
                    .forEach(breaches::add);
        }
        return breaches;
    }

    /** The members of a form in one text; of a name that is there twice, the last value. */
    private static JsonNode members(String form) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (String one : form.split("&", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                members.put(
                        URLDecoder.decode(one.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(one.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return members;
    }
}
