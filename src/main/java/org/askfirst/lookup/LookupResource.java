package org.askfirst.lookup;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
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
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.askfirst.declaration.CanonicalJson;
import org.askfirst.http.Accept;
import org.askfirst.http.Body;
import org.askfirst.http.Lines;
import org.askfirst.http.Members;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
import org.askfirst.transparency.Receipts;
import org.jspecify.annotations.Nullable;

/** What crawlers ask: many works in one call, a stream of works, or one. */
@Path("/v1")
@Produces(APPLICATION_JSON)
@Blocking
public class LookupResource {
    private static final int MAX_ITEMS = 10_000;
    private static final int BODY_LIMIT = 32 << 20;
    private static final String POSITION = "Askfirst-Position";

    /** What to ask {@code asOf} for the very same answer: the moment is nowhere else where answers are lines or one. */
    private static final String AS_OF = "Askfirst-As-Of";

    private static final String ACCEPT_QUERY = "Accept-Query";
    private static final String MEDIA_TYPES = APPLICATION_JSON + ", " + Lines.MEDIA_TYPE;

    /** A "no" declared meanwhile may go unseen for so long by whoever asks through a cache. */
    private static final String CACHE = "public, max-age=30";

    private static final int ETAG_BYTES = 16;

    private final Lookup lookup;
    private final StreamedLookup streams;
    private final Receipts receipts;
    private final ObjectMapper mapper;

    LookupResource(Lookup lookup, StreamedLookup streams, Receipts receipts, ObjectMapper mapper) {
        this.lookup = lookup;
        this.streams = streams;
        this.receipts = receipts;
        this.mapper = mapper;
    }

    /** {@code LookupAnswers}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LookupAnswers(
            long position,
            Instant asOf,
            List<AnswerView> answers,
            @Nullable String receipt) {}

    /** {@code lookUp}, as JSON. */
    @POST
    @Path("/lookups")
    @Consumes(APPLICATION_JSON)
    public Response lookUp(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @Context HttpHeaders headers,
            InputStream body)
            throws SQLException {
        Accept.require(headers, APPLICATION_JSON);
        Question query = Question.fromParameters(uses, asOf, detail);
        JsonNode request = Body.json(body, BODY_LIMIT);
        Members members = Members.of(request, "items", "uses", "asOf", "detail", "receipt");
        Question question = Question.fromMembers(members, query);
        List<Question.Item> items = items(members);
        boolean signed = members.isTrue("receipt");
        members.finish();
        AsOf at = asOf(members, question);
        LookupAnswers answers =
                new LookupAnswers(at.position(), at.moment(), lookup.answers(items, question, at), null);
        return Response.ok(signed ? withReceipt(request, answers) : answers)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .header(ACCEPT_QUERY, MEDIA_TYPES)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** What is wrong with it is pointed at where it stands, in the body or in the query. */
    private AsOf asOf(Members members, Question question) throws SQLException {
        try {
            return lookup.asOf(question.asOf());
        } catch (ProblemException refused) {
            if (members.has("asOf") && refused.problem() == Problem.INVALID_REQUEST) {
                String detail = refused.violations().get(0).detail();
                throw Problem.INVALID_REQUEST.because(detail, List.of(new Violation("/asOf", detail)));
            }
            throw refused;
        }
    }

    private LookupAnswers withReceipt(JsonNode request, LookupAnswers answers) throws SQLException {
        Object asked = mapper.convertValue(request, Object.class);
        requireCanonicalForm(asked);
        Object answered = mapper.convertValue(mapper.valueToTree(answers), Object.class);
        return new LookupAnswers(
                answers.position(),
                answers.asOf(),
                answers.answers(),
                receipts.ofLookup(asked, answered, answers.position(), answers.asOf()));
    }

    /** What is signed is a hash of the request's canonical JSON, which not every request has. */
    private static void requireCanonicalForm(Object asked) {
        try {
            CanonicalJson.write(asked);
        } catch (IllegalArgumentException none) {
            String detail = "No receipt can be given: the request holds half of a surrogate pair or a number beyond"
                    + " measure, so it has no canonical form (RFC 8785)";
            throw Problem.INVALID_REQUEST.because(detail, List.of(new Violation("/receipt", detail)));
        }
    }

    private static List<Question.Item> items(Members members) {
        JsonNode given = members.raw("items");
        if (given == null || !given.isArray() || given.isEmpty()) {
            members.refuse("items", "Expected a list of at least one item");
            return List.of();
        }
        if (given.size() > MAX_ITEMS) {
            throw Problem.TOO_LARGE.because("A call takes at most " + MAX_ITEMS + " items, not " + given.size()
                    + "; send more as " + Lines.MEDIA_TYPE + " or in several calls");
        }
        List<Question.Item> items = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            items.add(Question.Item.read(given.get(i), i));
        }
        return items;
    }

    /** {@code lookUp}, as JSON, by QUERY. */
    @QUERY
    @Path("/lookups")
    @Consumes(APPLICATION_JSON)
    public Response queryLookUp(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @Context HttpHeaders headers,
            InputStream body)
            throws SQLException {
        return lookUp(uses, asOf, detail, headers, body);
    }

    /** {@code lookUp}, a line each. */
    @POST
    @Path("/lookups")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response lookUpLines(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Accept.require(headers, Lines.MEDIA_TYPE);
        Question question = Question.fromParameters(uses, asOf, detail);
        AsOf at = lookup.asOf(question.asOf());
        StreamingOutput answers = out -> streams.answer(question, at, body, out, exchange.response()::writeQueueFull);
        return Response.ok(answers)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .header(ACCEPT_QUERY, MEDIA_TYPES)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** {@code lookUp}, a line each, by QUERY. */
    @QUERY
    @Path("/lookups")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response queryLookUpLines(
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @Context HttpHeaders headers,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return lookUpLines(uses, asOf, detail, headers, exchange, body);
    }

    /** {@code lookUpOne}. */
    @GET
    @Path("/lookup")
    public Response lookUpOne(
            @QueryParam("subject") @Nullable List<String> subjects,
            @QueryParam("use") @Nullable List<String> uses,
            @QueryParam("asOf") @Nullable String asOf,
            @QueryParam("detail") @Nullable String detail,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String known)
            throws SQLException, IOException {
        Question question = Question.fromParameters(uses, asOf, detail);
        Question.Item item = Question.itemFromParameters(subjects);
        AsOf at = lookup.asOf(question.asOf());
        byte[] body = mapper.writeValueAsBytes(
                lookup.answers(List.of(item), question, at).get(0).withoutId());
        String etag = etag(body);
        boolean unchanged = known != null
                && Arrays.stream(known.split(","))
                        .map(String::strip)
                        .anyMatch(tag ->
                                tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
        Response.ResponseBuilder response =
                unchanged ? Response.notModified() : Response.ok(body).type(APPLICATION_JSON);
        return response.header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, CACHE)
                .header(POSITION, at.position())
                .header(AS_OF, at)
                .build();
    }

    /** Strong: equal exactly when the bytes are. */
    private static String etag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return "\"" + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
