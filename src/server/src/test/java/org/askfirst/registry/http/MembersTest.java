package org.askfirst.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.problem.Violation;
import org.askfirst.subject.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members are read strictly, and all violations are reported at once, each with its pointer. */
class MembersTest {
    private static Members members(String json, String... known) {
        return Members.of(Json.parse(json.getBytes(StandardCharsets.UTF_8)), known);
    }

    private static List<String> pointers(Members members) {
        return assertThrows(ProblemException.class, members::finish).violations().stream()
                .map(Violation::pointer)
                .toList();
    }

    @Test
    void onlyAnObjectHasMembers() {
        for (String json : List.of("[]", "1", "\"text\"", "null", "true")) {
            ProblemException problem = assertThrows(ProblemException.class, () -> members(json, "a"));
            assertEquals(Problem.INVALID_REQUEST, problem.problem(), json);
        }
    }

    @Test
    void aMisspeltNameIsRefusedWithASuggestion() {
        Members members = members("{\"stanses\":{}}", "subjects", "stances");
        ProblemException problem = assertThrows(ProblemException.class, members::finish);
        assertEquals(
                List.of("/stanses"),
                problem.violations().stream().map(Violation::pointer).toList());
        assertTrue(problem.detail().contains("\"stances\""), problem.detail());
        Violation misspelt = problem.violations().get(0);
        assertEquals(Reason.UNKNOWN_MEMBER, misspelt.reason());
        assertEquals("stances", misspelt.suggestion());
    }

    private static List<String> details(Members members) {
        return assertThrows(ProblemException.class, members::finish).violations().stream()
                .map(violation -> violation.reason().word() + " " + violation.detail())
                .toList();
    }

    @Test
    void aDetailBeginsWithItsMemberAndSaysWhatToDo() {
        Members members =
                members("{\"terms\":{\"userClass\":\"x\",\"purpose\":7},\"validTo\":\"soon\"}", "terms", "validTo");
        Members terms = Objects.requireNonNull(members.object("terms", "userClass", "purpose"));
        terms.optionalTexts("userClass", 5, Pattern.compile("[a-z]+"), "a word");
        terms.optionalText("purpose", 10);
        terms.text("type", 10);
        members.optionalMoment("validTo");
        assertEquals(
                List.of(
                        "not-a-list terms.userClass: give a list",
                        "not-a-string terms.purpose: give a string",
                        "missing terms.type: it is required; add it",
                        "malformed validTo: give a moment with its offset, such as 2026-11-22T09:00:00Z, not \"soon\""),
                details(members));
    }

    @Test
    void aDetailNamesElementsAsPeopleDo() {
        Members members =
                members("{\"subjects\":[\"isbn:9791190000123\",\"isbn:9791190000124\"],\"a b\":1}", "subjects");
        members.parsedList("subjects", 5, Subject::parse);
        ProblemException problem = assertThrows(ProblemException.class, members::finish);
        assertEquals("\"a b\": there is no such member", problem.detail());
        Violation subject = problem.violations().get(1);
        assertEquals("/subjects/1", subject.pointer());
        assertEquals(Reason.WRONG_CHECK_DIGIT, subject.reason());
        assertEquals("isbn:9791190000123", subject.suggestion());
        assertTrue(subject.detail().startsWith("subjects[1]: The check digit does not fit: "), subject.detail());
    }

    @ParameterizedTest
    @CsvSource({"stanses,stances", "Stances,stances", "stance,stances", "subject,subjects", "validfrom,validFrom"})
    void theNearestNameIsSuggested(String unknown, String meant) {
        assertEquals(meant, Members.nearest(unknown, List.of("subjects", "stances", "terms", "validFrom")));
    }

    @Test
    void nothingIsSuggestedIfNothingIsSimilar() {
        assertNull(Members.nearest("zzzzzzzz", List.of("subjects", "stances")));
        assertNull(Members.nearest("x".repeat(100_000), List.of("subjects", "stances")));
    }

    @Test
    void allViolationsAreReportedAtOnce() {
        Members members = members("{\"name\":1,\"kind\":\"nobody\",\"x\":{}}", "name", "kind");
        members.text("name", 10);
        members.optionalChoice("kind", List.of("creator"));
        assertEquals(List.of("/x", "/name", "/kind"), pointers(members));
    }

    /** Two texts that look the same are the same, and none imitates another by its direction. */
    @Test
    void whatPeopleReadIsComposedAndVisible() {
        Members members = members("{\"nfd\":\"e\\u0301\",\"ends\":\"\\u200bA \\ufeff\",\"emoji\":\"\\u2764\\ufe0f\"}");
        assertEquals("\u00e9", members.text("nfd", 10));
        assertEquals("A", members.text("ends", 10));
        assertEquals("\u2764\ufe0f", members.text("emoji", 10));
        members.finish();
        for (String blank :
                List.of("\\u200b", "\\u00a0", "\\u3164", "\\u0001\\u0002", "\\u2800", "\\u202e", "\\ufeff ")) {
            Members refused = members("{\"name\":\"" + blank + "\"}");
            assertNull(refused.text("name", 10));
            assertEquals(List.of("empty name: give a string that is not empty"), details(refused), blank);
        }
        for (int mark : new int[] {0x200E, 0x200F, 0x061C}) {
            Members marked = members("{\"name\":\"a" + Character.toString(mark) + "b\"}");
            assertEquals("ab", marked.text("name", 10), Integer.toHexString(mark));
        }
        for (int bidi : new int[] {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}) {
            Members refused = members("{\"name\":\"a" + Character.toString(bidi) + "b\"}");
            assertNull(refused.text("name", 10));
            assertTrue(details(refused).get(0).startsWith("wrong-characters name: "), Integer.toHexString(bidi));
        }
    }

    @Test
    void aContactPublishesNoPassword() {
        for (String contact : List.of("https://u:p@example.com/", "https://u@example.com", "mailto:u:p@example.com")) {
            Members refused = members("{\"contact\":\"" + contact + "\"}");
            assertNull(refused.optionalContact("contact"));
            assertEquals(List.of("/contact"), pointers(refused));
        }
        Members members = members("{\"contact\":\"https://example.com/@name\"}");
        assertEquals("https://example.com/@name", members.optionalContact("contact"));
        members.finish();
    }

    @Test
    void pointersEscapeTildeAndSlash() {
        assertEquals(List.of("/a~1b~0c"), pointers(members("{\"a/b~c\":1}", "name")));
    }

    @Test
    void nestedMembersArePointedAtFromTheTop() {
        Members members = members("{\"terms\":{\"payment\":{\"typo\":1}}}", "terms");
        Members payment = Objects.requireNonNull(
                Objects.requireNonNull(members.object("terms", "payment")).object("payment", "type"));
        payment.text("type", 10);
        assertEquals(List.of("/terms/payment/typo", "/terms/payment/type"), pointers(members));
    }

    @Test
    void aNullCountsAsPresent() {
        Members members = members("{\"name\":null}", "name");
        assertNull(members.optionalText("name", 10));
        assertEquals(List.of("/name"), pointers(members));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\" \"",
                "\"\\u3000\"",
                "\"01234567890\"",
                "\"a\\u0000\"",
                "\"a\\ud800\"",
                "\"\\udc00a\"",
                "7",
                "[]",
                "{}"
            })
    void emptyLongAndMalformedTextsAreRefused(String value) {
        Members members = members("{\"name\":" + value + "}", "name");
        assertNull(members.text("name", 10));
        assertEquals(List.of("/name"), pointers(members));
    }

    @Test
    void lengthIsCountedInCharactersNotInHalves() {
        Members members = members("{\"name\":\"😀😀😀\"}", "name");
        assertEquals("😀😀😀", members.text("name", 3));
        members.finish();
    }

    @Test
    void elementsOfListsArePointedAt() {
        Members members = members("{\"uses\":[\"a\",\"b\",3,\"a\"]}", "uses");
        members.optionalChoices("uses", 5, List.of("a", "c"));
        assertEquals(List.of("/uses/1", "/uses/2", "/uses"), pointers(members));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "2026-11-22T09:00:00Z 2026-11-22T09:00:00Z",
                "2026-11-22T18:00:00+09:00 2026-11-22T09:00:00Z",
                "2026-11-22T09:00:00.123456789Z 2026-11-22T09:00:00.123456Z"
            })
    void aMomentHasItsOffsetAndCountsInMicroseconds(String text, String moment) {
        assertEquals(Instant.parse(moment), Members.parseMoment(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "today",
                "2026-11-22",
                "2026-11-22T09:00:00",
                "2026-02-30T09:00:00Z",
                "+12026-11-22T09:00:00Z",
                "-0001-11-22T09:00:00Z",
                "0000-01-01T00:00:00Z",
                "0001-01-01T00:00:00+18:00",
                "9999-12-31T23:59:59-18:00"
            })
    void malformedMomentsAreRefused(String text) {
        assertNull(Members.parseMoment(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mailto:rights@example.com", "https://example.com/a", "http://한국.kr", "tel:+82 2 000-0000"})
    void aContactIsAnAddress(String contact) {
        Members members = members("{\"contact\":\"" + contact + "\"}", "contact");
        assertEquals(contact, members.optionalContact("contact"));
        members.finish();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rights@example.com",
                "mailto:",
                "mailto:a b@example.com",
                "javascript:alert(1)",
                "https://",
                "tel:",
                "https://a b",
                "mailto:a@b\\nBcc:c@d"
            })
    void malformedContactsAreRefused(String contact) {
        Members members = members("{\"contact\":\"" + contact + "\"}", "contact");
        assertNull(members.optionalContact("contact"));
        assertEquals(List.of("/contact"), pointers(members));
    }

    @Test
    void shownTextIsShortAndClean() {
        assertEquals("\"a b\"", Members.shown("a\nb"));
        assertTrue(Members.shown("x".repeat(10_000)).length() < 100);
        assertEquals("\"a\ufffdb\"", Members.shown("a\ud800b"), "half of a pair cannot be answered in UTF-8");
    }

    /** Otherwise an answer would be many times longer than the request. */
    @Test
    void aDocumentOfUnknownMembersIsRefusedWithTheFirstFifty() {
        StringBuilder json = new StringBuilder("{\"k0\":0");
        for (int i = 1; i < 2_000; i++) {
            json.append(",\"k").append(i).append("\":0");
        }
        ProblemException problem = assertThrows(ProblemException.class, () -> members(json + "}", "name"));
        assertEquals(50, problem.violations().size());
        assertTrue(problem.detail().contains("more than 50 violations"), problem.detail());
        assertTrue(ProblemDocument.of(problem).toString().length() < 20_000);
    }

    @Test
    void fiftyViolationsAreAllShown() {
        StringBuilder json = new StringBuilder("{\"k0\":0");
        for (int i = 1; i < 50; i++) {
            json.append(",\"k").append(i).append("\":0");
        }
        Members members = members(json + "}", "name");
        assertEquals(50, pointers(members).size());
    }

    /** Names of equal hash, for the two ways in which names are hashed: by 31 and by 33. */
    @ParameterizedTest
    @CsvSource({"Aa,BB", "Ab,BA"})
    void namesOfEqualHashCostNoMoreThanOthers(String one, String other) {
        int bits = 16;
        StringBuilder json = new StringBuilder("{\"x\":0");
        for (int i = 0; i < 1 << bits; i++) {
            json.append(",\"");
            for (int bit = 0; bit < bits; bit++) {
                json.append((i >> bit & 1) == 0 ? one : other);
            }
            json.append("\":0");
        }
        byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThrows(ProblemException.class, () -> Members.of(Json.parse(bytes), "name")));
    }

    @Test
    void aDocumentOfTooManyValuesIsTooLarge() {
        byte[] json = ("[" + "1,".repeat(500_000) + "1]").getBytes(StandardCharsets.UTF_8);
        assertEquals(
                Problem.TOO_LARGE,
                assertThrows(ProblemException.class, () -> Json.parse(json)).problem());
    }
}
