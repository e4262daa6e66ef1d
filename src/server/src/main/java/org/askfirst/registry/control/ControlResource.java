package org.askfirst.registry.control;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.party.Caller;
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

    private final Parties parties;
    private final ControlChallenges claims;

    ControlResource(Parties parties, ControlChallenges claims) {
        this.parties = parties;
        this.claims = claims;
    }

    /** {@code startControlChallenge}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response startChallenge(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        Members members = Members.of(Body.json(body, BODY_LIMIT), "subject");
        Subject subject = members.parsed("subject", declared -> {
            Subject parsed = Subject.parse(declared);
            parsed.requireDeclarable();
            return parsed;
        });
        members.finish();
        ControlChallenges.Claimed claimed = claims.claim(caller.party(), Objects.requireNonNull(subject));
        ClaimView view = ClaimView.of(claimed.known());
        return Response.status(claimed.fresh() ? CREATED : 200)
                .location(URI.create("/v1/parties/me/controls"))
                .entity(view)
                .build();
    }

    /** {@code listControls}. */
    @GET
    public ClaimList list(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        Caller caller = parties.caller(authorization);
        return new ClaimList(
                claims.of(caller.party()).stream().map(ClaimView::of).toList());
    }

    /** {@code checkControl}. */
    @POST
    @Path("/{id}/check")
    public ClaimView check(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        Caller caller = parties.caller(authorization);
        return ClaimView.of(claims.check(caller.party(), id));
    }

    /** {@code withdrawControl}. */
    @DELETE
    @Path("/{id}")
    public void withdraw(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        claims.giveUp(parties.caller(authorization), id);
    }

    /** {@code ControlChallenges}. */
    record ClaimList(List<ClaimView> controls) {}

    /** {@code ControlChallenge}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ClaimView(
            String id,
            String subject,
            String state,
            String token,
            List<WayView> methods,
            Instant startedAt,
            @Nullable Instant checkedAt,
            @Nullable String method,
            @Nullable Long position,
            @Nullable Instant goneSince,
            @Nullable Instant expiresAt,
            List<CheckView> checks) {
        static ClaimView of(ControlChallenges.ChallengeState known) {
            ControlChallenge claim = known.claim();
            ControlChallenge.ProofInForce standing = claim.standing();
            Instant gone = claim.isLookedFor() ? claim.goneSince() : null;
            return new ClaimView(
                    claim.id(),
                    claim.subject().canonical(),
                    state(known, gone),
                    claim.token(),
                    ControlCheck.ways(claim.subject(), claim.token()).stream()
                            .map(way -> new WayView(way.method().wireName(), way.where(), way.text()))
                            .toList(),
                    claim.claimedAt(),
                    claim.checkedAt(),
                    standing == null ? null : standing.method().wireName(),
                    standing == null ? null : standing.position(),
                    gone,
                    gone == null ? null : gone.plus(ControlChallenge.GRACE),
                    known.checks().stream().map(CheckView::of).toList());
        }

        private static String state(ControlChallenges.ChallengeState known, @Nullable Instant gone) {
            if (known.claim().standing() == null) {
                return known.hadProof() ? "revoked" : "pending";
            }
            return gone == null ? "proved" : "gone";
        }
    }

    /** {@code ControlPlacement}. */
    record WayView(String method, String location, String text) {}

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
                    check.at(), check.method(), check.outcome(), check.validated() ? Boolean.TRUE : null, check.seen());
        }
    }
}
