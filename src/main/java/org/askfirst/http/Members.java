package org.askfirst.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object strictly, and gathers every violation before it refuses.
 *
 * <p>Each reading method gives the value, or null after noting a violation or where an optional member is
 * absent; {@link #finish} throws if anything was noted. A member that nobody may name is a violation: a misspelt
 * name must never be ignored.
 */
public final class Members {
    private static final int SHOWN = 60;
    private static final int MAX_CONTACT = 500;
    private static final int MAX_WEB_ADDRESS = 2000;

    /** Texts that the registry will parse itself are cut by their own parser; this only bounds memory. */
    private static final int MAX_PARSED = 16_384;

    private static final Pattern CONTACT =
            Pattern.compile("mailto:[^\\s@]+@[^\\s@]+|https?://\\S+|tel:\\+?[0-9 ().-]+");
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://\\S+");

    private final JsonNode node;
    private final String pointer;
    private final Findings findings;

    /** What was found wrong, in a whole document. */
    private static final class Findings {
        private final List<Violation> violations = new ArrayList<>();
        private @Nullable Problem first;

        void add(Problem problem, String pointer, String detail) {
            if (first == null) {
                first = problem;
            }
            violations.add(new Violation(pointer, detail));
        }
    }

    private Members(JsonNode node, String pointer, Findings findings) {
        this.node = node;
        this.pointer = pointer;
        this.findings = findings;
    }

    /**
     * The members of a document that must be an object with members of those names only.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is no object
     */
    public static Members of(JsonNode document, String... known) {
        if (!document.isObject()) {
            throw Problem.INVALID_REQUEST.because("The body must be a JSON object");
        }
        Members members = new Members(document, "", new Findings());
        members.refuseUnknown(known);
        return members;
    }

    /** Throws the problem, with a pointer to everything noted, if anything was. */
    public void finish() {
        Problem first = findings.first;
        if (first != null) {
            throw first.because(findings.violations.get(0).detail(), findings.violations);
        }
    }

    /** Whether nothing was noted so far, so that what was read can be put together. */
    public boolean isSound() {
        return findings.first == null;
    }

    /** Notes that the member is at fault. */
    public void refuse(String name, String detail) {
        findings.add(Problem.INVALID_REQUEST, at(name), detail);
    }

    /** Whether the member is there; a null counts as there, and will be refused. */
    public boolean has(String name) {
        return node.has(name);
    }

    /** Whether a list is there. Generated clients send an empty one for a list that nobody filled: it counts as absent. */
    public boolean hasList(String name) {
        JsonNode value = node.get(name);
        return value != null && !(value.isArray() && value.isEmpty());
    }

    /** The member, as it is; null if absent. */
    public @Nullable JsonNode raw(String name) {
        return node.get(name);
    }

    /** A text of 1 to {@code maxLength} characters that must be there. */
    public @Nullable String text(String name, int maxLength) {
        if (!has(name)) {
            refuse(name, "\"" + name + "\" is missing");
            return null;
        }
        return optionalText(name, maxLength);
    }

    /** A text of 1 to {@code maxLength} characters. */
    public @Nullable String optionalText(String name, int maxLength) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedText(value, at(name), maxLength);
    }

    /** A text that a pattern describes. */
    public @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected) {
        String text = optionalText(name, maxLength);
        if (text != null && !pattern.matcher(text).matches()) {
            refuse(name, "Expected " + expected + ", not " + shown(text));
            return null;
        }
        return text;
    }

    /** How whoever can say yes is reached: a {@code mailto:}, {@code https:} or {@code tel:} address. */
    public @Nullable String optionalContact(String name) {
        return optionalText(
                name, MAX_CONTACT, CONTACT, "a mailto:, https: or tel: address, such as mailto:rights@example.com");
    }

    /** An {@code https:} or {@code http:} address. */
    public @Nullable String optionalWebAddress(String name) {
        return optionalText(name, MAX_WEB_ADDRESS, WEB_ADDRESS, "an https: address");
    }

    /** One of a few texts. */
    public @Nullable String optionalChoice(String name, List<String> choices) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedChoice(value, at(name), choices);
    }

    /** A list of texts, each once; empty if absent. */
    public List<String> optionalTexts(String name, int maxSize, int maxLength) {
        return list(name, maxSize, (element, where) -> checkedText(element, where, maxLength));
    }

    /** A list of one of a few texts, each once; empty if absent. */
    public List<String> optionalChoices(String name, int maxSize, List<String> choices) {
        List<String> chosen = list(name, maxSize, (element, where) -> checkedChoice(element, where, choices));
        return unique(name, chosen);
    }

    /** A list of texts that a pattern describes, each once; empty if absent. */
    public List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected) {
        List<String> texts = list(name, maxSize, (element, where) -> {
            String text = checkedText(element, where, SHOWN);
            if (text != null && !pattern.matcher(text).matches()) {
                findings.add(Problem.INVALID_REQUEST, where, "Expected " + expected + ", not " + shown(text));
                return null;
            }
            return text;
        });
        return unique(name, texts);
    }

    /** A whole number that must be there; 0 after noting a violation. */
    public long wholeNumber(String name, long least) {
        JsonNode value = node.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            refuse(name, "Expected a whole number from " + least);
            return 0;
        }
        return value.longValue();
    }

    /** Whether the member is there and true. */
    public boolean isTrue(String name) {
        JsonNode value = node.get(name);
        if (value != null && !value.isBoolean()) {
            refuse(name, "Expected true or false");
        }
        return value != null && value.booleanValue();
    }

    /** A moment (RFC 3339), to the microsecond. */
    public @Nullable Instant optionalMoment(String name) {
        String text = optionalText(name, SHOWN);
        if (text == null) {
            return null;
        }
        Instant moment = parseMoment(text);
        if (moment == null) {
            refuse(name, "Expected a moment with its offset, such as 2026-11-22T09:00:00Z, not " + shown(text));
        }
        return moment;
    }

    /** The moment that the text names (RFC 3339), to the microsecond; null if it names none. */
    public static @Nullable Instant parseMoment(String text) {
        try {
            Instant moment = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            int year = moment.atOffset(ZoneOffset.UTC).getYear();
            return year >= 1 && year <= 9999 ? moment : null;
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    /** A list, each element turned into a value or noted; empty if absent or empty. */
    private <T> List<T> list(String name, int maxSize, BiFunction<JsonNode, String, @Nullable T> element) {
        JsonNode value = node.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            refuse(name, "Expected a list");
            return List.of();
        }
        if (value.size() > maxSize) {
            refuse(name, "Expected at most " + maxSize + ", not " + value.size());
            return List.of();
        }
        List<T> elements = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            T read = element.apply(value.get(i), at(name) + "/" + i);
            if (read != null) {
                elements.add(read);
            }
        }
        return elements;
    }

    /** A text that must be there, turned into a value by something that may throw a problem. */
    public <T> @Nullable T parsed(String name, Function<String, T> parse) {
        JsonNode value = node.get(name);
        if (value == null) {
            refuse(name, "\"" + name + "\" is missing");
            return null;
        }
        return parsed(value, at(name), parse);
    }

    /** A list of texts turned into values by something that may throw a problem; empty if absent. */
    public <T> List<T> parsedList(String name, int maxSize, Function<String, T> parse) {
        return list(name, maxSize, (element, where) -> parsed(element, where, parse));
    }

    private <T> @Nullable T parsed(JsonNode element, String where, Function<String, T> parse) {
        String text = checkedText(element, where, MAX_PARSED);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (ProblemException refused) {
            findings.add(refused.problem(), where, refused.detail());
            return null;
        }
    }

    /** The members of a nested object with members of those names only; null if absent or noted. */
    public @Nullable Members object(String name, String... known) {
        JsonNode value = node.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            refuse(name, "Expected an object");
            return null;
        }
        Members members = new Members(value, at(name), findings);
        members.refuseUnknown(known);
        return members;
    }

    /** The members of each object of a list, of those names only; empty if absent or noted. */
    public List<Members> objects(String name, int maxSize, String... known) {
        return list(name, maxSize, (element, where) -> {
            if (!element.isObject()) {
                findings.add(Problem.INVALID_REQUEST, where, "Expected an object");
                return null;
            }
            Members members = new Members(element, where, findings);
            members.refuseUnknown(known);
            return members;
        });
    }

    /** Name by name, the texts of an object; empty after noting what is not one. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties().forEach(member -> {
            String text = checkedText(member.getValue(), at(member.getKey()), SHOWN);
            if (text != null) {
                texts.put(member.getKey(), text);
            }
        });
        return texts;
    }

    /** How many members there are. */
    public int size() {
        return node.size();
    }

    /** The name among {@code known} that was probably meant, for a detail; empty if none comes near. */
    public static String suggestion(String unknown, List<String> known) {
        String nearest = "";
        int least = Math.max(2, unknown.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(unknown, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean \"" + nearest + "\"?";
    }

    /** A caller's text, quoted and cut short, for a detail. */
    public static String shown(String text) {
        String clean = text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? ' ' : isHalf(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "\"" + clean + (text.codePointCount(0, text.length()) > SHOWN ? "…" : "") + "\"";
    }

    private void refuseUnknown(String... known) {
        List<String> names = Arrays.asList(known);
        node.fieldNames().forEachRemaining(name -> {
            if (names.isEmpty() || names.contains(name)) {
                return;
            }
            refuse(name, "There is no member " + shown(name) + suggestion(name, names));
        });
    }

    private @Nullable String checkedText(JsonNode value, String where, int maxLength) {
        if (!value.isTextual()) {
            findings.add(Problem.INVALID_REQUEST, where, "Expected a text");
            return null;
        }
        String text = value.textValue();
        String fault = null;
        if (text.isBlank()) {
            fault = "Expected a text that is not empty";
        } else if (text.codePointCount(0, text.length()) > maxLength) {
            fault = "Expected at most " + maxLength + " characters";
        } else if (!isClean(text)) {
            fault = "The text holds a character that is none: U+0000 or half of a surrogate pair";
        }
        if (fault != null) {
            findings.add(Problem.INVALID_REQUEST, where, fault);
            return null;
        }
        return text;
    }

    /** Neither the database nor UTF-8 can hold these. */
    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@link #parsed} would give that text to its parser. */
    public static boolean isParsable(String text) {
        return isText(text, MAX_PARSED);
    }

    /** Whether that is a text of at most {@code maxLength} characters, as {@link #text} takes them; it may be empty. */
    public static boolean isText(String text, int maxLength) {
        return (text.length() <= maxLength || text.codePointCount(0, text.length()) <= maxLength) && isClean(text);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** The text with U+FFFD for halves of surrogate pairs, so that UTF-8 can hold it. */
    static String answerable(String text) {
        return text.codePoints()
                .map(c -> isHalf(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private @Nullable String checkedChoice(JsonNode value, String where, List<String> choices) {
        String text = checkedText(value, where, SHOWN);
        if (text != null && !choices.contains(text)) {
            findings.add(
                    Problem.INVALID_REQUEST,
                    where,
                    "Expected one of " + String.join(", ", choices) + ", not " + shown(text)
                            + suggestion(text, choices));
            return null;
        }
        return text;
    }

    private List<String> unique(String name, List<String> texts) {
        if (texts.stream().distinct().count() != texts.size()) {
            refuse(name, "Each may be named once");
        }
        return texts;
    }

    private String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** How many letters one must add, drop or exchange; only for short names. */
    private static int distance(String one, String other) {
        if (one.length() > SHOWN) {
            return Integer.MAX_VALUE;
        }
        int[] costs = new int[other.length() + 1];
        for (int j = 0; j < costs.length; j++) {
            costs[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j < costs.length; j++) {
                int exchanged = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(exchanged, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[other.length()];
    }
}
