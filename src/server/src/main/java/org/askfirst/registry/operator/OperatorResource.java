package org.askfirst.registry.operator;

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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.entry.MeasureEntry;
import org.askfirst.entry.MeasureEntry.Target;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.control.ControlViews;
import org.askfirst.registry.dispute.DisputeDecisions;
import org.askfirst.registry.dispute.DisputeView;
import org.askfirst.registry.dispute.Filings;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Parameters;
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
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final List<String> DISPUTE_STATUSES = List.of("undecided", "unanswered");

    private final OperatorKeys keys;
    private final OperatorProposals proposals;
    private final Operator operator;
    private final MeasureActs measures;
    private final PartyRequests requests;
    private final Successions successions;
    private final DisputeDecisions decisions;
    private final Filings filings;
    private final LedgerStore ledger;

    OperatorResource(
            OperatorKeys keys,
            OperatorProposals proposals,
            Operator operator,
            MeasureActs measures,
            PartyRequests requests,
            Successions successions,
            DisputeDecisions decisions,
            Filings filings,
            LedgerStore ledger) {
        this.keys = keys;
        this.proposals = proposals;
        this.operator = operator;
        this.measures = measures;
        this.requests = requests;
        this.successions = successions;
        this.decisions = decisions;
        this.filings = filings;
        this.ledger = ledger;
    }

    /** {@code recordControl}. */
    @POST
    @Path("/controls")
    @Consumes(APPLICATION_JSON)
    public Response recordControl(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        ControlViews.ControlRequest request = ControlViews.ControlRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome =
                operator.recordControl(authority, request.party(), request.subject(), request.reason());
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
        Authority authority = keys.authority(authorization);
        ControlViews.ControlRequest request = ControlViews.ControlRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome =
                operator.revokeControl(authority, request.party(), request.subject(), request.reason());
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
        Authority authority = keys.authority(authorization);
        OperatorViews.PartyDecisionRequest request =
                OperatorViews.PartyDecisionRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome =
                operator.decide(authority, request.party(), request.decision(), request.schemes(), request.reason());
        requests.granted(request.party(), request.decision());
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

    /** {@code decideDispute}. */
    @POST
    @Path("/dispute-decisions")
    @Consumes(APPLICATION_JSON)
    public Response decideDispute(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        DisputeDecisions.DecisionRequest request = DisputeDecisions.DecisionRequest.parse(Body.json(body, BODY_LIMIT));
        return Response.status(CREATED)
                .entity(decisions.decide(authority, request))
                .build();
    }

    /** {@code findDisputeDefective}. */
    @POST
    @Path("/dispute-defects")
    @Consumes(APPLICATION_JSON)
    public Response findDisputeDefective(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        OperatorViews.DisputeDefectRequest request =
                OperatorViews.DisputeDefectRequest.parse(Body.json(body, BODY_LIMIT));
        return Response.status(CREATED)
                .entity(filings.findDefective(authority, request.dispute(), request.reason()))
                .build();
    }

    /** {@code nameArbiter}. */
    @POST
    @Path("/dispute-arbiters")
    @Consumes(APPLICATION_JSON)
    public Response nameArbiter(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        OperatorViews.ArbiterRequest request = OperatorViews.ArbiterRequest.parse(Body.json(body, BODY_LIMIT));
        return Response.status(CREATED)
                .entity(filings.nameArbiter(authority, request.dispute(), request.party(), request.reason()))
                .build();
    }

    /** {@code listUndecidedDisputes}. */
    @GET
    @Path("/disputes")
    public OperatorViews.UndecidedPage listUndecidedDisputes(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("status") @Nullable String status,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        keys.authority(authorization);
        if (status != null && !DISPUTE_STATUSES.contains(status)) {
            throw Parameters.notOneOf("status", status, DISPUTE_STATUSES);
        }
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<DisputeView> found =
                "unanswered".equals(status) ? filings.unanswered(from, most + 1) : filings.undecided(from, most + 1);
        boolean more = found.size() > most;
        return new OperatorViews.UndecidedPage(
                more ? found.subList(0, most) : found,
                more ? found.get(most - 1).position() : null);
    }

    /** {@code changeMeasure}. */
    @POST
    @Path("/measures")
    @Consumes(APPLICATION_JSON)
    public Response changeMeasure(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        MeasureViews.MeasureRequest request = MeasureViews.MeasureRequest.parse(Body.json(body, BODY_LIMIT));
        Target target = measures.target(request);
        if (measures.needsTwoKeys(request, target)) {
            return Response.accepted(OperatorViews.ProposalView.of(proposals.propose(
                            authority,
                            OperatorProposals.Act.UNHIDE,
                            target.party(),
                            MeasureActs.write(target),
                            request.reason())))
                    .build();
        }
        Proposal.Outcome outcome =
                measures.change(authority, request.act().kind(), target, request.ground(), request.reason());
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(MeasureViews.MeasureView.of(
                        ledger.at(List.of(outcome.position())).get(0)))
                .build();
    }

    /** {@code transferAccount}. */
    @POST
    @Path("/successions")
    @Consumes(APPLICATION_JSON)
    public Response transferAccount(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        OperatorViews.SuccessionRequest request = OperatorViews.SuccessionRequest.parse(Body.json(body, BODY_LIMIT));
        PartyId successor = successions
                .of(request.party())
                .orElseThrow(() -> Problem.NOTHING_TO_CHANGE.because("The party has not named a successor"));
        filings.requireNoneRunning(request.party());
        operator.rehearseTransfer(authority, request.party(), successor);
        return Response.accepted(OperatorViews.ProposalView.of(proposals.propose(
                        authority,
                        OperatorProposals.Act.SUCCESSION,
                        request.party(),
                        successor.toString(),
                        request.reason())))
                .build();
    }

    /** {@code listProposals}. */
    @GET
    @Path("/proposals")
    public OperatorViews.ProposalList listProposals(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        keys.authority(authorization);
        return new OperatorViews.ProposalList(
                proposals.open().stream().map(OperatorViews.ProposalView::of).toList());
    }

    /** {@code confirmProposal}. */
    @POST
    @Path("/proposals/{id}/confirmation")
    public Response confirmProposal(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        return Response.status(CREATED)
                .entity(OperatorViews.ProposalView.of(proposals.confirm(authority, id, this::carryOut)))
                .build();
    }

    private Proposal.Outcome carryOut(Authority both, OperatorProposals.Pending pending) throws SQLException {
        if (pending.act() == OperatorProposals.Act.UNHIDE) {
            Target target = MeasureActs.read(pending.party(), pending.request());
            return measures.change(both, MeasureEntry.Kind.HIDING, target, null, pending.reason());
        }
        PartyId successor = PartyId.parse(pending.request()).orElseThrow();
        filings.requireNoneRunning(pending.party());
        Proposal.Outcome outcome = operator.transferAccount(both, pending.party(), successor, pending.reason());
        successions.notifyBoth(pending.party(), successor);
        return outcome;
    }

    /** {@code withdrawProposal}. */
    @DELETE
    @Path("/proposals/{id}")
    public void withdrawProposal(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        keys.authority(authorization);
        proposals.withdraw(id);
    }

    /** {@code setBudget}. */
    @POST
    @Path("/budgets")
    @Consumes(APPLICATION_JSON)
    public Response setBudget(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Authority authority = keys.authority(authorization);
        OperatorViews.BudgetRequest request = OperatorViews.BudgetRequest.parse(Body.json(body, BODY_LIMIT));
        Instant setAt = operator.setBudget(authority, request.party(), request.works(), request.reason());
        return Response.status(CREATED)
                .entity(new OperatorViews.BudgetView(request.party().toString(), request.works(), setAt))
                .build();
    }
}
