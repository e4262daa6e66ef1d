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
    private static final int SHOWN = 60;

    /** The same violation with {@code pointer} put before its own. */
    Violation below(String parent) {
        return new Violation(parent + pointer, reason, fault, suggestion);
    }

    /** The fault, after the member that it concerns: {@code terms.userClass: give at least one value}. */
    public String detail() {
        return pointer.isEmpty() ? fault : member() + ": " + fault;
    }

    /** The member as a person would write it: {@code terms.userClass}, {@code subjects[0]}. */
    private String member() {
        if (!pointer.startsWith("/")) {
            return shown(pointer);
        }
        StringBuilder member = new StringBuilder();
        for (String step : pointer.substring(1).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!member.isEmpty() && !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                member.append('[').append(shown(name)).append(']');
            } else {
                member.append(member.isEmpty() ? "" : ".").append(shown(name));
            }
        }
        return member.toString();
    }

    /** A name as it is; in quotation marks and cut short if it is none that the contract could have. */
    private static String shown(String name) {
        boolean isPlain = !name.isEmpty()
                && name.length() <= SHOWN
                && name.chars().allMatch(c -> c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)));
        return isPlain ? name : quoted(name);
    }

    private static String quoted(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        name.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(quoted::appendCodePoint);
        boolean isCut = name.codePointCount(0, name.length()) > SHOWN;
        return quoted.append(isCut ? "…\"" : "\"").toString();
    }
}
