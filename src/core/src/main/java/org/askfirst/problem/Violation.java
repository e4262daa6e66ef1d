package org.askfirst.problem;

import org.jspecify.annotations.Nullable;

/**
 * One member of a request that is at fault.
 *
 * @param pointer JSON Pointer (RFC 6901) into the body, such as {@code /stances/ai-training}; a bare name for a
 *     parameter or header; empty for the whole
 * @param reason the kind of fault, for programs
 * @param fault the fault and what to do about it, for people; it does not name the member
 * @param suggestion the value or name that is probably meant in place of the one at fault; null if none is known
 */
public record Violation(
        String pointer,
        Reason reason,
        String fault,
        @Nullable String suggestion) {
    private static final int MAX_DISPLAYED = 60;

    /** Returns the same violation with {@code parent} put before its pointer. */
    Violation below(String parent) {
        return new Violation(parent + pointer, reason, fault, suggestion);
    }

    /** Returns the fault after the name of the member: {@code terms.userClass: give at least one value}. */
    public String detail() {
        return pointer.isEmpty() ? fault : member() + ": " + fault;
    }

    /** Returns the member as a person would write it: {@code terms.userClass}, {@code subjects[0]}. */
    private String member() {
        if (!pointer.startsWith("/")) {
            return display(pointer);
        }
        StringBuilder member = new StringBuilder();
        for (String step : pointer.substring(1).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!member.isEmpty() && !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                member.append('[').append(display(name)).append(']');
            } else {
                member.append(member.isEmpty() ? "" : ".").append(display(name));
            }
        }
        return member.toString();
    }

    /** Returns a name that the contract could have as it is, and any other name in quotation marks and cut short. */
    private static String display(String name) {
        boolean isPlain = !name.isEmpty()
                && name.length() <= MAX_DISPLAYED
                && name.chars().allMatch(c -> c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)));
        return isPlain ? name : quote(name);
    }

    private static String quote(String name) {
        StringBuilder quote = new StringBuilder("\"");
        name.codePoints()
                .limit(MAX_DISPLAYED)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(quote::appendCodePoint);
        boolean isCut = name.codePointCount(0, name.length()) > MAX_DISPLAYED;
        return quote.append(isCut ? "…\"" : "\"").toString();
    }
}
