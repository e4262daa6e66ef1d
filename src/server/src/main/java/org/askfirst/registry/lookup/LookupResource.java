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
import org.askfirst.registry.asked.Asker;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Conditional;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.mirror.Mirror;
import org.askfirst.registry.quota.Pace;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.registry.search.SearchResource;
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
    private final PublicAddress address;
    private final Mirror mirror;

    LookupResource(
            Lookup lookup,
            StreamedLookup streams,
            Quotas quotas,
            Receipts receipts,
            ObjectMapper mapper,
            PublicAddress address,
            Mirror mirror) {
        this.mirror = mirror;
        this.address = address;
        this.lookup = lookup;
        this.quotas = quotas;
        this.streams = streams;
        this.receipts = receipts;
        this.mapper = mapper;
    }

    /** {@code lookUp}, as JSON. */
    @POST
    @RecordsNothing
    @Path("/lookups")
    @Consumes(APPLICATION_JSON)
    public Response lookUp(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @QueryParam("receipt") @Nullable String receipt,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Question query = Question.fromParameters(uses, asOf, detail);
        String text = Json.text(Body.bytes(body, BODY_LIMIT));
        ItemReader.Call call = ItemReader.call(text, MAX_ITEMS);
        Members members = Members.of(call.members(), "items", "uses", "asOf", "detail", "receipt");
        Question read = Question.fromMembers(members, query);
        if (call.items().isEmpty()) {
            members.refuse(
                    "items", members.has("items") ? Reason.EMPTY : Reason.MISSING, "give a list of at least one item");
        }
        boolean signedByQuery = Parameters.isTrue("receipt", receipt);
        boolean signed = members.isTrue("receipt") || signedByQuery;
        if (uses != null && !uses.isEmpty() && members.hasList("uses")) {
            refuseBoth(members, "uses", "use");
        }
        if (asOf != null && members.has("asOf")) {
            refuseBoth(members, "asOf", "asOf");
        }
        if (detail != null && members.has("detail")) {
            refuseBoth(members, "detail", "detail");
        }
        if (receipt != null && members.has("receipt")) {
            refuseBoth(members, "receipt", "receipt");
        }
        members.finish();
        if (signed) {
            mirror.refuse("gives no receipts");
        }
        Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
        allowance.take(call.items().size() + boundTitles(call.items()));
        Question question = asked(read, address.of(exchange.request()), allowance);
        AsOf at = asOf(members, question);
        List<Answer> answers = lookup.answers(call.items(), question, at);
        AnswerWriter writer = new AnswerWriter(mapper);
        String pointer = members.has("receipt") ? "/receipt" : "receipt";
        String jws = signed ? receipt(text, pointer, answers, question, at, writer) : null;
        StreamingOutput json = out -> writer.all(at, answers, jws, out);
        return Response.ok(json)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .header(ACCEPT_QUERY, MEDIA_TYPES)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** Returns the question, asked at that address of the registry by the owner of the quota. */
    private Question asked(Question read, String origin, Quotas.Allowance allowance) {
        if (read.full()) {
            mirror.refuse("has no contacts, names and terms; give detail=verdict");
        }
        return read.at(origin, contact -> allowance.contacts().show(contact))
                .by(new Asker(allowance.party(), allowance.isByKey()));
    }

    /** Refuses the items with titles that are too many, and returns the works that the searches cost. */
    private static int boundTitles(List<Question.Item> items) {
        int titled = 0;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).named() != null) {
                items.set(i, items.get(i).bounded(titled));
                titled++;
            }
        }
        return Math.min(titled, Question.MAX_TITLED) * SearchResource.WORKS_OF_A_SEARCH;
    }

    /** Adds a violation for a member whose value is in the query too: one of the two would be ignored. */
    private static void refuseBoth(Members members, String member, String parameter) {
        members.refuse(
                member,
                Reason.CONFLICT,
                "the query has the parameter \"" + parameter + "\" too; give it either there or here");
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

    private String receipt(
            String request, String pointer, List<Answer> answers, Question question, AsOf at, AnswerWriter writer)
            throws SQLException {
        Object asked = mapper.convertValue(Json.parse(request), Object.class);
        requireCanonicalForm(asked, pointer);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            writer.all(at, answers, null, answer);
            Object answered = mapper.readValue(answer.toByteArray(), Object.class);
            return receipts.ofLookup(asked, answered, question.claims(), at.position(), at.moment());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Refuses a request without canonical JSON, because the receipt signs the hash of it. */
    private static void requireCanonicalForm(Object asked, String pointer) {
        try {
            CanonicalJson.write(asked);
        } catch (IllegalArgumentException notCanonical) {
            throw Problem.INVALID_REQUEST.at(
                    pointer,
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
            @QueryParam("receipt") @Nullable String receipt,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return lookUp(uses, asOf, detail, receipt, authorization, exchange, body);
    }

    /** {@code lookUp}, one item on each line. */
    @POST
    @RecordsNothing
    @Path("/lookups")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response lookUpLines(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @QueryParam("receipt") @Nullable String receipt,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Question read = Question.fromParameters(uses, asOf, detail);
        boolean signed = Parameters.isTrue("receipt", receipt);
        if (signed) {
            mirror.refuse("gives no receipts");
        }
        AsOf at = lookup.asOf(read.asOf());
        Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
        Pace pace = allowance.pace();
        Question question = asked(read, address.of(exchange.request()), allowance);
        StreamingOutput answers =
                out -> streams.answer(question, at, pace, signed, body, out, exchange.response()::writeQueueFull);
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
            @QueryParam("receipt") @Nullable String receipt,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return lookUpLines(uses, asOf, detail, receipt, authorization, exchange, body);
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
        Question read = Question.fromParameters(uses, asOf, detail);
        String origin = address.of(exchange.request());
        Question.Item item = Question.itemFromParameters(subjects);
        if (asOf == null && quotas.knows(authorization)) {
            Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
            allowance.take(1);
            Question question = asked(read, origin, allowance);
            AsOf now = lookup.now();
            Answer cached = lookup.cachedAnswer(item, question, now);
            return cached == null
                    ? byWorker(() -> answer(item, question, now, ifNoneMatch, exchange.response()))
                    : Uni.createFrom().item(response(cached, now, ifNoneMatch, exchange.response()));
        }
        return byWorker(() -> {
            Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
            allowance.take(1);
            Question question = asked(read, origin, allowance);
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
        ProblemException problem = answer.problem();
        if (problem != null) {
            throw problem.problem() == Problem.INVALID_REQUEST
                    ? Parameters.refused(
                            "subject",
                            Reason.CONFLICT,
                            problem.violations().get(0).fault())
                    : problem;
        }
        response.putHeader(POSITION, String.valueOf(at.position())).putHeader(AS_OF, at.toString());
        // A key may have grants. So no cache may give it what nobody was answered; AnswerHeaders sees to the reverse.
        response.putHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
        return Conditional.answer(new AnswerWriter(mapper).one(answer), ifNoneMatch, response);
    }
}
