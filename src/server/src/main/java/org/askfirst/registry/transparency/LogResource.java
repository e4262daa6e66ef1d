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
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.registry.ledger.LedgerEntry;
import org.askfirst.registry.ledger.LedgerStore;
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

    private final LogStore store;
    private final LogKeys keys;
    private final LedgerStore ledger;

    LogResource(LogStore store, LogKeys keys, LedgerStore ledger) {
        this.store = store;
        this.keys = keys;
        this.ledger = ledger;
    }

    /** {@code getCheckpoint}. */
    @GET
    @Path("/checkpoint")
    @Produces(TEXT)
    public Response checkpoint() throws SQLException {
        return Response.ok(store.signed().orElseThrow().checkpoint())
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
        return bytes(tile.bytes(store), tile.isPartial());
    }

    private Response bundle(EntryBundle bundle, long size) throws SQLException {
        if (bundle.end() > size) {
            throw noSuchTile();
        }
        List<byte[]> entries = ledger.after(bundle.start(), (int) (bundle.end() - bundle.start())).stream()
                .map(LedgerEntry::canonical)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        return bytes(bundle.bytes(entries), bundle.isPartial());
    }

    /** Caches partial tiles only for an hour. They never change, but readers do not need them when the tile is full. */
    private static Response bytes(byte[] bytes, boolean partial) {
        return Response.ok(bytes)
                .header(HttpHeaders.CACHE_CONTROL, partial ? "public, max-age=3600" : CACHE_FOREVER)
                .build();
    }

    private static ProblemException noSuchTile() {
        return Problem.NOT_FOUND.because("The tree of the checkpoint has no such tile");
    }
}
