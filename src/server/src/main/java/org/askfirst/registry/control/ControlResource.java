package org.askfirst.registry.control;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Lets a party prove that it controls a site or a page. */
@Path("/v1/parties/me/controls")
@Produces(APPLICATION_JSON)
@Blocking
public class ControlResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    private final Parties parties;
    private final ControlChallenges challenges;

    ControlResource(Parties parties, ControlChallenges challenges) {
        this.parties = parties;
        this.challenges = challenges;
    }

    /** {@code startControlChallenge}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response startChallenge(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "subject");
        Subject subject = members.parsed("subject", declared -> {
            Subject parsed = Subject.parse(declared);
            parsed.requireDeclarable();
            return parsed;
        });
        members.finish();
        ControlChallenges.StartedChallenge started = challenges.start(
                caller.party(), AskerAddress.of(exchange.request().remoteAddress()), Objects.requireNonNull(subject));
        ChallengeView view = ChallengeView.of(started.state());
        return Response.status(started.fresh() ? CREATED : 200)
                .location(URI.create("/v1/parties/me/controls"))
                .entity(view)
                .build();
    }

    /** {@code listControls}. */
    @GET
    public ChallengeList list(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        Caller caller = parties.caller(authorization, KeyScope.READ);
        return new ChallengeList(
                challenges.of(caller.party()).stream().map(ChallengeView::of).toList());
    }

    /** {@code checkControl}. */
    @POST
    @Path("/{id}/check")
    public Response check(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        ControlChallenges.ChallengeState state = challenges.check(caller.party(), id);
        return Response.status(state.checking() ? ACCEPTED : 200)
                .entity(ChallengeView.of(state))
                .build();
    }

    /** {@code withdrawControl}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        challenges.withdraw(parties.caller(authorization), id);
    }

    /** {@code ControlChallenges}. */
    record ChallengeList(List<ChallengeView> controls) {}

    /** {@code ControlChallenge}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChallengeView(
            String id,
            String subject,
            String state,
            @Nullable Boolean checking,
            String token,
            List<WayView> methods,
            Instant startedAt,
            @Nullable Instant checkedAt,
            @Nullable String method,
            @Nullable Long position,
            @Nullable Instant goneSince,
            @Nullable Instant expiresAt,
            List<CheckView> checks) {
        static ChallengeView of(ControlChallenges.ChallengeState state) {
            ControlChallenge challenge = state.challenge();
            ControlChallenge.ProofInForce proof = challenge.proof();
            Instant gone = challenge.isRechecked() ? challenge.goneSince() : null;
            return new ChallengeView(
                    challenge.id(),
                    challenge.subject().canonical(),
                    name(state, gone),
                    state.checking() ? Boolean.TRUE : null,
                    challenge.token(),
                    ControlCheck.ways(challenge.subject(), challenge.token()).stream()
                            .map(way -> new WayView(way.method().wireName(), way.location(), way.text()))
                            .toList(),
                    challenge.startedAt(),
                    challenge.checkedAt(),
                    proof == null ? null : proof.method().wireName(),
                    proof == null ? null : proof.position(),
                    gone,
                    gone == null ? null : gone.plus(ControlChallenge.GRACE),
                    state.checks().stream().map(CheckView::of).toList());
        }

        private static String name(ControlChallenges.ChallengeState state, @Nullable Instant gone) {
            if (state.challenge().proof() == null) {
                return state.hadProof() ? "revoked" : "pending";
            }
            return gone == null ? "proved" : "gone";
        }
    }

    /** {@code ControlPlacement}. */
    public record WayView(String method, String location, String text) {}

    /** {@code ControlCheck}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CheckView(
            Instant time,
            String method,
            String outcome,
            @Nullable Boolean dnssec,
            String observation) {
        static CheckView of(ControlChallenges.Check check) {
            return new CheckView(
                    check.at(),
                    check.method(),
                    check.outcome(),
                    check.validated() ? Boolean.TRUE : null,
                    check.observation());
        }
    }
}
