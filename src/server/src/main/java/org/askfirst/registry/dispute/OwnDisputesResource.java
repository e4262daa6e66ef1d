package org.askfirst.registry.dispute;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the disputes that a party filed, and those against it. */
@Path("/v1/parties/me/disputes")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnDisputesResource {
    private final OwnContests contests;
    private final Clock clock;

    OwnDisputesResource(OwnContests contests, Clock clock) {
        this.contests = contests;
        this.clock = clock;
    }

    /** {@code DisputePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DisputePage(List<DisputeView> disputes, @Nullable Long next) {}

    /** {@code listDisputes}. */
    @GET
    public DisputePage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("side") @Nullable String side,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        OwnContests.Found found = contests.find(Disputes.Kind.DISPUTE, authorization, side, after, limit);
        Instant now = clock.instant();
        return new DisputePage(
                found.page().stream().map(one -> DisputeView.of(one, now)).toList(), found.next());
    }
}
