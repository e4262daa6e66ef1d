package org.askfirst.registry.succession;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.sql.SQLException;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lets a body that vouches for a member confirm that this member asks for a new key. The body never gets the key. */
@Path("/v1/parties/me/members/{party}/recovery")
@Produces(APPLICATION_JSON)
@Blocking
public class MemberRecoveryResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_ID = 64;

    private final Parties parties;
    private final Recoveries recoveries;

    MemberRecoveryResource(Parties parties, Recoveries recoveries) {
        this.parties = parties;
        this.recoveries = recoveries;
    }

    /** {@code confirmMemberKeyRecovery}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public RecoveryResource.RecoveryView confirm(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("party") String party,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).requireFresh();
        Members members = Members.of(Body.json(body, BODY_LIMIT), "recovery");
        String recovery = members.text("recovery", MAX_ID);
        members.finish();
        PartyId member = PartyId.parse(party).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party"));
        return RecoveryResource.RecoveryView.of(recoveries.confirm(caller, member, String.valueOf(recovery)), null);
    }
}
