package org.askfirst.registry.dispute;

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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.askfirst.id.PartyId;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lets parties dispute what others declare, and answer. */
@Path("/v1/disputes")
@Produces(APPLICATION_JSON)
@Blocking
public class DisputeResource {
    private static final int BODY_LIMIT = 1 << 17;
    private static final int CREATED = 201;

    private final Parties parties;
    private final Filings filings;
    private final DisputeDecisions decisions;
    private final Disputes disputes;
    private final Measures measures;
    private final Clock clock;

    DisputeResource(
            Parties parties,
            Filings filings,
            DisputeDecisions decisions,
            Disputes disputes,
            Measures measures,
            Clock clock) {
        this.measures = measures;
        this.parties = parties;
        this.filings = filings;
        this.decisions = decisions;
        this.disputes = disputes;
        this.clock = clock;
    }

    /** {@code fileDispute}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response file(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Disputes.Dispute dispute = filings.file(caller, DisputeRequest.parse(Body.json(body, BODY_LIMIT)));
        return Response.status(CREATED)
                .location(URI.create("/v1/disputes/" + dispute.id()))
                .entity(view(dispute, caller.party(), false))
                .build();
    }

    /** {@code getDispute}. */
    @GET
    @Path("/{id}")
    public DisputeView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        boolean isOperator = parties.isValidOperator(authorization);
        Disputes.Dispute dispute = disputes.find(id);
        PartyId reader = parties.reader(authorization).orElse(null);
        if (!isOperator && !dispute.concerns(reader)) {
            dispute = disputes.find(id, Disputes.Kind.DISPUTE);
        }
        return view(dispute, reader, isOperator);
    }

    /** {@code DisputeFigures}. */
    record DisputeFigures(List<MonthView> months) {}

    /** {@code DisputeMonth}: the number of entries of each type. */
    record MonthView(String month, Map<String, Long> entries) {}

    /** {@code getDisputeFigures}. */
    @GET
    public DisputeFigures figures() throws SQLException {
        Map<String, Map<String, Long>> months = new TreeMap<>();
        for (Disputes.Figure figure : disputes.figures(clock.instant())) {
            months.computeIfAbsent(figure.month(), month -> new TreeMap<>()).put(figure.type(), figure.count());
        }
        return new DisputeFigures(months.entrySet().stream()
                .map(month -> new MonthView(month.getKey(), month.getValue()))
                .toList());
    }

    /** {@code stepDispute}. */
    @POST
    @Path("/{id}/steps")
    @Consumes(APPLICATION_JSON)
    public Response step(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        DisputeRequest.StepRequest request = DisputeRequest.StepRequest.parse(Body.json(body, BODY_LIMIT));
        Disputes.Dispute dispute = filings.step(caller, disputes.find(id, Disputes.Kind.DISPUTE), request);
        return Response.status(CREATED)
                .entity(view(dispute, caller.party(), false))
                .build();
    }

    /** {@code decideAsArbiter}. */
    @POST
    @Path("/{id}/decision")
    @Consumes(APPLICATION_JSON)
    public Response decide(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        DisputeDecisions.DecisionRequest request =
                DisputeDecisions.DecisionRequest.ofArbiter(id, Body.json(body, BODY_LIMIT));
        disputes.find(id, Disputes.Kind.DISPUTE);
        return Response.status(CREATED)
                .entity(decisions.decide(caller, request))
                .build();
    }

    /** {@code withdrawDispute}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        filings.withdraw(caller, disputes.find(id, Disputes.Kind.DISPUTE));
    }

    /** Returns the view for a reader; only the two sides, the arbiter and the operator see the statements. */
    private DisputeView view(Disputes.Dispute dispute, @Nullable PartyId reader, boolean isOperator)
            throws SQLException {
        List<LedgerEntry> thread = filings.thread(dispute);
        Set<PartyId> arbiters = thread.stream()
                .map(step -> step.entry().by())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        boolean isOpen = isOperator || dispute.concerns(reader) || (reader != null && reader.equals(dispute.arbiter()));
        DisputeView view = DisputeView.of(dispute, thread, isOpen, parties.faces(arbiters), clock.instant());
        return isOpen ? view : view.shown(measures);
    }
}
