package org.askfirst.registry.contact;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Instant;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.registry.party.MailSignIns;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Turns the sign-in by e-mail on and off. */
@Path("/v1/parties/me/mail-sign-in")
@Produces(APPLICATION_JSON)
@Blocking
public class MailSignInResource {
    private final Parties parties;
    private final MailSignIns signIns;
    private final SignInMails mails;

    MailSignInResource(Parties parties, MailSignIns signIns, SignInMails mails) {
        this.parties = parties;
        this.signIns = signIns;
        this.mails = mails;
    }

    /** {@code MailSignIn}. */
    record MailSignInView(String address, Instant since) {}

    /** {@code turnMailSignInOn}. */
    @PUT
    public MailSignInView turnOn(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        PartyId party = parties.caller(authorization).requireFresh().party();
        MailSignIns.MailSignIn turned = mails.turnOn(party);
        return new MailSignInView(turned.address(), turned.since());
    }

    /** {@code turnMailSignInOff}. */
    @DELETE
    public Response turnOff(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws SQLException {
        PartyId party = parties.caller(authorization).requireFresh().party();
        if (!signIns.turnOff(party)) {
            throw Problem.NOT_FOUND.because("The party does not sign in by e-mail");
        }
        return Response.noContent().build();
    }
}
