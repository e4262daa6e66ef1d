package org.askfirst.registry.asked;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Shows a party who looked up its declarations, all together. */
@Path("/v1/parties/me/lookups")
@Produces(APPLICATION_JSON)
@Blocking
public class OwnAskedResource {
    private final Parties parties;
    private final AskedAnswers answers;

    OwnAskedResource(Parties parties, AskedAnswers answers) {
        this.parties = parties;
        this.answers = answers;
    }

    /** {@code getOwnLookups}, as JSON. */
    @GET
    public Response lookups(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("by") @Nullable String by,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("month") @Nullable String month,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return CountTable.confidential(answer(authorization, by, from, to, month, after, limit));
    }

    /** {@code getOwnLookups}, as a table. */
    @GET
    @Produces(CountTable.CSV)
    public Response lookupsTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("by") @Nullable String by,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("month") @Nullable String month,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        return CountTable.confidential(CountTable.of(answer(authorization, by, from, to, month, after, limit)));
    }

    private LookupCounts answer(
            @Nullable String authorization,
            @Nullable String by,
            @Nullable String from,
            @Nullable String to,
            @Nullable String month,
            @Nullable String after,
            @Nullable String limit)
            throws SQLException {
        CountStore.Scope scope = new CountStore.Scope(
                parties.caller(authorization, KeyScope.READ).party(), null);
        return answers.answer(scope, AskedQuestion.of(by, from, to, month, after, limit, answers.today()));
    }
}
