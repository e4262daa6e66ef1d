package org.askfirst.registry.grant;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.submission.IdempotencyKey;
import org.jspecify.annotations.Nullable;

/** Gives and ends grants, and shows them to their two sides. */
@Path("/v1/grants")
@Produces(APPLICATION_JSON)
@Blocking
public class GrantResource {
    private static final int BODY_LIMIT = 16 << 20;
    private static final int SMALL_BODY_LIMIT = 1 << 12;
    private static final int CREATED = 201;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_WORKS_PAGE = 10_000;
    private static final List<String> ROLES = List.of("licensor", "licensee");
    private static final List<String> ORDERS = List.of("oldest", "newest");

    /** Number of grants that are read at once on this node: each may have 100,000 works. */
    private static final int TOGETHER = 3;

    private static final int PATIENCE_SECONDS = 10;

    private final Parties parties;
    private final Grants grants;
    private final GrantStore store;
    private final Clock clock;
    private final Semaphore places = new Semaphore(TOGETHER);

    GrantResource(Parties parties, Grants grants, GrantStore store, Clock clock) {
        this.parties = parties;
        this.grants = grants;
        this.store = store;
        this.clock = clock;
    }

    /** {@code GrantPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GrantPage(List<GrantView> grants, @Nullable Long next) {}

    /** {@code GrantWorkPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GrantWorkPage(
            @Nullable Boolean everything,
            List<String> subjects,
            @Nullable Integer next) {}

    /** {@code giveGrant}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response give(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).from(exchange.request());
        return placed(() -> {
            byte[] bytes = Body.bytes(body, BODY_LIMIT);
            GrantRequest request = GrantRequest.parse(Json.parse(bytes), clock.instant());
            return created(
                    grants.give(caller, request, IdempotencyKey.ofAct(idempotencyKey, "POST grant", bytes), null));
        });
    }

    /** {@code listGrants}. */
    @GET
    public GrantPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("role") @Nullable String role,
            @QueryParam("order") @Nullable String order,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        if (role != null && !ROLES.contains(role)) {
            throw Parameters.notOneOf("role", role, ROLES);
        }
        if (order != null && !ORDERS.contains(order)) {
            throw Parameters.notOneOf("order", order, ORDERS);
        }
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<GivenGrant> found =
                store.of(caller.party(), !"licensor".equals(role), "newest".equals(order), from, most + 1);
        boolean more = found.size() > most;
        List<GivenGrant> page = more ? found.subList(0, most) : found;
        return new GrantPage(views(page), more ? page.get(most - 1).position() : null);
    }

    /** {@code getGrant}. */
    @GET
    @Path("/{id}")
    public GrantView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        return view(find(parties.caller(authorization, KeyScope.READ), id));
    }

    /** {@code listGrantedWorks}. */
    @GET
    @Path("/{id}/works")
    public GrantWorkPage works(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        GivenGrant grant = find(parties.caller(authorization, KeyScope.READ), id);
        int from = (int) Parameters.whole("after", after, 0, Integer.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_WORKS_PAGE, MAX_PAGE);
        List<String> subjects = store.works(grant.id(), from, most);
        int end = from + subjects.size();
        return new GrantWorkPage(grant.everything() ? true : null, subjects, end < grant.works() ? end : null);
    }

    /** {@code getGrantStatement}. */
    @GET
    @Path("/{id}/statement")
    public Grants.GrantStatement statement(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        return grants.statement(find(parties.caller(authorization, KeyScope.READ), id));
    }

    /** {@code revokeGrant}. */
    @POST
    @Path("/{id}/revocation")
    @Consumes(APPLICATION_JSON)
    public Response revoke(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        GivenGrant grant = ownGrant(caller, id);
        return created(grants.revoke(
                caller, grant, GrantRequest.parseRevocation(Body.json(body, SMALL_BODY_LIMIT), clock.instant())));
    }

    /** {@code supersedeGrant}. */
    @POST
    @Path("/{id}/supersession")
    @Consumes(APPLICATION_JSON)
    public Response supersede(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String idempotencyKey,
            @PathParam("id") String id,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).from(exchange.request());
        GivenGrant before = ownGrant(caller, id);
        return placed(() -> {
            byte[] bytes = Body.bytes(body, BODY_LIMIT);
            GrantRequest request = GrantRequest.parseSupersession(Json.parse(bytes), clock.instant());
            return created(grants.give(
                    caller,
                    request,
                    IdempotencyKey.ofAct(idempotencyKey, "POST supersession " + before.id(), bytes),
                    before));
        });
    }

    private GrantView view(GivenGrant grant) throws SQLException {
        return views(List.of(grant)).get(0);
    }

    private List<GrantView> views(List<GivenGrant> some) throws SQLException {
        Set<PartyId> named = new HashSet<>();
        for (GivenGrant grant : some) {
            named.add(grant.licensor());
            named.add(grant.licensee());
        }
        Map<PartyId, Parties.Face> faces = parties.faces(named);
        Instant now = clock.instant();
        return some.stream().map(grant -> GrantView.of(grant, faces, now)).toList();
    }

    private Response created(GivenGrant grant) throws SQLException {
        return Response.status(CREATED)
                .location(URI.create("/v1/grants/" + grant.id()))
                .entity(view(grant))
                .build();
    }

    private GivenGrant find(Caller caller, String id) throws SQLException {
        return grants.find(id, caller.party())
                .orElseThrow(() -> Problem.NOT_FOUND.because("There is no such grant of yours"));
    }

    private GivenGrant ownGrant(Caller caller, String id) throws SQLException {
        GivenGrant grant = find(caller, id);
        if (!grant.licensor().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("Only the licensor can end or replace a grant");
        }
        return grant;
    }

    /** An act that may fail with an error of the database. */
    private interface Act {
        Response run() throws SQLException;
    }

    /** Runs an act with a large body once there is a place for it. */
    private Response placed(Act act) throws SQLException {
        try {
            if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.UNAVAILABLE.because("Too many grants are being read; try again in a moment");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Problem.UNAVAILABLE.because("The registry is stopping");
        }
        try {
            return act.run();
        } finally {
            places.release();
        }
    }
}
