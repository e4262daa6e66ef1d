package org.askfirst.registry.quota;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Shows an asker its own quota. */
@Path("/v1/quota")
@Produces(APPLICATION_JSON)
@Blocking
public class QuotaResource {
    private final Quotas quotas;

    QuotaResource(Quotas quotas) {
        this.quotas = quotas;
    }

    /**
     * {@code QuotaUse}: one limit of an asker.
     *
     * @param limit the most in the window
     * @param left the rest, from 0 to {@code limit}
     * @param windowSeconds the length of the window
     * @param resetAt the time from which the whole limit is left again, if nothing more is used
     */
    record QuotaUse(long limit, long used, long left, long windowSeconds, Instant resetAt) {}

    /** {@code Quota}. */
    record QuotaView(String asker, QuotaUse works, QuotaUse contacts) {}

    /** {@code getQuota}. */
    @GET
    public Response quota(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @Context RoutingContext exchange)
            throws SQLException {
        return Response.ok(quotas.of(exchange.request(), authorization).view())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
