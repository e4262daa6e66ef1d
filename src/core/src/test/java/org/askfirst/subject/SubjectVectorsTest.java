package org.askfirst.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.askfirst.subject.internal.text.Refusal;
import org.junit.jupiter.api.Test;

/** Our own vectors, which other implementations also read: {@code vectors/subjects.json}. */
class SubjectVectorsTest {
    private static final String[][] ENDS = {
        {"url", "https://example.com/a"},
        {"under", "https://example.com/a/"},
        {"domain", "example.com"},
        {"isbn", "9788936434120"},
        {"doi", "10.1000/182"},
        {"kcc", "C-2023-012345"},
        {"isni", "0000000121032683"},
        {"sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    };

    private final JsonNode vectors = read();

    @Test
    void subjectsKeysAndExpansions() {
        Set<SubjectScheme> seen = EnumSet.noneOf(SubjectScheme.class);
        for (JsonNode vector : vectors.path("subjects")) {
            String input = vector.path("input").asText();
            Subject subject = Subject.parse(input);
            assertEquals(vector.path("canonical").asText(), subject.canonical(), input);
            assertEquals(vector.path("key").asText(), subject.key().hex(), input);
            assertEquals(
                    vector.path("gate").asText(""),
                    subject.sitePrefilter().map(SubjectKey::hex).orElse(""),
                    input);
            Expansion expansion = subject.expand();
            assertEquals(vector.path("expansion").size(), expansion.size(), input);
            for (int i = 0; i < expansion.size(); i++) {
                JsonNode entry = vector.path("expansion").path(i);
                assertEquals(entry.path("subject").asText(), expansion.canonical(i), input);
                assertEquals(entry.path("specificity").asInt(), expansion.specificity(i), input);
            }
            seen.add(subject.scheme());
        }
        assertEquals(EnumSet.allOf(SubjectScheme.class), seen, "every scheme has a vector");
    }

    @Test
    void plainSpellings() {
        assertTrue(vectors.path("spellings").size() >= 50);
        for (JsonNode vector : vectors.path("spellings")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            List<Subject> keys = subject.indexedAs();
            String plain = vector.path("plain").asText();
            assertEquals(plain, keys.get(keys.size() - 1).canonical(), subject.canonical());
            assertEquals(!plain.equals(subject.canonical()), Subject.isFoundUnderOthers(subject.canonical()));
            assertEquals(List.of(Subject.parse(plain)), Subject.parse(plain).indexedAs(), "plain is not plain");
            assertEquals(subject.storedSitePrefilter(), Subject.parse(plain).storedSitePrefilter(), plain);
        }
    }

    @Test
    void recognisedWithoutAScheme() {
        assertTrue(vectors.path("recognised").size() > 10);
        for (JsonNode vector : vectors.path("recognised")) {
            String input = vector.path("input").asText();
            assertEquals(
                    vector.path("canonical").asText(), Subject.recognise(input).canonical(), input);
        }
    }

    /** A text that names no work is refused, and nothing is suggested for it. */
    @Test
    void notRecognised() {
        assertTrue(vectors.path("unrecognised").size() > 10);
        for (JsonNode vector : vectors.path("unrecognised")) {
            String input = vector.path("input").asText();
            ProblemException refusal = assertThrows(ProblemException.class, () -> Subject.recognise(input), input);
            Violation violation = refusal.violations().get(0);
            assertEquals(vector.path("reason").asText(), violation.reason().word(), input);
            assertEquals(vector.has("meant") ? vector.path("meant").asText() : null, violation.suggestion(), input);
        }
    }

    @Test
    void everyInvisibleCharacterIsRemovedAtBothEnds() {
        assertTrue(vectors.path("invisible").size() >= 20);
        for (JsonNode range : vectors.path("invisible")) {
            int last = Integer.parseInt(range.path("last").asText(), 16);
            for (int point = Integer.parseInt(range.path("first").asText(), 16); point <= last; point++) {
                String mark = Character.toString(point);
                for (String[] pair : ENDS) {
                    String input = pair[0] + ":" + mark + pair[1] + mark;
                    assertEquals(
                            Subject.parse(pair[0] + ":" + pair[1]),
                            Subject.parse(input),
                            () -> range + " around " + pair[1]);
                }
            }
        }
    }

    @Test
    void refusedWithTheirReason() {
        Set<Refusal> seen = EnumSet.noneOf(Refusal.class);
        for (JsonNode vector : vectors.path("refused")) {
            String input = vector.path("input").asText();
            ProblemException refusal = assertThrows(ProblemException.class, () -> Subject.parse(input), input);
            Refusal reason = Arrays.stream(Refusal.values())
                    .filter(one ->
                            one.reason().word().equals(vector.path("reason").asText()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Problem.MALFORMED_SUBJECT, refusal.problem());
            Violation violation = refusal.violations().get(0);
            assertEquals(reason.reason(), violation.reason(), input);
            String meant = vector.path("meant").asText();
            // One vector lists the schemes in words, which is not a value that a caller could send.
            assertEquals(meant.isEmpty() || meant.contains(" ") ? null : meant, violation.suggestion(), input);
            assertTrue(refusal.detail().startsWith(reason.lead() + ": "), refusal.detail());
            if (vector.has("meant")) {
                assertTrue(
                        refusal.detail()
                                .endsWith("Did you mean " + vector.path("meant").asText() + "?"),
                        refusal.detail());
            }
            seen.add(reason);
        }
        assertTrue(seen.containsAll(EnumSet.complementOf(EnumSet.of(Refusal.TOO_LONG, Refusal.AMBIGUOUS))));
    }

    @Test
    void askedButNeverDeclared() {
        assertTrue(vectors.path("undeclarable").size() >= 10);
        Set<Subject> undeclarable = new HashSet<>();
        for (JsonNode vector : vectors.path("undeclarable")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            ProblemException refusal = assertThrows(ProblemException.class, subject::requireDeclarable);
            assertEquals(Problem.UNDECLARABLE_SUBJECT, refusal.problem());
            Violation violation = refusal.violations().get(0);
            assertEquals(vector.path("reason").asText(), violation.reason().word(), subject.canonical());
            assertEquals(
                    vector.has("meant") ? vector.path("meant").asText() : null,
                    violation.suggestion(),
                    subject.canonical());
            if (vector.has("meant")) {
                Subject.parse(vector.path("meant").asText()).requireDeclarable();
            }
            undeclarable.add(subject);
        }
        for (JsonNode vector : vectors.path("subjects")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            if (!undeclarable.contains(subject)) {
                subject.requireDeclarable();
            }
        }
    }

    @Test
    void idsOfWorks() {
        for (JsonNode vector : vectors.path("works")) {
            byte[] random = HexFormat.of().parseHex(vector.path("random").asText());
            assertEquals(
                    vector.path("canonical").asText(), Subject.ofWork(random).canonical());
        }
    }

    @Test
    void theyNameTheListTheyWereMadeWith() {
        assertEquals(
                PublicSuffixes.bundled().version(),
                vectors.path("publicSuffixList").asText());
    }

    private static JsonNode read() {
        try (var stream = SubjectVectorsTest.class.getResourceAsStream("/vectors/subjects.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
