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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.Body;
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
 * everything that is not opted out as allowed, so a line that cannot be read is opted out.
 */
@Path("/api/v2/query/urls/")
@Consumes(TEXT_PLAIN)
@Produces(APPLICATION_JSON)
@Blocking
public class UrlQueryResource {
    private static final int MAX_LINES = 10_000;
    private static final int BODY_LIMIT = 32 << 20;

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
        static OptOut of(String line, @Nullable Verdicts verdicts) {
            Verdict verdict = verdicts == null ? Verdict.DENY : verdicts.verdict();
            return new OptOut(line, verdict == Verdict.DENY || verdict == Verdict.ASK, verdict == Verdict.ALLOW);
        }
    }

    /** {@code queryUrls}. */
    @POST
    public OptOuts query(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        List<String> lines = lines(Body.text(body, BODY_LIMIT));
        quotas.of(exchange.request(), key(authorization)).take(lines.size());
        List<Question.Item> items = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            items.add(item(lines.get(i), i));
        }
        Question question = Question.fromParameters(null, null, "verdict");
        List<@Nullable Verdicts> verdicts = lookup.verdicts(items, question, lookup.asOf(null));
        List<OptOut> answers = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            answers.add(OptOut.of(lines.get(i), verdicts.get(i)));
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
     * Splits the text into lines. A line ends with LF or CR LF, and with nothing else: otherwise a client that pairs
     * lines with answers would assign later answers to wrong lines.
     */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
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
            return new Question.Item(id, List.of(Subject.parse(SubjectScheme.URL.wireName() + ":" + line)), null);
        } catch (ProblemException refused) {
            return new Question.Item(id, List.of(), refused);
        }
    }
}
