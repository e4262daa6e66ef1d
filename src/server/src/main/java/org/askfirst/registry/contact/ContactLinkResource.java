package org.askfirst.registry.contact;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.verdict.ContactCheck;

/** Shows the links that were sent to contacts, and takes the answers of mailboxes. */
@Path("/v1/contact-links/{token}")
@Produces(APPLICATION_JSON)
@Blocking
public class ContactLinkResource {
    private static final int BODY_LIMIT = 1 << 10;
    private static final String CONFIRM = "confirm";
    private static final List<String> ANSWERS = List.of(CONFIRM, "refuse");

    private final ContactLinks links;

    ContactLinkResource(ContactLinks links) {
        this.links = links;
    }

    /** {@code ContactLink}. */
    record ContactLinkView(String party, String name, String contact, String status, Instant expiresAt) {}

    /** {@code getContactLink}. */
    @GET
    public Response link(@PathParam("token") String token) throws SQLException {
        return answered(links.find(token));
    }

    /** {@code answerContactLink}. */
    @POST
    @Consumes(APPLICATION_JSON)
    public Response answer(@PathParam("token") String token, InputStream body) throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "answer");
        members.require("answer", ANSWERS);
        String answer = members.optionalChoice("answer", ANSWERS);
        members.finish();
        return answered(links.answer(token, CONFIRM.equals(answer) ? ContactCheck.VERIFIED : ContactCheck.REFUSED));
    }

    private Response answered(ContactLinks.FoundLink link) {
        String status = link.check() == ContactCheck.NONE
                ? links.isExpired(link) ? "expired" : "open"
                : link.check().wireName();
        return Response.ok(new ContactLinkView(
                        link.party().toString(), link.name(), link.contact(), status, link.expiresAt()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
