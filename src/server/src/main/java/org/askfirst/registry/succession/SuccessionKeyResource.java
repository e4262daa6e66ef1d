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
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.KeyRow;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyViews;
import org.jspecify.annotations.Nullable;

/** Creates keys with which a successor uses the accounts that were transferred to it. */
@Path("/v1/parties/me/successions/{party}/keys")
@Produces(APPLICATION_JSON)
@Blocking
public class SuccessionKeyResource {
    private final Parties parties;
    private final Successions successions;

    SuccessionKeyResource(Parties parties, Successions successions) {
        this.parties = parties;
        this.successions = successions;
    }

    /** {@code makeSuccessorKey}. */
    @POST
    public Response make(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("party") String party)
            throws SQLException {
        Map.Entry<ApiKey, KeyRow> created =
                successions.makeKey(parties.caller(authorization).requireFresh(), party);
        KeyRow row = created.getValue();
        return Response.created(URI.create("/v1/parties/me/keys/" + row.id))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(PartyViews.NewKey.of(created))
                .build();
    }
}
