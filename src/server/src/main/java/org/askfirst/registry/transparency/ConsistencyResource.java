package org.askfirst.registry.transparency;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Parameters;
import org.askfirst.tlog.ConsistencyProof;
import org.askfirst.tlog.Hash;
import org.jspecify.annotations.Nullable;

/** Serves the proof that a larger tree of the log only adds entries to a smaller one. */
@Path("/v1/log/consistency")
@Produces(APPLICATION_JSON)
@Blocking
public class ConsistencyResource {
    private final LogStore store;

    ConsistencyResource(LogStore store) {
        this.store = store;
    }

    /** {@code Consistency}. */
    record Consistency(long from, long to, List<String> hashes) {}

    /** {@code getConsistency}. */
    @GET
    public Consistency consistency(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to)
            throws SQLException {
        if (from == null) {
            throw Parameters.refused("from", Reason.MISSING, "this parameter is required; give the smaller size");
        }
        long size = store.signed().orElseThrow().size();
        long newSize = Parameters.whole("to", to, 1, Math.max(1, size), size);
        long oldSize = Parameters.whole("from", from, 1, Long.MAX_VALUE, 1);
        if (oldSize > newSize || newSize > size) {
            throw Parameters.refused(
                    "from", Reason.OUT_OF_RANGE, "give a size from 1 to " + newSize + ", the larger size");
        }
        ConsistencyProof proof = ConsistencyProof.from(store, oldSize, newSize);
        return new Consistency(
                oldSize, newSize, proof.hashes().stream().map(Hash::base64).toList());
    }
}
