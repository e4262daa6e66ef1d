package org.askfirst.registry.transparency;

import java.sql.SQLException;
import org.askfirst.tlog.Subtree;

/** Thrown if a hash of the log is missing or cannot be read. */
final class LogUnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogUnreadableException(SQLException cause) {
        super("the log cannot be read", cause);
    }

    LogUnreadableException(Subtree missing) {
        super("a hash of the log is missing: " + missing);
    }
}
