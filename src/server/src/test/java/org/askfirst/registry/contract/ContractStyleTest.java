package org.askfirst.registry.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.askfirst.testkit.contract.Contract;
import org.askfirst.testkit.contract.MediaTypes;
import org.askfirst.testkit.contract.Operation;
import org.askfirst.testkit.contract.Place;
import org.junit.jupiter.api.Test;

/** Rules for the contract itself: people and generators of clients can read it, and later versions can add to it. */
class ContractStyleTest {
    private static final Contract CONTRACT = Contract.ofRepository();
    private static final Place ROOT = CONTRACT.root();
    private static final Place SCHEMAS = ROOT.at("components").at("schemas");
    private static final Pattern SENTENCES = Pattern.compile("[A-Z\"`'].*\\.", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9-]+");

    private final List<String> faults = new ArrayList<>();

    private void assertNoFaults() {
        assertEquals("", String.join("\n", faults));
    }

    private void require(boolean kept, String fault) {
        if (!kept) {
            faults.add(fault);
        }
    }

    @Test
    void everyOperationHasADefaultResponse() {
        for (Operation operation : CONTRACT.operations()) {
            Place response = operation.place().at("responses").at("default");
            require(
                    response.at("content").at(MediaTypes.PROBLEM).exists(),
                    operation.name() + " has no default problem");
        }
        assertNoFaults();
    }

    @Test
    void everyAnswerHasAnExample() {
        for (Operation operation : CONTRACT.operations()) {
            for (String status : operation.place().at("responses").names()) {
                Place content = operation.place().at("responses").at(status).at("content");
                for (String type : content.names()) {
                    boolean isBinary =
                            content.at(type).at("schema").at("format").text().equals("binary");
                    require(
                            isBinary || !examples(content.at(type)).isEmpty(),
                            operation.name() + " has no example of " + status + " as " + type);
                }
            }
        }
        assertNoFaults();
    }

    @Test
    void everyExampleFitsItsSchema() {
        int examples = 0;
        for (Operation operation : CONTRACT.operations()) {
            List<Place> contents =
                    new ArrayList<>(List.of(operation.place().at("requestBody").at("content")));
            Place responses = operation.place().at("responses");
            responses
                    .names()
                    .forEach(status -> contents.add(responses.at(status).at("content")));
            for (Place content : contents) {
                for (String type : content.names()) {
                    for (Place example : examples(content.at(type))) {
                        check(operation.name() + " " + type, content.at(type).at("schema"), example.value());
                        examples++;
                    }
                }
            }
            for (Place parameter : operation.parameters()) {
                String where = operation.name() + " " + parameter.at("name").text();
                require(parameter.at("example").exists(), where + " has no example");
                check(where, parameter.at("schema"), parameter.at("example").value());
            }
        }
        for (String name : SCHEMAS.names()) {
            for (Place example : SCHEMAS.at(name).at("examples").elements()) {
                check(name, SCHEMAS.at(name), example.value());
            }
        }
        require(examples > 100, "examples that were checked: " + examples);
        assertNoFaults();
    }

    private void check(String where, Place schema, JsonNode example) {
        CONTRACT.breaches(schema, example, where).forEach(breach -> faults.add(breach.toString()));
    }

    private static List<Place> examples(Place media) {
        List<Place> examples = new ArrayList<>();
        if (media.at("example").exists()) {
            examples.add(media.at("example"));
        }
        for (String name : media.at("examples").names()) {
            examples.add(media.at("examples").at(name).at("value"));
        }
        return examples;
    }

    @Test
    void everySchemaAndEveryMemberIsDescribedInSentences() {
        for (String name : SCHEMAS.names()) {
            requireDescription(name, SCHEMAS.at(name));
            Place members = SCHEMAS.at(name).at("properties");
            members.names().forEach(member -> requireDescription(name + "." + member, members.at(member)));
        }
        for (Operation operation : CONTRACT.operations()) {
            requireDescription(operation.name(), operation.place());
            for (Place parameter : operation.parameters()) {
                requireDescription(operation.name() + " " + parameter.at("name").text(), parameter);
            }
            Place responses = operation.place().at("responses");
            for (String status : responses.names()) {
                requireDescription(operation.name() + " " + status, responses.at(status));
            }
        }
        assertNoFaults();
    }

    /** Beside a reference there may be a description; otherwise that of the schema counts. */
    private void requireDescription(String where, Place place) {
        String own = place.document().at(place.pointer()).path("description").asText();
        String text = (own.isEmpty() ? place.at("description").text() : own).strip();
        require(SENTENCES.matcher(text).matches(), where + " is not described in sentences: " + text);
    }

    @Test
    void pathsAreOrderedByTag() {
        List<String> tags = ROOT.at("tags").elements().stream()
                .map(tag -> tag.at("name").text())
                .toList();
        Set<String> used = new LinkedHashSet<>();
        String last = "";
        for (Operation operation : CONTRACT.operations()) {
            List<Place> own = operation.place().at("tags").elements();
            assertEquals(1, own.size(), operation.name());
            String tag = own.get(0).text();
            require(tag.equals(last) || used.add(tag), operation.name() + " is apart from the others of " + tag);
            last = tag;
        }
        assertEquals(tags, List.copyOf(used));
        assertNoFaults();
    }

    @Test
    void requestsAreClosedAndAnswersAreOpen() {
        for (Operation operation : CONTRACT.operations()) {
            Place body = operation.place().at("requestBody").at("content");
            for (String type : body.names()) {
                Place schema = body.at(type).at("schema");
                require(
                        !isObject(schema) || isClosed(schema) || MediaTypes.isUrlEncoded(type),
                        operation.name() + " takes unknown members as " + type);
            }
            Place responses = operation.place().at("responses");
            for (String status : responses.names()) {
                Place content = responses.at(status).at("content");
                for (String type : content.names()) {
                    requireOpen(
                            operation.name() + " " + status, content.at(type).at("schema"), new HashSet<>());
                }
            }
        }
        assertNoFaults();
    }

    private static boolean isObject(Place schema) {
        return schema.at("type").text().equals("object");
    }

    private static boolean isClosed(Place schema) {
        JsonNode beside = schema.document().at(schema.pointer()).path("unevaluatedProperties");
        JsonNode members = schema.at("additionalProperties").value();
        return isFalse(beside) || isFalse(members);
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private void requireOpen(String where, Place schema, Set<String> seen) {
        if (!seen.add(schema.resolved().pointer().toString())) {
            return;
        }
        require(!isClosed(schema), where + " refuses unknown members at " + schema.pointer());
        for (String name : schema.at("properties").names()) {
            requireOpen(where, schema.at("properties").at(name), seen);
        }
        for (String inner : List.of("items", "additionalProperties")) {
            if (schema.at(inner).value().isObject()) {
                requireOpen(where, schema.at(inner), seen);
            }
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            schema.at(choice).elements().forEach(one -> requireOpen(where, one, seen));
        }
    }

    /**
     * Rules against constructs that generators of clients (openapi-generator for Java, Python, TypeScript and Go) are
     * known to stumble over.
     */
    @Test
    void generatorsOfClientsCanReadIt() {
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            require(
                    ROOT.value().findValues(choice).isEmpty(),
                    choice + ": " + ROOT.value().findParents(choice));
        }
        for (JsonNode value : ROOT.value().findValues("const")) {
            require(value.isTextual(), "a constant that is no text: " + value);
        }
        for (JsonNode items : ROOT.value().findValues("items")) {
            require(!items.has("enum"), "an enumeration without a name in a list: " + items);
        }
        Set<String> constants = new HashSet<>();
        for (String name : SCHEMAS.names()) {
            Place names = SCHEMAS.at(name).at("x-enum-varnames");
            for (Place constant : (names.exists() ? names : SCHEMAS.at(name).at("enum")).elements()) {
                String word = constant.text().toUpperCase(Locale.ROOT).replace('-', '_');
                require(constants.add(word), name + " has the same constant as another enumeration: " + word);
            }
        }
        for (JsonNode parent : ROOT.value().findParents("enum")) {
            boolean plain = true;
            for (JsonNode word : parent.path("enum")) {
                plain &= WORD.matcher(word.asText()).matches();
            }
            require(plain || parent.has("x-enum-varnames"), "words that are no names: " + parent);
        }
        for (Operation operation : CONTRACT.operations()) {
            Set<String> types = operation.consumes();
            require(types.size() < 2 || types.stream().noneMatch(MediaTypes::isForm), operation.name() + " or a form");
        }
        assertNoFaults();
    }
}
