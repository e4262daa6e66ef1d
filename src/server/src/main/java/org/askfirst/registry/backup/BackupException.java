package org.askfirst.registry.backup;

/** Thrown if a backup cannot be made or restored. The message is for the person who runs the command. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }

    /** Creates an exception whose message says what failed and how to continue. */
    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns the first line of the message. PostgreSQL's further lines are about its own source code. */
    static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
