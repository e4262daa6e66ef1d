package org.askfirst.registry.dispute;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lets a party reject what others declare about its works without evidence. */
@Path("/v1/rejections")
@Produces(APPLICATION_JSON)
@Blocking
public class RejectionResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;

    private final Parties parties;
    private final Rejections rejections;
    private final Disputes disputes;
    private final Measures measures;
    private final Clock clock;

    RejectionResource(Parties parties, Rejections rejections, Disputes disputes, Measures measures, Clock clock) {
        this.measures = measures;
        this.parties = parties;
        this.rejections = rejections;
        this.disputes = disputes;
        this.clock = clock;
    }

    /** {@code reject}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response reject(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Rejections.Rejection rejection = rejections.reject(caller, RejectionRequest.parse(Body.json(body, BODY_LIMIT)));
        return Response.status(rejection.fresh() ? CREATED : 200)
                .location(URI.create("/v1/rejections/" + rejection.dispute().id()))
                .entity(view(rejection.dispute(), caller.party()))
                .build();
    }

    /** {@code RejectionSweep}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SweepView(
            String subject,
            List<RejectionView> rejections,
            int statementsRead,
            @Nullable String next) {}

    /** {@code rejectBelow}. */
    @POST
    @Path("/below")
    @Consumes(APPLICATION_JSON)
    public SweepView rejectBelow(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        RejectionRequest.OfAll request = RejectionRequest.OfAll.parse(Body.json(body, BODY_LIMIT));
        Rejections.Sweep sweep = rejections.rejectBelow(caller, request);
        return new SweepView(
                request.subject().canonical(),
                sweep.rejections().stream()
                        .map(rejection -> RejectionView.of(rejection, request.reason(), clock.instant()))
                        .toList(),
                sweep.read(),
                sweep.next() == null ? null : sweep.next().toString());
    }

    /** {@code getRejection}. */
    @GET
    @Path("/{id}")
    public RejectionView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Disputes.Dispute rejection = disputes.find(id, Disputes.Kind.REJECTION);
        boolean isOperator = parties.isValidOperator(authorization);
        return isOperator
                ? RejectionView.of(rejection, rejections.reason(rejection), clock.instant())
                : view(rejection, parties.reader(authorization).orElse(null));
    }

    /** {@code withdrawRejection}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        rejections.withdraw(caller, disputes.find(id, Disputes.Kind.REJECTION));
    }

    /** Returns the view for a reader; only the two sides see the reason. */
    private RejectionView view(Disputes.Dispute rejection, @Nullable PartyId reader) throws SQLException {
        return rejection.concerns(reader)
                ? RejectionView.of(rejection, rejections.reason(rejection), clock.instant())
                : RejectionView.of(rejection, null, clock.instant()).shown(measures);
    }
}
