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

    private final Parties parties;
    private final Intake intake;
    private final Standing standing;

    OwnDeclarationsResource(Parties parties, Intake intake, Standing standing) {
        this.parties = parties;
        this.intake = intake;
        this.standing = standing;
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
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<StandingDeclaration> found = standing.declarationsOf(caller.party(), from, most + 1);
        boolean more = found.size() > most;
        List<StandingDeclaration> page = more ? found.subList(0, most) : found;
        return new DeclarationPage(intake.views(page), more ? page.get(most - 1).declaredAt() : null);
    }
}
