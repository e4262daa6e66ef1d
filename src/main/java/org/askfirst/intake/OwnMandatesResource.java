package org.askfirst.intake;

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
import org.askfirst.http.Parameters;
import org.askfirst.party.Caller;
import org.askfirst.party.Mandates;
import org.askfirst.party.Parties;
import org.jspecify.annotations.Nullable;

/** The mandates that a party gave or holds, page by page. */
@Path("/v1/parties/me/mandates")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnMandatesResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;

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
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        List<Mandates.Known> found = mandates.of(caller.party(), from, most + 1);
        boolean more = found.size() > most;
        List<Mandates.Known> page = more ? found.subList(0, most) : found;
        return new MandatePage(
                page.stream()
                        .map(known -> MandateView.of(known, caller.party(), clock.instant()))
                        .toList(),
                more ? page.get(most - 1).position() : null);
    }
}
