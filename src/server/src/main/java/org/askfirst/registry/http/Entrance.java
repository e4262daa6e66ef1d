package org.askfirst.registry.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of each request. It refuses requests with an ambiguous head, answers {@code OPTIONS}, gives every
 * answer its common headers, and turns failures outside of our resources into problems.
 */
@ApplicationScoped
class Entrance {
    /** Before all other filters, the admission included. */
    private static final int FIRST = -100_000;

    private static final String MARK = "askfirst.entered";
    private static final int NO_CONTENT = 204;

    /** The request headers that a page of another site may send. The wildcard would not include Authorization. */
    private static final String CORS_HEADERS = "Authorization, Accept, Content-Encoding, Content-Type, Idempotency-Key,"
            + " If-Match, If-None-Match, Last-Event-ID, Range";

    private static final String CORS_SECONDS = "86400";
    private static final String METHODS_OF_PAGES = "GET, HEAD, OPTIONS";
    private static final String METHODS_OF_SERVER = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY";

    private final AnswerHeaders headers;
    private final Endpoints endpoints;
    private final Refusals refusals;
    private final long maxBody;

    Entrance(
            AnswerHeaders headers,
            Endpoints endpoints,
            Refusals refusals,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
        this.headers = headers;
        this.endpoints = endpoints;
        this.refusals = refusals;
        this.maxBody = maxBody.asLongValue();
    }

    void register(@Observes Router router) {
        UnreadableRequests.install();
        router.route().order(FIRST).handler(this::enter).failureHandler(this::fail);
        // The router refuses a path that it cannot decode before it looks for a handler.
        router.errorHandler(Problem.MALFORMED_REQUEST.status(), this::fail);
    }

    private void enter(RoutingContext exchange) {
        mark(exchange);
        HttpServerRequest request = exchange.request();
        if (isAboutServer(request)) {
            sendOptions(exchange, METHODS_OF_SERVER);
            return;
        }
        ProblemException fault = RequestHead.fault(request);
        if (fault == null) {
            fault = faultOfLength(request);
        }
        if (fault != null) {
            refusals.send(exchange, fault);
        } else if (HttpMethod.OPTIONS.equals(request.method())) {
            options(exchange);
        } else if (endpoints.hides(request.method().name(), request.path())) {
            exchange.response()
                    .putHeader(
                            HttpHeaders.ALLOW,
                            Optional.ofNullable(endpoints.allowed(request.path()))
                                    .orElse(METHODS_OF_SERVER));
            refusals.send(exchange, notAllowed());
        } else {
            exchange.next();
        }
    }

    private static ProblemException notAllowed() {
        return Problem.METHOD_NOT_ALLOWED.because("This path does not support the method; see /openapi.yaml");
    }

    private void mark(RoutingContext exchange) {
        if (exchange.get(MARK) == null) {
            exchange.put(MARK, true);
            exchange.addHeadersEndHandler(end -> headers.complete(exchange.request(), exchange.response()));
        }
    }

    private @Nullable ProblemException faultOfLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null || Long.parseLong(length) <= maxBody
                    ? null
                    : Problem.TOO_LARGE.because("The body is larger than any endpoint allows");
        } catch (NumberFormatException malformed) {
            return Problem.MALFORMED_REQUEST.because("The header Content-Length is no number of bytes");
        }
    }

    /** Answers a request about the methods of a path, and the preflight of a browser (Fetch standard, CORS protocol). */
    private void options(RoutingContext exchange) {
        String path = exchange.request().path();
        String allowed = endpoints.allowed(path);
        if (allowed == null && Endpoints.isOfPrograms(path)) {
            refusals.send(exchange, Problem.NOT_FOUND.because("There is nothing at this path; see /openapi.yaml"));
            return;
        }
        sendOptions(exchange, Optional.ofNullable(allowed).orElse(METHODS_OF_PAGES));
    }

    private static void sendOptions(RoutingContext exchange, String allowed) {
        HttpServerRequest request = exchange.request();
        HttpServerResponse response =
                exchange.response().setStatusCode(NO_CONTENT).putHeader(HttpHeaders.ALLOW, allowed);
        if (request.getHeader(HttpHeaders.ORIGIN) != null
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, CORS_HEADERS)
                    .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, CORS_SECONDS);
        }
        request.resume();
        response.end();
    }

    /** Answers what the router or a handler of the framework has refused. */
    private void fail(RoutingContext exchange) {
        if (exchange.response().headWritten() || exchange.response().closed()) {
            exchange.next();
            return;
        }
        mark(exchange);
        if (isAboutServer(exchange.request())) {
            sendOptions(exchange, METHODS_OF_SERVER);
        } else {
            refusals.send(exchange, problem(exchange));
        }
    }

    private static boolean isAboutServer(HttpServerRequest request) {
        return HttpMethod.OPTIONS.equals(request.method()) && request.uri().equals("*");
    }

    private static ProblemException problem(RoutingContext exchange) {
        ProblemException fault = RequestHead.fault(exchange.request());
        if (fault != null) {
            return fault;
        }
        Throwable failure = exchange.failure();
        if (failure != null && exchange.statusCode() >= Problem.INTERNAL_ERROR.status()) {
            return ProblemMapper.failed(failure);
        }
        return switch (exchange.statusCode()) {
            case 404 -> Problem.NOT_FOUND.because("There is nothing at this path; see /openapi.yaml");
            case 405 -> notAllowed();
            case 413 -> Problem.TOO_LARGE.because("The body is larger than any endpoint allows");
            default -> Problem.MALFORMED_REQUEST.because("The request cannot be read");
        };
    }
}
