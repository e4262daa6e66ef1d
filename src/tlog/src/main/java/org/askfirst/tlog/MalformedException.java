package org.askfirst.tlog;

/**
 * Thrown if text or bytes from outside do not have the expected form.
 *
 * <p>The message describes the expected form and may be shown to the sender. There is no stack trace, because the fault
 * is in the input and not in our code.
 */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message, null, false, false);
    }
}
