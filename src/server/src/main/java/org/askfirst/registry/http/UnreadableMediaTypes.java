package org.askfirst.registry.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/**
 * Replaces a malformed media type by an unsupported one, so that the answer is 406 or 415.
 *
 * <p>The framework throws an exception for a malformed media type, and another while it writes the answer, which would
 * become an empty 500.
 */
@ApplicationScoped
class UnreadableMediaTypes {
    private static final String UNSUPPORTED = "application/x-unreadable";
    private static final int BEFORE_RESOURCES = 100;

    void register(@Observes Filters filters) {
        filters.register(UnreadableMediaTypes::check, BEFORE_RESOURCES);
    }

    private static void check(RoutingContext exchange) {
        MultiMap headers = exchange.request().headers();
        check(headers, HttpHeaders.ACCEPT);
        check(headers, HttpHeaders.CONTENT_TYPE);
        exchange.next();
    }

    private static void check(MultiMap headers, String name) {
        for (String value : headers.getAll(name)) {
            if (!value.equals(MediaType.APPLICATION_JSON) && !value.equals(MediaType.WILDCARD) && !isReadable(value)) {
                headers.set(name, UNSUPPORTED);
                return;
            }
        }
    }

    private static boolean isReadable(String list) {
        try {
            for (String mediaType : list.split(",", -1)) {
                MediaType.valueOf(mediaType.strip());
            }
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
