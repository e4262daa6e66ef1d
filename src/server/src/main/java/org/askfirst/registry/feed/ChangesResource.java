package org.askfirst.registry.feed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.jspecify.annotations.Nullable;

/**
 * The feed: all entries after a position, as a list or live.
 *
 * <p>Positions are gapless and in the order of commit. A reader that asks for all entries after a position therefore
 * never misses one: an entry that commits later has a greater position.
 */
@Path("/v1/changes")
@Blocking
public class ChangesResource {
    private static final int DEFAULT_PAGE = 1000;
    private static final int MAX_PAGE = 10_000;
    private static final int BLOCK = 500;
    private static final byte[] NEW_LINE = {'\n'};

    private final LedgerStore ledger;
    private final LedgerHead head;
    private final LiveChanges live;
    private final ObjectWriter json;

    ChangesResource(LedgerStore ledger, LedgerHead head, LiveChanges live, ObjectMapper mapper) {
        this.ledger = ledger;
        this.head = head;
        this.live = live;
        this.json = mapper.writerFor(FeedEntry.class);
    }

    /** {@code getChanges}, one entry on each line. */
    @GET
    @Produces(Lines.MEDIA_TYPE)
    public Response changes(@QueryParam("after") @Nullable String after, @QueryParam("limit") @Nullable String limit) {
        long from = Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        StreamingOutput lines = out -> write(from, most, out);
        return Response.ok(lines)
                .header("Askfirst-Position", head.position())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private void write(long from, int most, OutputStream out) throws IOException {
        long position = from;
        int left = most;
        while (left > 0) {
            List<LedgerEntry> block = read(position, Math.min(left, BLOCK));
            for (LedgerEntry entry : block) {
                out.write(json.writeValueAsBytes(FeedEntry.of(entry)));
                out.write(NEW_LINE);
            }
            if (block.size() < Math.min(left, BLOCK)) {
                return;
            }
            left -= block.size();
            position = block.get(block.size() - 1).position();
        }
    }

    private List<LedgerEntry> read(long after, int limit) {
        try {
            return ledger.after(after, limit);
        } catch (SQLException failure) {
            // The status has been sent already. Only an aborted connection shows that the list is incomplete.
            throw new UncheckedIOException(new IOException("the ledger cannot be read", failure));
        }
    }

    /** {@code getChanges}, live. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(
            @QueryParam("after") @Nullable String after,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context RoutingContext exchange) {
        long from = lastEventId == null
                ? Parameters.whole("after", after, 0, Long.MAX_VALUE, head.position())
                : Parameters.whole("Last-Event-ID", lastEventId, 0, Long.MAX_VALUE, 0);
        exchange.response().putHeader("Askfirst-Position", String.valueOf(head.position()));
        return live.after(from, exchange.request().connection()::close);
    }
}
