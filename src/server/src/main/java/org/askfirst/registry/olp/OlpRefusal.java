package org.askfirst.registry.olp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A refusal in the words of OAuth 2.0 (RFC 6749, section 5.2) and OLP. The description is for the caller's developer. */
final class OlpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The errors of OLP, and the one of RFC 8628 that says that somebody has to decide first. */
    enum Kind {
        INVALID_REQUEST(400),
        INVALID_CLIENT(401),
        UNAUTHORIZED_CLIENT(403),
        /** The license is malformed or does not exist. */
        INVALID_LICENSE(400),
        /** The license was refused, or nobody can give it. */
        LICENSE_REFUSED(403),
        INVALID_RESOURCE(400),
        UNSUPPORTED_GRANT_TYPE(400),
        /** Somebody has to decide first. The client repeats its request later. */
        AUTHORIZATION_PENDING(400);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }

        /** Returns the name in answers. OLP has one name for both errors of licenses. */
        String wireName() {
            return this == LICENSE_REFUSED ? "invalid_license" : name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final @Nullable String request;

    OlpRefusal(Kind kind, String description) {
        this(kind, description, null);
    }

    /**
     * Creates a refusal.
     *
     * @param request the license request that decides; null if there is none
     */
    OlpRefusal(Kind kind, String description, @Nullable String request) {
        super(description);
        this.kind = kind;
        this.request = request;
    }

    Kind kind() {
        return kind;
    }

    String description() {
        return String.valueOf(getMessage());
    }

    @Nullable String request() {
        return request;
    }
}
