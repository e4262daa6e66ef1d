package org.askfirst.registry.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Retry;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns every failure into a problem document. This is the only place that does so.
 *
 * <p>A failure that is not a problem is a fault of the registry or of the database. The caller learns which of the two,
 * and nothing about the registry's internals. The log gets the details.
 */
@ApplicationScoped
public class ProblemMapper {
    /** The media type of problems (RFC 9457). */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final int NOT_ALLOWED = 405;

    /** SQLSTATE of PostgreSQL if a table cannot grow. */
    private static final String DISK_FULL = "53100";

    private final Endpoints endpoints;

    ProblemMapper(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Maps an expected failure. */
    @ServerExceptionMapper
    public Response problem(ProblemException exception) {
        return response(exception);
    }

    /** Maps a request for an unknown path. The framework throws this also for some known paths and unknown methods. */
    @ServerExceptionMapper
    public Response notFound(NotFoundException exception, UriInfo uri, Request request) {
        return endpoints.lacks(request.getMethod(), uri.getPath())
                ? notAllowed(uri.getPath())
                : response(Problem.NOT_FOUND.because("There is nothing at this path; see /openapi.yaml"));
    }

    private Response notAllowed(String path) {
        return Response.fromResponse(response(
                        Problem.METHOD_NOT_ALLOWED.because("This path does not support the method; see /openapi.yaml")))
                .header(HttpHeaders.ALLOW, Objects.requireNonNullElse(endpoints.allowed(path), ""))
                .build();
    }

    /** Maps a request that the framework refused. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException exception, UriInfo uri, Request request) {
        String path = uri.getPath();
        int status = exception.getResponse().getStatus();
        if (status == NOT_ALLOWED) {
            return notAllowed(path);
        }
        ProblemException problem = switch (status) {
            case 404 -> Problem.NOT_FOUND.because("There is nothing at this path; see /openapi.yaml");
            case 406 -> Accept.refusal(endpoints.offered(request.getMethod(), path));
            case 413 -> Problem.TOO_LARGE.because("The body is larger than any endpoint allows");
            case 415 -> unsupported(endpoints.accepted(request.getMethod(), path));
            default ->
                status < 500 ? Problem.MALFORMED_REQUEST.because("The request cannot be read") : failed(exception);
        };
        return response(problem);
    }

    private static ProblemException unsupported(List<String> accepted) {
        return Problem.UNSUPPORTED_MEDIA_TYPE.because(
                accepted.isEmpty()
                        ? "This path does not support the Content-Type; see /openapi.yaml"
                        : "This path does not support the Content-Type; send one of " + String.join(", ", accepted));
    }

    /** Maps an unexpected failure. */
    @ServerExceptionMapper
    public Response failure(Throwable failure) {
        return response(failed(failure));
    }

    /** Returns the problem that describes the failure. Logs the failure if the problem hides its details. */
    public static ProblemException failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
            if (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())) {
                LOG.errorf("The database has no room: %s", sql.getMessage());
                return Problem.UNAVAILABLE.because("The storage of the registry is full; nothing was recorded");
            }
            if (cause instanceof SQLException sql && isUnreachable(sql)) {
                LOG.warn("The database cannot be reached", failure);
                return Problem.UNAVAILABLE.because("The database does not answer; try again in a few seconds");
            }
        }
        LOG.error("A request failed", failure);
        return Problem.INTERNAL_ERROR.because("The fault is in the registry, not in the request; it has been logged");
    }

    /**
     * Returns true if the database cannot be reached. SQLSTATE 08 is a connection error, 53 lack of resources, 57P a
     * server that shuts down; exceptions of the pool have no SQLSTATE.
     */
    private static boolean isUnreachable(SQLException sql) {
        String state = Optional.ofNullable(sql.getSQLState()).orElse("08");
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
    }

    /** Returns the response with the problem as its body. */
    public static Response response(ProblemException exception) {
        Response.ResponseBuilder response = Response.status(exception.problem().status())
                .type(MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(ProblemDocument.of(exception));
        if (exception.problem() == Problem.UNAUTHENTICATED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Ask First\"");
        }
        Retry retry = exception.retry();
        if (retry != null) {
            response.header(HttpHeaders.RETRY_AFTER, retry.seconds());
        }
        return response.build();
    }
}
