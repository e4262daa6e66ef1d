package org.askfirst.registry.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import org.askfirst.problem.ProblemException;

/** Sends a problem from a handler that runs before the resources. */
@Singleton
public class Refusals {
    /** The rest of a body is read up to this length, so that the client receives the answer. */
    private static final long DRAINED = 1 << 20;

    private final ObjectMapper mapper;

    Refusals(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Ends the exchange with the problem. The connection closes if a long body is still to come. */
    public void send(RoutingContext exchange, ProblemException problem) {
        HttpServerRequest request = exchange.request();
        HttpServerResponse response = exchange.response()
                .setStatusCode(problem.problem().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemMapper.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (isLong(request)) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        request.resume();
        response.end(body(problem));
    }

    private String body(ProblemException problem) {
        try {
            return mapper.writeValueAsString(ProblemDocument.of(problem));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static boolean isLong(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return true;
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length) > DRAINED;
        } catch (NumberFormatException malformed) {
            return true;
        }
    }
}
