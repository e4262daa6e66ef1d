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
 * Refuses requests at once with 503 when more are in progress than can be answered soon. Nothing of a refused request
 * is read, and its client learns when to try again.
 */
@ApplicationScoped
class Admission {
    /**
     * Number of requests in progress on one node. It is smaller than the number of workers, because health and metrics
     * need some. If each request were a lookup of 10,000 works, the last would be answered after about 10 seconds.
     */
    private static final int MAX_IN_PROGRESS = 400;

    private static final int BEFORE_EVERYTHING = 1_000;
    private static final int RETRY_SECONDS = 1;

    private final ObjectMapper mapper;
    private final AtomicInteger inProgress = new AtomicInteger();

    Admission(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_EVERYTHING);
    }

    /**
     * Returns true for health checks, which must not fail because the node is busy, and for readers of the feed, which
     * mostly wait.
     */
    private static boolean isNotCounted(String path) {
        return path.startsWith("/q/") || path.equals("/v1/changes");
    }

    private void admit(RoutingContext exchange) {
        if (isNotCounted(exchange.request().path())) {
            exchange.next();
            return;
        }
        if (inProgress.incrementAndGet() > MAX_IN_PROGRESS) {
            inProgress.decrementAndGet();
            refuse(exchange);
            return;
        }
        exchange.addEndHandler(ended -> inProgress.decrementAndGet());
        exchange.next();
    }

    private void refuse(RoutingContext exchange) {
        ProblemException problem =
                Problem.UNAVAILABLE.because("The registry has too many requests at the moment; try again in a second");
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
