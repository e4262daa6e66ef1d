package org.askfirst.registry.contact;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.Members;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.mail.MailAddress;

/** Sends the links that sign people in. */
@Path("/v1/sessions/mails")
@Produces(APPLICATION_JSON)
@Blocking
public class SignInMailResource {
    private static final int ACCEPTED = 202;
    private static final int BODY_LIMIT = 1 << 10;
    private static final int MAX_ADDRESS = 254;

    private final SignInMails mails;

    SignInMailResource(SignInMails mails) {
        this.mails = mails;
    }

    /** {@code SignInMail}. */
    record SignInMailView(Instant expiresAt) {}

    /** {@code mailSignInLink}. */
    @POST
    @Consumes(APPLICATION_JSON)
    @RecordsNothing
    public Response send(@Context RoutingContext exchange, InputStream body) throws SQLException {
        Members members = Members.of(Body.json(body, BODY_LIMIT), "address");
        String address = members.text("address", MAX_ADDRESS);
        if (address != null && !MailAddress.isOne(address.strip())) {
            members.refuse("address", Reason.MALFORMED, "give one e-mail address, such as haneul@example.com");
        }
        members.finish();
        Instant expiresAt = mails.ask(
                String.valueOf(address).strip(),
                AskerAddress.of(exchange.request().remoteAddress()));
        return Response.status(ACCEPTED).entity(new SignInMailView(expiresAt)).build();
    }
}
