package org.askfirst.registry.http;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Texts and lists of texts by name, as an object of JSON and a record of CSV both have them.
 *
 * <p>Each reading method gives the value, or null after noting a violation or where an optional text is absent;
 * {@link #finish} throws if anything was noted.
 */
public interface NamedTexts {
    /** Returns true if there is something of that name. */
    boolean has(String name);

    /** A text of 1 to {@code maxLength} characters that must be there. */
    @Nullable String text(String name, int maxLength);

    /** A text of 1 to {@code maxLength} characters. */
    @Nullable String optionalText(String name, int maxLength);

    /** A text that a pattern describes. */
    @Nullable String optionalText(String name, int maxLength, Pattern pattern, String expected);

    /** A list of one of a few texts, each once; empty if absent. */
    List<String> optionalChoices(String name, int maxSize, List<String> choices);

    /** A list of texts that a pattern describes, each once; empty if absent. */
    List<String> optionalTexts(String name, int maxSize, Pattern pattern, String expected);

    /** A moment (RFC 3339), to the microsecond. */
    @Nullable Instant optionalMoment(String name);

    /** Notes that what has that name is at fault. */
    void refuse(String name, Reason reason, String fault);

    /** Throws the problem, with a pointer to everything noted, if anything was. */
    void finish();
}
