package org.askfirst.registry.report;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Shows and sets the key by which a party divides what is due among its members. */
@Path("/v1/parties/me/distribution-key")
@Produces(APPLICATION_JSON)
@Blocking
public class DistributionKeyResource {
    private static final int BODY_LIMIT = 1 << 20;

    private final Parties parties;
    private final DistributionKeys keys;

    DistributionKeyResource(Parties parties, DistributionKeys keys) {
        this.parties = parties;
        this.keys = keys;
    }

    /** {@code getDistributionKey}. */
    @GET
    public Response get(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        return ReportResource.confidential(
                keys.get(parties.caller(authorization, KeyScope.READ).party()));
    }

    /** {@code setDistributionKey}. */
    @PUT
    @Consumes(APPLICATION_JSON)
    public Response set(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        return ReportResource.confidential(
                keys.set(caller.party(), DistributionKeys.parse(Body.json(body, BODY_LIMIT))));
    }
}
