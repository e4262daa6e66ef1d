package org.askfirst.verdict;

import java.util.Arrays;
import java.util.Optional;

/**
 * How it was seen that a party controls a subject, weakest first.
 *
 * <p>INVARIANT: the order of the constants is the order of strength; {@link #outweighs} rests on it.
 */
public enum ControlMethod {
    /** The token was seen somewhere on the page. */
    PAGE_TOKEN("page-token", Control.SHOWN),
    /** The token was seen in the head of the page, which visitors do not write. */
    META_TAG("meta-tag", Control.PROVED),
    /** The token was seen in {@code /.well-known/askfirst.txt}. */
    WELL_KNOWN_FILE("well-known-file", Control.PROVED),
    /** The token was seen in a TXT record below the host. */
    DNS_TXT("dns-txt", Control.PROVED),
    /** A body that vouches for subjects of this kind says so. */
    VOUCHING_BODY("vouching-body", Control.PROVED),
    /** The operator saw it. */
    OPERATOR("operator", Control.PROVED);

    private final String wireName;
    private final Control control;

    ControlMethod(String wireName, Control control) {
        this.wireName = wireName;
        this.control = control;
    }

    /** Its name in the contract and in entries. */
    public String wireName() {
        return wireName;
    }

    /** What it proves. */
    public Control control() {
        return control;
    }

    /** Whether the registry looks for it itself, and again and again. */
    public boolean isLookedFor() {
        return compareTo(VOUCHING_BODY) < 0;
    }

    /** Whether a proof by this is recorded though one by the other stands. */
    public boolean outweighs(ControlMethod standing) {
        return control.compareTo(standing.control) > 0 || (standing.isLookedFor() && !isLookedFor());
    }

    /** The method of that name. */
    public static Optional<ControlMethod> named(String wireName) {
        return Arrays.stream(values())
                .filter(method -> method.wireName.equals(wireName))
                .findFirst();
    }
}
