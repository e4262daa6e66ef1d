package org.askfirst.registry.contact;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Instant;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Sends the links that verify contacts. */
@Path("/v1/parties/me/contact-verification")
@Produces(APPLICATION_JSON)
@Blocking
public class ContactResource {
    private static final int ACCEPTED = 202;

    private final Parties parties;
    private final ContactLinks links;

    ContactResource(Parties parties, ContactLinks links) {
        this.parties = parties;
        this.links = links;
    }

    /** {@code SentLink}. */
    record SentLinkView(String contact, Instant expiresAt) {}

    /** {@code verifyContact}. */
    @POST
    public Response verify(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @Context RoutingContext exchange)
            throws SQLException {
        PartyId party = parties.caller(authorization).party();
        ContactLinks.SentLink sent =
                links.send(party, AskerAddress.of(exchange.request().remoteAddress()));
        return Response.status(ACCEPTED)
                .entity(new SentLinkView(sent.contact(), sent.expiresAt()))
                .build();
    }
}
