package org.askfirst.registry.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/**
 * Takes a media type that cannot be read for one that nobody has, so that it is answered 406 or 415.
 *
 * <p>The framework throws at it, and once more while it writes the answer to that, which became an empty 500.
 */
@ApplicationScoped
class UnreadableMediaTypes {
    private static final String NOBODYS = "application/x-unreadable";
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
                headers.set(name, NOBODYS);
                return;
            }
        }
    }

    private static boolean isReadable(String list) {
        try {
            for (String one : list.split(",", -1)) {
                MediaType.valueOf(one.strip());
            }
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
