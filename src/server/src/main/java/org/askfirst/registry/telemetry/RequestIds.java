package org.askfirst.registry.telemetry;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request an id, which its answer carries as {@code X-Request-Id} and its log lines as {@code requestId}.
 *
 * <p>An id that the client or a proxy sends is kept if it is short and has no odd characters, so that logs of several
 * services can be joined.
 */
@ApplicationScoped
class RequestIds {
    static final String HEADER = "X-Request-Id";
    static final String LOG_MEMBER = "requestId";

    /** Before admission, so that a refusal has an id too. */
    private static final int FIRST = 2_000;

    private static final int MAX_LENGTH = 64;

    void register(@Observes Filters filters) {
        filters.register(this::identify, FIRST);
    }

    private void identify(RoutingContext exchange) {
        String sent = exchange.request().getHeader(HEADER);
        String id = isUsable(sent) ? sent : made();
        exchange.response().putHeader(HEADER, id);
        MDC.put(LOG_MEMBER, id);
        exchange.next();
    }

    private static boolean isUsable(@Nullable String id) {
        return id != null
                && !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars().allMatch(RequestIds::isPlain);
    }

    private static boolean isPlain(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }

    /** An id only tells lines of logs apart, so it need not be hard to guess. */
    private static String made() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
