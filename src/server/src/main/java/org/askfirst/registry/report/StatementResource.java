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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.CsvLine;
import org.jspecify.annotations.Nullable;

/** Shows the statement of one report, as JSON, as a table and signed, and the parts of members. */
@Path("/v1/grants/{id}/reports/{period}/{revision}/statement")
@Produces(APPLICATION_JSON)
@Blocking
public class StatementResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 10_000;

    private final Parties parties;
    private final Reports reports;
    private final ReportStore store;
    private final SignedStatements signed;

    StatementResource(Parties parties, Reports reports, ReportStore store, SignedStatements signed) {
        this.parties = parties;
        this.reports = reports;
        this.store = store;
        this.signed = signed;
    }

    /**
     * {@code MemberPart}.
     *
     * @param part the sum of the parts of its lines
     * @param amount what it receives by the key of distribution
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberPartView(String member, @Nullable String memberName, int lines, String part, String amount) {}

    /** {@code MemberPartPage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemberPartPage(
            @Nullable String currency,
            List<MemberPartView> members,
            @Nullable String next) {}

    /** {@code getUsageStatement}. */
    @GET
    public Response get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision)
            throws SQLException {
        return ReportResource.confidential(statement(authorization, id, period, revision));
    }

    /** {@code getUsageStatement}, as a table. */
    @GET
    @Produces(ReportResource.CSV)
    public Response table(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision)
            throws SQLException {
        return ReportResource.confidential(
                UsageStatementView.table(List.of(statement(authorization, id, period, revision))));
    }

    private Map<String, Object> statement(@Nullable String authorization, String id, String period, String revision)
            throws SQLException {
        FiledReport report = filed(authorization, id, period, revision);
        return UsageStatementView.of(report, parties.faces(List.of(report.licensor(), report.licensee())));
    }

    /** {@code getSignedUsageStatement}. */
    @GET
    @Path("/signed")
    public Response signed(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision)
            throws SQLException {
        return ReportResource.confidential(signed.of(filed(authorization, id, period, revision)));
    }

    /** {@code listMemberParts}. */
    @GET
    @Path("/members")
    public Response members(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return ReportResource.confidential(
                page(filed(authorization, id, period, revision), after, limit, DEFAULT_PAGE));
    }

    /** {@code listMemberParts}, as a table. */
    @GET
    @Path("/members")
    @Produces(ReportResource.CSV)
    public Response membersTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        MemberPartPage page = page(filed(authorization, id, period, revision), after, limit, MAX_PAGE);
        StringBuilder table = new StringBuilder("\uFEFFmember,memberName,lines,part,amount,currency\r\n");
        for (MemberPartView member : page.members()) {
            table.append(String.join(
                            ",",
                            CsvLine.written(member.member()),
                            CsvLine.written(Objects.requireNonNullElse(member.memberName(), "")),
                            String.valueOf(member.lines()),
                            member.part(),
                            member.amount(),
                            Objects.requireNonNullElse(page.currency(), "")))
                    .append("\r\n");
        }
        return ReportResource.confidential(table.toString());
    }

    private MemberPartPage page(FiledReport report, @Nullable String after, @Nullable String limit, int usual)
            throws SQLException {
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, usual);
        List<ReportStore.MemberPart> found = store.members(report.id(), cursor(after), most + 1);
        List<ReportStore.MemberPart> shown = found.subList(0, Math.min(most, found.size()));
        Map<String, String> names = names(
                parties, shown.stream().map(ReportStore.MemberPart::member).toList());
        return new MemberPartPage(
                Objects.requireNonNull(report.seal()).currency(),
                shown.stream()
                        .map(member -> new MemberPartView(
                                member.member(),
                                names.get(member.member()),
                                member.lines(),
                                member.part().toPlainString(),
                                member.amount().toPlainString()))
                        .toList(),
                found.size() > most ? shown.get(most - 1).member() : null);
    }

    /** Returns a cursor that a query can hold. */
    static String cursor(@Nullable String after) {
        return after == null ? "" : after.replace('\0', ' ');
    }

    /** Returns the names of the members that are parties. */
    static Map<String, String> names(Parties parties, List<String> members) throws SQLException {
        Map<String, String> names = new HashMap<>();
        List<PartyId> ids = members.stream()
                .flatMap(member -> PartyId.parse(member).stream())
                .toList();
        for (Map.Entry<PartyId, Parties.Face> face : parties.faces(ids).entrySet()) {
            String name = face.getValue().name();
            if (name != null) {
                names.put(face.getKey().toString(), name);
            }
        }
        return names;
    }

    private FiledReport filed(@Nullable String authorization, String id, String period, String revision)
            throws SQLException {
        PartyId reader = parties.caller(authorization, KeyScope.READ).party();
        FiledReport report = reports.find(Reports.Place.of(reports.grant(id, reader), period, revision), reader);
        if (!report.isFiled()) {
            throw Problem.NOT_FOUND.because("The revision is not filed, so it has no statement yet");
        }
        return report;
    }
}
