package org.askfirst.tlog;

/**
 * Says that text or bytes from outside are not in the form they should have.
 *
 * <p>The message says what was expected and may be shown to whoever sent the input. There is no stack trace: it
 * tells of the input, not of a fault in our code.
 */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message, null, false, false);
    }
}
