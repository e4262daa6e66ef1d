package org.askfirst.registry.asked;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

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
import org.askfirst.id.PartyId;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.statement.DeclarationState;
import org.jspecify.annotations.Nullable;

/** Shows who looked up one declaration, to those whose declaration it is. */
@Path("/v1/declarations/{id}")
@Produces(APPLICATION_JSON)
@Blocking
public class AskedResource {
    private final Parties parties;
    private final AskedAccess access;
    private final AskedAnswers answers;
    private final Certificates certificates;

    AskedResource(Parties parties, AskedAccess access, AskedAnswers answers, Certificates certificates) {
        this.parties = parties;
        this.access = access;
        this.answers = answers;
        this.certificates = certificates;
    }

    /** {@code getDeclarationLookups}, as JSON. */
    @GET
    @Path("/lookups")
    public Response lookups(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("by") @Nullable String by,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("month") @Nullable String month,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        CountStore.Scope scope = scope(authorization, id);
        AskedQuestion question = AskedQuestion.of(by, from, to, month, after, limit, answers.today());
        return CountTable.confidential(answers.answer(scope, question));
    }

    /** {@code getDeclarationLookups}, as a table. */
    @GET
    @Path("/lookups")
    @Produces(CountTable.CSV)
    public Response lookupsTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("by") @Nullable String by,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("month") @Nullable String month,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        CountStore.Scope scope = scope(authorization, id);
        AskedQuestion question = AskedQuestion.of(by, from, to, month, after, limit, answers.today());
        return CountTable.confidential(CountTable.of(answers.answer(scope, question)));
    }

    private CountStore.Scope scope(@Nullable String authorization, String id) throws SQLException {
        PartyId caller = parties.caller(authorization, KeyScope.READ).party();
        DeclarationState state = access.require(caller, id);
        return new CountStore.Scope(state.party(), state.id());
    }

    /** {@code getRetrievability}. */
    @GET
    @Path("/retrievability")
    public Response retrievability(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        PartyId caller = parties.caller(authorization, KeyScope.READ).party();
        return CountTable.confidential(certificates.of(access.require(caller, id)));
    }
}
