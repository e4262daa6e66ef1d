package org.askfirst.registry.succession;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** Lets a party name the successor that will receive its account. */
@Path("/v1/parties/me/successor")
@Produces(APPLICATION_JSON)
@Blocking
public class SuccessionResource {
    private static final int BODY_LIMIT = 1 << 16;

    private final Parties parties;
    private final Successions successions;

    SuccessionResource(Parties parties, Successions successions) {
        this.parties = parties;
        this.successions = successions;
    }

    /** {@code setSuccessor}. */
    @PUT
    @Consumes(APPLICATION_JSON)
    public Response set(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization).requireFresh();
        Members members = Members.of(Body.json(body, BODY_LIMIT), "party");
        PartyId successor = PartyViews.partyOf(members, "party");
        members.finish();
        successions.setSuccessor(caller, Objects.requireNonNull(successor));
        return Response.noContent().build();
    }

    /** {@code clearSuccessor}. */
    @DELETE
    public Response clear(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        successions.setSuccessor(parties.caller(authorization).requireFresh(), null);
        return Response.noContent().build();
    }
}
