package org.askfirst.registry.repertoire;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.askfirst.entry.Mandate;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.declaration.Declarations;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.measure.Measures;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.askfirst.registry.statement.Listings;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.jspecify.annotations.Nullable;

/** Shows the subjects that a repertoire lists, page by page, and changes the list. */
@Path("/v1/declarations/{id}/repertoire")
@Produces(APPLICATION_JSON)
@Blocking
public class RepertoireResource {
    private static final int BODY_LIMIT = 1 << 20;
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final Pattern CURSOR = Pattern.compile("[0-9a-f]{64}");

    private final Parties parties;
    private final Declarations declarations;
    private final Repertoires repertoires;
    private final Listings listings;
    private final Measures measures;

    RepertoireResource(
            Parties parties, Declarations declarations, Repertoires repertoires, Listings listings, Measures measures) {
        this.measures = measures;
        this.parties = parties;
        this.declarations = declarations;
        this.repertoires = repertoires;
        this.listings = listings;
    }

    /**
     * {@code RepertoireChanged}.
     *
     * @param position of the last entry that was recorded; null if the call changed nothing
     * @param pending the added subjects to which the statement does not apply yet, because control is not proved
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RepertoireChanged(
            String declaration,
            int added,
            int removed,
            @Nullable Long position,
            List<String> pending,
            long listedCount) {}

    /** {@code RepertoirePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RepertoirePage(
            String declaration,
            @Nullable String title,
            long listedCount,
            List<Item> items,
            @Nullable String next) {}

    /** {@code Listing}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(String subject, long position, @Nullable Boolean pending) {}

    /** {@code getRepertoire}. */
    @GET
    public RepertoirePage get(
            @PathParam("id") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        if (after != null && !CURSOR.matcher(after).matches()) {
            throw Parameters.refused("after", Reason.MALFORMED, "give the \"next\" of the previous page");
        }
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        DeclarationState repertoire = repertoires.find(id);
        List<Listings.ListingRow> page =
                listings.page(repertoire.id(), after == null ? null : SubjectKey.fromHex(after), most + 1);
        List<Listings.ListingRow> shown = page.subList(0, Math.min(most, page.size()));
        Set<String> pending = new HashSet<>();
        declarations
                .pending(
                        repertoire,
                        shown.stream()
                                .map(listed -> Subject.ofStored(listed.subject()))
                                .toList())
                .forEach(subject -> pending.add(subject.canonical()));
        List<Item> items = new ArrayList<>();
        for (Listings.ListingRow listed : shown) {
            boolean isPending = pending.contains(listed.subject());
            items.add(new Item(
                    measures.shownSubject(listed.subject()), listed.position(), isPending ? Boolean.TRUE : null));
        }
        return new RepertoirePage(
                repertoire.id().toString(),
                measures.hidesTexts(repertoire.id()) == null ? repertoires.title(repertoire) : null,
                repertoires.count(repertoire),
                items,
                page.size() > most ? shown.get(most - 1).key().hex() : null);
    }

    /**
     * {@code changeRepertoire}. If one subject cannot be listed, nothing is changed. The changes are recorded in
     * several entries, one after another: if the list becomes full or the registry fails in between, the earlier
     * entries are in force.
     */
    @POST
    @Consumes(APPLICATION_JSON)
    public RepertoireChanged change(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization).from(exchange.request());
        DeclarationState repertoire = own(caller, id);
        return repertoires.change(caller, repertoire, Body.json(body, BODY_LIMIT));
    }

    /** {@code changeRepertoire}, one change on each line. */
    @POST
    @Consumes(Lines.MEDIA_TYPE)
    @Produces(Lines.MEDIA_TYPE)
    public Response changeLines(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.cachedCaller(authorization).fromStream(exchange.request());
        DeclarationState repertoire = own(caller, id);
        Mandate mandate = repertoires.mandateOf(repertoire);
        StreamingOutput answers =
                out -> repertoires.take(caller, repertoire, mandate, body, out, exchange.response()::writeQueueFull);
        return Response.ok(answers).build();
    }

    /**
     * Returns the repertoire if the caller owns it. This can be checked before a stream begins, because the owner never
     * changes. All other rules are checked under the ledger's lock.
     */
    private DeclarationState own(Caller caller, String id) throws SQLException {
        DeclarationState repertoire = repertoires.find(id);
        if (!repertoire.party().equals(caller.party())) {
            throw Problem.FORBIDDEN.because("The declaration belongs to another party");
        }
        if (repertoire.withdrawn()) {
            throw Problem.ALREADY_WITHDRAWN.because(
                    "The list of a withdrawn repertoire cannot be changed; declare a new repertoire");
        }
        return repertoire;
    }
}
