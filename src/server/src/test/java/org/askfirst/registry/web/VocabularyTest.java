package org.askfirst.registry.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.testkit.Checkout;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Use;
import org.askfirst.verdict.Verdict;
import org.junit.jupiter.api.Test;

/** Compares the pages' vocabulary with the contract, and limits the length of their lines. */
class VocabularyTest {
    private static final Path APP = Checkout.at("src/server/src/main/resources/META-INF/resources/app");
    private static final Pattern LIST = Pattern.compile("(?:export const (\\w+) =|'([a-z-]+)':) \\[([^\\]]*)]");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
    private static final int LONGEST_LINE = 120;

    /** The lists of the vocabulary, by constant or by umbrella use. */
    private static Map<String, List<String>> lists() throws IOException {
        Map<String, List<String>> lists = new TreeMap<>();
        for (Matcher list = LIST.matcher(Files.readString(APP.resolve("vocabulary.js"))); list.find(); ) {
            List<String> words = new ArrayList<>();
            for (Matcher word = QUOTED.matcher(list.group(3)); word.find(); ) {
                words.add(word.group(1));
            }
            assertEquals(new HashSet<>(words).size(), words.size(), "a word appears twice: " + words);
            lists.put(list.group(1) == null ? list.group(2) : list.group(1), words);
        }
        return lists;
    }

    private static List<String> list(String name) throws IOException {
        List<String> list = lists().get(name);
        assertNotNull(list, name);
        return list;
    }

    private static Set<String> set(String name) throws IOException {
        return new TreeSet<>(list(name));
    }

    private static Set<String> set(Stream<String> words) {
        return new TreeSet<>(words.toList());
    }

    @Test
    void usesAndUmbrellasAreThoseOfTheContract() throws IOException {
        assertEquals(set(Arrays.stream(Use.values()).filter(Use::isLeaf).map(Use::wireName)), set("LEAF_USES"));
        for (Use use : Use.values()) {
            if (!use.isLeaf()) {
                assertEquals(set(use.leaves().stream().map(Use::wireName)), set(use.wireName()));
            }
        }
    }

    @Test
    void stancesAndVerdictsAreThoseOfTheContract() throws IOException {
        assertEquals(set(Arrays.stream(Stance.values()).map(Stance::wireName)), set("STANCES"));
        assertEquals(set(Arrays.stream(Verdict.values()).map(Verdict::wireName)), set("VERDICTS"));
    }

    @Test
    void everySchemeExists() throws IOException {
        Set<String> schemes = set(Arrays.stream(SubjectScheme.values()).map(SubjectScheme::wireName));
        for (String name : List.of("CHECKABLE_SCHEMES", "MANDATE_SCHEMES", "COLUMN_SCHEMES")) {
            assertTrue(schemes.containsAll(list(name)), name);
        }
    }

    @Test
    void statusesStatesAndKindsAreThoseOfTheContract() throws IOException {
        JsonNode contract =
                new YAMLMapper().readTree(Checkout.at("openapi.yaml").toFile());
        assertEquals(
                words(contract, "/components/parameters/DeclarationStatus/schema/enum"), set("DECLARATION_STATUSES"));
        assertEquals(words(contract, "/components/schemas/Mandate/properties/state/enum"), set("MANDATE_STATES"));
        assertEquals(words(contract, "/components/schemas/DisputeGrounds/enum"), set("DISPUTE_GROUNDS"));
        assertTrue(words(contract, "/components/schemas/PartyKind/enum").containsAll(list("DECLARING_KINDS")));
    }

    private static Set<String> words(JsonNode contract, String pointer) {
        Set<String> words = new TreeSet<>();
        contract.at(pointer).forEach(word -> words.add(word.asText()));
        assertTrue(!words.isEmpty(), pointer);
        return words;
    }

    @Test
    void noLineIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(APP)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".js")).toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.length() > LONGEST_LINE)
                        .forEach(line -> tooLong.add(file.getFileName() + ": " + line));
            }
        }
        assertEquals(List.of(), tooLong);
    }
}
