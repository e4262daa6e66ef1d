package org.askfirst.registry.lookup;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static jakarta.ws.rs.core.MediaType.TEXT_PLAIN;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.asked.Asker;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.Verdict;
import org.askfirst.verdict.Verdicts;
import org.jspecify.annotations.Nullable;

/**
 * The call of the datadiligence client, so that a crawler that uses it changes only a URL.
 *
 * <p>That client pairs lines with answers, so each line has its own answer, in order, duplicates included. It treats
 * everything that is not opted out as allowed, so a line that cannot be read is opted out. With {@code unknown=optOut},
 * an unknown URL is opted out as well.
 */
@Path("/api/v2/query/urls/")
@Consumes(TEXT_PLAIN)
@Produces(APPLICATION_JSON)
@Blocking
public class UrlQueryResource {
    private static final int MAX_LINES = 10_000;
    private static final int BODY_LIMIT = 32 << 20;
    private static final String OPT_OUT = "optOut";
    private static final List<String> UNKNOWN = List.of(OPT_OUT, "neither");

    private final Lookup lookup;
    private final Quotas quotas;

    UrlQueryResource(Lookup lookup, Quotas quotas) {
        this.lookup = lookup;
        this.quotas = quotas;
    }

    /** {@code OptOuts}. */
    record OptOuts(List<OptOut> urls) {}

    /** The answer to one line. */
    record OptOut(String url, boolean optOut, boolean optIn) {
        static OptOut of(String line, @Nullable Verdicts verdicts, boolean isUnknownOut) {
            Verdict verdict = verdicts == null ? Verdict.DENY : verdicts.verdict();
            boolean isOut =
                    verdict == Verdict.DENY || verdict == Verdict.ASK || (isUnknownOut && verdict == Verdict.UNKNOWN);
            return new OptOut(line, isOut, verdict == Verdict.ALLOW);
        }
    }

    /** {@code queryUrls}. */
    @POST
    @RecordsNothing
    public OptOuts query(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("unknown") @Nullable String unknown,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        if (unknown != null && !UNKNOWN.contains(unknown)) {
            throw Parameters.notOneOf("unknown", unknown, UNKNOWN);
        }
        boolean isUnknownOut = OPT_OUT.equals(unknown);
        List<String> lines = lines(Body.text(body, BODY_LIMIT), isOfThatClient(authorization));
        Quotas.Allowance allowance = quotas.of(exchange.request(), key(authorization));
        allowance.take(lines.size());
        List<Question.Item> items = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            items.add(item(lines.get(i), i));
        }
        Question question =
                Question.fromParameters(null, null, "verdict").by(new Asker(allowance.party(), allowance.isByKey()));
        List<@Nullable Verdicts> verdicts = lookup.verdicts(items, question, lookup.asOf(null));
        List<OptOut> answers = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            answers.add(OptOut.of(lines.get(i), verdicts.get(i), isUnknownOut));
        }
        return new OptOuts(answers);
    }

    /**
     * Returns the header if it may have a key of this registry. That client sends a key of another registry, which is
     * ignored.
     */
    private static @Nullable String key(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7) ? authorization : null;
    }

    /**
     * Returns true if the request is from that client. It joins its URLs with LF and sends none after the last one, so
     * a text that ends in LF ends with a blank URL.
     */
    private static boolean isOfThatClient(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, "API ", 0, 4);
    }

    /**
     * Splits the text into lines. A line ends with LF or CR LF, and with nothing else: otherwise a client that pairs
     * lines with answers would assign later answers to wrong lines.
     *
     * @param hasBlankLast true if the end of a text that ends in LF is one more line, which is blank
     */
    private static List<String> lines(String text, boolean hasBlankLast) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length() + (hasBlankLast ? 1 : 0); ) {
            if (lines.size() == MAX_LINES) {
                throw Problem.TOO_LARGE.because("A call takes at most " + MAX_LINES + " lines; send several calls");
            }
            int feed = text.indexOf('\n', from);
            int end = feed < 0 ? text.length() : feed;
            lines.add(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
            from = end + 1;
        }
        return lines;
    }

    private static Question.Item item(String line, int place) {
        String id = String.valueOf(place);
        try {
            return new Question.Item(id, 0, List.of(Subject.parse(SubjectScheme.URL.wireName() + ":" + line)), null);
        } catch (ProblemException refused) {
            return new Question.Item(id, 0, List.of(), refused);
        }
    }
}
