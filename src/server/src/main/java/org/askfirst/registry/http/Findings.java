package org.askfirst.registry.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.problem.Violation;
import org.jspecify.annotations.Nullable;

/**
 * Checks the texts of a request, whatever form they came in, and gathers every violation before it refuses.
 *
 * <p>Each checking method gives the value, or null after noting a violation. A pointer says where the text is
 * ({@link Violation#pointer}).
 */
public final class Findings {
    /** How many characters a detail repeats of a caller's text; and the longest text that is one of a few. */
    static final int SHOWN = 60;

    private static final int MAX_CONTACT = 500;
    private static final int MAX_WEB_ADDRESS = 2000;

    private static final Pattern CONTACT =
            Pattern.compile("mailto:[^\\s@]+@[^\\s@]+|https?://\\S+|tel:\\+?[0-9 ().-]+");
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://\\S+");

    private final List<Violation> violations = new ArrayList<>();
    private @Nullable Problem first;

    /** Notes a violation of the contract. */
    public void add(String pointer, Reason reason, String fault) {
        add(pointer, reason, fault, null);
    }

    void add(String pointer, Reason reason, String fault, @Nullable String suggestion) {
        add(Problem.INVALID_REQUEST.at(pointer, reason, fault, suggestion));
    }

    void add(ProblemException refused) {
        if (first == null) {
            first = refused.problem();
        }
        violations.addAll(refused.violations());
    }

    /** Returns true if nothing was noted so far. */
    boolean isSound() {
        return first == null;
    }

    /** Throws the problem, with a pointer to everything noted, if anything was. */
    public void finish() {
        Problem problem = first;
        if (problem != null) {
            throw problem.at(violations);
        }
    }

    /** A text of 1 to {@code maxLength} characters. */
    public @Nullable String text(String pointer, String text, int maxLength) {
        if (text.isBlank()) {
            add(pointer, Reason.EMPTY, "give a string that is not empty");
        } else if (text.codePointCount(0, text.length()) > maxLength) {
            add(pointer, Reason.TOO_LONG, "give at most " + maxLength + " characters");
        } else if (!Members.isClean(text)) {
            add(pointer, Reason.WRONG_CHARACTERS, "the string holds U+0000 or half of a surrogate pair; remove it");
        } else {
            return text;
        }
        return null;
    }

    /** A text that a pattern describes. */
    @Nullable String text(String pointer, String text, int maxLength, Pattern pattern, String expected) {
        String checked = text(pointer, text, maxLength);
        if (checked != null && !pattern.matcher(checked).matches()) {
            add(pointer, Reason.MALFORMED, "give " + expected + ", not " + Members.shown(checked));
            return null;
        }
        return checked;
    }

    /** How whoever can say yes is reached: a {@code mailto:}, {@code https:} or {@code tel:} address. */
    public @Nullable String contact(String pointer, String text) {
        return text(
                pointer,
                text,
                MAX_CONTACT,
                CONTACT,
                "a mailto:, https: or tel: address, such as mailto:rights@example.com");
    }

    /** An {@code https:} or {@code http:} address. */
    public @Nullable String webAddress(String pointer, String text) {
        return text(pointer, text, MAX_WEB_ADDRESS, WEB_ADDRESS, "an https: address");
    }

    /** One of a few texts. */
    @Nullable String choice(String pointer, String text, List<String> choices) {
        String checked = text(pointer, text, SHOWN);
        if (checked != null && !choices.contains(checked)) {
            String nearest = Members.nearest(checked, choices);
            add(
                    pointer,
                    Reason.UNKNOWN_VALUE,
                    "give one of " + String.join(", ", choices) + ", not " + Members.shown(checked)
                            + Members.didYouMean(nearest),
                    nearest);
            return null;
        }
        return checked;
    }

    /** A moment (RFC 3339), to the microsecond. */
    @Nullable Instant moment(String pointer, String text) {
        String checked = text(pointer, text, SHOWN);
        if (checked == null) {
            return null;
        }
        Instant moment = Members.parseMoment(checked);
        if (moment == null) {
            add(
                    pointer,
                    Reason.MALFORMED,
                    "give a moment with its offset, such as 2026-11-22T09:00:00Z, not " + Members.shown(checked));
        }
        return moment;
    }

    /** Notes that there is nothing of that name, and which name was probably meant. */
    void unknown(String pointer, String name, List<String> known) {
        String nearest = Members.nearest(name, known);
        add(pointer, Reason.UNKNOWN_MEMBER, "there is no such member" + Members.didYouMean(nearest), nearest);
    }

    /** The values of a list, after noting if one is there twice. */
    List<String> unique(String pointer, List<String> values) {
        if (values.stream().distinct().count() != values.size()) {
            add(pointer, Reason.DUPLICATE, "name each value once");
        }
        return values;
    }

    /** Returns true if a list has as many elements as it may have, and notes it otherwise. */
    boolean isSized(String pointer, int size, int minSize, int maxSize) {
        if (size < minSize) {
            add(pointer, Reason.EMPTY, "give at least one value, or leave it out");
        } else if (size > maxSize) {
            add(pointer, Reason.TOO_MANY, "give at most " + maxSize + " values, not " + size);
        }
        return size >= minSize && size <= maxSize;
    }

    /** Texts of 1 to {@code maxLength} characters each. */
    public List<String> texts(String pointer, List<String> texts, int maxSize, int maxLength) {
        List<String> checked = new ArrayList<>();
        if (isSized(pointer, texts.size(), 0, maxSize)) {
            for (int i = 0; i < texts.size(); i++) {
                String text = text(pointer + "/" + i, texts.get(i), maxLength);
                if (text != null) {
                    checked.add(text);
                }
            }
        }
        return checked;
    }
}
