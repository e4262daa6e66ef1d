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

/** Lists the rejections that a party made, and those against it. */
@Path("/v1/parties/me/rejections")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnRejectionsResource {
    private final OwnContests contests;
    private final Clock clock;

    OwnRejectionsResource(OwnContests contests, Clock clock) {
        this.contests = contests;
        this.clock = clock;
    }

    /** {@code RejectionPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RejectionPage(
            List<RejectionView> rejections, @Nullable Long next) {}

    /** {@code listRejections}. */
    @GET
    public RejectionPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("side") @Nullable String side,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        OwnContests.Found found = contests.find(Disputes.Kind.REJECTION, authorization, side, after, limit);
        Instant now = clock.instant();
        return new RejectionPage(
                found.page().stream()
                        .map(one -> RejectionView.of(one, null, now))
                        .toList(),
                found.next());
    }
}
