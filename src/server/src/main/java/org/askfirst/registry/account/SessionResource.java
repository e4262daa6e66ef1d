package org.askfirst.registry.account;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
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
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Json;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.PublicAddress;
import org.askfirst.registry.http.QrCode;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.http.SessionCookie;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.party.Sessions;
import org.askfirst.registry.passkey.Passkeys;
import org.jspecify.annotations.Nullable;

/** Signs people in and out: opens, lists and ends sessions. */
@Path("/v1/sessions")
@Produces(APPLICATION_JSON)
@Blocking
public class SessionResource {
    private final Parties parties;
    private final Sessions sessions;
    private final MailSignIns mailSignIns;
    private static final int BODY_LIMIT = 1 << 16;
    private static final int MAX_ID = 64;
    private static final int MAX_LINK = 128;

    private final Passkeys passkeys;
    private final SessionCookie cookie;
    private final PublicAddress address;

    SessionResource(
            Parties parties,
            Sessions sessions,
            MailSignIns mailSignIns,
            Passkeys passkeys,
            SessionCookie cookie,
            PublicAddress address) {
        this.mailSignIns = mailSignIns;
        this.parties = parties;
        this.sessions = sessions;
        this.passkeys = passkeys;
        this.address = address;
        this.cookie = cookie;
    }

    /**
     * {@code Session}.
     *
     * @param current true if the request came with this session
     */
    record SessionView(
            String id,
            String party,
            String method,
            Instant signedInAt,
            Instant freshUntil,
            Instant lastUsedAt,
            Instant expiresAt,
            boolean current) {
        static SessionView of(PartyId party, Sessions.Session session, boolean current) {
            return new SessionView(
                    session.id(),
                    party.toString(),
                    session.method(),
                    session.signedInAt(),
                    session.freshUntil(),
                    session.lastUsedAt(),
                    session.expiresAt(),
                    current);
        }
    }

    /** {@code SessionList}. */
    record SessionList(List<SessionView> sessions) {}

    /** {@code openSession}. */
    @POST
    @Consumes(APPLICATION_JSON)
    @RecordsNothing
    public Response open(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException {
        HttpServerRequest request = exchange.request();
        if (!cookie.isPossiblyOwn(request)) {
            throw Problem.FORBIDDEN.because("Only a page of the registry itself can begin a session");
        }
        Sessions.Opened opened = sessions.open(beginning(authorization, request, Body.bytes(body, BODY_LIMIT)));
        String before = cookie.token(request);
        if (before != null) {
            sessions.replace(before);
        }
        return Response.created(URI.create("/v1/sessions/" + opened.session().id()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.SET_COOKIE, cookie.keeping(request, opened.token(), Sessions.LONGEST))
                .entity(SessionView.of(opened.party(), opened.session(), true))
                .build();
    }

    private Sessions.Beginning beginning(@Nullable String authorization, HttpServerRequest request, byte[] body)
            throws SQLException {
        JsonNode content = body.length == 0 ? MissingNode.getInstance() : Json.parse(body);
        if (content.isMissingNode() || (content.isObject() && content.isEmpty())) {
            if (authorization != null && authorization.startsWith(SessionCookie.SCHEME)) {
                throw Problem.SIGN_IN_AGAIN.because("A session cannot begin another; send a key or a passkey");
            }
            return sessions.beginning(parties.caller(authorization));
        }
        Members members = Members.of(content, "passkey", "link", "mail");
        Members passkey = members.object("passkey", "challenge", "credential");
        String link = members.optionalText("link", MAX_LINK);
        String mail = members.optionalText("mail", MAX_LINK);
        long given = Stream.of("passkey", "link", "mail").filter(members::has).count();
        if (given == 0) {
            members.require("passkey");
        } else if (given > 1) {
            members.refuse(
                    members.has("link") ? "link" : "mail",
                    Reason.CONFLICT,
                    "give a passkey, a link or a mail, only one");
        }
        String challenge = passkey == null ? null : passkey.text("challenge", MAX_ID);
        JsonNode credential = passkey == null ? null : passkey.raw("credential");
        if (passkey != null) {
            passkey.require("credential");
        }
        members.finish();
        if (link != null) {
            return sessions.follow(link.strip());
        }
        if (mail != null) {
            return mailSignIns.follow(mail.strip());
        }
        return passkeys.signIn(
                address.of(request),
                String.valueOf(challenge),
                credential == null ? NullNode.getInstance() : credential);
    }

    /** {@code startSignIn}. */
    @POST
    @Path("/challenges")
    @RecordsNothing
    public Passkeys.Challenge start(@Context RoutingContext exchange) throws SQLException, IOException {
        HttpServerRequest request = exchange.request();
        return passkeys.beginSignIn(address.of(request), AskerAddress.of(request.remoteAddress()));
    }

    /** {@code SessionLink}. */
    record SessionLink(String url, Instant expiresAt, String qr) {}

    /** {@code linkSession}. */
    @POST
    @Path("/links")
    @RecordsNothing
    public SessionLink link(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @Context RoutingContext exchange)
            throws SQLException {
        Caller caller = parties.caller(authorization).requireFresh();
        Sessions.Link link = sessions.link(sessions.beginning(caller));
        // No browser sends the fragment of an address to a server, so no log has the token.
        String url = address.of(exchange.request()) + "/key#link=" + link.token();
        return new SessionLink(url, link.expiresAt(), QrCode.of(url).toSvg());
    }

    /** {@code listSessions}. */
    @GET
    public SessionList list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @Context RoutingContext exchange)
            throws SQLException {
        PartyId party = parties.caller(authorization, KeyScope.READ).party();
        String current = current(exchange.request());
        return new SessionList(sessions.of(party).stream()
                .map(session -> SessionView.of(party, session, session.id().equals(current)))
                .toList());
    }

    /** {@code endSession}. */
    @DELETE
    @Path("/{id}")
    public Response end(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Context RoutingContext exchange,
            @PathParam("id") String id)
            throws SQLException {
        sessions.end(parties.caller(authorization).party(), id);
        Response.ResponseBuilder answer = Response.noContent();
        return id.equals(current(exchange.request()))
                ? answer.header(HttpHeaders.SET_COOKIE, cookie.deleting(exchange.request()))
                        .build()
                : answer.build();
    }

    private @Nullable String current(HttpServerRequest request) {
        String token = cookie.token(request);
        return token == null ? null : Sessions.idOf(token);
    }
}
