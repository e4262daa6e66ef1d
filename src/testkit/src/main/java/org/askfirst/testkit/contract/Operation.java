package org.askfirst.testkit.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One method on one path template of the contract.
 *
 * @param method in upper case
 * @param template such as {@code /v1/declarations/{id}}
 */
public record Operation(String method, String template, Place place) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]+)}");

    public String name() {
        String id = place.at("operationId").text();
        return method + " " + template + (id.isEmpty() ? "" : " (" + id + ")");
    }

    private boolean isMultiSegment(String parameter) {
        return place.at("parameters").elements().stream()
                .map(Place::resolved)
                .anyMatch(one -> one.at("name").text().equals(parameter)
                        && one.at("x-multi-segment").value().asBoolean());
    }

    /** Returns the decoded value of each placeholder; empty where the path is not of this template. */
    Optional<Map<String, String>> match(String path) {
        List<String> names = new ArrayList<>();
        StringBuilder expression = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(template);
        int from = 0;
        while (placeholder.find()) {
            expression.append(Pattern.quote(template.substring(from, placeholder.start())));
            // The contract's own extension: a parameter at the end that has slashes in it.
            expression.append(isMultiSegment(placeholder.group(1)) ? "(.+)" : "([^/]+)");
            names.add(placeholder.group(1));
            from = placeholder.end();
        }
        expression.append(Pattern.quote(template.substring(from)));
        Matcher whole = Pattern.compile(expression.toString()).matcher(path);
        if (!whole.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), Exchange.decode(whole.group(i + 1).replace("+", "%2B")));
        }
        return Optional.of(values);
    }

    /** How many placeholders the template has: fewer speak more exactly (OpenAPI 3.1, path templating). */
    long placeholders() {
        return PLACEHOLDER.matcher(template).results().count();
    }

    /** The parameters of the path and of the operation, which overrides; by place and name. */
    public List<Place> parameters() {
        Map<String, Place> parameters = new LinkedHashMap<>();
        for (Place list : List.of(
                Place.root(place.document()).at("paths").at(template).at("parameters"), place.at("parameters"))) {
            for (Place parameter : list.elements()) {
                parameters.put(
                        parameter.at("in").text() + " " + parameter.at("name").text(), parameter);
            }
        }
        return List.copyOf(parameters.values());
    }

    /** Returns true if a key is needed: the contract names a security scheme and does not make it optional. */
    boolean needsKey() {
        Place own = place.at("security");
        Place security = own.exists() ? own : Place.root(place.document()).at("security");
        List<Place> alternatives = security.elements();
        return !alternatives.isEmpty()
                && alternatives.stream()
                        .noneMatch(alternative -> alternative.names().isEmpty());
    }

    /** The beginnings of the headers {@code Authorization} with which the operation can be called. */
    Set<String> keySchemes() {
        Place own = place.at("security");
        Place root = Place.root(place.document());
        Set<String> schemes = new TreeSet<>();
        for (Place alternative : (own.exists() ? own : root.at("security")).elements()) {
            for (String name : alternative.names()) {
                String scheme = root.at("components")
                        .at("securitySchemes")
                        .at(name)
                        .at("scheme")
                        .text();
                if (scheme.equals("bearer") || scheme.equals("basic")) {
                    schemes.add(scheme.equals("bearer") ? "Bearer " : "Basic ");
                }
            }
        }
        return schemes;
    }

    /** The media types a body may be sent in; none where no body is read. */
    public Set<String> consumes() {
        return new TreeSet<>(place.at("requestBody").at("content").names());
    }

    /** The media types of the answers that are not refusals. */
    public Set<String> produces() {
        Set<String> types = new TreeSet<>();
        for (String status : place.at("responses").names()) {
            if (status.startsWith("2")) {
                types.addAll(place.at("responses").at(status).at("content").names());
            }
        }
        return types;
    }

    /**
     * The answer that the contract documents for a status: exact, else its range. The default does not count, since it
     * stands for what others answer in the registry's place.
     */
    Optional<Place> response(int status) {
        Place responses = place.at("responses");
        String range = status / 100 + "XX";
        return Stream.of(Integer.toString(status), range)
                .map(responses::at)
                .filter(Place::exists)
                .findFirst();
    }

    static boolean isMethod(String member) {
        return Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace")
                .contains(member.toLowerCase(Locale.ROOT));
    }
}
