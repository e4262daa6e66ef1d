package org.askfirst.registry.olp;

import static jakarta.ws.rs.core.MediaType.APPLICATION_FORM_URLENCODED;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.askfirst.id.GrantId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.quota.Quotas;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the Open License Protocol, and the answers of a server that protects works by RSL's Crawler
 * Authorization Protocol.
 *
 * <p>The client is a party and its secret is a key of that party. Refusals of the protocol are JSON as in RFC 6749. All
 * other refusals, such as that of a body that is too large, are problem documents as everywhere.
 */
@Path("/olp")
@Produces(APPLICATION_JSON)
@Blocking
public class OlpResource {
    private static final int BODY_LIMIT = 64 << 10;
    private static final int MAX_RESOURCE = 2_000;
    private static final String RSL = "application/rsl+xml";
    private static final String GRANT_TYPE = "client_credentials";
    private static final int NO_CONTENT = 204;
    private static final int UNAUTHORIZED = 401;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int FORBIDDEN = 403;

    /** The seconds after which a client asks again if a licensor has to decide. */
    private static final int INTERVAL = 300;

    private final LicenseServer server;
    private final LicenseDocuments documents;
    private final Parties parties;
    private final Quotas quotas;
    private final PublicAddress address;

    OlpResource(
            LicenseServer server, LicenseDocuments documents, Parties parties, Quotas quotas, PublicAddress address) {
        this.server = server;
        this.documents = documents;
        this.parties = parties;
        this.quotas = quotas;
        this.address = address;
    }

    /** {@code OlpToken}. */
    record TokenView(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn) {}

    /** {@code OlpIntrospection}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record IntrospectionView(
            boolean active,
            @Nullable @JsonProperty("token_type") String tokenType,
            @Nullable String license,
            @Nullable String resource,
            @Nullable Boolean permitted,
            @Nullable String reason,
            @Nullable Long iat,
            @Nullable Long exp,
            @Nullable List<String> grants) {
        static final IntrospectionView INACTIVE =
                new IntrospectionView(false, null, null, null, null, null, null, null, null);
    }

    /** {@code OlpError}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ErrorView(
            String error,
            @JsonProperty("error_description") String description,
            @Nullable Integer interval,
            @Nullable @JsonProperty("license_request") String licenseRequest) {}

    /** Work that may be refused. */
    private interface Work {
        Response run() throws SQLException;
    }

    /** {@code acquireLicenseToken}. */
    @POST
    @Path("/token")
    @Consumes(APPLICATION_FORM_URLENCODED)
    @RecordsNothing
    public Response token(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        return answered(() -> {
            Caller client = client(authorization, KeyScope.FULL);
            OlpForm form = form(body);
            if (!form.require("grant_type").equals(GRANT_TYPE)) {
                throw new OlpRefusal(
                        OlpRefusal.Kind.UNSUPPORTED_GRANT_TYPE,
                        "RSL 1.0 has the grant_type client_credentials, and no other; drafts of 2025 had rsl");
            }
            String type = form.get("license_type");
            if (type != null && !type.equals(RSL)) {
                throw new OlpRefusal(OlpRefusal.Kind.INVALID_LICENSE, "The license_type is " + RSL);
            }
            String resource = resource(form.require("resource"));
            RslLicense license = RslLicense.parse(form.require("license"));
            LicenseServer.Issued issued = server.acquire(
                    client,
                    AskerAddress.of(exchange.request().remoteAddress()),
                    license,
                    resource,
                    address.of(exchange.request()));
            return Response.ok(new TokenView(issued.text(), "License", issued.seconds()))
                    .build();
        });
    }

    /** {@code introspectLicenseToken}. */
    @POST
    @Path("/introspect")
    @Consumes(APPLICATION_FORM_URLENCODED)
    @RecordsNothing
    public Response introspect(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, InputStream body)
            throws SQLException {
        return answered(() -> {
            Caller reader = client(authorization, KeyScope.LOOK_UP);
            OlpForm form = form(body);
            String text = form.require("token");
            String named = form.get("resource");
            Subject subject = named == null ? null : LicenseServer.subject(resource(named));
            OlpStore.Token token = server.find(text).orElse(null);
            if (token == null || !server.concerns(reader.party(), token, subject == null ? token.subject() : subject)) {
                return Response.ok(IntrospectionView.INACTIVE).build();
            }
            LicenseServer.Denial denial =
                    server.denial(token, subject == null ? token.subject() : subject, token.uses());
            return Response.ok(new IntrospectionView(
                            true,
                            "License",
                            token.license(),
                            token.resource(),
                            denial == null,
                            denial == null ? null : denial.reason(),
                            token.issuedAt().getEpochSecond(),
                            token.expiresAt().getEpochSecond(),
                            token.grants().stream().map(GrantId::toString).toList()))
                    .build();
        });
    }

    /** {@code getLicenseDocument}. */
    @GET
    @Path("/license")
    @Produces(RSL)
    public Response license(
            @QueryParam("resource") @Nullable String resource,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange)
            throws SQLException {
        String named = parameter(resource);
        Subject subject = subject(named);
        quotas.of(exchange.request(), authorization).take(1);
        String document = documents.about(named, subject, address.of(exchange.request()));
        if (document == null) {
            throw Problem.NOT_FOUND.because(
                    "Nobody has declared anything about this resource here; that permits nothing");
        }
        return Response.ok(document, RSL).build();
    }

    /** {@code checkLicensedAccess}. */
    @GET
    @Path("/access")
    @Produces(MediaType.WILDCARD)
    public Response access(
            @QueryParam("resource") @Nullable String resource,
            @QueryParam("use") @Nullable String use,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange)
            throws SQLException {
        String named = parameter(resource);
        Subject subject = subject(named);
        Set<Use> uses = use == null ? null : uses(use);
        quotas.of(exchange.request(), null).take(1);
        String text = licenseToken(authorization);
        OlpStore.Token token = text == null ? null : server.find(text).orElse(null);
        String document = address.of(exchange.request()) + "/olp/license?resource="
                + URLEncoder.encode(named, StandardCharsets.UTF_8);
        if (token == null) {
            if (authorization == null && server.isOpen(subject, uses == null ? uses("ai-all") : uses)) {
                return Response.status(NO_CONTENT).build();
            }
            return denied(
                    UNAUTHORIZED,
                    "invalid_token",
                    text == null ? "Send the header Authorization: License and a token" : "The token is not in force",
                    document);
        }
        LicenseServer.Denial denial = server.denial(token, subject, uses == null ? token.uses() : uses);
        if (denial == null) {
            return Response.status(NO_CONTENT).build();
        }
        return denied(denial.covered() ? FORBIDDEN : PAYMENT_REQUIRED, "insufficient_scope", denial.reason(), document);
    }

    /** Refuses access as RSL's Crawler Authorization Protocol does. */
    private static Response denied(int status, String error, String description, String document) {
        return Response.status(status)
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "License error=\"" + error + "\", error_description=\"" + description + "\"")
                .header("Link", "<" + document + ">; rel=\"license\"; type=\"" + RSL + "\"")
                .type(APPLICATION_JSON)
                .entity(new ErrorView(error, description, null, null))
                .build();
    }

    /** Returns the token in the header; null without the scheme {@code License}. */
    private static @Nullable String licenseToken(@Nullable String authorization) {
        String scheme = "License ";
        return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
                ? authorization.substring(scheme.length()).strip()
                : null;
    }

    private static String parameter(@Nullable String resource) {
        if (resource == null) {
            throw Parameters.refused("resource", Reason.MISSING, "name the resource, such as https://example.com/a");
        }
        if (resource.length() > MAX_RESOURCE) {
            throw Parameters.refused("resource", Reason.TOO_LONG, "give at most " + MAX_RESOURCE + " characters");
        }
        return resource;
    }

    private static Subject subject(String resource) {
        try {
            return LicenseServer.subject(resource);
        } catch (OlpRefusal unreadable) {
            throw Parameters.refused("resource", Reason.MALFORMED, unreadable.description());
        }
    }

    private static Set<Use> uses(String tokens) {
        try {
            Set<Use> uses =
                    RslUsage.parse(tokens, prefix -> RslUsage.PREFIX.equals(prefix) ? RslUsage.NAMESPACE : null);
            if (!uses.isEmpty()) {
                return uses;
            }
        } catch (OlpRefusal unknown) {
            throw Parameters.refused("use", Reason.UNKNOWN_VALUE, unknown.description());
        }
        throw Parameters.refused("use", Reason.UNKNOWN_VALUE, "give usage tokens of RSL 1.0, such as ai-train");
    }

    private static String resource(String resource) {
        if (resource.length() > MAX_RESOURCE) {
            throw new OlpRefusal(
                    OlpRefusal.Kind.INVALID_RESOURCE, "The resource has more than " + MAX_RESOURCE + " characters");
        }
        return resource;
    }

    private static OlpForm form(InputStream body) {
        OlpForm form = OlpForm.parse(Body.bytes(body, BODY_LIMIT));
        if (form.get("client_secret") != null) {
            throw new OlpRefusal(
                    OlpRefusal.Kind.INVALID_REQUEST, "Send the client's secret in the header Authorization only");
        }
        return form;
    }

    /**
     * Authenticates the client: HTTP Basic with the id of the party and a key, or Bearer with a key.
     *
     * @throws OlpRefusal {@code invalid_client}, {@code unauthorized_client}
     */
    private Caller client(@Nullable String authorization, KeyScope needed) throws SQLException {
        String scheme = "Basic ";
        String party = null;
        String header = authorization;
        if (authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            String credentials =
                    credentials(authorization.substring(scheme.length()).strip());
            int colon = credentials.indexOf(':');
            if (colon < 0) {
                throw invalidClient("The credentials are the id of the party, a colon and a key");
            }
            party = decoded(credentials.substring(0, colon));
            header = "Bearer " + decoded(credentials.substring(colon + 1));
        }
        Caller caller;
        try {
            caller = parties.caller(header, needed);
        } catch (ProblemException refused) {
            if (refused.problem() == Problem.UNAUTHENTICATED) {
                throw invalidClient(refused.detail());
            }
            if (refused.problem() == Problem.FORBIDDEN) {
                throw new OlpRefusal(OlpRefusal.Kind.UNAUTHORIZED_CLIENT, refused.detail());
            }
            throw refused;
        }
        if (party != null && !party.equals(caller.party().toString())) {
            throw invalidClient("The key is not one of this party");
        }
        return caller;
    }

    private static OlpRefusal invalidClient(String description) {
        return new OlpRefusal(OlpRefusal.Kind.INVALID_CLIENT, description);
    }

    private static String credentials(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException malformed) {
            throw invalidClient("The credentials are not in Base64");
        }
    }

    private static String decoded(String text) {
        try {
            return OlpForm.decode(text);
        } catch (OlpRefusal malformed) {
            throw invalidClient("The credentials have a malformed escape");
        }
    }

    /** Runs the work, and answers a refusal of the protocol. */
    private static Response answered(Work work) throws SQLException {
        try {
            return work.run();
        } catch (OlpRefusal refusal) {
            boolean isPending = refusal.kind() == OlpRefusal.Kind.AUTHORIZATION_PENDING;
            Response.ResponseBuilder response = Response.status(refusal.kind().status())
                    .entity(new ErrorView(
                            refusal.kind().wireName(),
                            refusal.description(),
                            isPending ? INTERVAL : null,
                            refusal.request()));
            if (refusal.kind() == OlpRefusal.Kind.INVALID_CLIENT) {
                response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Ask First\", charset=\"UTF-8\"");
            }
            return response.build();
        }
    }
}
