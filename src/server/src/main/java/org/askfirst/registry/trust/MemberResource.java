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
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** The members for whom a body vouches. */
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

    MemberResource(Parties parties, Vouching vouching) {
        this.parties = parties;
        this.vouching = vouching;
    }

    /** {@code Member}. */
    record MemberView(String party, long position) {}

    /** {@code MemberPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberPage(List<MemberView> members, @Nullable Long next) {}

    /** {@code vouch}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response vouch(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "party");
        PartyId member = PartyViews.partyOf(members, "party");
        members.finish();
        Proposal.Outcome outcome = vouching.vouch(caller, Objects.requireNonNull(member));
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(new MemberView(member.toString(), outcome.position()))
                .build();
    }

    /** {@code listMembers}. */
    @GET
    public MemberPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<Vouching.Member> members = vouching.members(caller.party(), from, most + 1);
        boolean more = members.size() > most;
        List<Vouching.Member> page = more ? members.subList(0, most) : members;
        return new MemberPage(
                page.stream()
                        .map(member -> new MemberView(member.party().toString(), member.position()))
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
        vouching.stop(
                caller, PartyId.parse(party).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party")));
        return Response.noContent().build();
    }
}
