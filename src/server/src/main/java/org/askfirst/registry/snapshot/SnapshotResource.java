package org.askfirst.registry.snapshot;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static jakarta.ws.rs.core.MediaType.APPLICATION_OCTET_STREAM;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.catalog.Catalog;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.jboss.resteasy.reactive.PathPart;
import org.jspecify.annotations.Nullable;

/** Serves the files of the snapshot, with ranges. */
@Path("/snapshot")
@Blocking
public class SnapshotResource {
    private static final String CACHE_FOREVER = "public, max-age=31536000, immutable";
    private static final String CACHE_SHORTLY = "public, max-age=10";
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final int PARTIAL = 206;

    private final SnapshotConfig config;

    SnapshotResource(SnapshotConfig config) {
        this.config = config;
    }

    /** {@code getSnapshotCatalog}. */
    @GET
    @Path("/" + Catalog.FILE)
    @Produces(APPLICATION_JSON)
    public Response catalog() throws IOException {
        if (!config.publish()) {
            throw notHere();
        }
        try {
            return Response.ok(Files.readString(config.folder().resolve(Catalog.FILE)))
                    .header(HttpHeaders.CACHE_CONTROL, CACHE_SHORTLY)
                    .build();
        } catch (NoSuchFileException notYet) {
            throw Problem.UNAVAILABLE.because("The snapshot is being written; try again in a moment");
        }
    }

    /** {@code getSnapshotRelease}. */
    @GET
    @Path("/releases/{name: [0-9]{12}\\.(segment|filter)}")
    @Produces(APPLICATION_OCTET_STREAM)
    public Response release(@PathParam("name") String name, @HeaderParam("Range") @Nullable String range)
            throws IOException {
        return file("releases/" + name, range);
    }

    /** {@code getSnapshotDelta}. */
    @GET
    @Path("/deltas/{name: [0-9]{12}-[0-9]{12}\\.(segment|filter)}")
    @Produces(APPLICATION_OCTET_STREAM)
    public Response delta(@PathParam("name") String name, @HeaderParam("Range") @Nullable String range)
            throws IOException {
        return file("deltas/" + name, range);
    }

    /** Returns the file, or the asked part. A range of another form, or outside the file, is ignored: RFC 9110 allows
     * that, and the catalogue gives the length. */
    private Response file(String path, @Nullable String range) throws IOException {
        java.nio.file.Path file = config.folder().resolve(path);
        if (!config.publish() || !Files.isRegularFile(file)) {
            throw notHere();
        }
        long length = Files.size(file);
        Matcher asked = RANGE.matcher(range == null ? "" : range);
        if (!asked.matches() || (asked.group(1).isEmpty() && asked.group(2).isEmpty())) {
            return answer(Response.ok(new PathPart(file, 0, length)), file);
        }
        boolean isSuffix = asked.group(1).isEmpty();
        long from = isSuffix ? Math.max(0, length - Long.parseLong(asked.group(2))) : Long.parseLong(asked.group(1));
        long to = isSuffix || asked.group(2).isEmpty()
                ? length - 1
                : Math.min(length - 1, Long.parseLong(asked.group(2)));
        if (from > to) {
            return answer(Response.ok(new PathPart(file, 0, length)), file);
        }
        return answer(
                Response.status(PARTIAL)
                        .entity(new PathPart(file, from, to - from + 1))
                        .header("Content-Range", "bytes " + from + "-" + to + "/" + length),
                file);
    }

    private static Response answer(Response.ResponseBuilder answer, java.nio.file.Path file) throws IOException {
        return answer.header(HttpHeaders.CACHE_CONTROL, CACHE_FOREVER)
                .header("Accept-Ranges", "bytes")
                .header(
                        HttpHeaders.ETAG,
                        "\"" + file.getFileName() + "-"
                                + Files.getLastModifiedTime(file).toMillis() + "\"")
                .build();
    }

    private static ProblemException notHere() {
        return Problem.NOT_FOUND.because("The snapshot has no such file; its catalogue lists those that it has");
    }
}
