package org.askfirst.registry.report;

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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Receives and files usage reports. */
@Path("/v1/grants/{id}/reports")
@Produces(APPLICATION_JSON)
@Blocking
public class ReportResource {
    static final String CSV = "text/csv";
    private static final int BODY_LIMIT = 1 << 12;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;

    private final Parties parties;
    private final Reports reports;
    private final ReportStore store;
    private final LineDisputes disputes;

    ReportResource(Parties parties, Reports reports, ReportStore store, LineDisputes disputes) {
        this.parties = parties;
        this.reports = reports;
        this.store = store;
        this.disputes = disputes;
    }

    /** {@code UsageReportPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record UsageReportPage(
            List<UsageReportView> reports, @Nullable Integer next) {}

    /** {@code listUsageReports}. */
    @GET
    public Response list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        PartyId reader = parties.caller(authorization, KeyScope.READ).party();
        GrantFacts grant = reports.grant(id, reader);
        int from = (int) Parameters.whole("after", after, 0, Integer.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<FiledReport> found = store.ofGrant(grant.id(), !reader.equals(grant.licensee()), from, most + 1);
        Map<PartyId, Parties.Face> names = names(grant);
        return confidential(new UsageReportPage(
                found.stream()
                        .limit(most)
                        .map(report -> UsageReportView.of(report, names, null, null))
                        .toList(),
                found.size() > most ? from + most : null));
    }

    /** {@code openUsageReport}. */
    @PUT
    @Path("/{period}/{revision}")
    @Consumes(APPLICATION_JSON)
    public Response open(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            InputStream body)
            throws SQLException {
        Reports.Place place = writing(parties.caller(authorization), id, period, revision);
        JsonNode facts = Body.json(body, BODY_LIMIT);
        return shown(reports.open(
                place, ReportFacts.parse(facts, place.grant().terms().price())));
    }

    /** {@code getUsageReport}. */
    @GET
    @Path("/{period}/{revision}")
    public Response get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision)
            throws SQLException {
        PartyId reader = parties.caller(authorization, KeyScope.READ).party();
        return shown(reports.find(Reports.Place.of(reports.grant(id, reader), period, revision), reader));
    }

    /** {@code deleteUsageReport}. */
    @DELETE
    @Path("/{period}/{revision}")
    public Response delete(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision)
            throws SQLException {
        reports.delete(writing(parties.caller(authorization), id, period, revision));
        return Response.noContent().build();
    }

    /** {@code sendUsageLines}, as NDJSON. */
    @PATCH
    @Path("/{period}/{revision}/lines")
    @Consumes(Lines.MEDIA_TYPE)
    public Response send(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("after") @Nullable String after,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return receive(authorization, id, period, revision, after, false, exchange, body);
    }

    /** {@code sendUsageLines}, as a table. */
    @PATCH
    @Path("/{period}/{revision}/lines")
    @Consumes(CSV)
    public Response sendTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("after") @Nullable String after,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return receive(authorization, id, period, revision, after, true, exchange, body);
    }

    private Response receive(
            @Nullable String authorization,
            String id,
            String period,
            String revision,
            @Nullable String after,
            boolean isTable,
            RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Reports.Place place = writing(parties.caller(authorization), id, period, revision);
        int from = (int) Parameters.whole("after", after, 0, Reports.MAX_LINES, 0);
        String address = AskerAddress.of(exchange.request().remoteAddress());
        return shown(reports.receive(place, from, isTable, address, body));
    }

    /** {@code fileUsageReport}. */
    @PUT
    @Path("/{period}/{revision}/filing")
    @Consumes(APPLICATION_JSON)
    public Response file(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            InputStream body)
            throws SQLException {
        Reports.Place place = writing(parties.caller(authorization), id, period, revision);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "lines");
        long lines = members.wholeNumber("lines", 0);
        members.finish();
        return shown(reports.file(place, (int) Math.min(lines, Integer.MAX_VALUE)));
    }

    private Reports.Place writing(Caller caller, String id, String period, String revision) throws SQLException {
        GrantFacts grant = reports.grant(id, caller.party());
        Reports.requireLicensee(grant, caller.party());
        return Reports.Place.of(grant, period, revision);
    }

    private Map<PartyId, Parties.Face> names(GrantFacts grant) throws SQLException {
        return parties.faces(List.of(grant.licensor(), grant.licensee()));
    }

    private Response shown(FiledReport report) throws SQLException {
        return confidential(UsageReportView.of(
                report,
                parties.faces(List.of(report.licensor(), report.licensee())),
                store.counts(report.id()),
                disputes.open(report.id())));
    }

    /** Returns the answer, which no cache may keep. */
    static Response confidential(Object entity) {
        return Response.ok(entity).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
