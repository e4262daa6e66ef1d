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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** The members for whom a body vouches, or to whom it offers it. */
@Path("/v1/parties/me/members")
@Produces(APPLICATION_JSON)
@Blocking
public class MemberResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private final Parties parties;
    private final Vouching vouching;
    private final Memberships memberships;

    MemberResource(Parties parties, Vouching vouching, Memberships memberships) {
        this.parties = parties;
        this.vouching = vouching;
        this.memberships = memberships;
    }

    /** {@code Member}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberView(
            String party,
            @Nullable String name,
            String state,
            boolean mayRecover,
            long position,
            @Nullable Instant acceptedAt,
            @Nullable Instant expiresAt) {
        static MemberView of(Membership membership, Map<PartyId, Parties.Face> faces) {
            return new MemberView(
                    membership.member().toString(),
                    MembershipResource.name(faces, membership.member()),
                    membership.state().wireName(),
                    membership.mayRecover(),
                    membership.position(),
                    membership.isInForce() ? membership.time() : null,
                    membership.state() == Membership.State.OFFERED ? membership.lapsesAt() : null);
        }
    }

    /** {@code MemberPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberPage(List<MemberView> members, @Nullable Long next) {}

    /** {@code offerVouching}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response offer(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "party");
        PartyId member = Objects.requireNonNullElse(PartyViews.partyOf(members, "party"), caller.party());
        members.finish();
        Proposal.Outcome outcome = vouching.offer(caller, member);
        Membership membership = memberships
                .find(caller.party(), member)
                .orElseThrow(() -> Problem.NOTHING_TO_CHANGE.because("The member has answered meanwhile"));
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(MemberView.of(membership, parties.faces(List.of(member))))
                .build();
    }

    /** {@code listMembers}. */
    @GET
    public MemberPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<Membership> members = memberships.ofBody(caller.party(), from, most + 1);
        boolean more = members.size() > most;
        List<Membership> page = more ? members.subList(0, most) : members;
        Map<PartyId, Parties.Face> faces =
                parties.faces(page.stream().map(Membership::member).toList());
        return new MemberPage(
                page.stream()
                        .map(membership -> MemberView.of(membership, faces))
                        .toList(),
                more ? page.get(most - 1).position() : null);
    }

    /** {@code stopVouching}. */
    @DELETE
    @Path("/{party}")
    public Response stop(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("party") String party)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        vouching.end(
                caller, PartyId.parse(party).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party")));
        return Response.noContent().build();
    }
}
