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
import java.util.HexFormat;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.askfirst.subject.internal.text.Refusal;
import org.junit.jupiter.api.Test;

/** Our own vectors, which other implementations also read: {@code vectors/subjects.json}. */
class SubjectVectorsTest {
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
                    vector.path("gate").asText(""), subject.sitePrefilter().map(SubjectKey::hex).orElse(""), input);
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
    void recognisedWithoutAScheme() {
        assertTrue(vectors.path("recognised").size() > 10);
        for (JsonNode vector : vectors.path("recognised")) {
            String input = vector.path("input").asText();
            assertEquals(
                    vector.path("canonical").asText(), Subject.recognise(input).canonical(), input);
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
        for (JsonNode vector : vectors.path("undeclarable")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            ProblemException refusal = assertThrows(ProblemException.class, subject::requireDeclarable);
            assertEquals(Problem.UNDECLARABLE_SUBJECT, refusal.problem());
        }
        for (JsonNode vector : vectors.path("subjects")) {
            Subject subject = Subject.parse(vector.path("input").asText());
            if (!subject.canonical().contains("host%23")) {
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
