package org.askfirst.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of failures: every error that a caller can receive, with its HTTP status and stable slug.
 *
 * <p>The problem type is {@link #TYPE_BASE} followed by the slug (RFC 9457, section 3.1.1). A published slug keeps its
 * meaning. {@code docs/problems.md} and the contract list the same problems, and a test compares all three.
 */
public enum Problem {
    MALFORMED_REQUEST(400, "malformed-request", "The request cannot be read"),
    MALFORMED_JSON(400, "malformed-json", "The body is not valid JSON"),
    UNAUTHENTICATED(401, "unauthenticated", "A valid key is needed"),
    FORBIDDEN(403, "forbidden", "This key may not do that"),
    SIGN_IN_AGAIN(403, "sign-in-again", "This needs a fresh sign-in"),
    NOT_FOUND(404, "not-found", "There is nothing here"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This method is not offered here"),
    NOT_ACCEPTABLE(406, "not-acceptable", "None of the accepted media types is offered here"),
    TOO_SLOW(408, "too-slow", "The request came too slowly"),
    ALREADY_WITHDRAWN(409, "already-withdrawn", "The declaration is withdrawn"),
    LAST_KEY(409, "last-key", "The last key cannot be revoked"),
    TOO_MANY_KEYS(409, "too-many-keys", "The party has as many keys as it may have"),
    NOTHING_TO_CHANGE(409, "nothing-to-change", "Nothing to change"),
    SECOND_KEY_NEEDED(409, "second-key-needed", "This act needs a second operator key"),
    MANDATE_DECIDED(409, "mandate-decided", "The mandate is in a different state"),
    NO_MAIL(409, "no-mail", "This registry sends no e-mail"),
    TAKES_NO_MESSAGES(409, "takes-no-messages", "The party takes no messages here"),
    PROOF_TOO_OLD(409, "proof-too-old", "The proof of control must be checked again first"),
    TOO_MANY_CLAIMS(409, "too-many-claims", "The party has as many control challenges as it may have"),
    IMPORT_NOT_READY(409, "import-not-ready", "The import is in a different state"),
    REPORT_NOT_READY(409, "report-not-ready", "The usage report is in a different state"),
    TOO_MANY_IMPORTS(409, "too-many-imports", "The party has as many imports under way as it may have"),
    IDEMPOTENCY_KEY_IN_USE(
            409, "idempotency-key-in-use", "The first request with this idempotency key has no answer yet"),
    PRECONDITION_FAILED(412, "precondition-failed", "The declaration has changed in the meantime"),
    TOO_LARGE(413, "too-large", "The request is larger than the limit"),
    URI_TOO_LONG(414, "uri-too-long", "The request line is longer than the limit"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "This media type is not accepted here"),
    MISDIRECTED(421, "misdirected", "Only the registry itself can answer that"),
    INVALID_REQUEST(422, "invalid-request", "The request does not fit the contract"),
    MALFORMED_SUBJECT(422, "malformed-subject", "The subject cannot be read"),
    UNREADABLE_TABLE(422, "unreadable-table", "The file cannot be read as a table"),
    UNDECLARABLE_SUBJECT(422, "undeclarable-subject", "This subject cannot be declared"),
    IDEMPOTENCY_KEY_REUSED(422, "idempotency-key-reused", "The idempotency key was used for another request"),
    TOO_MANY_REQUESTS(429, "too-many-requests", "The quota is used up"),
    BUDGET_SPENT(429, "budget-spent", "The budget of the day is spent"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The headers are longer than the limit"),
    INTERNAL_ERROR(500, "internal-error", "The registry failed"),
    UNAVAILABLE(503, "unavailable", "The registry cannot answer now");

    /** The beginning of every problem type; the slug follows. */
    public static final String TYPE_BASE = "https://askfirst.org/problems/";

    private final int status;
    private final String slug;
    private final String title;

    Problem(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
    }

    /** Returns the HTTP status of an answer with this problem. */
    public int status() {
        return status;
    }

    /** Returns the last segment of {@link #type()}: lower case, hyphenated, never changed. */
    public String slug() {
        return slug;
    }

    /** Returns one short sentence, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Returns the absolute URI that names this problem. */
    public String type() {
        return TYPE_BASE + slug;
    }

    /**
     * Returns an exception with this problem, for a request in which no single member is at fault.
     *
     * @param detail what is wrong with this request and how to correct it; shown to the caller
     */
    public ProblemException because(String detail) {
        return new ProblemException(this, detail, false, List.of(), null);
    }

    /**
     * Returns an exception with this problem of the registry, after which it is certain that nothing was recorded. The
     * same request can be carried out later under the same {@code Idempotency-Key}.
     *
     * @param detail what hinders the registry; shown to the caller
     */
    public ProblemException withoutEffect(String detail) {
        return new ProblemException(this, detail, true, List.of(), null);
    }

    /**
     * Returns an exception with this problem that ends at a known time.
     *
     * @param detail what is wrong and what the caller can do; shown to the caller
     * @param retry when the same request can succeed
     */
    public ProblemException until(String detail, Retry retry) {
        return new ProblemException(this, detail, false, List.of(), retry);
    }

    /**
     * Returns an exception with this problem that points at the member at fault.
     *
     * @param pointer see {@link Violation#pointer}
     * @param reason the kind of fault
     * @param fault what is wrong with the member and how to correct it, without its name; shown to the caller
     */
    public ProblemException at(String pointer, Reason reason, String fault) {
        return at(pointer, reason, fault, null);
    }

    /**
     * Returns an exception with this problem that points at the member at fault and suggests a value.
     *
     * @param pointer see {@link Violation#pointer}
     * @param reason the kind of fault
     * @param fault what is wrong with the member and how to correct it, without its name; shown to the caller
     * @param suggestion see {@link Violation#suggestion}
     */
    public ProblemException at(String pointer, Reason reason, String fault, @Nullable String suggestion) {
        return at(List.of(new Violation(pointer, reason, fault, suggestion)));
    }

    /**
     * Returns an exception with this problem that points at the members at fault.
     *
     * @param violations one for each member at fault, in the order of the document; at least one
     */
    public ProblemException at(List<Violation> violations) {
        return new ProblemException(this, violations.get(0).detail(), false, violations, null);
    }

    /**
     * Returns an exception with this problem that points at some of the members at fault.
     *
     * @param detail says that there are more
     * @param violations one for each member that is shown
     */
    public ProblemException at(String detail, List<Violation> violations) {
        return new ProblemException(this, detail, false, violations, null);
    }
}
