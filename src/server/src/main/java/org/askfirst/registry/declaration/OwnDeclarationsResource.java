package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lists the declarations of the calling party, page by page. */
@Path("/v1/parties/me/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnDeclarationsResource {
    private final Parties parties;
    private final DeclarationPages pages;

    OwnDeclarationsResource(Parties parties, DeclarationPages pages) {
        this.parties = parties;
        this.pages = pages;
    }

    /** {@code listOwnDeclarations}. */
    @GET
    public DeclarationPages.DeclarationPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("text") @Nullable String text,
            @QueryParam("status") @Nullable String status,
            @QueryParam("order") @Nullable String order,
            @QueryParam("reference") @Nullable String reference,
            @QueryParam("subject") @Nullable String subject,
            @QueryParam("updatedSince") @Nullable String updatedSince)
            throws SQLException {
        PartyId party = parties.caller(authorization, KeyScope.READ).party();
        return pages.page(
                party,
                party,
                null,
                new DeclarationPages.Asked(after, limit, text, status, order, reference, subject, updatedSince));
    }
}
