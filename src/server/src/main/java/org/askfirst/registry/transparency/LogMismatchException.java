package org.askfirst.registry.transparency;

import org.jspecify.annotations.Nullable;

/** Ledger, log and key do not belong together: for whoever started the node to read, and to mend. */
public final class LogMismatchException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LogMismatchException(String message) {
        this(message, null);
    }

    LogMismatchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
