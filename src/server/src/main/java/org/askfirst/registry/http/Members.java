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
 * Reads the members of a JSON object strictly, and gathers every violation before it refuses.
 *
 * <p>Each reading method gives the value, or null after noting a violation or where an optional member is
 * absent; {@link #finish} throws if anything was noted. A member that nobody may name is a violation: a misspelt
 * name must never be ignored.
 */
public final class Members implements NamedTexts {
    /** The fault of a member that is not there and must be. */
    static final String REQUIRED = "it is required; add it";

    private static final int SHOWN = Findings.SHOWN;

    /** Texts that the registry will parse itself are cut by their own parser; this only bounds memory. */
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
     * The members of a document that must be an object with members of those names only.
     *
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is no object
     */
    public static Members of(JsonNode document, String... known) {
        if (!document.isObject()) {
            throw Problem.INVALID_REQUEST.at("", Reason.NOT_AN_OBJECT, "The body must be a JSON object");
        }
        Members members = new Members(document, "", new Findings());
        members.refuseUnknown(known);
        return members;
    }

    /** Everything noted so far, in the whole document. */
    public Findings findings() {
        return findings;
    }

    /** Throws the problem, with a pointer to everything noted, if anything was. */
    @Override
    public void finish() {
        findings.finish();
    }

    /** Whether nothing was noted so far, so that what was read can be put together. */
    public boolean isSound() {
        return findings.isSound();
    }

    /**
     * Notes that the member is at fault.
     *
     * @param fault what is wrong and what to do about it, without the member's name
     */
    @Override
    public void refuse(String name, Reason reason, String fault) {
        findings.add(at(name), reason, fault);
    }

    /** Notes that the member is not there, unless it is. */
    public void require(String name) {
        if (!has(name)) {
            refuse(name, Reason.MISSING, REQUIRED);
        }
    }

    /** Notes that the member is not there, unless it is, and lists the values that it may have. */
    public void require(String name, List<String> choices) {
        if (!has(name)) {
            refuse(name, Reason.MISSING, "it is required; give one of " + String.join(", ", choices));
        }
    }

    /** Whether the member is there; a null counts as there, and will be refused. */
    @Override
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

    /** A string of 1 to {@code maxLength} characters that must be there. */
    @Override
    public @Nullable String text(String name, int maxLength) {
        require(name);
        return optionalText(name, maxLength);
    }

    /** A string of 1 to {@code maxLength} characters. */
    @Override
    public @Nullable String optionalText(String name, int maxLength) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedText(value, at(name), maxLength);
    }

    /** A string that a pattern describes. */
    @Override
    public @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected) {
        String text = rawText(name);
        return text == null ? null : findings.text(at(name), text, maxLength, pattern, expected);
    }

    /** How whoever can say yes is reached: a {@code mailto:}, {@code https:} or {@code tel:} address. */
    public @Nullable String optionalContact(String name) {
        String text = rawText(name);
        return text == null ? null : findings.contact(at(name), text);
    }

    /** An {@code https:} or {@code http:} address. */
    public @Nullable String optionalWebAddress(String name) {
        String text = rawText(name);
        return text == null ? null : findings.webAddress(at(name), text);
    }

    /** One of a few texts. */
    public @Nullable String optionalChoice(String name, List<String> choices) {
        JsonNode value = node.get(name);
        return value == null ? null : checkedChoice(value, at(name), choices);
    }

    /** A list of strings; empty if absent. */
    public List<String> optionalTexts(String name, int maxSize, int maxLength) {
        return list(name, maxSize, (element, where) -> checkedText(element, where, maxLength));
    }

    /** A list of one of a few texts, each once; empty if absent. */
    @Override
    public List<String> optionalChoices(String name, int maxSize, List<String> choices) {
        List<String> chosen = list(name, maxSize, (element, where) -> checkedChoice(element, where, choices));
        return findings.unique(at(name), chosen);
    }

    /** A list of strings that a pattern describes, each once; empty if absent. */
    @Override
    public List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected) {
        List<String> texts = list(name, maxSize, (element, where) -> {
            String text = asText(element, where);
            return text == null ? null : findings.text(where, text, SHOWN, pattern, expected);
        });
        return findings.unique(at(name), texts);
    }

    /** A whole number that must be there; 0 after noting a violation. */
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

    /** Whether the member is there and true. */
    public boolean isTrue(String name) {
        JsonNode value = node.get(name);
        if (value != null && !value.isBoolean()) {
            refuse(name, Reason.NOT_A_BOOLEAN, "give true or false");
        }
        return value != null && value.booleanValue();
    }

    /** A moment (RFC 3339), to the microsecond. */
    @Override
    public @Nullable Instant optionalMoment(String name) {
        String text = rawText(name);
        return text == null ? null : findings.moment(at(name), text);
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

    /** A text that must be there, turned into a value by something that may throw a problem. */
    public <T> @Nullable T parsed(String name, Function<String, T> parse) {
        JsonNode value = node.get(name);
        if (value == null) {
            require(name);
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
            findings.add(
                    refused.violations().isEmpty()
                            ? refused.problem().at(where, Reason.MALFORMED, refused.detail())
                            : refused.at(where));
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
            refuse(name, Reason.NOT_AN_OBJECT, "give an object");
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
                findings.add(where, Reason.NOT_AN_OBJECT, "give an object");
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

    /** The name among {@code known} that was probably meant; null if none comes near. */
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

    /** How a detail ends that has a suggestion; empty if it has none. */
    static String didYouMean(@Nullable String suggestion) {
        return suggestion == null ? "" : "; did you mean \"" + suggestion + "\"?";
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
            findings.unknown(at(name), name, names);
        });
    }

    private @Nullable String checkedText(JsonNode value, String where, int maxLength) {
        String text = asText(value, where);
        return text == null ? null : findings.text(where, text, maxLength);
    }

    /** The text of the member, unchecked; null if it is absent or noted. */
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

    /** Neither the database nor UTF-8 can hold these. */
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
        String text = asText(value, where);
        return text == null ? null : findings.choice(where, text, choices);
    }

    private String at(String name) {
        return below(pointer, name);
    }

    /** The JSON Pointer of the member of that name. */
    static String below(String pointer, String name) {
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
