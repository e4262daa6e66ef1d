package org.askfirst.tlog;

/**
 * Thrown if a well-formed proof or signature does not prove its claim: the signature is another key's, or the proof
 * leads to another root.
 *
 * <p>The message may be shown to the sender. There is no stack trace, because the fault is in the proof and not in our
 * code.
 */
public final class NotProvenException extends Exception {
    private static final long serialVersionUID = 1L;

    NotProvenException(String message) {
        super(message, null, false, false);
    }
}
