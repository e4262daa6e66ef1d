package org.askfirst.intake;

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
import java.util.List;
import org.askfirst.http.Parameters;
import org.askfirst.party.Caller;
import org.askfirst.party.Parties;
import org.askfirst.standing.Standing;
import org.askfirst.standing.StandingDeclaration;
import org.jspecify.annotations.Nullable;

/** What a party declared, page by page. */
@Path("/v1/parties/me/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnDeclarationsResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int MAX_TEXT = 200;

    private final Parties parties;
    private final Intake intake;
    private final Standing standing;
    private final Clock clock;

    OwnDeclarationsResource(Parties parties, Intake intake, Standing standing, Clock clock) {
        this.parties = parties;
        this.intake = intake;
        this.standing = standing;
        this.clock = clock;
    }

    /** {@code DeclarationPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeclarationPage(
            List<DeclarationView> declarations, @Nullable Long next) {}

    /** {@code listOwnDeclarations}. */
    @GET
    public DeclarationPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("text") @Nullable String text,
            @QueryParam("status") @Nullable String status,
            @QueryParam("order") @Nullable String order)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        if (text != null && text.length() > MAX_TEXT) {
            throw Parameters.refused("text", "Expected at most " + MAX_TEXT + " characters");
        }
        StandingDeclaration.Status wanted = status == null
                ? null
                : StandingDeclaration.Status.named(status)
                        .orElseThrow(
                                () -> Parameters.refused("status", "Expected in-force, not-yet, ended or withdrawn"));
        if (order != null && !order.equals("newest") && !order.equals("oldest")) {
            throw Parameters.refused("order", "Expected oldest or newest");
        }
        Standing.Page page = standing.declarationsOf(
                caller.party(),
                text == null ? null : text.strip().replace("\u0000", ""),
                wanted,
                "newest".equals(order),
                from,
                most,
                clock.instant());
        return new DeclarationPage(intake.views(page.declarations()), page.next());
    }
}
