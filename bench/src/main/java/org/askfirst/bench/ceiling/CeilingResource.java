package org.askfirst.bench.ceiling;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The least that a server of this kind can do for a request: it answers the same bytes to every request. */
@Path("/v1/lookup")
@Produces(MediaType.APPLICATION_JSON)
public class CeilingResource {
    private volatile byte[] answer = {};

    /** Sets the answer of all later requests. */
    @PUT
    public void answer(byte[] bytes) {
        answer = bytes;
    }

    /** Reads nothing of the request. */
    @GET
    @NonBlocking
    public byte[] answer() {
        return answer;
    }
}
