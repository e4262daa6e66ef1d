package org.askfirst.registry.report;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lists the statements of a party over all its grants, and the sums of its members. */
@Path("/v1/statements")
@Produces(APPLICATION_JSON)
@Blocking
public class StatementListResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final List<String> ROLES = List.of("licensor", "licensee");
    private static final List<String> REVISIONS = List.of("current", "all");

    private final Parties parties;
    private final ReportStore store;

    StatementListResource(Parties parties, ReportStore store) {
        this.parties = parties;
        this.store = store;
    }

    /** {@code UsageStatementPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record UsageStatementPage(
            List<Map<String, Object>> statements, @Nullable Long next) {}

    /** {@code MemberSum}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberSumView(
            String member, @Nullable String memberName, String currency, String amount, long lines, int statements) {}

    /** {@code MemberSumPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberSumPage(
            List<MemberSumView> members, @Nullable String next) {}

    /** {@code listUsageStatements}. */
    @GET
    public Response list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("role") @Nullable String role,
            @QueryParam("period") @Nullable String period,
            @QueryParam("revisions") @Nullable String revisions,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return ReportResource.confidential(page(authorization, role, period, revisions, after, limit));
    }

    /** {@code listUsageStatements}, as a table. */
    @GET
    @Produces(ReportResource.CSV)
    public Response table(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("role") @Nullable String role,
            @QueryParam("period") @Nullable String period,
            @QueryParam("revisions") @Nullable String revisions,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return ReportResource.confidential(UsageStatementView.table(
                page(authorization, role, period, revisions, after, limit).statements()));
    }

    private UsageStatementPage page(
            @Nullable String authorization,
            @Nullable String role,
            @Nullable String period,
            @Nullable String revisions,
            @Nullable String after,
            @Nullable String limit)
            throws SQLException {
        PartyId reader = parties.caller(authorization, KeyScope.READ).party();
        if (role != null && !ROLES.contains(role)) {
            throw Parameters.notOneOf("role", role, ROLES);
        }
        if (revisions != null && !REVISIONS.contains(revisions)) {
            throw Parameters.notOneOf("revisions", revisions, REVISIONS);
        }
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<FiledReport> found =
                store.issued(reader, "licensor".equals(role), period(period), !"all".equals(revisions), from, most + 1);
        List<FiledReport> shown = found.subList(0, Math.min(most, found.size()));
        Set<PartyId> sides = new HashSet<>();
        for (FiledReport report : shown) {
            sides.add(report.licensor());
            sides.add(report.licensee());
        }
        Map<PartyId, Parties.Face> names = parties.faces(sides);
        List<Map<String, Object>> statements = new ArrayList<>();
        for (FiledReport report : shown) {
            statements.add(UsageStatementView.of(report, names));
        }
        return new UsageStatementPage(
                statements,
                found.size() > most
                        ? Objects.requireNonNull(shown.get(most - 1).issued()).position()
                        : null);
    }

    /** {@code listMemberSums}. */
    @GET
    @Path("/members")
    public Response members(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("period") @Nullable String period,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        PartyId reader = parties.caller(authorization, KeyScope.READ).party();
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<ReportStore.MemberSum> found =
                store.memberSums(reader, period(period), StatementResource.cursor(after), most + 1);
        List<ReportStore.MemberSum> shown = found.subList(0, Math.min(most, found.size()));
        Map<String, String> names = StatementResource.names(
                parties, shown.stream().map(ReportStore.MemberSum::member).toList());
        return ReportResource.confidential(new MemberSumPage(
                shown.stream()
                        .map(sum -> new MemberSumView(
                                sum.member(),
                                names.get(sum.member()),
                                sum.currency(),
                                sum.amount().toPlainString(),
                                sum.lines(),
                                sum.statements()))
                        .toList(),
                found.size() > most
                        ? shown.get(most - 1).member() + " "
                                + shown.get(most - 1).currency()
                        : null));
    }

    private static @Nullable ReportPeriod period(@Nullable String text) {
        return text == null
                ? null
                : ReportPeriod.parse(text)
                        .orElseThrow(() -> Parameters.refused(
                                "period", Reason.MALFORMED, "give a period such as 2026, 2026-Q4 or 2026-11"));
    }
}
