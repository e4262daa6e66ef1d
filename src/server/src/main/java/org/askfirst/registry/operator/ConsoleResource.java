package org.askfirst.registry.operator;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.succession.Recoveries;
import org.askfirst.registry.succession.RecoveryResource;
import org.jspecify.annotations.Nullable;

/** Shows the operator what waits for it, what looks wrong, and what it did. */
@Path("/v1/operator")
@Produces(APPLICATION_JSON)
@Blocking
public class ConsoleResource {
    private static final int SHOWN = 100;
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 200;

    private final OperatorKeys keys;
    private final PartyRequests requests;
    private final Recoveries recoveries;
    private final Watch watch;
    private final ActLog acts;
    private final Parties parties;

    ConsoleResource(
            OperatorKeys keys,
            PartyRequests requests,
            Recoveries recoveries,
            Watch watch,
            ActLog acts,
            Parties parties) {
        this.keys = keys;
        this.requests = requests;
        this.recoveries = recoveries;
        this.watch = watch;
        this.acts = acts;
        this.parties = parties;
    }

    /**
     * {@code OperatorOverview}.
     *
     * @param key the name of the key that asks
     * @param keys the names of all valid keys
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Overview(
            String key,
            List<String> keys,
            List<PartyRequestResource.RequestView> verifications,
            List<PartyRequestResource.RequestView> bodies,
            List<RecoveryResource.RecoveryView> recoveries,
            Watch.Alarms alarms) {}

    /** {@code getOverview}. */
    @GET
    @Path("/overview")
    public Overview overview(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        String key = keys.authority(authorization).operators().get(0);
        return new Overview(
                key,
                keys.all().stream().map(OperatorKeys.NamedKey::name).toList(),
                views(requests.oldest(PartyRequests.VERIFICATION, SHOWN)),
                views(requests.oldest(PartyRequests.BODY, SHOWN)),
                recoveries.allWaiting(SHOWN),
                watch.alarms());
    }

    private List<PartyRequestResource.RequestView> views(List<PartyRequests.Requested> requested) throws SQLException {
        Map<PartyId, Parties.Face> faces = parties.own(
                requested.stream().map(PartyRequests.Requested::party).toList());
        return requested.stream()
                .map(one -> PartyRequestResource.RequestView.of(
                        one,
                        faces.containsKey(one.party()) ? faces.get(one.party()).name() : null))
                .toList();
    }

    /** {@code declineOperatorRequest}. */
    @DELETE
    @Path("/requests/{party}")
    public void decline(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("party") String party)
            throws SQLException {
        keys.authority(authorization);
        requests.end(
                PartyId.parse(party).orElseThrow(() -> Problem.NOT_FOUND.because("The party has no open request")));
    }

    /** {@code listOperatorActs}. */
    @GET
    @Path("/acts")
    public ActLog.ActPage acts(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("before") @Nullable String before,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        keys.authority(authorization);
        return acts.before(Parameters.whole("before", before, 1, Long.MAX_VALUE, Long.MAX_VALUE), (int)
                Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE));
    }
}
