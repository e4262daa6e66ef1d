package org.askfirst.registry.fetch;

/** It could not be seen what is there; says nothing of whether it is. */
public final class FetchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Kind {
        /** It does not answer, or not in a way that can be read. */
        UNREACHABLE,
        /** It is not looked at: it has no public address. */
        REFUSED,
        /** It sends its visitors on, to another site or without end. */
        REDIRECTED,
        /** It was looked at too often lately. */
        TOO_OFTEN
    }

    private final Kind kind;

    FetchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Why not. */
    public Kind kind() {
        return kind;
    }
}
