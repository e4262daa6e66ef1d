package org.askfirst.registry.succession;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Starts the recovery of a member's lost keys, on behalf of the body that vouches for the member. */
@Path("/v1/parties/me/members/{party}/recovery")
@Produces(APPLICATION_JSON)
@Blocking
public class MemberRecoveryResource {
    private final Parties parties;
    private final Recoveries recoveries;

    MemberRecoveryResource(Parties parties, Recoveries recoveries) {
        this.parties = parties;
        this.recoveries = recoveries;
    }

    /** {@code startMemberKeyRecovery}. */
    @POST
    public Response startKeyRecovery(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("party") String party)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        PartyId member = PartyId.parse(party).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party"));
        return RecoveryResource.started(recoveries.startFor(caller, member));
    }
}
