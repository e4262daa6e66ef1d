package org.askfirst.registry.http;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and lists of texts by name, from a JSON object or a CSV record.
 *
 * <p>Each reading method returns the value, or null after adding a violation or if an optional text is absent;
 * {@link #finish} throws if there was a violation.
 */
public interface NamedTexts {
    /** Returns true if there is a value with this name. */
    boolean has(String name);

    /** Returns a required text of 1 to {@code maxLength} characters. */
    @Nullable String text(String name, int maxLength);

    /** Returns a text of 1 to {@code maxLength} characters. */
    @Nullable String optionalText(String name, int maxLength);

    /**
     * Returns a text that matches the pattern.
     *
     * @param expected describes the pattern in the detail of a violation
     */
    @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected);

    /** Returns a list of choices, each at most once; empty if absent. */
    List<String> optionalChoices(String name, int maxSize, List<String> choices);

    /** Returns a list of texts that match the pattern, each at most once; empty if absent. */
    List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected);

    /** Returns a moment (RFC 3339), truncated to microseconds. */
    @Nullable Instant optionalMoment(String name);

    /**
     * Adds a violation for the value with this name.
     *
     * @param fault what is wrong and how to correct it, without the name
     */
    void refuse(String name, Reason reason, String fault);

    /** Throws a problem with all violations, if there are any. */
    void finish();
}
