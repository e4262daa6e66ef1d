package org.askfirst.registry.control;

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
import org.askfirst.registry.http.Body;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.ledger.Proposal;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.trust.Vouching;
import org.jspecify.annotations.Nullable;

/** Lets a vouching body record that a member controls a subject. */
@Path("/v1/parties/me/control-records")
@Produces(APPLICATION_JSON)
@Blocking
public class VouchedProofResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;

    private final Parties parties;
    private final Vouching vouching;
    private final LedgerStore ledger;

    VouchedProofResource(Parties parties, Vouching vouching, LedgerStore ledger) {
        this.parties = parties;
        this.vouching = vouching;
        this.ledger = ledger;
    }

    /** {@code recordControlForMember}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response recordControlForMember(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        ControlViews.ControlRequest request = ControlViews.ControlRequest.parse(Body.json(body, BODY_LIMIT));
        Proposal.Outcome outcome = vouching.recordControl(caller, request.party(), request.subject(), request.reason());
        LedgerEntry entry = ledger.at(List.of(outcome.position())).get(0);
        return Response.status(outcome.fresh() ? CREATED : 200)
                .entity(ControlViews.ControlView.of(entry))
                .build();
    }
}
