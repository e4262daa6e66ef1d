package org.askfirst.registry.telemetry;

import io.micrometer.core.instrument.Metrics;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.subject.Sha256;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Logs who opens, enters, changes and leaves accounts, and what the operator decides, under {@code askfirst.security}.
 *
 * <p>A line has the event, the outcome, the path, the address, and the id of the key, which is no secret. It has no
 * body, name or contact. Refused keys can be sent by the thousand, so at most {@value #LINES_A_SECOND} lines a second
 * are written, and the next line counts those that were not. Each event is counted in the metric
 * {@code askfirst.security.events}, and each refusal in {@code askfirst.problems}.
 */
@ApplicationScoped
class SecurityLog {
    static final String CATEGORY = "askfirst.security";
    private static final Logger LOG = Logger.getLogger(CATEGORY);
    private static final int LINES_A_SECOND = 50;
    private static final int MAX_PATH = 200;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FIRST_FAILURE = 400;
    private static final int KEY_ID_DIGITS = 16;
    private static final String BEARER = "bearer ";

    /** The acts that are logged when they succeed: a method, the beginning of a path, the rest of it, and the event. */
    private static final List<Act> ACTS = List.of(
            new Act("POST", "/v1/parties", "", "party-opened"),
            new Act("DELETE", "/v1/parties/me", "", "party-closed"),
            new Act("PATCH", "/v1/parties/me", "", "party-changed"),
            new Act("POST", "/v1/parties/me/reopening", "", "party-reopened"),
            new Act("POST", "/v1/parties/me/contact-verification", "", "contact-link-sent"),
            new Act("POST", "/v1/parties/me/keys", "", "key-created"),
            new Act("DELETE", "/v1/parties/me/keys/", null, "key-revoked"),
            new Act("POST", "/v1/parties/me/passkeys", "", "passkey-added"),
            new Act("DELETE", "/v1/parties/me/passkeys/", null, "passkey-removed"),
            new Act("PUT", "/v1/parties/me/mail-sign-in", "", "mail-sign-in-on"),
            new Act("DELETE", "/v1/parties/me/mail-sign-in", "", "mail-sign-in-off"),
            new Act("POST", "/v1/sessions", "", "session-opened"),
            new Act("POST", "/v1/sessions/mails", "", "sign-in-mail-asked"),
            new Act("POST", "/v1/sessions/links", "", "session-link-made"),
            new Act("DELETE", "/v1/sessions/", null, "session-ended"),
            new Act("PUT", "/v1/parties/me/successor", "", "successor-named"),
            new Act("DELETE", "/v1/parties/me/successor", "", "successor-cleared"),
            new Act("POST", "/v1/parties/me/members", "", "vouching-offered"),
            new Act("POST", "/v1/parties/me/members/", null, "recovery-confirmed"),
            new Act("DELETE", "/v1/parties/me/members/", null, "vouching-ended"),
            new Act("POST", "/v1/parties/me/memberships/", null, "vouching-accepted"),
            new Act("DELETE", "/v1/parties/me/memberships/", null, "vouching-left"),
            new Act("POST", "/v1/recoveries", null, "recovery"),
            new Act("PUT", "/v1/parties/me/webhook", "", "webhook-set"),
            new Act("DELETE", "/v1/parties/me/webhook", "", "webhook-deleted"),
            new Act("POST", "/v1/operator/", null, "operator-act"),
            new Act("DELETE", "/v1/operator/", null, "operator-act"));

    private final Clock clock;
    private long second;
    private int written;
    private int suppressed;

    SecurityLog(Clock clock) {
        this.clock = clock;
    }

    /**
     * An act that concerns an account.
     *
     * @param rest what follows {@code path}; null for anything
     */
    private record Act(String method, String path, @Nullable String rest, String event) {
        boolean fits(String askedMethod, String askedPath) {
            return method.equals(askedMethod)
                    && askedPath.startsWith(path)
                    && (rest == null || askedPath.length() == path.length());
        }
    }

    @ServerResponseFilter
    void answered(ContainerRequestContext request, ContainerResponseContext response, RoutingContext exchange) {
        int status = response.getStatus();
        if (status >= FIRST_FAILURE && response.getEntity() instanceof ProblemDocument problem) {
            Metrics.counter("askfirst.problems", "type", slug(problem.type())).increment();
        }
        event(request, status).ifPresent(event -> {
            String outcome = status < FIRST_FAILURE ? "done" : "refused";
            Metrics.counter("askfirst.security.events", "event", event, "outcome", outcome)
                    .increment();
            log(event, outcome, status, request, exchange);
        });
    }

    private static Optional<String> event(ContainerRequestContext request, int status) {
        if (status == UNAUTHENTICATED) {
            return Optional.of("key-refused");
        }
        if (status == FORBIDDEN) {
            return Optional.of("act-forbidden");
        }
        // No act is read with GET, and most requests are.
        if (status >= FIRST_FAILURE || request.getMethod().equals(HttpMethod.GET)) {
            return Optional.empty();
        }
        String path = path(request);
        return ACTS.stream()
                .filter(act -> act.fits(request.getMethod(), path))
                .map(Act::event)
                .findFirst();
    }

    private void log(
            String event, String outcome, int status, ContainerRequestContext request, RoutingContext exchange) {
        int unwritten = admit();
        if (unwritten < 0) {
            return;
        }
        if (unwritten > 0) {
            LOG.warnf("event=suppressed lines=%d", unwritten);
        }
        LOG.infof(
                "event=%s outcome=%s status=%d method=%s path=%s address=%s key=%s",
                event,
                outcome,
                status,
                request.getMethod(),
                shown(path(request)),
                exchange.request().remoteAddress() == null
                        ? "-"
                        : exchange.request().remoteAddress().hostAddress(),
                keyId(request.getHeaderString(HttpHeaders.AUTHORIZATION)));
    }

    /** Returns the number of lines that were left out before this one; -1 if this one must be left out too. */
    private synchronized int admit() {
        long now = clock.instant().getEpochSecond();
        if (now != second) {
            second = now;
            written = 0;
        }
        if (written >= LINES_A_SECOND) {
            suppressed++;
            return -1;
        }
        written++;
        int unwritten = suppressed;
        suppressed = 0;
        return unwritten;
    }

    private static String path(ContainerRequestContext request) {
        return request.getUriInfo().getPath();
    }

    /** Returns the path without characters that could forge a line of the log. */
    private static String shown(String path) {
        StringBuilder shown = new StringBuilder();
        path.chars().limit(MAX_PATH).forEach(c -> shown.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return shown.toString();
    }

    /** Returns the id of a key as {@code GET /v1/parties/me} shows it; of a text that is no key, it is an id too. */
    private static String keyId(@Nullable String authorization) {
        if (authorization == null || authorization.length() <= BEARER.length()) {
            return "-";
        }
        // Spaces and capitals in a key change nothing.
        String key =
                authorization.substring(BEARER.length()).replaceAll("\\s+", "").toLowerCase(java.util.Locale.ROOT);
        String hash = java.util.HexFormat.of().formatHex(Sha256.of(key));
        return "k_" + hash.substring(0, KEY_ID_DIGITS);
    }

    private static String slug(String type) {
        return type.substring(type.lastIndexOf('/') + 1);
    }
}
