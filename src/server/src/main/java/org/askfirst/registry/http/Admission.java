package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/**
 * Turns requests away at once, before anything of them is read, when more are under way than could be answered soon:
 * whoever cannot be answered hears so and when to come back, and does not wait in vain.
 */
@ApplicationScoped
class Admission {
    /**
     * On one node; fewer than there are workers, of which health and metrics want one. If each were a lookup of ten thousand
     * works, the last would be answered after some ten seconds.
     */
    private static final int MOST_UNDER_WAY = 400;

    private static final int BEFORE_EVERYTHING = 1_000;
    private static final int RETRY_SECONDS = 1;

    private final ObjectMapper mapper;
    private final AtomicInteger underWay = new AtomicInteger();

    Admission(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_EVERYTHING);
    }

    /** A busy node must not be taken for a dead one, and who follows the feed mostly waits. */
    private static boolean isNotCounted(String path) {
        return path.startsWith("/q/") || path.equals("/v1/changes");
    }

    private void admit(RoutingContext exchange) {
        if (isNotCounted(exchange.request().path())) {
            exchange.next();
            return;
        }
        if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
            underWay.decrementAndGet();
            turnAway(exchange);
            return;
        }
        exchange.addEndHandler(ended -> underWay.decrementAndGet());
        exchange.next();
    }

    private void turnAway(RoutingContext exchange) {
        ProblemException problem =
                Problem.UNAVAILABLE.because("More is being asked than can be answered; try again in a second");
        try {
            exchange.response()
                    .setStatusCode(problem.problem().status())
                    .putHeader("Content-Type", ProblemMapper.MEDIA_TYPE)
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Retry-After", String.valueOf(RETRY_SECONDS))
                    .putHeader("Connection", "close")
                    .end(mapper.writeValueAsString(ProblemDocument.of(problem)));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
