package org.askfirst.registry.transparency;

import org.jspecify.annotations.Nullable;

/** Thrown if ledger, log and key do not belong together. The operator reads the message and must repair them. */
public final class LogMismatchException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LogMismatchException(String message) {
        this(message, null);
    }

    LogMismatchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
