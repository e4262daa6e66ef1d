package org.askfirst.registry.search;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.quota.Quotas;
import org.jspecify.annotations.Nullable;

/** Searches works and parties. */
@Path("/v1/search")
@Produces(APPLICATION_JSON)
@Blocking
public class SearchResource {
    /** A search costs as much of the quota as a lookup of so many works. */
    public static final int WORKS_OF_A_SEARCH = 1_000;

    private static final int MAX_TEXT = 200;

    /** Each character of the text may have four bytes. */
    private static final int MAX_BYTES = 4 * MAX_TEXT;

    private static final int MAX_PAGE = 100;
    private static final int DEFAULT_PAGE = 20;
    private static final List<String> KINDS = List.of("work", "party");

    private final NameSearch names;
    private final Quotas quotas;

    SearchResource(NameSearch names, Quotas quotas) {
        this.names = names;
        this.quotas = quotas;
    }

    /** {@code search}. */
    @GET
    public Response search(
            @QueryParam("q") @Nullable String text,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange)
            throws SQLException {
        NameSearch.Text asked = asked(text);
        Set<FoldedName.Kind> kinds = kinds(kind);
        int size = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        Cursor after = cursor == null ? Cursor.before(Match.IDENTIFIER) : Cursor.parse(cursor);
        quotas.of(exchange.request(), authorization).take(WORKS_OF_A_SEARCH);
        NameSearch.Page page = names.search(asked, kinds, after, size);
        Cursor next = page.next();
        return Response.ok(new SearchAnswer(
                        page.results(), next == null ? null : next.toString(), page.incomplete() ? Boolean.TRUE : null))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static NameSearch.Text asked(@Nullable String text) {
        if (text == null) {
            throw Parameters.refused("q", Reason.MISSING, "give the text to search for");
        }
        if (!Members.isText(text, MAX_TEXT) || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Parameters.refused("q", Reason.TOO_LONG, "give at most " + MAX_TEXT + " characters, and no U+0000");
        }
        NameSearch.Text asked = NameSearch.Text.of(text);
        if (asked.name().isEmpty() && asked.identifier() == null) {
            throw Parameters.refused("q", Reason.EMPTY, "give a text with at least one visible character");
        }
        return asked;
    }

    private static Set<FoldedName.Kind> kinds(@Nullable String kind) {
        if (kind == null) {
            return EnumSet.allOf(FoldedName.Kind.class);
        }
        return switch (KINDS.indexOf(kind)) {
            case 0 -> EnumSet.of(FoldedName.Kind.WORK);
            case 1 -> EnumSet.of(FoldedName.Kind.PARTY);
            default -> throw Parameters.notOneOf("kind", kind, KINDS);
        };
    }
}
