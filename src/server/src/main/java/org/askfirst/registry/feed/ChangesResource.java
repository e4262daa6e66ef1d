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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.http.Admission;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerHead;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
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
    /** Number of entries that one page with a filter looks at. */
    private static final int WINDOW = 50_000;

    /** Number of entries in a block that a filter chose; each has at most 64 KiB. */
    private static final int AT_ONCE = 16;

    /** Value of {@code after} for the end of the ledger. */
    private static final String NOW = "now";

    /** Header with the value of {@code after} for the next page. */
    private static final String NEXT = "Askfirst-Next";

    /** Number of bytes of entries that are in memory at once, for each reader. */
    private static final int BLOCK_BYTES = 1 << 18;

    private static final byte[] NEW_LINE = {'\n'};

    private final LedgerStore ledger;
    private final LedgerHead head;
    private final LiveChanges live;
    private final BlockReads reads;
    private final Measures measures;
    private final ObjectWriter json;

    ChangesResource(
            LedgerStore ledger,
            LedgerHead head,
            LiveChanges live,
            BlockReads reads,
            Measures measures,
            ObjectMapper mapper) {
        this.measures = measures;
        this.ledger = ledger;
        this.head = head;
        this.live = live;
        this.reads = reads;
        this.json = mapper.writerFor(FeedEntry.class);
    }

    /** {@code getChanges}, one entry on each line. */
    @GET
    @Produces(Lines.MEDIA_TYPE)
    public Response changes(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("party") @Nullable List<String> parties,
            @QueryParam("kind") @Nullable List<String> kinds)
            throws SQLException {
        long end = head.position();
        long from = NOW.equals(after) ? end : Parameters.whole("after", after, 0, Long.MAX_VALUE, 0);
        int most = (int) Parameters.whole("limit", limit, 1, MAX_PAGE, DEFAULT_PAGE);
        Filter filter = Filter.fromParameters(parties, kinds);
        long next;
        StreamingOutput lines;
        if (filter.isOpen()) {
            // The page ends here even if the ledger grows meanwhile, so that the header tells its true end.
            int exactly = (int) Math.min(most, Math.max(0, end - from));
            next = from + exactly;
            lines = out -> write(from, exactly, out);
        } else {
            long until = Math.max(from, Math.min(end, from + WINDOW));
            List<Long> wanted = ledger.positions(from, until, filter.parties(), filter.kinds(), most);
            next = wanted.size() == most ? wanted.get(most - 1) : until;
            lines = out -> write(wanted, out);
        }
        return Response.ok(lines)
                .header("Askfirst-Position", end)
                .header(NEXT, next)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /**
     * Some entries as lines. A reader that is slow keeps only these bytes in memory.
     *
     * @param size the number of entries
     * @param end the position of the last one
     */
    @SuppressWarnings("ArrayRecordComponent") // Blocks are never compared.
    private record Block(byte[] lines, int size, long end) {}

    // The status has been sent before the entries are read. Only an aborted connection shows that a list is incomplete.

    private void write(long from, int most, OutputStream out) throws IOException {
        long position = from;
        int left = most;
        while (left > 0) {
            Block block = block(position, left);
            if (block.size() == 0) {
                return;
            }
            out.write(block.lines());
            left -= block.size();
            position = block.end();
        }
    }

    private Block block(long after, int limit) throws IOException {
        return reads.of(() -> block(ledger.after(after, limit, BLOCK_BYTES)));
    }

    private void write(List<Long> positions, OutputStream out) throws IOException {
        for (int i = 0; i < positions.size(); i += AT_ONCE) {
            List<Long> some = positions.subList(i, Math.min(positions.size(), i + AT_ONCE));
            out.write(reads.of(() -> block(ledger.at(some))).lines());
        }
    }

    private Block block(List<LedgerEntry> entries) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long end = 0;
        for (LedgerEntry entry : entries) {
            lines.write(json.writeValueAsBytes(FeedEntry.of(entry, measures)));
            lines.write(NEW_LINE);
            end = entry.position();
        }
        return new Block(lines.toByteArray(), entries.size(), end);
    }

    /** {@code getChanges}, live. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> live(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("party") @Nullable List<String> parties,
            @QueryParam("kind") @Nullable List<String> kinds,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context RoutingContext exchange) {
        long end = head.position();
        long from = NOW.equals(after) ? end : Parameters.whole("after", after, 0, Long.MAX_VALUE, end);
        if (lastEventId != null) {
            from = Parameters.whole("Last-Event-ID", lastEventId, 0, Long.MAX_VALUE, 0);
        }
        long most = Parameters.whole("limit", limit, 1, MAX_PAGE, Long.MAX_VALUE);
        Filter filter = Filter.fromParameters(parties, kinds);
        Admission.staysLive(exchange);
        exchange.response().putHeader("Askfirst-Position", String.valueOf(end));
        return live.after(from, filter, most, exchange.request().connection()::close);
    }
}
