package org.askfirst.registry.account;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.KeyRow;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyRow;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.registry.succession.Successions;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.PartyState;
import org.askfirst.verdict.Trust;
import org.jspecify.annotations.Nullable;

/** Opens and closes parties, shows their accounts, and manages their keys. */
@Path("/v1/parties")
@Produces(APPLICATION_JSON)
@Blocking
public class PartyResource {
    private static final int BODY_LIMIT = 1 << 16;

    private final Parties parties;
    private final Controls controls;
    private final PartyStates partyStates;
    private final Successions successions;
    private final Notices notices;

    PartyResource(
            Parties parties, Controls controls, PartyStates partyStates, Successions successions, Notices notices) {
        this.parties = parties;
        this.controls = controls;
        this.partyStates = partyStates;
        this.successions = successions;
        this.notices = notices;
    }

    /** {@code openParty}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response open(InputStream body) {
        PartyViews.PartyRequest request = PartyViews.PartyRequest.parse(Body.json(body, BODY_LIMIT));
        Parties.Opened opened = parties.open(request.name(), request.kind(), request.contact());
        PartyRow party = opened.party();
        return Response.created(URI.create("/v1/parties/me"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(new PartyViews.OpenedParty(
                        new PartyId(party.id).toString(),
                        request.name(),
                        party.kind,
                        Trust.ASSERTED.wireName(),
                        party.contact,
                        party.openedAt,
                        opened.key().text(),
                        opened.key().id()))
                .build();
    }

    /** {@code getOwnParty}. */
    @GET
    @Path("/me")
    public OwnParty own(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        PartyId id = parties.caller(authorization).party();
        PartyRow party = parties.find(id).orElseThrow(Parties::unknownKey);
        List<Controls.ControlRecord> proofs = controls.of(id);
        Map<PartyId, PartyState> states = partyStates.now(List.of(id));
        List<String> succeeds =
                successions.transferredTo(id).stream().map(PartyId::toString).toList();
        PartyState state = states.getOrDefault(id, PartyState.PLAIN);
        return new OwnParty(
                id.toString(),
                String.valueOf(party.name),
                party.kind,
                trust(proofs, state.trust(PartyRegister.of(states, Map.of()))).wireName(),
                party.contact,
                party.openedAt,
                parties.keys(id).stream()
                        .map(key -> new PartyViews.KeyView(key.id, key.createdAt))
                        .toList(),
                state.suspended() ? Boolean.TRUE : null,
                state.vouchesFor().isEmpty() ? null : PartyStates.names(state.vouchesFor()),
                successions.of(id).map(PartyId::toString).orElse(null),
                succeeds.isEmpty() ? null : succeeds,
                proofs.stream().map(ControlViews.ControlView::of).toList(),
                notices.of(id));
    }

    private static Trust trust(List<Controls.ControlRecord> proofs, Trust stateTrust) {
        boolean controls = proofs.stream().anyMatch(proof -> proof.control() == Control.PROVED);
        return controls && stateTrust == Trust.ASSERTED ? Trust.CONTROL_PROVED : stateTrust;
    }

    /** {@code closeParty}. */
    @DELETE
    @Path("/me")
    public Response close(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        parties.close(parties.caller(authorization));
        return Response.noContent().build();
    }

    /** {@code addKey}. */
    @POST
    @Path("/me/keys")
    public Response addKey(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        Map.Entry<ApiKey, KeyRow> created =
                parties.addKey(parties.caller(authorization).party());
        KeyRow row = created.getValue();
        return Response.created(URI.create("/v1/parties/me/keys/" + row.id))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(new PartyViews.NewKey(
                        row.id, row.createdAt, created.getKey().text()))
                .build();
    }

    /** {@code revokeKey}. */
    @DELETE
    @Path("/me/keys/{id}")
    public Response revokeKey(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        parties.revokeKey(parties.caller(authorization).party(), id);
        return Response.noContent().build();
    }
}
