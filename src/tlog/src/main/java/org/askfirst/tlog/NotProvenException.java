package org.askfirst.tlog;

/**
 * Says that something well-formed does not prove what it is offered as proof of: a signature is another's, a proof
 * leads to another root.
 *
 * <p>The message may be shown to whoever offered the proof. There is no stack trace: it tells of the proof, not of
 * a fault in our code.
 */
public final class NotProvenException extends Exception {
    private static final long serialVersionUID = 1L;

    NotProvenException(String message) {
        super(message, null, false, false);
    }
}
