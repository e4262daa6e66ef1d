package org.askfirst.registry.report;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.LineParts;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Notices;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.CsvLine;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/** Shows the lines of a report with their verdicts and parts, and takes disputes about them. */
@Path("/v1/grants/{id}/reports/{period}/{revision}")
@Produces(APPLICATION_JSON)
@Blocking
public class ReportLineResource {
    private static final int BODY_LIMIT = 1 << 14;
    private static final int MAX_TEXT = 2_000;
    private static final int MAX_MEMBER = 64;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 10_000;
    private static final List<String> COLUMNS =
            List.of("line", "verdict", "work", "units", "share", "kind", "ref", "member", "reason", "part");
    private static final List<String> OUTCOMES = List.of("accepted", "rejected");

    private final Parties parties;
    private final Reports reports;
    private final ReportStore store;
    private final LineDisputes disputes;
    private final Notices notices;
    private final Clock clock;

    ReportLineResource(
            Parties parties, Reports reports, ReportStore store, LineDisputes disputes, Notices notices, Clock clock) {
        this.parties = parties;
        this.reports = reports;
        this.store = store;
        this.disputes = disputes;
        this.notices = notices;
        this.clock = clock;
    }

    /** {@code ReportedLinePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReportedLinePage(
            List<Map<String, Object>> lines, @Nullable Integer next) {}

    /** {@code LineDisputePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LineDisputePage(
            List<Map<String, Object>> disputes, @Nullable Integer next) {}

    /** {@code listReportedLines}. */
    @GET
    @Path("/lines")
    public Response lines(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("verdict") @Nullable String verdict,
            @QueryParam("member") @Nullable String member,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        FiledReport report = find(parties.caller(authorization, KeyScope.READ), id, period, revision);
        int from = (int) Parameters.whole("after", after, 0, Integer.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<StoredLine> found = store.lines(report.id(), filter(verdict, member), from, most + 1);
        Parts parts = Parts.of(report);
        return ReportResource.confidential(new ReportedLinePage(
                found.stream().limit(most).map(parts::tree).toList(),
                found.size() > most ? found.get(most - 1).line() : null));
    }

    /** {@code listReportedLines}, all lines as NDJSON. */
    @GET
    @Path("/lines")
    @Produces(Lines.MEDIA_TYPE)
    public Response linesStreamed(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("verdict") @Nullable String verdict,
            @QueryParam("member") @Nullable String member,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        FiledReport report = find(parties.caller(authorization, KeyScope.READ), id, period, revision);
        return streamed(report, filter(verdict, member), after, limit, "", tree -> CanonicalJson.write(tree) + "\n");
    }

    /** {@code listReportedLines}, all lines as a table. */
    @GET
    @Path("/lines")
    @Produces(ReportResource.CSV)
    public Response linesTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("verdict") @Nullable String verdict,
            @QueryParam("member") @Nullable String member,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        FiledReport report = find(parties.caller(authorization, KeyScope.READ), id, period, revision);
        // Spreadsheets assume the country's old encoding without the byte order mark.
        String head = "\uFEFF" + String.join(",", COLUMNS) + "\r\n";
        return streamed(report, filter(verdict, member), after, limit, head, ReportLineResource::row);
    }

    private static String row(Map<String, Object> line) {
        StringBuilder row = new StringBuilder();
        for (String column : COLUMNS) {
            row.append(row.isEmpty() ? "" : ",").append(CsvLine.written(Objects.toString(line.get(column), "")));
        }
        return row.append("\r\n").toString();
    }

    /** Streams the lines page by page, so that memory use does not depend on their number. */
    private Response streamed(
            FiledReport report,
            ReportStore.Filter filter,
            @Nullable String after,
            @Nullable String limit,
            String head,
            Function<Map<String, Object>, String> written) {
        int from = (int) Parameters.whole("after", after, 0, Integer.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, Reports.MAX_LINES, Reports.MAX_LINES);
        Parts parts = Parts.of(report);
        StreamingOutput stream = out -> {
            OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
            buffered.write(head.getBytes(StandardCharsets.UTF_8));
            try {
                int last = from;
                int left = most;
                while (left > 0) {
                    int wanted = Math.min(left, ReportStore.PAGE);
                    List<StoredLine> page = store.lines(report.id(), filter, last, wanted);
                    for (StoredLine line : page) {
                        buffered.write(written.apply(parts.tree(line)).getBytes(StandardCharsets.UTF_8));
                    }
                    left = page.size() < wanted ? 0 : left - wanted;
                    last = page.isEmpty() ? last : page.get(page.size() - 1).line();
                }
            } catch (SQLException failure) {
                throw new IOException(failure);
            }
            buffered.flush();
        };
        return ReportResource.confidential(stream);
    }

    /**
     * The rule for the parts of the lines of a report.
     *
     * @param rule null if nothing is computed
     * @param places the number of digits after the point of the currency
     */
    private record Parts(@Nullable LineParts rule, int places) {
        static Parts of(FiledReport report) {
            FiledReport.Seal seal = report.seal();
            if (seal == null || !seal.tree().containsKey("due")) {
                return new Parts(null, 0);
            }
            String currency = seal.currency();
            return new Parts(
                    seal.parts(),
                    currency == null ? 0 : CurrencyUnit.of(currency).getDecimalPlaces());
        }

        Map<String, Object> tree(StoredLine line) {
            return line.toTree(rule, places);
        }
    }

    private static ReportStore.Filter filter(@Nullable String verdict, @Nullable String member) {
        if (verdict != null && LineVerdict.named(verdict).isEmpty()) {
            throw Parameters.notOneOf("verdict", verdict, LineVerdict.names());
        }
        if (member != null && !Members.isText(member, MAX_MEMBER)) {
            throw Parameters.refused(
                    "member",
                    Reason.MALFORMED,
                    "name a member by the id of its party, or of its mandate if it has no account");
        }
        return new ReportStore.Filter(
                verdict == null ? null : LineVerdict.named(verdict).orElseThrow(), member);
    }

    /** {@code listLineDisputes}. */
    @GET
    @Path("/disputes")
    public Response disputes(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        FiledReport report = find(parties.caller(authorization, KeyScope.READ), id, period, revision);
        int from = (int) Parameters.whole("after", after, 0, Integer.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, 1_000, DEFAULT_PAGE);
        List<LineDisputes.LineDispute> found = disputes.list(report.id(), from, most + 1);
        List<Map<String, Object>> shown = new ArrayList<>();
        for (LineDisputes.LineDispute dispute : found.subList(0, Math.min(most, found.size()))) {
            shown.add(view(dispute));
        }
        return ReportResource.confidential(new LineDisputePage(
                shown, found.size() > most ? found.get(most - 1).line() : null));
    }

    /** {@code disputeLine}. */
    @PUT
    @Path("/disputes/{line}")
    @Consumes(APPLICATION_JSON)
    public Response dispute(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @PathParam("line") String line,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        FiledReport report = filed(caller, id, period, revision);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "text");
        members.require("text");
        String text = members.optionalText("text", MAX_TEXT);
        members.finish();
        int number = number(report, line);
        boolean byLicensor = caller.party().equals(report.licensor());
        if (!disputes.raise(report.id(), number, byLicensor, Objects.requireNonNull(text), clock.instant())) {
            throw Problem.NOTHING_TO_CHANGE.because(
                    "The line has a dispute of the other side or one that was answered, or" + " the report has "
                            + LineDisputes.MOST + " disputes");
        }
        tell(caller.party(), report);
        return shown(report, number);
    }

    /** {@code answerLineDispute}. */
    @PUT
    @Path("/disputes/{line}/answer")
    @Consumes(APPLICATION_JSON)
    public Response answer(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @PathParam("period") String period,
            @PathParam("revision") String revision,
            @PathParam("line") String line,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        FiledReport report = filed(caller, id, period, revision);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "outcome", "text");
        members.require("outcome", OUTCOMES);
        String outcome = members.optionalChoice("outcome", OUTCOMES);
        String text = members.optionalText("text", MAX_TEXT);
        members.finish();
        int number = number(report, line);
        if (disputes.find(report.id(), number).isEmpty()) {
            throw Problem.NOT_FOUND.because("Nobody disputes this line");
        }
        boolean isAccepted = "accepted".equals(outcome);
        if (!disputes.answer(
                report.id(),
                number,
                caller.party().equals(report.licensor()),
                isAccepted ? LineDisputes.Outcome.ACCEPTED : LineDisputes.Outcome.REJECTED,
                text,
                clock.instant())) {
            throw Problem.NOTHING_TO_CHANGE.because("Only the other side answers a dispute, and only once");
        }
        tell(caller.party(), report);
        return shown(report, number);
    }

    private void tell(PartyId from, FiledReport report) throws SQLException {
        notices.addFrom(
                from,
                from.equals(report.licensor()) ? report.licensee() : report.licensor(),
                clock.instant(),
                Notices.Kind.REPORT_DISPUTED,
                report.grant().toString());
    }

    private Response shown(FiledReport report, int line) throws SQLException {
        return ReportResource.confidential(view(disputes.find(report.id(), line).orElseThrow(Reports.Place::missing)));
    }

    private static Map<String, Object> view(LineDisputes.LineDispute dispute) {
        Map<String, Object> view = new TreeMap<>();
        view.put("line", dispute.line());
        view.put("by", dispute.byLicensor() ? "licensor" : "licensee");
        view.put("status", dispute.outcome() == null ? "open" : dispute.outcome());
        view.put("raisedAt", dispute.raisedAt());
        if (dispute.text() != null) {
            view.put("text", dispute.text());
        }
        if (dispute.answer() != null) {
            view.put("answer", dispute.answer());
        }
        if (dispute.answeredAt() != null) {
            view.put("answeredAt", dispute.answeredAt());
        }
        return view;
    }

    private FiledReport find(Caller caller, String id, String period, String revision) throws SQLException {
        return reports.find(Reports.Place.of(reports.grant(id, caller.party()), period, revision), caller.party());
    }

    private FiledReport filed(Caller caller, String id, String period, String revision) throws SQLException {
        FiledReport report = find(caller, id, period, revision);
        if (!report.isFiled()) {
            throw Problem.REPORT_NOT_READY.because("The revision is not filed");
        }
        return report;
    }

    private static int number(FiledReport report, String line) {
        if (!line.matches("[1-9][0-9]{0,6}") || Integer.parseInt(line) > report.lines()) {
            throw Problem.NOT_FOUND.because("The report has no such line");
        }
        return Integer.parseInt(line);
    }
}
