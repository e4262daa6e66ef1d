package org.askfirst.registry.http;

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
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object strictly, and gathers all violations before it refuses the object.
 *
 * <p>Each reading method returns the value, or null after adding a violation or if an optional member is absent;
 * {@link #finish} throws if there was a violation. An unknown member is a violation: a misspelt name must never be
 * ignored.
 */
public final class Members implements NamedTexts {
    /** Detail of the violation that a required member is absent. */
    static final String REQUIRED = "it is required; add it";

    private static final int SHOWN = Findings.SHOWN;

    /**
     * Length of a text that a parser of the registry reads. Those parsers have limits of their own; this one only
     * limits memory.
     */
    private static final int MAX_PARSED = 16_384;

    private final JsonNode node;
    private final String pointer;
    private final Findings findings;

    private Members(JsonNode node, String pointer, Findings findings) {
        this.node = node;
        this.pointer = pointer;
        this.findings = findings;
    }

    /**
     * Reads a document that must be an object with members of known names only.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is not an object
     */
    public static Members of(JsonNode document, String... known) {
        if (!document.isObject()) {
            throw Problem.INVALID_REQUEST.at("", Reason.NOT_AN_OBJECT, "The body must be a JSON object");
        }
        Members members = new Members(document, "", new Findings());
        members.refuseUnknown(known);
        return members;
    }

    /** Returns the violations so far, of the whole document. */
    public Findings findings() {
        return findings;
    }

    /** Throws a problem with all violations of the document, if there are any. */
    @Override
    public void finish() {
        findings.finish();
    }

    /** Returns true if there is no violation so far, so that the values can be combined. */
    public boolean isSound() {
        return findings.isSound();
    }

    /**
     * Adds a violation for the member.
     *
     * @param fault what is wrong and how to correct it, without the member's name
     */
    @Override
    public void refuse(String name, Reason reason, String fault) {
        findings.add(at(name), reason, fault);
    }

    /** Adds a violation if the member is absent. */
    public void require(String name) {
        if (!has(name)) {
            refuse(name, Reason.MISSING, REQUIRED);
        }
    }

    /** Adds a violation if the member is absent, with the values that it may have. */
    public void require(String name, List<String> choices) {
        if (!has(name)) {
            refuse(name, Reason.MISSING, "it is required; give one of " + String.join(", ", choices));
        }
    }

    /** Returns true if the member is present. A null counts as present; the reading methods refuse it. */
    @Override
    public boolean has(String name) {
        return node.has(name);
    }

    /**
     * Returns true if the list is present and not empty. Some generated clients send an empty list for one that was not
     * set, so it counts as absent.
     */
    public boolean hasList(String name) {
        JsonNode value = node.get(name);
        return value != null && !(value.isArray() && value.isEmpty());
    }

    /** Returns the member unchecked; null if it is absent. */
    public @Nullable JsonNode raw(String name) {
        return node.get(name);
    }

    /** Returns a required string of 1 to {@code maxLength} characters. */
    @Override
    public @Nullable String text(String name, int maxLength) {
        require(name);
        return optionalText(name, maxLength);
    }

    /** Returns a string of 1 to {@code maxLength} characters. */
    @Override
    public @Nullable String optionalText(String name, int maxLength) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedText(value, at(name), maxLength);
    }

    /** Returns a string of 1 to {@code maxLength} characters, unchanged. */
    public @Nullable String optionalVerbatim(String name, int maxLength) {
        String text = rawText(name);
        return text == null ? null : findings.verbatim(at(name), text, maxLength);
    }

    /**
     * Returns a string that matches the pattern.
     *
     * @param expected describes the pattern in the detail of a violation
     */
    @Override
    public @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected) {
        String text = rawText(name);
        return text == null ? null : findings.text(at(name), text, maxLength, pattern, expected);
    }

    /** Returns the address of somebody who can permit: a {@code mailto:}, {@code https:} or {@code tel:} address. */
    public @Nullable String optionalContact(String name) {
        String text = rawText(name);
        return text == null ? null : findings.contact(at(name), text);
    }

    /** Returns an {@code https:} or {@code http:} address. */
    public @Nullable String optionalWebAddress(String name) {
        String text = rawText(name);
        return text == null ? null : findings.webAddress(at(name), text);
    }

    /** Returns one of the choices. */
    public @Nullable String optionalChoice(String name, List<String> choices) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedChoice(value, at(name), choices);
    }

    /** Returns a list of strings; empty if absent. */
    public List<String> optionalTexts(String name, int maxSize, int maxLength) {
        return list(name, maxSize, (element, where) -> checkedText(element, where, maxLength));
    }

    /** Returns a list of choices, each at most once; empty if absent. */
    @Override
    public List<String> optionalChoices(String name, int maxSize, List<String> choices) {
        List<String> chosen = list(name, maxSize, (element, where) -> checkedChoice(element, where, choices));
        return findings.unique(at(name), chosen);
    }

    /** Returns a list of strings that match the pattern, each at most once; empty if absent. */
    @Override
    public List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected) {
        List<String> texts = list(name, maxSize, (element, where) -> {
            String text = asText(element, where);
            return text == null ? null : findings.text(where, text, SHOWN, pattern, expected);
        });
        return findings.unique(at(name), texts);
    }

    /** Returns a required whole number; 0 after adding a violation. */
    public long wholeNumber(String name, long least) {
        JsonNode value = node.get(name);
        if (value == null) {
            refuse(name, Reason.MISSING, "it is required; give a whole number from " + least);
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            refuse(
                    name,
                    value.isIntegralNumber() ? Reason.OUT_OF_RANGE : Reason.NOT_A_WHOLE_NUMBER,
                    "give a whole number from " + least);
            return 0;
        }
        return value.longValue();
    }

    /** Returns true if the member is present and true. */
    public boolean isTrue(String name) {
        JsonNode value = node.get(name);
        if (value != null && !value.isBoolean()) {
            refuse(name, Reason.NOT_A_BOOLEAN, "give true or false");
        }
        return value != null && value.booleanValue();
    }

    /** Returns a moment (RFC 3339), truncated to microseconds. */
    @Override
    public @Nullable Instant optionalMoment(String name) {
        String text = rawText(name);
        return text == null ? null : findings.moment(at(name), text);
    }

    /** Returns the moment that the text names (RFC 3339), truncated to microseconds; null if it names none. */
    public static @Nullable Instant parseMoment(String text) {
        try {
            Instant moment = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            int year = moment.atOffset(ZoneOffset.UTC).getYear();
            return year >= 1 && year <= 9999 ? moment : null;
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    /** Returns the list of the elements' values. Elements with a violation are left out. Empty if absent or empty. */
    private <T> List<T> list(String name, int maxSize, BiFunction<JsonNode, String, @Nullable T> element) {
        JsonNode value = node.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            refuse(name, Reason.NOT_A_LIST, "give a list");
            return List.of();
        }
        if (!findings.isSized(at(name), value.size(), 0, maxSize)) {
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

    /**
     * Returns the value of a required text.
     *
     * @param parse may throw a problem, which becomes a violation
     */
    public <T> @Nullable T parsed(String name, Function<String, T> parse) {
        JsonNode value = node.get(name);
        if (value == null) {
            require(name);
            return null;
        }
        return parsed(value, at(name), parse);
    }

    /**
     * Returns the values of a list of texts; empty if absent.
     *
     * @param parse may throw a problem, which becomes a violation
     */
    public <T> List<T> parsedList(String name, int maxSize, Function<String, T> parse) {
        return list(name, maxSize, (element, where) -> parsed(element, where, parse));
    }

    private <T> @Nullable T parsed(JsonNode element, String where, Function<String, T> parse) {
        String raw = asText(element, where);
        String text = raw == null ? null : findings.verbatim(where, raw, MAX_PARSED);
        if (text == null) {
            return null;
        }
        try {
            return parse.apply(text);
        } catch (ProblemException refused) {
            findings.add(
                    refused.violations().isEmpty()
                            ? refused.problem().at(where, Reason.MALFORMED, refused.detail())
                            : refused.at(where));
            return null;
        }
    }

    /** Returns the members of a nested object with known names only; null if absent, or after adding a violation. */
    public @Nullable Members object(String name, String... known) {
        JsonNode value = node.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            refuse(name, Reason.NOT_AN_OBJECT, "give an object");
            return null;
        }
        Members members = new Members(value, at(name), findings);
        members.refuseUnknown(known);
        return members;
    }

    /** Returns the members of each object of a list, with known names only; empty if absent. */
    public List<Members> objects(String name, int maxSize, String... known) {
        return list(name, maxSize, (element, where) -> {
            if (!element.isObject()) {
                findings.add(where, Reason.NOT_AN_OBJECT, "give an object");
                return null;
            }
            Members members = new Members(element, where, findings);
            members.refuseUnknown(known);
            return members;
        });
    }

    /** Returns all members as texts, by name. Members that are not texts become violations and are left out. */
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

    /** Returns the number of members. */
    public int size() {
        return node.size();
    }

    /** Returns the known name that was probably meant; null if none is similar. */
    static @Nullable String nearest(String unknown, List<String> known) {
        String nearest = null;
        int least = Math.max(2, unknown.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(unknown, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Returns the end of a detail with a suggestion; empty without a suggestion. */
    static String didYouMean(@Nullable String suggestion) {
        return suggestion == null ? "" : "; did you mean \"" + suggestion + "\"?";
    }

    /** Returns a caller's text for a detail: quoted, and shortened to {@value Findings#SHOWN} characters. */
    public static String shown(String text) {
        String clean = text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? ' ' : isSurrogate(c) ? '\uFFFD' : c)
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
            findings.unknown(at(name), name, names);
        });
    }

    private @Nullable String checkedText(JsonNode value, String where, int maxLength) {
        String text = asText(value, where);
        return text == null ? null : findings.text(where, text, maxLength);
    }

    /** Returns the text of the member, unchecked; null if it is absent, or after adding a violation. */
    private @Nullable String rawText(String name) {
        JsonNode value = node.get(name);
        return value == null ? null : asText(value, at(name));
    }

    private @Nullable String asText(JsonNode value, String where) {
        if (!value.isTextual()) {
            findings.add(where, Reason.NOT_A_STRING, "give a string");
            return null;
        }
        return value.textValue();
    }

    /**
     * Returns true if the text has neither U+0000, which the database cannot store, nor an unpaired surrogate, which
     * UTF-8 cannot encode.
     */
    static boolean isClean(String text) {
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

    /** Returns true if {@link #parsed} would pass the text to its parser. */
    public static boolean isParsable(String text) {
        return isText(text, MAX_PARSED);
    }

    /**
     * Returns true if the text has at most {@code maxLength} characters and is otherwise valid as {@link #text}
     * requires; it may be empty.
     */
    public static boolean isText(String text, int maxLength) {
        return (text.length() <= maxLength || text.codePointCount(0, text.length()) <= maxLength) && isClean(text);
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** Returns the text with U+FFFD in place of unpaired surrogates, so that it can be encoded in UTF-8. */
    static String answerable(String text) {
        return text.codePoints()
                .map(c -> isSurrogate(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private @Nullable String checkedChoice(JsonNode value, String where, List<String> choices) {
        String text = asText(value, where);
        return text == null ? null : findings.choice(where, text, choices);
    }

    private String at(String name) {
        return below(pointer, name);
    }

    /** Returns the JSON Pointer of a member. */
    static String below(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** Returns the edit distance of two names; {@link Integer#MAX_VALUE} if the first is long. */
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
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[other.length()];
    }
}
