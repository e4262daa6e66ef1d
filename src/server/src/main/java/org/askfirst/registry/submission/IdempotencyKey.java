package org.askfirst.registry.submission;

import java.nio.charset.StandardCharsets;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} of a request.
 *
 * @param text 1 to 255 characters, not blank
 */
public record IdempotencyKey(String text) {
    /** The name of the header. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;

    /**
     * Reads the header.
     *
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#INVALID_REQUEST} if it is blank
     *     or too long
     */
    public static IdempotencyKey parse(String header) {
        if (header.isBlank() || header.length() > MAX_LENGTH) {
            throw Parameters.refused(
                    HEADER,
                    header.isBlank() ? Reason.EMPTY : Reason.TOO_LONG,
                    "give 1 to " + MAX_LENGTH + " characters");
        }
        return new IdempotencyKey(header);
    }

    /**
     * Returns the idempotency of a request whose act is an entry of the ledger.
     *
     * @param header null if it was not sent
     * @param operation distinguishes operations that take the same body
     * @return null if the header was not sent
     */
    public static Proposal.@Nullable Idempotency ofAct(@Nullable String header, String operation, byte[] body) {
        return header == null ? null : new Proposal.Idempotency(parse(header).text(), request(operation, body));
    }

    /** Returns the SHA-256 of a request, which distinguishes a repetition from another request with the same key. */
    static byte[] request(String operation, byte[] body) {
        return Sha256.of(operation.getBytes(StandardCharsets.UTF_8), new byte[] {0}, body);
    }
}
