package org.askfirst.registry.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.problem.Violation;
import org.askfirst.subject.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * Checks texts of a request in any format, and gathers the violations, at most {@value #MOST}, before it refuses the
 * request.
 *
 * <p>Each checking method returns the value, or null after adding a violation. Its pointer names the place of the text
 * ({@link Violation#pointer}).
 */
public final class Findings {
    /**
     * Number of characters of a caller's text that a detail repeats; also the maximal length of an enumerated value.
     */
    static final int SHOWN = 60;

    /**
     * Number of violations that are gathered. A document with more is refused as soon as they are found: otherwise the
     * answer to a document of unknown members would be longer than the document.
     */
    static final int MOST = 50;

    private static final int MAX_CONTACT = 500;
    private static final int MAX_WEB_ADDRESS = 2000;

    private static final Pattern CONTACT =
            Pattern.compile("mailto:[^\\s@:]+@[^\\s@]+|https?://\\S+|tel:\\+?[0-9 ().-]+");
    private static final Pattern USER = Pattern.compile("https?:[/\\\\]*[^/?#\\\\]*@");
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://\\S+");

    private final List<Violation> violations = new ArrayList<>();
    private @Nullable Problem first;

    /** Adds a violation of the contract. */
    public void add(String pointer, Reason reason, String fault) {
        add(pointer, reason, fault, null);
    }

    void add(String pointer, Reason reason, String fault, @Nullable String suggestion) {
        add(Problem.INVALID_REQUEST.at(pointer, reason, fault, suggestion));
    }

    /**
     * Adds the violations of a part of the request.
     *
     * @throws ProblemException with the first {@value #MOST} violations if there are more
     */
    void add(ProblemException refused) {
        if (first == null) {
            first = refused.problem();
        }
        violations.addAll(refused.violations());
        if (violations.size() > MOST) {
            throw first.at(
                    "The request has more than " + MOST + " violations; the first " + MOST + " are shown",
                    violations.subList(0, MOST));
        }
    }

    /** Returns true if there is no violation so far. */
    boolean isSound() {
        return first == null;
    }

    /**
     * Throws a problem with all violations, if there are any.
     *
     * @throws ProblemException of the kind of the first violation
     */
    public void finish() {
        Problem problem = first;
        if (problem != null) {
            throw problem.at(violations);
        }
    }

    /**
     * Returns a text that people read, of 1 to {@code maxLength} characters (code points): composed (NFC), and without
     * invisible characters at both ends. A text in which nothing can be seen, and one whose characters change the
     * direction of writing, are refused: they imitate other texts.
     */
    public @Nullable String text(String pointer, String text, int maxLength) {
        if (!Members.isClean(text)) {
            return verbatim(pointer, text, maxLength);
        }
        String plain = PlainText.of(text);
        if (PlainText.hasBidiControl(plain)) {
            add(
                    pointer,
                    Reason.WRONG_CHARACTERS,
                    "the string has a character that changes the direction of writing; remove it");
            return null;
        }
        return verbatim(pointer, plain, maxLength);
    }

    /** Returns the text as it is, if it has 1 to {@code maxLength} characters (code points). */
    @Nullable String verbatim(String pointer, String text, int maxLength) {
        if (text.isBlank()) {
            add(pointer, Reason.EMPTY, "give a string that is not empty");
        } else if (text.codePointCount(0, text.length()) > maxLength) {
            add(pointer, Reason.TOO_LONG, "give at most " + maxLength + " characters");
        } else if (!Members.isClean(text)) {
            add(pointer, Reason.WRONG_CHARACTERS, "the string has U+0000 or an unpaired surrogate; remove it");
        } else {
            return text;
        }
        return null;
    }

    /**
     * Returns a text that matches the pattern.
     *
     * @param expected describes the pattern in the detail of a violation
     */
    @Nullable String text(String pointer, String text, int maxLength, Pattern pattern, String expected) {
        String checked = text(pointer, text, maxLength);
        if (checked != null && !pattern.matcher(checked).matches()) {
            add(pointer, Reason.MALFORMED, "give " + expected + ", not " + Members.shown(checked));
            return null;
        }
        return checked;
    }

    /** Returns the address of somebody who can permit: a {@code mailto:}, {@code https:} or {@code tel:} address. */
    public @Nullable String contact(String pointer, String text) {
        String contact = text(
                pointer,
                text,
                MAX_CONTACT,
                CONTACT,
                "a mailto:, https: or tel: address, such as mailto:rights@example.com");
        return withoutUser(pointer, contact);
    }

    /** Refuses a web address with a user name or a password, which would be published. */
    private @Nullable String withoutUser(String pointer, @Nullable String address) {
        if (address != null && USER.matcher(address).lookingAt()) {
            add(
                    pointer,
                    Reason.MALFORMED,
                    "the address has a user name or a password in front of its host, which would be published;"
                            + " remove it");
            return null;
        }
        return address;
    }

    /** Returns an {@code https:} or {@code http:} address. */
    public @Nullable String webAddress(String pointer, String text) {
        return withoutUser(pointer, text(pointer, text, MAX_WEB_ADDRESS, WEB_ADDRESS, "an https: address"));
    }

    /** Returns one of the choices. A violation suggests the choice that was probably meant. */
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

    /** Returns a moment (RFC 3339), truncated to microseconds. */
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

    /** Adds the violation that no member has this name, and suggests the one that was probably meant. */
    void unknown(String pointer, String name, List<String> known) {
        String nearest = Members.nearest(name, known);
        add(pointer, Reason.UNKNOWN_MEMBER, "there is no such member" + Members.didYouMean(nearest), nearest);
    }

    /** Returns the values. Adds a violation if one of them occurs twice. */
    List<String> unique(String pointer, List<String> values) {
        if (values.stream().distinct().count() != values.size()) {
            add(pointer, Reason.DUPLICATE, "name each value once");
        }
        return values;
    }

    /** Returns true if the size of a list is allowed; otherwise adds a violation and returns false. */
    boolean isSized(String pointer, int size, int minSize, int maxSize) {
        if (size < minSize) {
            add(pointer, Reason.EMPTY, "give at least one value, or leave it out");
        } else if (size > maxSize) {
            add(pointer, Reason.TOO_MANY, "give at most " + maxSize + " values, not " + size);
        }
        return size >= minSize && size <= maxSize;
    }

    /** Returns the texts that have 1 to {@code maxLength} characters, and adds a violation for each other. */
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
