package org.askfirst.registry.mirror;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;
import org.askfirst.registry.http.Refusals;

/** Refuses, on a mirror, everything that a mirror cannot answer. */
@ApplicationScoped
class MirrorGate {
    /** After admission, and before the pages. */
    private static final int AFTER_ADMISSION = 950;

    private static final Pattern ANSWERED =
            Pattern.compile("/v1/lookups?|/v1/range/[^/]*|/v1/quota|/openapi\\.(yaml|json)|/favicon\\.ico");

    private final Mirror mirror;
    private final Refusals refusals;

    MirrorGate(Mirror mirror, Refusals refusals) {
        this.mirror = mirror;
        this.refusals = refusals;
    }

    void register(@Observes Filters filters) {
        if (mirror.isOn()) {
            filters.register(this::pass, AFTER_ADMISSION);
        }
    }

    private void pass(RoutingContext exchange) {
        if (ANSWERED.matcher(exchange.normalizedPath()).matches()) {
            // A cache must not answer after the copy has expired.
            exchange.addHeadersEndHandler(end -> {
                String caching = exchange.response().headers().get(HttpHeaders.CACHE_CONTROL);
                if (caching != null && !caching.equals("no-store")) {
                    exchange.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
                }
            });
            exchange.next();
        } else {
            refusals.send(exchange, mirror.misdirected("answers /v1/lookup, /v1/lookups and /v1/range alone"));
        }
    }
}
