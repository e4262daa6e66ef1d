package org.askfirst.registry.passkey;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Registers, lists, renames and removes the passkeys of the caller. */
@Path("/v1/parties/me/passkeys")
@Produces(APPLICATION_JSON)
@Blocking
public class PasskeyResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_LABEL = 100;
    private static final int MAX_ID = 64;

    private final Passkeys passkeys;
    private final Parties parties;
    private final PublicAddress address;

    PasskeyResource(Passkeys passkeys, Parties parties, PublicAddress address) {
        this.passkeys = passkeys;
        this.parties = parties;
        this.address = address;
    }

    /** {@code PasskeyList}. */
    record PasskeyList(List<PasskeyView> passkeys) {}

    /** {@code Passkey}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PasskeyView(
            String id,
            Instant createdAt,
            @Nullable String label,
            @Nullable Instant lastUsedAt) {
        static PasskeyView of(Passkeys.Passkey passkey) {
            return new PasskeyView(passkey.id(), passkey.createdAt(), passkey.label(), passkey.lastUsedAt());
        }
    }

    /** {@code listPasskeys}. */
    @GET
    public PasskeyList list(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        return list(parties.caller(authorization, KeyScope.READ).party());
    }

    private PasskeyList list(PartyId party) throws SQLException {
        return new PasskeyList(passkeys.of(party).stream().map(PasskeyView::of).toList());
    }

    /** {@code startPasskey}. */
    @POST
    @Path("/challenges")
    @RecordsNothing
    public Passkeys.Challenge start(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @Context RoutingContext exchange)
            throws SQLException, IOException {
        PartyId party = parties.caller(authorization).requireFresh().party();
        String name = parties.find(party).map(row -> String.valueOf(row.name)).orElse(party.toString());
        return passkeys.beginRegistration(address.of(exchange.request()), party, name);
    }

    /** {@code addPasskey}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response add(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        PartyId party = parties.caller(authorization).requireFresh().party();
        Members members = Members.of(Body.json(body, BODY_LIMIT), "challenge", "credential", "label");
        String challenge = members.text("challenge", MAX_ID);
        String label = members.optionalText("label", MAX_LABEL);
        JsonNode credential = credential(members);
        members.finish();
        Passkeys.Passkey passkey =
                passkeys.register(address.of(exchange.request()), party, String.valueOf(challenge), credential, label);
        return Response.created(URI.create("/v1/parties/me/passkeys/" + passkey.id()))
                .entity(PasskeyView.of(passkey))
                .build();
    }

    /** Reads the member {@code credential}, which only has to be an object: the library reads it. */
    private static JsonNode credential(Members members) {
        members.require("credential");
        JsonNode credential = members.raw("credential");
        if (credential != null && !credential.isObject()) {
            members.refuse("credential", Reason.NOT_AN_OBJECT, "give the JSON of the browser's PublicKeyCredential");
        }
        return credential == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : credential;
    }

    /** {@code renamePasskey}. */
    @PATCH
    @Path("/{id}")
    @Consumes(APPLICATION_JSON)
    public PasskeyList rename(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        PartyId party = parties.caller(authorization).party();
        Members members = Members.of(Body.json(body, BODY_LIMIT), "label");
        String label = members.text("label", MAX_LABEL);
        members.finish();
        passkeys.rename(party, id, label);
        return list(party);
    }

    /** {@code removePasskey}. */
    @DELETE
    @Path("/{id}")
    public Response remove(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        passkeys.remove(parties.caller(authorization).requireFresh().party(), id);
        return Response.noContent().build();
    }
}
