package org.askfirst.verdict;

import java.util.Arrays;
import java.util.Optional;

/**
 * The method by which a party proves that it controls a subject, weakest first.
 *
 * <p>INVARIANT: the order of the constants is the order of strength; {@link #outweighs} depends on it.
 */
public enum ControlMethod {
    /** The token was found somewhere on the page. */
    PAGE_TOKEN("page-token", Control.SHOWN),
    /** The token was found in the head of the page, which visitors cannot edit. */
    META_TAG("meta-tag", Control.PROVED),
    /** The token was found in {@code /.well-known/askfirst.txt}. */
    WELL_KNOWN_FILE("well-known-file", Control.PROVED),
    /** The token was found in a TXT record below the host. */
    DNS_TXT("dns-txt", Control.PROVED),
    /** A vouching body for subjects of this scheme confirms the control. */
    VOUCHING_BODY("vouching-body", Control.PROVED),
    /** The operator checked the control. */
    OPERATOR("operator", Control.PROVED);

    private final String wireName;
    private final Control control;

    ControlMethod(String wireName, Control control) {
        this.wireName = wireName;
        this.control = control;
    }

    /** Returns the name in the contract and in entries. */
    public String wireName() {
        return wireName;
    }

    /** Returns the strength of a proof by this method. */
    public Control control() {
        return control;
    }

    /** Returns true if the registry checks the proof itself, and repeats the check. */
    public boolean isCheckedByRegistry() {
        return compareTo(VOUCHING_BODY) < 0;
    }

    /** Returns true if a proof by this method is recorded although a proof by the other one is in force. */
    public boolean outweighs(ControlMethod recorded) {
        return control.compareTo(recorded.control) > 0 || (recorded.isCheckedByRegistry() && !isCheckedByRegistry());
    }

    /** Returns the method with that name; empty if there is none. */
    public static Optional<ControlMethod> named(String wireName) {
        return Arrays.stream(values())
                .filter(method -> method.wireName.equals(wireName))
                .findFirst();
    }
}
