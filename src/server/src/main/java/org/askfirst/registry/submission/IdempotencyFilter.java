package org.askfirst.registry.submission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Parties;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Honours the {@code Idempotency-Key} of every POST, or refuses it. Four kinds of operations exist:
 *
 * <ul>
 *   <li>An operation that has the header as a parameter stores it with its entry, in the transaction of the entry.
 *   <li>An operation that only reads ({@link RecordsNothing}) needs nothing.
 *   <li>An operation that takes JSON, or no body, is carried out once, and {@link IdempotentAnswers} keeps its answer.
 *   <li>An operation that takes lines or a file cannot be compared with its repetition before it has begun. It refuses
 *       the header.
 * </ul>
 *
 * <p>Only an answer of success is kept. After a refusal the same request can be sent again with the same key, and after
 * a failure of the registry only if it is certain that nothing was recorded. Otherwise the repetition is refused.
 */
@ApplicationScoped
class IdempotencyFilter {
    private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);

    /** After all filters that refuse or decode a request. */
    private static final int LAST = 6_000;

    private static final int BODY_LIMIT = 1 << 20;
    private static final int FAILURE = 300;

    /**
     * Number of characters of a key that nobody can guess. If an operation needs no API key, the Idempotency-Key alone
     * protects the answer.
     */
    private static final int UNGUESSABLE = 20;

    /** A key of so few different characters was typed and not drawn. */
    private static final int DIFFERENT = 8;

    /** The examples of the contract. Everybody knows them. */
    private static final Set<String> PUBLISHED =
            Set.of("put-a-new-random-uuid-here", "8e03978e-40d5-43dd-bc93-6894a57f9324");

    private static final String BEGUN = "askfirst.idempotent";

    private final Parties parties;
    private final IdempotentAnswers answers;
    private final ObjectMapper json;

    IdempotencyFilter(Parties parties, IdempotentAnswers answers, ObjectMapper json) {
        this.parties = parties;
        this.answers = answers;
        this.json = json;
    }

    @ServerRequestFilter(priority = LAST)
    Optional<Response> begin(ResourceInfo resource, ContainerRequestContext request, RoutingContext exchange)
            throws SQLException, IOException {
        String header = exchange.request().getHeader(IdempotencyKey.HEADER);
        Method method = resource.getResourceMethod();
        if (header == null
                || !request.getMethod().equals(HttpMethod.POST)
                || method.isAnnotationPresent(RecordsNothing.class)
                || takesHeader(method, IdempotencyKey.HEADER)) {
            return Optional.empty();
        }
        if (!isComparable(method)) {
            throw Problem.MALFORMED_REQUEST.at(
                    IdempotencyKey.HEADER,
                    Reason.NOT_HONOURED,
                    "lines and files do not take it; leave it out: what was recorded before is recognised by its"
                            + " content");
        }
        IdempotencyKey key = IdempotencyKey.parse(header);
        String caller = caller(method, key, exchange);
        if (caller == null) {
            return Optional.empty();
        }
        byte[] body = Body.bytes(request.getEntityStream(), BODY_LIMIT);
        request.setEntityStream(new ByteArrayInputStream(body));
        IdempotentAnswers.Request begun = IdempotentAnswers.Request.of(
                caller, key, IdempotencyKey.request("POST " + exchange.request().uri(), body));
        byte[] first = answers.begin(begun);
        if (first != null) {
            return Optional.of(replayed(first));
        }
        exchange.put(BEGUN, begun);
        return Optional.empty();
    }

    /**
     * Returns the API key of the caller; empty if the operation needs none. Returns null if the key is not valid: the
     * operation refuses it then.
     */
    private @Nullable String caller(Method method, IdempotencyKey key, RoutingContext exchange) throws SQLException {
        if (takesHeader(method, HttpHeaders.AUTHORIZATION)) {
            return parties.validKey(exchange.request().getHeader(HttpHeaders.AUTHORIZATION))
                    .map(ApiKey::text)
                    .orElse(null);
        }
        if (isGuessable(key.text())) {
            throw Parameters.refused(
                    IdempotencyKey.HEADER,
                    Reason.MALFORMED,
                    "give at least " + UNGUESSABLE + " random characters, " + DIFFERENT
                            + " of them different, such as a"
                            + " new UUID, and no published example: whoever knows them can read this answer again");
        }
        return "";
    }

    private static boolean isGuessable(String key) {
        return key.length() < UNGUESSABLE
                || key.chars().distinct().count() < DIFFERENT
                || PUBLISHED.contains(key.strip().toLowerCase(Locale.ROOT));
    }

    private static boolean takesHeader(Method method, String name) {
        for (Parameter parameter : method.getParameters()) {
            HeaderParam header = parameter.getAnnotation(HeaderParam.class);
            if (header != null && header.value().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isComparable(Method method) {
        Consumes consumes = method.getAnnotation(Consumes.class);
        return consumes == null || List.of(consumes.value()).equals(List.of(MediaType.APPLICATION_JSON));
    }

    @ServerResponseFilter
    void end(ContainerResponseContext response, RoutingContext exchange, @Nullable Throwable failed) {
        if (!(exchange.remove(BEGUN) instanceof IdempotentAnswers.Request begun)) {
            return;
        }
        try {
            if (response.getStatus() < FAILURE) {
                answers.finish(begun, json.writeValueAsBytes(kept(response)));
            } else if (response.getStatus() < Problem.INTERNAL_ERROR.status() || isWithoutEffect(failed)) {
                answers.forget(begun);
            }
        } catch (SQLException | IOException | RuntimeException failure) {
            // The request had its effect. A repetition is refused, and never carried out again.
            LOG.error("The answer to a request with an Idempotency-Key was not kept", failure);
        }
    }

    private static boolean isWithoutEffect(@Nullable Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem.isWithoutEffect();
            }
        }
        return false;
    }

    private ObjectNode kept(ContainerResponseContext response) {
        ObjectNode kept = json.createObjectNode().put("status", response.getStatus());
        for (String name : List.of(HttpHeaders.LOCATION, HttpHeaders.CACHE_CONTROL)) {
            String value = response.getHeaderString(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        Object entity = response.getEntity();
        if (entity != null) {
            kept.set("body", json.valueToTree(entity));
        }
        return kept;
    }

    private Response replayed(byte[] first) throws IOException {
        JsonNode kept = json.readTree(first);
        Response.ResponseBuilder response = Response.status(kept.path("status").asInt());
        for (String name : List.of(HttpHeaders.LOCATION, HttpHeaders.CACHE_CONTROL)) {
            if (kept.has(name)) {
                response.header(name, kept.path(name).asText());
            }
        }
        JsonNode body = kept.get("body");
        return (body == null
                        ? response
                        : response.type(MediaType.APPLICATION_JSON_TYPE).entity(body))
                .build();
    }
}
