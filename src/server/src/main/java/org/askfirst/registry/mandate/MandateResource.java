package org.askfirst.registry.mandate;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.MandateStep;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.submission.BatchSubmission;
import org.jspecify.annotations.Nullable;

/** Mandates: one side offers and the other accepts, or a society records them for members without an account. */
@Path("/v1/mandates")
@Produces(APPLICATION_JSON)
@Blocking
public class MandateResource {
    private static final String CSV = "text/csv";
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;
    private static final int MAX_CODE = 64;

    private final Parties parties;
    private final Mandates mandates;
    private final BatchSubmission batches;
    private final LedgerStore ledger;
    private final ObjectMapper mapper;
    private final Clock clock;

    MandateResource(
            Parties parties,
            Mandates mandates,
            BatchSubmission batches,
            LedgerStore ledger,
            ObjectMapper mapper,
            Clock clock) {
        this.parties = parties;
        this.mandates = mandates;
        this.batches = batches;
        this.ledger = ledger;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** {@code offerMandate}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response offer(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).from(exchange.request());
        Mandates.RecordedMandate offer = mandates.offer(
                caller, MandateRequest.offered(Body.json(body, BODY_LIMIT), caller.party(), clock.instant()));
        return Response.status(CREATED)
                .location(URI.create("/v1/mandates/" + offer.id()))
                .entity(view(offer, caller.party()))
                .build();
    }

    /** {@code recordMandates}, as JSON lines. */
    @POST
    @Path("/batch")
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response recordLines(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return record(parties.caller(authorization), exchange, body, false);
    }

    /** {@code recordMandates}, as CSV. */
    @POST
    @Path("/batch")
    @Consumes(CSV)
    @Produces(CSV)
    public Response recordCsv(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return record(parties.caller(authorization), exchange, body, true);
    }

    private Response record(Caller caller, RoutingContext exchange, InputStream body, boolean csv) {
        MandateBatch batch = new MandateBatch(caller, mandates, ledger, mapper, clock, csv);
        StreamingOutput answers = out -> batches.take(batch, body, out, exchange.response()::writeQueueFull);
        return Response.ok(answers)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** {@code claimMandate}. */
    @POST
    @Path("/claims")
    @Consumes(APPLICATION_JSON)
    public MandateView claim(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "code");
        String code = members.text("code", MAX_CODE);
        members.finish();
        return view(mandates.claim(caller, String.valueOf(code)), caller.party());
    }

    /** {@code getMandate}. */
    @GET
    @Path("/{id}")
    public MandateView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        PartyId caller = authorization == null || parties.isOperator(authorization)
                ? null
                : parties.caller(authorization, KeyScope.READ).party();
        return view(mandates.find(id), caller);
    }

    /** {@code acceptMandate}. */
    @POST
    @Path("/{id}/acceptance")
    public MandateView accept(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        return view(mandates.answer(caller, mandates.find(id), MandateStep.ACCEPTED), caller.party());
    }

    /** {@code endMandate}: declines an offer of the other side; otherwise withdraws the mandate. */
    @DELETE
    @Path("/{id}")
    public MandateView end(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("until") @Nullable String until)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Instant end = Parameters.moment("until", until);
        if (end != null && !end.isAfter(clock.instant())) {
            throw Parameters.refused(
                    "until", Reason.PAST, "this time is in the past; leave it out to end the mandate at once");
        }
        Mandates.RecordedMandate mandate = mandates.find(id);
        if (!mandate.isOfferTo(caller.party())) {
            return view(mandates.withdraw(caller, mandate, end), caller.party());
        }
        if (end != null) {
            throw Parameters.refused("until", Reason.CONFLICT, "an offer is declined at once; leave the parameter out");
        }
        return view(mandates.answer(caller, mandate, MandateStep.DECLINED), caller.party());
    }

    /** {@code MandateCode}. */
    record MandateCode(String id, String code) {}

    /** {@code makeMandateCode}. */
    @POST
    @Path("/{id}/code")
    public Response makeCode(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Mandates.RecordedMandate mandate = mandates.find(id);
        return Response.ok(new MandateCode(mandate.id().toString(), mandates.makeCode(caller, mandate)))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private MandateView view(Mandates.RecordedMandate mandate, @Nullable PartyId caller) throws SQLException {
        return MandateView.of(mandate, parties.faces(MandateView.sides(List.of(mandate))), caller, clock.instant());
    }
}
