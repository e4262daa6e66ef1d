package org.askfirst.registry.webhook;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.fetch.WebTarget;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Lets a party set, see, test and delete its webhook. */
@Path("/v1/parties/me/webhook")
@Produces(APPLICATION_JSON)
@Blocking
public class WebhookResource {
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_URL = 2048;
    private static final int MAX_PARTIES = 100_000;

    /** A party tests once in this time. It is longer than a test, so one test of a party runs at a time. */
    private static final Duration BETWEEN_TESTS = Duration.ofSeconds(10);

    /** Tests that run on one node at a time. Each holds a worker until the receiver answers. */
    private static final int TESTS = 16;

    private final Parties parties;
    private final Webhooks webhooks;
    private final WebhookSender sender;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore tests = new Semaphore(TESTS);
    private final Cache<PartyId, Instant> tested = Caffeine.newBuilder()
            .maximumSize(MAX_PARTIES)
            .expireAfterWrite(BETWEEN_TESTS)
            .build();

    WebhookResource(Parties parties, Webhooks webhooks, WebhookSender sender, Clock clock) {
        this.parties = parties;
        this.webhooks = webhooks;
        this.sender = sender;
        this.clock = clock;
    }

    /** {@code WebhookRequest}. */
    private record WebhookRequest(WebTarget target) {
        static WebhookRequest parse(JsonNode body) {
            Members members = Members.of(body, "url");
            String url = members.text("url", MAX_URL);
            WebTarget target = url == null ? null : target(members, url);
            members.finish();
            return new WebhookRequest(Objects.requireNonNull(target));
        }

        private static @Nullable WebTarget target(Members members, String url) {
            try {
                Optional<WebTarget> target = WebTarget.parse(url);
                if (target.isEmpty()) {
                    members.refuse(
                            "url",
                            Reason.MALFORMED,
                            "give an https address on port 443, without a user and without a fragment");
                } else if (target.get().isAddress()) {
                    members.refuse(
                            "url", Reason.MALFORMED, "give an address whose host is a name and not an IP address");
                    return null;
                }
                return target.orElse(null);
            } catch (ProblemException notPublic) {
                members.refuse("url", Reason.NOT_PUBLIC_HOST, "give an address whose host is on the public internet");
                return null;
            }
        }
    }

    /**
     * {@code Webhook}.
     *
     * @param secret only in the answer that sets it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WebhookView(
            String url,
            String state,
            Instant setAt,
            int waiting,
            @Nullable Instant nextAttemptAt,
            @Nullable Attempt lastAttempt,
            @Nullable String secret) {
        static WebhookView of(Webhooks.State webhook, @Nullable WebhookSecret secret) {
            return new WebhookView(
                    webhook.url(),
                    webhook.failing() ? "failing" : "active",
                    webhook.setAt(),
                    webhook.waiting(),
                    webhook.nextAttemptAt(),
                    webhook.lastAttempt(),
                    secret == null ? null : secret.text());
        }
    }

    /** {@code setWebhook}. */
    @PUT
    @Consumes(APPLICATION_JSON)
    public Response set(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        PartyId party = parties.caller(authorization).party();
        WebhookRequest request = WebhookRequest.parse(Body.json(body, BODY_LIMIT));
        WebhookSecret secret = WebhookSecret.make(random);
        webhooks.set(party, request.target(), secret, clock.instant());
        return Response.ok(WebhookView.of(find(party), secret))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** {@code getWebhook}. */
    @GET
    public WebhookView get(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        return WebhookView.of(find(parties.caller(authorization).party()), null);
    }

    private Webhooks.State find(PartyId party) throws SQLException {
        return webhooks.find(party).orElseThrow(WebhookResource::none);
    }

    private static ProblemException none() {
        return Problem.NOT_FOUND.because("The party has no webhook");
    }

    /** {@code deleteWebhook}. */
    @DELETE
    public Response delete(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        if (!webhooks.delete(parties.caller(authorization).party())) {
            throw none();
        }
        return Response.noContent().build();
    }

    /** {@code testWebhook}. */
    @POST
    @Path("/test")
    @RecordsNothing
    public Attempt test(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        PartyId party = parties.caller(authorization).party();
        Webhooks.Receiver receiver = webhooks.receiver(party).orElseThrow(WebhookResource::none);
        if (tested.asMap().putIfAbsent(party, clock.instant()) != null) {
            throw Problem.TOO_MANY_REQUESTS.because(
                    "The webhook was tested a moment ago; try again in " + BETWEEN_TESTS.toSeconds() + " seconds");
        }
        if (!tests.tryAcquire()) {
            throw Problem.UNAVAILABLE.because("Too many webhooks are being tested; try again in a few seconds");
        }
        try {
            Attempt attempt = sender.sendTest(party, receiver);
            if (attempt.outcome() == Attempt.Outcome.DEFERRED) {
                throw Problem.TOO_MANY_REQUESTS.because(attempt.detail());
            }
            return attempt;
        } finally {
            tests.release();
        }
    }
}
