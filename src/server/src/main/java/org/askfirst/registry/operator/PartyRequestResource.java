package org.askfirst.registry.operator;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/** Lets a party ask the operator to verify it, or to recognise it as a body. */
@Path("/v1/parties/me/operator-request")
@Produces(APPLICATION_JSON)
@Blocking
public class PartyRequestResource {
    private static final int BODY_LIMIT = 1 << 14;
    private static final int MAX_STATEMENT = 2000;
    private static final List<String> WANTS = List.of(PartyRequests.VERIFICATION, PartyRequests.BODY);

    private final Parties parties;
    private final PartyRequests requests;

    PartyRequestResource(Parties parties, PartyRequests requests) {
        this.parties = parties;
        this.requests = requests;
    }

    /** {@code OperatorRequest}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RequestView(
            String party,
            @Nullable String name,
            String wants,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> schemes,
            String statement,
            Instant requestedAt) {
        static RequestView of(PartyRequests.Requested request, @Nullable String name) {
            return new RequestView(
                    request.party().toString(),
                    name,
                    request.wants(),
                    request.schemes(),
                    request.statement(),
                    request.requestedAt());
        }
    }

    /** {@code askOperator}. */
    @PUT
    @Consumes(APPLICATION_JSON)
    public RequestView ask(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        PartyId party = parties.caller(authorization).party();
        JsonNode json = Body.json(body, BODY_LIMIT);
        Members members = Members.of(json, "wants", "schemes", "statement");
        members.require("wants", WANTS);
        String wants = members.optionalChoice("wants", WANTS);
        List<SubjectScheme> schemes = OperatorViews.schemesOf(members, "schemes");
        if (wants != null && wants.equals(PartyRequests.BODY) != members.hasList("schemes")) {
            members.refuse(
                    "schemes",
                    wants.equals(PartyRequests.BODY) ? Reason.MISSING : Reason.CONFLICT,
                    "name the schemes to vouch for if the party wants to be a body, and only then");
        }
        String statement = members.text("statement", MAX_STATEMENT);
        members.finish();
        return RequestView.of(
                requests.put(party, Objects.requireNonNull(wants), schemes, Objects.requireNonNull(statement)), null);
    }

    /** {@code withdrawOperatorRequest}. */
    @DELETE
    public void withdraw(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        requests.end(parties.caller(authorization).party());
    }
}
