package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.mandate.MandateView;
import org.askfirst.registry.mandate.Mandates;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lists the declarations that a society made under a mandate; for the society and the member. */
@Path("/v1/parties/me/mandates/{id}/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class MandateDeclarationsResource {
    private final Parties parties;
    private final Mandates mandates;
    private final DeclarationPages declarations;

    MandateDeclarationsResource(Parties parties, Mandates mandates, DeclarationPages declarations) {
        this.parties = parties;
        this.mandates = mandates;
        this.declarations = declarations;
    }

    /** {@code listMandateDeclarations}. */
    @GET
    public DeclarationPages.DeclarationPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("text") @Nullable String text,
            @QueryParam("status") @Nullable String status,
            @QueryParam("order") @Nullable String order)
            throws SQLException {
        PartyId caller = parties.caller(authorization, KeyScope.READ).party();
        Mandates.RecordedMandate mandate = mandates.find(id);
        if (!MandateView.sides(List.of(mandate)).contains(caller)) {
            throw Problem.NOT_FOUND.because("This party has no such mandate");
        }
        return declarations.page(
                caller,
                mandate.terms().society(),
                mandate.id(),
                new DeclarationPages.Asked(after, limit, text, status, order, null, null, null));
    }
}
