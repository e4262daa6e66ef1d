package org.askfirst.registry.declaration;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.quota.Quotas;
import org.jspecify.annotations.Nullable;

/** Lists the declarations of a party for everybody, page by page. */
@Path("/v1/parties/{id}/declarations")
@Produces(APPLICATION_JSON)
@Blocking
public class PartyDeclarationsResource {
    private static final int MAX_PAGE = 100;
    private static final int DEFAULT_PAGE = 20;

    private final Parties parties;
    private final Quotas quotas;
    private final DeclarationPages pages;
    private final PublicAddress address;

    PartyDeclarationsResource(Parties parties, Quotas quotas, DeclarationPages pages, PublicAddress address) {
        this.address = address;
        this.parties = parties;
        this.quotas = quotas;
        this.pages = pages;
    }

    /** {@code listPartyDeclarations}. */
    @GET
    public DeclarationPages.DeclarationPage list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("status") @Nullable String status,
            @QueryParam("order") @Nullable String order,
            @Context RoutingContext exchange)
            throws SQLException {
        long most = Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
        allowance.take((int) most);
        PartyId party = PartyId.parse(id).orElseThrow(PartyDeclarationsResource::unknown);
        if (parties.find(party).isEmpty()) {
            throw unknown();
        }
        DeclarationPages.DeclarationPage page = pages.page(
                null,
                party,
                null,
                new DeclarationPages.Asked(after, String.valueOf(most), null, status, order, null, null, null));
        Parties.Face face = parties.faces(List.of(party)).get(party);
        String origin = address.of(exchange.request());
        return new DeclarationPages.DeclarationPage(
                page.declarations().stream()
                        .map(view -> view.published(
                                party,
                                face,
                                origin,
                                contact -> allowance.contacts().show(contact)))
                        .toList(),
                page.next());
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because("There is no such party");
    }
}
