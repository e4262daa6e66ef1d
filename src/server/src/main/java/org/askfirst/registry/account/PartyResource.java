package org.askfirst.registry.account;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.askfirst.entry.Positions;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.budget.Budget;
import org.askfirst.registry.budget.Budgets;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.control.Controls;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.ApiKey;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyRow;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.PartyRow;
import org.askfirst.registry.party.PartyViews;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.registry.statement.StatementStore;
import org.askfirst.registry.succession.Recoveries;
import org.askfirst.registry.succession.RecoveryResource;
import org.askfirst.registry.succession.Successions;
import org.askfirst.registry.trust.PartyStates;
import org.askfirst.registry.trust.Vouching;
import org.askfirst.verdict.ContactCheck;
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
    private static final int MAX_PAGE = 1000;
    private static final int DEFAULT_PAGE = 100;

    /** A party costs as much of the quota as this number of works, because nobody should collect contacts. */
    private static final int WORKS_OF_A_PARTY = 1000;

    private final Parties parties;
    private final PublicParties publicParties;
    private final MailSignIns mailSignIns;
    private final Controls controls;
    private final PartyStates partyStates;
    private final Successions successions;
    private final Recoveries recoveries;
    private final Vouching vouching;
    private final Notices notices;
    private final StatementStore statements;
    private final Quotas quotas;
    private final Budgets budgets;
    private final Measures measures;
    private final Clock clock;
    private final PublicAddress address;

    PartyResource(
            Parties parties,
            PublicParties publicParties,
            MailSignIns mailSignIns,
            Controls controls,
            PartyStates partyStates,
            Successions successions,
            Recoveries recoveries,
            Vouching vouching,
            Notices notices,
            StatementStore statements,
            Quotas quotas,
            Budgets budgets,
            Measures measures,
            Clock clock,
            PublicAddress address) {
        this.measures = measures;
        this.address = address;
        this.parties = parties;
        this.publicParties = publicParties;
        this.mailSignIns = mailSignIns;
        this.controls = controls;
        this.partyStates = partyStates;
        this.successions = successions;
        this.recoveries = recoveries;
        this.vouching = vouching;
        this.notices = notices;
        this.statements = statements;
        this.quotas = quotas;
        this.budgets = budgets;
        this.clock = clock;
    }

    /** {@code openParty}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response open(@Context RoutingContext exchange, InputStream body) throws SQLException {
        PartyViews.PartyRequest request = PartyViews.PartyRequest.parse(Body.json(body, BODY_LIMIT));
        budgets.take(Budget.PARTIES, null, AskerAddress.of(exchange.request().remoteAddress()));
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
        PartyId id = parties.caller(authorization, KeyScope.READ).party();
        PartyRow party = parties.find(id).orElseThrow(Parties::unknownKey);
        List<Controls.ControlRecord> proofs = controls.of(id);
        Map<PartyId, PartyState> states = partyStates.now(List.of(id));
        List<String> succeeds =
                successions.transferredTo(id).stream().map(PartyId::toString).toList();
        PartyState state = states.getOrDefault(id, PartyState.PLAIN);
        ContactCheck check = state.contactCheck();
        ContactProof verified = party.contact == null ? null : contactProof(id, party.contact, check);
        return new OwnParty(
                id.toString(),
                String.valueOf(party.name),
                party.kind,
                PublicParties.trust(proofs, state.trust(PartyRegister.of(states, Map.of())))
                        .wireName(),
                party.contact,
                party.relay ? Boolean.TRUE : null,
                verified == null ? null : verified != ContactProof.NONE,
                verified == null || verified == ContactProof.NONE ? null : verified.wireName(),
                check == ContactCheck.REFUSED ? Boolean.TRUE : null,
                mailSignIns.of(id).map(MailSignIns.MailSignIn::address).orElse(null),
                party.openedAt,
                parties.keys(id).stream().map(PartyViews.KeyView::of).toList(),
                parties.closing(id).map(Parties.Closing::closesAt).orElse(null),
                state.suspended() ? Boolean.TRUE : null,
                measures.hidesFace(id),
                measures.restricts(id),
                state.vouchesFor().isEmpty() ? null : PartyStates.names(state.vouchesFor()),
                successions.of(id).map(PartyId::toString).orElse(null),
                succeeds.isEmpty() ? null : succeeds,
                proofs.stream().map(ControlViews.ControlView::of).toList(),
                recoveries.waiting(id),
                vouching.views(id),
                notices.of(id));
    }

    /** The evidence that a contact is the party's. */
    private enum ContactProof {
        NONE,
        LINK,
        DOMAIN;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ContactProof contactProof(PartyId party, String contact, ContactCheck check) throws SQLException {
        return switch (check) {
            case VERIFIED -> ContactProof.LINK;
            case REFUSED -> ContactProof.NONE;
            case NONE ->
                controls.proved(List.of(new Controls.PartyContact(party, contact, true)), Positions.NEWEST)
                                .isEmpty()
                        ? ContactProof.NONE
                        : ContactProof.DOMAIN;
        };
    }

    /** {@code changeParty}. */
    @PATCH
    @Path("/me")
    @Consumes(APPLICATION_JSON)
    public OwnParty change(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        PartyViews.PartyChange change = PartyViews.PartyChange.parse(Body.json(body, BODY_LIMIT));
        parties.describe(caller, change::after);
        return own(authorization);
    }

    /** {@code closeParty}. */
    @DELETE
    @Path("/me")
    public Response close(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("party") @Nullable String party)
            throws SQLException {
        PartyId own = parties.caller(authorization).requireFresh().party();
        if (!own.toString().equals(party)) {
            throw Parameters.refused(
                    "party",
                    party == null ? Reason.MISSING : Reason.UNKNOWN_VALUE,
                    "this erases the party's data; confirm it with the id of your own party");
        }
        Parties.Closing closing = parties.close(own);
        return Response.accepted(new Closing(own.toString(), closing.requestedAt(), closing.closesAt()))
                .build();
    }

    /** {@code Closing}. */
    record Closing(String party, Instant requestedAt, Instant closesAt) {}

    /** {@code reopenParty}. */
    @POST
    @Path("/me/reopening")
    public OwnParty reopen(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        parties.reopen(parties.caller(authorization).party());
        return own(authorization);
    }

    /** {@code getParty}. */
    @GET
    @Path("/{id}")
    public PublicParty get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @Context RoutingContext exchange)
            throws SQLException {
        Quotas.Allowance allowance = quotas.of(exchange.request(), authorization);
        allowance.take(WORKS_OF_A_PARTY);
        PartyId number = PartyId.parse(id).orElseThrow(PartyResource::unknown);
        PartyRow party = parties.find(number).orElseThrow(PartyResource::unknown);
        PublicParties.Facts facts = publicParties.find(number).orElseThrow(PartyResource::unknown);
        PartyState state = partyStates.now(List.of(number)).getOrDefault(number, PartyState.PLAIN);
        String faceHidden = measures.hidesFace(number);
        Parties.Face face = new Parties.Face(party.name, party.contact, party.relay);
        String contact = face.reachable() && faceHidden == null && statements.hasDeclared(number)
                ? face.published(number, null, address.of(exchange.request()))
                : null;
        if (contact != null && !allowance.contacts().show(contact)) {
            contact = null;
        }
        List<RecoveryResource.RecoveryView> open = recoveries.waiting(number);
        boolean isVerified = contact != null
                && party.contact != null
                && contactProof(number, party.contact, state.contactCheck()) != ContactProof.NONE;
        return new PublicParty(
                number.toString(),
                facts.name(),
                facts.kind(),
                facts.trust().wireName(),
                facts.status(),
                contact,
                contact == null ? null : isVerified,
                facts.openedAt(),
                faceHidden,
                measures.restricts(number),
                open.isEmpty() ? null : open,
                facts.declarationCount(),
                facts.proved(),
                facts.vouchedBy());
    }

    private static ProblemException unknown() {
        return Problem.NOT_FOUND.because("There is no such party");
    }

    /** {@code addKey}. */
    @POST
    @Path("/me/keys")
    @Consumes(APPLICATION_JSON)
    public Response addKey(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        PartyId party = parties.caller(authorization).requireFresh().party();
        byte[] bytes = Body.bytes(body, BODY_LIMIT);
        PartyViews.KeyRequest request = bytes.length == 0
                ? PartyViews.KeyRequest.FULL
                : PartyViews.KeyRequest.parse(Json.parse(bytes), clock.instant());
        Map.Entry<ApiKey, KeyRow> created = parties.addKey(party, request);
        return Response.created(URI.create("/v1/parties/me/keys/" + created.getValue().id))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(PartyViews.NewKey.of(created))
                .build();
    }

    /** {@code listNotices}. */
    @GET
    @Path("/me/notices")
    public Notices.NoticePage notices(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        PartyId party = parties.caller(authorization, KeyScope.READ).party();
        return notices.page(party, Parameters.whole("after", after, 0, Long.MAX_VALUE, 0), (int)
                Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE));
    }

    /** {@code revokeKey}. */
    @DELETE
    @Path("/me/keys/{id}")
    public Response revokeKey(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        parties.revokeKey(parties.caller(authorization).requireFresh().party(), id);
        return Response.noContent().build();
    }
}
