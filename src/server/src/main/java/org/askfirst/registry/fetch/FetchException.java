package org.askfirst.registry.fetch;

/** Thrown if a page or a DNS record could not be read. It does not mean that the page or the record does not exist. */
public final class FetchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Reasons why a page or a record could not be read. */
    public enum Kind {
        /** The host does not answer, or its answer cannot be read. */
        UNREACHABLE,
        /** The host has no certificate that can be trusted. */
        UNTRUSTED,
        /** The host has no public address, so it is not contacted. */
        REFUSED,
        /** The signatures of the name are broken (DNSSEC): its answers may be forged. */
        FORGED,
        /** The host redirects to another site, or too often. */
        REDIRECTED,
        /** The limit of visits to the host, or of questions about its names, is reached. */
        TOO_OFTEN
    }

    private final Kind kind;

    FetchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns the reason. */
    public Kind kind() {
        return kind;
    }
}
