package org.askfirst.registry.mandate;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** The mandates in which the caller is the society or the member, page by page, with filters. */
@Path("/v1/parties/me/mandates")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnMandatesResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;
    private static final int MAX_TEXT = 200;

    private final Parties parties;
    private final Mandates mandates;
    private final Clock clock;

    OwnMandatesResource(Parties parties, Mandates mandates, Clock clock) {
        this.parties = parties;
        this.mandates = mandates;
        this.clock = clock;
    }

    /** {@code MandatePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MandatePage(List<MandateView> mandates, @Nullable Long next) {}

    /** {@code listOwnMandates}. */
    @GET
    public MandatePage own(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("text") @Nullable String text,
            @QueryParam("state") @Nullable String state,
            @QueryParam("order") @Nullable String order)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        if (text != null && text.length() > MAX_TEXT) {
            throw Parameters.refused("text", Reason.TOO_LONG, "give at most " + MAX_TEXT + " characters");
        }

        if (order != null && !order.equals("newest") && !order.equals("oldest")) {
            throw Parameters.refused("order", Reason.UNKNOWN_VALUE, "give oldest or newest");
        }
        List<Mandates.RecordedMandate> selected = mandates.of(
                caller.party(),
                new Mandates.MandateFilter(
                        text == null ? null : text.strip().replace("\u0000", ""), parse(state), "newest".equals(order)),
                from,
                most + 1);
        boolean more = selected.size() > most;
        List<Mandates.RecordedMandate> page = more ? selected.subList(0, most) : selected;
        Map<PartyId, Parties.Face> faces = parties.faces(MandateView.sides(page));
        return new MandatePage(
                page.stream()
                        .map(mandate -> MandateView.of(mandate, faces, caller.party(), clock.instant()))
                        .toList(),
                more ? page.get(most - 1).position() : null);
    }

    private static Mandates.@Nullable State parse(@Nullable String state) {
        if (state == null) {
            return null;
        }
        return Mandates.State.find(state)
                .orElseThrow(() -> Parameters.refused(
                        "state", Reason.UNKNOWN_VALUE, "give offered, declined, accepted, recorded or withdrawn"));
    }
}
