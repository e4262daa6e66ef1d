package org.askfirst.registry.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.testkit.Checkout;
import org.askfirst.testkit.contract.Contract;
import org.junit.jupiter.api.Test;

/** The catalogue, its documentation and the contract's examples name the same problems. */
class ProblemCatalogueTest {
    private static final Pattern DOCUMENTED =
            Pattern.compile("^## (\\S+)\\R\\R\\*\\*(\\d{3}) · (.+)\\*\\*$", Pattern.MULTILINE);

    private record Entry(String slug, int status, String title) {
        static Entry of(Problem problem) {
            return new Entry(problem.slug(), problem.status(), problem.title());
        }
    }

    private static final List<Entry> CATALOGUE =
            Arrays.stream(Problem.values()).map(Entry::of).toList();

    @Test
    void theDocumentationListsTheCatalogueInItsOrder() throws IOException {
        String text = Files.readString(Checkout.at("docs", "problems.md"));

        List<Entry> documented = DOCUMENTED
                .matcher(text)
                .results()
                .map(entry -> new Entry(entry.group(1), Integer.parseInt(entry.group(2)), entry.group(3)))
                .toList();

        assertEquals(lines(CATALOGUE), lines(documented));
        assertEquals(
                documented.size(),
                text.lines().filter(line -> line.startsWith("## ")).count(),
                "sections that are no problem, or are not written as one");
    }

    private static String lines(List<Entry> entries) {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void everyProblemInTheContractIsInTheCatalogue() {
        JsonNode document = Contract.ofRepository().root().value();

        List<Entry> examples = document.findParents("type").stream()
                .filter(node -> node.path("type").asText().startsWith(Problem.TYPE_BASE))
                .map(node -> new Entry(
                        node.path("type").textValue().substring(Problem.TYPE_BASE.length()),
                        node.path("status").asInt(),
                        node.path("title").asText()))
                .toList();

        assertFalse(examples.isEmpty(), "no example was found: the test would hold of an empty contract");
        assertEquals(
                List.of(),
                examples.stream().filter(entry -> !CATALOGUE.contains(entry)).toList());
    }

    @Test
    void aSlugIsUsedOnceAndIsFitForAUri() {
        assertEquals(
                new TreeSet<>(CATALOGUE.stream().map(Entry::slug).toList()).size(),
                CATALOGUE.size(),
                "a slug is the problem's name");
        assertEquals(
                List.of(),
                CATALOGUE.stream()
                        .filter(entry -> !entry.slug().matches("[a-z]+(-[a-z]+)*"))
                        .collect(Collectors.toList()));
    }

    private static final String REASONS = Arrays.stream(Reason.values())
            .map(reason -> reason.word() + ": " + reason.meaning())
            .collect(Collectors.joining("\n"));

    private static String matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(row -> row.group(1) + ": " + row.group(2))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void theDocumentationAndTheContractListTheReasonsWithTheirMeaning() throws IOException {
        String documented = Files.readString(Checkout.at("docs", "problems.md"));
        String contract = Contract.ofRepository()
                .root()
                .value()
                .at("/components/schemas/ProblemError/properties/reason/description")
                .asText();

        assertEquals(REASONS, matches(Pattern.compile("^\\| `(\\S+)` \\| (.+) \\|$", Pattern.MULTILINE), documented));
        assertEquals(REASONS, matches(Pattern.compile("^- `(\\S+)`: (.+)$", Pattern.MULTILINE), contract));
    }

    @Test
    void aReasonIsAWordOfItsOwnAndItsMeaningASentence() {
        assertEquals(
                Reason.values().length,
                Arrays.stream(Reason.values()).map(Reason::word).distinct().count());
        assertEquals(
                List.of(),
                Arrays.stream(Reason.values())
                        .filter(reason -> !reason.word().matches("[a-z]+(-[a-z0-9]+)*")
                                || !reason.meaning().matches("[A-Z].*[.]"))
                        .toList());
    }

    @Test
    void everyErrorInTheContractHasAReasonOfTheCatalogue() {
        List<String> words = Arrays.stream(Reason.values()).map(Reason::word).toList();
        List<JsonNode> errors = Contract.ofRepository().root().value().findParents("pointer").stream()
                .filter(error -> error.path("pointer").isTextual())
                .toList();

        assertFalse(errors.isEmpty(), "no example was found: the test would hold of an empty contract");
        assertEquals(
                List.of(),
                errors.stream()
                        .filter(error -> !words.contains(error.path("reason").asText()))
                        .toList());
    }

    /** Every refusal of a request that does not fit names the place and a reason for programs. */
    @Test
    void whatDoesNotFitIsNeverRefusedWithoutAReason() throws IOException {
        Pattern unreasoned = Pattern.compile(
                "(MALFORMED_JSON|INVALID_REQUEST|MALFORMED_SUBJECT|UNDECLARABLE_SUBJECT)\\s*\\.because\\(");
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Checkout.at("src"))) {
            for (Path file : files.filter(path ->
                            path.toString().endsWith(".java") && path.toString().contains("/src/main/"))
                    .toList()) {
                if (unreasoned.matcher(Files.readString(file)).find()) {
                    found.add(file);
                }
            }
        }
        assertEquals(List.of(), found);
        assertTrue(unreasoned.matcher("Problem.INVALID_REQUEST.because(").find(), "the pattern sees what it is for");
    }
}
