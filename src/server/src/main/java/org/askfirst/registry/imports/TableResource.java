package org.askfirst.registry.imports;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.registry.http.AskerAddress;
import org.askfirst.registry.http.Parameters;
import org.askfirst.registry.http.RecordsNothing;
import org.askfirst.registry.party.Caller;
import org.askfirst.registry.party.KeyScope;
import org.askfirst.registry.party.Parties;
import org.askfirst.registry.table.Columns;
import org.askfirst.registry.table.Layout;
import org.askfirst.registry.table.Row;
import org.askfirst.registry.table.Rows;
import org.askfirst.registry.table.Table;
import org.jspecify.annotations.Nullable;

/** Reads a table and returns its rows, for lists that are no works, such as lists of members. Stores nothing. */
@Path("/v1/tables")
@Produces(APPLICATION_JSON)
@Blocking
public class TableResource {
    private static final int MAX_SHEET = 1000;
    private static final int MAX_ROWS = 50_000;
    private static final long MAX_CHARACTERS = 4L << 20;

    private final Parties parties;
    private final Imports imports;

    TableResource(Parties parties, Imports imports) {
        this.parties = parties;
        this.imports = imports;
    }

    /** {@code TableRows}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TableRows(
            String format,
            @Nullable String encoding,
            @Nullable String delimiter,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> sheets,
            int sheet,
            long headerRow,
            List<String> columns,
            List<TableRow> rows) {}

    /** {@code TableRow}. */
    record TableRow(long row, List<String> cells) {}

    /** {@code readTable}. */
    @POST
    @RecordsNothing
    @Consumes({ImportResource.ANY_FILE, ImportResource.CSV, ImportResource.TSV, ImportResource.XLSX})
    public TableRows read(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("sheet") @Nullable String sheet,
            @Context RoutingContext exchange,
            InputStream body)
            throws SQLException, IOException {
        Caller caller = parties.caller(authorization, KeyScope.DECLARE);
        Integer chosen = sheet == null ? null : (int) Parameters.whole("sheet", sheet, 0, MAX_SHEET, 0);
        return imports.withCopy(
                caller,
                AskerAddress.of(exchange.request().remoteAddress()),
                body,
                file -> rows(Table.of(file, null, null, chosen, null)));
    }

    private static TableRows rows(Table table) throws IOException {
        List<TableRow> all = new ArrayList<>();
        long characters = 0;
        try (Rows rows = table.rows()) {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                if (row.skip() != null) {
                    continue;
                }
                characters += row.length();
                if (all.size() >= MAX_ROWS || characters > MAX_CHARACTERS) {
                    throw Problem.TOO_LARGE.because("A table that is read at once may have at most " + MAX_ROWS
                            + " rows and " + MAX_CHARACTERS + " characters; divide it");
                }
                all.add(new TableRow(row.number(), row.cells()));
            }
        }
        Layout layout = table.layout();
        return new TableRows(
                layout.format().wireName(),
                layout.encoding(),
                layout.delimiter(),
                layout.sheets(),
                layout.sheet(),
                layout.headerRow(),
                table.columns().stream().map(Columns.Column::name).toList(),
                all);
    }
}
