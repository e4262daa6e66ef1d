package org.askfirst.registry.succession;

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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.control.ControlCheck;
import org.askfirst.registry.control.ControlResource;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Recovers lost keys. */
@Path("/v1/recoveries")
@Produces(APPLICATION_JSON)
@Blocking
public class RecoveryResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;

    /**
     * A start and a check each cost as much of the quota as this number of works: strangers must neither fill the table
     * of a party nor use up the visits to its site.
     */
    private static final int WORKS_OF_A_STEP = 2_000;

    private final Parties parties;
    private final Recoveries recoveries;
    private final Quotas quotas;

    RecoveryResource(Parties parties, Recoveries recoveries, Quotas quotas) {
        this.parties = parties;
        this.recoveries = recoveries;
        this.quotas = quotas;
    }

    /** {@code Recovery}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RecoveryView(
            String id,
            String party,
            String state,
            @Nullable String subject,
            @Nullable String by,
            @Nullable List<ControlResource.WayView> methods,
            @Nullable Instant until,
            @Nullable String key,
            @Nullable String keyId) {
        static RecoveryView of(Recoveries.RecoveryState recovery, @Nullable ApiKey key) {
            Subject subject = recovery.subject();
            String token = recovery.token();
            boolean unproved = recovery.state() == Recoveries.State.UNPROVED;
            return new RecoveryView(
                    recovery.id(),
                    recovery.party().toString(),
                    recovery.state().wireName(),
                    subject == null ? null : subject.canonical(),
                    recovery.by() == null ? null : recovery.by().toString(),
                    subject == null || token == null || !unproved ? null : ways(subject, token),
                    recovery.until(),
                    key == null ? null : key.text(),
                    key == null ? null : key.id());
        }

        private static List<ControlResource.WayView> ways(Subject subject, String token) {
            return ControlCheck.ways(subject, token).stream()
                    .filter(way -> way.method().control() == org.askfirst.verdict.Control.PROVED)
                    .map(way -> new ControlResource.WayView(way.method().wireName(), way.location(), way.text()))
                    .toList();
        }
    }

    /** Answers with the new recovery and its key. */
    static Response started(Recoveries.StartedRecovery started) {
        return Response.status(CREATED)
                .location(URI.create("/v1/recoveries/" + started.recovery().id()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(RecoveryView.of(started.recovery(), started.key()))
                .build();
    }

    /** {@code startKeyRecovery}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response startKeyRecovery(@Context RoutingContext exchange, InputStream body) throws SQLException {
        quotas.of(exchange.request(), null).take(WORKS_OF_A_STEP);
        String address = AskerAddress.of(exchange.request().remoteAddress());
        Members members = Members.of(Body.json(body, BODY_LIMIT), "party", "subject", "body");
        PartyId party = PartyViews.partyOf(members, "party");
        if (members.has("body")) {
            PartyId vouching = PartyViews.partyOf(members, "body");
            if (members.has("subject")) {
                members.refuse("subject", Reason.CONFLICT, "give a subject or a body, not both");
            }
            members.finish();
            return started(recoveries.start(Objects.requireNonNull(party), Objects.requireNonNull(vouching), address));
        }
        Subject subject = members.parsed("subject", Subject::parse);
        members.finish();
        return started(recoveries.start(Objects.requireNonNull(party), Objects.requireNonNull(subject), address));
    }

    /** {@code getRecovery}. */
    @GET
    @Path("/{id}")
    public RecoveryView get(@PathParam("id") String id) throws SQLException {
        return RecoveryView.of(recoveries.find(id), null);
    }

    /** {@code checkRecovery}. */
    @POST
    @Path("/{id}/check")
    public RecoveryView check(@Context RoutingContext exchange, @PathParam("id") String id) throws SQLException {
        quotas.of(exchange.request(), null).take(WORKS_OF_A_STEP);
        return RecoveryView.of(recoveries.check(id), null);
    }

    /** {@code objectToRecovery}. */
    @POST
    @Path("/{id}/objection")
    public RecoveryView object(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        return RecoveryView.of(recoveries.object(parties.caller(authorization).requireFresh(), id), null);
    }
}
