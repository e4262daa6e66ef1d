package org.askfirst.registry.operator;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.succession.Successions;
import org.askfirst.registry.trust.PartyStates;
import org.jspecify.annotations.Nullable;

/** The acts that only the operator may do. */
@Path("/v1/operator")
@Produces(APPLICATION_JSON)
@Blocking
public class OperatorResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;

    private final Operator operator;
    private final Successions successions;
    private final LedgerStore ledger;

    OperatorResource(Operator operator, Successions successions, LedgerStore ledger) {
        this.operator = operator;
        this.successions = successions;
        this.ledger = ledger;
    }

    /** {@code recordControl}. */
    @POST
    @Path("/controls")
    @Consumes(APPLICATION_JSON)
    public Response recordControl(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = operator.authority(authorization);
        ControlViews.ControlRequest request = ControlViews.ControlRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome = operator.recordControl(authority, request.party(), request.subject(), request.reason());
        LedgerEntry entry = ledger.at(List.of(outcome.position())).get(0);
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(ControlViews.ControlView.of(entry))
                .build();
    }

    /** {@code revokeControl}. */
    @POST
    @Path("/control-revocations")
    @Consumes(APPLICATION_JSON)
    public Response revokeControl(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = operator.authority(authorization);
        ControlViews.ControlRequest request = ControlViews.ControlRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome = operator.revokeControl(authority, request.party(), request.subject(), request.reason());
        LedgerEntry entry = ledger.at(List.of(outcome.position())).get(0);
        return Response.status(CREATED)
                .entity(new ControlViews.ControlRevocationView(
                        request.party().toString(),
                        request.subject().canonical(),
                        entry.position(),
                        entry.recordedAt()))
                .build();
    }

    /** {@code decidePartyStatus}. */
    @POST
    @Path("/decisions")
    @Consumes(APPLICATION_JSON)
    public Response decidePartyStatus(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = operator.authority(authorization);
        OperatorViews.PartyDecisionRequest request =
                OperatorViews.PartyDecisionRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome =
                operator.decide(authority, request.party(), request.decision(), request.schemes(), request.reason());
        LedgerEntry entry = ledger.at(List.of(outcome.position())).get(0);
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(new OperatorViews.PartyDecisionView(
                        request.party().toString(),
                        request.decision().wireName(),
                        request.schemes().isEmpty() ? null : PartyStates.names(request.schemes()),
                        entry.position(),
                        entry.recordedAt()))
                .build();
    }

    /** {@code transferAccount}. */
    @POST
    @Path("/successions")
    @Consumes(APPLICATION_JSON)
    public Response transferAccount(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = operator.authority(authorization);
        OperatorViews.SuccessionRequest request = OperatorViews.SuccessionRequest.parse(Body.json(body, BODY_LIMIT));
        PartyId successor = successions
                .of(request.party())
                .orElseThrow(() -> Problem.NOTHING_TO_CHANGE.because("The party has not named a successor"));
        Proposal.Outcome outcome = operator.transferAccount(authority, request.party(), successor, request.reason());
        successions.notifySuccessor(request.party(), successor);
        LedgerEntry entry = ledger.at(List.of(outcome.position())).get(0);
        return Response.status(CREATED)
                .entity(new OperatorViews.SuccessionView(
                        request.party().toString(), successor.toString(), entry.position(), entry.recordedAt()))
                .build();
    }
}
