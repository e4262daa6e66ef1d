package org.askfirst.registry.licensing;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.askfirst.id.LicenseRequestId;
import org.askfirst.id.OfferId;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.ProblemDocument;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.licensing.LicenseRequests.LicenseRequest;
import org.askfirst.registry.licensing.LicenseRequests.Side;
import org.askfirst.registry.licensing.LicenseRequests.Status;
import org.askfirst.registry.licensing.LicenseRequests.Turn;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.transparency.Receipts;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Lets parties ask for licenses, and answer. For everybody but the two sides a request does not exist. */
@Path("/v1/license-requests")
@Produces(APPLICATION_JSON)
@Blocking
public class LicenseRequestResource {
    private static final int BODY_LIMIT = 16 << 20;
    private static final int STEP_LIMIT = 1 << 17;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int MAX_WORKS = 10_000;
    private static final int ID_LENGTH = 28;
    private static final List<String> SIDES =
            Arrays.stream(Side.values()).map(Side::wireName).toList();
    private static final List<String> STATUSES =
            Arrays.stream(Status.values()).map(Status::wireName).toList();
    private static final List<String> TURNS =
            Arrays.stream(Turn.values()).map(Turn::wireName).toList();
    private static final List<String> ORDERS = List.of("oldest", "newest");

    private final Parties parties;
    private final Licensing licensing;
    private final LicenseRequests requests;
    private final Receipts receipts;
    private final ObjectMapper mapper;
    private final Clock clock;

    LicenseRequestResource(
            Parties parties,
            Licensing licensing,
            LicenseRequests requests,
            Receipts receipts,
            ObjectMapper mapper,
            Clock clock) {
        this.parties = parties;
        this.licensing = licensing;
        this.requests = requests;
        this.receipts = receipts;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** {@code SkippedWork}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SkippedView(
            String id, @Nullable String verdict, @Nullable ProblemDocument problem) {}

    /** {@code LicenseRequestsMade}. */
    record MadeView(List<LicenseRequestView> requests, List<SkippedView> skipped) {}

    /** {@code LicenseRequestPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestPage(
            List<LicenseRequestView> requests, @Nullable Long next) {}

    /** {@code LicensedWorkPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorkPage(List<List<String>> works, @Nullable Long next) {}

    /** {@code BulkAnswer}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BulkView(
            List<String> granted,
            List<String> countered,
            List<String> left,
            @Nullable Long next) {}

    /** {@code UnansweredRecord}. */
    record RecordView(String jws) {}

    /** {@code requestLicenses}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public MadeView ask(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context HttpServerRequest request,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        LicenseDraft draft = LicenseDraft.parse(
                Json.parseList(Body.bytes(body, BODY_LIMIT)),
                clock.instant(),
                (receipt, lookup) -> receipts.isOfLookup(receipt, mapper.convertValue(lookup, Object.class)));
        Licensing.Asked asked =
                licensing.ask(caller.party(), AskerAddress.of(request.remoteAddress()), draft, Licensing.DAYS);
        List<LicenseRequest> made = new ArrayList<>();
        for (LicenseRequestId id : asked.made()) {
            made.add(requests.find(id, caller.party()).orElseThrow());
        }
        return new MadeView(
                views(made),
                asked.skipped().stream()
                        .map(work -> new SkippedView(
                                work.id(),
                                work.verdict() == null ? null : work.verdict().wireName(),
                                work.problem() == null ? null : ProblemDocument.of(work.problem())))
                        .toList());
    }

    /** {@code listLicenseRequests}. */
    @GET
    public RequestPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("side") @Nullable String side,
            @QueryParam("status") @Nullable String status,
            @QueryParam("waitingFor") @Nullable String waitingFor,
            @QueryParam("order") @Nullable String order,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        if (side != null && !SIDES.contains(side)) {
            throw Parameters.notOneOf("side", side, SIDES);
        }
        if (status != null && !STATUSES.contains(status)) {
            throw Parameters.notOneOf("status", status, STATUSES);
        }
        if (waitingFor != null && !TURNS.contains(waitingFor)) {
            throw Parameters.notOneOf("waitingFor", waitingFor, TURNS);
        }
        if (order != null && !ORDERS.contains(order)) {
            throw Parameters.notOneOf("order", order, ORDERS);
        }
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<LicenseRequest> found = requests.of(
                caller.party(),
                "licensor".equals(side) ? Side.LICENSOR : Side.ASKER,
                new LicenseRequests.Selection(
                        status == null ? null : Status.named(status),
                        waitingFor == null ? null : Turn.named(waitingFor),
                        "newest".equals(order)),
                from,
                most + 1,
                clock.instant());
        boolean more = found.size() > most;
        List<LicenseRequest> page = more ? found.subList(0, most) : found;
        return new RequestPage(views(page), more ? page.get(most - 1).position() : null);
    }

    /** {@code getLicenseRequest}. */
    @GET
    @Path("/{id}")
    public LicenseRequestView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        return whole(find(id, caller), caller.party());
    }

    /** {@code listLicensedWorks}. */
    @GET
    @Path("/{id}/works")
    public WorkPage works(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        LicenseRequest request = find(id, caller);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_WORKS, DEFAULT_PAGE);
        List<List<Subject>> works = requests.works(request.id()).works(from, most);
        long next = from + works.size();
        return new WorkPage(
                works.stream()
                        .map(work -> work.stream().map(Subject::canonical).toList())
                        .toList(),
                works.isEmpty() || next >= request.workCount() ? null : next);
    }

    /** {@code stepLicenseRequest}. */
    @POST
    @Path("/{id}/steps")
    @Consumes(APPLICATION_JSON)
    public LicenseRequestView step(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        LicenseDraft.StepRequest wanted = LicenseDraft.StepRequest.parse(Body.json(body, STEP_LIMIT), clock.instant());
        LicenseRequest request = find(id, caller);
        Side side = request.sideOf(caller.party()).orElseThrow();
        return whole(licensing.step(request, side, wanted), caller.party());
    }

    /** {@code withdrawLicenseRequest}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        LicenseRequest request = find(id, caller);
        if (!request.asker().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only the asker can withdraw a license request; refuse it instead");
        }
        licensing.withdraw(request);
    }

    /** {@code answerLicenseRequests}. */
    @POST
    @Path("/answers")
    @Consumes(APPLICATION_JSON)
    public BulkView answer(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        JsonNode tree = Body.json(body, STEP_LIMIT);
        Members members = Members.of(tree, "offer", "message", "after", "limit");
        String named = members.text("offer", ID_LENGTH);
        OfferId offer = named == null ? null : OfferId.parse(named).orElse(null);
        if (named != null && offer == null) {
            members.refuse("offer", Reason.MALFORMED, "give the id of an offer: o_ and 26 characters");
        }
        String message = members.optionalText("message", LicenseDraft.MAX_MESSAGE);
        long after = members.has("after") ? members.wholeNumber("after", 0) : 0;
        long limit = members.has("limit") ? members.wholeNumber("limit", 1) : DEFAULT_PAGE;
        if (limit > MAX_PAGE) {
            members.refuse("limit", Reason.OUT_OF_RANGE, "give at most " + MAX_PAGE);
        }
        members.finish();
        Licensing.BulkResult result = licensing.answerUnder(
                licensing.ownOffer(caller.party(), Objects.requireNonNull(offer)), message, after, (int) limit);
        return new BulkView(
                names(result.granted()),
                names(result.countered()),
                names(result.left()),
                result.next() == 0 ? null : result.next());
    }

    private static List<String> names(List<LicenseRequest> some) {
        return some.stream().map(request -> request.id().toString()).toList();
    }

    /** {@code getUnansweredRecord}. */
    @GET
    @Path("/{id}/unanswered")
    public RecordView unanswered(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        LicenseRequest request = find(id, caller);
        Instant now = clock.instant();
        if (request.statusAt(now) != Status.UNANSWERED) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The license request is " + request.statusAt(now).wireName() + ", so nothing is unanswered");
        }
        List<LedgerEntry> thread = licensing.thread(request);
        Map<String, Object> facts = new TreeMap<>();
        facts.put("request", request.id().toString());
        facts.put("asker", request.asker().toString());
        facts.put("licensor", request.licensor().toString());
        facts.put("silent", request.sideToAct().wireName());
        facts.put("requestedAt", request.recordedAt().toString());
        facts.put("until", String.valueOf(request.endsAt()));
        facts.put("workCount", (long) request.workCount());
        facts.put("worksSha256", HexFormat.of().formatHex(request.worksSha256()));
        return new RecordView(receipts.ofUnanswered(facts, thread.get(thread.size() - 1)));
    }

    private LicenseRequest find(String id, Caller caller) throws SQLException {
        LicenseRequestId request = LicenseRequestId.parse(id).orElse(null);
        if (request != null) {
            LicenseRequest found = requests.find(request, caller.party()).orElse(null);
            if (found != null) {
                return found;
            }
        }
        throw Problem.NOT_FOUND.because("There is no such license request");
    }

    private LicenseRequestView whole(LicenseRequest request, PartyId reader) throws SQLException {
        LicenseRequestView.RecordView record = reader.equals(request.licensor())
                ? LicenseRequestView.RecordView.of(requests.counts(request.asker(), Side.ASKER, clock.instant()))
                : null;
        return views(List.of(request))
                .get(0)
                .with(licensing.thread(request), licensing.openings(request), request, record);
    }

    private List<LicenseRequestView> views(List<LicenseRequest> some) throws SQLException {
        Set<PartyId> named = new HashSet<>();
        for (LicenseRequest request : some) {
            named.add(request.asker());
            named.add(request.licensor());
        }
        Map<PartyId, Parties.Face> faces = parties.faces(named);
        Instant now = clock.instant();
        return some.stream()
                .map(request -> LicenseRequestView.of(request, faces, now))
                .toList();
    }
}
