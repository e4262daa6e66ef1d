package org.askfirst.registry.party;

import io.vertx.core.http.HttpServerRequest;
import org.askfirst.id.PartyId;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.ledger.Authority;
import org.askfirst.registry.ledger.Sender;

/**
 * The party that makes a request, authenticated by its key or its session.
 *
 * @param reachable true if the party has a contact, so that an asker can reach it
 * @param authority the authority of its key or session; checked again under the ledger's lock
 * @param onlyTests true if its key is for tests, so that nothing that it declares is recorded
 * @param fresh true with a key, and with a session in the first 15 minutes
 */
public record Caller(PartyId party, boolean reachable, Authority authority, boolean onlyTests, boolean fresh) {
    /**
     * Requires a key or a fresh sign-in, for acts that change who gets into the account.
     *
     * @throws ProblemException {@link Problem#SIGN_IN_AGAIN}
     */
    public Caller requireFresh() {
        if (!fresh) {
            throw Problem.SIGN_IN_AGAIN.because(
                    "This needs a sign-in of the last 15 minutes; sign in again, and then repeat it");
        }
        return this;
    }

    /** Returns the same caller with the address of its request, for limits. */
    public Caller from(HttpServerRequest request) {
        return from(Sender.of(AskerAddress.of(request.remoteAddress())));
    }

    /** Returns the same caller with the address of a request that sends a stream of acts. */
    public Caller fromStream(HttpServerRequest request) {
        return from(Sender.ofStream(AskerAddress.of(request.remoteAddress())));
    }

    /** Returns the same caller with the sender of its acts. */
    public Caller from(Sender sender) {
        return new Caller(party, reachable, authority.from(sender), onlyTests, fresh);
    }
}
