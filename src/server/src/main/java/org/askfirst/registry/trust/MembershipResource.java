package org.askfirst.registry.trust;

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
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** The bodies that vouch for the caller, or offer it. The caller accepts, declines and leaves. */
@Path("/v1/parties/me/memberships")
@Produces(APPLICATION_JSON)
@Blocking
public class MembershipResource {
    private static final int BODY_LIMIT = 1 << 16;

    private final Parties parties;
    private final Vouching vouching;

    MembershipResource(Parties parties, Vouching vouching) {
        this.parties = parties;
        this.vouching = vouching;
    }

    /** {@code Membership}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MembershipView(
            String body,
            @Nullable String name,
            String state,
            boolean mayRecover,
            long position,
            @Nullable Instant acceptedAt,
            @Nullable Instant expiresAt) {
        static MembershipView of(Membership membership, Map<PartyId, Parties.Face> faces) {
            return new MembershipView(
                    membership.body().toString(),
                    MembershipResource.name(faces, membership.body()),
                    membership.state().wireName(),
                    membership.mayRecover(),
                    membership.position(),
                    membership.isInForce() ? membership.time() : null,
                    membership.state() == Membership.State.OFFERED ? membership.lapsesAt() : null);
        }
    }

    /** {@code MembershipList}. */
    record MembershipList(List<MembershipView> memberships) {}

    static @Nullable String name(Map<PartyId, Parties.Face> faces, PartyId party) {
        Parties.Face face = faces.get(party);
        return face == null ? null : face.name();
    }

    /** {@code listMemberships}. */
    @GET
    public MembershipList list(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        return new MembershipList(
                vouching.views(parties.caller(authorization, KeyScope.READ).party()));
    }

    /** {@code acceptVouching}. */
    @POST
    @Path("/{body}/acceptance")
    @Consumes(APPLICATION_JSON)
    public MembershipView accept(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("body") String body,
            InputStream content)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        byte[] bytes = Body.bytes(content, BODY_LIMIT);
        boolean mayRecover = false;
        if (bytes.length > 0) {
            Members members = Members.of(Json.parse(bytes), "mayRecover");
            mayRecover = members.isTrue("mayRecover");
            members.finish();
        }
        Membership accepted = vouching.accept(caller, parse(body), mayRecover);
        return MembershipView.of(accepted, parties.faces(List.of(accepted.body())));
    }

    /** {@code endMembership}: declines an offer; otherwise ends the vouching. */
    @DELETE
    @Path("/{body}")
    public Response end(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("body") String body)
            throws SQLException {
        vouching.leave(parties.caller(authorization), parse(body));
        return Response.noContent().build();
    }

    private static PartyId parse(String body) {
        return PartyId.parse(body).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party"));
    }
}
