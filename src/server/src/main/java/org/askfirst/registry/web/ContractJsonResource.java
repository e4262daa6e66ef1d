package org.askfirst.registry.web;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Serves the contract as JSON at an address of its own, for tools that send no {@code Accept}. */
@Path("/openapi.json")
public class ContractJsonResource {
    private final ContractResource contract;

    ContractJsonResource(ContractResource contract) {
        this.contract = contract;
    }

    /** {@code getOpenApiAsJson}. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch, @Context RoutingContext exchange) {
        return contract.json(ifNoneMatch, exchange);
    }
}
