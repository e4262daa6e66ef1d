package org.askfirst.testkit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.askfirst.testkit.Checkout;

/**
 * The published contract, and the judge of whether an exchange keeps it.
 *
 * <p>Immutable; any thread may ask.
 */
public final class Contract {
    /** OpenAPI 3.1 has no name for QUERY (RFC 10008); on this path it is the same operation as POST. */
    public static final String QUERY_PATH = "/v1/lookups";

    private static final Path FILE = Checkout.at("openapi.yaml");

    private final Schemas schemas;
    private final Place root;
    private final List<Operation> operations;

    private Contract(JsonNode document) {
        schemas = new Schemas(StrictReading.of(document).toString());
        root = Place.root(document);
        operations = operations(root);
    }

    /** The contract at the root of this repository, read once. */
    public static Contract ofRepository() {
        return Repository.CONTRACT;
    }

    /** Reads a contract in YAML. */
    public static Contract parse(String text) throws JsonProcessingException {
        return new Contract(new YAMLMapper().readTree(text));
    }

    public List<Operation> operations() {
        return operations;
    }

    public Place root() {
        return root;
    }

    /** Returns the parts of the value that do not fit the schema at that place. */
    public List<Breach> breaches(Place schema, JsonNode value, String where) {
        return schemas.breaches(schema, value, where);
    }

    /** The operation that answers a method on a path; the template with fewest placeholders first. */
    Optional<Operation> find(String method, String path) {
        // A concrete path shadows a templated one whatever the method (OpenAPI 3.1, Paths Object).
        List<Operation> onPath = operations.stream()
                .filter(operation -> operation.match(path).isPresent())
                .sorted(Comparator.comparingLong(Operation::placeholders))
                .toList();
        return onPath.stream()
                .filter(operation -> operation.template().equals(onPath.get(0).template()))
                .filter(operation -> operation.method().equals(twin(method, path)))
                .findFirst();
    }

    /** Every way in which the exchange breaks the contract; empty if it keeps it. */
    public List<Breach> breaches(Exchange exchange) {
        AnswerRules answers = new AnswerRules(schemas, root);
        Optional<Operation> found = find(exchange.method(), exchange.path());
        if (found.isEmpty()) {
            return answers.breachesOfUnknown(exchange);
        }
        Operation operation = found.get();
        List<Breach> breaches = new ArrayList<>(answers.breaches(operation, exchange));
        Map<String, String> pathValues = operation.match(exchange.path()).orElseThrow();
        // A refusal needs no valid request, and what is unavailable refuses nothing and permits nothing.
        if (!exchange.refused() && exchange.status() != 503) {
            for (Breach breach : new RequestRules(schemas).breaches(operation, exchange, pathValues)) {
                breaches.add(new Breach(
                        breach.pointer(), breach.reason() + "; such a request must be refused with a 4xx problem"));
            }
        }
        return breaches;
    }

    /** How a failure names the exchange. */
    String name(Exchange exchange) {
        return find(exchange.method(), exchange.path())
                .map(Operation::name)
                .orElse(exchange.method() + " " + exchange.path() + " (not in the contract)");
    }

    private static String twin(String method, String path) {
        if (method.equals("HEAD")) {
            return "GET";
        }
        return method.equals("QUERY") && path.equals(QUERY_PATH) ? "POST" : method;
    }

    private static List<Operation> operations(Place root) {
        List<Operation> operations = new ArrayList<>();
        Place paths = root.at("paths");
        for (String template : paths.names()) {
            for (String member : paths.at(template).names()) {
                if (Operation.isMethod(member)) {
                    operations.add(new Operation(
                            member.toUpperCase(Locale.ROOT),
                            template,
                            paths.at(template).at(member)));
                }
            }
        }
        return List.copyOf(operations);
    }

    private static final class Repository {
        static final Contract CONTRACT = read();

        private static Contract read() {
            try {
                return parse(Files.readString(FILE));
            } catch (IOException e) {
                throw new UncheckedIOException("Tests run in the folder of " + FILE, e);
            }
        }
    }
}
