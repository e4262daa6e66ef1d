package org.askfirst.registry.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns every failure into a problem document: the one place where that is done.
 *
 * <p>What is not a problem yet is our fault or the database's; the caller learns which of the two and nothing
 * of our insides, the log learns the rest.
 */
@ApplicationScoped
public class ProblemMapper {
    /** The media type of problems (RFC 9457). */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final int RETRY_SECONDS = 2;
    private static final int QUOTA_RETRY_SECONDS = 5;
    private static final int NOT_ALLOWED = 405;

    private final AllowedMethods allowed;

    ProblemMapper(AllowedMethods allowed) {
        this.allowed = allowed;
    }

    /** A failure somebody thought of. */
    @ServerExceptionMapper
    public Response problem(ProblemException exception) {
        return response(exception);
    }

    /** A path that nobody serves. */
    @ServerExceptionMapper
    public Response notFound(NotFoundException exception) {
        return response(Problem.NOT_FOUND.because("Nothing is served at this path; see /openapi.yaml"));
    }

    /** A request that the framework refused. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException exception, UriInfo uri) {
        int status = exception.getResponse().getStatus();
        ProblemException problem = switch (status) {
            case 404 -> Problem.NOT_FOUND.because("Nothing is served at this path; see /openapi.yaml");
            case 405 -> Problem.METHOD_NOT_ALLOWED.because("This path does not take that method; see /openapi.yaml");
            case 406 ->
                Problem.NOT_ACCEPTABLE.because("None of the media types in Accept is offered here; see /openapi.yaml");
            case 413 -> Problem.TOO_LARGE.because("The body is larger than any that is read here");
            case 415 ->
                Problem.UNSUPPORTED_MEDIA_TYPE.because("This path does not read that Content-Type; see /openapi.yaml");
            default ->
                status < 500 ? Problem.MALFORMED_REQUEST.because("The request cannot be read") : failed(exception);
        };
        Response response = response(problem);
        return status == NOT_ALLOWED
                ? Response.fromResponse(response)
                        .header(HttpHeaders.ALLOW, allowed.at(uri.getPath()))
                        .build()
                : response;
    }

    /** A failure nobody thought of. */
    @ServerExceptionMapper
    public Response failure(Throwable failure) {
        return response(failed(failure));
    }

    /** The problem that a failure is, told to the log if the caller cannot be told. */
    public static ProblemException failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
            if (cause instanceof SQLException sql && isAboutReaching(sql)) {
                LOG.warn("The database cannot be reached", failure);
                return Problem.UNAVAILABLE.because("The database does not answer; try again in a few seconds");
            }
        }
        LOG.error("A request failed", failure);
        return Problem.INTERNAL_ERROR.because("This is a fault of the registry, not of the request; it is logged");
    }

    /** SQLSTATE 08 is the connection, 53 resources, 57P a server going down; the pool gives none at all. */
    private static boolean isAboutReaching(SQLException sql) {
        String state = Optional.ofNullable(sql.getSQLState()).orElse("08");
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
    }

    /** The answer that carries the problem. */
    public static Response response(ProblemException exception) {
        Response.ResponseBuilder response = Response.status(exception.problem().status())
                .type(MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(ProblemDocument.of(exception));
        switch (exception.problem()) {
            case UNAUTHENTICATED -> response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"Ask First\"");
            case UNAVAILABLE -> response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
            case TOO_MANY_REQUESTS -> response.header(HttpHeaders.RETRY_AFTER, QUOTA_RETRY_SECONDS);
            default -> {
                // Nothing to add.
            }
        }
        return response.build();
    }
}
