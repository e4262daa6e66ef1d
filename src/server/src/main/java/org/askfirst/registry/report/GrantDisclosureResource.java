package org.askfirst.registry.report;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.grant.GrantFacts;
import org.askfirst.registry.grant.GrantReader;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.CsvLine;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Fills in what a licensee must disclose elsewhere: domains for the EU's summary, and a block for Croissant. */
@Path("/v1/grants/{id}")
@Produces(APPLICATION_JSON)
@Blocking
public class GrantDisclosureResource {
    private static final int DEFAULT_DOMAINS = 1_000;
    private static final int MAX_DOMAINS = 100_000;
    private static final int PAGE = 10_000;

    private final Parties parties;
    private final Reports reports;
    private final ReportStore store;
    private final GrantReader grants;

    GrantDisclosureResource(Parties parties, Reports reports, ReportStore store, GrantReader grants) {
        this.parties = parties;
        this.reports = reports;
        this.store = store;
        this.grants = grants;
    }

    /**
     * {@code TrainingDomain}.
     *
     * @param units null if the list is made of the granted works
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TrainingDomain(
            String domain, long works, @Nullable String units) {}

    /** {@code TrainingSummary}. */
    record TrainingSummary(String grant, String source, List<TrainingDomain> domains) {}

    /** {@code getTrainingSummary}. */
    @GET
    @Path("/training-summary")
    public Response summary(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return ReportResource.confidential(domains(authorization, id, limit));
    }

    /** {@code getTrainingSummary}, as a table. */
    @GET
    @Path("/training-summary")
    @Produces(ReportResource.CSV)
    public Response summaryTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        StringBuilder table = new StringBuilder("\uFEFFdomain,works,units\r\n");
        for (TrainingDomain domain : domains(authorization, id, limit).domains()) {
            String units = domain.units();
            table.append(CsvLine.written(domain.domain()))
                    .append(',')
                    .append(domain.works())
                    .append(',')
                    .append(units == null ? "" : units)
                    .append("\r\n");
        }
        return ReportResource.confidential(table.toString());
    }

    private TrainingSummary domains(@Nullable String authorization, String id, @Nullable String limit)
            throws SQLException {
        GrantFacts grant =
                reports.grant(id, parties.caller(authorization, KeyScope.READ).party());
        int most = (int) Parameters.whole("limit", limit, 1, MAX_DOMAINS, DEFAULT_DOMAINS);
        List<ReportStore.DomainUse> used = store.domains(grant.id(), most);
        if (!used.isEmpty()) {
            return new TrainingSummary(
                    grant.id().toString(),
                    "reports",
                    used.stream()
                            .map(one -> new TrainingDomain(one.domain(), one.lines(), StoredLine.plain(one.units())))
                            .toList());
        }
        return new TrainingSummary(grant.id().toString(), "works", ofWorks(grant, most));
    }

    /** Returns the domains of the works that the grant names. */
    private List<TrainingDomain> ofWorks(GrantFacts grant, int most) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        for (int from = 0; from < grant.works(); from += PAGE) {
            for (String work : grants.works(grant, from, PAGE)) {
                Subject.ofStored(work).registrableDomain().ifPresent(domain -> counts.merge(domain, 1L, Long::sum));
            }
        }
        List<TrainingDomain> domains = new ArrayList<>();
        counts.forEach((domain, works) -> domains.add(new TrainingDomain(domain, works, null)));
        domains.sort(Comparator.comparingLong(TrainingDomain::works).reversed().thenComparing(TrainingDomain::domain));
        return domains.subList(0, Math.min(most, domains.size()));
    }

    /** {@code getUsageInfo}. */
    @GET
    @Path("/usage-info")
    public Response usageInfo(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        GrantFacts grant =
                reports.grant(id, parties.caller(authorization, KeyScope.READ).party());
        return ReportResource.confidential(
                UsageInfo.of(grant, parties.faces(List.of(grant.licensor(), grant.licensee()))));
    }
}
