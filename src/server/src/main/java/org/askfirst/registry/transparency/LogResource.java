package org.askfirst.registry.transparency;

import static jakarta.ws.rs.core.MediaType.APPLICATION_OCTET_STREAM;
import static jakarta.ws.rs.core.MediaType.TEXT_PLAIN;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
import org.askfirst.registry.measure.Measures;
import org.askfirst.tlog.EntryBundle;
import org.askfirst.tlog.MalformedException;
import org.askfirst.tlog.Tile;

/** Serves the log as C2SP tlog-tiles. */
@Path("/log")
@Blocking
public class LogResource {
    private static final String CACHE_FOREVER = "public, max-age=31536000, immutable";
    private static final String CACHE_ONE_SECOND = "public, max-age=1";
    private static final String TEXT = TEXT_PLAIN + ";charset=utf-8";
    private static final String ENTRIES = "entries/";

    /** Number of bytes of entries that are in memory at once, for each reader. */
    private static final int BLOCK_BYTES = 1 << 18;

    private final LogStore store;
    private final LogKeys keys;
    private final Witnesses witnesses;
    private final LedgerStore ledger;
    private final Measures measures;

    LogResource(LogStore store, LogKeys keys, Witnesses witnesses, LedgerStore ledger, Measures measures) {
        this.measures = measures;
        this.witnesses = witnesses;
        this.store = store;
        this.keys = keys;
        this.ledger = ledger;
    }

    /** {@code getCheckpoint}. */
    @GET
    @Path("/checkpoint")
    @Produces(TEXT)
    public Response checkpoint() throws SQLException {
        LogStore.Published published = store.published(witnesses.quorum() > 0)
                .orElseThrow(() -> Problem.UNAVAILABLE.because(
                        "No checkpoint has been cosigned by enough witnesses yet; try again in a few seconds"));
        return Response.ok(published.note())
                .header(HttpHeaders.CACHE_CONTROL, CACHE_ONE_SECOND)
                .build();
    }

    /** {@code getVerifierKey}. */
    @GET
    @Path("/verifier-key")
    @Produces(TEXT)
    public String verifierKey() {
        return keys.verifier().verifierKey() + "\n";
    }

    /** {@code getTile}. */
    @GET
    @Path("/tile/{path: .+}")
    @Produces(APPLICATION_OCTET_STREAM)
    public Response tile(@PathParam("path") String path) throws SQLException {
        long size = store.signed().orElseThrow().size();
        boolean entries = path.startsWith(ENTRIES);
        try {
            return entries ? bundle(EntryBundle.parse("tile/" + path), size) : tile(Tile.parse("tile/" + path), size);
        } catch (MalformedException malformed) {
            throw noSuchTile();
        }
    }

    private Response tile(Tile tile, long size) {
        // The number of hashes at this level of the tree: one for each complete subtree.
        long hashes = size >>> (tile.level() * Tile.HEIGHT);
        if (tile.index() * Tile.FULL_WIDTH + tile.width() > hashes) {
            throw noSuchTile();
        }
        return cached(Response.ok(tile.bytes(store)), tile.isPartial());
    }

    private Response bundle(EntryBundle bundle, long size) {
        if (bundle.end() > size) {
            throw noSuchTile();
        }
        StreamingOutput entries = out -> write(bundle, out);
        return cached(Response.ok(entries), bundle.isPartial());
    }

    /** Writes the entries block by block, because 256 of them may be long. */
    private void write(EntryBundle bundle, OutputStream out) throws IOException {
        long position = bundle.start();
        while (position < bundle.end()) {
            for (LedgerEntry entry : read(position, bundle.end())) {
                // An entry with a hidden subject is left empty. Its hash is in the tile of level 0.
                boolean withheld = measures.shown(entry).withheld() != null;
                out.write(EntryBundle.framed(
                        withheld ? new byte[0] : entry.canonical().getBytes(StandardCharsets.UTF_8)));
                position = entry.position();
            }
        }
    }

    private List<LedgerEntry> read(long after, long end) throws IOException {
        try {
            List<LedgerEntry> block = ledger.after(after, (int) (end - after), BLOCK_BYTES);
            if (block.isEmpty()) {
                throw new IOException("the ledger has no entry after " + after);
            }
            return block;
        } catch (SQLException failure) {
            // The status has been sent already. Only an aborted connection shows that the bundle is incomplete.
            throw new IOException("the ledger cannot be read", failure);
        }
    }

    /** Caches partial tiles only for an hour. They never change, but readers do not need them when the tile is full. */
    private static Response cached(Response.ResponseBuilder response, boolean partial) {
        return response.header(HttpHeaders.CACHE_CONTROL, partial ? "public, max-age=3600" : CACHE_FOREVER)
                .build();
    }

    private static ProblemException noSuchTile() {
        return Problem.NOT_FOUND.because("The tree of the checkpoint has no such tile");
    }
}
