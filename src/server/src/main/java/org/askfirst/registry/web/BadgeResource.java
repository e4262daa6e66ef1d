package org.askfirst.registry.web;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.Conditional;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.lookup.DeclarationAnswers;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.verdict.Verdict;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Draws the badge of a declaration: a question and the answer that askers get today. It has no name and no title.
 *
 * <p>A cache may show a badge that is some minutes old. So a badge never says yes, which is only for a lookup to say.
 */
@Path("/badge/{id}.svg")
@Produces(BadgeResource.SVG)
@Blocking
public class BadgeResource {
    static final String SVG = "image/svg+xml";

    private static final String CACHE = "public, max-age=300";
    private static final List<String> LANGUAGES = List.of("ko", "en");
    private static final int HEIGHT = 32;
    private static final int LETTER = 14;
    private static final int PADDING = 12;
    private static final double NARROW = 0.56;

    /** Letters beyond this, among them Hangul, are as wide as high. */
    private static final int FIRST_WIDE = 0x2e80;

    private static final Map<Verdict, String> COLOURS = new EnumMap<>(Map.of(
            Verdict.ASK, "#8a5200", Verdict.DENY, "#a01f2d", Verdict.ALLOW, "#1f6b3a", Verdict.UNKNOWN, "#5d574d"));

    private final Declarations declarations;
    private final DeclarationAnswers answers;
    private final Quotas quotas;

    BadgeResource(Declarations declarations, DeclarationAnswers answers, Quotas quotas) {
        this.declarations = declarations;
        this.answers = answers;
        this.quotas = quotas;
    }

    /** {@code getBadge}. */
    @GET
    public Response badge(
            @PathParam("id") String id,
            @QueryParam("lang") @Nullable String lang,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @Context RoutingContext exchange)
            throws SQLException {
        if (lang != null && !LANGUAGES.contains(lang)) {
            throw Parameters.notOneOf("lang", lang, LANGUAGES);
        }
        quotas.of(exchange.request(), null).take(1);
        DeclarationState declaration = declarations.find(id);
        boolean isList = declaration.content().repertoire() != null && !declaration.withdrawn();
        Verdict verdict = isList
                // The works of a list have an answer each.
                ? Verdict.ALLOW
                : verdict(answers.current(declaration, declaration.content().subjects()));
        Language language = "en".equals(lang) ? Language.ENGLISH : Language.KOREAN;
        byte[] svg = svg(verdict, language).getBytes(StandardCharsets.UTF_8);
        RestResponse<byte[]> answer =
                Conditional.answer(svg, Conditional.etag(svg), CACHE, ifNoneMatch, exchange.response());
        byte[] body = answer.getEntity();
        @Nullable StreamingOutput stream = body == null ? null : out -> out.write(body);
        return Response.status(answer.getStatus()).entity(stream).type(SVG).build();
    }

    /** If the declaration applies to none of its works, it says nothing that counts. */
    private static Verdict verdict(DeclarationAnswers.@Nullable Current current) {
        return current == null || current.applied() == 0 ? Verdict.UNKNOWN : current.verdict();
    }

    /** Returns the badge. {@code takeaway.js} draws the same one. */
    static String svg(Verdict verdict, Language language) {
        String question = language.text("takeaway.badge.question");
        String answer = language.text(verdict == Verdict.ALLOW ? "takeaway.allow" : "strip." + verdict.wireName());
        int left = width(question);
        int right = width(answer);
        String label = Markdown.escape(question + " " + answer);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img" \
                aria-label="%3$s"><title>%3$s</title><rect width="%1$d" height="%2$d" rx="6" fill="#fbf9f4" \
                stroke="#857d70"/><path d="M%4$d 0h%5$da6 6 0 0 1 6 6v20a6 6 0 0 1-6 6h-%5$dz" fill="%6$s"/>\
                <g font-family="'Noto Serif KR','AppleMyungjo','Nanum Myeongjo',Batang,Georgia,serif" \
                font-size="%7$d" font-weight="600"><text x="%8$d" y="21" fill="#1c1a17">%9$s</text>\
                <text x="%10$d" y="21" fill="#ffffff">%11$s</text></g></svg>
                """.formatted(
                        left + right,
                        HEIGHT,
                        label,
                        left,
                        right - 6,
                        COLOURS.get(verdict),
                        LETTER,
                        PADDING,
                        Markdown.escape(question),
                        left + PADDING,
                        Markdown.escape(answer));
    }

    private static int width(String text) {
        double letters = text.codePoints()
                .mapToDouble(letter -> letter >= FIRST_WIDE ? 1 : NARROW)
                .sum();
        return (int) Math.round(letters * LETTER) + 2 * PADDING;
    }
}
