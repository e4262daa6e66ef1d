package org.askfirst.lookup;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkus.vertx.http.Uncompressed;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.askfirst.declaration.Stances;
import org.askfirst.http.Parameters;
import org.askfirst.index.IndexView;
import org.askfirst.index.Posting;
import org.askfirst.subject.Key;
import org.jspecify.annotations.Nullable;

/**
 * Everything under keys that begin alike, so that an asker learns a verdict without showing what it asks about: it hides
 * among all works whose keys begin so.
 */
@Path("/v1/range")
@Produces(APPLICATION_JSON)
@Blocking
public class RangeResource {
    /** So many keys share a prefix on average, at most. */
    private static final long CROWD = 512;

    private static final int LEAST_DIGITS = 2;
    private static final int MOST_DIGITS = 16;
    private static final int BITS_OF_DIGIT = 4;
    private static final int PADDED_TO = 1 << 15;
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{" + LEAST_DIGITS + "," + MOST_DIGITS + "}");

    private final IndexFollower index;
    private final Quotas quotas;
    private final ObjectWriter json;

    RangeResource(IndexFollower index, Quotas quotas, ObjectMapper mapper) {
        this.index = index;
        this.quotas = quotas;
        this.json = mapper.writerFor(Range.class);
    }

    /** {@code Range}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Range(
            String prefix,
            int digits,
            List<RangeKey> keys,
            @Nullable String padding) {}

    /** {@code RangeKey}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record RangeKey(String key, List<RangeStatement> statements, List<RangeProof> proofs) {
        static RangeKey of(Key key, List<Posting> postings) {
            List<RangeStatement> statements = new ArrayList<>();
            List<RangeProof> proofs = new ArrayList<>();
            for (Posting posting : postings) {
                Stances stances = posting.stances();
                if (stances == null) {
                    proofs.add(new RangeProof(posting.party().toString(), posting.position()));
                } else {
                    statements.add(new RangeStatement(
                            posting.party().toString(),
                            posting.position(),
                            stances.toWire(),
                            posting.address(),
                            posting.period().from(),
                            posting.period().to()));
                }
            }
            return new RangeKey(key.hex(), statements, proofs);
        }
    }

    /** {@code RangeStatement}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RangeStatement(
            String party,
            long position,
            Map<String, String> stances,
            boolean address,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {}

    /** {@code RangeProof}. */
    record RangeProof(String party, long position) {}

    /** {@code getRange}: never compressed, or its length would tell again what padding hides. */
    @GET
    @Uncompressed
    @Path("/{prefix}")
    public Response range(
            @PathParam("prefix") String prefix,
            @QueryParam("padding") @Nullable String padding,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String known,
            @Context RoutingContext exchange)
            throws SQLException {
        boolean isPadded = Parameters.isTrue("padding", padding);
        IndexView view = index.view();
        int digits = digits(view.keys());
        if (!PREFIX.matcher(prefix).matches() || prefix.length() < digits) {
            throw Parameters.refused(
                    "prefix",
                    "Expected " + digits + " to " + MOST_DIGITS + " lower-case hexadecimal digits: the registry has so"
                            + " many works that fewer are not answered");
        }
        quotas.of(exchange.request(), authorization).take(1);
        List<RangeKey> keys = new ArrayList<>();
        view.range(first(prefix), prefix.length() * BITS_OF_DIGIT)
                .forEach((key, postings) -> keys.add(RangeKey.of(key, postings)));
        byte[] body = bytes(new Range(prefix, digits, keys, null));
        if (isPadded) {
            // One more member; the rest of the text around it is known only once it is written.
            int bare = bytes(new Range(prefix, digits, keys, "")).length;
            int missing = Math.floorMod(-bare, PADDED_TO);
            body = bytes(new Range(prefix, digits, keys, "0".repeat(missing)));
        }
        return Conditional.answer(body, known)
                .header("Askfirst-Position", view.position())
                .build();
    }

    /** How many digits of a key are asked with, at least, among so many keys. */
    static int digits(long keys) {
        int digits = LEAST_DIGITS;
        while (digits < MOST_DIGITS && keys >> (digits * BITS_OF_DIGIT) > CROWD) {
            digits++;
        }
        return digits;
    }

    private static long first(String prefix) {
        return Long.parseUnsignedLong(prefix, 16) << ((MOST_DIGITS - prefix.length()) * BITS_OF_DIGIT);
    }

    private byte[] bytes(Range range) {
        try {
            return json.writeValueAsBytes(Objects.requireNonNull(range));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
