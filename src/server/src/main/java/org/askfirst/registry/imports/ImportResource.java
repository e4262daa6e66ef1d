package org.askfirst.registry.imports;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Body;
import org.askfirst.registry.http.FormFile;
import org.askfirst.registry.http.Lines;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.jspecify.annotations.Nullable;

/** Endpoints of imports, which are files of many works. */
@Path("/v1/imports")
@Produces(APPLICATION_JSON)
@Blocking
public class ImportResource {
    static final String ANY_FILE = "application/octet-stream";
    static final String CSV = "text/csv";
    static final String TSV = "text/tab-separated-values";
    static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final int PLAN_LIMIT = 1 << 20;

    private final Parties parties;
    private final Imports imports;
    private final ImportStore store;
    private final ObjectMapper json;

    ImportResource(Parties parties, Imports imports, ImportStore store, ObjectMapper json) {
        this.parties = parties;
        this.imports = imports;
        this.store = store;
        this.json = json;
    }

    private static String address(RoutingContext exchange) {
        return AskerAddress.of(exchange.request().remoteAddress());
    }

    /** {@code ImportList}. */
    record ImportList(List<ImportView> imports) {}

    /** {@code createImport}. */
    @POST
    @Consumes({ANY_FILE, CSV, TSV, XLSX})
    public Response create(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("name") @Nullable String name,
            @QueryParam("size") @Nullable String size,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException, IOException {
        Long total = size == null ? null : Parameters.whole("size", size, 1, Imports.MAX_SIZE, 0);
        ImportView view =
                imports.receive(parties.caller(authorization, KeyScope.DECLARE), address(exchange), name, total, body);
        return Response.created(URI.create("/v1/imports/" + view.id()))
                .entity(view)
                .build();
    }

    /** {@code createImportFromForm}. */
    @POST
    @Path("/form")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response createFromForm(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String type,
            @QueryParam("name") @Nullable String name,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException, IOException {
        Caller caller = parties.caller(authorization, KeyScope.DECLARE);
        FormFile file = FormFile.in(body, type);
        ImportView view = imports.receive(caller, address(exchange), name == null ? file.name() : name, null, file);
        return Response.created(URI.create("/v1/imports/" + view.id()))
                .entity(view)
                .build();
    }

    /** {@code listImports}. */
    @GET
    public ImportList list(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) throws SQLException {
        return new ImportList(imports.list(parties.caller(authorization, KeyScope.READ)));
    }

    /** {@code getImport}. */
    @GET
    @Path("/{id}")
    public ImportView get(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        return imports.get(parties.caller(authorization, KeyScope.READ), id);
    }

    /** {@code appendToImport}. */
    @PATCH
    @Path("/{id}")
    @Consumes(ANY_FILE)
    public ImportView append(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @QueryParam("offset") @Nullable String offset,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException, IOException {
        long from = Parameters.whole("offset", offset, 0, Imports.MAX_SIZE, 0);
        return imports.receiveMore(parties.caller(authorization, KeyScope.DECLARE), address(exchange), id, from, body);
    }

    /** {@code planImport}. */
    @PUT
    @Path("/{id}/plan")
    @Consumes(APPLICATION_JSON)
    public ImportView plan(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            InputStream body)
            throws SQLException, IOException {
        return imports.plan(parties.caller(authorization, KeyScope.DECLARE), id, Body.json(body, PLAN_LIMIT));
    }

    /** {@code startImport}. */
    @POST
    @Path("/{id}/start")
    public Response start(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            @Context RoutingContext exchange)
            throws SQLException {
        return Response.accepted(imports.start(parties.caller(authorization, KeyScope.DECLARE), address(exchange), id))
                .build();
    }

    /** {@code cancelImport}. */
    @POST
    @Path("/{id}/cancel")
    public ImportView cancel(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        return imports.cancel(parties.caller(authorization, KeyScope.DECLARE), id);
    }

    /** {@code deleteImport}. */
    @DELETE
    @Path("/{id}")
    public Response delete(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        imports.delete(parties.caller(authorization, KeyScope.DECLARE), id);
        return Response.noContent().build();
    }

    /** {@code getImportReport}, one row on each line. */
    @GET
    @Path("/{id}/report")
    @Produces(Lines.MEDIA_TYPE)
    public Response report(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        ImportStore.Import job = imports.find(parties.caller(authorization, KeyScope.READ), id);
        StreamingOutput lines = out -> copy(job, part -> part.transferTo(out));
        return Response.ok(lines).build();
    }

    /** {@code getImportReport}, as a table. */
    @GET
    @Path("/{id}/report")
    @Produces(CSV)
    public Response reportTable(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws SQLException {
        ImportStore.Import job = imports.find(parties.caller(authorization, KeyScope.READ), id);
        StreamingOutput table = out -> writeTable(job, out);
        return Response.ok(table).build();
    }

    private void copy(ImportStore.Import job, ImportStore.LinesSink sink) throws IOException {
        try {
            store.report(job.id(), sink);
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
    }

    /** Writes the report as CSV. Without the byte order mark, spreadsheets would assume the country's old encoding. */
    private void writeTable(ImportStore.Import job, OutputStream out) throws IOException {
        Writer table = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        table.write("\uFEFFrow,result,declaration,position,problem,detail,cells,memberNumber,repaired\r\n");
        copy(job, part -> {
            try (MappingIterator<JsonNode> lines =
                    json.readerFor(JsonNode.class).readValues(part)) {
                while (lines.hasNext()) {
                    table.write(tableRow(lines.next()));
                }
            }
        });
        table.flush();
    }

    private static String tableRow(JsonNode line) {
        JsonNode problem = line.has("problem")
                ? line.get("problem")
                : line.path("notes").path(0).path("problem");
        String result = "declared";
        if (line.has("problem")) {
            result = "refused";
        } else if (line.has("alreadyDeclared")) {
            result = "declared before";
        } else if (line.has("notes")) {
            result = "declared with a note";
        } else if (line.has("skipped")) {
            result = "skipped: " + line.path("skipped").asText();
        }
        String type = problem.path("type").asText("");
        StringBuilder cells = new StringBuilder();
        line.path("cells")
                .forEach(cell -> cells.append(cells.isEmpty() ? "" : " | ").append(cell.asText()));
        StringBuilder repairs = new StringBuilder();
        line.path("repairs")
                .forEach(repair -> repairs.append(repairs.isEmpty() ? "" : " | ")
                        .append(repair.path("text").asText())
                        .append(" → ")
                        .append(repair.path("subject").asText()));
        return String.join(
                        ",",
                        line.path("row").asText(),
                        result,
                        line.path("id").asText(""),
                        line.path("position").asText(""),
                        type.substring(type.lastIndexOf('/') + 1),
                        quoted(problem.path("detail").asText("")),
                        quoted(cells.toString()),
                        quoted(line.path("memberNumber").asText("")),
                        quoted(repairs.toString()))
                + "\r\n";
    }

    /** Returns the text in quotation marks, changed if a spreadsheet would treat it as a formula. */
    private static String quoted(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.isEmpty() ? "" : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
