package org.askfirst.registry.contact;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.mail.MailAddress;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** Takes messages to parties, and lists them to their recipients. */
@Path("/v1/parties")
@Produces(APPLICATION_JSON)
@Blocking
public class MessageResource {
    private static final int BODY_LIMIT = 1 << 15;
    private static final int MAX_NAME = 200;
    private static final int MAX_ADDRESS = 254;
    private static final int MAX_WORKS = 20;
    private static final int MAX_MESSAGE = 4_000;
    private static final int MAX_PAGE = 100;
    private static final int ACCEPTED = 202;

    private final Parties parties;
    private final Messages messages;

    MessageResource(Parties parties, Messages messages) {
        this.parties = parties;
        this.messages = messages;
    }

    /** {@code LeftMessage}. */
    record LeftMessage(Instant keptUntil) {}

    /** {@code Message}. */
    record MessageView(long id, Instant time, String name, String replyTo, List<String> works, String message) {
        static MessageView of(Messages.Message message) {
            return new MessageView(
                    message.id(), message.at(), message.name(), message.replyTo(), message.works(), message.message());
        }
    }

    /** {@code MessagePage}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MessagePage(List<MessageView> messages, @Nullable Long next) {}

    /** {@code leaveMessage}. */
    @POST
    @Path("/{id}/messages")
    @Consumes(APPLICATION_JSON)
    public Response leave(@PathParam("id") String id, @Context RoutingContext exchange, InputStream body)
            throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "name", "replyTo", "works", "message");
        String name = members.text("name", MAX_NAME);
        String replyTo = members.text("replyTo", MAX_ADDRESS);
        if (replyTo != null && !MailAddress.isOne(replyTo)) {
            members.refuse("replyTo", Reason.MALFORMED, "give one e-mail address, such as kim@example.com");
        }
        List<Subject> works = members.parsedList("works", MAX_WORKS, Subject::parse);
        String message = members.text("message", MAX_MESSAGE);
        members.finish();
        PartyId party = PartyId.parse(id).orElseThrow(() -> Problem.NOT_FOUND.because("There is no such party"));
        Messages.Draft draft =
                new Messages.Draft(String.valueOf(name), String.valueOf(replyTo), works, String.valueOf(message));
        Instant until =
                messages.leave(party, draft, AskerAddress.of(exchange.request().remoteAddress()));
        return Response.status(ACCEPTED).entity(new LeftMessage(until)).build();
    }

    /** {@code listMessages}. */
    @GET
    @Path("/me/messages")
    public Response list(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit)
            throws SQLException {
        PartyId party = parties.caller(authorization, KeyScope.READ).party();
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, MAX_PAGE);
        List<MessageView> page = messages.page(party, from, most + 1).stream()
                .map(MessageView::of)
                .toList();
        boolean more = page.size() > most;
        return Response.ok(new MessagePage(
                        more ? page.subList(0, most) : page,
                        more ? page.get(most - 1).id() : null))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
