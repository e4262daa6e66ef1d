package org.askfirst.registry.lookup;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.unchecked.Unchecked;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.askfirst.json.CanonicalJson;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.problem.Violation;
import org.askfirst.registry.http.Accept;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.registry.transparency.Receipts;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Answers lookups: many works in one call, a stream of works, or one work. */
@Path("/v1")
@Produces(APPLICATION_JSON)
@Blocking
public class LookupResource {
    private static final int MAX_ITEMS = 10_000;
    private static final int BODY_LIMIT = 32 << 20;
    private static final String POSITION = "Askfirst-Position";

    /**
     * Header with the {@code asOf} that gives the same answer again. Answers of lines and of one work have it nowhere
     * else.
     */
    private static final String AS_OF = "Askfirst-As-Of";

    private static final String ACCEPT_QUERY = "Accept-Query";
    private static final String MEDIA_TYPES = APPLICATION_JSON + ", " + Lines.MEDIA_TYPE;

    private final Lookup lookup;
    private final StreamedLookup streams;
    private final Quotas quotas;
    private final Receipts receipts;
    private final ObjectMapper mapper;

    LookupResource(Lookup lookup, StreamedLookup streams, Quotas quotas, Receipts receipts, ObjectMapper mapper) {
        this.lookup = lookup;
        this.quotas = quotas;
        this.streams = streams;
        this.receipts = receipts;
        this.mapper = mapper;
    }

    /** {@code lookUp}, as JSON. */
    @POST
    @Path("/lookups")
    @Consumes(APPLICATION_JSON)
    public Response lookUp(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Accept.require(headers, APPLICATION_JSON);
        Question query = Question.fromParameters(uses, asOf, detail);
        String text = Json.text(Body.bytes(body, BODY_LIMIT));
        ItemReader.Call call = ItemReader.call(text, MAX_ITEMS);
        Members members = Members.of(call.members(), "items", "uses", "asOf", "detail", "receipt");
        Question question = Question.fromMembers(members, query);
        if (call.items().isEmpty()) {
            members.refuse(
                    "items", members.has("items") ? Reason.EMPTY : Reason.MISSING, "give a list of at least one item");
        }
        boolean signed = members.isTrue("receipt");
        members.finish();
        quotas.of(exchange.request(), authorization).take(call.items().size());
        AsOf at = asOf(members, question);
        List<Answer> answers = lookup.answers(call.items(), question, at);
        AnswerWriter writer = new AnswerWriter(mapper);
        String receipt = signed ? receipt(text, answers, at, writer) : null;
        StreamingOutput json = out -> writer.all(at, answers, receipt, out);
        return Response.ok(json)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .header(ACCEPT_QUERY, MEDIA_TYPES)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /**
     * Returns the position and the moment of the call. A violation points to the member of the body or to the parameter
     * of the query that was sent.
     */
    private AsOf asOf(Members members, Question question) throws SQLException {
        try {
            return lookup.asOf(question.asOf());
        } catch (ProblemException refused) {
            if (members.has("asOf") && refused.problem() == Problem.INVALID_REQUEST) {
                Violation wrong = refused.violations().get(0);
                throw Problem.INVALID_REQUEST.at("/asOf", wrong.reason(), wrong.fault());
            }
            throw refused;
        }
    }

    private String receipt(String request, List<Answer> answers, AsOf at, AnswerWriter writer) throws SQLException {
        Object question = mapper.convertValue(Json.parse(request), Object.class);
        requireCanonicalForm(question);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            writer.all(at, answers, null, answer);
            Object answered = mapper.readValue(answer.toByteArray(), Object.class);
            return receipts.ofLookup(question, answered, at.position(), at.moment());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Refuses a request without canonical JSON, because the receipt signs the hash of it. */
    private static void requireCanonicalForm(Object question) {
        try {
            CanonicalJson.write(question);
        } catch (IllegalArgumentException notCanonical) {
            throw Problem.INVALID_REQUEST.at(
                    "/receipt",
                    Reason.NO_CANONICAL_FORM,
                    "no receipt can be given: the request has an unpaired surrogate or a number out of range, so it has"
                            + " no canonical form (RFC 8785)");
        }
    }

    /** {@code lookUp}, as JSON, with the method QUERY. */
    @QUERY
    @Path("/lookups")
    @Consumes(APPLICATION_JSON)
    public Response queryLookUp(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return lookUp(uses, asOf, detail, authorization, headers, exchange, body);
    }

    /** {@code lookUp}, one item on each line. */
    @POST
    @Path("/lookups")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response lookUpLines(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Accept.require(headers, Lines.MEDIA_TYPE);
        Question question = Question.fromParameters(uses, asOf, detail);
        AsOf at = lookup.asOf(question.asOf());
        Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
        StreamingOutput answers =
                out -> streams.answer(question, at, allowance, body, out, exchange.response()::writeQueueFull);
        return Response.ok(answers)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .header(ACCEPT_QUERY, MEDIA_TYPES)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** {@code lookUp}, one item on each line, with the method QUERY. */
    @QUERY
    @Path("/lookups")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response queryLookUpLines(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return lookUpLines(uses, asOf, detail, authorization, headers, exchange, body);
    }

    /** {@code lookUpOne}. Answers on the event loop if everything needed is in memory, else on a worker. */
    @GET
    @Path("/lookup")
    @NonBlocking
    public Uni<RestResponse<byte[]>> lookUpOne(
            @QueryParam("subject") @Nullable List<String> subjects,
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context RoutingContext exchange)
            throws SQLException {
        Question question = Question.fromParameters(uses, asOf, detail);
        Question.Item item = Question.itemFromParameters(subjects);
        if (asOf == null && quotas.knows(authorization)) {
            quotas.of(exchange.request(), authorization).take(1);
            AsOf now = lookup.now();
            Answer cached = lookup.cachedAnswer(item, question, now);
            return cached == null
                    ? byWorker(() -> answer(item, question, now, ifNoneMatch, exchange.response()))
                    : Uni.createFrom().item(response(cached, now, ifNoneMatch, exchange.response()));
        }
        return byWorker(() -> {
            quotas.of(exchange.request(), authorization).take(1);
            return answer(item, question, lookup.asOf(asOf), ifNoneMatch, exchange.response());
        });
    }

    private static Uni<RestResponse<byte[]>> byWorker(Callable<RestResponse<byte[]>> work) {
        return Uni.createFrom()
                .item(Unchecked.supplier(work::call))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private RestResponse<byte[]> answer(
            Question.Item item, Question question, AsOf at, @Nullable String ifNoneMatch, HttpServerResponse response)
            throws SQLException {
        return response(lookup.answers(List.of(item), question, at).get(0), at, ifNoneMatch, response);
    }

    private RestResponse<byte[]> response(
            Answer answer, AsOf at, @Nullable String ifNoneMatch, HttpServerResponse response) {
        response.putHeader(POSITION, String.valueOf(at.position())).putHeader(AS_OF, at.toString());
        return Conditional.answer(new AnswerWriter(mapper).one(answer), ifNoneMatch, response);
    }
}
